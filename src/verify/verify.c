#include "verify/verify.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "db/target.h"
#include "verify/history.h"
#include "verify/laws.h"
#include "verify/lenses.h"
#include "verify/replica.h"
#include "verify/report_html.h"
#include "verify/report_json.h"
#include "verify/roundtrip.h"
#include "verify/since.h"
#include "verify/touched.h"
#include <time.h>

#define SCOPED_PROOF __attribute__((cleanup(proof_done))) struct proof

void verify_defaults(struct verify_opts *o)
{
    *o = (struct verify_opts){.parts = VERIFY_ALL,
                              .workers = 2,
                              .evidence = 20,
                              .law_timeout_ms = 30 * 60 * 1000,
                              .hold_timeout_ms = 60 * 1000,
                              .settle_timeout_ms = 5000};
}

static bool is_everything(const struct verify_opts *o)
{
    return (o->parts & VERIFY_ALL) == VERIFY_ALL && !o->tables;
}

static const char *kind_of(const struct verify_opts *o)
{
    if (o->tables)
        return "partial";
    return o->since_last ? "since-last" : is_everything(o) ? "full" : "partial";
}

static bool needs_source(const struct verify_opts *o)
{
    return o->since_last || (o->parts & (VERIFY_COUNTS | VERIFY_DIGESTS)) ||
           ((o->parts & VERIFY_LAWS) && o->laws_on_source);
}

/* "20260301T221405Z-4711": sorts by time, and two at once differ. */
static void name_report(struct proof *p)
{
    struct report *r = p->report;
    r->started_us = clock_wall_us();
    time_t s = (time_t)(r->started_us / 1000000);
    struct tm t;
    char stamp[32];
    gmtime_r(&s, &t);
    strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%S", &t);
    r->id = arena_printf(r->arena, "%s.%03dZ", stamp, (int)(r->started_us / 1000 % 1000));
    r->kind = kind_of(p->opts);
    r->package = arena_dup(r->arena, p->opts->package->name);
    r->version = arena_dup(r->arena, p->opts->package->version);
}

static bool open_sides(struct proof *p, struct err *err)
{
    const struct verify_opts *o = p->opts;
    bool ours = false;
    if (!pg_open(o->target_uri, "target", &p->target, err) || !target_prepared(p->target, &ours, err))
        return false;
    if (!ours) {
        err_set(err, ERR_TARGET_STATE, "there is no replica in the target yet");
        return err_hint(err, "run `carryover replicate start` first");
    }
    return !needs_source(o) || (source_open(&o->source, &p->source, err) && replica_tables(p, err));
}

static bool find_base(struct proof *p, struct err *err)
{
    if (!p->opts->since_last)
        return true;
    if (!history_base(p, &p->base, err))
        return false;
    if (p->base.exists)
        return true;
    err_set(err, ERR_TARGET_STATE, "there is no green proof of everything to go on from");
    return err_hint(err, "run `carryover verify` once without --since-last");
}

/* The logs have to begin before the snapshot, so that what comes after it is in them. */
static bool begin_logs(struct proof *p, struct err *err)
{
    return history_prepare(p->target, err) &&
           (strcmp(p->report->kind, "partial") == 0 || touched_install(p->target, &p->tables, err));
}

static void note_moment(struct proof *p)
{
    struct report *r = p->report;
    r->live = moment_is_live(p->moment);
    r->position = moment_position(p->moment);
    r->held_us = moment_held_us(p->moment);
    if (!r->live && p->source)
        report_remark(
            r, "Replication does not run: the source was taken as it is now; nothing was written to it meanwhile.");
}

static bool plan(struct proof *p, struct err *err)
{
    unsigned parts = p->opts->parts;
    if (p->opts->since_last)
        return since_plan(p, err);
    return (!(parts & (VERIFY_COUNTS | VERIFY_DIGESTS)) || replica_plan(p, err)) &&
           (!(parts & VERIFY_LENSES) || (lenses_plan(p, err) && lenses_plan_uncarried(p, err))) &&
           (!(parts & VERIFY_LAWS) || laws_plan(p, err)) && (!(parts & VERIFY_ROUNDTRIP) || roundtrip_plan(p, err));
}

static bool prove(struct proof *p, struct err *err)
{
    const struct moment_opts at = {.target_uri = p->opts->target_uri,
                                   .source = p->source,
                                   .search_path = p->opts->source.schema,
                                   .target_path = p->opts->source.home,
                                   .at = p->opts->at,
                                   .workers = p->opts->workers,
                                   .hold_timeout_ms = p->opts->hold_timeout_ms,
                                   .settle_timeout_ms = p->opts->settle_timeout_ms,
                                   .settled = lenses_settled};
    if (!moment_open(&at, &p->moment, err))
        return false;
    note_moment(p);
    return plan(p, err) && work_run(&p->work, p->moment, p->report, "verify", err) && proof_settle(p, err);
}

static bool is_green(const struct report *r)
{
    enum outcome o = report_outcome(r);
    return strcmp(r->kind, "partial") != 0 && o != OUTCOME_FAIL && o != OUTCOME_SKIPPED;
}

/* A proof in which nothing was found to prove is no proof. */
static bool check_found(struct proof *p, struct err *err)
{
    if (p->report->checks.n)
        return true;
    return err_set(err, ERR_USAGE, "no table, lens or law has a name like that");
}

/* Before the upgrade a proof of the replica may be all there is; nobody shall take it for more. */
static void remark_what_is_missing(struct report *r)
{
    int lenses = 0, skipped = report_count(r, SECTION_LENSES, OUTCOME_SKIPPED);
    vec_each (&r->checks, c)
        lenses += (*c)->section == SECTION_LENSES;
    if (skipped && skipped == lenses)
        report_remark(r, "Only the replica is proven: version N is not loaded, so nothing is said of it.");
    else if (skipped)
        report_remark(r, "%d of %d tables of version N are not loaded, so nothing is said of them.", skipped, lenses);
}

static bool finish(struct proof *p, struct err *err)
{
    struct report *r = p->report;
    r->finished_us = clock_wall_us();
    remark_what_is_missing(r);
    if (!check_found(p, err))
        return false;
    log_info("verify.done", "proof %s: %s", r->id, outcome_name(report_outcome(r)));
    return history_store(p, err) && (!is_green(r) || touched_forget(p->target, moment_xids(p->moment), err));
}

bool verify_run(const struct verify_opts *o, struct report **ret, struct err *err)
{
    SCOPED(report) r = report_new();
    SCOPED_PROOF p = {.opts = o, .arena = arena_new(), .report = r};
    name_report(&p);
    if (!open_sides(&p, err) || !find_base(&p, err) || !begin_logs(&p, err) || !prove(&p, err) || !finish(&p, err))
        return false;
    *ret = r;
    r = NULL;
    return true;
}

bool verify_store(const struct report *r, const char *dir, struct arena *a, char **ret_path, struct err *err)
{
    SCOPED_BUF json = {0}, html = {0};
    report_json_put(&json, r);
    report_html_put(&html, r);
    *ret_path = arena_printf(a, "%s/verify-%s.html", dir, r->id);
    return file_make_dirs(dir, err) &&
           file_write(arena_printf(a, "%s/verify-%s.json", dir, r->id), buf_str(&json), err) &&
           file_write(*ret_path, buf_str(&html), err);
}
