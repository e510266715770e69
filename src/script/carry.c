#include "script/carry.h"
#include "db/target.h"

#define PROBLEMS_SHOWN 20

struct column {
    const char *name, *type, *from; /* from: its type in N-1, NULL: it is new */
    bool not_null, filled;          /* filled: it has a default, or is computed */
    bool computed, may_be_null;     /* may_be_null: in N-1 */
};

struct columns {
    struct column *p;
    size_t n;
};

/* --- what there is --- */

static bool is_lens(const struct carry_opts *o, const char *table)
{
    for (size_t i = 0; i < o->n_lenses; i++)
        if (strcmp(o->lenses[i], table) == 0)
            return true;
    return false;
}

/* The largest first. */
static bool read_tables(struct pg *target, PGresult **ret, struct err *err)
{
    static const char sql[] =
        "select n.relname, pg_total_relation_size(o.oid) from pg_class n join pg_class o on o.relname = n.relname"
        " where n.relnamespace = to_regnamespace('" TARGET_NEW "') and o.relnamespace = to_regnamespace('" TARGET_OLD
        "') and n.relkind in ('r', 'p') and o.relkind in ('r', 'p') order by 2 desc, 1";
    return pg_query(target, sql, PG_NONE, ret, err);
}

static bool read_columns(struct pg *target, const char *table, struct arena *a, struct columns *ret, struct err *err)
{
    static const char sql[] =
        "select n.attname, format_type(n.atttypid, n.atttypmod), format_type(o.atttypid, o.atttypmod), n.attnotnull,"
        " n.atthasdef or n.attidentity <> '', n.attgenerated <> '', not o.attnotnull, o.attname is null"
        " from pg_attribute n left join pg_attribute o on o.attrelid = $2::regclass and o.attname = n.attname and"
        " o.attnum > 0 and not o.attisdropped"
        " where n.attrelid = $1::regclass and n.attnum > 0 and not n.attisdropped order by n.attnum";
    SCOPED_RESULT r = NULL;
    if (!pg_query(target, sql, PG_ARGS(pg_qualified(a, TARGET_NEW, table), pg_qualified(a, TARGET_OLD, table)), &r,
                  err))
        return false;
    *ret = (struct columns){arena_new_array(a, struct column, (size_t)PQntuples(r) + 1), (size_t)PQntuples(r)};
    for (int i = 0; i < PQntuples(r); i++)
        ret->p[i] = (struct column){arena_dup(a, pg_text(r, i, 0)),
                                    arena_dup(a, pg_text(r, i, 1)),
                                    pg_bool(r, i, 7) ? NULL : arena_dup(a, pg_text(r, i, 2)),
                                    pg_bool(r, i, 3),
                                    pg_bool(r, i, 4),
                                    pg_bool(r, i, 5),
                                    pg_bool(r, i, 6)};
    return true;
}

static bool is_copied(const struct column *c)
{
    return c->from && !c->computed;
}

/* --- the statements --- */

static bool check_filled(const char *table, const struct columns *cols, struct err *err)
{
    for (size_t i = 0; i < cols->n; i++) {
        const struct column *c = &cols->p[i];
        if (!c->from && c->not_null && !c->filled) {
            err_set(err, ERR_SCRIPT_FAILED,
                    "%s.%s.%s may not be null, and neither %s has such a column nor is there a "
                    "default",
                    TARGET_NEW, table, c->name, TARGET_OLD);
            return err_hint(err,
                            "Give it a default in schema/10_tables.sql, fill the table with a lens, or add the "
                            "column to %s.%s with a script of the phase pre-sync.",
                            TARGET_OLD, table);
        }
    }
    return true;
}

static void put_names(struct buf *b, const struct columns *cols, bool cast, struct arena *a)
{
    bool first = true;
    for (size_t i = 0; i < cols->n; i++) {
        const struct column *c = &cols->p[i];
        if (!is_copied(c))
            continue;
        buf_printf(b, "%s%s", first ? "" : ", ", pg_ident(a, c->name));
        if (cast && strcmp(c->type, c->from) != 0)
            buf_printf(b, "::%s", c->type);
        first = false;
    }
}

static bool has_copied(const struct columns *cols)
{
    for (size_t i = 0; i < cols->n; i++)
        if (is_copied(&cols->p[i]))
            return true;
    return false;
}

static bool put_statements(struct buf *b, const struct carry_opts *o, const char *table, bool constraints)
{
    bool any = false;
    for (size_t i = 0; i < o->n_statements; i++)
        if (o->statements[i].constraint == constraints && strcmp(o->statements[i].table, table) == 0) {
            buf_printf(b, "%s;\n", o->statements[i].sql);
            any = true;
        }
    return any;
}

