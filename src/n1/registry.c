#include "n1/registry.h"
#include "base/json.h"
#include "db/target.h"
#include "net/route.h"

#define SESSIONS_MAX "16" /* open ones of one store; the oldest ends when another is opened */

/* The lock keeps two instances that start at once from making the same table. */
static const char prepare_sql[] =
    "select pg_advisory_xact_lock(1667330681, 6);"
    "create table if not exists carryover.n1_group (name text primary key,"
    " schema text not null default 'N-1' check (schema in ('N-1', 'N')),"
    " created timestamptz not null default clock_timestamp());"
    "create table if not exists carryover.n1_store (store text primary key, name text not null,"
    " group_name text not null references carryover.n1_group,"
    " schema text not null default 'N-1' check (schema in ('N-1', 'N')),"
    " state text not null default 'active' check (state in ('active', 'paused', 'promoted')),"
    " secret_hash text not null, secret_set timestamptz not null default clock_timestamp(),"
    " version text not null default '', last_contact timestamptz,"
    " created timestamptz not null default clock_timestamp());"
    "create table if not exists carryover.n1_epoch (only_row boolean primary key default true check (only_row),"
    " n bigint not null default 1);"
    "insert into carryover.n1_epoch default values on conflict do nothing;" TARGET_MEMBER_SQL
    "create table if not exists carryover.n1_session (session text primary key,"
    " store text not null references carryover.n1_store on delete cascade, key_id text not null,"
    " opened timestamptz not null default clock_timestamp(), expires timestamptz not null);"
    "create index if not exists n1_session_store on carryover.n1_session (store, opened);"
    "create table if not exists carryover.n1_nonce ("
    " session text not null references carryover.n1_session on delete cascade, nonce text not null,"
    " expires timestamptz not null, primary key (session, nonce));"
    "create index if not exists n1_nonce_expires on carryover.n1_nonce (expires);"
    "create table if not exists carryover.n1_admin (only_row boolean primary key default true check (only_row),"
    " token_hash text not null, token_set timestamptz not null default clock_timestamp());"
    "create table if not exists carryover.n1_report (store text primary key references carryover.n1_store"
    " on delete cascade, at timestamptz not null default clock_timestamp(), facts jsonb not null);"
    "create table if not exists carryover.n1_audit (id bigint generated always as identity primary key,"
    " at timestamptz not null default clock_timestamp(), who text not null, what text not null, store text,"
    " detail text not null default '');"
    "create or replace function carryover.n1_audit_stays() returns trigger language plpgsql as"
    " $$begin raise exception 'rows of carryover.n1_audit can only be added'; end$$;"
    "do $$begin if not exists (select from pg_trigger where tgname = 'n1_audit_stays') then"
    " create trigger n1_audit_stays before update or delete or truncate on carryover.n1_audit"
    " for each statement execute function carryover.n1_audit_stays(); end if; end$$";

bool registry_prepared(struct pg *target, bool *ret, struct err *err)
{
    int64_t n = 0;
    if (!pg_value_i64(target, "select (to_regclass('carryover.n1_audit') is not null)::int", PG_NONE, &n, err))
        return false;
    *ret = n != 0;
    return true;
}

bool registry_prepare(struct pg *target, struct err *err)
{
    if (!target_prepare(target, err) || !pg_begin(target, err))
        return false;
    if (pg_exec(target, prepare_sql, err) && pg_commit(target, err))
        return true;
    pg_rollback(target);
    return err_wrap(err, "making the tables of the gateway in the target");
}

/* --- checking names --- */

bool registry_is_id(struct str id)
{
    if (id.n == 0 || id.n > REGISTRY_ID_MAX)
        return false;
    for (size_t i = 0; i < id.n; i++) {
        char c = id.p[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!word && (i == 0 || (c != '-' && c != '_' && c != '.')))
            return false;
    }
    return true;
}

