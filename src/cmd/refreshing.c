#include "cmd/refreshing.h"
#include "base/clock.h"
#include "cmd/open.h"
#include "cmd/operator.h"
#include "cmd/replication.h"
#include "db/environment.h"
#include "db/target.h"
#include "db/uri.h"
#include "runbook/summary.h"
#include <time.h>

#define ADMIN "postgres" /* the database from which others are renamed */
#define EMBEDDED "embedded/production"
#define SESSIONS_BESIDE 8

/* --- opening --- */

static bool find_sandbox(struct command_call *call, struct refreshing *r, struct err *err)
{
    const char *from = command_text(call, OPTION_FROM);
    char *uri = NULL;
    if (from && strcmp(from, "sandbox") != 0) {
        r->sandbox_uri = from;
        return true;
    }
    r->private_sandbox = open_is_embedded(r->project, OPEN_TARGET);
    if (!open_uri(r->project, OPEN_TARGET, r->a, &uri, err))
        return false;
    r->sandbox_uri = uri;
    return true;
}

static bool find_production(struct command_call *call, struct refreshing *r, struct err *err)
{
    const char *to = command_text(call, OPTION_TO_PRODUCTION);
    char *uri = NULL;
    if (!to || strcmp(to, "production") == 0)
        to = project_text(r->project, SETTING_PRODUCTION);
    if (!open_value(r->project, OPEN_TARGET, strcmp(to, "embedded") == 0 ? EMBEDDED : to, r->a, &uri, err))
        return false;
    r->production_uri = uri;
    r->named = strcmp(to, "embedded") == 0 ? EMBEDDED : uri_masked(r->a, to);
    r->production = uri_database(r->a, uri);
    if (r->production && strcmp(r->production, ADMIN) != 0)
        return true;
    err_set(err, ERR_USAGE, "the production database needs a name of its own");
    return err_hint(err, "Give it in the setting production, as in postgresql://server/NAME; not " ADMIN ".");
}

static bool find_kind(struct refreshing *r, struct err *err)
{
    const char *kind = project_text(r->project, SETTING_REFRESH_KIND);
    r->production_kind = strcmp(kind, "production") == 0;
    return r->production_kind || strcmp(kind, "sandbox") == 0 ||
           err_set(err, ERR_CONFIG, "refresh.kind is production or sandbox, not %s", kind);
}

static bool read_policy(struct refreshing *r, struct err *err)
{
    return refresh_read(arena_printf(r->a, "%s/refresh.yaml", r->package->dir),
                        project_path(r->project, "refresh.yaml"), r->a, &r->policy, err);
}

/* What needs no look into the databases; see plan_replication(). */
static void begin_replication(struct refreshing *r)
{
    struct project *p = r->project;
    r->replicate = (struct replicate_opts){.source = {.uri = r->sandbox_uri,
                                                      .role = "sandbox",
                                                      .schema = TARGET_NEW,
                                                      .home = TARGET_NEW,
                                                      .slot = project_text(p, SETTING_REFRESH_SLOT)},
                                           .target_uri = r->next_uri,
                                           .who = r->who,
                                           .workers = replication_workers(p),
                                           .chunk_bytes = project_number(p, SETTING_CHUNK_SIZE),
                                           .batch_bytes = project_number(p, SETTING_BATCH_SIZE),
                                           .retry_ms = project_number(p, SETTING_RETRY_FOR),
                                           .made = true};
}

bool refreshing_open(struct command_call *call, struct refreshing *r, struct err *err)
{
    *r = (struct refreshing){.a = command_arena(call),
                             .force = command_flag(call, OPTION_FORCE),
                             .closed = command_flag(call, OPTION_CLOSED)};
    r->who = operator_name(r->a);
    if (!command_project(call, &r->project, err) || !project_package(r->project, &r->package, err) ||
        !find_kind(r, err) || !read_policy(r, err) || !find_sandbox(call, r, err) || !find_production(call, r, err))
        return false;
    r->next = arena_printf(r->a, "%.56s_next", r->production);
    if (!uri_with_database(r->a, r->production_uri, r->next, &r->next_uri, err) ||
        !uri_with_database(r->a, r->production_uri, ADMIN, &r->admin_uri, err))
        return false;
    begin_replication(r);
    return refreshing_connect(r, err) && open_journal(r->project, &r->journal, err);
}

