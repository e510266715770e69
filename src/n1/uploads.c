#include "n1/uploads.h"
#include "n1/listing.h"
#include "n1/rescue.h"
#include "n1/upload.h"
#include "n1/verdict.h"

/* --- lists --- */

static const char uploads_sql[] =
    "select s.store, s.last, coalesce(u.rows, 0) as rows, coalesce(u.transactions, 0) as transactions,"
    " (select count(*) from carryover.n1_aside a where a.store = s.store) as aside,"
    " (select count(distinct f.transaction) from carryover.n1_finding f where f.store = s.store) as findings,"
    " (select count(*) from carryover.n1_upload_refused r where r.store = s.store) as refused, u.received"
    " from carryover.n1_upload_store s left join lateral (select sum(x.rows) as rows,"
    " sum(x.transactions) as transactions, " LISTING_ISO(
        "max(x.received)") " as received"
                           " from carryover.n1_upload x where x.store = s.store) u on true"
                           " where $1::text is null or s.store = $1 order by s.store";

bool uploads_put(struct pg *target, const char *store, bool json, struct buf *b, struct err *err)
{
    struct listing l = {uploads_sql, PG_ARGS(store), "uploads",
                        "store|>last|>rows|>transactions|>aside|>findings|>refused|received"};
    return listing_put(target, &l, json, b, err);
}

/* A row as it came, cut: it may be long. */
static const char aside_sql[] = "select store, number, table_name as \"table\", reason, " LISTING_ISO(
    "since") " as since, left(line, 60) as line"
             " from carryover.n1_aside where $1::text is null or store = $1 order by store, number, id limit 1000";

bool uploads_put_aside(struct pg *target, const char *store, bool json, struct buf *b, struct err *err)
{
    struct listing l = {aside_sql, PG_ARGS(store), "aside", "store|>package|table|reason|since|row"};
    return listing_put(target, &l, json, b, err);
}

static const char findings_sql[] =
    "select store, number, array_to_string(transaction, ' ') as transaction, rule, reason, " LISTING_ISO(
        "found") " as found"
                 " from carryover.n1_finding where $1::text is null or store = $1 order by store, number, transaction, "
                 "rule"
                 " limit 1000";

bool uploads_put_findings(struct pg *target, const char *store, bool json, struct buf *b, struct err *err)
{
    struct listing l = {findings_sql, PG_ARGS(store), "findings", "store|>package|transaction|rule|reason|found"};
    return listing_put(target, &l, json, b, err);
}

static const char refused_sql[] = "select id, store, number, length(content) as bytes, times, " LISTING_ISO(
    "received") " as received, reason"
                " from carryover.n1_upload_refused where $1::text is null or store = $1 order by store, received desc";

bool uploads_put_refused(struct pg *target, const char *store, bool json, struct buf *b, struct err *err)
{
    struct listing l = {refused_sql, PG_ARGS(store), "refused", ">id|store|>package|>bytes|>times|received|reason"};
    return listing_put(target, &l, json, b, err);
}

/* --- the second try --- */

struct replay {
    struct ingest *in;
    const char *store;
    struct arena *a;
    struct uploads_replay *counts;
};

/* Rows that came in the same package with the same columns, as if they were a package. */
struct group {
    struct intake rows;
    const char *number;
};

static const char groups_sql[] =
    "select number, table_name, columns, string_agg(line || E'\\n', '' order by id), count(*),"
    " array_agg(id order by id) from carryover.n1_aside where store = $1 and id <= $2::bigint"
    " group by 1, 2, 3 order by 1, min(id)";

static const struct uploads_table *conf_of(const struct ingest *in, const char *table)
{
    for (size_t i = 0; i < in->u->n_tables; i++)
        if (strcmp(in->u->tables[i].name, table) == 0)
            return &in->u->tables[i];
    return NULL;
}

static bool read_columns(struct replay *y, const char *array, struct intake_table *t, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(y->in->pg, "select unnest($1::text[])", PG_ARGS(array), &r, err))
        return false;
    t->n_columns = (size_t)PQntuples(r);
    t->columns = arena_new_array(y->a, const char *, t->n_columns);
    for (size_t i = 0; i < t->n_columns; i++)
        t->columns[i] = arena_dup(y->a, pg_text(r, (int)i, 0));
    return true;
}

