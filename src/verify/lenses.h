/*
 * lenses: the tables of version N against a fresh evaluation of their lenses, in one snapshot of the target.
 *
 * Keys that are in a lens' dirty log in that snapshot are on their way: they are left out, counted, and reported as in
 * flight. What the upgrade keeps in the target (carryover.lens and the logs named there) is only read here.
 */
#ifndef VERIFY_LENSES_H
#define VERIFY_LENSES_H
#include "verify/proof.h"

/* A lens as it is installed in the target. */
struct lens_state {
    const char *name;
    const char *view, *table; /* quoted: carryover_up."x" and "hq"."x", or carryover_down."x" and "old"."x" */
    const char *dirty;        /* its log of dirty keys, quoted; NULL: it has none */
    const char *reloaded;     /* its log of reloaded keys, quoted; NULL: it has none */
    const char **key;
    size_t n_key;
    bool is_loaded; /* its table is whole */
    bool is_stale;  /* it waits for being made anew as a whole */
    const char *state, *error;
};

struct lens_states {
    struct lens_state *p;
    size_t n;
};

/* The installed lenses of a direction ("up", "down"), by name; none when the upgrade has not begun. `pg` decides what
 * is seen: the moment, or now. */
bool lenses_read(struct pg *pg, const char *direction, struct arena *a, struct lens_states *ret,
                 struct err *err) MUST_CHECK;

const struct lens_state *lenses_find(const struct lens_states *l, const char *name);

/* Makes the twin of a lens: left the view, right the table. */
bool lenses_twin(struct pg *pg, const struct lens_state *l, struct arena *a, struct twin *ret,
                 struct err *err) MUST_CHECK;

/* Distinct dirty keys of a lens. */
bool lenses_dirty(struct pg *pg, const struct lens_state *l, int64_t *ret, struct err *err) MUST_CHECK;

/* Plans the comparison of all up lenses that are wanted, in the moment. */
bool lenses_plan(struct proof *p, struct err *err) MUST_CHECK;

/* A failed check for each replicated table with rows that no lens reads and the package does not drop. */
bool lenses_plan_uncarried(struct proof *p, struct err *err) MUST_CHECK;

/* Plans one in full, with a note that says why ("" : none). */
bool lenses_plan_one(struct proof *p, const struct lens_state *l, const char *note, struct err *err) MUST_CHECK;

/* True when version N is there as a whole, so that laws can be asked of it; else `ret_why` says what is missing. */
bool lenses_all_loaded(struct proof *p, const struct lens_states *l, const char **ret_why);

/* True when no lens has anything to catch up with: asked while replication is held. `ctx` is not used. */
bool lenses_settled(void *ctx, struct pg *target, bool *ret, struct err *err) MUST_CHECK;

/* Dirty keys of all lenses in the moment. */
bool lenses_backlog(struct pg *pg, const struct lens_states *l, int64_t *ret, struct err *err) MUST_CHECK;

/* A condition on rows `t` of a lens, its table or its log: their key is dirty. */
const char *lenses_except(struct arena *a, const struct lens_state *l);

/* Notes why a lens cannot be compared now, and says so. */
bool lenses_is_out(struct proof *p, const char *name, const struct lens_state *l);

#endif
