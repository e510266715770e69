/*
 * bench_upload URI PACKAGE STORE [ROUNDS [TRANSACTIONS]]: uploads against plain prepared inserts of the same rows.
 *
 * On a target after a cutover. Each round makes packages out of the last transactions of the store, under new numbers,
 * and takes them in turns: as uploads (unpacking, checks, old.*, lenses, hq.*, rules, the answer), and as one prepared
 * INSERT for every row with one transaction for the same package: into old.* alone, and into old.* and hq.*. Making the
 * packages is not timed. Prints medians of milliseconds a package, and ratios to uploads. For the tables of
 * packages/ax2012r3-commerce only: rows are made unique by their transactionid or batchid.
 */
#include "n1/upload.h"
#include "base/clock.h"
#include "base/copytext.h"
#include "base/file.h"
#include "base/name.h"
#include "conf/package.h"
#include <unistd.h>

#define ROUNDS_MAX 200
#define COLUMNS_MAX 400

enum way { UPLOAD, OLD, OLD_AND_HQ, WAYS };

struct bench {
    struct pg *pg;
    struct ingest *ingest;
    const struct package *package;
    const char *store;
    int transactions;
    struct arena *a;
    int64_t unique;
    double ms[WAYS][ROUNDS_MAX];
};

static void must(bool ok, const struct err *err)
{
    if (ok)
        return;
    fprintf(stderr, "bench_upload: %s\n", err->message);
    exit(1);
}

static bool is_left_out(const char *column)
{
    return strcmp(column, "recid") == 0;
}

/* The rows of one table as the store would send them: other transactions, counters from `after` on. */
static void put_select(struct bench *b, const struct ingest_table *t, int64_t after, struct buf *sql)
{
    buf_printf(sql, "copy (select ");
    const char *between = "";
    for (size_t i = 0; i < t->n_columns; i++) {
        const char *c = t->columns[i];
        if (is_left_out(c))
            continue;
        buf_puts(sql, between);
        between = ", ";
        if (t->conf->counter && strcmp(c, t->conf->counter) == 0)
            buf_printf(sql, "%" PRId64 " + row_number() over ()", after);
        else if (strcmp(c, "transactionid") == 0)
            buf_printf(sql, "left(transactionid, 20) || '/%" PRId64 "'", b->unique);
        else
            name_put(sql, c);
    }
    buf_printf(sql,
               " from %s x where %s = %s and transactionid in (select h.transactionid from old.retailtransactiontable h"
               " where h.store = %s and h.transactionid not like '%%/%%' order by h.replicationcounterfromorigin desc"
               " limit %d)) to stdout",
               t->name, t->conf->store, pg_literal(b->a, b->store), pg_literal(b->a, b->store), b->transactions);
}

static void fetch(struct bench *b, const char *sql, struct buf *lines)
{
    struct err err;
    char *piece = NULL;
    size_t n = 0;
    must(pg_copy_out(b->pg, sql, &err), &err);
    for (;;) {
        must(pg_copy_get(b->pg, &piece, &n, &err), &err);
        if (!piece)
            return;
        buf_put(lines, piece, n);
        PQfreemem(piece);
    }
}

struct table_rows {
    const struct ingest_table *t;
    struct parcel_column columns[COLUMNS_MAX];
    size_t n_columns;
    struct buf lines;
    int64_t after;
};

static int64_t counter_of(struct bench *b, const struct ingest_table *t)
{
    struct err err;
    int64_t n = 0;
    must(pg_value_i64(b->pg,
                      "select coalesce(max(counter), 0) from carryover.n1_upload_counter where store = $1 and"
                      " table_name = $2",
                      PG_ARGS(b->store, t->conf->name), &n, &err),
         &err);
    return n;
}

static void make_rows(struct bench *b, const struct ingest_table *t, struct table_rows *ret)
{
    SCOPED_BUF sql = {0};
    ret->t = t;
    ret->after = counter_of(b, t);
    put_select(b, t, ret->after, &sql);
    for (size_t i = 0; i < t->n_columns; i++)
        if (!is_left_out(t->columns[i]))
            ret->columns[ret->n_columns++] = (struct parcel_column){t->columns[i], "text"};
    fetch(b, sql.p, &ret->lines);
}

static int64_t count_lines(const struct buf *b)
{
    int64_t n = 0;
    for (size_t i = 0; i < b->n; i++)
        n += b->p[i] == '\n';
    return n;
}

