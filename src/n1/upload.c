#include "n1/upload.h"
#include "base/json.h"
#include "base/log.h"
#include "db/target.h"
#include "n1/counters.h"
#include "n1/rescue.h"
#include "n1/verdict.h"
#include "net/sha256.h"

#define REFUSED_KEPT "20" /* packages of each store */

/* The lock keeps two instances that start at once from making the same table. */
static const char prepare_sql[] =
    "select pg_advisory_xact_lock(1667330681, 6);"
    "create table if not exists carryover.n1_upload_store (store text primary key, last bigint not null default 0);"
    "create table if not exists carryover.n1_upload (store text not null, number bigint not null, sha256 text not null,"
    " job text not null, bytes bigint not null, rows bigint not null, aside bigint not null,"
    " transactions bigint not null, answer text not null, received timestamptz not null default clock_timestamp(),"
    " primary key (store, number));"
    "create table if not exists carryover.n1_upload_counter (store text not null, table_name text not null,"
    " counter bigint not null, primary key (store, table_name));"
    "create table if not exists carryover.n1_upload_seed (table_name text primary key,"
    " at timestamptz not null default clock_timestamp());"
    "create table if not exists carryover.n1_upload_refused (id bigint generated always as identity primary key,"
    " store text not null, number bigint not null, reason text not null, sha256 text not null, content bytea not null,"
    " times bigint not null default 1, received timestamptz not null default clock_timestamp(), unique (store, "
    "sha256));"
    "alter table carryover.n1_upload_refused alter content set storage external;"
    "create table if not exists carryover.n1_aside (id bigint generated always as identity primary key,"
    " store text not null, number bigint not null, table_name text not null, columns text[] not null,"
    " line text not null, reason text not null, since timestamptz not null default clock_timestamp());"
    "create index if not exists n1_aside_store on carryover.n1_aside (store, table_name);"
    "create table if not exists carryover.n1_finding (store text not null, transaction text[] not null,"
    " rule text not null, number bigint not null, reason text not null,"
    " found timestamptz not null default clock_timestamp(), primary key (store, transaction, rule));"
    "create table if not exists carryover.n1_total (store text not null, terminal text not null, day date not null,"
    " number bigint not null, totals jsonb not null, primary key (store, terminal, day))";

bool upload_prepared(struct pg *target, bool *ret, struct err *err)
{
    int64_t n = 0;
    if (!pg_value_i64(target, "select (to_regclass('carryover.n1_total') is not null)::int", PG_NONE, &n, err))
        return false;
    *ret = n != 0;
    return true;
}

/* Where they are there already no lock is taken that an upload would have to wait for. */
bool upload_prepare(struct pg *target, struct err *err)
{
    bool there = false;
    if (!upload_prepared(target, &there, err) || there)
        return there;
    if (pg_begin(target, err) && pg_exec(target, prepare_sql, err) && pg_commit(target, err))
        return true;
    pg_rollback(target);
    return err_wrap(err, "making the tables of uploads");
}

bool upload_open(const char *uri, const struct package *p, struct ingest **ret, struct err *err)
{
    struct ingest *in = NULL;
    if (!ingest_open(uri, p, &in, err))
        return false;
    if (upload_prepare(in->pg, err) && verdict_open(in, err) && counters_seed(in->pg, in->u, err)) {
        *ret = in;
        return true;
    }
    ingest_free(in);
    return false;
}

bool upload_state(struct ingest *in, const char *store, struct buf *b, struct err *err)
{
    int64_t last = 0;
    if (!pg_value_i64(in->pg, "select coalesce((select last from carryover.n1_upload_store where store = $1), 0)",
                      PG_ARGS(store), &last, err))
        return false;
    buf_printf(b, "{\"last\":%" PRId64 ",\"counters\":", last);
    if (!counters_put(in->pg, in->u, store, b, err))
        return false;
    buf_puts(b, "}\n");
    return true;
}

/* --- one package --- */

struct taking {
    struct ingest *in;
    const struct upload *u;
    struct arena *a;
    struct buf *answer, *problem;
    char digest[SHA256_HEX_MAX], number[24];
    struct intake rows;
    bool answered; /* it came before */
};

/* It has a number that is used up. */
static bool answer_again(struct taking *t, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(t->in->pg, "select sha256, answer from carryover.n1_upload where store = $1 and number = $2::bigint",
                  PG_ARGS(t->u->store, t->number), &r, err))
        return false;
    if (PQntuples(r) == 0 || strcmp(pg_text(r, 0, 0), t->digest) != 0)
        return err_set(err, ERR_UPLOAD_DIFFERS, "headquarters has another package with the number %s", t->number);
    buf_puts(t->answer, pg_text(r, 0, 1));
    t->answered = true;
    return true;
}

