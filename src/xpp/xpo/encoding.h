/*
 * encoding: a file of foreign encoding as UTF-8 in memory that is not ours.
 *
 * What is UTF-8 already is mapped as it is. Anything else is converted piece by piece into an unnamed temporary file,
 * which is mapped then, so that memory does not grow with the file; so are lines that end with `\r` alone. Bytes
 * without a meaning become U+FFFD and are counted. The text lives until encoding_done().
 */
#ifndef XPP_XPO_ENCODING_H
#define XPP_XPO_ENCODING_H
#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"

struct encoded {
    struct str text; /* UTF-8 without a mark */
    char name[32];   /* what the file was written in: "UTF-8", "UTF-8 with mark", "UTF-16LE", "CP1252" */
    size_t n_bad;    /* bytes (of UTF-16: pairs) that had no meaning and are U+FFFD in the text */
    size_t bad_off;  /* where the first of them stands in the text */
    void *map;
    size_t n_map;
};

/* Opens a file. Its mark says what it is written in; without one it is UTF-16 when every other byte of its beginning is
 * zero, UTF-8 when all of it is, else `codepage` (a name that iconv knows; NULL when nobody knows). Fails with
 * ERR_FILE, or with ERR_XPO_ENCODING when the code page is unknown or too many bytes have no meaning in it. */
bool encoding_open(const char *path, const char *codepage, struct encoded *ret, struct err *err) MUST_CHECK;
void encoding_done(struct encoded *e);

/* The line of the first byte that had no meaning. */
uint32_t encoding_bad_line(const struct encoded *e);

#endif
