#include "cmd/rehearsal.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "cmd/agenda.h"
#include "cmd/cmd.h"
#include "cmd/cutover_session.h"
#include "cmd/expect.h"
#include "cmd/job.h"
#include "cmd/open.h"
#include "cmd/signoff.h"
#include "cmd/snapshot.h"
#include "cmd/steps.h"
#include "db/target.h"
#include "db/uri.h"
#include "runbook/summary.h"
#include <errno.h>
#include <unistd.h>

#define JOBS "jobs"        /* what ran before, in the journal */
#define FOLDER "rehearsal" /* below the project: a project of its own, with the same settings */
#define SUFFIX "_rehearsal"
#define MARK " rehearsal" /* behind the identity of the target */
#define NAME_SHOWN 50     /* of a database or slot, so that it is no longer than a name may be */

struct rehearsal {
    struct cutover *real; /* target and source of the project */
    const struct map *settings;
    struct arena *a;
    const char *database, *copy, *slot; /* names */
    const char *identity, *mark;        /* of the target, and of its copy */
    char *source_uri, *target_uri, *copy_uri;
    bool replicating, upgrading; /* were running, and shall again */
    struct map *flags;           /* settings of the copy's project */
    struct cutover mock;
};

/* --- the copy --- */

static bool find_names(struct rehearsal *r, struct err *err)
{
    char *database = NULL;
    struct project *p = r->real->project;
    if (!pg_value(r->real->target, "select current_database()", PG_NONE, r->a, &database, err) ||
        !open_uri(p, OPEN_SOURCE, r->a, &r->source_uri, err) || !open_uri(p, OPEN_TARGET, r->a, &r->target_uri, err))
        return false;
    r->database = database;
    char *identity = NULL;
    if (!target_identity(r->real->target, r->a, &identity, err))
        return false;
    r->identity = identity;
    r->mark = arena_printf(r->a, "%s" MARK, identity);
    r->copy = arena_printf(r->a, "%.*s" SUFFIX, NAME_SHOWN, database);
    r->slot = arena_printf(r->a, "%.*s" SUFFIX, NAME_SHOWN, project_text(p, SETTING_SLOT));
    if (strcmp(r->copy, r->database) == 0)
        return err_set(err, ERR_GUARD, "the name of the target, %s, is too long for a copy beside it", r->database);
    return uri_with_database(r->a, r->target_uri, r->copy, &r->copy_uri, err);
}

/* A server that is asked for one of its databases from another one. */
static bool open_server(struct rehearsal *r, struct pg **ret, struct err *err)
{
    char *uri = NULL;
    return uri_with_database(r->a, r->target_uri, "postgres", &uri, err) && pg_open_shielded(uri, "target", ret, err);
}

/* Killed before it was renamed, the copy has the name of the target in it. */
static bool check_ours(struct rehearsal *r, struct err *err)
{
    SCOPED(pg) copy = NULL;
    char *whose = NULL;
    if (pg_open_shielded(r->copy_uri, "copy of the target", &copy, err) && target_identity(copy, r->a, &whose, err) &&
        whose && (strcmp(whose, r->identity) == 0 || strcmp(whose, r->mark) == 0))
        return true;
    err_set(err, ERR_GUARD, "the server of the target has a database %s that no rehearsal has made", r->copy);
    return err_hint(err, "Rename it or drop it: the copy for a rehearsal needs that name.");
}

static bool drop_copy(struct rehearsal *r, struct err *err)
{
    SCOPED(pg) server = NULL;
    int64_t there = 0;
    if (!open_server(r, &server, err) || !snapshot_drop(r->copy_uri, r->mark, err) ||
        !pg_value_i64(server, "select count(*) from pg_database where datname = $1", PG_ARGS(r->copy), &there, err))
        return false;
    return !there || (check_ours(r, err) &&
                      (pg_execf(server, err, "drop database if exists %s with (force)", pg_ident(r->a, r->copy)) ||
                       err_wrap(err, "dropping the copy of the target")));
}

static bool make_copy(struct rehearsal *r, struct err *err)
{
    SCOPED(pg) server = NULL;
    if (!open_server(r, &server, err))
        return false;
    if (pg_execf(server, err, "create database %s template %s", pg_ident(r->a, r->copy), pg_ident(r->a, r->database)))
        return true;
    err_wrap(err, "copying the target for the rehearsal");
    if (strcmp(err->sqlstate, "42501") == 0)
        return err_hint(err, "On the target's server: ALTER ROLE %s CREATEDB;", PQuser(pg_raw(server)));
    if (strcmp(err->sqlstate, "55006") == 0)
        return err_hint(err,
                        "Nobody else may be connected to the target while it is copied: select * from "
                        "pg_stat_activity where datname = '%s'.",
                        r->database);
    return false;
}

