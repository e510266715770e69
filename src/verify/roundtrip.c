#include "verify/roundtrip.h"
#include "base/name.h"
#include "verify/lenses.h"
#include "verify/mask.h"
#include "verify/tolerance.h"

#define TITLE "every row after its way up and down again"

struct trip {
    struct proof *proof;
    struct report_check *check;
    const struct package_file *file;
    struct lens_state lens;
    struct twin twin; /* left: what the lens makes, brought to the types of the right: the replica */
    bool *by_value;   /* by column: compared as it is, else as text */
    struct tolerances tolerances;
    bool in_flight; /* version N is behind: differences prove nothing */
};

/* -- SQL -- */

static const struct tolerance *tolerance_of(const struct trip *t, size_t column)
{
    return tolerance_find(&t->tolerances, t->twin.columns[column].name);
}

/* a: what was; b: what came back. */
static void put_operand(struct buf *b, const struct trip *t, char side, size_t column, bool as_text)
{
    buf_printf(b, "%c.", side);
    name_put(b, t->twin.columns[column].name);
    buf_puts(b, as_text ? "::text" : "");
}

static void put_differs(struct buf *b, const struct trip *t, size_t column)
{
    const struct tolerance *tolerance = tolerance_of(t, column);
    bool as_text = !t->by_value[column];
    SCOPED_BUF x = {0}, y = {0};
    put_operand(&x, t, 'a', column, as_text);
    put_operand(&y, t, 'b', column, as_text);
    if (tolerance && !tolerance->is_lost && t->by_value[column])
        tolerance_put_differs(b, x.p, y.p, tolerance->most);
    else
        buf_printf(b, "%s is distinct from %s", x.p, y.p);
}

static bool is_compared(const struct trip *t, size_t column)
{
    const struct tolerance *tolerance = tolerance_of(t, column);
    return !tolerance || !tolerance->is_lost;
}

static void put_any_differs(struct buf *b, const struct trip *t)
{
    buf_puts(b, "(false");
    for (size_t i = 0; i < t->twin.n_columns; i++) {
        if (!is_compared(t, i))
            continue;
        buf_puts(b, " or ");
        put_differs(b, t, i);
    }
    buf_putc(b, ')');
}

static void put_first_key(struct buf *b, const struct trip *t, char side)
{
    put_operand(b, t, side, t->twin.key[0], false);
}

/* The key decides which rows belong together; on each side it is not null when there is a row. */
static void put_join(struct buf *b, const struct trip *t)
{
    buf_printf(b, " from %s a full join (select ", t->twin.right.from);
    for (size_t i = 0; i < t->twin.n_columns; i++) {
        buf_puts(b, i ? ", " : "");
        twin_put_column(b, &t->twin, TWIN_LEFT, i);
        buf_puts(b, " as ");
        name_put(b, t->twin.columns[i].name);
    }
    buf_printf(b, " from %s t) b on ", t->twin.left.from);
    for (size_t i = 0; i < t->twin.n_key; i++) {
        buf_puts(b, i ? " and " : "");
        put_operand(b, t, 'a', t->twin.key[i], false);
        buf_puts(b, " = ");
        put_operand(b, t, 'b', t->twin.key[i], false);
    }
}

static void put_where(struct buf *b, const struct trip *t, const char *a_is, const char *b_is)
{
    buf_puts(b, "(");
    put_first_key(b, t, 'a');
    buf_printf(b, " is %s and ", a_is);
    put_first_key(b, t, 'b');
    buf_printf(b, " is %s)", b_is);
}

/* One row of counts: missing, extra, changed, rows back, then one per column of `loses` and `rounds`. */
static void put_counts(struct buf *b, const struct trip *t)
{
    buf_puts(b, "select count(*) filter (where ");
    put_where(b, t, "not null", "null");
    buf_puts(b, "), count(*) filter (where ");
    put_where(b, t, "null", "not null");
    buf_puts(b, "), count(*) filter (where ");
    put_where(b, t, "not null", "not null");
    buf_puts(b, " and ");
    put_any_differs(b, t);
    buf_puts(b, "), count(");
    put_first_key(b, t, 'b');
    buf_printf(b, "), (select count(*) from %s)", t->twin.right.from);
    for (size_t i = 0; i < t->tolerances.n; i++) {
        int column = twin_find(&t->twin, t->tolerances.p[i].column);
        buf_puts(b, ", ");
        if (column < 0) {
            buf_puts(b, "-1");
            continue;
        }
        buf_puts(b, "count(*) filter (where ");
        put_where(b, t, "not null", "not null");
        buf_puts(b, " and ");
        put_operand(b, t, 'a', (size_t)column, !t->by_value[column]);
        buf_puts(b, " is distinct from ");
        put_operand(b, t, 'b', (size_t)column, !t->by_value[column]);
        buf_putc(b, ')');
    }
    put_join(b, t);
}

