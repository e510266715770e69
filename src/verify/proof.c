#include "verify/proof.h"
#include "verify/narrow.h"

#define RANGE_PAGES 16384 /* 128 MB of heap */
#define RANGES_MAX 256

/* A range of one side of a comparison. */
struct scan {
    struct comparison *comparison;
    enum twin_at at;
    struct twin_range range;
};

bool proof_wants(const struct proof *p, const char *name)
{
    if (!p->opts->tables)
        return true;
    for (const char *const *pattern = p->opts->tables; *pattern; pattern++)
        if (str_glob(*pattern, name))
            return true;
    return false;
}

static bool run_scan(void *ctx, const struct work_hands *hands, struct err *err)
{
    struct scan *s = ctx;
    bool at_source = twin_side(&s->comparison->twin, s->at)->at_source;
    return digest_scan(s->comparison->digest, s->at, &s->range, at_source ? hands->source : hands->target, err);
}

static void add_scan(struct proof *p, struct comparison *c, enum twin_at at, int64_t from, int64_t to, int64_t weight)
{
    struct scan *s = arena_new_one(p->arena, struct scan);
    *s = (struct scan){c, at, {from, to}};
    work_add(&p->work, run_scan, s, weight, c->check);
}

static void add_scans(struct proof *p, struct comparison *c, enum twin_at at)
{
    int64_t pages = twin_side(&c->twin, at)->pages;
    int64_t n = MIN(pages / RANGE_PAGES + 1, RANGES_MAX), step = pages / n + 1;
    for (int64_t i = 0; i < n; i++)
        add_scan(p, c, at, i * step, i + 1 < n ? (i + 1) * step : 0, c->twin.rows / n);
}

void proof_compare(struct proof *p, const struct twin *twin, struct report_check *check)
{
    struct comparison *c = arena_new_one(p->arena, struct comparison);
    c->proof = p;
    c->twin = *twin;
    c->check = check;
    c->digest = digest_new(&c->twin);
    add_scans(p, c, TWIN_LEFT);
    add_scans(p, c, TWIN_RIGHT);
    *vec_push(&p->comparisons) = c;
}

void proof_judge(struct report_check *check)
{
    check->outcome = check->differences ? OUTCOME_FAIL : check->in_flight ? OUTCOME_IN_FLIGHT : OUTCOME_PASS;
}

static bool look_closer(void *ctx, const struct work_hands *hands, struct err *err)
{
    struct comparison *c = ctx;
    struct narrow n = {.report = c->proof->report,
                       .check = c->check,
                       .twin = &c->twin,
                       .left = c->twin.left.at_source ? hands->source : hands->target,
                       .right = hands->target,
                       .most_rows = c->proof->opts->evidence};
    return narrow_buckets(&n, c->digest, err);
}

/* Sums that differ are a difference even where no row could be named. */
static void settle(struct comparison *c)
{
    c->check->expected_rows = digest_rows(c->digest, TWIN_LEFT);
    c->check->found_rows = digest_rows(c->digest, TWIN_RIGHT);
    if (!digest_equal(c->digest))
        c->check->differences = MAX(c->check->differences, 1);
    proof_judge(c->check);
}

bool proof_settle(struct proof *p, struct err *err)
{
    vec_each (&p->comparisons, c)
        if (!digest_equal((*c)->digest))
            work_add(&p->work, look_closer, *c, (*c)->twin.rows, (*c)->check);
    if (!work_run(&p->work, p->moment, p->report, "verify: finding the rows", err))
        return false;
    vec_each (&p->comparisons, c)
        settle(*c);
    return true;
}

bool proof_exists(struct proof *p, const char *relation, bool *ret, struct err *err)
{
    int64_t n = 0;
    if (!pg_value_i64(p->target, "select (to_regclass($1) is not null)::int", PG_ARGS(relation), &n, err))
        return false;
    *ret = n == 1;
    return true;
}

void proof_done(struct proof *p)
{
    vec_each (&p->comparisons, c)
        digest_free((*c)->digest);
    vec_done(&p->comparisons);
    work_done(&p->work);
    moment_free(p->moment);
    source_free(p->source);
    pg_free(p->target);
    arena_free(p->arena);
}
