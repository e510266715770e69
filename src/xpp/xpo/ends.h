/*
 * ends: whether a keyword that nobody knows is a block: whether its END is still to come.
 *
 * Made for the rest of one element when the first such keyword is met; most elements never need it.
 */
#ifndef XPP_XPO_ENDS_H
#define XPP_XPO_ENDS_H
#include "base/arena.h"
#include "base/map.h"
#include "xpp/xpo/line.h"

/* Where the lines `END...` of a text stand, by their first word; keys and places belong to the arena. */
struct map *ends_find(struct lines rest, struct arena *a);

/* The first place behind `at` of a line that begins with `word`, and how many there are behind it; NULL for none. */
const char *ends_next(const struct map *ends, struct str word, const char *at, size_t *ret_left);

#endif
