#include "replicate/status.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/term.h"

#define TABLES_SHOWN 12

static const char tables_sql[] =
    "select case when (select count(distinct target_schema) from carryover.relation) > 1 then r.target_schema || '.'"
    " else '' end || r.target_name, r.mode, r.reason, r.rows_estimate, r.bytes, r.changes, coalesce(c.n, 0), "
    "coalesce(c.done, "
    "0),"
    " coalesce(c.rows, 0), coalesce(c.bytes, 0), coalesce(i.n, 0), coalesce(i.done, 0) from carryover.relation r"
    " left join (select rel, count(*) n, count(*) filter (where done) done, sum(rows) rows, sum(bytes) bytes"
    "  from carryover.chunk group by rel) c on c.rel = r.rel"
    " left join (select rel, count(*) n, count(*) filter (where done) done from carryover.index_job group by rel) i"
    "  on i.rel = r.rel order by r.rel";

static void read_table(const PGresult *r, int row, struct arena *a, struct status_table *t)
{
    *t = (struct status_table){.name = arena_dup(a, pg_text(r, row, 0)),
                               .mode = arena_dup(a, pg_text(r, row, 1)),
                               .reason = arena_dup(a, pg_text(r, row, 2)),
                               .rows_total = pg_i64(r, row, 3),
                               .bytes_total = pg_i64(r, row, 4),
                               .changes = pg_i64(r, row, 5),
                               .chunks = (int)pg_i64(r, row, 6),
                               .chunks_done = (int)pg_i64(r, row, 7),
                               .rows = pg_i64(r, row, 8),
                               .bytes = pg_i64(r, row, 9),
                               .indexes = (int)pg_i64(r, row, 10),
                               .indexes_done = (int)pg_i64(r, row, 11)};
}

static bool read_tables(struct pg *target, struct arena *a, struct status *s, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(target, tables_sql, PG_NONE, &r, err))
        return false;
    s->n_tables = (size_t)PQntuples(r);
    s->tables = arena_new_array(a, struct status_table, s->n_tables + 1);
    for (size_t i = 0; i < s->n_tables; i++) {
        struct status_table *t = &s->tables[i];
        read_table(r, (int)i, a, t);
        s->bytes_total += t->bytes_total;
        s->bytes_done += t->chunks ? t->bytes_total * t->chunks_done / t->chunks : 0;
        s->chunks += t->chunks;
        s->chunks_done += t->chunks_done;
        s->indexes += t->indexes;
        s->indexes_done += t->indexes_done;
    }
    return true;
}

static bool is_following(const struct status *s)
{
    return strcmp(s->at.state, "following") == 0;
}

static bool read_source(struct source *source, struct status *s, struct err *err)
{
    SCOPED(arena) a = arena_new();
    char *text = NULL;
    uint64_t now = 0;
    if (!source_retained(source, &s->retained_bytes, &s->retained_limit, err) ||
        !pg_value(source_pg(source), "select pg_current_wal_lsn()", PG_NONE, a, &text, err))
        return false;
    if (pg_lsn_parse(text, &now))
        s->lag_bytes = now > s->at.applied_lsn ? (int64_t)(now - s->at.applied_lsn) : 0;
    return true;
}

/* Tables as they are now against what was read before. */
static bool sample_tables(struct pg *target, double seconds, struct status *s, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(target, "select changes from carryover.relation order by rel", PG_NONE, &r, err))
        return false;
    for (int i = 0; i < PQntuples(r) && (size_t)i < s->n_tables; i++)
        s->tables[i].changes_per_s = (double)(pg_i64(r, i, 0) - s->tables[i].changes) / seconds;
    return true;
}

static bool sample_rates(struct pg *target, int sample_ms, struct status *s, struct err *err)
{
    struct target_position later;
    int64_t start = clock_us();
    clock_sleep_ms(sample_ms);
    if (!target_position(target, &later, err))
        return false;
    double seconds = (double)(clock_us() - start) / 1e6;
    s->bytes_per_s = (double)(later.applied_lsn - s->at.applied_lsn) / seconds;
    s->changes_per_s = (double)(later.changes - s->at.changes) / seconds;
    return sample_tables(target, seconds, s, err);
}

static bool copy_rate(struct pg *target, struct status *s, struct err *err)
{
    int64_t ms = 0;
    const char *sql =
        "select (extract(epoch from clock_timestamp() - started) * 1000)::bigint from carryover.replication";
    if (!pg_value_i64(target, sql, PG_NONE, &ms, err))
        return false;
    if (ms > 0)
        s->bytes_per_s = (double)s->bytes_done * 1000 / (double)ms;
    return true;
}

static void judge_lag(struct status *s)
{
    if (s->lag_bytes == 0)
        s->lag_s = 0;
    else if (s->at.applied_commit_us)
        s->lag_s = (double)MAX(clock_wall_us() - s->at.applied_commit_us, 0) / 1e6;
}

