#include "n1/credential.h"

const char credential_prepare_sql[] =
    "create table if not exists carryover.n1_staff (id text primary key, failures int not null default 0,"
    " failed timestamptz, locked_until timestamptz, changed timestamptz, changed_store text);";

#define ID "encode(sha256(convert_to($1, 'UTF8')), 'hex')"

/* --- the package's statements --- */

static bool load_one(const struct package *p, const char *name, const struct params *known, struct arena *a,
                     struct bind *ret, struct err *err)
{
    const struct package_file *f = package_find(&p->staff, name);
    *ret = (struct bind){0};
    return !f || bind_make(f, known, a, ret, err);
}

bool credential_load(const struct package *p, struct arena *a, struct credential_sql *ret, struct err *err)
{
    struct param names[] = {{.name = "staff", .type = PARAM_STR},
                            {.name = "hash", .type = PARAM_STR},
                            {.name = "change", .type = PARAM_BOOL},
                            {.name = "hash_before", .type = PARAM_STR},
                            {.name = "old_before", .type = PARAM_STR}};
    struct params known = {names, ARRAY_LEN(names)}, find = {names, 1}, none = {names, 0};
    return load_one(p, "find", &find, a, &ret->find, err) && load_one(p, "set", &known, a, &ret->set, err) &&
           load_one(p, "workers", &none, a, &ret->workers, err);
}

bool credential_try(const struct credential_sql *sql, struct pg *pg, struct err *err)
{
    static const char *const names[] = {"find", "set", "workers"};
    const struct bind *const binds[] = {&sql->find, &sql->set, &sql->workers};
    for (size_t i = 0; i < ARRAY_LEN(binds); i++)
        if (!bind_try(binds[i], pg, err))
            return err_wrap(err, "staff/%s.sql", names[i]);
    return true;
}

/* The text of a column by its name; a statement that lacks one is a mistake of the package. */
static bool column(const PGresult *r, int row, const char *name, struct arena *a, const char **ret, struct err *err)
{
    int i = PQfnumber(r, name);
    if (i < 0)
        return err_set(err, ERR_PACKAGE, "a statement of staff/ returns no column %s", name);
    *ret = arena_dup(a, pg_text(r, row, i));
    return true;
}

bool credential_find(const struct credential_sql *sql, struct pg *pg, const char *staff, struct arena *a,
                     struct credential *ret, struct err *err)
{
    SCOPED_RESULT r = NULL;
    SCOPED(map) values = map_new();
    const char *change = "", *blocked = "";
    *ret = (struct credential){.staff = "", .hash = "", .old_hash = "", .salt = ""};
    map_put(values, STR("staff"))->value = (void *)staff;
    if (!pg_query(pg, sql->find.sql, bind_args(&sql->find, values, a), &r, err))
        return err_wrap(err, "staff/find.sql");
    if (PQntuples(r) != 1)
        return true;
    bool ok = column(r, 0, "staff", a, &ret->staff, err) && column(r, 0, "hash", a, &ret->hash, err) &&
              column(r, 0, "old_hash", a, &ret->old_hash, err) && column(r, 0, "salt", a, &ret->salt, err) &&
              column(r, 0, "change", a, &change, err) && column(r, 0, "blocked", a, &blocked, err);
    ret->change = change[0] == 't';
    ret->blocked = blocked[0] == 't';
    return ok;
}

bool credential_set(const struct credential_sql *sql, struct pg *pg, const struct credential *was, const char *hash,
                    bool change, struct arena *a, struct err *err)
{
    SCOPED(map) values = map_new();
    int64_t n = 0;
    map_put(values, STR("staff"))->value = (void *)was->staff;
    map_put(values, STR("hash"))->value = (void *)hash;
    map_put(values, STR("change"))->value = (void *)(change ? "t" : "f");
    map_put(values, STR("hash_before"))->value = (void *)was->hash;
    map_put(values, STR("old_before"))->value = (void *)was->old_hash;
    if (!pg_run(pg, sql->set.sql, bind_args(&sql->set, values, a), &n, err))
        return err_wrap(err, "staff/set.sql");
    return n == 1 || err_set(err, ERR_GATEWAY_BUSY, "the password was changed by somebody else meanwhile");
}

/* --- attempts --- */

static const char *number(struct arena *a, int64_t n)
{
    return arena_printf(a, "%" PRId64, n);
}