static const char *folder(void)
{
    const char *tmp = getenv("TMPDIR");
    return tmp && *tmp ? tmp : "/tmp";
}

static struct str pack(struct bench *b, const struct table_rows *rows, size_t n, int64_t number)
{
    struct err err;
    SCOPED(parcel_writer) w = NULL;
    struct parcel_table *tables = arena_new_array(b->a, struct parcel_table, n);
    struct parcel p = {.kind = PARCEL_UPLOAD,
                       .job = b->package->uploads->job,
                       .store = b->store,
                       .number = number,
                       .created = "now",
                       .tables = tables,
                       .n_tables = n};
    char digest[PARCEL_DIGEST_MAX];
    int64_t bytes = 0;
    struct str text;
    for (size_t i = 0; i < n; i++)
        tables[i] = (struct parcel_table){.name = rows[i].t->conf->name,
                                          .columns = rows[i].columns,
                                          .n_columns = rows[i].n_columns,
                                          .key = &rows[i].columns[0].name,
                                          .n_key = 1,
                                          .counter = rows[i].t->conf->counter,
                                          .counter_after = rows[i].after,
                                          .counter_to = rows[i].after + count_lines(&rows[i].lines)};
    must(parcel_writer_new(folder(), &p, &w, &err), &err);
    for (size_t i = 0; i < n; i++)
        must(parcel_writer_rows(w, i, buf_str(&rows[i].lines), &err), &err);
    char *path = arena_printf(b->a, "%s/bench-upload-%d", folder(), (int)getpid());
    must(parcel_writer_end(w, path, &bytes, digest, &err), &err);
    must(file_read(path, b->a, &text, &err), &err);
    unlink(path);
    return text;
}

/* --- the ways --- */

static void upload(struct bench *b, struct str package, int64_t number)
{
    struct err err;
    SCOPED(arena) a = arena_new();
    SCOPED_BUF answer = {0};
    SCOPED_BUF problem = {0};
    struct upload u = {b->store, number, package};
    must(upload_take(b->ingest, &u, a, &answer, &problem, &err), &err);
    if (!strstr(answer.p, "\"aside\":0"))
        fprintf(stderr, "bench_upload: %s", answer.p);
}

static void prepare_insert(struct bench *b, const struct table_rows *r, const char *schema, const char *name,
                           const char *recid)
{
    SCOPED_BUF sql = {0};
    SCOPED(map) there = map_new();
    SCOPED_RESULT c = NULL;
    struct err err;
    must(pg_query(b->pg, "select attname from pg_attribute where attrelid = $1::regclass and attnum > 0",
                  PG_ARGS(pg_qualified(b->a, schema, r->t->conf->name)), &c, &err),
         &err);
    for (int i = 0; i < PQntuples(c); i++)
        map_put(there, str_of(pg_text(c, i, 0)))->value = b;
    buf_printf(&sql, "insert into %s (recid", pg_qualified(b->a, schema, r->t->conf->name));
    for (size_t i = 0; i < r->n_columns; i++)
        if (map_get(there, str_of(r->columns[i].name)))
            buf_printf(&sql, ", %s", pg_ident(b->a, r->columns[i].name));
    buf_printf(&sql, ") values (%s", recid);
    for (size_t i = 0; i < r->n_columns; i++)
        if (map_get(there, str_of(r->columns[i].name)))
            buf_printf(&sql, ", $%zu", i + 1);
    buf_putc(&sql, ')');
    Oid types[COLUMNS_MAX] = {0}; /* parameters that this table has no column for need one */
    for (size_t i = 0; i < r->n_columns; i++)
        types[i] = map_get(there, str_of(r->columns[i].name)) ? 0 : 25;
    PGresult *p = PQprepare(pg_raw(b->pg), name, sql.p, (int)r->n_columns, types);
    if (PQresultStatus(p) != PGRES_COMMAND_OK) {
        fprintf(stderr, "bench_upload: %s", PQresultErrorMessage(p));
        exit(1);
    }
    PQclear(p);
}

static void insert_line(struct bench *b, const char *name, char *line, size_t n, size_t n_columns)
{
    struct str values[COLUMNS_MAX];
    const char *texts[COLUMNS_MAX];
    copytext_split(line, n, values, n_columns);
    for (size_t i = 0; i < n_columns; i++)
        texts[i] = values[i].p;
    PGresult *p = PQexecPrepared(pg_raw(b->pg), name, (int)n_columns, texts, NULL, NULL, 0);
    if (PQresultStatus(p) != PGRES_COMMAND_OK) {
        fprintf(stderr, "bench_upload: %s", PQresultErrorMessage(p));
        exit(1);
    }
    PQclear(p);
}