static bool judge_copying(struct pg *target, struct status *s, struct err *err)
{
    if (!copy_rate(target, s, err))
        return false;
    if (s->bytes_per_s > 0)
        s->eta_s = (double)(s->bytes_total - s->bytes_done) / s->bytes_per_s;
    return true;
}

static bool judge_following(struct pg *target, int sample_ms, struct status *s, struct err *err)
{
    judge_lag(s);
    if (sample_ms && s->running && !sample_rates(target, sample_ms, s, err))
        return false;
    if (s->lag_bytes == 0)
        s->eta_s = 0;
    else if (s->lag_bytes > 0 && s->bytes_per_s > 0)
        s->eta_s = (double)s->lag_bytes / s->bytes_per_s;
    return true;
}

/* Tables are copied in the order of their numbers, so one is there when it and all before it are. While following, one
 * stream has the changes of all. */
static void judge_tables(struct status *s)
{
    int64_t left = 0;
    for (size_t i = 0; i < s->n_tables; i++) {
        struct status_table *t = &s->tables[i];
        left += t->chunks ? t->bytes_total * (t->chunks - t->chunks_done) / t->chunks : 0;
        if (is_following(s))
            t->eta_s = s->eta_s;
        else if (t->chunks_done == t->chunks)
            t->eta_s = 0;
        else
            t->eta_s = s->bytes_per_s > 0 ? (double)left / s->bytes_per_s : -1;
    }
}

bool status_read(struct pg *target, struct source *source, int sample_ms, struct arena *a, struct status *ret,
                 struct err *err)
{
    *ret = (struct status){.lag_bytes = -1, .lag_s = -1, .eta_s = -1, .retained_limit = -1};
    if (!target_position(target, &ret->at, err))
        return false;
    if (!ret->at.exists)
        return true;
    if (!target_locked(target, TARGET_JOB_REPLICATE, &ret->running, err) || !read_tables(target, a, ret, err) ||
        (source && !read_source(source, ret, err)))
        return false;
    if (!(is_following(ret) ? judge_following(target, sample_ms, ret, err) : judge_copying(target, ret, err)))
        return false;
    judge_tables(ret);
    return true;
}

/* -- JSON -- */

static void put_lsn(struct buf *b, const char *name, uint64_t lsn)
{
    char text[24];
    pg_lsn_format(lsn, text);
    buf_printf(b, ",\"%s\":\"%s\"", name, text);
}

static void put_seconds(struct buf *b, const char *name, double s)
{
    if (s < 0)
        buf_printf(b, ",\"%s\":null", name);
    else
        buf_printf(b, ",\"%s\":%.3f", name, s);
}

static void put_table_json(struct buf *b, const struct status_table *t)
{
    buf_puts(b, "{\"table\":");
    json_put_string(b, str_of(t->name));
    buf_printf(b, ",\"mode\":\"%s\",\"reason\":", t->mode);
    json_put_string(b, str_of(t->reason));
    buf_printf(b,
               ",\"rows\":%" PRId64 ",\"rows_estimate\":%" PRId64 ",\"bytes\":%" PRId64 ",\"bytes_estimate\":%" PRId64
               ",\"chunks\":%d,\"chunks_done\":%d,\"indexes\":%d,\"indexes_done\":%d,\"changes\":%" PRId64,
               t->rows, t->rows_total, t->bytes, t->bytes_total, t->chunks, t->chunks_done, t->indexes, t->indexes_done,
               t->changes);
    buf_printf(b, ",\"changes_per_second\":%.1f", t->changes_per_s);
    put_seconds(b, "eta_seconds", t->eta_s);
    buf_putc(b, '}');
}

void status_put_json(struct buf *b, const struct status *s)
{
    buf_printf(b, "{\"state\":\"%s\",\"running\":%s", s->at.exists ? s->at.state : "none",
               s->running ? "true" : "false");
    put_lsn(b, "applied_lsn", s->at.applied_lsn);
    put_lsn(b, "source_lsn", s->at.source_lsn);
    buf_printf(b, ",\"transactions\":%" PRId64 ",\"changes\":%" PRId64, s->at.transactions, s->at.changes);
    if (s->lag_bytes >= 0)
        buf_printf(b, ",\"lag_bytes\":%" PRId64, s->lag_bytes);
    else
        buf_puts(b, ",\"lag_bytes\":null");
    put_seconds(b, "lag_seconds", s->lag_s);
    put_seconds(b, "eta_seconds", s->eta_s);
    buf_printf(b, ",\"bytes_per_second\":%.0f,\"changes_per_second\":%.1f", s->bytes_per_s, s->changes_per_s);
    buf_printf(
        b,
        ",\"bytes_done\":%" PRId64 ",\"bytes_total\":%" PRId64 ",\"chunks\":%d,\"chunks_done\":%d,\"indexes\":%d,"
        "\"indexes_done\":%d,\"source_retained_bytes\":%" PRId64 ",\"tables\":[",
        s->bytes_done, s->bytes_total, s->chunks, s->chunks_done, s->indexes, s->indexes_done, s->retained_bytes);
    for (size_t i = 0; i < s->n_tables; i++) {
        if (i)
            buf_putc(b, ',');
        put_table_json(b, &s->tables[i]);
    }
    buf_puts(b, "]}\n");
}