/* A lock that is over, and failures that are older than a lock lasts, count no more. */
static const char attempt_sql[] =
    "insert into carryover.n1_staff as s (id, failures, failed) values (" ID ", 1, now()) on conflict (id) do update"
    " set failures = case when s.locked_until <= now() or s.failed < now() - $2::bigint * interval '1 s' then 1"
    " else s.failures + 1 end, failed = now(), locked_until = null"
    " where s.locked_until is null or s.locked_until <= now() returning failures";

bool credential_attempt(struct pg *pg, const struct credential_limit *l, const char *staff, bool *ret_locked,
                        struct err *err)
{
    SCOPED(arena) a = arena_new();
    SCOPED_RESULT r = NULL;
    if (!pg_query(pg, attempt_sql, PG_ARGS(staff, number(a, l->lock_s)), &r, err))
        return false;
    *ret_locked = PQntuples(r) == 0 || pg_i64(r, 0, 0) > l->failures;
    return true;
}

bool credential_failed(struct pg *pg, const struct credential_limit *l, const char *staff, bool *ret_locked,
                       struct err *err)
{
    SCOPED(arena) a = arena_new();
    int64_t n = 0;
    if (!pg_run(pg,
                "update carryover.n1_staff set locked_until = now() + $3::bigint * interval '1 s'"
                " where id = " ID " and failures >= $2::int and locked_until is null",
                PG_ARGS(staff, number(a, l->failures), number(a, l->lock_s)), &n, err))
        return false;
    *ret_locked = n == 1;
    return true;
}

bool credential_proven(struct pg *pg, const char *staff, struct err *err)
{
    return pg_run(pg, "update carryover.n1_staff set failures = 0, failed = null, locked_until = null where id = " ID,
                  PG_ARGS(staff), NULL, err);
}

bool credential_changed(struct pg *pg, const char *staff, const char *store, struct err *err)
{
    return pg_run(pg,
                  "insert into carryover.n1_staff (id, changed, changed_store) values (" ID ", now(), $2)"
                  " on conflict (id) do update set failures = 0, failed = null, locked_until = null,"
                  " changed = excluded.changed, changed_store = excluded.changed_store",
                  PG_ARGS(staff, store), NULL, err);
}

bool credential_purge(struct pg *pg, const struct credential_limit *l, struct err *err)
{
    SCOPED(arena) a = arena_new();
    return pg_run(
        pg,
        "delete from carryover.n1_staff where changed is null and failed < now() - $1::bigint * interval '1 s'"
        " and (locked_until is null or locked_until < now())",
        PG_ARGS(number(a, l->lock_s)), NULL, err);
}

/* --- who has changed --- */

static const char *state_of(const PGresult *r, int row)
{
    bool blocked = pg_text(r, row, 3)[0] == 't', hash = pg_text(r, row, 4)[0] == 't';
    bool old = pg_text(r, row, 5)[0] == 't', change = pg_text(r, row, 6)[0] == 't';
    return blocked ? "blocked" : hash && !change ? "changed" : hash ? "temporary" : old ? "old" : "none";
}

bool credential_list(const struct credential_sql *sql, struct pg *pg, struct arena *a, struct credential_workers *ret,
                     struct err *err)
{
    SCOPED_RESULT r = NULL;
    const char *text = arena_printf(
        a,
        "select w.staff, w.name, w.store, w.blocked, w.hash <> '', w.old_hash <> '', w.change,"
        " coalesce(to_char(s.changed, 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), ''), coalesce(s.locked_until > now(), false)"
        " from (%s) w left join carryover.n1_staff s on s.id = encode(sha256(convert_to(w.staff, 'UTF8')), 'hex')"
        " order by w.store collate \"C\", w.staff collate \"C\"",
        sql->workers.sql);
    if (!pg_query(pg, text, PG_NONE, &r, err))
        return err_wrap(err, "staff/workers.sql");
    ret->n = (size_t)PQntuples(r);
    ret->p = arena_new_array(a, struct credential_worker, ret->n + 1);
    for (size_t i = 0; i < ret->n; i++)
        ret->p[i] = (struct credential_worker){.staff = arena_dup(a, pg_text(r, (int)i, 0)),
                                               .name = arena_dup(a, pg_text(r, (int)i, 1)),
                                               .store = arena_dup(a, pg_text(r, (int)i, 2)),
                                               .state = state_of(r, (int)i),
                                               .changed = arena_dup(a, pg_text(r, (int)i, 7)),
                                               .locked = pg_bool(r, (int)i, 8)};
    return true;
}
