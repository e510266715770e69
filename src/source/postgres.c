#include "base/cancel.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/name.h"
#include "base/vec.h"
#include "source/internal.h"
#include <stdlib.h>

#define VERSION_MIN 130000
#define SNAPSHOT_SLOT_SUFFIX "_snap"

bool source_open(const struct source_opts *o, struct source **ret, struct err *err)
{
    struct source *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    s->arena = arena_new();
    s->opts = *o;
    s->opts.role = o->role ? o->role : "source";
    s->opts.publication = source_publication(o);
    *ret = s;
    /* What we write is a position in the log, which counts only once it is flushed: whatever the server's default is.
     */
    if (pg_open(o->uri, s->opts.role, &s->pg, err) && pg_exec(s->pg, "set synchronous_commit = on", err)) {
        if (pg_version(s->pg) >= VERSION_MIN)
            return true;
        err_set(err, ERR_SOURCE_VERSION, "the %s is PostgreSQL %d", s->opts.role, pg_version(s->pg) / 10000);
    }
    source_free(s);
    *ret = NULL;
    return false;
}

void source_free(struct source *s)
{
    if (!s)
        return;
    pg_free(s->snapshot);
    pg_free(s->pg);
    arena_free(s->arena);
    free(s);
}

void source_put_path(struct buf *b, const struct source_opts *o)
{
    name_put(b, o->schema);
    for (const char *const *schema = o->also; schema && *schema; schema++) {
        buf_puts(b, ", ");
        name_put(b, *schema);
    }
}

struct pg *source_pg(struct source *s)
{
    return s->pg;
}

bool source_identity(struct source *s, struct arena *a, char **ret_system, char **ret_database, struct err *err)
{
    SCOPED(pg) pg = NULL;
    SCOPED_RESULT r = NULL;
    if (!pg_open_replication(s->opts.uri, s->opts.role, &pg, err) || !pg_simple(pg, "IDENTIFY_SYSTEM", &r, err))
        return err_wrap(err, "asking the %s who it is", s->opts.role);
    *ret_system = arena_dup(a, pg_text(r, 0, 0));
    *ret_database = arena_dup(a, PQdb(pg_raw(pg)));
    return true;
}

/* -- what has to be there -- */

struct problem_list {
    struct arena *arena;
    const char *role;
    VEC(struct source_problem) v;
};

static void PRINTF_LIKE(4, 5)
    add_problem(struct problem_list *l, enum err_code code, const char *mend, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *what = arena_vprintf(l->arena, fmt, args);
    va_end(args);
    *vec_push(&l->v) = (struct source_problem){code, what, mend};
}

static const char settings_sql[] =
    "select current_setting('wal_level'), current_setting('max_replication_slots')::int,"
    " (select count(*) from pg_replication_slots), current_setting('max_wal_senders')::int,"
    " (select count(*) from pg_stat_replication), r.rolreplication or r.rolsuper, r.rolsuper, current_user,"
    " has_database_privilege(current_database(), 'CREATE'), current_database(),"
    " (select count(*) from pg_replication_slots where slot_name = $1), has_schema_privilege($2::text, 'USAGE')"
    " from pg_roles r where r.rolname = current_user";

static void check_settings(struct problem_list *l, const PGresult *r)
{
    bool have_slot = pg_i64(r, 0, 10) > 0;
    if (strcmp(pg_text(r, 0, 0), "logical") != 0)
        add_problem(l, ERR_SOURCE_WAL_LEVEL, "ALTER SYSTEM SET wal_level = 'logical';  -- then restart the server",
                    "wal_level of the %s is %s, not logical", l->role, pg_text(r, 0, 0));
    if (!have_slot && pg_i64(r, 0, 1) - pg_i64(r, 0, 2) < 2)
        add_problem(l, ERR_SOURCE_SLOTS,
                    arena_printf(l->arena, "ALTER SYSTEM SET max_replication_slots = %d;  -- then restart the server",
                                 (int)pg_i64(r, 0, 2) + 4),
                    "the %s has %d replication slots and %d are taken; two are needed", l->role, (int)pg_i64(r, 0, 1),
                    (int)pg_i64(r, 0, 2));
    if (pg_i64(r, 0, 3) - pg_i64(r, 0, 4) < 2)
        add_problem(l, ERR_SOURCE_SLOTS,
                    arena_printf(l->arena, "ALTER SYSTEM SET max_wal_senders = %d;  -- then restart the server",
                                 (int)pg_i64(r, 0, 4) + 4),
                    "the %s has %d WAL senders and %d are taken; two are needed", l->role, (int)pg_i64(r, 0, 3),
                    (int)pg_i64(r, 0, 4));
}

