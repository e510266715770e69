#include "db/environment.h"
#include "db/target.h"

#define BIT(name) (1u << ENVIRONMENT_##name)

static const struct environment_info states[] = {
#define STATE(name, text, next, about, leads) {text, next, about, leads},
#include "tables/states.def"
#undef STATE
};

static const char *const kinds[] = {"sandbox", "production"};

const char environment_sql[] =
    "create table if not exists carryover.environment (only_row boolean primary key default true check (only_row),"
    " state text not null default 'deployed', interrupted text not null default 'deployed',"
    " kind text not null default 'sandbox' check (kind in ('sandbox', 'production')),"
    " since timestamptz not null default clock_timestamp(), who text not null default current_user,"
    " reason text not null default '');"
    "insert into carryover.environment default values on conflict do nothing;"
    "create table if not exists carryover.environment_history (no bigint generated always as identity primary key,"
    " state text not null, kind text not null, at timestamptz not null default clock_timestamp(), who text not null,"
    " reason text not null);";

const struct environment_info *environment_info(enum environment_state s)
{
    return &states[s];
}

const char *environment_kind_name(enum environment_kind k)
{
    return kinds[k];
}

bool environment_may(enum environment_state from, enum environment_state interrupted, enum environment_state to)
{
    if (from == ENVIRONMENT_FAILED && to != ENVIRONMENT_IN_MAINTENANCE)
        return to == interrupted || (states[interrupted].next & 1u << to);
    if (from == ENVIRONMENT_IN_MAINTENANCE)
        return to == interrupted;
    return states[from].next & 1u << to;
}

static bool find_state(const char *name, enum environment_state *ret)
{
    for (int i = 0; i < ENVIRONMENT_STATES; i++)
        if (strcmp(states[i].name, name) == 0) {
            *ret = (enum environment_state)i;
            return true;
        }
    return false;
}

bool environment_read(struct pg *pg, struct arena *a, struct environment *ret, struct err *err)
{
    SCOPED_RESULT r = NULL;
    *ret = (struct environment){.since = "", .who = "", .reason = ""};
    bool ours = false;
    if (!target_prepared(pg, &ours, err))
        return false;
    if (!ours)
        return true;
    const char *sql = "select state, interrupted, kind = 'production', to_char(since, 'YYYY-MM-DD HH24:MI:SS'), who,"
                      " reason from carryover.environment";
    if (!pg_query(pg, sql, PG_NONE, &r, err))
        return err_wrap(err, "reading the state of the database");
    if (PQntuples(r) == 0 || !find_state(pg_text(r, 0, 0), &ret->state) ||
        !find_state(pg_text(r, 0, 1), &ret->interrupted))
        return err_set(err, ERR_TARGET_STATE, "carryover.environment has no state that this version knows");
    ret->exists = true;
    ret->kind = pg_bool(r, 0, 2) ? ENVIRONMENT_PRODUCTION : ENVIRONMENT_SANDBOX;
    ret->since = arena_dup(a, pg_text(r, 0, 3));
    ret->who = arena_dup(a, pg_text(r, 0, 4));
    ret->reason = arena_dup(a, pg_text(r, 0, 5));
    return true;
}

bool environment_number(struct pg *pg, int64_t *ret, struct err *err)
{
    return pg_value_i64(pg, "select coalesce(max(no), 0) from carryover.environment_history", PG_NONE, ret, err);
}

static bool refuse(struct pg *pg, enum environment_state to, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct environment e;
    if (!environment_read(pg, a, &e, err))
        return false;
    err_set(err, ERR_GUARD, "the database is %s since %s and cannot become %s", states[e.state].name, e.since,
            states[to].name);
    return err_hint(err, "What leads out of it: %s.", states[e.state].leads);
}

