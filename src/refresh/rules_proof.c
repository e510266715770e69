#include "refresh/rules.h"

#define DIGEST "select count(*) || ' rows, digest ' || coalesce(sum(hashtextextended(row(%s)::text, 0)), 0) from %s"

const char rules_kept_sql[] = "create table if not exists carryover.refresh_kept (name text primary key,"
                              " before text not null, after text not null)";

/* --- keeping --- */

/* Columns that are written, in their order; the old production has to have them all. */
static bool list_columns(struct pg *next, const char *table, struct arena *a, char **ret, struct err *err)
{
    const char *sql = "select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute"
                      " where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''";
    return pg_value(next, sql, PG_ARGS(table), a, ret, err);
}

static bool pump(struct pg *from, struct pg *to, const char *columns, const char *table, struct err *err)
{
    SCOPED(arena) a = arena_new();
    char *piece = NULL;
    size_t n = 0;
    bool ok = pg_copy_out(from, arena_printf(a, "copy (select %s from %s) to stdout", columns, table), err) &&
              pg_copy_in(to, arena_printf(a, "copy %s (%s) from stdin", table, columns), err);
    while (ok && (ok = pg_copy_get(from, &piece, &n, err)) && piece) {
        ok = pg_copy_put(to, piece, n, err);
        PQfreemem(piece);
    }
    return ok && pg_copy_end(to, NULL, err);
}

static bool digest_of(struct pg *pg, const char *columns, const char *table, struct arena *a, char **ret,
                      struct err *err)
{
    return pg_value(pg, arena_printf(a, DIGEST, columns, table), PG_NONE, a, ret, err);
}

static bool note_kept(const struct rule *r, struct pg *before, struct pg *next, const char *columns, const char *table,
                      struct arena *a, struct err *err)
{
    char *was = NULL, *is = NULL;
    const char *sql = "insert into carryover.refresh_kept values ($1, $2, $3) on conflict (name) do update"
                      " set before = excluded.before, after = excluded.after";
    return digest_of(before, columns, table, a, &was, err) && digest_of(next, columns, table, a, &is, err) &&
           pg_run(next, sql, PG_ARGS(r->name, was, is), NULL, err);
}

static bool keep(const struct rule *r, struct pg *before, struct pg *next, struct err *err)
{
    SCOPED(arena) a = arena_new();
    const char *table = pg_qualified(a, r->schema, r->table);
    char *columns = NULL;
    if (list_columns(next, table, a, &columns, err) && pg_begin(next, err) &&
        pg_execf(next, err, "delete from %s", table) && pump(before, next, columns, table, err) &&
        note_kept(r, before, next, columns, table, a, err) && pg_commit(next, err))
        return true;
    pg_rollback(next);
    return err_wrap(err, "keeping the rows of %s", r->name);
}

bool rules_keep(const struct rules *r, struct pg *before, struct pg *next, struct err *err)
{
    if (!pg_exec(next, rules_kept_sql, err))
        return false;
    for (size_t i = 0; i < r->n; i++)
        if (r->p[i].kind == RULE_KEPT && !r->p[i].skipped && !keep(&r->p[i], before, next, err))
            return false;
    return true;
}

/* --- proving --- */

static bool prove_absent(struct pg *next, struct arena *a, struct rule_proof *p, struct err *err)
{
    int64_t n = 0;
    const char *table = pg_qualified(a, p->rule->schema, p->rule->table);
    if (!pg_value_i64(next, arena_printf(a, "select count(*) from %s", table), PG_NONE, &n, err))
        return false;
    p->outcome = n ? RULE_FAIL : RULE_PASS;
    p->found = arena_printf(a, "%" PRId64 " rows", n);
    return true;
}

static bool prove_reset(struct pg *next, struct arena *a, struct rule_proof *p, struct err *err)
{
    int64_t n = 0;
    if (!pg_value_i64(next, arena_printf(a, "select count(*) from (%s) x", p->rule->check), PG_NONE, &n, err))
        return err_wrap(err, "the check of the rule %s", p->rule->name);
    p->outcome = n ? RULE_FAIL : RULE_PASS;
    p->found = arena_printf(a, "%" PRId64 " rows are not reset", n);
    return true;
}

/* The rows of now, against what the old production had when nobody could write there any more. */
static bool prove_kept(struct pg *next, struct arena *a, struct rule_proof *p, struct err *err)
{
    const char *table = pg_qualified(a, p->rule->schema, p->rule->table);
    char *columns = NULL, *is = NULL, *was = NULL;
    const char *sql = "select before from carryover.refresh_kept where name = $1";
    if (!list_columns(next, table, a, &columns, err) || !digest_of(next, columns, table, a, &is, err) ||
        !pg_value(next, sql, PG_ARGS(p->rule->name), a, &was, err))
        return false;
    p->outcome = was && strcmp(was, is) == 0 ? RULE_PASS : RULE_FAIL;
    p->found = arena_printf(a, "%s; the old production had %s", is, was ? was : "not been read");
    return true;
}

static bool prove(struct pg *next, struct arena *a, struct rule_proof *p, struct err *err)
{
    if (p->rule->skipped) {
        p->outcome = RULE_SKIPPED;
        p->found = p->rule->skipped;
        return true;
    }
    switch (p->rule->kind) {
    case RULE_NOT_CARRIED:
        return prove_absent(next, a, p, err);
    case RULE_KEPT:
        return prove_kept(next, a, p, err);
    case RULE_RESET:
    case RULE_ENCRYPTED:
        return prove_reset(next, a, p, err);
    }
    return true;
}

bool rules_prove(const struct rules *r, struct pg *next, struct arena *a, struct rule_proof **ret, struct err *err)
{
    *ret = arena_new_array(a, struct rule_proof, r->n + 1);
    for (size_t i = 0; i < r->n; i++) {
        (*ret)[i].rule = &r->p[i];
        if (!prove(next, a, &(*ret)[i], err))
            return false;
    }
    return true;
}