static void check_rights(struct problem_list *l, const PGresult *r, const char *schema)
{
    const char *user = pg_text(r, 0, 7);
    if (!pg_bool(r, 0, 5))
        add_problem(l, ERR_SOURCE_PRIVILEGE,
                    arena_printf(l->arena, "ALTER ROLE %s REPLICATION;", pg_ident(l->arena, user)),
                    "the role %s may not replicate", user);
    if (!pg_bool(r, 0, 8))
        add_problem(l, ERR_SOURCE_PRIVILEGE,
                    arena_printf(l->arena, "GRANT CREATE ON DATABASE %s TO %s;", pg_ident(l->arena, pg_text(r, 0, 9)),
                                 pg_ident(l->arena, user)),
                    "the role %s may not make a publication in the database %s", user, pg_text(r, 0, 9));
    if (!pg_bool(r, 0, 11))
        add_problem(l, ERR_SOURCE_PRIVILEGE,
                    arena_printf(l->arena, "GRANT USAGE ON SCHEMA %s TO %s;", pg_ident(l->arena, schema),
                                 pg_ident(l->arena, user)),
                    "the role %s may not use the schema %s", user, schema);
}

static const char tables_sql[] =
    "select c.relname, has_table_privilege(c.oid, 'SELECT'), pg_has_role(c.relowner, 'USAGE'), "
    "pg_get_userbyid(c.relowner), n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
    " where n.nspname = any (string_to_array($1, '/')) and c.relkind in ('r', 'p')"
    " and not (has_table_privilege(c.oid, 'SELECT') and pg_has_role(c.relowner, 'USAGE')) order by 1";

/* A publication may only hold tables of an owner whose role we have; with it come the other rights. */
static void check_table(struct problem_list *l, const struct table *t, const char *user, const char *owner,
                        bool is_owner)
{
    if (t->mode != TABLE_CUTOVER && !is_owner)
        add_problem(l, ERR_SOURCE_PRIVILEGE,
                    arena_printf(l->arena, "GRANT %s TO %s;", pg_ident(l->arena, owner), pg_ident(l->arena, user)),
                    "the role %s may not publish the table %s, which belongs to %s", user, t->name, owner);
    else
        add_problem(l, ERR_SOURCE_PRIVILEGE,
                    arena_printf(l->arena, "GRANT SELECT ON %s TO %s;", pg_qualified(l->arena, t->schema, t->name),
                                 pg_ident(l->arena, user)),
                    "the role %s may not read the table %s", user, t->name);
}

static void check_tables(struct source *s, struct problem_list *l, const PGresult *r, const struct table_list *tables)
{
    const char *user = PQuser(pg_raw(s->pg));
    for (int i = 0; i < PQntuples(r); i++) {
        const struct table *t = table_find(tables, pg_text(r, i, 4), pg_text(r, i, 0));
        bool may_read = pg_bool(r, i, 1), is_owner = pg_bool(r, i, 2);
        if (t && !(may_read && (is_owner || t->mode == TABLE_CUTOVER)))
            check_table(l, t, user, pg_text(r, i, 3), is_owner);
    }
}

/* "a/b/c": a slash is in no name that anybody gives to a schema. */
static char *all_schemas(const struct source *s, struct arena *a)
{
    char *all = arena_dup(a, s->opts.schema);
    for (const char *const *schema = s->opts.also; schema && *schema; schema++)
        all = arena_printf(a, "%s/%s", all, *schema);
    return all;
}

bool source_check(struct source *s, const struct table_list *tables, struct arena *a, struct source_problems *ret,
                  struct err *err)
{
    struct problem_list l = {.arena = a, .role = s->opts.role};
    SCOPED_RESULT settings = NULL;
    SCOPED_RESULT rights = NULL;
    if (!pg_query(s->pg, settings_sql, PG_ARGS(s->opts.slot, s->opts.schema), &settings, err) ||
        !pg_query(s->pg, tables_sql, PG_ARGS(all_schemas(s, a)), &rights, err))
        return err_wrap(err, "checking the %s", s->opts.role);
    check_settings(&l, settings);
    check_rights(&l, settings, s->opts.schema);
    check_tables(s, &l, rights, tables);
    ret->n = l.v.n;
    ret->p = arena_new_array(a, struct source_problem, l.v.n + 1);
    for (size_t i = 0; i < l.v.n; i++)
        ret->p[i] = l.v.p[i];
    vec_done(&l.v);
    return true;
}

