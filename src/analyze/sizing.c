#include "analyze/sizing.h"
#include "analyze/inventory.h"
#include <math.h>

#define MONTHS_AHEAD 12
#define LEAST_MONTHS 3 /* a line through fewer says nothing */
#define MB ((int64_t)1 << 20)

/* Measured, see docs/sizing.md: data of the target for each byte of the source, at its peak, which is what stays. The
 * log that a load leaves until the next checkpoint is bounded by max_wal_size. */
#define DATA_FACTOR 2.2
#define RESERVE 1.25 /* room for dead rows, sorts and a bad day */
#define WAL_PEAK (4096 * MB)
#define CHANGE_FACTOR 3 /* bytes of log for each byte of new rows: the rows, their indexes, images of pages */

/* Of the gateway, measured with 10,000 stores over TLS, see bench/README.md. */
#define STORE_CORES (0.45 / 10000)
#define STORE_BYTES (19 * 1024 + 4 * 1024) /* TLS, and nonces of a busy store */
#define GATEWAY_BYTES (17 * MB)

#define INDEX_BYTES (512 * MB)  /* maintenance_work_mem of a worker that builds an index */
#define SESSION_BYTES (16 * MB) /* of a server process */
#define LEAST_MEMORY (2048 * MB)
#define BUFFERS_SHARE 0.05 /* of the data that should find its place in memory */

struct sizing *sizing_new(const struct analyze_opts *o, struct arena *a)
{
    const struct package_files *all = &o->package->sizing;
    struct sizing *s = arena_new_one(a, struct sizing);
    *s = (struct sizing){.months_ahead = MONTHS_AHEAD,
                         .stores = -1,
                         .groups = -1,
                         .workers = o->workers,
                         .gateway_workers = o->gateway_workers};
    s->kinds = arena_new_array(a, struct sizing_kind, all->n + 1);
    for (size_t i = 0; i < all->n && !o->rule; i++)
        if (strcmp(all->p[i].name, SIZING_STORES) != 0)
            s->kinds[s->n_kinds++] =
                (struct sizing_kind){.name = all->p[i].name, .title = package_word(&all->p[i], "title")};
    return s;
}

/* -- what is asked -- */

static void take_months(const PGresult *r, struct arena *a, struct sizing_kind *k)
{
    k->n_months = (size_t)PQntuples(r);
    k->months = arena_new_array(a, struct sizing_month, k->n_months + 1);
    for (size_t i = 0; i < k->n_months; i++) {
        struct sizing_month *m = &k->months[i];
        snprintf(m->month, sizeof m->month, "%s", pg_text(r, (int)i, 0));
        m->rows = pg_i64(r, (int)i, 1);
        m->peak_hour = pg_i64(r, (int)i, 2);
    }
}

bool sizing_run(struct pg *pg, const struct package_file *f, int timeout_ms, struct arena *a, struct sizing_kind *k,
                struct err *err)
{
    struct err why = {0};
    SCOPED_RESULT r = NULL;
    const char *sql = arena_printf(a,
                                   "with x as (%s), m as (select month::date as month, sum(rows) as rows,"
                                   " max(peak_hour) as peak_hour from x where month is not null group by 1)"
                                   " select to_char(g, 'YYYY-MM'), coalesce(m.rows, 0)::bigint,"
                                   " coalesce(m.peak_hour, 0)::bigint from generate_series((select min(month) from m),"
                                   " (select max(month) from m), interval '1 month') g"
                                   " left join m on m.month = g order by g",
                                   f->body);
    if (!pg_execf(pg, err, "set local statement_timeout = %d", timeout_ms))
        return false;
    if (pg_query(pg, sql, PG_NONE, &r, &why)) {
        take_months(r, a, k);
        return true;
    }
    if (why.code == ERR_INTERRUPTED || why.code == ERR_CONNECTION_LOST) {
        *err = why;
        return err_wrap(err, "asking for %s", f->path);
    }
    k->failure = arena_dup(a, why.message);
    return true;
}