/* The copy is another replica, with a slot of its own. */
static bool rename_copy(struct rehearsal *r, struct err *err)
{
    SCOPED(pg) copy = NULL;
    return pg_open(r->copy_uri, "copy of the target", &copy, err) &&
           pg_exec(copy, "update carryover.identity set id = id || '" MARK "'", err) &&
           pg_run(copy, "update carryover.replication set slot = $1", PG_ARGS(r->slot), NULL, err);
}

/* --- jobs --- */

/* A rehearsal that failed early has not stopped them. */
static bool start(struct project *p, const char *job, const char *const *args, const struct map *settings,
                  struct err *err)
{
    pid_t pid = 0;
    return job_pid(p, job) || job_start(p, job, args, settings, &pid, err);
}

static bool start_jobs(struct project *p, bool replicate, bool upgrade, const struct map *settings, struct err *err)
{
    static const char *const replicate_args[] = {"replicate", "start", NULL};
    static const char *const upgrade_args[] = {"upgrade", NULL};
    return (!replicate || start(p, REPLICATION_JOB, replicate_args, settings, err)) &&
           (!upgrade || start(p, UPGRADE_JOB, upgrade_args, settings, err));
}

static bool stop_jobs(struct project *p, struct err *err)
{
    pid_t pid = 0;
    return job_stop(p, UPGRADE_JOB, &pid, err) && job_stop(p, REPLICATION_JOB, &pid, err);
}

/* Stands still for as long as the copy takes, and goes on whatever became of it. */
static bool copy_target(struct rehearsal *r, struct err *err)
{
    struct project *p = r->real->project;
    struct err second;
    int64_t begin = clock_us();
    char took[32];
    r->replicating |= job_pid(p, REPLICATION_JOB) != 0;
    r->upgrading |= job_pid(p, UPGRADE_JOB) != 0;
    if (!journal_add(r->mock.journal, r->mock.run, JOBS, "noted",
                     arena_printf(r->a, "replicate=%d upgrade=%d", r->replicating, r->upgrading), err) ||
        !stop_jobs(p, err))
        return false;
    cutover_disconnect(r->real);
    bool ok = make_copy(r, err) && cutover_connect(r->real, err) && source_branch(r->real->source, r->slot, err);
    if (!start_jobs(p, r->replicating, r->upgrading, r->settings, ok ? err : &second))
        return ok ? false : err_wrap(err, "replication could not be started again (%s)", second.message);
    clock_human(clock_us() - begin, took);
    if (ok)
        log_info("rehearsal.copy", "the target is copied as %s; replication stood still for %s", r->copy, took);
    return ok && rename_copy(r, err);
}

/* In the night there is one replica; while users would wait, a second one must not take its share of the machine. */
static bool be_quiet(void *ctx, struct buf *detail, struct err *err)
{
    struct cutover *m = ctx;
    buf_puts(detail, "the replica of the project stands still");
    return stop_jobs(m->home, err);
}

static const struct runbook_step quiet = {.name = "quiet",
                                          .title = "only the copy works, as only one will in the night",
                                          .phase = PHASE_BEFORE,
                                          .action = be_quiet};

/* --- the project of the copy --- */

static bool link_file(struct rehearsal *r, const char *name, struct err *err)
{
    const char *path = project_path(r->real->project, arena_printf(r->a, FOLDER "/%s", name));
    if (!file_exists(project_path(r->real->project, name)) || file_exists(path))
        return true;
    return symlink(arena_printf(r->a, "../%s", name), path) == 0 || errno == EEXIST ||
           err_os(err, ERR_FILE, errno, "making %s", path);
}

static void flag(struct rehearsal *r, const char *key, const char *value)
{
    map_put(r->flags, str_of(key))->value = (void *)value;
}

static void fill_flags(struct rehearsal *r)
{
    for (size_t i = 0; i < map_count(r->settings); i++) {
        const struct map_entry *e = map_at(r->settings, i);
        map_put(r->flags, e->key)->value = e->value;
    }
    flag(r, setting_info(SETTING_SOURCE)->key, r->source_uri);
    flag(r, setting_info(SETTING_TARGET)->key, r->copy_uri);
    flag(r, setting_info(SETTING_PACKAGE)->key, r->real->package->dir);
    flag(r, setting_info(SETTING_SLOT)->key, r->slot);
    flag(r, setting_info(SETTING_PUBLICATION)->key, source_publication(&r->real->replicate.source));
}

static bool open_mock(struct rehearsal *r, struct err *err)
{
    struct cutover *m = &r->mock;
    const char *dir = project_path(r->real->project, FOLDER);
    *m = (struct cutover){.home = r->real->project, .arena = r->a, .journal = r->real->journal, .rehearsal = true};
    if (!file_make_dirs(dir, err) || !link_file(r, "carryover.yaml", err) || !link_file(r, ".env", err) ||
        !link_file(r, "smoke.yaml", err))
        return false;
    fill_flags(r);
    if (!agenda_read(r->real->project, &quiet, r->a, &m->book, err))
        return false;
    m->book.kind = SIGNOFF_REHEARSAL;
    return project_open(dir, r->flags, r->a, &m->project, err) && project_package(m->project, &m->package, err) &&
           stop_jobs(m->project, err);
}

