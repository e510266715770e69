#include "base/json.h"
#include "base/log.h"
#include "base/term.h"
#include "base/thread.h"
#include "cmd/cmd.h"
#include "cmd/job.h"
#include "cmd/n1_opts.h"
#include "cmd/open.h"
#include "cmd/replication.h"
#include "db/environment.h"
#include "db/target.h"
#include "lens/fresh.h"
#include "lens/install.h"
#include "lens/reads.h"
#include "lens/state.h"
#include "n1/builder.h"
#include "n1/changelog.h"
#include "n1/jobs.h"
#include "n1/registry.h"
#include "replicate/trail.h"
#include <stdlib.h>

struct keep {
    struct project *project;
    const struct package *package;
    struct arena *a;
    struct pg *target;
    char *uri;
    struct lens_set set;
    struct trail_opts trail;
    struct build_opts build;
};

static bool open_keep(struct command_call *call, struct keep *k, struct err *err)
{
    *k = (struct keep){.a = command_arena(call)};
    return command_project(call, &k->project, err) && project_package(k->project, &k->package, err) &&
           open_uri(k->project, OPEN_TARGET, k->a, &k->uri, err);
}

/* --- before --- */

/* Until the cutover the tables of N-1 are the replica's. */
static bool check_live(struct keep *k, struct err *err)
{
    struct environment e;
    if (!environment_read(k->target, k->a, &e, err))
        return false;
    if (e.exists && (e.state == ENVIRONMENT_LIVE || e.interrupted == ENVIRONMENT_LIVE))
        return true;
    err_set(err, ERR_TARGET_STATE, "the target is not in use yet: its tables of N-1 belong to replication");
    return err_hint(err, "Run `carryover cutover` first.");
}

/* Nothing is touched before the target is known to be in use. */
static bool open_in_use(struct keep *k, struct err *err)
{
    if (!pg_open(k->uri, "target", &k->target, err) || !check_live(k, err))
        return false;
    pg_free(k->target);
    k->target = NULL;
    return open_follow_target(k->project, err) && pg_open(k->uri, "target", &k->target, err);
}

/* Packages of rows for stores: what they hold comes from the channel lenses. */
static bool prepare_jobs(struct keep *k, struct err *err)
{
    k->build = (struct build_opts){.spool = project_path(k->project, "n1-packages"),
                                   .keep_s = project_number(k->project, SETTING_N1_KEEP) / 1000};
    if (k->package->n_jobs == 0)
        return true;
    if (!registry_prepare(k->target, err) || !pg_begin(k->target, err))
        return false;
    if (install_channel(k->target, k->package, err) && jobs_take(k->target, k->package, err) &&
        changelog_install(k->target, err) && pg_commit(k->target, err))
        return true;
    pg_rollback(k->target);
    return false;
}

static bool prepare(struct keep *k, struct err *err)
{
    k->trail = (struct trail_opts){.uri = k->uri,
                                   .schema = TARGET_NEW,
                                   .publication = N1_PUBLICATION,
                                   .batch_bytes = (size_t)project_number(k->project, SETTING_BATCH_SIZE)};
    if (k->package->down.n == 0)
        return err_set(err, ERR_PACKAGE, "the package %s has no down lenses", k->package->name);
    return reads_most(k->package, &k->trail.chain, err) && open_in_use(k, err) &&
           n1_keep_slot(k->target, k->a, &k->trail.slot, err) && target_lock(k->target, TARGET_JOB_KEEP, err) &&
           install_down(k->target, k->package, k->a, &k->set, err) && prepare_jobs(k, err) &&
           trail_begin(&k->trail, false, err);
}

/* --- keeping --- */

static bool reload(struct keep *k, struct crew *crew, struct err *err)
{
    SCOPED(fresh) f = NULL;
    return fresh_open(k->uri, &k->set, replication_workers(k->project), &f, err) &&
           fresh_loop(f, crew, NULL, NULL, err);
}

enum part { PART_TRAIL, PART_RELOAD, PART_BUILDER };

/* When one of them fails the others end: half of it would look as if all went on. */
static bool member(struct crew *crew, void *ctx, int number, struct err *err)
{
    struct keep *k = ctx;
    switch ((enum part)number) {
    case PART_TRAIL:
        return trail_run(&k->trail, crew, err);
    case PART_RELOAD:
        return reload(k, crew, err);
    case PART_BUILDER:
        return builder_loop(k->uri, &k->build, crew, err);
    }
    abort();
}

static bool keep_once(void *ctx, bool *begun, struct err *err)
{
    struct keep *k = ctx;
    bool ok = prepare(k, err);
    *begun |= ok;
    if (ok)
        log_info("n1.keep", "keeping %zu tables of N-1 current", k->set.n);
    ok = ok && crew_run(k->package->n_jobs ? 3 : 2, member, k, err);
    pg_free(k->target);
    k->target = NULL;
    return ok;
}