/* -- capturing -- */

bool source_snapshot_connection(struct source *s, struct pg **ret, struct err *err)
{
    pg_free(s->snapshot);
    s->snapshot = NULL;
    if (!pg_open_replication(s->opts.uri, s->opts.role, &s->snapshot, err))
        return false;
    *ret = s->snapshot;
    return true;
}

#define LOCK_TIMED_OUT "55P03"

/* A slot begins where every transaction is known from its start: with old ones about, that takes a while. */
static bool old_transactions(struct source *s, struct arena *a, const char **ret, struct err *err)
{
    SCOPED_RESULT r = NULL;
    const char *sql =
        "select count(*), coalesce(to_char(min(begun), 'YYYY-MM-DD HH24:MI:SS'), ''),"
        " coalesce(string_agg(who, ', ' order by begun), '') from"
        " (select xact_start, 'process ' || pid from pg_stat_activity"
        "   where backend_xid is not null and pid <> pg_backend_pid()"
        "  union all select prepared, 'prepared transaction ' || quote_literal(gid) from pg_prepared_xacts"
        "  order by 1 limit 20) x(begun, who) where begun < clock_timestamp() - interval '5 s'";
    if (!pg_query(s->pg, sql, PG_NONE, &r, err))
        return false;
    *ret = pg_i64(r, 0, 0) ? arena_printf(a, "the oldest of %s: %s", pg_text(r, 0, 1), pg_text(r, 0, 2)) : NULL;
    return true;
}

static bool tell_wait(struct source *s, struct err *err)
{
    SCOPED(arena) a = arena_new();
    const char *who = NULL;
    if (!old_transactions(s, a, &who, err))
        return false;
    if (who)
        log_warn("source.wait", "the snapshot waits until older transactions of the %s have ended, %s", s->opts.role,
                 who);
    return true;
}

static bool blame_slot(struct source *s, const char *name, struct err *err)
{
    SCOPED(arena) a = arena_new();
    const char *who = NULL;
    struct err ignored;
    if (strcmp(err->sqlstate, LOCK_TIMED_OUT) != 0)
        return err_wrap(err, "making the replication slot %s", name);
    bool known = old_transactions(s, a, &who, &ignored) && who;
    err_set(err, ERR_TIMEOUT, "a snapshot of the %s has to wait for transactions that write: %s", s->opts.role,
            known ? who : "they are gone by now");
    return err_hint(err,
                    "End them (select pg_terminate_backend(number of the process)) or let them end, and try again.");
}

/* Makes a slot; the transaction it exports is alive until the connection does anything else. */
static bool make_slot(struct source *s, const char *name, bool temporary, int wait_ms, struct source_snapshot *ret,
                      struct err *err)
{
    struct pg *pg = NULL;
    SCOPED(arena) a = arena_new();
    SCOPED_RESULT r = NULL;
    if (!source_snapshot_connection(s, &pg, err) || !tell_wait(s, err) ||
        !pg_execf(pg, err, "set lock_timeout = %d", wait_ms))
        return false;
    char *sql = arena_printf(a, "CREATE_REPLICATION_SLOT %s %sLOGICAL pgoutput EXPORT_SNAPSHOT", pg_ident(a, name),
                             temporary ? "TEMPORARY " : "");
    if (!pg_simple(pg, sql, &r, err))
        return blame_slot(s, name, err);
    if (!pg_lsn_parse(pg_text(r, 0, 1), &ret->position))
        return err_set(err, ERR_STREAM, "the %s gave no position for its replication slot", s->opts.role);
    snprintf(ret->name, sizeof ret->name, "%s", pg_text(r, 0, 2));
    return true;
}

/* The publication says whose it is. A crash may leave it without slot, never the other way round. */
static bool check_owner(struct source *s, const char *owner, struct err *err)
{
    SCOPED_RESULT r = NULL;
    const char *sql = "select coalesce((select obj_description(oid, 'pg_publication') from pg_publication"
                      "  where pubname = $3), '') = $2,"
                      " exists (select from pg_publication where pubname = $3) or"
                      " exists (select from pg_replication_slots where slot_name = $1)";
    const char *slot = s->opts.slot, *publication = s->opts.publication;
    if (!pg_query(s->pg, sql, PG_ARGS(slot, owner, publication), &r, err))
        return false;
    if (pg_bool(r, 0, 0) || !pg_bool(r, 0, 1))
        return true;
    SCOPED(arena) a = arena_new();
    err_set(err, ERR_GUARD, "the slot or publication %s on the %s belongs to another replica", slot, s->opts.role);
    return err_hint(err,
                    "Choose another name with the setting replicate.slot. If nobody needs it any more, on that server:"
                    " SELECT pg_drop_replication_slot(%s); DROP PUBLICATION IF EXISTS %s;",
                    pg_literal(a, slot), pg_ident(a, publication));
}