static bool check_number(struct taking *t, int64_t last, struct err *err)
{
    if (t->u->number <= last)
        return answer_again(t, err);
    if (t->u->number == last + 1)
        return true;
    buf_printf(t->problem, ",\"expected\":%" PRId64, last + 1);
    return err_set(err, ERR_UPLOAD_GAP, "the next package has the number %" PRId64 ", not %s", last + 1, t->number);
}

/* Without a lock: most repeats and gaps end here, before anything is unpacked. */
static bool look(struct taking *t, struct err *err)
{
    int64_t last = 0;
    return pg_value_i64(t->in->pg, "select coalesce((select last from carryover.n1_upload_store where store = $1), 0)",
                        PG_ARGS(t->u->store), &last, err) &&
           check_number(t, last, err);
}

/* From here to the end of the transaction nobody else takes a package of this store. Who finds another one at it does
 * not wait for long: a store could keep all workers busy. */
static bool lock(struct taking *t, struct err *err)
{
    int64_t last = 0;
    return pg_exec(t->in->pg, "set local lock_timeout = '2s'", err) &&
           pg_run(t->in->pg, "insert into carryover.n1_upload_store (store) values ($1) on conflict do nothing",
                  PG_ARGS(t->u->store), NULL, err) &&
           pg_value_i64(t->in->pg, "select last from carryover.n1_upload_store where store = $1 for update",
                        PG_ARGS(t->u->store), &last, err) &&
           pg_exec(t->in->pg, "set local lock_timeout = '30s'", err) && check_number(t, last, err);
}

static void put_totals(struct buf *b, const struct parcel *p)
{
    buf_putc(b, '[');
    for (size_t i = 0; i < p->n_totals; i++) {
        const struct parcel_total *t = &p->totals[i];
        buf_puts(b, i ? ",{\"terminal\":" : "{\"terminal\":");
        json_put_string(b, str_of(t->terminal));
        buf_printf(b, ",\"day\":\"%s\",\"totals\":{", t->day);
        for (size_t k = 0; k < t->n; k++) {
            buf_puts(b, k ? "," : "");
            json_put_string(b, str_of(t->names[k]));
            buf_printf(b, ":%s", t->values[k]);
        }
        buf_puts(b, "}}");
    }
    buf_putc(b, ']');
}

static const char record_sql[] =
    "with store as (update carryover.n1_upload_store set last = $2::bigint where store = $1),"
    " seen as (update carryover.n1_store set last_contact = clock_timestamp() where store = $1),"
    " counters as (insert into carryover.n1_upload_counter select $1, c.t, c.n from"
    "  jsonb_to_recordset($9::jsonb) c(t text, n bigint)"
    "  on conflict (store, table_name) do update set counter = excluded.counter),"
    " totals as (insert into carryover.n1_total select distinct on (x.terminal, x.day) $1, x.terminal, x.day,"
    "  $2::bigint, x.totals from jsonb_to_recordset($10::jsonb) x(terminal text, day date, totals jsonb)"
    "  on conflict (store, terminal, day) do update set number = excluded.number, totals = excluded.totals)"
    " insert into carryover.n1_upload (store, number, sha256, job, bytes, rows, aside, transactions, answer)"
    " values ($1, $2::bigint, $3, $4, $5::bigint, $6::bigint, $7::bigint, $8::bigint, $11)";

static bool record(struct taking *t, int64_t aside, int64_t transactions, struct err *err)
{
    SCOPED_BUF counters = {0}, totals = {0};
    const struct parcel *p = &t->rows.p;
    const char *numbers[] = {arena_printf(t->a, "%zu", t->u->body.n), arena_printf(t->a, "%" PRId64, t->rows.rows),
                             arena_printf(t->a, "%" PRId64, aside), arena_printf(t->a, "%" PRId64, transactions)};
    counters_put_last(&counters, p, t->in->u);
    put_totals(&totals, p);
    buf_printf(t->answer, "{\"upload\":%s,\"rows\":%s,\"aside\":%s,\"transactions\":%s}\n", t->number, numbers[1],
               numbers[2], numbers[3]);
    return pg_run(t->in->pg, record_sql,
                  PG_ARGS(t->u->store, t->number, t->digest, p->job, numbers[0], numbers[1], numbers[2], numbers[3],
                          counters.p, totals.p, t->answer->p),
                  NULL, err);
}

