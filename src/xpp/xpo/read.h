/*
 * read: XPO exports, element by element.
 *
 * xpo_open() maps a file, finds out how it is encoded (a byte order mark, else UTF-8 when all of it is, else the code
 * page that the caller named) and cuts it at its `***Element:` lines; whatever is not UTF-8 is converted into an
 * unnamed temporary file first, so that memory does not grow with the file. xpo_parse() makes the tree of one element;
 * it may be called for different elements of one file from several threads. Blocks are matched by keyword and END
 * keyword, never by indentation, which exporters do not keep. A broken element is told with file, line and column and
 * spoils only itself.
 *
 * Source: the layouts that exports of AX 4, 2009 and 2012 have; there is no published grammar.
 */
#ifndef XPP_XPO_READ_H
#define XPP_XPO_READ_H
#include "base/attr.h"
#include "base/err.h"
#include "xpp/xpo/node.h"

/* Blocks within blocks, at most; more are refused. Real exports stay below twenty. */
#define XPO_DEPTH_MAX 200

struct xpo_file; /* opaque */

/* A part of a file: one element, or the records of a label export. `text` is UTF-8 and borrowed from the file. */
struct xpo_part {
    struct str text;
    uint32_t line; /* of its first line */
    bool records;  /* `<Table:Record ...>` lines instead of an element */
};

/* Something that is wrong in a file: `column` counts bytes from 1. The message belongs to the arena it was made with.
 */
struct xpo_problem {
    uint32_t line, column;
    const char *message;
};

typedef VEC(struct xpo_problem) xpo_problems;

/* Opens a file. `codepage` is an iconv name for files without a mark that are not UTF-8 ("CP1252"). An empty file is
 * one without parts. Fails with ERR_FILE when it cannot be read, with ERR_XPO_ENCODING when the code page is unknown or
 * more than a few bytes have no meaning in it. */
bool xpo_open(const char *path, const char *codepage, struct xpo_file **ret_file, struct err *err) MUST_CHECK;
void xpo_free(struct xpo_file *f);

/* The same for text that is in memory already and UTF-8 (tests, fuzzers); the text must outlive the file. */
struct xpo_file *xpo_of_text(struct str text);

/* What the file was written in, for reports: "UTF-8", "UTF-8 with mark", "UTF-16LE", "CP1252". */
const char *xpo_encoding(const struct xpo_file *f);

/* How many bytes had no meaning in it, and are U+FFFD now; the line of the first. */
size_t xpo_bad_bytes(const struct xpo_file *f, uint32_t *ret_line);

size_t xpo_count(const struct xpo_file *f);
struct xpo_part xpo_part(const struct xpo_file *f, size_t i);

/* The tree of a part. False when it is broken beyond use; `problems` says what was found in any case. What can be kept
 * of a broken element is kept: a block that does not end ends with the element. */
bool xpo_parse(struct xpo_part part, struct arena *a, struct xpo_element *ret_element,
               xpo_problems *problems) MUST_CHECK;

#endif
