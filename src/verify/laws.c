#include "verify/laws.h"
#include "base/name.h"
#include "db/target.h"
#include "verify/lenses.h"
#include "verify/mask.h"
#include "verify/tolerance.h"

#define EXPECTED "pg_temp.\"carryover:expected\""
#define FOUND "pg_temp.\"carryover:found\""
#define WEIGHT 1000000 /* laws are long and cannot be cut: they begin early */

struct law {
    struct proof *proof;
    struct report_check *check;
    const char *old_sql, *new_sql;
    const char **key;
    size_t n_key;
    struct tolerances compare; /* n 0: an invariant */
};

/* -- the two sides as temporary tables -- */

static bool limit_time(const struct law *l, struct pg *pg, struct err *err)
{
    return pg_execf(pg, err, "set local statement_timeout = %d", l->proof->opts->law_timeout_ms);
}

static bool make_side(struct pg *pg, const char *schema, const char *table, const char *sql, struct err *err)
{
    return pg_execf(pg, err, "set local search_path = %s", schema) &&
           pg_execf(pg, err, "create temp table %s as %s", strchr(table, '.') + 1, sql);
}

/* Columns of a query on the source as a table of the target: types without their lengths. */
static bool put_columns(struct pg *target, const PGresult *shape, struct buf *b, struct err *err)
{
    for (int i = 0; i < PQnfields(shape); i++) {
        SCOPED(arena) a = arena_new();
        char *type = NULL;
        char *oid = arena_printf(a, "%u", PQftype(shape, i));
        if (!pg_value(target, "select case when $1::oid < 16384 then format_type($1::oid, null) else 'text' end",
                      PG_ARGS(oid), a, &type, err))
            return false;
        buf_puts(b, i ? ", " : "");
        name_put(b, PQfname(shape, i));
        buf_printf(b, " %s", type);
    }
    return true;
}

static bool pump(struct pg *from, struct pg *to, struct err *err)
{
    char *piece = NULL;
    size_t n = 0;
    bool ok = true;
    while (ok && (ok = pg_copy_get(from, &piece, &n, err)) && piece) {
        ok = pg_copy_put(to, piece, n, err);
        PQfreemem(piece);
    }
    if (ok)
        return pg_copy_end(to, NULL, err);
    pg_copy_abort(to);
    return false;
}

static bool copy_side(const struct law *l, const struct work_hands *h, struct err *err)
{
    SCOPED(arena) a = arena_new();
    SCOPED_BUF create = {0};
    SCOPED_RESULT shape = NULL;
    buf_printf(&create, "create temp table %s (", strchr(EXPECTED, '.') + 1);
    return pg_query(h->source, arena_printf(a, "select * from (%s) x limit 0", l->old_sql), PG_NONE, &shape, err) &&
           put_columns(h->target, shape, &create, err) && pg_execf(h->target, err, "%s)", buf_text(&create)) &&
           pg_copy_out(h->source, arena_printf(a, "copy (%s) to stdout", l->old_sql), err) &&
           pg_copy_in(h->target, "copy " EXPECTED " from stdin", err) && pump(h->source, h->target, err);
}

static bool make_sides(const struct law *l, const struct work_hands *h, struct err *err)
{
    bool from_source = l->proof->opts->laws_on_source && h->source;
    bool ok = from_source ? copy_side(l, h, err) : make_side(h->target, TARGET_OLD, EXPECTED, l->old_sql, err);
    if (!ok)
        return err_wrap(err, "on the side of version N-1");
    return make_side(h->target, TARGET_NEW, FOUND, l->new_sql, err) || err_wrap(err, "on the side of version N");
}

static bool count_sides(const struct law *l, struct pg *pg, struct err *err)
{
    return pg_value_i64(pg, "select count(*) from " EXPECTED, PG_NONE, &l->check->expected_rows, err) &&
           pg_value_i64(pg, "select count(*) from " FOUND, PG_NONE, &l->check->found_rows, err);
}

/* -- conservation -- */

static void put_keys(struct buf *b, const struct law *l)
{
    for (size_t i = 0; i < l->n_key; i++) {
        name_put(b, l->key[i]);
        buf_puts(b, ", ");
    }
}

