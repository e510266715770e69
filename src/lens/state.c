#include "lens/state.h"
#include "base/json.h"
#include "db/target.h"

#define ROWS_SHOWN 10 /* lenses that are shown though they are fresh */

/* The lock keeps two processes that start at once from making the same table. */
static const char prepare_sql[] =
    "select pg_advisory_xact_lock(1667330681, 6);" TARGET_MEMBER_SQL
    "create table if not exists carryover.channel_tracker ("
    " direction text not null, lens text not null, rel_schema text not null, rel_name text not null, n int not null,"
    " sql text not null);"
    "create table if not exists carryover.lens_package ("
    " direction text primary key, package text not null, digest text not null,"
    " installed timestamptz not null default clock_timestamp());"
    "create table if not exists carryover.lens ("
    " direction text not null, name text not null, kind text not null, key text[] not null, dirty text not null,"
    " reloaded text not null, columns text[] not null, keys_table text not null, focused text not null,"
    " state text not null default 'planned' check (state in ('planned', 'loading', 'indexing', 'fresh', 'failed')),"
    " error text not null default '', rows bigint not null default 0, keys bigint not null default 0,"
    " changed bigint not null default 0, loaded timestamptz, primary key (direction, name));"
    "create table if not exists carryover.lens_chunk ("
    " direction text not null, lens text not null, no int not null, branch int not null, lo bigint not null,"
    " hi bigint not null, done boolean not null default false, rows bigint not null default 0,"
    " primary key (direction, lens, no), foreign key (direction, lens) references carryover.lens on delete cascade);"
    "create table if not exists carryover.lens_job ("
    " direction text not null, lens text not null, no int not null, sql text not null, line int not null,"
    " done boolean not null default false,"
    " primary key (direction, lens, no), foreign key (direction, lens) references carryover.lens on delete cascade);"
    "create table if not exists carryover.touched_whole ("
    " rel_schema text not null, rel_name text not null, xid xid8 not null default pg_current_xact_id());"
    "create table if not exists carryover.lens_stale (direction text not null, lens text not null);"
    "create table if not exists carryover.aside ("
    " direction text not null, lens text not null, key text not null, reason text not null,"
    " since timestamptz not null default clock_timestamp(), primary key (direction, lens, key));"
    "create or replace function carryover.lens_backlog(out direction text, out name text, out state text,"
    " out keys bigint, out stale boolean) returns setof record language plpgsql stable as $$"
    " declare l record; begin"
    " for l in select x.direction, x.name, x.state, x.kind, x.dirty from carryover.lens x order by 1, 2 loop"
    "  direction := l.direction; name := l.name; state := l.state; keys := 0;"
    "  if l.kind <> 'full' then execute format('select count(*) from carryover.%I', l.dirty) into keys; end if;"
    "  stale := exists (select from carryover.lens_stale s where s.direction = l.direction and s.lens = l.name);"
    "  return next; end loop; end $$";

bool state_prepare(struct pg *target, struct err *err)
{
    return pg_exec(target, prepare_sql, err) || err_wrap(err, "making the tables of the upgrade");
}

static bool exists(struct pg *target, bool *ret, struct err *err)
{
    int64_t n = 0;
    *ret = false;
    if (!pg_value_i64(target, "select (to_regclass('carryover.lens') is not null)::int", PG_NONE, &n, err))
        return false;
    *ret = n != 0;
    return true;
}

bool state_installed(struct pg *target, enum lens_direction d, struct arena *a, char **ret_digest, struct err *err)
{
    bool there = false;
    *ret_digest = arena_dup(a, "");
    if (!exists(target, &there, err))
        return false;
    char *digest = NULL;
    if (there && !pg_value(target, "select digest from carryover.lens_package where direction = $1",
                           PG_ARGS(lens_direction_name(d)), a, &digest, err))
        return false;
    if (digest)
        *ret_digest = digest;
    return true;
}

static const char read_sql[] =
    "select l.name, l.kind, l.state, l.error, count(c.*), count(c.*) filter (where c.done),"
    " case when l.loaded is null then coalesce(sum(c.rows), 0) else l.rows end, b.keys, b.stale, l.keys, l.changed"
    " from carryover.lens l join carryover.lens_backlog() b on b.direction = l.direction and b.name = l.name"
    " left join carryover.lens_chunk c on c.direction = l.direction and c.lens = l.name"
    " where l.direction = $1 group by l.direction, l.name, b.keys, b.stale order by l.name";

