/*
 * symbols_read: what an element declares, as symbols keep it; for symbols.c.
 */
#ifndef XPP_SYMBOLS_READ_H
#define XPP_SYMBOLS_READ_H
#include "xpp/symbols.h"

typedef VEC(struct member) members;
typedef VEC(struct delete_action) delete_actions;

/* Fills everything of a symbol but its kind, origin and list of members, which is appended to `ret_members`. Texts are
 * copied into the arena. */
void symbols_read(const struct xpo_element *e, struct arena *a, struct symbol *ret, members *ret_members,
                  delete_actions *ret_actions);

#endif
