/*
 * verify: the proof that the target holds what the source holds, in both versions.
 *
 * A full proof compares every row of the replica with the source, every row of version N with a fresh evaluation of its
 * lens, runs all laws on both versions and takes every row of the way back through both lenses; all at one exact
 * position, while replication goes on. A proof since the last one compares only what changed since the last green proof
 * (replication and the upgrade log the keys they touch), so its cost grows with the changes. What was found is a
 * report; a proof that finds differences is a success of this module, and report_outcome() says what it found. Every
 * proof of everything leaves a row in carryover.verification of the target.
 */
#ifndef VERIFY_VERIFY_H
#define VERIFY_VERIFY_H
#include "conf/package.h"
#include "source/source.h"
#include "verify/report.h"

enum verify_part {
    VERIFY_COUNTS = 1,  /* rows are only counted, not read */
    VERIFY_DIGESTS = 2, /* replica against source */
    VERIFY_LENSES = 4,  /* version N against its lenses */
    VERIFY_LAWS = 8,
    VERIFY_ROUNDTRIP = 16,
    VERIFY_ALL = VERIFY_DIGESTS | VERIFY_LENSES | VERIFY_LAWS | VERIFY_ROUNDTRIP,
};

struct verify_opts {
    struct source_opts source;
    const char *target_uri;
    const struct package *package;
    const char *const *read_by_lenses; /* tables of the source that the up lenses read, NULL-terminated; NULL: unknown,
                                          and then nobody looks whether every table is carried */
    unsigned parts;                    /* enum verify_part, or'ed */
    const char *const *tables;         /* patterns of table and lens names (and law ids), NULL-terminated; NULL: all */
    bool since_last;                   /* only what changed since the last green proof; ignores `parts` */
    bool keyless_copied; /* the source is silent and its tables without key were copied since: compare them too */
    bool laws_on_source; /* the laws' first side is the source itself, not the replica */
    const struct source_snapshot
        *at; /* replication is kept at this one by the caller; NULL: it is asked to stand still */
    int workers;
    int evidence;          /* most rows shown for each check */
    int law_timeout_ms;    /* 0: none */
    int hold_timeout_ms;   /* most that replication may take to reach the common position */
    int settle_timeout_ms; /* most that it is held so that the upgrade catches up with it */
};

/* The last proof of everything that found no difference. */
struct verify_green {
    bool exists;
    char id[64];
    bool is_full;        /* else since the one before it */
    uint64_t position;   /* of the source */
    int64_t finished_us; /* wall clock */
    int64_t age_ms;
    char laws_id[64]; /* the last proof in which the laws held; "" when there is none */
};

/* Defaults for everything that is not about places. */
void verify_defaults(struct verify_opts *o);

/* Makes the proof. Fails with ERR_TARGET_STATE when there is nothing to prove yet, or no proof to go on from; the
 * report belongs to the caller. */
bool verify_run(const struct verify_opts *o, struct report **ret, struct err *err) MUST_CHECK;

bool verify_last_green(struct pg *target, struct verify_green *ret, struct err *err) MUST_CHECK;

/* Stores a report as verify-<id>.json and .html in a folder (made when it is missing); gives the path of the HTML. */
bool verify_store(const struct report *r, const char *dir, struct arena *a, char **ret_path,
                  struct err *err) MUST_CHECK;

#endif
