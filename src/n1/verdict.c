#include "n1/verdict.h"
#include "base/log.h"
#include "base/name.h"
#include "db/target.h"

#define UPLOADED "pg_temp.uploaded"

/* --- texts --- */

static void put_key(struct buf *b, const struct uploads_names *key, const char *prefix, const char *suffix)
{
    for (size_t i = 0; i < key->n; i++) {
        buf_puts(b, i ? ", " : "");
        buf_puts(b, prefix);
        name_put(b, key->p[i]);
        buf_puts(b, suffix);
    }
}

/* The transaction as it stands in n1_finding. */
static void put_array(struct buf *b, const struct uploads_names *key, const char *prefix)
{
    buf_puts(b, "array[");
    put_key(b, key, prefix, "::text");
    buf_puts(b, "]");
}

/* One rule as rows of n1_finding. Its columns are named by their places: key, then reason. */
static void put_rule(struct buf *b, const struct uploads_names *key, const struct package_file *f)
{
    buf_puts(b, "select ");
    pg_put_literal(b, f->name);
    buf_puts(b, "::text as \"carryover:rule\", ");
    put_array(b, key, "x.");
    buf_puts(b, " as \"carryover:transaction\", left(x.\"carryover:reason\"::text, 500) from (\n");
    buf_puts(b, f->body);
    buf_puts(b, "\n) x(");
    put_key(b, key, "", "");
    buf_puts(b, ", \"carryover:reason\")");
}

static void put_insert(struct buf *b, const char *store, const char *number)
{
    buf_printf(b,
               "insert into carryover.n1_finding (store, number, rule, transaction, reason) select %s, %s, f.* from (",
               store, number);
}

/* A rule may name a transaction once for each of its lines. */
static const char once[] = ") f on conflict do nothing";

/* --- opening --- */

static bool make_uploaded(struct pg *pg, const struct uploads *u, struct err *err)
{
    SCOPED_BUF b = {0};
    const struct uploads_names *key = &u->transactions->transaction;
    buf_puts(&b, "create temp table uploaded as select ");
    put_key(&b, key, "", "");
    buf_puts(&b, " from " TARGET_OLD ".");
    name_put(&b, u->transactions->name);
    buf_puts(&b, " where false; alter table " UPLOADED " add primary key (");
    put_key(&b, key, "", "");
    buf_putc(&b, ')');
    return pg_exec(pg, b.p, err);
}

static bool prepare_notes(struct ingest *in, struct err *err)
{
    for (size_t i = 0; i < in->u->n_tables; i++) {
        const struct uploads_names *key = &in->u->tables[i].transaction;
        SCOPED_BUF b = {0};
        if (key->n == 0)
            continue;
        buf_printf(&b, "prepare \"note:%zu\" as insert into " UPLOADED " select distinct ", i);
        put_key(&b, key, "", "");
        buf_printf(&b, " from %s where (", in->tables[i].stage);
        put_key(&b, key, "", "");
        buf_puts(&b, ") is not null on conflict do nothing");
        if (!pg_exec(in->pg, b.p, err))
            return false;
    }
    return true;
}

static bool prepare_rules(struct ingest *in, struct err *err)
{
    SCOPED_BUF b = {0};
    const struct package_files *rules = &in->package->rules;
    if (rules->n == 0)
        return true;
    buf_puts(&b, "prepare rules (text, bigint) as ");
    put_insert(&b, "$1", "$2");
    for (size_t i = 0; i < rules->n; i++) {
        buf_puts(&b, i ? "\nunion all\n" : "");
        put_rule(&b, &in->u->transactions->transaction, &rules->p[i]);
    }
    buf_puts(&b, once);
    return pg_exec(in->pg, b.p, err) || err_wrap(err, "the rules for uploads");
}

static void put_join(struct buf *b, const struct uploads_names *key)
{
    for (size_t i = 0; i < key->n; i++) {
        buf_puts(b, i ? " and t." : "t.");
        name_put(b, key->p[i]);
        buf_puts(b, " = u.");
        name_put(b, key->p[i]);
    }
}

static bool prepare_status(struct ingest *in, struct err *err)
{
    SCOPED_BUF b = {0};
    const struct uploads *u = in->u;
    const struct uploads_names *key = &u->transactions->transaction;
    if (!u->status)
        return true;
    buf_puts(&b, "prepare status (text) as update " TARGET_NEW ".");
    name_put(&b, u->transactions->name);
    buf_puts(&b, " t set ");
    name_put(&b, u->status);
    buf_puts(&b, " = case when exists (select from carryover.n1_finding f where f.store = $1 and f.transaction = ");
    put_array(&b, key, "u.");
    buf_printf(&b, ") then %s else %s end", u->status_bad, u->status_good);
    if (u->status_at) {
        buf_puts(&b, ", ");
        name_put(&b, u->status_at);
        buf_puts(&b, " = localtimestamp");
    }
    buf_puts(&b, " from " UPLOADED " u where ");
    put_join(&b, key);
    return pg_exec(in->pg, b.p, err) || err_wrap(err, "the status of uploads");
}

bool verdict_open(struct ingest *in, struct err *err)
{
    ingest_add_temporary(in, UPLOADED);
    return make_uploaded(in->pg, in->u, err) && prepare_notes(in, err) && prepare_rules(in, err) &&
           prepare_status(in, err);
}

/* --- which transactions --- */