static void insert_all(struct bench *b, const struct table_rows *rows, size_t n, const char *prefix)
{
    for (size_t i = 0; i < n; i++) {
        char *name = arena_printf(b->a, "%s%zu", prefix, i);
        SCOPED_BUF copy = {0};
        buf_put(&copy, rows[i].lines.p, rows[i].lines.n);
        for (char *p = copy.p, *end; p < copy.p + copy.n; p = end + 1) {
            end = memchr(p, '\n', (size_t)(copy.p + copy.n - p));
            insert_line(b, name, p, (size_t)(end - p), rows[i].n_columns);
        }
    }
}

static void insert_rows(struct bench *b, const struct table_rows *rows, size_t n, bool both)
{
    struct err err;
    must(pg_begin(b->pg, &err), &err);
    insert_all(b, rows, n, "o");
    if (both)
        insert_all(b, rows, n, "h");
    must(pg_commit(b->pg, &err), &err);
}

/* --- rounds --- */

static void one(struct bench *b, enum way way, int round, bool first)
{
    struct table_rows rows[8] = {0};
    size_t n = 0;
    struct err err;
    int64_t number = 0;
    b->unique = clock_wall_us();
    for (size_t i = 0; i < b->ingest->u->n_tables; i++)
        if (b->ingest->u->tables[i].transaction.n)
            make_rows(b, &b->ingest->tables[i], &rows[n++]);
    for (size_t i = 0; first && i < n; i++) {
        prepare_insert(b, &rows[i], "old", arena_printf(b->a, "o%zu", i), "nextval('hq.upload_recid')");
        prepare_insert(b, &rows[i], "hq", arena_printf(b->a, "h%zu", i),
                       "currval('hq.upload_recid') + random() * 1e15");
    }
    must(pg_value_i64(b->pg, "select coalesce(max(last), 0) + 1 from carryover.n1_upload_store where store = $1",
                      PG_ARGS(b->store), &number, &err),
         &err);
    struct str package = pack(b, rows, n, number);
    if (first) {
        int64_t total = 0;
        for (size_t i = 0; i < n; i++)
            total += count_lines(&rows[i].lines);
        printf("a package: %d transactions, %" PRId64 " rows, %zu kB\n", b->transactions, total, package.n / 1024);
    }
    int64_t start = clock_us();
    if (way == UPLOAD)
        upload(b, package, number);
    else
        insert_rows(b, rows, n, way == OLD_AND_HQ);
    b->ms[way][round] = (double)(clock_us() - start) / 1000;
    for (size_t i = 0; i < n; i++)
        buf_done(&rows[i].lines);
    arena_reset(b->a);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int n)
{
    qsort(values, (size_t)n, sizeof *values, by_value);
    return values[n / 2];
}

int main(int argc, char **argv)
{
    static const char *const names[] = {"upload", "inserts, old.*", "inserts, old.* and hq.*"};
    struct bench b = {.a = arena_new(),
                      .store = argc > 3 ? argv[3] : "",
                      .transactions = argc > 5 ? (int)strtol(argv[5], NULL, 10) : 100};
    int rounds = argc > 4 ? (int)strtol(argv[4], NULL, 10) : 15;
    SCOPED(arena) a = arena_new();
    struct package *p = NULL;
    struct err err;
    if (argc < 4 || rounds < 1 || rounds > ROUNDS_MAX) {
        fprintf(stderr, "usage: bench_upload URI PACKAGE STORE [ROUNDS [TRANSACTIONS]]\n");
        return 2;
    }
    must(package_load(argv[2], NULL, a, &p, &err), &err);
    b.package = p;
    must(upload_open(argv[1], p, &b.ingest, &err) && pg_open(argv[1], "target", &b.pg, &err), &err);
    for (int round = -3; round < rounds; round++) /* the first ones only warm up */
        for (enum way way = UPLOAD; way < WAYS; way++)
            one(&b, way, MAX(round, 0), round == -3 && way == UPLOAD);
    double base = median(b.ms[UPLOAD], rounds);
    for (enum way way = UPLOAD; way < WAYS; way++)
        printf("%-24s %8.1f ms  %.2f\n", names[way], median(b.ms[way], rounds), median(b.ms[way], rounds) / base);
    pg_free(b.pg);
    ingest_free(b.ingest);
    arena_free(b.a);
    return 0;
}