/* -- text -- */

static void put_copying(struct buf *b, const struct status *s)
{
    char done[16], total[16], rate[16], eta[32] = "unknown";
    term_size(s->bytes_done, done);
    term_size(s->bytes_total, total);
    term_size((int64_t)s->bytes_per_s, rate);
    if (s->eta_s >= 0)
        clock_human((int64_t)(s->eta_s * 1e6), eta);
    buf_printf(b, "  copied    %s of %s (%d of %d ranges), %s/s, about %s left\n", done, total, s->chunks_done,
               s->chunks, rate, eta);
    buf_printf(b, "  indexes   %d of %d\n", s->indexes_done, s->indexes);
}

static void put_lag(struct buf *b, const struct status *s)
{
    char bytes[16], age[32], rate[16], eta[32];
    if (s->lag_bytes < 0) {
        buf_puts(b, "  lag       unknown: the source was not asked\n");
        return;
    }
    if (s->lag_bytes == 0) {
        buf_puts(b, "  lag       none: everything the source has committed is applied\n");
        return;
    }
    term_size(s->lag_bytes, bytes);
    term_size((int64_t)s->bytes_per_s, rate);
    clock_human((int64_t)(MAX(s->lag_s, 0) * 1e6), age);
    buf_printf(b, "  lag       %s of log, last applied commit %s ago", bytes, age);
    if (s->eta_s >= 0) {
        clock_human((int64_t)(s->eta_s * 1e6), eta);
        buf_printf(b, ", %s/s, caught up in about %s at this rate", rate, eta);
    }
    buf_putc(b, '\n');
}

static void put_following(struct buf *b, const struct status *s)
{
    char transactions[32], changes[32], kept[16], at[24];
    term_count(s->at.transactions, transactions);
    term_count(s->at.changes, changes);
    term_size(s->retained_bytes, kept);
    pg_lsn_format(s->at.applied_lsn, at);
    put_lag(b, s);
    buf_printf(b, "  applied   %s transactions, %s changes (%.0f/s), up to %s\n", transactions, changes,
               s->changes_per_s, at);
    buf_printf(b, "  source    keeps %s of log for carryover\n", kept);
}

static bool is_interesting(const struct status *s, size_t i, bool all)
{
    const struct status_table *t = &s->tables[i];
    bool unfinished = t->chunks_done < t->chunks || t->indexes_done < t->indexes;
    return all || i < TABLES_SHOWN || (unfinished && t->chunks_done > 0) || strcmp(t->mode, "follow") != 0;
}

static void put_table_text(struct buf *b, const struct status_table *t)
{
    char rows[32], size[16], changes[32], left[32] = "?";
    term_count(t->rows, rows);
    term_size(t->bytes_total, size);
    term_count(t->changes, changes);
    if (t->eta_s >= 0)
        clock_human((int64_t)(t->eta_s * 1e6), left);
    buf_printf(b, "  %-36s %14s %10s %4d/%-4d %4d/%-4d %12s %8.0f %10s  %s%s%s\n", t->name, rows, size, t->chunks_done,
               t->chunks, t->indexes_done, t->indexes, changes, t->changes_per_s, t->eta_s == 0 ? "" : left, t->mode,
               t->reason[0] ? ": " : "", t->reason);
}

void status_put_text(struct buf *b, const struct status *s, bool all)
{
    size_t shown = 0;
    if (!s->at.exists) {
        buf_puts(b, "replication has not begun\n");
        return;
    }
    buf_printf(b, "replication: %s%s\n", s->at.state, s->running ? "" : ", not running (starting it again goes on)");
    if (is_following(s))
        put_following(b, s);
    else
        put_copying(b, s);
    buf_printf(b, "\n  %-36s %14s %10s %9s %9s %12s %8s %10s  %s\n", "table", "rows", "size", "ranges", "indexes",
               "changes", "per s", "left", "mode");
    for (size_t i = 0; i < s->n_tables; i++) {
        if (!is_interesting(s, i, all))
            continue;
        put_table_text(b, &s->tables[i]);
        shown++;
    }
    if (shown < s->n_tables)
        buf_printf(b, "  ... and %zu smaller tables (--all shows them)\n", s->n_tables - shown);
}
