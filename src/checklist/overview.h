/*
 * overview: the checklist as text, JSON and HTML.
 *
 * All three say the same, grouped by the gate that the items belong to; overrides stand at the top of each.
 */
#ifndef CHECKLIST_OVERVIEW_H
#define CHECKLIST_OVERVIEW_H
#include "checklist/item_run.h"

struct overview {
    const char *package, *version;
    const char *phase; /* "pre", "post", or "" for both */
    int64_t at_us;     /* wall clock */
    struct item_entry *entries;
    size_t n;
};

/* How many are in this state; how many blocking items are open. */
size_t overview_in(const struct overview *r, enum item_state state);
size_t overview_open(const struct overview *r);

void overview_put_text(const struct overview *r, struct buf *b);
void overview_put_json(const struct overview *r, struct buf *b);
void overview_put_html(const struct overview *r, struct buf *b);

#endif