bool refreshing_connect(struct refreshing *r, struct err *err)
{
    return pg_open(r->sandbox_uri, "sandbox", &r->sandbox, err) &&
           pg_open(r->admin_uri, "production server", &r->admin, err);
}

void refreshing_done(struct refreshing *r)
{
    source_free(r->source);
    pg_free(r->sandbox);
    pg_free(r->admin);
    journal_free(r->journal);
}

bool refreshing_production(struct refreshing *r, struct pg **ret, struct err *err)
{
    int64_t number = 0;
    *ret = NULL;
    return databases_number(r->admin, r->production, &number, err) &&
           (!number || pg_open(r->production_uri, "production", ret, err));
}

/* --- what is carried --- */

/* All schemas with tables, ours among them. */
static bool list_schemas(struct refreshing *r, const char *const **ret, struct err *err)
{
    SCOPED_RESULT q = NULL;
    const char *sql = "select distinct n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                      " where c.relkind in ('r', 'p') and c.relpersistence <> 't'"
                      " and n.nspname !~ '^(pg_|information_schema$|carryover_)' and n.nspname <> $1"
                      " and ($2::boolean or n.nspname <> '" TARGET_OLD "') order by 1";
    bool n1 = project_flag(r->project, SETTING_REFRESH_N1);
    if (!pg_query(r->sandbox, sql, PG_ARGS(TARGET_NEW, n1 ? "true" : "false"), &q, err))
        return false;
    const char **list = arena_new_array(r->a, const char *, (size_t)PQntuples(q) + 1);
    for (int i = 0; i < PQntuples(q); i++)
        list[i] = arena_dup(r->a, pg_text(q, i, 0));
    *ret = list;
    return true;
}

/* Of our own tables those that stores and their workers know, and which lenses are loaded. What is made anew
 * (packages), lasts an hour (sessions) or belongs to the replication of the sandbox stays behind, also where it is made
 * only later. */
static const char ours_sql[] =
    "select 'carryover.' || relname from pg_class where relnamespace = to_regnamespace('carryover')"
    " and relkind in ('r', 'p') and not (relname ~ '^(lens|lens_package|lens_chunk|lens_job|aside)$'"
    " or (relname ~ '^n1_' and relname !~ '^n1_(package|package_part|session|nonce|download|wish|log_.*)$'))"
    " union select 'carryover.' || x from unnest(array['chunk', 'control', 'environment*', 'identity', 'index_job',"
    " 'lens_stale', 'maintenance', 'refresh*', 'relation', 'replication', 'script', 'snapshot', 'trail', 'tracker*',"
    " 'channel_tracker', 'verification', 'touched*', 'dirty*', 'reloaded*', 'n1_log_*', 'n1_package*', 'n1_session',"
    " 'n1_nonce', 'n1_download', 'n1_wish']) x";

static bool list_excluded(struct refreshing *r, const char *const **ret, struct err *err)
{
    SCOPED_RESULT q = NULL;
    size_t n = 0;
    if (!pg_query(r->sandbox, ours_sql, PG_NONE, &q, err))
        return false;
    while (r->rules.excluded[n])
        n++;
    const char **list = arena_new_array(r->a, const char *, n + (size_t)PQntuples(q) + 1);
    for (size_t i = 0; i < n; i++)
        list[i] = r->rules.excluded[i];
    for (int i = 0; i < PQntuples(q); i++)
        list[n++] = arena_dup(r->a, pg_text(q, i, 0));
    *ret = list;
    return true;
}

static bool plan_replication(struct refreshing *r, struct err *err)
{
    source_free(r->source);
    r->source = NULL;
    return list_schemas(r, &r->replicate.source.also, err) && list_excluded(r, &r->replicate.source.exclude, err);
}

bool refreshing_next(struct refreshing *r, struct pg **ret, struct next_state *state, struct err *err)
{
    bool ours = false;
    *ret = NULL;
    *state = (struct next_state){0};
    if (!databases_is_ours(r->admin, r->next, &ours, err))
        return false;
    return !ours || (pg_open(r->next_uri, "next production", ret, err) && next_read(*ret, r->a, state, err));
}

