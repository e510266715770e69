/*
 * rollout: stores move from N-1 to N one by one: what keeps a store from it, the move, the way back, and who is where.
 *
 * A store moves by changing its channel database group for one whose stores run version N: from then on its chains are
 * those of N, which begin with full packages in the new shape. Nothing of the old chains is taken away, so the way back
 * is the same move, with full packages in the old shape. What the store itself reports (shifts that are open,
 * transactions that are suspended, packages that wait to be sent) and what headquarters sees both have to say that
 * nothing is under way. Every move is in the audit.
 */
#ifndef N1_ROLLOUT_H
#define N1_ROLLOUT_H
#include "n1/devices.h"
#include <stdint.h>

#define ROLLOUT_FACTS_MAX 20

/* What keeps a store from moving, in words. */
struct rollout_blockers {
    const char **p;
    size_t n;
};

/* Makes the tables; see jobs_take(). */
bool rollout_prepare(struct pg *target, struct err *err) MUST_CHECK;

/* Keeps what a store says of itself: names with numbers, as a JSON object of the server's making. */
bool rollout_report(struct pg *target, const char *store, const char *facts, struct err *err) MUST_CHECK;

/* Everything that keeps the store from moving now; `fresh_s`: how old its report may be. Fails with ERR_STORE_UNKNOWN.
 */
bool rollout_blockers(struct pg *target, const char *store, int64_t fresh_s, struct arena *a,
                      struct rollout_blockers *ret, struct err *err) MUST_CHECK;

struct rollout_move {
    const char *who; /* stands in the audit */
    const char *store, *group;
    const struct devices *devices;
};

/* Moves a store into a group, made when it is new, whose stores run version N, unless something keeps it: then `ret`
 * has the blockers and nothing has changed. Its devices are deactivated. One transaction. Fails with ERR_GUARD when the
 * group's stores run the other version, or the store runs that version already. */
bool rollout_promote(struct pg *target, const struct rollout_move *m, int64_t fresh_s, struct arena *a,
                     struct rollout_blockers *ret, struct err *err) MUST_CHECK;

/* The way back, whatever is under way; its devices are what they were. Fails like rollout_promote(). */
bool rollout_return(struct pg *target, const struct rollout_move *m, struct err *err) MUST_CHECK;

/* The group that the store was in before its last move, in the arena. Fails with ERR_GUARD when it has not moved. */
bool rollout_came_from(struct pg *target, const char *store, struct arena *a, char **ret, struct err *err) MUST_CHECK;

/* The stores that run version N by now, "a, b"; NULL when there is none. */
bool rollout_promoted(struct pg *target, struct arena *a, char **ret, struct err *err) MUST_CHECK;

/* The fleet board: every store, where it is, how far behind, and what keeps it from moving. */
bool rollout_put_fleet(struct pg *target, int64_t fresh_s, bool json, struct buf *b, struct err *err) MUST_CHECK;

#endif