static bool make_publication(struct source *s, const struct table_list *tables, const char *owner, struct err *err)
{
    SCOPED_BUF sql = {0};
    buf_puts(&sql, "drop publication if exists ");
    name_put(&sql, s->opts.publication);
    buf_puts(&sql, "; create publication ");
    name_put(&sql, s->opts.publication);
    bool first = true;
    for (size_t i = 0; i < tables->n; i++) {
        if (tables->p[i].mode == TABLE_CUTOVER)
            continue;
        buf_puts(&sql, first ? " for table " : ", ");
        table_put_source(&sql, &tables->p[i]);
        first = false;
    }
    buf_puts(&sql, " with (publish_via_partition_root = true); comment on publication ");
    name_put(&sql, s->opts.publication);
    buf_puts(&sql, " is ");
    pg_put_literal(&sql, owner);
    return pg_exec(s->pg, sql.p, err) ||
           err_wrap(err, "making the publication %s on the %s", s->opts.publication, s->opts.role);
}

bool source_capture(struct source *s, const struct table_list *tables, const char *owner, struct source_snapshot *ret,
                    struct err *err)
{
    return source_release(s, owner, err) && make_publication(s, tables, owner, err) &&
           make_slot(s, s->opts.slot, false, 0, ret, err);
}

bool source_capturing(struct source *s, uint64_t *ret_from, struct err *err)
{
    SCOPED_RESULT r = NULL;
    const char *sql = "select wal_status, exists (select from pg_publication where pubname = $2), confirmed_flush_lsn"
                      " from pg_replication_slots where slot_name = $1 and database = current_database()";
    *ret_from = 0;
    if (!pg_query(s->pg, sql, PG_ARGS(s->opts.slot, s->opts.publication), &r, err))
        return false;
    if (PQntuples(r) == 0)
        return true;
    if (strcmp(pg_text(r, 0, 0), "lost") == 0)
        return err_set(err, ERR_SLOT_LOST, "the %s has removed log that the slot %s still needed", s->opts.role,
                       s->opts.slot);
    return !pg_bool(r, 0, 1) || pg_lsn_parse(pg_text(r, 0, 2), ret_from) ||
           err_set(err, ERR_SLOT_LOST, "the replication slot %s was never complete", s->opts.slot);
}

/* Two proofs at the same time need two slots: the name carries the server process that wants it. One proof may need two
 * in a row, and the server takes its time to remove the first. */
bool source_snapshot(struct source *s, int wait_ms, struct source_snapshot *ret, struct err *err)
{
    SCOPED(arena) a = arena_new();
    char *name = arena_printf(a, "%.40s" SNAPSHOT_SLOT_SUFFIX "_%d_%u", s->opts.slot, PQbackendPID(pg_raw(s->pg)),
                              ++s->snapshots);
    return make_slot(s, name, true, wait_ms, ret, err);
}

static void put_followed(struct buf *b, const struct table_list *tables)
{
    bool first = true;
    buf_putc(b, '{');
    for (size_t i = 0; i < tables->n; i++) {
        if (tables->p[i].mode == TABLE_CUTOVER)
            continue;
        buf_printf(b, "%s%u", first ? "" : ",", tables->p[i].oid);
        first = false;
    }
    buf_putc(b, '}');
}

bool source_still_captured(struct source *s, const struct table_list *tables, struct err *err)
{
    SCOPED_BUF oids = {0};
    SCOPED_RESULT r = NULL;
    const char *sql =
        "select f.oid, c.oid is not null from unnest($1::oid[]) f(oid) left join pg_class c on c.oid = f.oid"
        " where not exists (select from pg_publication_rel r join pg_publication p on p.oid = r.prpubid"
        "  where p.pubname = $2 and r.prrelid = f.oid) limit 1";
    put_followed(&oids, tables);
    if (!pg_query(s->pg, sql, PG_ARGS(oids.p, s->opts.publication), &r, err))
        return false;
    for (size_t i = 0; PQntuples(r) && i < tables->n; i++)
        if (tables->p[i].oid == (uint32_t)pg_i64(r, 0, 0))
            return err_set(err, ERR_SOURCE_DDL, "the table %s %s the %s", tables->p[i].name,
                           pg_bool(r, 0, 1) ? "was taken out of the publication on" : "is gone from", s->opts.role);
    return true;
}

