#include "n1/counters.h"
#include "base/json.h"
#include "base/log.h"
#include "base/name.h"
#include "db/target.h"
#include <ctype.h>
#include <strings.h>

/* --- before the first package --- */

static void put_seed(struct buf *b, const struct uploads_table *t)
{
    buf_puts(b, "insert into carryover.n1_upload_counter select ");
    name_put(b, t->store);
    buf_puts(b, "::text, ");
    pg_put_literal(b, t->name);
    buf_puts(b, ", max(");
    name_put(b, t->counter);
    buf_puts(b, ") from " TARGET_OLD ".");
    name_put(b, t->name);
    buf_puts(b, " group by 1 having max(");
    name_put(b, t->counter);
    buf_puts(b, ") > 0 on conflict do nothing; insert into carryover.n1_upload_seed values (");
    pg_put_literal(b, t->name);
    buf_puts(b, ")");
}

static bool is_seeded(struct pg *target, const struct uploads_table *t, bool *ret, struct err *err)
{
    int64_t n = 0;
    if (!pg_value_i64(target, "select count(*) from carryover.n1_upload_seed where table_name = $1", PG_ARGS(t->name),
                      &n, err))
        return false;
    *ret = n > 0;
    return true;
}

/* One instance does it, the others wait. */
static bool seed_inside(struct pg *target, const struct uploads_table *t, struct err *err)
{
    SCOPED_BUF b = {0};
    bool done = false;
    if (!pg_exec(target, "set local lock_timeout = 0; select pg_advisory_xact_lock(1667330681, 7)", err) ||
        !is_seeded(target, t, &done, err) || done)
        return done;
    log_info("n1.counters", "looking for what stores had sent of %s before the cutover", t->name);
    put_seed(&b, t);
    return pg_exec(target, b.p, err);
}

bool counters_seed(struct pg *target, const struct uploads *u, struct err *err)
{
    for (size_t i = 0; i < u->n_tables; i++) {
        const struct uploads_table *t = &u->tables[i];
        bool done = false;
        if (!t->counter || !t->store)
            continue;
        if (!is_seeded(target, t, &done, err))
            return false;
        if (done || (pg_begin(target, err) && seed_inside(target, t, err) && pg_commit(target, err)))
            continue;
        pg_rollback(target);
        return err_wrap(err, "the counters of %s", t->name);
    }
    return true;
}

/* --- telling --- */

static void put_name(struct buf *b, const char *name)
{
    buf_putc(b, '"');
    for (const char *p = name; *p; p++)
        buf_putc(b, (char)toupper((unsigned char)*p));
    buf_puts(b, "\":");
}

static bool read_counters(struct pg *target, const char *store, PGresult **ret, struct err *err)
{
    return pg_query(target, "select table_name, counter from carryover.n1_upload_counter where store = $1",
                    PG_ARGS(store), ret, err);
}

static int64_t counter_of(const PGresult *r, const char *table)
{
    for (int i = 0; i < PQntuples(r); i++)
        if (strcasecmp(pg_text(r, i, 0), table) == 0)
            return pg_i64(r, i, 1);
    return 0;
}

static void put_counters(struct buf *b, const struct uploads *u, const PGresult *r)
{
    const char *between = "{";
    for (size_t i = 0; i < u->n_tables; i++) {
        if (!u->tables[i].counter)
            continue;
        buf_puts(b, between);
        put_name(b, u->tables[i].name);
        buf_printf(b, "%" PRId64, counter_of(r, u->tables[i].name));
        between = ",";
    }
    buf_puts(b, between[0] == '{' ? "{}" : "}");
}

bool counters_put(struct pg *target, const struct uploads *u, const char *store, struct buf *b, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!read_counters(target, store, &r, err))
        return false;
    put_counters(b, u, r);
    return true;
}

bool counters_check(struct pg *target, const struct uploads *u, const struct parcel *p, struct buf *problem,
                    struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!read_counters(target, p->store, &r, err))
        return false;
    for (size_t i = 0; i < p->n_tables; i++) {
        const struct parcel_table *t = &p->tables[i];
        int64_t have = counter_of(r, t->name);
        if (!t->counter || t->counter_after == have)
            continue;
        buf_puts(problem, ",\"expected\":");
        put_counters(problem, u, r);
        return err_set(err, ERR_UPLOAD_COUNTER,
                       "the rows of %s begin after %" PRId64 ", but headquarters has up to %" PRId64, t->name,
                       t->counter_after, have);
    }
    return true;
}

static const char *spelling(const struct uploads *u, const char *name)
{
    for (size_t i = 0; i < u->n_tables; i++)
        if (strcasecmp(u->tables[i].name, name) == 0)
            return u->tables[i].name;
    return name;
}

void counters_put_last(struct buf *b, const struct parcel *p, const struct uploads *u)
{
    const char *between = "[";
    for (size_t i = 0; i < p->n_tables; i++) {
        if (!p->tables[i].counter)
            continue;
        buf_printf(b, "%s{\"t\":", between);
        json_put_string(b, str_of(spelling(u, p->tables[i].name)));
        buf_printf(b, ",\"n\":%" PRId64 "}", p->tables[i].counter_to);
        between = ",";
    }
    buf_puts(b, between[0] == '[' ? "[]" : "]");
}