bool refreshing_resolve(struct refreshing *r, struct err *err)
{
    SCOPED(pg) before = NULL;
    SCOPED(pg) next = NULL;
    struct next_state s;
    if (r->rules.p)
        return true;
    if (!refreshing_next(r, &next, &s, err) || (!s.made && !refreshing_production(r, &before, err)))
        return false;
    struct rules_opts o = {&r->policy, r->production_kind, r->sandbox, before, s.excluded};
    return rules_resolve(&o, r->a, &r->rules, err) && next_check_rules(&s, &r->rules, err) && plan_replication(r, err);
}

/* --- the pre-flight --- */

static bool check_state(struct refreshing *r, struct checks *l, struct err *err)
{
    struct environment e;
    if (!environment_read(r->sandbox, r->a, &e, err))
        return false;
    enum environment_state is = e.state == ENVIRONMENT_IN_MAINTENANCE ? e.interrupted : e.state;
    bool good = e.exists && (is == ENVIRONMENT_UPGRADED || is == ENVIRONMENT_LIVE);
    const char *name = e.exists ? environment_info(e.state)->name : "empty";
    check_add(l, "sandbox", good ? CHECK_OK : CHECK_PROBLEM, ERR_TARGET_STATE, arena_printf(r->a, "it is %s", name),
              good ? "" : "A sandbox is carried when it is upgraded: `carryover upgrade`.");
    return true;
}

/* What the sandbox's server lacks. A private one is started anew with what it needs. */
static bool check_capture(struct refreshing *r, struct checks *l, struct err *err)
{
    struct table_list tables;
    struct source_problems found;
    if (!refreshing_source(r, err) || !source_catalog(r->source, r->a, &tables, err) ||
        !source_check(r->source, &tables, r->a, &found, err))
        return false;
    for (size_t i = 0; i < found.n; i++) {
        bool mended =
            r->private_sandbox && (found.p[i].code == ERR_SOURCE_WAL_LEVEL || found.p[i].code == ERR_SOURCE_SLOTS);
        check_add(l, err_info(found.p[i].code)->name, mended ? CHECK_WARNING : CHECK_PROBLEM, found.p[i].code,
                  found.p[i].what,
                  mended ? "`carryover refresh start` starts the private server anew." : found.p[i].mend);
    }
    if (found.n == 0)
        check_add(l, "changes", CHECK_OK, ERR_GUARD, "the sandbox can be followed", "");
    return true;
}

static bool check_maintenance(struct refreshing *r, struct pg *production, struct checks *l, struct err *err)
{
    struct err why = {0};
    if (refreshing_check_open(r, production, &why))
        return true;
    if (why.code != ERR_GUARD) {
        *err = why;
        return false;
    }
    check_add(l, "production", CHECK_PROBLEM, why.code, arena_dup(r->a, why.message), arena_dup(r->a, why.hint));
    return true;
}

bool refreshing_check(struct refreshing *r, struct checks *ret, struct err *err)
{
    SCOPED(pg) production = NULL;
    if (!refreshing_production(r, &production, err))
        return false;
    struct check_opts o = {.sandbox = r->sandbox,
                           .admin = r->admin,
                           .production = production,
                           .production_name = r->production,
                           .bin = project_text(r->project, SETTING_POSTGRES_BIN),
                           .sessions = r->replicate.workers + SESSIONS_BESIDE};
    return check_refresh(&o, r->a, ret, err) && check_maintenance(r, production, ret, err) &&
           check_state(r, ret, err) && check_capture(r, ret, err);
}

bool refreshing_source(struct refreshing *r, struct err *err)
{
    return r->source || source_open(&r->replicate.source, &r->source, err);
}

struct schema_opts refreshing_schema(const struct refreshing *r)
{
    return (struct schema_opts){.uri = r->sandbox_uri,
                                .bin = project_text(r->project, SETTING_POSTGRES_BIN),
                                .dir = project_path(r->project, "refresh"),
                                .n1 = project_flag(r->project, SETTING_REFRESH_N1)};
}

bool refreshing_same_schema(const struct next_state *s, const struct schema_dump *d, struct err *err)
{
    if (strcmp(s->digest, d->digest) == 0)
        return true;
    err_set(err, ERR_SOURCE_DDL, "the schema of the sandbox is not what it was when the copy was begun");
    return err_hint(
        err, "Take the change back, or begin anew: `carryover refresh reset --yes`, then `carryover refresh start`.");
}

