#include "refresh/rules.h"
#include "base/map.h"
#include "base/vec.h"

static const char *const kind_names[] = {"not carried", "kept", "reset", "enter again"};

struct resolving {
    const struct rules_opts *o;
    struct arena *a;
    PGresult *tables; /* of the sandbox: schema, table */
    VEC(struct rule) rules;
    struct map *excluded;
    struct err *err;
};

const char *rule_kind_name(enum rule_kind k)
{
    return kind_names[k];
}

static struct rule *add(struct resolving *v, enum rule_kind kind, const char *name, const char *about)
{
    struct rule *r = vec_push(&v->rules);
    *r = (struct rule){.kind = kind, .name = name, .about = about};
    return r;
}

static bool has_table(struct pg *pg, const char *schema, const char *table, bool *ret, struct err *err)
{
    int64_t n = 0;
    const char *sql = "select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                      " where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p')";
    if (!pg_value_i64(pg, sql, PG_ARGS(schema, table), &n, err))
        return false;
    *ret = n > 0;
    return true;
}

/* --- tables that are not carried, and those that are kept --- */

static bool has_line(const char *lines, const char *line)
{
    struct str rest = str_of(lines);
    while (rest.n)
        if (str_is(str_split(&rest, '\n'), line))
            return true;
    return false;
}

static bool is_kept(struct resolving *v, const struct rule *r, bool *ret)
{
    *ret = v->o->before != NULL;
    if (v->o->decided)
        *ret = has_line(v->o->decided, r->name);
    else if (v->o->before)
        return has_table(v->o->before, r->schema, r->table, ret, v->err);
    return true;
}

/* Without an old production, or without the table there, there is nothing to keep: it is carried like the others. That
 * is decided once, when the copy is begun. */
static bool add_table(struct resolving *v, enum rule_kind kind, const struct refresh_table *t, int row)
{
    const char *schema = arena_dup(v->a, pg_text(v->tables, row, 0));
    const char *table = arena_dup(v->a, pg_text(v->tables, row, 1));
    const char *name = arena_printf(v->a, "%s.%s", schema, table);
    struct rule *r = add(v, kind, name, t->reason);
    bool there = false;
    r->schema = schema;
    r->table = table;
    if (kind == RULE_KEPT && !is_kept(v, r, &there))
        return false;
    if (kind == RULE_KEPT && !there)
        r->skipped = "the old production does not have it: carried from the sandbox";
    else
        map_put(v->excluded, str_of(name))->value = v;
    return true;
}

static bool add_tables(struct resolving *v, enum rule_kind kind, const struct refresh_table *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool found = false;
        if (!refresh_applies(list[i].when, v->o->production))
            continue;
        for (int row = 0; row < PQntuples(v->tables); row++) {
            const char *name = arena_printf(v->a, "%s.%s", pg_text(v->tables, row, 0), pg_text(v->tables, row, 1));
            if (!str_glob(list[i].pattern, name))
                continue;
            found = true;
            if (!add_table(v, kind, &list[i], row))
                return false;
        }
        if (!found)
            add(v, kind, list[i].pattern, list[i].reason)->skipped = "there is no such table";
    }
    return true;
}

/* --- resets --- */

/* The rows of a kept table are production's own, and so are the keys of what is encrypted in them. */
static bool is_of_production(struct resolving *v, const struct rule *r)
{
    vec_each (&v->rules, x)
        if (x->kind == RULE_KEPT && !x->skipped && strcmp(x->schema, r->schema) == 0 && strcmp(x->table, r->table) == 0)
            return true;
    return false;
}

static const char kept_too[] = "its rows are those of the old production";

/* "hq.Sale" as two names. */
static void split(struct resolving *v, const char *qualified, struct rule *r)
{
    struct str rest = str_of(qualified);
    r->schema = arena_dup_str(v->a, str_split(&rest, '.'));
    r->table = arena_dup_str(v->a, rest);
}

static bool missing_columns(struct resolving *v, const struct rule *r, const char *const *columns, size_t n,
                            const char **ret)
{
    for (size_t i = 0; i < n; i++) {
        int64_t there = 0;
        const char *sql = "select count(*) from pg_attribute where attrelid = to_regclass($1) and attname = $2"
                          " and attnum > 0 and not attisdropped";
        if (!pg_value_i64(v->o->sandbox, sql, PG_ARGS(pg_qualified(v->a, r->schema, r->table), columns[i]), &there,
                          v->err))
            return false;
        if (!there) {
            *ret = arena_printf(v->a, "there is no column %s", columns[i]);
            return true;
        }
    }
    return true;
}

/* Only what is not so yet is written: the rule may be applied again, and triggers see no more than there is. */
static void put_set(struct resolving *v, const struct refresh_reset *x, struct rule *r)
{
    SCOPED_BUF set = {0}, wrong = {0};
    const char *table = pg_qualified(v->a, r->schema, r->table);
    for (size_t i = 0; i < x->n_set; i++) {
        const char *column = pg_ident(v->a, x->set[i].column);
        buf_printf(&set, "%s%s = %s", i ? ", " : "", column, x->set[i].value);
        buf_printf(&wrong, "%s%s is distinct from (%s)", i ? " or " : "", column, x->set[i].value);
    }
    r->sql = arena_printf(v->a, "update %s set %s where (%s) and (%s)", table, set.p, x->where, wrong.p);
    r->check = arena_printf(v->a, "select 1 from %s where (%s) and (%s)", table, x->where, wrong.p);
}

