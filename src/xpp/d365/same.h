/*
 * same: which names of a list are one for D365, which compares without case.
 *
 * Goes through a list once, whatever its length: an element may have thousands of methods.
 */
#ifndef XPP_D365_SAME_H
#define XPP_D365_SAME_H
#include "xpp/d365/work.h"

#define SAME_END UINT32_MAX

struct same {
    bool again;    /* an earlier one has this name */
    uint32_t next; /* the place of the next one of this name, or SAME_END */
};

/* One for each of `n` names, in their order, in the arena. An empty name is like no other. */
const struct same *same_of(struct work *w, const struct str *names, uint32_t n);

#endif