static bool check_name(const char *what, const char *name, struct err *err)
{
    struct str s = str_of(name);
    if (s.n == 0 || s.n > REGISTRY_NAME_MAX || !route_is_text(s) || str_trim(s).n != s.n)
        return err_set(err, ERR_USAGE, "the %s has to be 1 to %d bytes of text without control characters", what,
                       REGISTRY_NAME_MAX);
    return true;
}

static bool check_word(const char *what, const char *word, struct err *err)
{
    return registry_is_id(str_of(word)) || err_set(err, ERR_USAGE,
                                                   "%s has 1 to %d letters, digits, dots, - and _, and begins with a "
                                                   "letter or digit",
                                                   what, REGISTRY_ID_MAX);
}

static bool check_id(const char *id, struct err *err)
{
    return check_word("a store's id", id, err);
}

/* --- transactions --- */

typedef bool change_fn(struct pg *target, const void *ctx, struct err *err);

/* One change and its row in the audit, both or none. */
static bool change(struct pg *target, change_fn *fn, const void *ctx, struct pg_args audit, struct err *err)
{
    if (!pg_begin(target, err))
        return false;
    if (fn(target, ctx, err) &&
        pg_run(target,
               "insert into carryover.n1_audit (who, what, store, detail) values ($1, $2, $3, coalesce($4, ''))", audit,
               NULL, err) &&
        pg_commit(target, err))
        return true;
    pg_rollback(target);
    return false;
}

/* Runs a statement that must touch the one row of a store. */
static bool touch_store(struct pg *target, const char *id, const char *sql, struct pg_args args, struct err *err)
{
    int64_t n = 0;
    if (!pg_run(target, sql, args, &n, err))
        return false;
    return n == 1 || err_set(err, ERR_STORE_UNKNOWN, "there is no store %s", id);
}

/* --- adding, changing, removing --- */

struct addition {
    const struct registry_store *store;
    const char *hash;
};

static bool add_rows(struct pg *target, const void *ctx, struct err *err)
{
    const struct addition *x = ctx;
    int64_t n = 0;
    if (!pg_run(target, "insert into carryover.n1_group (name) values ($1) on conflict do nothing",
                PG_ARGS(x->store->group), NULL, err) ||
        !pg_run(target,
                "insert into carryover.n1_store (store, name, group_name, schema, secret_hash)"
                " select $1, $2, name, schema, $4 from carryover.n1_group where name = $3 on conflict do nothing",
                PG_ARGS(x->store->id, x->store->name, x->store->group, x->hash), &n, err))
        return false;
    if (n == 0)
        return err_set(err, ERR_STORE_EXISTS, "there is a store %s already", x->store->id);
    return pg_run(target, "insert into carryover.n1_member (store, channel_group) values ($1, $2)",
                  PG_ARGS(x->store->id, x->store->group), NULL, err) &&
           pg_run(target, REGISTRY_EPOCH_SQL, PG_NONE, NULL, err);
}

bool registry_add(struct pg *target, const char *who, const struct registry_store *s, const struct secret *secret,
                  struct err *err)
{
    char hash[SECRET_HASH_MAX];
    secret_hash(secret, hash);
    struct addition x = {.store = s, .hash = hash};
    return check_id(s->id, err) && check_name("name", s->name, err) && check_word("a group's name", s->group, err) &&
           change(target, add_rows, &x, PG_ARGS(who, "store-added", s->id, s->group), err);
}

/* A move from one state of a store to another. */
struct move {
    const char *id, *from, *to;
};

static bool move_state(struct pg *target, const void *ctx, struct err *err)
{
    const struct move *m = ctx;
    SCOPED_RESULT r = NULL;
    if (!pg_query(target, "select state from carryover.n1_store where store = $1 for update", PG_ARGS(m->id), &r, err))
        return false;
    if (PQntuples(r) == 0)
        return err_set(err, ERR_STORE_UNKNOWN, "there is no store %s", m->id);
    if (strcmp(pg_text(r, 0, 0), m->from) != 0)
        return err_set(err, ERR_GUARD, "the store %s is %s: only one that is %s can become %s", m->id, pg_text(r, 0, 0),
                       m->from, m->to);
    return pg_run(target, "update carryover.n1_store set state = $2 where store = $1", PG_ARGS(m->id, m->to), NULL,
                  err);
}