static void take_lines(struct intake_table *t, const char *lines, size_t n)
{
    buf_puts(&t->lines, lines);
    t->starts = calloc(n + 1, sizeof *t->starts);
    if (!t->starts)
        abort();
    for (size_t at = 0; at < t->lines.n; t->starts[++t->n] = at)
        at = (size_t)((char *)memchr(t->lines.p + at, '\n', t->lines.n - at) - t->lines.p) + 1;
}

static bool read_group(struct replay *y, const PGresult *r, int row, struct group *ret, struct err *err)
{
    *ret = (struct group){.number = pg_text(r, row, 0)};
    ret->rows.tables = arena_new_one(y->a, struct intake_table);
    struct intake_table *t = &ret->rows.tables[0];
    t->conf = conf_of(y->in, pg_text(r, row, 1));
    if (!t->conf)
        return err_set(err, ERR_TARGET_STATE, "the package no longer has the table %s", pg_text(r, row, 1));
    ret->rows.n_tables = 1;
    ret->rows.rows = pg_i64(r, row, 4);
    take_lines(t, pg_text(r, row, 3), (size_t)ret->rows.rows);
    return read_columns(y, pg_text(r, row, 2), t, err);
}

static bool try_group(struct replay *y, const PGresult *r, int row, struct err *err)
{
    struct group g;
    SCOPED_RESCUE rescue = {0};
    int64_t transactions = 0;
    bool ok = read_group(y, r, row, &g, err) && ingest_check(y->in, &g.rows, err) &&
              rescue_rows(y->in, &g.rows, y->a, &rescue, err) &&
              pg_run(y->in->pg, "delete from carryover.n1_aside where id = any ($1::bigint[])",
                     PG_ARGS(pg_text(r, row, 5)), NULL, err) &&
              upload_keep_aside(y->in, y->store, strtoll(g.number, NULL, 10), &g.rows, &rescue, err) &&
              verdict_note(y->in, &g.rows, &transactions, err);
    y->counts->tried += g.rows.rows;
    y->counts->in += g.rows.rows - (int64_t)rescue.aside.n;
    intake_done(&g.rows);
    return ok;
}

static bool count_findings(struct replay *y, int64_t *ret, struct err *err)
{
    return pg_value_i64(y->in->pg, "select count(distinct transaction) from carryover.n1_finding where store = $1",
                        PG_ARGS(y->store), ret, err);
}

/* The store's row is locked as by an upload. Only rows that were there at the beginning: what fails is kept anew. */
static bool replay_inside(struct replay *y, struct err *err)
{
    SCOPED_RESULT r = NULL;
    char *last = NULL;
    int64_t before = 0, after = 0;
    if (!pg_exec(y->in->pg, "set local lock_timeout = 0", err) ||
        !pg_run(y->in->pg, "select from carryover.n1_upload_store where store = $1 for update", PG_ARGS(y->store), NULL,
                err) ||
        !ingest_begin(y->in, err) || !count_findings(y, &before, err) ||
        !pg_value(y->in->pg, "select coalesce(max(id), 0) from carryover.n1_aside", PG_NONE, y->a, &last, err) ||
        !pg_query(y->in->pg, groups_sql, PG_ARGS(y->store, last), &r, err))
        return false;
    for (int i = 0; i < PQntuples(r); i++)
        if (!try_group(y, r, i, err))
            return false;
    if (!verdict_note_again(y->in, y->store, err) || !verdict_give(y->in, y->store, 0, err) ||
        !count_findings(y, &after, err))
        return false;
    y->counts->findings += before;
    y->counts->left += after;
    return true;
}

static bool replay_store(struct ingest *in, const char *store, struct uploads_replay *ret, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct replay y = {in, store, a, ret};
    if (pg_begin(in->pg, err) && replay_inside(&y, err) && pg_commit(in->pg, err))
        return true;
    pg_rollback(in->pg);
    return err_wrap(err, "the store %s", store);
}

bool uploads_replay(struct ingest *in, const char *store, struct uploads_replay *ret, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(in->pg,
                  "select store from carryover.n1_upload_store s where ($1::text is null or store = $1) and"
                  " (exists (select from carryover.n1_aside a where a.store = s.store)"
                  " or exists (select from carryover.n1_finding f where f.store = s.store)) order by 1",
                  PG_ARGS(store), &r, err))
        return false;
    for (int i = 0; i < PQntuples(r); i++)
        if (!replay_store(in, pg_text(r, i, 0), ret, err))
            return false;
    return true;
}
