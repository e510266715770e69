#include "analyze/fit_internal.h"

#define OID_INT8 20
#define OID_INT2 21
#define OID_INT4 23
#define OID_BPCHAR 1042
#define OID_VARCHAR 1043
#define OID_NUMERIC 1700
#define HEADER 4 /* what a type modifier counts beside the length */

/* One column of a lens that has to be looked at. */
struct candidate {
    const struct fit_column *column;
    const char *value; /* x."name" */
    char *condition;
    const char *wrong; /* for people: "longer than the 20 characters" */
    bool is_null;      /* there is no worst value to show */
};

struct candidates {
    struct candidate *p;
    size_t n;
};

/* -- which columns -- */

static bool is_integer(Oid type)
{
    return type == OID_INT2 || type == OID_INT4 || type == OID_INT8;
}

static int integer_bytes(Oid type)
{
    return type == OID_INT2 ? 2 : type == OID_INT4 ? 4 : 8;
}

/* Digits before the point that a value of this type may have; a large number when it is not limited. */
static int whole_digits(Oid type, int modifier)
{
    if (type == OID_NUMERIC && modifier >= HEADER)
        return ((modifier - HEADER) >> 16) - ((modifier - HEADER) & 0x7ff);
    return type == OID_INT2 ? 5 : type == OID_INT4 ? 10 : type == OID_INT8 ? 19 : 1000;
}

static bool text_may_be_longer(const struct fit_column *col, Oid type, int modifier)
{
    bool bounded = (type == OID_VARCHAR || type == OID_BPCHAR) && modifier >= HEADER;
    return col->length > 0 && (!bounded || modifier - HEADER > col->length);
}

static bool look_at_text(struct arena *a, struct candidate *k, Oid type, int modifier)
{
    if (!text_may_be_longer(k->column, type, modifier))
        return false;
    k->condition = arena_printf(a, "char_length(rtrim(%s::text)) > %d", k->value, k->column->length);
    k->wrong = arena_printf(a, "longer than %d characters", k->column->length);
    return true;
}

static bool look_at_number(struct arena *a, struct candidate *k, Oid type, int modifier)
{
    int digits = k->column->length - k->column->scale;
    if (k->column->length == 0 || whole_digits(type, modifier) <= digits)
        return false;
    k->condition = arena_printf(a, "abs(round(%s::numeric, %d)) >= 1e%d", k->value, k->column->scale, digits);
    k->wrong = arena_printf(a, "with more than %d digits before the point", digits);
    return true;
}

static bool look_at_integer(struct arena *a, struct candidate *k, Oid type)
{
    static const char *const limits[] = {"-32768 and 32767", "-2147483648 and 2147483647"};
    int bytes = k->column->length;
    if (bytes >= 8 || (is_integer(type) && integer_bytes(type) <= bytes))
        return false;
    k->condition = arena_printf(a, "%s::numeric not between %s", k->value, limits[bytes > 2]);
    k->wrong = arena_printf(a, "outside of %s", limits[bytes > 2]);
    return true;
}

static bool look_at_size(struct arena *a, struct candidate *k, Oid type, int modifier)
{
    switch (k->column->kind) {
    case FIT_ANY:
        return false;
    case FIT_TEXT:
        return look_at_text(a, k, type, modifier);
    case FIT_NUMBER:
        return look_at_number(a, k, type, modifier);
    case FIT_INTEGER:
        return look_at_integer(a, k, type);
    }
    return false;
}

static bool look_at_known(struct arena *a, struct candidate *k)
{
    SCOPED_BUF b = {0};
    if (k->column->n_known == 0)
        return false;
    buf_printf(&b, "%s not in (", k->value);
    for (size_t i = 0; i < k->column->n_known; i++)
        buf_printf(&b, "%s%lld", i ? ", " : "", (long long)k->column->known[i]);
    buf_putc(&b, ')');
    k->condition = arena_dup(a, b.p);
    k->wrong = "that stores do not know";
    return true;
}