static bool is_number(struct pg *pg, const char *column, bool *ret, struct err *err)
{
    int64_t n = 0;
    const char *sql = "select count(*) from pg_attribute a join pg_type t on t.oid = a.atttypid"
                      " where a.attrelid = '" FOUND "'::regclass and a.attname = $1 and t.typcategory = 'N'";
    if (!pg_value_i64(pg, sql, PG_ARGS(column), &n, err))
        return false;
    *ret = n > 0;
    return true;
}

/* Both sides of a value in one line: e0 and f0 for the first column and so on. */
static void put_value(struct buf *b, const char *column, size_t i, bool number)
{
    for (int side = 0; side < 2; side++) {
        buf_puts(b, number ? "coalesce(sum(u." : "max(u.");
        name_put(b, column);
        buf_printf(b, "%s) filter (where u.side = %d)%s as %c%zu, ", number ? "" : "::text", side, number ? ", 0)" : "",
                   side ? 'f' : 'e', i);
    }
}

static void put_side(struct buf *b, const struct law *l, int side)
{
    buf_printf(b, "select %d as side, ", side);
    put_keys(b, l);
    for (size_t i = 0; i < l->compare.n; i++) {
        buf_puts(b, i ? ", " : "");
        name_put(b, l->compare.p[i].column);
    }
    buf_printf(b, " from %s", side ? FOUND : EXPECTED);
}

/* A line that one side lacks differs unless all that it says is zero. */
static void put_differs(struct buf *b, const struct law *l, size_t i, bool number)
{
    char e[32], f[32];
    snprintf(e, sizeof e, "d.e%zu", i);
    snprintf(f, sizeof f, "d.f%zu", i);
    if (number)
        tolerance_put_differs(b, e, f, l->compare.p[i].most);
    else
        buf_printf(b, "%s is distinct from %s", e, f);
}

static void put_lines(struct buf *b, const struct law *l, const bool *numbers)
{
    buf_puts(b, "(select ");
    put_keys(b, l);
    for (size_t i = 0; i < l->compare.n; i++)
        put_value(b, l->compare.p[i].column, i, numbers[i]);
    buf_puts(b, "count(*) filter (where u.side = 0) as e_lines, count(*) filter (where u.side = 1) as f_lines from (");
    put_side(b, l, 0);
    buf_puts(b, " union all ");
    put_side(b, l, 1);
    buf_puts(b, ") u group by ");
    for (size_t i = 0; i < l->n_key; i++)
        buf_printf(b, "%s%zu", i ? ", " : "", i + 1);
    buf_puts(b, ") d");
}

/* Keys, both values of each column, lines of both sides, whether each column differs, and the number of all such lines.
 */
static void put_comparison(struct buf *b, const struct law *l, const bool *numbers)
{
    buf_puts(b, "select d.*, ");
    for (size_t i = 0; i < l->compare.n; i++) {
        put_differs(b, l, i, numbers[i]);
        buf_puts(b, ", ");
    }
    buf_puts(b, "count(*) over () as total from ");
    put_lines(b, l, numbers);
    buf_puts(b, " where (d.e_lines <> d.f_lines and d.e_lines > 0 and d.f_lines > 0)");
    for (size_t i = 0; i < l->compare.n; i++) {
        buf_puts(b, " or ");
        put_differs(b, l, i, numbers[i]);
    }
    buf_puts(b, " order by ");
    for (size_t i = 0; i < l->n_key; i++)
        buf_printf(b, "%s%zu", i ? ", " : "", i + 1);
    buf_printf(b, " limit %d", l->proof->opts->evidence);
}

static const char *shown(struct arena *a, const PGresult *r, int row, int column, const char *name)
{
    return PQgetisnull(r, row, column) ? NULL : mask_value(a, name, pg_text(r, row, column));
}

static const char *key_text(const struct law *l, const PGresult *r, int row, struct arena *a)
{
    SCOPED_BUF b = {0};
    for (size_t i = 0; i < l->n_key; i++) {
        const char *v = shown(a, r, row, PQfnumber(r, l->key[i]) < 0 ? (int)i : PQfnumber(r, l->key[i]), l->key[i]);
        buf_printf(&b, "%s%s=%s", i ? ", " : "", l->key[i], v ? v : "null");
    }
    return arena_dup(a, b.p);
}