bool registry_pause(struct pg *target, const char *who, const char *id, struct err *err)
{
    struct move m = {id, "active", "paused"};
    return check_id(id, err) && change(target, move_state, &m, PG_ARGS(who, "store-paused", id, NULL), err);
}

bool registry_resume(struct pg *target, const char *who, const char *id, struct err *err)
{
    struct move m = {id, "paused", "active"};
    return check_id(id, err) && change(target, move_state, &m, PG_ARGS(who, "store-resumed", id, NULL), err);
}

struct rotation {
    const char *id, *hash;
};

static bool set_secret(struct pg *target, const void *ctx, struct err *err)
{
    const struct rotation *x = ctx;
    return touch_store(target, x->id,
                       "update carryover.n1_store set secret_hash = $2, secret_set = clock_timestamp()"
                       " where store = $1",
                       PG_ARGS(x->id, x->hash), err) &&
           pg_run(target, "delete from carryover.n1_session where store = $1", PG_ARGS(x->id), NULL, err);
}

bool registry_rotate(struct pg *target, const char *who, const char *id, const struct secret *secret, struct err *err)
{
    char hash[SECRET_HASH_MAX];
    secret_hash(secret, hash);
    struct rotation x = {id, hash};
    return check_id(id, err) && change(target, set_secret, &x, PG_ARGS(who, "secret-rotated", id, NULL), err);
}

static bool delete_store(struct pg *target, const void *ctx, struct err *err)
{
    const char *id = ctx;
    return touch_store(target, id, "delete from carryover.n1_store where store = $1", PG_ARGS(id), err) &&
           pg_run(target, "delete from carryover.n1_member where store = $1", PG_ARGS(id), NULL, err) &&
           pg_run(target, REGISTRY_EPOCH_SQL, PG_NONE, NULL, err);
}

bool registry_remove(struct pg *target, const char *who, const char *id, struct err *err)
{
    return check_id(id, err) && change(target, delete_store, id, PG_ARGS(who, "store-removed", id, NULL), err);
}

static bool set_token(struct pg *target, const void *ctx, struct err *err)
{
    const char *hash = ctx;
    return pg_run(target,
                  "insert into carryover.n1_admin (token_hash) values ($1) on conflict (only_row)"
                  " do update set token_hash = excluded.token_hash, token_set = clock_timestamp()",
                  PG_ARGS(hash), NULL, err);
}

bool registry_set_admin(struct pg *target, const char *who, const struct secret *token, struct err *err)
{
    char hash[SECRET_HASH_MAX];
    secret_hash(token, hash);
    return change(target, set_token, hash, PG_ARGS(who, "admin-rotated", NULL, NULL), err);
}

bool registry_check_admin(struct pg *target, const struct secret *token, bool *ret, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(target, "select token_hash from carryover.n1_admin", PG_NONE, &r, err))
        return false;
    *ret = PQntuples(r) == 1 && secret_is(token, pg_text(r, 0, 0));
    return true;
}

/* --- reading --- */

#define ISO(column) "coalesce(to_char(" column ", 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'), '')"
#define SELECT_STORES                                                                                                  \
    "select s.store, s.name, s.group_name, s.schema, s.state, s.version, " ISO("s.created") ", " ISO(                  \
        "s.secret_set") ", " ISO("s.last_contact") ","                                                                 \
                                                   " (select count(*) from carryover.n1_session x where x.store = "    \
                                                   "s.store and x.expires > now())"                                    \
                                                   " from carryover.n1_store s"