/* A column of a table that may be null there, and must not be here. */
static bool look_at_null(struct arena *a, struct candidate *k, const PGresult *described, int field, const char *nulls)
{
    char place[64];
    snprintf(place, sizeof place, " %u.%d ", PQftable(described, field), PQftablecol(described, field));
    if (!k->column->not_null || !PQftable(described, field) || !strstr(nulls, place))
        return false;
    k->condition = arena_printf(a, "%s is null", k->value);
    k->wrong = "missing, where there has to be one";
    k->is_null = true;
    return true;
}

static void add(struct candidates *list, const struct candidate *k)
{
    list->p[list->n++] = *k;
}

static struct candidates find_candidates(struct arena *a, const struct fit_lens *l, const PGresult *described,
                                         enum fit_question question, const char *nulls)
{
    struct candidates list = {.p = arena_new_array(a, struct candidate, 2 * l->n_columns + 1)};
    for (size_t i = 0; i < l->n_columns; i++) {
        const struct fit_column *col = &l->columns[i];
        const char *quoted = pg_ident(a, col->name);
        int field = PQfnumber(described, quoted);
        struct candidate k = {.column = col, .value = arena_printf(a, "x.%s", quoted)};
        if (field < 0)
            continue;
        if (question == FIT_UNKNOWN) {
            if (look_at_known(a, &k))
                add(&list, &k);
            continue;
        }
        if (look_at_size(a, &k, PQftype(described, field), PQfmod(described, field)))
            add(&list, &k);
        if (look_at_null(a, &k, described, field, nulls))
            add(&list, &k);
    }
    return list;
}

/* -- the pass -- */

/* The key of a row for people, out of those columns that the lens still has. */
static void put_key(struct buf *b, const struct fit_lens *l, const PGresult *described, struct arena *a)
{
    struct str list = str_of(l->key);
    buf_puts(b, "concat_ws(', '");
    while (list.n) {
        const char *name = pg_ident(a, arena_dup_str(a, str_trim(str_split(&list, ','))));
        if (PQfnumber(described, name) >= 0)
            buf_printf(b, ", x.%s", name);
    }
    buf_putc(b, ')');
}

static const char *worst_of(struct arena *a, const struct candidate *k)
{
    if (k->is_null)
        return "min(null::text)";
    if (k->column->n_known)
        return arena_printf(a, "string_agg(distinct %s::text, ', ')", k->value);
    if (k->column->kind == FIT_TEXT)
        return arena_printf(a, "max(char_length(%s::text))", k->value);
    return arena_printf(a, "max(abs(%s))", k->value);
}

/* One row for each group: who, then count, worst value and first key of each candidate. */
static char *pass_sql(struct arena *a, const struct fit_lens *l, const struct candidates *list,
                      const PGresult *described)
{
    SCOPED_BUF b = {0};
    const char *by = l->by ? arena_printf(a, "x.%s::text", pg_ident(a, l->by)) : "null::text";
    buf_printf(&b, "select %s", by);
    for (size_t i = 0; i < list->n; i++) {
        const struct candidate *k = &list->p[i];
        buf_printf(&b, ", count(*) filter (where %s), (%s filter (where %s))::text, min(", k->condition, worst_of(a, k),
                   k->condition);
        put_key(&b, l, described, a);
        buf_printf(&b, ") filter (where %s)", k->condition);
    }
    buf_printf(&b, " from (%s) x where ", l->sql);
    for (size_t i = 0; i < list->n; i++)
        buf_printf(&b, "%s%s", i ? " or " : "", list->p[i].condition);
    buf_printf(&b, " group by %s order by 1", l->by ? "1" : "()");
    return arena_dup(a, b.p);
}

