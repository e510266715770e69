/*
 * checks: what was looked at and what was found, as plain data, with its forms for people and programs.
 *
 * Whoever checks begins a check and says what it finds; a check that says nothing is in order. Texts are copied into
 * the arena. db/checkrows.h takes findings from rows.
 */
#ifndef BASE_CHECKS_H
#define BASE_CHECKS_H
#include "base/arena.h"
#include "base/buf.h"
#include <stdint.h>

enum check_state { CHECK_OK, CHECK_SKIPPED, CHECK_WARNING, CHECK_BLOCKER };

struct check_evidence {
    const char *subject, *detail;
};

struct check {
    const char *id, *what, *fix;
    enum check_state state;
    int64_t found;                   /* how often; only the first of them are kept as evidence */
    const char *reason;              /* why it was skipped, or "" */
    struct check_evidence *evidence; /* n_evidence of them */
    size_t n_evidence;
};

struct checks; /* opaque */

struct checks *checks_new(struct arena *a);
void checks_free(struct checks *c);
DEFINE_SCOPED(checks)

size_t checks_count(const struct checks *c);
const struct check *checks_at(const struct checks *c, size_t i);

/* How many checks are in this state. */
int64_t checks_in(const struct checks *c, enum check_state state);

/* What follows belongs to this check. */
void checks_begin(struct checks *c, const char *id, const char *what, const char *fix);
void checks_skip(struct checks *c, const char *reason);
void checks_found(struct checks *c, enum check_state state, const char *subject, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

/* {"blockers": ..., "warnings": ..., "checks": [...]}, and lines for people. */
void checks_put_json(const struct checks *c, struct buf *b);
void checks_put_text(const struct checks *c, struct buf *b);

/* Of one check: `"found":2,"evidence":[{"subject":...,"detail":...}]`, and its lines. */
void check_put_evidence_json(const struct check *k, struct buf *b);
void check_put_evidence_text(const struct check *k, struct buf *b);

#endif