static char *copy_sql(const struct carry_opts *o, const char *table, const struct columns *cols, struct arena *a)
{
    SCOPED_BUF b = {0};
    if (has_copied(cols)) {
        buf_printf(&b, "insert into %s (", pg_qualified(a, TARGET_NEW, table));
        put_names(&b, cols, false, a);
        buf_puts(&b, ") overriding system value select ");
        put_names(&b, cols, true, a);
        buf_printf(&b, " from %s;\n", pg_qualified(a, TARGET_OLD, table));
    }
    put_statements(&b, o, table, false);
    buf_printf(&b, "analyze %s", pg_qualified(a, TARGET_NEW, table));
    return arena_dup(a, b.p);
}

/* What version N has no column for is said, not silently gone. */
static bool left_behind(struct pg *target, const char *table, struct arena *a, const char **ret, struct err *err)
{
    char *names = NULL;
    static const char sql[] =
        "select string_agg(o.attname, ', ' order by o.attnum) from pg_attribute o where o.attrelid = $2::regclass and"
        " o.attnum > 0 and not o.attisdropped and not exists (select from pg_attribute n where n.attrelid ="
        " $1::regclass and n.attname = o.attname and not n.attisdropped)";
    if (!pg_value(target, sql, PG_ARGS(pg_qualified(a, TARGET_NEW, table), pg_qualified(a, TARGET_OLD, table)), a,
                  &names, err))
        return false;
    *ret = names ? arena_printf(a, "columns left behind: %s\n", names) : "";
    return true;
}

static bool plan_table(struct pg *target, const struct carry_opts *o, const char *table, int64_t bytes, struct arena *a,
                       struct graph_table *ret, size_t *n, struct err *err)
{
    struct columns cols;
    SCOPED_BUF constraints = {0};
    struct graph_table *t = &ret[*n];
    *t = (struct graph_table){.table = table, .bytes = bytes};
    if (!read_columns(target, table, a, &cols, err) || !check_filled(table, &cols, err) ||
        !left_behind(target, table, a, &t->note, err))
        return false;
    t->sql = copy_sql(o, table, &cols, a);
    ++*n;
    if (put_statements(&constraints, o, table, true))
        ret[(*n)++] = (struct graph_table){table, arena_dup(a, constraints.p), "", true, bytes};
    return true;
}

bool carry_plan(struct pg *target, const struct carry_opts *o, struct arena *a, struct graph_table **ret, size_t *ret_n,
                struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!read_tables(target, &r, err))
        return false;
    *ret = arena_new_array(a, struct graph_table, 2 * (size_t)PQntuples(r) + 1);
    *ret_n = 0;
    for (int i = 0; i < PQntuples(r); i++)
        if (!is_lens(o, pg_text(r, i, 0)) &&
            !plan_table(target, o, arena_dup(a, pg_text(r, i, 0)), pg_i64(r, i, 1), a, *ret, ret_n, err))
            return false;
    return true;
}

/* --- what would not fit --- */

/* "character varying(30)" is `name` and 30; without a length INT32_MAX. */
static bool is_type(const char *type, const char *name, int *ret_a, int *ret_b)
{
    size_t n = strlen(name);
    *ret_a = *ret_b = INT32_MAX;
    if (strncmp(type, name, n) != 0 || (type[n] && type[n] != '('))
        return false;
    if (type[n] == '(') {
        char *end = NULL;
        *ret_a = (int)strtol(type + n + 1, &end, 10);
        *ret_b = *end == ',' ? (int)strtol(end + 1, NULL, 10) : 0;
    }
    return true;
}

static bool is_text(const char *type, int *ret_length)
{
    int unused;
    return is_type(type, "character varying", ret_length, &unused) || is_type(type, "text", ret_length, &unused) ||
           (is_type(type, "character", ret_length, &unused) && *ret_length != INT32_MAX);
}

static int integer_digits(const char *type)
{
    static const struct {
        const char *name;
        int digits;
    } types[] = {{"smallint", 5}, {"integer", 10}, {"bigint", 19}};
    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (strcmp(type, types[i].name) == 0)
            return types[i].digits;
    return 0;
}

