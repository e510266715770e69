#include "cmd/check_engines.h"
#include "base/term.h"
#include "checklist/space.h"
#include "cmd/analysis.h"
#include "cmd/check_files.h"
#include "cmd/job.h"
#include "cmd/n1_check.h"
#include "cmd/n1_opts.h"
#include "cmd/open.h"
#include "cmd/replication.h"
#include "cmd/smoke.h"
#include "db/checkrows.h"
#include "db/target.h"
#include "n1/check.h"
#include "n1/estate.h"
#include "n1/registry.h"
#include "n1/totals.h"

/* --- the preflight of replication --- */

static bool check_fingerprint(struct checkup *c, struct item_call *x, struct err *err)
{
    struct source_opts o;
    struct table_list tables;
    struct err why;
    SCOPED(source) s = NULL;
    if (!replication_source(c->project, c->a, &o, err) || !source_open(&o, &s, err) ||
        !source_catalog(s, c->a, &tables, err))
        return false;
    x->summary = arena_printf(x->a, "%zu tables; %s %s", tables.n, c->package->from_name, c->package->from_version);
    if (!replication_check_fingerprint(c->package, &tables, &why))
        checks_found(x->found, CHECK_BLOCKER, "source", "%s", why.message);
    return true;
}

static bool is_privilege(enum err_code code)
{
    return code == ERR_SOURCE_PRIVILEGE || code == ERR_TARGET_PRIVILEGE;
}

/* What `replicate start --dry-run` shows, of one kind. */
static bool preflight(struct checkup *c, struct item_call *x, bool privileges, struct err *err)
{
    struct replicate_opts o;
    struct table_list tables;
    struct source_problems problems;
    if (!replication_opts(c->project, c->a, &o, err) || !replicate_check(&o, c->a, &tables, &problems, err))
        return false;
    for (size_t i = 0; i < problems.n; i++)
        if (is_privilege(problems.p[i].code) == privileges)
            checks_found(x->found, CHECK_BLOCKER, err_info(problems.p[i].code)->name, "%s; mend: %s",
                         problems.p[i].what, problems.p[i].mend);
    return true;
}

static bool check_privileges(struct checkup *c, struct item_call *x, struct err *err)
{
    return preflight(c, x, true, err);
}

static bool check_replication(struct checkup *c, struct item_call *x, struct err *err)
{
    return preflight(c, x, false, err);
}

/* --- disk space --- */

/* A person is asked for all that the upgrade takes, whatever of it is taken already: it stays the same while it runs.
 */
static void tell_space(struct item_call *x, const struct space *s, const char *side, int64_t whole, int64_t needed)
{
    char need[16], room[16], rounded[16];
    term_size(needed, need);
    term_size(s->free, room);
    term_size(space_round(whole), rounded);
    if (!s->is_known) {
        x->question =
            arena_printf(x->a, "is there room for %s where the server of the %s keeps its data?", rounded, side);
        x->rests = arena_dup(x->a, rounded);
        return;
    }
    x->summary = arena_printf(x->a, "%s needed, %s free at %s", need, room, s->dir);
    if (s->free < needed)
        checks_found(x->found, CHECK_BLOCKER, s->dir, "%s are needed and %s are free", need, room);
}

/* `SIDE PERCENT`: of the source's size; the target has part of it already, as it fills. */
static bool check_space(struct checkup *c, struct item_call *x, struct err *err)
{
    struct pg *source = NULL, *side = NULL;
    struct space size, room;
    struct str rest = str_of(x->item->argument);
    struct str name = str_split(&rest, ' ');
    int64_t percent = 0;
    bool on_source = str_is(name, "source");
    if ((!on_source && !str_is(name, "target")) || !str_to_i64(str_trim(rest), &percent) || percent < 1)
        return err_set(err, ERR_PACKAGE,
                       "disk-space: the argument is source or target, and a percentage of the source");
    if (!c->run.connect(c, true, &source, err) || !c->run.connect(c, on_source, &side, err) ||
        !space_read(source, c->a, &size, err) || !space_read(side, c->a, &room, err))
        return false;
    int64_t whole = size.used / 100 * percent;
    tell_space(x, &room, arena_dup_str(x->a, name), whole, MAX(whole - (on_source ? 0 : room.used), 0));
    return true;
}