static bool add_reset(struct resolving *v, const struct refresh_reset *x)
{
    bool there = true;
    if (!refresh_applies(x->when, v->o->production))
        return true;
    struct rule *r = add(v, RULE_RESET, x->id, x->about);
    r->sql = x->sql;
    r->check = x->check;
    if (x->sql)
        return true;
    split(v, x->table, r);
    if (!has_table(v->o->sandbox, r->schema, r->table, &there, v->err))
        return false;
    const char **columns = arena_new_array(v->a, const char *, x->n_set + 1);
    for (size_t i = 0; i < x->n_set; i++)
        columns[i] = x->set[i].column;
    if (!there)
        r->skipped = arena_printf(v->a, "there is no table %s", x->table);
    else if (is_of_production(v, r))
        r->skipped = kept_too;
    else if (!missing_columns(v, r, columns, x->n_set, &r->skipped))
        return false;
    if (!r->skipped)
        put_set(v, x, r);
    return true;
}

/* What an encrypted value becomes: nothing, or what is nearest to it in a column that may not be null. */
static bool empty_value(struct resolving *v, const struct rule *r, const char *column, char **ret)
{
    const char *sql = "select case when not a.attnotnull then 'null' when t.typcategory = 'S' then '''''' when"
                      " t.typname = 'bytea' then '''''::bytea' when t.typcategory = 'N' then '0' else 'null' end"
                      " from pg_attribute a join pg_type t on t.oid = a.atttypid where a.attrelid = $1::regclass"
                      " and a.attname = $2 and a.attnum > 0 and not a.attisdropped";
    return pg_value(v->o->sandbox, sql, PG_ARGS(pg_qualified(v->a, r->schema, r->table), column), v->a, ret, v->err);
}

/* The rule clears one column of every row. */
static bool add_encrypted(struct resolving *v, const char *table, const char *column)
{
    char *empty = NULL;
    bool there = true;
    struct rule *r = add(v, RULE_ENCRYPTED, arena_printf(v->a, "%s.%s", table, column),
                         "encrypted with a key that production does not have: cleared, to be entered again");
    split(v, table, r);
    if (!has_table(v->o->sandbox, r->schema, r->table, &there, v->err))
        return false;
    if (there && is_of_production(v, r)) {
        r->skipped = kept_too;
        return true;
    }
    if (there && !empty_value(v, r, column, &empty))
        return false;
    if (!empty) {
        r->skipped = there ? "there is no such column" : "there is no such table";
        return true;
    }
    struct refresh_set set = {column, empty};
    struct refresh_reset x = {.where = "true", .set = &set, .n_set = 1};
    put_set(v, &x, r);
    return true;
}

/* --- all of them --- */

static int by_text(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static void list_excluded(struct resolving *v, struct rules *ret)
{
    size_t n = map_count(v->excluded);
    const char **list = arena_new_array(v->a, const char *, n + 1);
    for (size_t i = 0; i < n; i++)
        list[i] = arena_dup_str(v->a, map_at(v->excluded, i)->key);
    qsort(list, n, sizeof *list, by_text);
    ret->excluded = list;
}

static bool resolve_all(struct resolving *v)
{
    const struct refresh_policy *p = v->o->policy;
    if (!add_tables(v, RULE_NOT_CARRIED, p->not_carried, p->n_not_carried) ||
        !add_tables(v, RULE_KEPT, p->keep, p->n_keep))
        return false;
    for (size_t i = 0; i < p->n_resets; i++)
        if (!add_reset(v, &p->resets[i]))
            return false;
    for (size_t i = 0; i < p->n_encrypted; i++)
        for (size_t k = 0; k < p->encrypted[i].n; k++)
            if (!add_encrypted(v, p->encrypted[i].table, p->encrypted[i].columns[k]))
                return false;
    return true;
}

bool rules_resolve(const struct rules_opts *o, struct arena *a, struct rules *ret, struct err *err)
{
    SCOPED_RESULT tables = NULL;
    SCOPED(map) excluded = map_new();
    const char *sql = "select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                      " where c.relkind in ('r', 'p') and n.nspname !~ '^(pg_|information_schema$|carryover)'"
                      " order by 1, 2";
    if (!pg_query(o->sandbox, sql, PG_NONE, &tables, err))
        return err_wrap(err, "reading the tables of the sandbox");
    struct resolving v = {.o = o, .a = a, .tables = tables, .excluded = excluded, .err = err};
    bool ok = resolve_all(&v);
    *ret = (struct rules){.p = arena_new_array(a, struct rule, v.rules.n + 1), .n = v.rules.n};
    for (size_t i = 0; i < v.rules.n; i++)
        ret->p[i] = v.rules.p[i];
    list_excluded(&v, ret);
    vec_done(&v.rules);
    return ok || err_wrap(err, "reading refresh.yaml against the sandbox");
}

/* --- doing it --- */

static bool apply_all(const struct rules *r, struct pg *next, struct err *err)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->p[i].sql && !r->p[i].skipped && !pg_exec(next, r->p[i].sql, err))
            return err_wrap(err, "the rule %s of refresh.yaml", r->p[i].name);
    return true;
}

/* Foreign keys hold again for what is changed here; in the copy they were asleep. */
bool rules_apply(const struct rules *r, struct pg *next, struct err *err)
{
    if (pg_begin(next, err) && pg_exec(next, "set local session_replication_role = origin", err) &&
        apply_all(r, next, err) && pg_commit(next, err))
        return true;
    pg_rollback(next);
    return false;
}