/* Rows that differ: both keys, then differs, old value and new one for each column. */
static void put_evidence(struct buf *b, const struct trip *t)
{
    buf_puts(b, "select ");
    for (size_t i = 0; i < t->twin.n_columns; i++) {
        buf_puts(b, i ? ", " : "");
        if (is_compared(t, i))
            put_differs(b, t, i);
        else
            buf_puts(b, "false");
        buf_puts(b, ", ");
        put_operand(b, t, 'a', i, false);
        buf_puts(b, ", ");
        put_operand(b, t, 'b', i, false);
    }
    put_join(b, t);
    buf_puts(b, " where ");
    put_where(b, t, "null", "not null");
    buf_puts(b, " or ");
    put_where(b, t, "not null", "null");
    buf_puts(b, " or ");
    put_any_differs(b, t);
    buf_printf(b, " limit %d", t->proof->opts->evidence);
}

/* -- evidence -- */

static const char *value(struct arena *a, const PGresult *r, int row, int column, const char *name)
{
    return PQgetisnull(r, row, column) ? NULL : mask_value(a, name, pg_text(r, row, column));
}

static const char *key_text(const struct trip *t, const PGresult *r, int row, int side, struct arena *a)
{
    SCOPED_BUF b = {0};
    for (size_t i = 0; i < t->twin.n_key; i++) {
        const char *name = t->twin.columns[t->twin.key[i]].name;
        const char *v = value(a, r, row, 3 * (int)t->twin.key[i] + side, name);
        buf_printf(&b, "%s%s=%s", i ? ", " : "", name, v ? v : "null");
    }
    return arena_dup(a, b.p);
}

static void show_row(const struct trip *t, const PGresult *r, int row)
{
    SCOPED(arena) a = arena_new();
    int key = 3 * (int)t->twin.key[0];
    bool was = !PQgetisnull(r, row, key + 1), is = !PQgetisnull(r, row, key + 2);
    struct report_row *e = report_row(t->proof->report, t->check,
                                      was && is ? "changed"
                                      : was     ? "missing"
                                                : "extra",
                                      key_text(t, r, row, was ? 1 : 2, a));
    for (int i = 0; was && is && i < (int)t->twin.n_columns; i++) {
        const char *name = t->twin.columns[i].name;
        if (pg_bool(r, row, 3 * i))
            report_value(t->proof->report, e, name, value(a, r, row, 3 * i + 1, name),
                         value(a, r, row, 3 * i + 2, name));
    }
}

static bool show(const struct trip *t, struct pg *pg, struct err *err)
{
    SCOPED_BUF sql = {0};
    SCOPED_RESULT r = NULL;
    put_evidence(&sql, t);
    if (!pg_query(pg, sql.p, PG_NONE, &r, err))
        return false;
    for (int i = 0; i < PQntuples(r); i++)
        show_row(t, r, i);
    return true;
}

/* -- one trip -- */

static void take_counts(const struct trip *t, const PGresult *r)
{
    struct report_check *c = t->check;
    int64_t missing = pg_i64(r, 0, 0), extra = pg_i64(r, 0, 1), changed = pg_i64(r, 0, 2);
    c->found_rows = pg_i64(r, 0, 3);
    c->expected_rows = pg_i64(r, 0, 4);
    int64_t doubled = c->found_rows + missing - extra - c->expected_rows;
    c->differences = missing + extra + changed + (doubled > 0 ? doubled : 0);
    if (doubled > 0)
        report_note(t->proof->report, c, "the lens makes %lld rows with a key that another row has",
                    (long long)doubled);
    for (size_t i = 0; i < t->tolerances.n; i++) {
        const struct tolerance *l = &t->tolerances.p[i];
        int64_t rows = pg_i64(r, 0, 5 + (int)i);
        report_lose(t->proof->report, t->lens.name, l->column, l->reason, !l->is_lost, rows);
        c->explained += l->is_lost && rows > 0;
    }
}

