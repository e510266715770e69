#include "base/log.h"
#include "base/term.h"
#include "cmd/cmd.h"
#include "cmd/cutover_session.h"
#include "cmd/gate.h"
#include "cmd/job.h"
#include "cmd/open.h"
#include "cmd/replication.h"
#include "cmd/replication_view.h"
#include "db/target.h"
#include "n1/registry.h"
#include "replicate/status.h"

/* --- start --- */

static void put_problems(struct buf *b, const struct source_problems *l)
{
    for (size_t i = 0; i < l->n; i++)
        buf_printf(b, "  problem  [%s] %s\n           mend: %s\n", err_info(l->p[i].code)->name, l->p[i].what,
                   l->p[i].mend);
}

static void put_plan(struct buf *b, const struct table_list *tables, const struct source_problems *problems)
{
    int64_t bytes = 0;
    char size[16];
    for (size_t i = 0; i < tables->n; i++)
        bytes += tables->p[i].bytes;
    term_size(bytes, size);
    buf_printf(b, "would replicate %zu tables, %s\n", tables->n, size);
    for (size_t i = 0; i < tables->n; i++) {
        const struct table *t = &tables->p[i];
        char rows[32];
        term_count(t->rows, rows);
        term_size(t->bytes, size);
        buf_printf(b, "  %-36s %14s rows %10s  %s%s%s\n", t->name, rows, size, table_mode_name(t->mode),
                   t->reason[0] ? ": " : "", t->reason);
    }
    put_problems(b, problems);
}

static bool show_dry_run(const struct replicate_opts *o, const struct package *package, struct arena *a,
                         struct err *err)
{
    struct table_list tables;
    struct source_problems problems;
    SCOPED_BUF text = {0};
    if (!replicate_check(o, a, &tables, &problems, err) || !replication_check_fingerprint(package, &tables, err))
        return false;
    put_plan(&text, &tables, &problems);
    if (!cmd_print(&text, err))
        return false;
    return problems.n == 0 || err_set(err, problems.p[0].code, "%zu problems would stop the replication", problems.n);
}

static bool check_first(const struct replicate_opts *o, const struct package *package, struct arena *a, struct err *err)
{
    struct table_list tables;
    struct source_problems problems;
    return replicate_check(o, a, &tables, &problems, err) && replication_check_fingerprint(package, &tables, err);
}

/* What has begun may always go on: an answer that expires in the night must not keep replication from it. */
static bool pass_gate(struct project *p, const struct replicate_opts *o, struct arena *a, struct err *err)
{
    SCOPED(pg) target = NULL;
    struct target_position at;
    return pg_open(o->target_uri, open_name(OPEN_TARGET), &target, err) && target_position(target, &at, err) &&
           (at.exists || gate_check(p, a, GATE_REPLICATE, err));
}

static bool run_here(struct project *p, struct replicate_opts *o, struct err *err)
{
    struct replication_view v = {0};
    struct replicate_watch w = replication_watch(&v);
    project_set_command(p, "replicate start");
    bool ok = project_lock(p, REPLICATION_JOB, err) && cutover_allows_jobs(p, err) && replicate_run(o, &w, err);
    replication_view_done(&v);
    if (!ok && err->code == ERR_INTERRUPTED)
        log_info("replicate.stopped", "stopped; `carryover replicate start` goes on where it was");
    return ok;
}

static bool run_detached(struct command_call *call, struct project *p, struct err *err)
{
    static const char *const args[] = {"replicate", "start", NULL};
    pid_t pid = 0;
    return job_start(p, REPLICATION_JOB, args, command_settings(call), &pid, err) &&
           job_say_started(call, p, REPLICATION_JOB, pid, "replication runs", "replicate status", err);
}

bool cmd_replicate_start(struct command_call *call, struct err *err)
{
    struct project *p = NULL;
    const struct package *package = NULL;
    struct replicate_opts o;
    struct arena *a = command_arena(call);
    if (!command_project(call, &p, err) || !project_package(p, &package, err) || !replication_opts(p, a, &o, err))
        return false;
    if (command_flag(call, OPTION_DRY_RUN))
        return show_dry_run(&o, package, a, err);
    if (!check_first(&o, package, a, err) || !pass_gate(p, &o, a, err))
        return false;
    if (command_flag(call, OPTION_DETACH))
        return run_detached(call, p, err);
    o.only_copy = command_flag(call, OPTION_ONCE);
    return run_here(p, &o, err);
}

/* --- stop, status, reset --- */

bool cmd_replicate_stop(struct command_call *call, struct err *err)
{
    return job_stop_command(call, REPLICATION_JOB,
                            "replication is stopped; `carryover replicate start` goes on where it was",
                            "replication does not run", err);
}

/* A source that is down must not hide what the target knows. */
static struct source *try_source(struct project *p, struct arena *a)
{
    struct source_opts o;
    struct source *s = NULL;
    struct err why;
    if (replication_source(p, a, &o, &why) && source_open(&o, &s, &why))
        return s;
    log_warn("replicate.source", "the source cannot be asked: %s", why.message);
    return NULL;
}

bool cmd_replicate_status(struct command_call *call, struct err *err)
{
    struct project *p = NULL;
    struct arena *a = command_arena(call);
    SCOPED(pg) target = NULL;
    SCOPED(source) source = NULL;
    SCOPED_BUF text = {0};
    struct status s;
    if (!command_project(call, &p, err) || !open_pg(p, OPEN_TARGET, &target, err))
        return false;
    source = try_source(p, a);
    if (!status_read(target, source, 300, a, &s, err))
        return false;
    if (command_flag(call, OPTION_JSON))
        status_put_json(&text, &s);
    else
        status_put_text(&text, &s, command_flag(call, OPTION_ALL));
    return cmd_print(&text, err);
}

/* Their secrets would be gone: every store would have to be visited. */
static bool refuse_stores(struct project *p, struct arena *a, struct err *err)
{
    SCOPED(pg) target = NULL;
    struct registry_stores stores = {0};
    bool there = false;
    if (!open_pg(p, OPEN_TARGET, &target, err) || !registry_prepared(target, &there, err) ||
        (there && !registry_list(target, a, &stores, err)))
        return false;
    if (stores.n == 0)
        return true;
    err_set(err, ERR_GUARD, "%zu stores are registered with the gateway on this target", stores.n);
    return err_hint(err, "Remove them first with `carryover n1 stores remove ID --yes`.");
}

bool cmd_replicate_reset(struct command_call *call, struct err *err)
{
    struct project *p = NULL;
    struct replicate_opts o;
    SCOPED_BUF text = {0};
    if (!command_project(call, &p, err) || !replication_opts(p, command_arena(call), &o, err))
        return false;
    if (!command_flag(call, OPTION_YES)) {
        err_set(err, ERR_GUARD,
                "this would remove the replica and everything upgraded from it, and the slot %s on the source",
                o.source.slot);
        return err_hint(err, "Run it with --yes to do so.");
    }
    project_set_command(p, "replicate reset");
    if (!project_lock(p, REPLICATION_JOB, err) || !refuse_stores(p, command_arena(call), err) ||
        !replicate_reset(&o, err))
        return false;
    buf_puts(&text, command_flag(call, OPTION_JSON) ? "{\"reset\":true}\n"
                                                    : "the replica, the slot and the publication are removed\n");
    return cmd_print(&text, err);
}