static void add_evidence(const struct rule_call *c, const struct fit_lens *l, const struct candidate *k, PGresult *r,
                         int row, int at, struct analyze_finding *f)
{
    SCOPED_BUF b = {0};
    int64_t n = pg_i64(r, row, at);
    if (n == 0)
        return;
    buf_printf(&b, "%lld value%s %s", (long long)n, n == 1 ? "" : "s", k->wrong);
    if (k->column->n_known)
        buf_printf(&b, ": %.60s", pg_text(r, row, at + 1));
    else if (!k->is_null)
        buf_printf(&b, ", the %s %.40s", k->column->kind == FIT_TEXT ? "longest" : "largest", pg_text(r, row, at + 1));
    buf_printf(&b, "; first at %s %.80s", l->key, pg_text(r, row, at + 2));
    if (l->by)
        buf_printf(&b, "; %s %s", strcmp(l->by, "channel_group") == 0 ? "stores of the group" : "store",
                   PQgetisnull(r, row, 0) ? "(unknown)" : pg_text(r, row, 0));
    else if (*l->everywhere)
        buf_printf(&b, "; %s", l->everywhere);
    rule_add_row(c, f, arena_printf(c->a, "%s.%s", l->table, k->column->name), b.p, 0);
    f->affected += n;
}

static bool pass(const struct rule_call *c, const struct fit_lens *l, const struct candidates *list,
                 const PGresult *described, struct analyze_finding *f, struct err *err)
{
    struct err why = {0};
    SCOPED_RESULT r = NULL;
    if (!pg_query(c->pg, pass_sql(c->a, l, list, described), PG_NONE, &r, &why))
        return rule_failed(c, &why, l->path, f, err);
    for (int row = 0; row < PQntuples(r); row++)
        for (size_t i = 0; i < list->n; i++)
            add_evidence(c, l, &list->p[i], r, row, 1 + 3 * (int)i, f);
    return true;
}

bool fit_describe(const struct rule_call *c, const struct fit_lens *l, PGresult **ret, struct analyze_finding *f,
                  struct err *err)
{
    struct err why = {0};
    *ret = NULL;
    return pg_query(c->pg, arena_printf(c->a, "select * from (%s) x limit 0", l->sql), PG_NONE, ret, &why) ||
           rule_failed(c, &why, l->path, f, err);
}

/* " oid.column oid.column " of every column of the source that may be null. */
static bool read_nullable(const struct rule_call *c, char **ret, struct err *err)
{
    return pg_value(c->pg,
                    "select ' ' || coalesce(string_agg(a.attrelid::bigint || '.' || a.attnum, ' '), '') || ' '"
                    " from pg_attribute a join pg_class c on c.oid = a.attrelid"
                    " where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')"
                    " and a.attnum > 0 and not a.attisdropped and not a.attnotnull",
                    PG_NONE, c->a, ret, err);
}

static bool check_lens(const struct rule_call *c, const struct fit_lens *l, enum fit_question question,
                       const char *nulls, struct analyze_finding *f, struct err *err)
{
    SCOPED_RESULT described = NULL;
    if (!fit_describe(c, l, &described, f, err))
        return false;
    if (!described)
        return true;
    struct candidates list = find_candidates(c->a, l, described, question, nulls);
    return list.n == 0 || pass(c, l, &list, described, f, err);
}

void fit_note(const struct rule_call *c, const struct fit_lenses *lenses, struct analyze_finding *f)
{
    SCOPED_BUF b = {0};
    for (size_t i = 0; i < lenses->n; i++)
        if (*lenses->p[i].unchecked)
            buf_printf(&b, "%s%s (%s)", b.n ? ", " : "not asked on the source: ", lenses->p[i].path,
                       lenses->p[i].unchecked);
    f->note = arena_dup(c->a, buf_text(&b));
}

bool fit_values(const struct rule_call *c, const struct fit_lenses *lenses, enum fit_question question,
                struct analyze_finding *f, struct err *err)
{
    char *nulls = NULL;
    fit_note(c, lenses, f);
    if (!read_nullable(c, &nulls, err))
        return false;
    for (size_t i = 0; i < lenses->n; i++) {
        const struct fit_lens *l = &lenses->p[i];
        bool has_time = false;
        if (!l->sql)
            continue;
        if (!rule_has_time(c, f, &has_time, err))
            return false;
        if (!has_time)
            return true;
        if (!check_lens(c, l, question, nulls, f, err))
            return false;
    }
    return true;
}
