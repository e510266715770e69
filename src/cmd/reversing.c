#include "cmd/reversing.h"
#include "cmd/open.h"
#include "cmd/operator.h"
#include "cmd/replication.h"
#include "db/target.h"
#include "db/uri.h"

/* A hook may have made the old database read-only to silence its users: that is not meant for us. */
#define SESSION "-c session_replication_role=replica -c default_transaction_read_only=off"
#define SLEEP "session_replication_role"

/* --- opening --- */

bool reversing_init(struct project *p, struct arena *a, struct reversing *ret, struct err *err)
{
    struct source_opts old;
    *ret = (struct reversing){.project = p, .a = a, .who = operator_name(a)};
    if (!project_package(p, &ret->package, err) || !replication_source(p, a, &old, err) ||
        !open_uri(p, OPEN_TARGET, a, &ret->target_uri, err) ||
        !uri_with_options(a, old.uri, SESSION, &ret->old_uri, err))
        return false;
    ret->replicate = (struct replicate_opts){.source = {.uri = ret->target_uri,
                                                        .role = open_name(OPEN_TARGET),
                                                        .schema = TARGET_OLD,
                                                        .home = old.schema,
                                                        .slot = REVERSE_SLOT},
                                             .target_uri = ret->old_uri,
                                             .who = ret->who,
                                             .workers = replication_workers(p),
                                             .chunk_bytes = INT64_MAX, /* nothing is copied */
                                             .batch_bytes = project_number(p, SETTING_BATCH_SIZE),
                                             .retry_ms = project_number(p, SETTING_RETRY_FOR),
                                             .adopted = true};
    return true;
}

/* The setting is refused while the session begins: who may not have it is asked without it. */
static bool blame_role(struct reversing *r, struct err *err)
{
    SCOPED(pg) plain = NULL;
    struct source_opts old;
    struct err first = *err;
    if (err->code != ERR_CONNECT || !strstr(err->message, SLEEP) || !replication_source(r->project, r->a, &old, err) ||
        !pg_open(old.uri, "old headquarters", &plain, err)) {
        *err = first;
        return false;
    }
    const char *user = PQuser(pg_raw(plain));
    err_set(err, ERR_SOURCE_PRIVILEGE,
            "the role %s may not put triggers and foreign keys of the old headquarters to sleep", user);
    if (pg_version(plain) < 150000)
        return err_hint(err, "On the server of the source: ALTER ROLE %s SUPERUSER;", pg_ident(r->a, user));
    return err_hint(err, "On the server of the source: GRANT SET ON PARAMETER " SLEEP " TO %s;", pg_ident(r->a, user));
}

bool reversing_connect(struct reversing *r, struct err *err)
{
    if (!r->old && !pg_open(r->old_uri, "old headquarters", &r->old, err))
        return blame_role(r, err);
    return r->target || pg_open(r->target_uri, open_name(OPEN_TARGET), &r->target, err);
}

void reversing_disconnect(struct reversing *r)
{
    source_free(r->source);
    pg_free(r->old);
    pg_free(r->target);
    r->source = NULL;
    r->old = r->target = NULL;
}

bool reversing_open(struct command_call *call, struct reversing *r, struct err *err)
{
    struct project *p = NULL;
    if (!command_project(call, &p, err) || !reversing_init(p, command_arena(call), r, err))
        return false;
    r->force = command_flag(call, OPTION_FORCE);
    r->lose = command_flag(call, OPTION_LOSE_WRITES);
    return reversing_connect(r, err) && open_journal(p, &r->journal, err);
}

void reversing_done(struct reversing *r)
{
    reversing_disconnect(r);
    journal_free(r->journal);
}

bool reversing_source(struct reversing *r, struct err *err)
{
    return r->source || source_open(&r->replicate.source, &r->source, err);
}

/* --- the state --- */

static bool read_mark(struct reversing *r, struct reversing_state *ret, struct err *err)
{
    SCOPED_RESULT q = NULL;
    char *owner = NULL;
    bool prepared = false;
    if (!target_prepared(r->target, &prepared, err) || (prepared && !target_identity(r->target, r->a, &owner, err)) ||
        !pg_query(r->old, "select target, proven is not null from carryover.reverse", PG_NONE, &q, err))
        return false;
    ret->ours = owner && PQntuples(q) && strcmp(pg_text(q, 0, 0), owner) == 0;
    ret->proven = ret->ours && pg_bool(q, 0, 1);
    return true;
}

bool reversing_state(struct reversing *r, struct reversing_state *ret, struct err *err)
{
    SCOPED_RESULT q = NULL;
    struct target_position at;
    *ret = (struct reversing_state){0};
    if (!pg_query(r->old,
                  "select to_regnamespace('carryover') is not null, to_regclass('carryover.reverse') is not null",
                  PG_NONE, &q, err))
        return false;
    ret->exists = pg_bool(q, 0, 0);
    if (!pg_bool(q, 0, 1))
        return true;
    if (!read_mark(r, ret, err) || !target_position(r->old, &at, err))
        return false;
    ret->adopted = ret->ours && at.exists;
    return true;
}

bool reversing_require(struct reversing *r, struct err *err)
{
    struct reversing_state s;
    if (!reversing_state(r, &s, err))
        return false;
    if (s.adopted && s.proven)
        return true;
    err_set(err, ERR_TARGET_STATE, "the old headquarters is not kept up to date: there is no reverse feed");
    return err_hint(err,
                    "The cutover begins one when the setting cutover.reverse is on; else `carryover reverse start`,"
                    " while both are still equal.");
}

/* --- the journal --- */

bool reversing_last(struct reversing *r, struct reversing_last *ret, struct err *err)
{
    struct journal_step close, resume, release;
    *ret = (struct reversing_last){0};
    if (!journal_last_run(r->journal, REVERSE_RUN, &ret->run, &ret->ended, err))
        return false;
    if (!ret->run)
        return true;
    if (!journal_read(r->journal, ret->run, "close", r->a, &close, err) ||
        !journal_read(r->journal, ret->run, "resume", r->a, &resume, err) ||
        !journal_read(r->journal, ret->run, "release", r->a, &release, err))
        return false;
    ret->closing = close.started;
    ret->resumed = resume.started;
    ret->released = release.done;
    return true;
}

bool reversing_confirm(struct command_call *call, const char *what, const char *hint, struct err *err)
{
    if (command_flag(call, OPTION_YES))
        return true;
    err_set(err, ERR_GUARD, "%s", what);
    return err_hint(err, "%s", hint);
}