/* --- rules and checks that the package has anyway --- */

/* With an argument the rules with such an id, whatever their severity; without one all blockers. */
static bool check_analysis(struct checkup *c, struct item_call *x, struct err *err)
{
    struct analysis r;
    const char *rule = x->item->argument[0] ? x->item->argument : NULL;
    if (!analysis_run(c->project, rule, c->a, &r, err))
        return false;
    x->summary = arena_printf(x->a, "%zu rules", r.n_findings);
    for (size_t i = 0; i < r.n_findings; i++) {
        const struct analyze_finding *f = &r.findings[i];
        if (f->failure)
            checks_found(x->found, CHECK_BLOCKER, f->id, "it could not run: %s", f->failure);
        for (size_t k = 0; (rule || f->severity == ANALYZE_BLOCKER) && k < f->n_rows; k++)
            checks_found(x->found, CHECK_BLOCKER, f->rows[k].subject, "%s%s%s", rule ? "" : f->id, rule ? "" : ": ",
                         f->rows[k].detail);
    }
    return true;
}

/* A file of estate/, which is about the stores as the replica knows them. */
static bool check_estate(struct checkup *c, struct item_call *x, struct err *err)
{
    struct pg *target = NULL;
    const struct package_file *f = package_find(&c->package->estate, x->item->argument);
    int64_t n = 0;
    if (!f)
        return err_set(err, ERR_PACKAGE, "estate: the package has no estate/%s.sql", x->item->argument);
    if (!c->run.connect(c, false, &target, err) ||
        !pg_value_i64(target, "select count(*) from pg_tables where schemaname = '" TARGET_OLD "'", PG_NONE, &n, err))
        return false;
    if (n == 0) {
        x->skipped = "nothing is replicated yet";
        return true;
    }
    return checkrows_query(x->found, CHECK_BLOCKER, target, f->body, PG_NONE, err) || err_wrap(err, "%s", f->path);
}

static void take_checks(struct item_call *x, const struct checks *all, bool warnings)
{
    for (size_t i = 0; i < checks_count(all); i++) {
        const struct check *k = checks_at(all, i);
        for (size_t j = 0; (k->state == CHECK_BLOCKER || warnings) && j < k->n_evidence; j++)
            checks_found(x->found, CHECK_BLOCKER, k->evidence[j].subject, "%s: %s", k->id, k->evidence[j].detail);
    }
    x->summary = arena_printf(x->a, "%zu checks", checks_count(all));
}

static bool check_n1(struct checkup *c, struct item_call *x, struct err *err)
{
    SCOPED(checks) all = checks_new(c->a);
    if (!n1_check_run(c->project, c->a, all, err))
        return false;
    take_checks(x, all, false);
    return true;
}

/* --- version N --- */

static bool open_new(struct checkup *c, struct item_call *x, struct pg **ret, struct err *err)
{
    int64_t n = 0;
    if (!c->run.connect(c, false, ret, err) ||
        !pg_value_i64(*ret, "select count(*) from pg_tables where schemaname = '" TARGET_NEW "'", PG_NONE, &n, err))
        return false;
    if (n == 0)
        x->skipped = "the target has no tables of version N yet";
    return true;
}

/* Files of checks/ with such an id. */
static bool check_package_files(struct checkup *c, struct item_call *x, struct err *err)
{
    struct pg *target = NULL;
    SCOPED(checks) all = checks_new(c->a);
    if (!open_new(c, x, &target, err) || x->skipped)
        return x->skipped != NULL;
    if (!check_package(all, target, c->package, x->item->argument, err))
        return false;
    take_checks(x, all, true);
    return true;
}

/* --- stores of N-1 --- */

static bool open_stores(struct checkup *c, struct item_call *x, struct pg **ret, struct err *err)
{
    bool there = false;
    int64_t n = 0;
    if (!open_new(c, x, ret, err) || x->skipped)
        return x->skipped != NULL;
    if (!registry_prepared(*ret, &there, err) ||
        (there && !pg_value_i64(*ret, "select count(*) from carryover.n1_store", PG_NONE, &n, err)))
        return false;
    if (n == 0)
        x->skipped = "no store is registered";
    x->summary = arena_printf(x->a, "%" PRId64 " stores", n);
    return true;
}

