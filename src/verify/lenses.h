/*
 * lenses: the tables of version N against a fresh evaluation of their lenses, in one snapshot of the target.
 *
 * Keys that are in a lens' dirty log in that snapshot are on their way: they are left out, counted, and reported as in
 * flight. The upgrade's own tables are only read here: carryover.lens, carryover."dirty_<lens>", the views of
 * carryover_up.
 */
#ifndef VERIFY_LENSES_H
#define VERIFY_LENSES_H
#include "verify/proof.h"

/* One up lens of the package, as far as it is installed. */
struct lens_state {
    const char *name;
    bool loaded;      /* its table is whole */
    const char *why;  /* it is not */
    const char *view, *table, *dirty; /* quoted; dirty NULL: there is no log */
    const char **key; /* from its header */
    size_t n_key;
};

/* What is known of a lens; reads on the ordinary connection. */
bool lenses_state(struct proof *p, const struct package_file *f, struct lens_state *ret, struct err *err) MUST_CHECK;

/* Makes the pair of a lens: left the view, right the table. */
bool lenses_pair(struct proof *p, const struct lens_state *l, struct pair *ret, struct err *err) MUST_CHECK;

/* Distinct dirty keys of a lens as the moment sees them, or as they are now. */
bool lenses_dirty(struct pg *target, const struct lens_state *l, int64_t *ret, struct err *err) MUST_CHECK;

/* Plans the comparison of all lenses that are wanted. The moment must be open. */
bool lenses_plan(struct proof *p, struct err *err) MUST_CHECK;

/* Plans one; `check` is made. */
bool lenses_plan_one(struct proof *p, const struct lens_state *l, struct err *err) MUST_CHECK;

/* True when every up lens of the package is loaded. `ret_why` names the first that is not. */
bool lenses_all_loaded(struct proof *p, bool *ret, const char **ret_why, struct err *err) MUST_CHECK;

/* True when no lens has a dirty key: asked while replication is held. `ctx` is the proof. */
bool lenses_settled(void *ctx, struct pg *target, bool *ret, struct err *err) MUST_CHECK;

/* Dirty keys of all lenses in the moment, into p->dirty. */
bool lenses_count_dirty(struct proof *p, struct err *err) MUST_CHECK;

/* Cuts a header's `key: a, b` into names. */
const char **lenses_key(struct arena *a, const char *list, size_t *ret_n);

#endif