static void judge(const struct trip *t)
{
    struct report_check *c = t->check;
    proof_judge(c);
    if (c->outcome == OUTCOME_FAIL && t->in_flight) {
        c->outcome = OUTCOME_IN_FLIGHT;
        report_note(t->proof->report, c,
                    "version N was being brought up to date, so that these differences prove nothing");
    } else if (c->outcome == OUTCOME_PASS && c->explained) {
        c->outcome = OUTCOME_EXPLAINED;
        report_note(t->proof->report, c, "%lld column%s lost as the lens says", (long long)c->explained,
                    c->explained == 1 ? " is" : "s are");
    }
}

static bool travel(void *ctx, const struct work_hands *hands, struct err *err)
{
    struct trip *t = ctx;
    SCOPED_BUF sql = {0};
    SCOPED_RESULT r = NULL;
    put_counts(&sql, t);
    if (!pg_query(hands->target, sql.p, PG_NONE, &r, err))
        return err_wrap(err, "taking %s up and down again", t->lens.name);
    take_counts(t, r);
    judge(t);
    return t->check->differences == 0 || show(t, hands->target, err);
}

/* -- plan -- */

/* Numbers, dates, times, booleans, bytea and uuid have an equality that sees every difference that means something. */
static bool read_kinds(struct trip *t, struct pg *pg, struct err *err)
{
    SCOPED_RESULT r = NULL;
    const char *sql = "select a.attname, t.typcategory in ('N', 'D', 'B', 'T') or t.oid in (17, 2950)"
                      " from pg_attribute a join pg_type t on t.oid = a.atttypid where a.attrelid = to_regclass($1)";
    if (!pg_query(pg, sql, PG_ARGS(t->lens.table), &r, err))
        return false;
    t->by_value = arena_new_array(t->proof->arena, bool, t->twin.n_columns + 1);
    for (int i = 0; i < PQntuples(r); i++) {
        int column = twin_find(&t->twin, pg_text(r, i, 0));
        if (column >= 0)
            t->by_value[column] = pg_bool(r, i, 1);
    }
    return true;
}

/* The view of a down lens is made with the package; the table that it makes anew is the replica's. */
static struct lens_state lens_of(struct proof *p, const struct package_file *f)
{
    struct lens_state l = {.name = f->name,
                           .view = pg_qualified(p->arena, "carryover_down", f->name),
                           .table = pg_qualified(p->arena, p->opts->source.home, f->name)};
    l.key = tolerance_names(package_word(f, "key"), p->arena, &l.n_key);
    return l;
}

static bool plan_trip(struct proof *p, const struct package_file *f, const char *why_not, struct err *err)
{
    struct trip *t = arena_new_one(p->arena, struct trip);
    struct pg *pg = moment_target(p->moment, 0);
    bool there = false;
    *t = (struct trip){.proof = p, .file = f, .lens = lens_of(p, f), .in_flight = p->dirty > 0};
    t->check = report_check(p->report, SECTION_ROUNDTRIP, f->name, TITLE);
    if (!proof_exists(p, t->lens.view, &there, err))
        return false;
    if (!why_not && !there)
        why_not = "the down lens is not installed";
    if (why_not) {
        report_note(p->report, t->check, "%s", why_not);
        return true;
    }
    t->tolerances = tolerance_lens(f, p->arena);
    if (!lenses_twin(pg, &t->lens, p->arena, &t->twin, err) || !read_kinds(t, pg, err))
        return err_wrap(err, "planning the round trip of %s", f->name);
    if (t->twin.n_left_out)
        report_note(p->report, t->check, "%zu columns are not made by the lens", t->twin.n_left_out);
    work_add(&p->work, travel, t, t->twin.rows, t->check);
    return true;
}

bool roundtrip_plan(struct proof *p, struct err *err)
{
    struct lens_states up;
    const char *why_not = NULL;
    const struct package_files *files = &p->opts->package->down;
    if (!lenses_read(moment_target(p->moment, 0), "up", p->arena, &up, err) ||
        !lenses_backlog(moment_target(p->moment, 0), &up, &p->dirty, err))
        return false;
    bool whole = lenses_all_loaded(p, &up, &why_not);
    for (size_t i = 0; i < files->n; i++)
        if (proof_wants(p, files->p[i].name) && !plan_trip(p, &files->p[i], whole ? NULL : why_not, err))
            return false;
    return true;
}
