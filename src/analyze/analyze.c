#include "analyze/analyze.h"
#include "base/clock.h"
#include "base/progress.h"
#include "base/suggest.h"
#include "base/thread.h"
#include "db/pg.h"

#define TABLES_SHOWN 15

/* Workers take the next rule; each writes into its own finding, with an arena of its own for the texts. */
struct run {
    const struct analyze_opts *o;
    struct analyze_finding *findings;
    const char **sql;
    size_t n;
    struct pg **connections;
    struct arena **arenas;
    struct progress *bar;
    atomic_size_t next;
};

static const char *const severities[] = {"blocker", "warning", "advice", "info"};

const char *analyze_severity_name(enum analyze_severity s)
{
    return s < ANALYZE_SEVERITIES ? severities[s] : "?";
}

int analyze_count(const struct analysis *r, enum analyze_severity s)
{
    int n = 0;
    for (size_t i = 0; i < r->n_findings; i++)
        n += r->findings[i].severity == s && (r->findings[i].total || r->findings[i].failure);
    return n;
}

static enum analyze_severity severity_of(const char *word)
{
    int s = 0;
    while (s < ANALYZE_INFO && strcmp(severities[s], word) != 0)
        s++;
    return (enum analyze_severity)s;
}

/* -- one rule -- */

static void take_rows(const PGresult *r, int most, struct arena *a, struct analyze_finding *f)
{
    int subject = PQfnumber(r, "subject"), detail = PQfnumber(r, "detail"), bytes = PQfnumber(r, "bytes");
    f->total = PQntuples(r);
    f->n_rows = (size_t)MIN(PQntuples(r), most);
    f->rows = arena_new_array(a, struct analyze_row, f->n_rows + 1);
    for (int i = 0; i < PQntuples(r); i++) {
        int64_t saved = bytes >= 0 ? pg_i64(r, i, bytes) : 0;
        f->bytes += saved;
        if ((size_t)i < f->n_rows)
            f->rows[i] = (struct analyze_row){subject >= 0 ? arena_dup(a, pg_text(r, i, subject)) : "",
                                              detail >= 0 ? arena_dup(a, pg_text(r, i, detail)) : "", saved};
    }
}

/* A lost connection or a request to stop ends the analysis; anything else is the rule's own failure. */
static bool ends_run(const struct err *err)
{
    return err->code == ERR_INTERRUPTED || err->code == ERR_CONNECTION_LOST;
}

static const char *failure_text(const struct run *run, const struct err *why, struct arena *a)
{
    if (strcmp(why->sqlstate, "57014") == 0)
        return arena_printf(a, "it took longer than %d s (setting analyze.timeout)", run->o->timeout_ms / 1000);
    return arena_dup(a, why->message);
}

static bool run_rule(struct run *run, size_t i, struct pg *pg, struct arena *a, struct err *err)
{
    struct analyze_finding *f = &run->findings[i];
    struct err why = {0};
    SCOPED_RESULT r = NULL;
    int64_t start = clock_us();
    progress_note(run->bar, "%s", f->id);
    if (!pg_exec(pg, "savepoint rule", err))
        return false;
    if (pg_query(pg, run->sql[i], PG_NONE, &r, &why)) {
        take_rows(r, run->o->most_rows, a, f);
    } else if (ends_run(&why)) {
        *err = why;
        return err_wrap(err, "running the rule %s", f->id);
    } else {
        f->failure = failure_text(run, &why, a);
    }
    f->elapsed_us = clock_us() - start;
    progress_add(run->bar, 1);
    return pg_exec(pg, "rollback to savepoint rule", err);
}

static bool member(struct crew *crew, void *ctx, int number, struct err *err)
{
    struct run *run = ctx;
    while (!crew_stopping(crew)) {
        size_t i = atomic_fetch_add(&run->next, 1);
        if (i >= run->n)
            return true;
        if (!run_rule(run, i, run->connections[number], run->arenas[number], err))
            return false;
    }
    return true;
}

/* -- connections that see one snapshot -- */