static bool check_full_sync(struct checkup *c, struct item_call *x, struct err *err)
{
    struct pg *target = NULL;
    if (!open_stores(c, x, &target, err) || x->skipped)
        return x->skipped != NULL;
    return estate_unsynced(x->found, target, err);
}

static bool check_totals(struct checkup *c, struct item_call *x, struct pg *target, struct err *err)
{
    SCOPED_BUF ignored = {0};
    int64_t differ = 0;
    if (!c->package->totals)
        return true;
    if (!totals_put(target, c->package, NULL, true, &ignored, &differ, err))
        return false;
    if (differ)
        checks_found(x->found, CHECK_BLOCKER, "totals",
                     "%" PRId64 " numbers of stores are not what headquarters counts: `carryover n1 totals`", differ);
    return true;
}

static bool check_transaction_sync(struct checkup *c, struct item_call *x, struct err *err)
{
    struct pg *target = NULL;
    if (!open_stores(c, x, &target, err) || x->skipped)
        return x->skipped != NULL;
    return estate_unsent(x->found, target, err) && check_totals(c, x, target, err);
}

static bool check_cutover_of_stores(struct checkup *c, struct item_call *x, struct err *err)
{
    int64_t run = 0;
    bool ended = false;
    if (!journal_last_run(c->journal, "n1 cutover", &run, &ended, err))
        return false;
    if (run == 0 || !ended)
        checks_found(x->found, CHECK_BLOCKER, "n1 cutover",
                     run ? "it has begun and is not done: `carryover n1 cutover`" : "it was not run on this project");
    return true;
}

static bool check_in_place(struct checkup *c, struct item_call *x, struct err *err)
{
    struct pg *target = NULL;
    SCOPED_BUF missing = {0};
    bool keeps = false;
    int64_t n = 0;
    if (!open_stores(c, x, &target, err) || x->skipped)
        return x->skipped != NULL;
    if (!target_locked(target, TARGET_JOB_KEEP, &keeps, err) ||
        !estate_missing(target, c->package, &missing, &n, err) || !check_cutover_of_stores(c, x, err))
        return false;
    if (!keeps)
        checks_found(x->found, CHECK_BLOCKER, "n1 keep", "it does not run: `carryover n1 keep --detach`");
    if (!job_pid(c->project, N1_JOB) && !project_text(c->project, SETTING_HOOK_N1_OPEN)[0])
        checks_found(x->found, CHECK_BLOCKER, "n1 serve", "it does not run: `carryover n1 serve --detach`");
    if (n)
        checks_found(x->found, CHECK_BLOCKER, "n1 stores", "%" PRId64 " stores are not registered", n);
    return true;
}

/* --- the smoke test --- */

static bool check_smoke(struct checkup *c, struct item_call *x, struct err *err)
{
    struct err why;
    SCOPED_BUF detail = {0};
    bool ok = smoke_run(c->project, NULL, c->a, &detail, &why);
    x->summary = arena_dup_str(x->a, buf_str(&detail));
    if (ok)
        return true;
    if (why.code != ERR_SMOKE) {
        *err = why;
        return false;
    }
    checks_found(x->found, CHECK_BLOCKER, "smoke", "%s", why.message);
    return true;
}

/* --- all of them --- */

bool check_engine_run(struct checkup *c, struct item_call *x, struct err *err)
{
    static const struct {
        const char *name;
        bool (*fn)(struct checkup *c, struct item_call *x, struct err *err);
    } engines[] = {
#define ENGINE(name, fn) {name, fn},
#include "tables/engines.def"
#undef ENGINE
    };
    for (size_t i = 0; i < ARRAY_LEN(engines); i++)
        if (strcmp(engines[i].name, x->item->engine) == 0)
            return engines[i].fn(c, x, err);
    return err_set(err, ERR_PACKAGE, "there is no engine '%s'", x->item->engine);
}
