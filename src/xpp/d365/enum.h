/*
 * enum: the values of an enumeration, which an extension has, too.
 */
#ifndef XPP_D365_ENUM_H
#define XPP_D365_ENUM_H
#include "xpp/d365/carry.h"

/* The numbers that values have which state none: the first of them is 0, the others stand at their place. */
struct enum_numbers {
    int64_t place;
    bool zero_taken;
    bool own; /* one of them is not at its place */
};

/* One <AxEnumValue>. */
void enum_put_value(struct work *w, const struct xpo_node *value, struct enum_numbers *numbers);

#endif
