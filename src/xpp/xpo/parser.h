/*
 * parser: what the files of xpo_parse() share; for nobody else.
 *
 * A stack of frames: blocks and items that are open. Items have no END: whatever is no part of them closes them. All
 * nodes live in the arena; the stack is bounded by XPO_DEPTH_MAX.
 */
#ifndef XPP_XPO_PARSER_H
#define XPP_XPO_PARSER_H
#include "base/map.h"
#include "xpp/xpo/block.h"
#include "xpp/xpo/line.h"
#include "xpp/xpo/read.h"

struct xpo_frame {
    struct xpo_node *node;
    const struct block *block; /* NULL: nobody knows the keyword */
    struct str end;            /* the word that ends it; empty for an item without keyword */
    bool item, props;          /* ends without END; had its PROPERTIES */
};

struct xpo_parser {
    struct lines in;
    struct line line; /* the one that is being read */
    struct arena *a;
    xpo_problems *problems;
    struct xpo_frame stack[XPO_DEPTH_MAX];
    size_t depth;
    struct xpo_node *first, *last; /* roots */
    struct map *ends;              /* NULL until it is needed */
    VEC(struct xpo_prop) props;    /* of the block PROPERTIES that is being read */
    VEC(struct str) items;         /* of the ARRAY that is being read */
    bool opened, refused;          /* there was a block; one too deep */
};

/* Adds a problem: at the line that is being read, or at the beginning of another one. */
void xpo_complain(struct xpo_parser *p, const char *fmt, ...) PRINTF_LIKE(2, 3);
void xpo_complain_at(struct xpo_parser *p, uint32_t line, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* The line that is being read comes again. */
void xpo_unread(struct xpo_parser *p);

/* True for a line that opens or ends a block: where it cannot stand, the END of what is being read is missing. The
 * names of properties are no words in capitals, so that they are not taken for keywords. */
bool xpo_is_structure(struct str text);

/* Reads what follows a line PROPERTIES into a node, ENDPROPERTIES included. */
void xpo_read_props(struct xpo_parser *p, struct xpo_node *n);

/* Reads the raw lines behind the line of `b` into a node, its END included. */
void xpo_read_raw(struct xpo_parser *p, struct xpo_node *n, const struct block *b);

#endif