static void show_line(const struct law *l, const PGresult *r, int row)
{
    SCOPED(arena) a = arena_new();
    int at = (int)l->n_key, lines = at + 2 * (int)l->compare.n;
    bool expected = pg_i64(r, row, lines) > 0, found = pg_i64(r, row, lines + 1) > 0;
    const char *what = expected && found ? "changed" : expected ? "missing" : "extra";
    struct report_row *e = report_row(l->proof->report, l->check, what, key_text(l, r, row, a));
    for (int i = 0; i < (int)l->compare.n; i++, at += 2) {
        const char *name = l->compare.p[i].column;
        if (expected && found && !pg_bool(r, row, lines + 2 + i))
            continue;
        report_value(l->proof->report, e, name, expected ? shown(a, r, row, at, name) : NULL,
                     found ? shown(a, r, row, at + 1, name) : NULL);
    }
}

static bool compare_lines(const struct law *l, struct pg *pg, struct err *err)
{
    SCOPED(arena) a = arena_new();
    SCOPED_BUF sql = {0};
    SCOPED_RESULT r = NULL;
    bool *numbers = arena_new_array(a, bool, l->compare.n + 1);
    for (size_t i = 0; i < l->compare.n; i++)
        if (!is_number(pg, l->compare.p[i].column, &numbers[i], err))
            return false;
    put_comparison(&sql, l, numbers);
    if (!pg_query(pg, sql.p, PG_NONE, &r, err))
        return false;
    for (int i = 0; i < PQntuples(r); i++)
        show_line(l, r, i);
    l->check->differences = PQntuples(r) ? pg_i64(r, 0, PQnfields(r) - 1) : 0;
    proof_judge(l->check);
    return true;
}

/* -- invariants -- */

static void put_violations(struct buf *b, const struct law *l)
{
    SCOPED_BUF key = {0};
    buf_puts(&key, "row(");
    for (size_t i = 0; i < l->n_key; i++) {
        buf_puts(&key, i ? ", x." : "x.");
        name_put(&key, l->key[i]);
    }
    buf_puts(&key, ")::text");
    buf_printf(b, "select x.*, count(*) over () as total from %s x where %s not in (select %s from %s x) limit %d",
               FOUND, key.p, key.p, EXPECTED, l->proof->opts->evidence);
}

static bool is_key(const struct law *l, const char *column)
{
    for (size_t i = 0; i < l->n_key; i++)
        if (strcmp(l->key[i], column) == 0)
            return true;
    return false;
}

static void show_violation(const struct law *l, const PGresult *r, int row)
{
    SCOPED(arena) a = arena_new();
    struct report_row *e = report_row(l->proof->report, l->check, "violation", key_text(l, r, row, a));
    for (int i = 0; i + 1 < PQnfields(r); i++)
        if (!is_key(l, PQfname(r, i)))
            report_value(l->proof->report, e, PQfname(r, i), NULL, shown(a, r, row, i, PQfname(r, i)));
}

static bool find_violations(const struct law *l, struct pg *pg, struct err *err)
{
    SCOPED_BUF sql = {0};
    SCOPED_RESULT r = NULL;
    struct report_check *c = l->check;
    put_violations(&sql, l);
    if (!pg_query(pg, sql.p, PG_NONE, &r, err))
        return false;
    for (int i = 0; i < PQntuples(r); i++)
        show_violation(l, r, i);
    c->differences = PQntuples(r) ? pg_i64(r, 0, PQnfields(r) - 1) : 0;
    c->explained = c->found_rows - c->differences;
    c->outcome = c->differences ? OUTCOME_FAIL : c->explained ? OUTCOME_EXPLAINED : OUTCOME_PASS;
    if (c->explained)
        report_note(l->proof->report, c, "the source already had it: %lld violation%s", (long long)c->explained,
                    c->explained == 1 ? "" : "s");
    return true;
}

/* -- one law -- */

