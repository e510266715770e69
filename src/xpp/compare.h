/*
 * compare: a method of ours against the standard one it changed.
 *
 * D365 lets nobody change a standard method; a class extension may wrap it (chain of command): the wrapper has the same
 * signature and calls `next` exactly once, unconditionally. So a change can be carried over when everything that was
 * added stands before or after the whole of the standard code, or right before its last return. Everything else is a
 * conflict, with the reason, for a person. Statements are compared by their tokens: layout, comments and the case of
 * names do not matter. Source: the rules for wrapping in the D365 language reference.
 */
#ifndef XPP_COMPARE_H
#define XPP_COMPARE_H
#include "base/arena.h"
#include "xpp/lang/tree.h"

enum compare_outcome {
    COMPARE_SAME,
    COMPARE_WRAP,     /* `text` is the method with `next` */
    COMPARE_CONFLICT, /* `reason` says why it cannot be wrapped */
};

struct comparison {
    enum compare_outcome outcome;
    const char *reason; /* a literal */
    struct str text;    /* in the arena */
};

/* Compares two sources that hold one method each. */
void compare_methods(const struct syntax *ours, const struct syntax *standard, struct arena *a, struct comparison *ret);

/* A method that the standard element does not have, but what it extends may: COMPARE_SAME when it does not call
 * super(), COMPARE_WRAP with `next` in the place of super() when that is called once and always, else a conflict. */
void compare_override(const struct syntax *ours, struct arena *a, struct comparison *ret);

/* True when two nodes are the same tokens. */
bool compare_nodes(const struct syntax *a, uint32_t node_a, const struct syntax *b, uint32_t node_b);

#endif