static bool begin(const struct analyze_opts *o, struct pg *pg, struct arena *a, char **snapshot, struct err *err)
{
    if (!pg_exec(pg, "begin isolation level repeatable read read only", err))
        return false;
    if (*snapshot && !pg_execf(pg, err, "set transaction snapshot %s", pg_literal(a, *snapshot)))
        return false;
    if (!*snapshot && !pg_value(pg, "select pg_export_snapshot()", PG_NONE, a, snapshot, err))
        return false;
    return pg_execf(pg, err, "set local search_path = %s; set local statement_timeout = %d",
                    pg_ident(a, o->package->source_schema), o->timeout_ms);
}

static bool open_all(struct run *run, struct arena *a, struct err *err)
{
    char *snapshot = NULL;
    run->connections = arena_new_array(a, struct pg *, (size_t)run->o->workers);
    run->arenas = arena_new_array(a, struct arena *, (size_t)run->o->workers);
    for (int i = 0; i < run->o->workers; i++) {
        run->arenas[i] = arena_new();
        if (!pg_open(run->o->uri, "source", &run->connections[i], err) ||
            !begin(run->o, run->connections[i], a, &snapshot, err))
            return false;
    }
    return true;
}

static void close_all(struct run *run)
{
    for (int i = 0; run->connections && i < run->o->workers; i++) {
        pg_free(run->connections[i]);
        arena_free(run->arenas[i]);
    }
}

/* -- which rules -- */

static bool wanted(const struct analyze_opts *o, const char *id)
{
    return !o->rule || str_glob(o->rule, id);
}

static struct analyze_finding finding_of(const struct package_file *f)
{
    const char *fix = package_word(f, "fix");
    return (struct analyze_finding){.id = package_word(f, "id"),
                                    .section = package_word(f, "section"),
                                    .title = package_word(f, "title"),
                                    .why = package_word(f, "why"),
                                    .fix = fix ? fix : "",
                                    .severity = severity_of(package_word(f, "severity"))};
}

static bool refuse_rule(const struct analyze_opts *o, struct arena *a, struct err *err)
{
    const struct package_files *all = &o->package->analyze;
    const char **names = arena_new_array(a, const char *, all->n + 1);
    for (size_t i = 0; i < all->n; i++)
        names[i] = all->p[i].name;
    const char *near = suggest_nearest(str_of(o->rule), names, all->n);
    err_set(err, ERR_USAGE, "the package %s has no rule %s", o->package->name, o->rule);
    return near ? err_hint(err, "did you mean %s?", near) : false;
}

static void add_rule(struct run *run, const struct analyze_finding *f, const char *sql)
{
    run->sql[run->n] = sql;
    run->findings[run->n++] = *f;
}

/* The one rule that no package can write: what the package itself has forgotten. */
static const struct analyze_finding uncarried = {
    .id = "CARRY01",
    .section = "package",
    .title = "Tables with rows that the package carries nowhere",
    .why = "No lens reads them and package.yaml does not drop them: after the upgrade their rows would be gone.",
    .fix = "Write a lens, or name the table with the reason under `dropped:`, or leave it out with the setting "
           "replicate.exclude.",
    .severity = ANALYZE_WARNING};

static void put_pattern(struct buf *b, const char *glob)
{
    SCOPED_BUF like = {0};
    for (; *glob; glob++)
        if (*glob == '*')
            buf_putc(&like, '%');
        else
            buf_printf(&like, strchr("\\%_", *glob) ? "\\%c" : "%c", *glob);
    pg_put_literal(b, buf_text(&like));
}

static char *uncarried_sql(const struct analyze_opts *o, struct arena *a)
{
    SCOPED_BUF b = {0};
    buf_puts(&b, "select relname as subject, 'about ' || greatest(reltuples, 0)::bigint || ' rows' as detail"
                 " from pg_class c where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')"
                 " and not relispartition and pg_relation_size(c.oid) +"
                 " coalesce((select sum(pg_relation_size(relid)) from pg_partition_tree(c.oid)), 0) > 0"
                 " and relname <> all(array[");
    for (const char *const *t = o->read_by_lenses; *t; t++) {
        buf_puts(&b, t == o->read_by_lenses ? "" : ", ");
        pg_put_literal(&b, *t);
    }
    buf_puts(&b, "]::text[])");
    for (size_t i = 0; i < o->package->n_dropped; i++) {
        buf_puts(&b, " and relname not ilike ");
        put_pattern(&b, o->package->dropped[i].table);
    }
    buf_puts(&b, " order by c.reltuples desc, relname");
    return arena_dup(a, b.p);
}