/* --- the run --- */

/* One that was killed may have stopped the jobs of the project and not started them again. */
static bool remember_jobs(struct rehearsal *r, struct err *err)
{
    struct journal_event *events = NULL;
    size_t n = 0;
    if (!journal_events(r->mock.journal, r->mock.run, JOBS, r->a, &events, &n, err))
        return false;
    r->replicating = n && summary_number(events[n - 1].detail, "replicate");
    r->upgrading = n && summary_number(events[n - 1].detail, "upgrade");
    return true;
}

static bool begin_run(struct rehearsal *r, struct err *err)
{
    struct freeze now;
    struct cutover *m = &r->mock;
    bool ended = true;
    if (!journal_last_run(m->journal, SIGNOFF_REHEARSAL, &m->run, &ended, err) || (!ended && !remember_jobs(r, err)) ||
        (!ended && !journal_add(m->journal, m->run, "", "abandoned", "another one was begun", err)))
        return false;
    return signoff_freeze(r->real->project, r->real->target, r->a, &now, err) &&
           journal_begin(m->journal, SIGNOFF_REHEARSAL, &m->run, err) && freeze_store(&now, m->journal, m->run, err);
}

static bool note_load(struct rehearsal *r, const struct forecast_load *before, struct err *err)
{
    struct forecast_load now;
    if (!expect_load(source_pg(r->real->source), &now, err))
        return false;
    now.changes_s = expect_rate(before, &now);
    return forecast_note_load(r->mock.journal, r->mock.run, &now, err);
}

static bool do_steps(struct rehearsal *r, struct err *err)
{
    static const struct runbook_limit all = {0};
    struct cutover *m = &r->mock;
    bool ended = false;
    return start_jobs(m->project, true, true, r->flags, err) && cutover_connect(m, err) &&
           steps_go_on(&m->book, m->journal, m->run, &all, m, &ended, err);
}

static bool rehearse(struct rehearsal *r, struct err *err)
{
    struct forecast_load before;
    return begin_run(r, err) && copy_target(r, err) && expect_load(source_pg(r->real->source), &before, err) &&
           do_steps(r, err) && note_load(r, &before, err);
}

/* With a connection of its own: the one of the rehearsal may be what broke. */
static bool release_slot(struct rehearsal *r, struct err *err)
{
    SCOPED(pg) source = NULL;
    return pg_open_shielded(r->source_uri, "source", &source, err) && source_unbranch(source, r->slot, err);
}

/* Takes away whatever there is of the copy; nothing else is touched. */
static bool clear(struct rehearsal *r, struct err *err)
{
    cutover_disconnect(&r->mock);
    bool stopped = stop_jobs(r->mock.project, err);
    struct err second;
    bool slot = stopped && release_slot(r, stopped ? err : &second); /* it holds log on the source: it goes first */
    return drop_copy(r, slot ? err : &second) && slot;
}

static bool check_ready(struct rehearsal *r, struct err *err)
{
    bool ours = false;
    struct target_position at;
    if (!target_check_not_live(r->real->target, err) || !target_prepared(r->real->target, &ours, err))
        return false;
    if (ours && !target_position(r->real->target, &at, err))
        return false;
    if (ours && strcmp(at.state, "following") == 0)
        return true;
    err_set(err, ERR_TARGET_STATE, "there is nothing to rehearse on: the source is not replicated yet");
    return err_hint(err, "Run `carryover replicate start --detach` and `carryover upgrade --detach` first.");
}

static bool run(struct rehearsal *r, struct err *err)
{
    struct err second, third;
    if (!check_ready(r, err) || !find_names(r, err) || !open_mock(r, err) || !clear(r, err))
        return false;
    bool ok = rehearse(r, err);
    if (!start_jobs(r->real->project, r->replicating, r->upgrading, r->settings, ok ? err : &third)) {
        if (!ok)
            log_warn("rehearsal.jobs", "the jobs of the project could not be started again: %s", third.message);
        ok = false;
    }
    if (!clear(r, ok ? err : &second))
        return ok ? false : err_wrap(err, "the copy could not be taken away (%s)", second.message);
    return ok;
}

bool rehearsal_command(struct command_call *call, struct err *err)
{
    struct cutover real;
    SCOPED(map) flags = map_new();
    struct rehearsal r = {.real = &real, .a = command_arena(call), .settings = command_settings(call), .flags = flags};
    bool ok = cutover_session_begin(call, "cutover --mock", CUTOVER_MOVE, &real, err) && run(&r, err) &&
              cutover_report(call, &r.mock, true, err);
    cutover_session_end(&real);
    return ok;
}