static bool run_here(struct keep *k, struct err *err)
{
    project_set_command(k->project, "n1 keep");
    if (!project_lock(k->project, N1_KEEP_JOB, err))
        return false;
    if (job_persist(k->project, keep_once, k, err))
        return true;
    if (err->code == ERR_INTERRUPTED)
        log_info("n1.stopped", "stopped; `carryover n1 keep` goes on where it was");
    return false;
}

static bool run_detached(struct command_call *call, struct keep *k, struct err *err)
{
    static const char *const args[] = {"n1", "keep", NULL};
    pid_t pid = 0;
    return open_in_use(k, err) && job_start(k->project, N1_KEEP_JOB, args, command_settings(call), &pid, err) &&
           job_say_started(call, k->project, N1_KEEP_JOB, pid, "the tables of N-1 are kept current", "n1 keep status",
                           err);
}

bool cmd_n1_keep(struct command_call *call, struct err *err)
{
    struct keep k;
    bool ok = open_keep(call, &k, err) &&
              (command_flag(call, OPTION_DETACH) ? run_detached(call, &k, err) : run_here(&k, err));
    pg_free(k.target);
    return ok;
}

/* --- looking --- */

static bool read_aside(struct keep *k, const struct state_rows *rows, bool all, PGresult **ret, struct err *err)
{
    if (rows->n == 0)
        return true;
    return pg_query(k->target,
                    "select lens, key, reason, since, count(*) over () from carryover.aside where direction = 'down'"
                    " order by since desc, lens, key limit $1",
                    PG_ARGS(all ? NULL : "20"), ret, err);
}

static void put_aside(struct buf *b, const PGresult *r)
{
    int n = r ? PQntuples(r) : 0;
    if (n == 0)
        return;
    buf_printf(b, "\nset aside, because N-1 cannot hold them: %s\n", pg_text(r, 0, 4));
    for (int i = 0; i < n; i++)
        buf_printf(b, "  %s %s: %s\n", pg_text(r, i, 0), pg_text(r, i, 1), pg_text(r, i, 2));
    if (pg_i64(r, 0, 4) > n)
        buf_printf(b, "  and %" PRId64 " more in carryover.aside\n", pg_i64(r, 0, 4) - n);
}

static void put_aside_json(struct buf *b, const PGresult *r)
{
    for (int i = 0; r && i < PQntuples(r); i++) {
        static const char *const names[] = {"lens", "key", "reason", "since"};
        for (int k = 0; k < 4; k++) {
            buf_printf(b, "%s\"%s\":", k ? "," : i ? ",{" : "{", names[k]);
            json_put_string(b, str_of(pg_text(r, i, k)));
        }
        buf_putc(b, '}');
    }
}

static bool print_state(struct command_call *call, struct keep *k, struct err *err)
{
    struct state_rows rows;
    struct trail_position at;
    SCOPED_RESULT aside = NULL;
    SCOPED_BUF text = {0};
    bool running = false;
    char seen[24];
    if (!state_read(k->target, LENS_DOWN, k->a, &rows, err) || !trail_position(k->target, &at, err) ||
        !target_locked(k->target, TARGET_JOB_KEEP, &running, err) ||
        !read_aside(k, &rows, command_flag(call, OPTION_JSON), &aside, err))
        return false;
    pg_lsn_format(at.seen, seen);
    if (command_flag(call, OPTION_JSON)) {
        buf_printf(&text, "{\"running\":%s,\"seen\":\"%s\",\"transactions\":%" PRId64 ",\"lenses\":",
                   running ? "true" : "false", seen, at.transactions);
        state_put_json(&text, &rows);
        buf_puts(&text, ",\"aside\":[");
        put_aside_json(&text, aside);
        buf_puts(&text, "]}\n");
    } else if (!at.exists) {
        buf_puts(&text, "the tables of N-1 are not kept current yet: `carryover n1 keep` begins it\n");
    } else {
        buf_printf(&text, "keeping N-1 current: %s, %" PRId64 " transactions seen, up to %s\n\n",
                   running ? "running" : "stopped", at.transactions, seen);
        state_put_text(&text, &rows, command_flag(call, OPTION_ALL));
        put_aside(&text, aside);
    }
    return cmd_print(&text, err);
}

bool cmd_n1_keep_status(struct command_call *call, struct err *err)
{
    struct keep k;
    bool ok = open_keep(call, &k, err) && pg_open(k.uri, "target", &k.target, err) && print_state(call, &k, err);
    pg_free(k.target);
    return ok;
}

bool cmd_n1_keep_stop(struct command_call *call, struct err *err)
{
    return job_stop_command(call, N1_KEEP_JOB, "stopped; `carryover n1 keep` goes on where it was", "it does not run",
                            err);
}