/* --- the journal --- */

static bool read_switch(struct refreshing *r, int64_t run, bool ended, struct refreshing_switch *ret, struct err *err)
{
    struct journal_step close, exchange, back, release;
    *ret = (struct refreshing_switch){.run = run, .ended = ended};
    if (!journal_read(r->journal, run, "close", r->a, &close, err) ||
        !journal_read(r->journal, run, "switch", r->a, &exchange, err) ||
        !journal_read(r->journal, run, "rollback", r->a, &back, err) ||
        !journal_read(r->journal, run, "release", r->a, &release, err))
        return false;
    ret->closing = close.started;
    ret->switched = exchange.done;
    ret->rolled_back = back.done;
    ret->released = release.done;
    if (!close.done)
        return true;
    ret->production = summary_number(close.detail, "production");
    ret->next = summary_number(close.detail, "next");
    ret->stamp = summary_number(close.detail, "stamp");
    ret->server = summary_number(close.detail, "server");
    ret->state = summary_number(close.detail, "state");
    ret->applied = summary_number(close.detail, "applied");
    return true;
}

bool refreshing_last(struct refreshing *r, struct refreshing_switch *ret, struct err *err)
{
    int64_t run = 0;
    bool ended = true;
    *ret = (struct refreshing_switch){0};
    if (!journal_last_run(r->journal, REFRESH_RUN, &run, &ended, err))
        return false;
    return !run || (read_switch(r, run, ended, ret, err) && (ended || refreshing_same_server(r, ret, err)));
}

bool refreshing_switches(struct refreshing *r, struct refreshing_switch **ret, size_t *ret_n, struct err *err)
{
    struct journal_run *runs = NULL;
    size_t n = 0;
    *ret_n = 0;
    if (!journal_runs(r->journal, REFRESH_RUN, r->a, &runs, &n, err))
        return false;
    *ret = arena_new_array(r->a, struct refreshing_switch, n + 1);
    for (size_t i = n; i-- > 0;) {
        struct refreshing_switch *s = &(*ret)[*ret_n];
        if (!read_switch(r, runs[i].id, runs[i].ended, s, err))
            return false;
        *ret_n += s->switched;
    }
    return true;
}

bool refreshing_server(struct refreshing *r, int64_t *ret, struct err *err)
{
    return pg_value_i64(r->admin, "select system_identifier from pg_control_system()", PG_NONE, ret, err);
}

bool refreshing_same_server(struct refreshing *r, const struct refreshing_switch *s, struct err *err)
{
    int64_t here = 0;
    if (!s->server)
        return true;
    if (!refreshing_server(r, &here, err))
        return false;
    if (here == s->server)
        return true;
    err_set(err, ERR_GUARD, "that switch was on another server than the one of %s", r->named);
    return err_hint(err, "Name the same production as then, with --to or the setting production.");
}

bool refreshing_check_open(struct refreshing *r, struct pg *production, struct err *err)
{
    struct environment e;
    if (!production || !environment_read(production, r->a, &e, err))
        return !production;
    if (!e.exists || e.state != ENVIRONMENT_IN_MAINTENANCE)
        return true;
    err_set(err, ERR_GUARD, "production is in maintenance since %s: who may connect to it would be forgotten", e.since);
    return err_hint(err,
                    "Go back with `carryover refresh rollback --yes`, or let users in: `carryover maintenance off "
                    "--target '%s'`.",
                    r->named);
}

int64_t refreshing_stamp(void)
{
    time_t now = (time_t)(clock_wall_us() / 1000000);
    struct tm t;
    int64_t stamp = 0;
    char text[16];
    gmtime_r(&now, &t);
    strftime(text, sizeof text, "%Y%m%d%H%M%S", &t);
    return str_to_i64(str_of(text), &stamp) ? stamp : 0;
}

char *refreshing_name(const struct refreshing *r, const char *what, int64_t stamp)
{
    return arena_printf(r->a, "%.32s_%s_%" PRId64, r->production, what, stamp);
}

bool refreshing_confirm(struct command_call *call, const char *what, const char *hint, struct err *err)
{
    if (command_flag(call, OPTION_YES))
        return true;
    err_set(err, ERR_GUARD, "%s", what);
    return err_hint(err, "%s", hint);
}
