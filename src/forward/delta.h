/*
 * delta: the methods of an element that changes a standard one, against the standard. Private to forward/.
 *
 * What the standard has not is an addition; what it has in the same words is left out; what wraps its code becomes a
 * chain of command; everything else is a conflict that shows both versions. Without a baseline nobody can tell an
 * addition from a change, and that is said.
 */
#ifndef FORWARD_DELTA_H
#define FORWARD_DELTA_H
#include "xpp/d365/write.h"

/* A source of ours and its text after the rules. */
struct delta_source {
    const struct xpo_node *source;
    struct str text;
};

struct delta {
    const struct xpo_element *element;
    const struct xpo_element *standard; /* NULL: there is no baseline of it */
    struct arena *arena;
    struct findings *findings;
    /* The rules on a source of the standard, without findings. */
    struct str (*code)(void *ctx, const struct xpo_node *source);
    void *ctx;
};

/* The methods to place, grouped by owner; in the arena. */
size_t delta_methods(const struct delta *d, const struct delta_source *sources, size_t n, struct d365_method **ret);

#endif