bool upload_keep_aside(struct ingest *in, const char *store, int64_t number, const struct intake *rows,
                       const struct rescue *r, struct err *err)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, number);
    for (size_t i = 0; i < r->aside.n; i++) {
        const struct intake_table *t = &rows->tables[r->aside.p[i].table];
        size_t at = t->starts[r->aside.p[i].row], n = t->starts[r->aside.p[i].row + 1] - at - 1;
        SCOPED_BUF columns = {0};
        for (size_t k = 0; k < t->n_columns; k++)
            buf_printf(&columns, k ? ",\"%s\"" : "{\"%s\"", t->columns[k]);
        buf_putc(&columns, '}');
        if (!pg_run(in->pg,
                    "insert into carryover.n1_aside (store, number, table_name, columns, line, reason)"
                    " values ($1, $2::bigint, $3, $4::text[], $5, $6)",
                    PG_ARGS(store, text, t->conf->name, columns.p,
                            arena_dup_str(r->a, (struct str){t->lines.p + at, n}), r->aside.p[i].reason),
                    NULL, err))
            return false;
    }
    return true;
}

/* Quick: every row is new and fits. */
static bool bring_in(struct taking *t, bool quick, int64_t *ret_aside, struct err *err)
{
    SCOPED_RESCUE r = {0};
    *ret_aside = 0;
    if (quick)
        return ingest_rows(t->in, &t->rows, err);
    if (!rescue_rows(t->in, &t->rows, t->a, &r, err))
        return false;
    *ret_aside = (int64_t)r.aside.n;
    return upload_keep_aside(t->in, t->u->store, t->u->number, &t->rows, &r, err);
}

static bool take_inside(struct taking *t, bool quick, struct err *err)
{
    int64_t aside = 0, transactions = 0;
    if (!lock(t, err))
        return false;
    if (t->answered)
        return true;
    return counters_check(t->in->pg, t->in->u, &t->rows.p, t->problem, err) && ingest_begin(t->in, err) &&
           bring_in(t, quick, &aside, err) && verdict_note(t->in, &t->rows, &transactions, err) &&
           verdict_give(t->in, t->u->store, t->u->number, err) && record(t, aside, transactions, err);
}

static bool take_once(struct taking *t, bool quick, struct err *err)
{
    buf_reset(t->answer);
    if (pg_begin(t->in->pg, err) && take_inside(t, quick, err) && pg_commit(t->in->pg, err))
        return true;
    pg_rollback(t->in->pg);
    return false;
}

static const char keep_refused_sql[] =
    "with kept as (insert into carryover.n1_upload_refused (store, number, reason, sha256, content)"
    " values ($1, $2::bigint, $3, $4, decode($5, 'base64')) on conflict (store, sha256) do update set"
    " times = n1_upload_refused.times + 1, received = clock_timestamp(), reason = excluded.reason returning id)"
    " delete from carryover.n1_upload_refused where store = $1 and id not in (select id from kept) and id not in"
    " (select id from carryover.n1_upload_refused where store = $1 order by received desc limit " REFUSED_KEPT " - 1)";

static const char *as_base64(struct arena *a, struct str s)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *text = arena_alloc(a, (s.n + 2) / 3 * 4 + 1), *out = text;
    for (size_t i = 0; i < s.n; i += 3) {
        uint32_t word = 0;
        for (size_t k = 0; k < 3; k++)
            word = word << 8 | (i + k < s.n ? (unsigned char)s.p[i + k] : 0);
        for (size_t k = 0; k < 4; k++)
            *out++ = i + k > s.n ? '=' : letters[word >> (18 - 6 * k) & 63];
    }
    return text;
}

/* In a transaction of its own: what is refused leaves nothing else. */
static void keep_refused(struct taking *t, const char *reason)
{
    struct err err = {0};
    log_warn("n1.refused", "package %s of the store %s is refused: %s", t->number, t->u->store, reason);
    if (!pg_run(t->in->pg, keep_refused_sql,
                PG_ARGS(t->u->store, t->number, reason, t->digest, as_base64(t->a, t->u->body)), NULL, &err))
        log_error("n1.refused", "a package that was refused could not be kept: %s", err.message);
}

static bool take(struct taking *t, struct err *err)
{
    if (!look(t, err) || t->answered)
        return t->answered;
    if (!intake_read(t->u->body, t->in->u, t->u->store, t->u->number, t->a, &t->rows, err) ||
        !ingest_check(t->in, &t->rows, err))
        return false;
    if (take_once(t, true, err))
        return true;
    if (!ingest_is_about_data(err))
        return false;
    *err = (struct err){0};
    return take_once(t, false, err);
}

bool upload_take(struct ingest *in, const struct upload *u, struct arena *a, struct buf *answer, struct buf *problem,
                 struct err *err)
{
    struct taking t = {.in = in, .u = u, .a = a, .answer = answer, .problem = problem};
    snprintf(t.number, sizeof t.number, "%" PRId64, u->number);
    sha256_of(u->body, t.digest);
    bool ok = take(&t, err);
    if (!ok && err->code == ERR_UPLOAD_REFUSED)
        keep_refused(&t, err->message);
    intake_done(&t.rows);
    return ok;
}