static struct registry_store read_store(struct arena *a, const PGresult *r, int row)
{
    return (struct registry_store){.id = arena_dup(a, pg_text(r, row, 0)),
                                   .name = arena_dup(a, pg_text(r, row, 1)),
                                   .group = arena_dup(a, pg_text(r, row, 2)),
                                   .schema = arena_dup(a, pg_text(r, row, 3)),
                                   .state = arena_dup(a, pg_text(r, row, 4)),
                                   .version = arena_dup(a, pg_text(r, row, 5)),
                                   .created = arena_dup(a, pg_text(r, row, 6)),
                                   .secret_set = arena_dup(a, pg_text(r, row, 7)),
                                   .last_contact = arena_dup(a, pg_text(r, row, 8)),
                                   .sessions = pg_i64(r, row, 9)};
}

bool registry_list(struct pg *target, struct arena *a, struct registry_stores *ret, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(target, SELECT_STORES " order by s.store collate \"C\"", PG_NONE, &r, err))
        return false;
    ret->n = (size_t)PQntuples(r);
    ret->p = arena_new_array(a, struct registry_store, ret->n + 1);
    for (size_t i = 0; i < ret->n; i++)
        ret->p[i] = read_store(a, r, (int)i);
    return true;
}

bool registry_show(struct pg *target, const char *id, struct arena *a, struct registry_store *ret, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!check_id(id, err) || !pg_query(target, SELECT_STORES " where s.store = $1", PG_ARGS(id), &r, err))
        return false;
    if (PQntuples(r) == 0)
        return err_set(err, ERR_STORE_UNKNOWN, "there is no store %s", id);
    *ret = read_store(a, r, 0);
    return true;
}

/* --- sessions --- */

/* A hash is compared also when there is no such store, so that both take the same time. */
static bool check_credentials(struct pg *target, const char *store, const struct secret *secret, struct err *err)
{
    static const char nobody[] = "0000000000000000000000000000000000000000000000000000000000000000";
    SCOPED_RESULT r = NULL;
    if (!pg_query(target, "select secret_hash, state from carryover.n1_store where store = $1", PG_ARGS(store), &r,
                  err))
        return false;
    bool known = PQntuples(r) == 1;
    if (!secret_is(secret, known ? pg_text(r, 0, 0) : nobody) || !known)
        return err_set(err, ERR_CREDENTIALS, "no store has this id and this secret");
    return strcmp(pg_text(r, 0, 1), "active") == 0 ||
           err_set(err, ERR_STORE_INACTIVE, "the store is %s", pg_text(r, 0, 1));
}

struct opening {
    const char *store, *session, *key_id, *lives;
};

/* The disk is not waited for: a session that a crash of the server took, with its line in the audit, is opened again.
 */
static bool insert_session(struct pg *target, const void *ctx, struct err *err)
{
    const struct opening *x = ctx;
    return pg_run(target,
                  "delete from carryover.n1_session where store = $1 and session not in (select session from"
                  " carryover.n1_session where store = $1 and expires > now() order by opened desc limit " SESSIONS_MAX
                  " - 1)",
                  PG_ARGS(x->store), NULL, err) &&
           pg_run(target,
                  "with s as materialized (select set_config('synchronous_commit', 'off', true))"
                  " insert into carryover.n1_session (session, store, key_id, expires)"
                  " select $2, $1, $3, now() + $4::bigint * interval '1 s' from s",
                  PG_ARGS(x->store, x->session, x->key_id, x->lives), NULL, err);
}

bool registry_open_session(struct pg *target, const char *store, const struct secret *secret, const char *session,
                           const char *key_id, int64_t lives_s, struct err *err)
{
    char lives[24];
    snprintf(lives, sizeof lives, "%" PRId64, lives_s);
    struct opening x = {store, session, key_id, lives};
    return check_credentials(target, store, secret, err) &&
           change(target, insert_session, &x, PG_ARGS(store, "session-opened", store, NULL), err);
}