bool sizing_count_stores(struct pg *pg, const struct package *package, struct sizing *s, struct err *err)
{
    const struct package_file *f = package_find(&package->sizing, SIZING_STORES);
    SCOPED(arena) a = arena_new();
    SCOPED_RESULT r = NULL;
    const char *missing = NULL, *tables = f ? package_word(f, "tables") : NULL;
    if (!f)
        return true;
    if (tables && !inventory_missing(pg, &tables, 1, a, &missing, err))
        return false;
    if (missing)
        return true;
    if (!pg_query(pg, arena_printf(a, "select count(*), count(distinct channel_group) from (%s) x", f->body), PG_NONE,
                  &r, err))
        return err_wrap(err, "counting stores with %s", f->path);
    s->stores = pg_i64(r, 0, 0);
    s->groups = pg_i64(r, 0, 1);
    return true;
}

/* -- growth -- */

/* The first month and the running one are not full. */
static void fit_line(struct sizing_kind *k)
{
    double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
    k->n_full = k->n_months > 2 ? k->n_months - 2 : 0;
    if (k->n_full < LEAST_MONTHS)
        return;
    for (size_t i = 0; i < k->n_full; i++) {
        double x = (double)i, y = (double)k->months[i + 1].rows;
        n++, sx += x, sy += y, sxx += x * x, sxy += x * y;
    }
    k->slope = (n * sxy - sx * sy) / (n * sxx - sx * sx);
    k->last = (sy - k->slope * sx) / n + k->slope * (n - 1);
}

static void forecast(struct sizing_kind *k, int months)
{
    for (size_t i = 0; i < k->n_months; i++) {
        const struct sizing_month *m = &k->months[i];
        k->rows += m->rows;
        if (m->peak_hour > k->peak_hour) {
            k->peak_hour = m->peak_hour;
            k->peak_month = m->month;
        }
    }
    fit_line(k);
    double next = 0;
    for (int i = 1; i <= months; i++)
        next += fmax(0, k->last + k->slope * i);
    k->next_rows = (int64_t)next;
    k->next_bytes = k->rows > 0 ? (int64_t)(next * ((double)k->bytes / (double)k->rows)) : 0;
}

static int64_t bytes_of(const struct analysis *r, const char *tables)
{
    int64_t bytes = 0;
    for (struct str list = str_of(tables ? tables : ""); list.n;) {
        struct str column = str_trim(str_split(&list, ','));
        struct str table = str_split(&column, '.');
        for (size_t i = 0; i < r->n_tables; i++)
            bytes += str_is(table, r->tables[i].name) ? r->tables[i].bytes : 0;
    }
    return bytes;
}

void sizing_finish(const struct package *package, const struct analysis *r, struct sizing *s)
{
    s->database_bytes = s->forecast_bytes = r->database_bytes;
    for (size_t i = 0; i < s->n_kinds; i++) {
        struct sizing_kind *k = &s->kinds[i];
        k->bytes = bytes_of(r, package_word(package_find(&package->sizing, k->name), "tables"));
        forecast(k, s->months_ahead);
        s->forecast_bytes += k->next_bytes;
    }
}

/* -- advice -- */

/* A day on which every hour is as busy as the busiest was. */
static int64_t busiest_day(const struct sizing *s)
{
    double bytes = 0;
    for (size_t i = 0; i < s->n_kinds; i++) {
        const struct sizing_kind *k = &s->kinds[i];
        bytes += k->rows > 0 ? (double)k->peak_hour * 24 * (double)k->bytes / (double)k->rows : 0;
    }
    return (int64_t)bytes;
}

struct sizing_advice sizing_advise(const struct sizing *s)
{
    int stores = s->stores > 0 ? (int)s->stores : 0;
    struct sizing_advice v = {
        .target_log = WAL_PEAK,
        .target_disk = (int64_t)((double)s->database_bytes * DATA_FACTOR * RESERVE) + WAL_PEAK,
        .target_kept = (int64_t)((double)s->forecast_bytes * DATA_FACTOR * RESERVE) + WAL_PEAK,
        .source_log = busiest_day(s) * CHANGE_FACTOR,
        /* workers of the copy and of the upgrade, each with two sessions at most; status, proof and a console */
        .connections = 4 * s->workers + 10 + (stores ? s->gateway_workers + 4 : 0),
        .source_connections = s->workers + 4,
        .gateway_cores = stores * STORE_CORES,
        .gateway_memory = stores ? GATEWAY_BYTES + (int64_t)stores * STORE_BYTES : 0};
    v.memory = (int64_t)((double)s->database_bytes * BUFFERS_SHARE) * 2 + s->workers * INDEX_BYTES +
               v.connections * SESSION_BYTES;
    v.memory = v.memory < LEAST_MEMORY ? LEAST_MEMORY : v.memory;
    return v;
}