bool source_release(struct source *s, const char *owner, struct err *err)
{
    SCOPED(arena) a = arena_new();
    if (!check_owner(s, owner, err))
        return false;
    pg_free(s->snapshot);
    s->snapshot = NULL;
    const char *drop = "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1"
                       " and database = current_database()";
    if (!pg_run(s->pg, drop, PG_ARGS(s->opts.slot), NULL, err))
        return err_wrap(err, "dropping the replication slot %s", s->opts.slot);
    return pg_execf(s->pg, err, "drop publication if exists %s", pg_ident(a, s->opts.publication)) ||
           err_wrap(err, "dropping the publication %s", s->opts.publication);
}

bool source_position(struct source *s, uint64_t *ret, struct err *err)
{
    SCOPED(arena) a = arena_new();
    char *text = NULL;
    /* A message of our own in the log: every commit so far lies before it, and it is flushed, so that the stream gets
     * past it even when nobody writes any more. */
    const char *sql = "select pg_logical_emit_message(true, 'carryover', 'position')";
    if (!pg_value(s->pg, sql, PG_NONE, a, &text, err))
        return false;
    return pg_lsn_parse(text, ret) || err_set(err, ERR_STREAM, "the %s gave no position", s->opts.role);
}

bool source_retained(struct source *s, int64_t *ret_bytes, int64_t *ret_limit, struct err *err)
{
    SCOPED_RESULT r = NULL;
    const char *sql =
        "select coalesce((select (pg_current_wal_lsn() - restart_lsn)::bigint from pg_replication_slots"
        "  where slot_name = $1), 0), coalesce((select case when setting = '-1' then -1"
        "  else setting::bigint * 1048576 end from pg_settings where name = 'max_slot_wal_keep_size'), -1)";
    if (!pg_query(s->pg, sql, PG_ARGS(s->opts.slot), &r, err))
        return false;
    *ret_bytes = pg_i64(r, 0, 0);
    *ret_limit = pg_i64(r, 0, 1);
    return true;
}

/* How long a server may take to notice that the reader of a stream has gone. */
enum { RELEASED_MS = 10000, RELEASED_STEP_MS = 20 };

/* Whoever has just ended a stream finds its slot in use for a moment more. Not an error when it stays so: whatever is
 * done with the slot next says by whom. */
static bool wait_until_released(struct source *s, struct err *err)
{
    int64_t active = 1;
    for (int ms = 0; active && ms < RELEASED_MS; ms += RELEASED_STEP_MS) {
        if (!cancel_check(err) ||
            !pg_value_i64(s->pg, "select count(*) from pg_replication_slots where slot_name = $1 and active",
                          PG_ARGS(s->opts.slot), &active, err))
            return false;
        if (active)
            clock_sleep_ms(RELEASED_STEP_MS);
    }
    return true;
}

/* Looks into the slot without taking anything out of it. The first byte says what a message is (manual 55.9): I, U, D,
 * T are changes, C is a commit. */
bool source_changed_since(struct source *s, uint64_t position, int64_t *ret, struct err *err)
{
    SCOPED(arena) a = arena_new();
    char lsn[24], end[24];
    uint64_t now = 0;
    /* Without an end the server would wait for a record that is begun but not flushed, which takes seconds when it is
     * idle. Everything before our own position is flushed. */
    if (!wait_until_released(s, err) || !source_position(s, &now, err))
        return false;
    pg_lsn_format(position, lsn);
    pg_lsn_format(now, end);
    const char *sql = "with p as (select lsn, xid::text as x, chr(get_byte(data, 0)) as kind"
                      "  from pg_logical_slot_peek_binary_changes($1, $4::pg_lsn, null, 'proto_version', '1',"
                      "       'publication_names', $3))"
                      " select count(*) from p where kind in ('I', 'U', 'D', 'T')"
                      " and x in (select x from p where kind = 'C' and lsn > $2::pg_lsn)";
    return pg_value_i64(s->pg, sql, PG_ARGS(s->opts.slot, lsn, pg_ident(a, s->opts.publication), end), ret, err) ||
           err_wrap(err, "looking for changes that came late");
}