bool state_read(struct pg *target, enum lens_direction d, struct arena *a, struct state_rows *ret, struct err *err)
{
    bool there = false;
    *ret = (struct state_rows){0};
    if (!exists(target, &there, err))
        return false;
    if (!there)
        return true;
    SCOPED_RESULT r = NULL;
    if (!pg_query(target, read_sql, PG_ARGS(lens_direction_name(d)), &r, err))
        return false;
    ret->p = arena_new_array(a, struct state_row, (size_t)PQntuples(r) + 1);
    for (int i = 0; i < PQntuples(r); i++)
        ret->p[ret->n++] = (struct state_row){.name = arena_dup(a, pg_text(r, i, 0)),
                                              .kind = arena_dup(a, pg_text(r, i, 1)),
                                              .state = arena_dup(a, pg_text(r, i, 2)),
                                              .error = arena_dup(a, pg_text(r, i, 3)),
                                              .chunks = pg_i64(r, i, 4),
                                              .chunks_done = pg_i64(r, i, 5),
                                              .rows = pg_i64(r, i, 6),
                                              .backlog = pg_i64(r, i, 7),
                                              .stale = pg_bool(r, i, 8),
                                              .reloaded = pg_i64(r, i, 9),
                                              .changed = pg_i64(r, i, 10)};
    return true;
}

bool state_backlog(struct pg *target, enum lens_direction d, int64_t *ret, struct err *err)
{
    return pg_value_i64(target,
                        "select coalesce(sum(keys + stale::int), 0) from carryover.lens_backlog()"
                        " where direction = $1",
                        PG_ARGS(lens_direction_name(d)), ret, err);
}

/* -- for people and programs -- */

static const char *what_now(const struct state_row *r, char text[64])
{
    if (*r->error && strcmp(r->state, "fresh") != 0)
        snprintf(text, 64, "failed");
    else if (strcmp(r->state, "loading") == 0)
        snprintf(text, 64, "loading %" PRId64 "/%" PRId64, r->chunks_done, r->chunks);
    else
        snprintf(text, 64, "%s", r->state);
    return text;
}

static bool is_quiet(const struct state_row *r)
{
    return strcmp(r->state, "fresh") == 0 && !r->stale && !*r->error;
}

/* How many lenses are larger: the largest one has none. */
static size_t rank(const struct state_rows *rows, const struct state_row *r)
{
    size_t n = 0;
    for (size_t i = 0; i < rows->n; i++)
        n += rows->p[i].rows > r->rows || (rows->p[i].rows == r->rows && &rows->p[i] < r);
    return n;
}

static void put_line(struct buf *b, const struct state_row *r)
{
    char now[64];
    buf_printf(b, "%-40s %-6s %-14s %12" PRId64 " %10" PRId64 " %10" PRId64 " %10" PRId64 "%s\n", r->name, r->kind,
               what_now(r, now), r->rows, r->backlog, r->reloaded, r->changed, r->stale ? " stale" : "");
    if (*r->error)
        buf_printf(b, "  %s\n", r->error);
}

void state_put_text(struct buf *b, const struct state_rows *rows, bool all)
{
    size_t fresh = 0, hidden = 0;
    int64_t n = 0;
    buf_printf(b, "%-40s %-6s %-14s %12s %10s %10s %10s\n", "lens", "kind", "state", "rows", "dirty", "reloaded",
               "changed");
    for (size_t i = 0; i < rows->n; i++) {
        const struct state_row *r = &rows->p[i];
        n += r->rows;
        fresh += strcmp(r->state, "fresh") == 0;
        if (all || !is_quiet(r) || rank(rows, r) < ROWS_SHOWN)
            put_line(b, r);
        else
            hidden++;
    }
    if (hidden)
        buf_printf(b, "... and %zu smaller ones that are fresh (--all shows them)\n", hidden);
    buf_printf(b, "%zu of %zu lenses are fresh, %" PRId64 " rows\n", fresh, rows->n, n);
}

static void put_row(struct buf *b, const struct state_row *r)
{
    buf_puts(b, "{\"lens\":");
    json_put_string(b, str_of(r->name));
    buf_printf(b,
               ",\"kind\":\"%s\",\"state\":\"%s\",\"chunks\":%" PRId64 ",\"chunks_done\":%" PRId64 ",\"rows\":%" PRId64
               ",\"dirty\":%" PRId64 ",\"stale\":%s,\"reloaded\":%" PRId64 ",\"changed\":%" PRId64 ",\"error\":",
               r->kind, r->state, r->chunks, r->chunks_done, r->rows, r->backlog, r->stale ? "true" : "false",
               r->reloaded, r->changed);
    json_put_string(b, str_of(r->error));
    buf_putc(b, '}');
}

void state_put_json(struct buf *b, const struct state_rows *rows)
{
    buf_putc(b, '[');
    for (size_t i = 0; i < rows->n; i++) {
        buf_puts(b, i ? "," : "");
        put_row(b, &rows->p[i]);
    }
    buf_putc(b, ']');
}