/* While rows of version N are still to be brought up, a difference may be one of them. */
static void judge(const struct law *l)
{
    if (l->check->outcome != OUTCOME_FAIL || l->proof->dirty == 0)
        return;
    l->check->outcome = OUTCOME_IN_FLIGHT;
    report_note(l->proof->report, l->check,
                "version N was being brought up to date, so that these differences prove nothing");
}

static bool prove(const struct law *l, const struct work_hands *h, struct err *err)
{
    bool ok = limit_time(l, h->target, err) && (!h->source || limit_time(l, h->source, err)) && make_sides(l, h, err) &&
              count_sides(l, h->target, err) &&
              (l->compare.n ? compare_lines(l, h->target, err) : find_violations(l, h->target, err));
    if (ok)
        judge(l);
    return ok;
}

/* A law that does not run is a finding; a lost connection or a request to stop ends the proof. */
static bool ends_proof(const struct err *err)
{
    return err->code == ERR_INTERRUPTED || err->code == ERR_CONNECTION_LOST || err->code == ERR_DISK_FULL;
}

static bool reset(const struct work_hands *h, struct err *err)
{
    return pg_exec(h->target, "rollback to savepoint law; release savepoint law", err) &&
           (!h->source || pg_exec(h->source, "rollback to savepoint law; release savepoint law", err));
}

static void note_failure(const struct law *l, const struct err *why)
{
    struct report_check *c = l->check;
    c->outcome = OUTCOME_FAIL;
    c->differences = 0;
    if (strcmp(why->sqlstate, "57014") == 0)
        report_note(l->proof->report, c, "not proven: it took longer than %d s (setting verify.law_timeout)",
                    l->proof->opts->law_timeout_ms / 1000);
    else
        report_note(l->proof->report, c, "not proven: %s", why->message);
}

static bool run_law(void *ctx, const struct work_hands *h, struct err *err)
{
    const struct law *l = ctx;
    struct err why = {0};
    if (!pg_exec(h->target, "savepoint law", err) || (h->source && !pg_exec(h->source, "savepoint law", err)))
        return false;
    if (!prove(l, h, &why)) {
        if (ends_proof(&why)) {
            *err = why;
            return err_wrap(err, "proving the law %s", l->check->name);
        }
        note_failure(l, &why);
    }
    return reset(h, err);
}

/* -- plan -- */

/* Laws in one form, and the old form of those in two; the other form is found beside it. */
static bool is_new_form(const char *name)
{
    size_t n = strlen(name);
    return n > 3 && strcmp(name + n - 3, ".hq") == 0;
}

static const char *new_form(struct proof *p, const struct package_file *f, const char *id)
{
    if (strcmp(f->name, id) == 0)
        return f->body;
    const struct package_file *other = package_find(&p->opts->package->laws, arena_printf(p->arena, "%s.hq", id));
    return other ? other->body : f->body;
}

static void plan_law(struct proof *p, const struct package_file *f, const char *why_not)
{
    const char *id = package_word(f, "id"), *compare = package_word(f, "compare");
    struct law *l = arena_new_one(p->arena, struct law);
    l->proof = p;
    l->check = report_check(p->report, SECTION_LAWS, id, package_word(f, "title"));
    if (why_not) {
        report_note(p->report, l->check, "%s", why_not);
        return;
    }
    l->old_sql = f->body;
    l->new_sql = new_form(p, f, id);
    l->key = tolerance_names(package_word(f, "key"), p->arena, &l->n_key);
    if (compare)
        l->compare = tolerance_compare(compare, p->arena);
    work_add(&p->work, run_law, l, WEIGHT, l->check);
}

bool laws_plan(struct proof *p, struct err *err)
{
    struct lens_states up;
    const char *why_not = NULL;
    const struct package_files *files = &p->opts->package->laws;
    if (!lenses_read(moment_target(p->moment, 0), "up", p->arena, &up, err))
        return false;
    bool whole = lenses_all_loaded(p, &up, &why_not);
    for (size_t i = 0; i < files->n; i++) {
        const struct package_file *f = &files->p[i];
        if (!is_new_form(f->name) && proof_wants(p, package_word(f, "id")))
            plan_law(p, f, whole ? NULL : why_not);
    }
    return true;
}