/* Every value of the one type is one of the other, so nobody has to look. */
static bool is_wider(const char *from, const char *to)
{
    int la, lb, pa, sa, pb, sb;
    int da = integer_digits(from), db = integer_digits(to);
    if (strcmp(from, to) == 0 || (strcmp(from, "json") == 0 && strcmp(to, "jsonb") == 0))
        return true;
    if (is_text(from, &la) && is_text(to, &lb) && strncmp(to, "character(", 10) != 0)
        return lb >= la;
    if (da && db)
        return db >= da;
    if (!is_type(to, "numeric", &pb, &sb))
        return false;
    if (pb == INT32_MAX)
        return da || is_type(from, "numeric", &pa, &sa);
    if (da)
        return pb - sb >= da;
    return is_type(from, "numeric", &pa, &sa) && pa != INT32_MAX && sb >= sa && pb - sb >= pa - sa;
}

struct check {
    struct pg *target;
    struct arena *a;
    const char *table;
    struct buf *problems;
    size_t n_problems;
};

static void report(struct check *c, const struct column *col, int64_t n, bool null)
{
    if (n == 0 || c->n_problems++ >= PROBLEMS_SHOWN)
        return;
    buf_printf(c->problems, "%s%" PRId64 " values of " TARGET_OLD ".%s.%s (%s) ", c->problems->n ? "; " : "", n,
               c->table, col->name, col->from);
    if (null)
        buf_puts(c->problems, "are null, which version N does not allow");
    else
        buf_printf(c->problems, "would lose something as %s", col->type);
}

static void put_loses(struct buf *b, const struct column *c, const char *value)
{
    buf_printf(b, "(%s::%s)::%s is distinct from %s", value, c->type, c->from, value);
}

/* Where a cast fails, each value is tried by itself. */
static bool count_one_by_one(struct check *c, const struct column *col, int64_t *ret, struct err *err)
{
    SCOPED_BUF b = {0};
    buf_printf(&b, "create function pg_temp.loses(v %s) returns boolean language plpgsql as $f$ begin return ",
               col->from);
    put_loses(&b, col, "v");
    buf_puts(&b, "; exception when data_exception then return true; end $f$");
    const char *count = arena_printf(c->a, "select count(*) from %s where pg_temp.loses(%s)",
                                     pg_qualified(c->a, TARGET_OLD, c->table), pg_ident(c->a, col->name));
    return pg_exec(c->target, "drop function if exists pg_temp.loses", err) && pg_exec(c->target, b.p, err) &&
           pg_value_i64(c->target, count, PG_NONE, ret, err);
}

static bool count_losses(struct check *c, const struct column *col, int64_t *ret, struct err *err)
{
    SCOPED_BUF b = {0};
    buf_printf(&b, "select count(*) from %s where ", pg_qualified(c->a, TARGET_OLD, c->table));
    put_loses(&b, col, pg_ident(c->a, col->name));
    if (pg_value_i64(c->target, b.p, PG_NONE, ret, err))
        return true;
    return strncmp(err->sqlstate, "22", 2) == 0 && count_one_by_one(c, col, ret, err);
}

static bool check_column(struct check *c, const struct column *col, struct err *err)
{
    int64_t n = 0;
    if (!is_wider(col->from, col->type)) {
        if (!count_losses(c, col, &n, err))
            return err_wrap(err, "%s.%s from %s to %s", c->table, col->name, col->from, col->type);
        report(c, col, n, false);
    }
    if (!col->not_null || !col->may_be_null)
        return true;
    const char *sql = arena_printf(c->a, "select count(*) from %s where %s is null",
                                   pg_qualified(c->a, TARGET_OLD, c->table), pg_ident(c->a, col->name));
    if (!pg_value_i64(c->target, sql, PG_NONE, &n, err))
        return false;
    report(c, col, n, true);
    return true;
}

static bool check_table(struct check *c, struct err *err)
{
    struct columns cols;
    if (!read_columns(c->target, c->table, c->a, &cols, err))
        return false;
    for (size_t i = 0; i < cols.n; i++)
        if (is_copied(&cols.p[i]) && !check_column(c, &cols.p[i], err))
            return false;
    return true;
}

bool carry_check(struct pg *target, const struct carry_opts *o, struct arena *a, struct err *err)
{
    SCOPED_RESULT r = NULL;
    SCOPED_BUF problems = {0};
    struct check c = {.target = target, .a = a, .problems = &problems};
    if (!read_tables(target, &r, err))
        return false;
    for (int i = 0; i < PQntuples(r); i++) {
        c.table = pg_text(r, i, 0);
        if (!is_lens(o, c.table) && !check_table(&c, err))
            return false;
    }
    if (c.n_problems == 0)
        return true;
    err_set(err, ERR_SCRIPT_FAILED, "nothing is copied: %s%s", problems.p,
            c.n_problems > PROBLEMS_SHOWN ? "; and more" : "");
    return err_hint(err,
                    "Mend the values with a script of the phase pre-sync, widen the column, or say with a lens what "
                    "becomes of them.");
}