static bool choose(struct run *run, struct arena *a, struct err *err)
{
    const struct package_files *all = &run->o->package->analyze;
    run->sql = arena_new_array(a, const char *, all->n + 1);
    run->findings = arena_new_array(a, struct analyze_finding, all->n + 1);
    for (int s = 0; s < ANALYZE_SEVERITIES; s++) {
        for (size_t i = 0; i < all->n; i++) {
            struct analyze_finding f = finding_of(&all->p[i]);
            if ((int)f.severity == s && wanted(run->o, f.id))
                add_rule(run, &f, all->p[i].body);
        }
        if (s == ANALYZE_WARNING && run->o->read_by_lenses && wanted(run->o, uncarried.id))
            add_rule(run, &uncarried, uncarried_sql(run->o, a));
    }
    return run->n || !run->o->rule || refuse_rule(run->o, a, err);
}

/* -- the rest of the report -- */

static bool read_tables(struct pg *pg, struct arena *a, struct analysis *ret, struct err *err)
{
    SCOPED_RESULT r = NULL;
    const char *sql = "select c.relname, greatest(c.reltuples, 0)::bigint, pg_total_relation_size(c.oid),"
                      " sum(pg_total_relation_size(c.oid)) over ()::bigint, count(*) over () from pg_class c"
                      " where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'm')"
                      " order by 3 desc, 1";
    if (!pg_query(pg, sql, PG_NONE, &r, err))
        return err_wrap(err, "reading the sizes of the tables");
    ret->n_tables = (size_t)MIN(PQntuples(r), TABLES_SHOWN);
    ret->tables = arena_new_array(a, struct analyze_table, ret->n_tables + 1);
    for (size_t i = 0; i < ret->n_tables; i++)
        ret->tables[i] =
            (struct analyze_table){arena_dup(a, pg_text(r, (int)i, 0)), pg_i64(r, (int)i, 1), pg_i64(r, (int)i, 2)};
    if (PQntuples(r)) {
        ret->database_bytes = pg_i64(r, 0, 3);
        ret->n_all_tables = pg_i64(r, 0, 4);
    }
    return true;
}

/* The workers' arenas end with the run. */
static void keep_texts(struct run *run, struct arena *a)
{
    for (size_t i = 0; i < run->n; i++) {
        struct analyze_finding *f = &run->findings[i];
        struct analyze_row *rows = arena_new_array(a, struct analyze_row, f->n_rows + 1);
        for (size_t k = 0; k < f->n_rows; k++)
            rows[k] = (struct analyze_row){arena_dup(a, f->rows[k].subject), arena_dup(a, f->rows[k].detail),
                                           f->rows[k].bytes};
        f->rows = rows;
        f->failure = f->failure ? arena_dup(a, f->failure) : NULL;
    }
}

bool analyze_run(const struct analyze_opts *o, struct arena *a, struct analysis *ret, struct err *err)
{
    struct run run = {.o = o};
    *ret = (struct analysis){.package = o->package->name,
                             .version = o->package->version,
                             .schema = o->package->source_schema,
                             .started_us = clock_wall_us()};
    if (!choose(&run, a, err))
        return false;
    SCOPED(progress) bar = progress_new("analyze", PROGRESS_STEPS, (int64_t)run.n);
    run.bar = bar;
    bool ok = open_all(&run, a, err) && crew_run(o->workers, member, &run, err) &&
              read_tables(run.connections[0], a, ret, err);
    keep_texts(&run, a);
    close_all(&run);
    ret->findings = run.findings;
    ret->n_findings = run.n;
    ret->finished_us = clock_wall_us();
    return ok;
}
