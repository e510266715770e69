/*
 * proof: what the parts of one proof share: its wishes, its moment, its report, its jobs.
 *
 * Internal to verify/. Plans are made by the main thread before and between runs of the workers; the arena is its own.
 */
#ifndef VERIFY_PROOF_H
#define VERIFY_PROOF_H
#include "source/drift.h"
#include "verify/digest.h"
#include "verify/verify.h"
#include "verify/work.h"

/* The last green proof as the start of a proof since then. */
struct proof_base {
    bool exists;
    char id[64];
    const char *xids;              /* what the target had committed at its moment, as pg_snapshot */
    bool lenses_done;              /* every table of version N was compared */
    const char *laws_id, *laws_at; /* the last proof in which the laws held, "" when there is none */
};

struct proof {
    const struct verify_opts *opts;
    struct arena *arena;
    struct report *report;
    struct source *source;    /* NULL when it is not looked at */
    struct pg *target;        /* ordinary connection of the main thread, outside of the moment */
    struct table_list tables; /* that are replicated, and still what they were then */
    struct drifts drifts;     /* those that are not */
    struct moment *moment;
    struct work work;
    struct proof_base base;
    VEC(struct comparison *) comparisons;
    int64_t dirty;       /* lens keys that were dirty at the moment */
    bool upgrade_exists; /* version N is there */
};

/* A twin that is compared by digests, and what its check is. */
struct comparison {
    struct proof *proof;
    struct twin twin;
    struct digest *digest;
    struct report_check *check;
};

/* True when the wishes take in this table, lens or law. */
bool proof_wants(const struct proof *p, const char *name);

/* Adds a comparison of a twin (copied) and the jobs that scan both sides. */
void proof_compare(struct proof *p, const struct twin *twin, struct report_check *check);

/* After the jobs: looks closer at what differs, and settles every comparison's check. */
bool proof_settle(struct proof *p, struct err *err) MUST_CHECK;

/* Sets a check's outcome from the differences counted in it. */
void proof_judge(struct report_check *check);

/* True when a relation exists in the target ("schema"."name" quoted). */
bool proof_exists(struct proof *p, const char *relation, bool *ret, struct err *err) MUST_CHECK;

void proof_done(struct proof *p);

#endif