bool registry_session(struct pg *target, const char *session, const char *key_id, struct arena *a,
                      struct registry_session *ret, struct err *err)
{
    SCOPED_RESULT r = NULL;
    const char *sql =
        "select x.store, s.state, (select n from carryover.n1_epoch) from carryover.n1_session x"
        " join carryover.n1_store s using (store) where x.session = $1 and x.key_id = $2 and x.expires > now()";
    if (!pg_again(target, sql, PG_ARGS(session, key_id), &r, err))
        return false;
    if (PQntuples(r) == 0)
        return err_set(err, ERR_SESSION, "the session is unknown or over");
    *ret = (struct registry_session){arena_dup(a, pg_text(r, 0, 0)), arena_dup(a, pg_text(r, 0, 1)), pg_i64(r, 0, 2)};
    return true;
}

static bool delete_session(struct pg *target, const void *ctx, struct err *err)
{
    const char *session = ctx;
    return pg_run(target, "delete from carryover.n1_session where session = $1", PG_ARGS(session), NULL, err);
}

bool registry_close_session(struct pg *target, const char *store, const char *session, struct err *err)
{
    return change(target, delete_session, session, PG_ARGS(store, "session-closed", store, NULL), err);
}

bool registry_note_nonce(struct pg *target, const char *session, const char *nonce, int64_t keep_s, struct err *err)
{
    /* The disk is not waited for: whatever the request does commits later, and takes the nonce there with it. */
    static const char sql[] =
        "with s as materialized (select set_config('synchronous_commit', 'off', true))"
        " insert into carryover.n1_nonce (session, nonce, expires)"
        " select x.session, $2, now() + $3::bigint * interval '1 s' from s, carryover.n1_session x where x.session = $1"
        " on conflict do nothing";
    char keep[24];
    SCOPED_RESULT r = NULL;
    snprintf(keep, sizeof keep, "%" PRId64, keep_s);
    if (!pg_again(target, sql, PG_ARGS(session, nonce, keep), &r, err))
        return false;
    return strcmp(PQcmdTuples(r), "1") == 0 || err_set(err, ERR_REPLAY, "this nonce was used before in this session");
}

/* Not at every request: one row that is written all the time would be the slowest part of it. */
bool registry_contact(struct pg *target, const char *store, const char *version, struct err *err)
{
    /* When somebody was here last may be forgotten in a crash: the disk is not waited for. */
    static const char sql[] =
        "with s as materialized (select set_config('synchronous_commit', 'off', true))"
        " update carryover.n1_store set last_contact = now(), version = coalesce($2, version) from s where store = $1"
        " and (last_contact is null or last_contact < now() - interval '5 s' or version <> coalesce($2, version))";
    SCOPED_RESULT r = NULL;
    return pg_again(target, sql, PG_ARGS(store, version), &r, err);
}

bool registry_purge(struct pg *target, struct err *err)
{
    return pg_exec(target,
                   "delete from carryover.n1_nonce where expires < now();"
                   "delete from carryover.n1_session where expires < now()",
                   err);
}

/* --- as JSON --- */

static void put_text(struct buf *b, const char *name, const char *value)
{
    buf_printf(b, ",\"%s\":", name);
    json_put_string(b, str_of(value));
}

static void put_time(struct buf *b, const char *name, const char *value)
{
    if (value[0])
        put_text(b, name, value);
    else
        buf_printf(b, ",\"%s\":null", name);
}

void registry_put_store(struct buf *b, const struct registry_store *s)
{
    buf_puts(b, "{\"store\":");
    json_put_string(b, str_of(s->id));
    put_text(b, "name", s->name);
    put_text(b, "group", s->group);
    put_text(b, "schema", s->schema);
    put_text(b, "state", s->state);
    put_text(b, "version", s->version);
    put_time(b, "created", s->created);
    put_time(b, "secret_set", s->secret_set);
    put_time(b, "last_contact", s->last_contact);
    buf_printf(b, ",\"sessions\":%" PRId64 "}", s->sessions);
}

void registry_put_stores(struct buf *b, const struct registry_stores *l)
{
    buf_puts(b, "{\"stores\":[");
    for (size_t i = 0; i < l->n; i++) {
        buf_puts(b, i ? "," : "");
        registry_put_store(b, &l->p[i]);
    }
    buf_puts(b, "]}\n");
}
