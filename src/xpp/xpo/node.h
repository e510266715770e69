/*
 * node: one element of an XPO export as a tree, exactly as it stands in the file.
 *
 * The tree knows blocks and lines, not what they mean: keywords, names, properties in the order of the file, and the
 * raw lines of sources and payloads. All text is borrowed from the file (which the reader keeps mapped) or from the
 * arena of the element; nodes live in that arena. Nothing of the file is left out, so that whoever carries an element
 * over can tell what he did not carry. Pure data; read only after it was made; any thread.
 */
#ifndef XPP_XPO_NODE_H
#define XPP_XPO_NODE_H
#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/vec.h"
#include <ctype.h>

/* `Name  #value`. A property with ARRAY lines has its values in `items` and an empty `value`; what stands behind ARRAY
 * ("INDEX Columns") is in `array`. */
struct xpo_prop {
    struct str name, value, array;
    struct str *items;
    uint32_t n_items;
    uint32_t line; /* in the file, from 1 */
};

/*
 * A block (`TABLE #x ... ENDTABLE`), an item without an end of its own (`FIELD #x` and what follows, `#Entry` of an
 * enum, an index, a delete action) or a line (`JOINS` pairs, `Type: 1`, `#FieldName` of a group).
 *
 *   keyword  as written ("TABLE", "CONTROL", "FIELD"); empty for a bare `#name` line
 *   word     a second word without `#` ("GROUP" of `CONTROL GROUP`, "EndDate" of `DATAFIELD EndDate`, "1" of
 *            `EnforceFKRelation 1`), or the type line of a field or an extended data type ("STRING", "ENUM")
 *   name     what follows `#`
 *   text     of a block with raw lines (SOURCE, RDL, BINARY, CROSSREFERENCES, MOXL): all of its lines as they stand in
 *            the file, line ends and leading blanks included; empty otherwise
 *
 * PROPERTIES is no node of its own: its lines are the `props` of the node around it.
 */
struct xpo_node {
    struct str keyword, word, name, text;
    struct xpo_prop *props;
    uint32_t n_props, room; /* the reader's: how many `props` has room for */
    uint32_t line;          /* of its first line, from 1 */
    uint32_t text_line;     /* of the first line of `text` */
    struct xpo_node *parent, *first, *last, *next;
};

/* One element of an export: the code of `***Element: CODE`, or the code that its block stands for when the header is
 * missing. */
struct xpo_element {
    struct str code;    /* "CLS", "DBT", ...; "" when nobody knows it */
    struct str version; /* the words of the version line, "TABLEVERSION 1"; empty when there is none */
    struct str comment; /* the lines with `;` before it, as they stand in the file; empty when there are none */
    struct str name;    /* of the element */
    struct xpo_node
        *root; /* its block; several roots are chained by `next` (jobs: SOURCE, then the properties are root->props) */
    uint32_t line;
};

/* Whether two names are one for AX: without regard to case. */
bool xpo_same_name(struct str a, struct str b);

/* What names are made of: letters of any alphabet, digits, `_`. */
static inline bool xpo_is_name_char(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* The value of a property, compared without case; an empty view with p == NULL when it is not there. */
struct str xpo_value(const struct xpo_node *n, const char *name);
const struct xpo_prop *xpo_prop_find(const struct xpo_node *n, const char *name);

/* The same of a property that may have a value for every element of an array: the first one, which is the field's own.
 */
struct str xpo_first_value(const struct xpo_node *n, const char *name);

/* The first child with this keyword (without case; "Type" finds `Type:`, too), or NULL; the next sibling with the same
 * keyword as `n`. */
struct xpo_node *xpo_child(const struct xpo_node *n, const char *keyword);
struct xpo_node *xpo_same(const struct xpo_node *n);

/*
 * The text of a SOURCE (or another raw block) as its author wrote it: leading blanks and one `#` are taken off every
 * line, line ends become "\n", and the last one is not there. Belongs to the arena. xpo_source_put() is the way back:
 * every line with `indent` blanks and `#`, none for a source with p == NULL.
 */
struct str xpo_source(const struct xpo_node *n, struct arena *a);
void xpo_source_put(struct buf *b, struct str source, unsigned indent);

#endif