/* "{\"a b\",...}": every pair of state and interrupted state from which the move is legal. */
static void put_origins(struct buf *b, enum environment_state to)
{
    const char *comma = "{";
    for (int from = 0; from < ENVIRONMENT_STATES; from++)
        for (int was = 0; was < ENVIRONMENT_STATES; was++) {
            if (!environment_may((enum environment_state)from, (enum environment_state)was, to))
                continue;
            buf_printf(b, "%s\"%s %s\"", comma, states[from].name, states[was].name);
            comma = ",";
        }
    buf_puts(b, *comma == '{' ? "{}" : "}");
}

static bool interrupts(enum environment_state s)
{
    return s == ENVIRONMENT_FAILED || s == ENVIRONMENT_IN_MAINTENANCE;
}

bool environment_move(struct pg *pg, enum environment_state to, const char *who, const char *reason, struct err *err)
{
    SCOPED_BUF origins = {0};
    SCOPED_RESULT r = NULL;
    const char *sql =
        "with was as (select * from carryover.environment for update), moved as (update carryover.environment e"
        " set state = $1, interrupted = case when not $2::boolean then $1 when was.state = 'failed'"
        "  then was.interrupted else was.state end, since = clock_timestamp(), who = $3, reason = $4 from was"
        " where was.state <> $1 and was.state || ' ' || was.interrupted = any ($5::text[]) returning e.*),"
        " noted as (insert into carryover.environment_history (state, kind, who, reason)"
        "  select state, kind, who, reason from moved)"
        " select exists (select from moved), state = $1 from was";
    put_origins(&origins, to);
    if (!pg_query(pg, sql, PG_ARGS(states[to].name, interrupts(to) ? "true" : "false", who, reason, origins.p), &r,
                  err))
        return err_wrap(err, "moving the state of the database to %s", states[to].name);
    return (PQntuples(r) && (pg_bool(r, 0, 0) || pg_bool(r, 0, 1))) || refuse(pg, to, err);
}

bool environment_resume(struct pg *pg, const char *who, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct environment e;
    if (!environment_read(pg, a, &e, err))
        return false;
    return !e.exists || !interrupts(e.state) || environment_move(pg, e.interrupted, who, "", err);
}

static bool is_lasting(const struct err *why)
{
    return why->code != ERR_INTERRUPTED && why->code != ERR_GUARD && why->code != ERR_TARGET_BUSY &&
           why->code != ERR_CONNECTION_LOST && why->code != ERR_CONNECT && why->code != ERR_SERVER_BUSY;
}

/* Where it cannot be noted the failure itself is what counts. */
void environment_fail(struct pg *pg, const char *who, const struct err *why)
{
    struct err ignored;
    if (is_lasting(why) && !environment_move(pg, ENVIRONMENT_FAILED, who, why->message, &ignored))
        pg_rollback(pg);
}

bool environment_set_kind(struct pg *pg, enum environment_kind kind, const char *who, struct err *err)
{
    const char *sql = "with moved as (update carryover.environment set kind = $1 where kind <> $1 returning *)"
                      " insert into carryover.environment_history (state, kind, who, reason)"
                      " select state, kind, $2, 'it is a ' || kind || ' database now' from moved";
    return pg_run(pg, sql, PG_ARGS(kinds[kind], who), NULL, err);
}

bool environment_check_sandbox(struct pg *pg, bool at_start, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct environment e;
    if (!environment_read(pg, a, &e, err))
        return false;
    if (!e.exists)
        return true;
    if (e.state == ENVIRONMENT_LIVE || e.interrupted == ENVIRONMENT_LIVE)
        return err_set(err, ERR_GUARD, "the target is live since %s: users write to %s.* now", e.since, TARGET_NEW);
    if (e.kind == ENVIRONMENT_PRODUCTION) {
        err_set(err, ERR_GUARD, "the target is a production database: replication and upgrade work on a sandbox");
        return err_hint(err, "Name another database as `target`, or take the mark back with "
                             "`carryover environment set-kind sandbox`.");
    }
    if (!at_start || e.state != ENVIRONMENT_IN_MAINTENANCE)
        return true;
    err_set(err, ERR_GUARD, "the target is in maintenance since %s", e.since);
    return err_hint(err, "End it with `carryover maintenance off`.");
}