bool verdict_note(struct ingest *in, const struct intake *rows, int64_t *ret_transactions, struct err *err)
{
    SCOPED_BUF b = {0};
    for (size_t i = 0; i < rows->n_tables; i++)
        if (rows->tables[i].conf->transaction.n)
            buf_printf(&b, "execute \"note:%zu\"; ", ingest_place(in, &rows->tables[i]));
    return (b.n == 0 || pg_exec(in->pg, b.p, err)) &&
           pg_value_i64(in->pg, "select count(*) from " UPLOADED, PG_NONE, ret_transactions, err);
}

bool verdict_note_again(struct ingest *in, const char *store, struct err *err)
{
    SCOPED_BUF b = {0};
    const struct uploads_names *key = &in->u->transactions->transaction;
    buf_puts(&b, "insert into " UPLOADED " select ");
    put_key(&b, key, "t.", "");
    buf_puts(&b, " from " TARGET_OLD ".");
    name_put(&b, in->u->transactions->name);
    buf_puts(&b, " t where ");
    put_array(&b, key, "t.");
    buf_puts(&b, " in (select f.transaction from carryover.n1_finding f where f.store = $1) on conflict do nothing");
    return pg_run(in->pg, b.p, PG_ARGS(store), NULL, err);
}

/* --- asking --- */

static bool all_rules(struct ingest *in, const char *store, int64_t number, struct err *err)
{
    SCOPED(arena) a = arena_new();
    return pg_execf(in->pg, err, "execute rules(%s, %" PRId64 ")", pg_literal(a, store), number);
}

static bool one_rule(struct ingest *in, const struct package_file *f, const char *store, const char *number,
                     struct err *err)
{
    SCOPED_BUF b = {0};
    put_insert(&b, "$1", "$2::bigint");
    put_rule(&b, &in->u->transactions->transaction, f);
    buf_puts(&b, once);
    return pg_run(in->pg, b.p, PG_ARGS(store, number), NULL, err);
}

static bool note_failure(struct ingest *in, const struct package_file *f, const char *store, const char *number,
                         const struct err *why, struct err *err)
{
    SCOPED_BUF b = {0};
    log_warn("n1.rule", "%s: %s", f->path, why->message);
    buf_puts(&b,
             "insert into carryover.n1_finding (store, number, rule, transaction, reason) select $1, $2::bigint, $3, ");
    put_array(&b, &in->u->transactions->transaction, "");
    buf_puts(&b, ", 'the rule itself failed: ' || left($4, 400) from " UPLOADED " on conflict do nothing");
    return pg_run(in->pg, b.p, PG_ARGS(store, number, f->name, why->message), NULL, err);
}

/* Some rule stumbled over some value: each by itself. */
static bool rule_by_rule(struct ingest *in, const char *store, int64_t number, struct err *err)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, number);
    for (size_t i = 0; i < in->package->rules.n; i++) {
        const struct package_file *f = &in->package->rules.p[i];
        struct err why = {0};
        if (!pg_exec(in->pg, "savepoint rule", err))
            return false;
        if (one_rule(in, f, store, text, &why))
            continue;
        if (!ingest_is_about_data(&why)) {
            *err = why;
            return false;
        }
        if (!pg_exec(in->pg, "rollback to savepoint rule", err) || !note_failure(in, f, store, text, &why, err))
            return false;
    }
    return true;
}

static bool ask(struct ingest *in, const char *store, int64_t number, struct err *err)
{
    struct err why = {0};
    if (in->package->rules.n == 0)
        return true;
    if (!pg_exec(in->pg, "savepoint rules", err))
        return false;
    if (all_rules(in, store, number, &why))
        return true;
    if (ingest_is_about_data(&why))
        return pg_exec(in->pg, "rollback to savepoint rules", err) && rule_by_rule(in, store, number, err);
    *err = why;
    return false;
}

static bool forget(struct ingest *in, const char *store, struct err *err)
{
    SCOPED_BUF b = {0};
    buf_puts(&b, "delete from carryover.n1_finding f where f.store = $1 and f.transaction in (select ");
    put_array(&b, &in->u->transactions->transaction, "");
    buf_puts(&b, " from " UPLOADED ")");
    return pg_run(in->pg, b.p, PG_ARGS(store), NULL, err);
}

bool verdict_give(struct ingest *in, const char *store, int64_t number, struct err *err)
{
    SCOPED(arena) a = arena_new();
    return forget(in, store, err) && ask(in, store, number, err) &&
           (!in->u->status || pg_execf(in->pg, err, "execute status(%s)", pg_literal(a, store)));
}

/* --- checking a package --- */

static bool plan(struct pg *pg, const struct package_file *f, const char *sql, struct err *err)
{
    if (pg_execf(pg, err, "explain %s", sql))
        return true;
    err->code = ERR_PACKAGE;
    return err_wrap(err, "%s", f->path);
}

bool verdict_check(struct pg *scratch, const struct package *p, struct err *err)
{
    SCOPED_BUF b = {0};
    if (!p->uploads)
        return true;
    if (!make_uploaded(scratch, p->uploads, err)) {
        err->code = ERR_PACKAGE;
        return err_wrap(err, "package.yaml: 'uploads'");
    }
    for (size_t i = 0; i < p->rules.n; i++) {
        buf_reset(&b);
        put_rule(&b, &p->uploads->transactions->transaction, &p->rules.p[i]);
        if (!plan(scratch, &p->rules.p[i], b.p, err))
            return false;
    }
    return !p->totals || (pg_exec(scratch, "create temp table counted (store text, terminal text, day date)", err) &&
                          plan(scratch, p->totals, p->totals->body, err));
}
