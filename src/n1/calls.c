#include "n1/calls.h"
#include "base/log.h"
#include "conf/contract.h"
#include "db/target.h"
#include "n1/devices.h"
#include "n1/once.h"
#include <sodium.h>

#define MISSED_MAX "500" /* methods that nobody knows, remembered of one store */

struct calls {
    const struct package *package;
    struct arena *arena;
    struct method *methods; /* in the order of package->calls */
    struct staff *staff;
    struct devices devices;
    struct calls_opts o;
};

static const char prepare_sql[] =
    "create table if not exists carryover.n1_call_missed (store text not null, method text not null,"
    " calls bigint not null default 1, first timestamptz not null default clock_timestamp(),"
    " last timestamptz not null default clock_timestamp(), primary key (store, method));";

/* --- opening --- */

static bool make_methods(struct calls *c, struct err *err)
{
    const struct package_files *files = &c->package->calls;
    c->methods = arena_new_array(c->arena, struct method, files->n + 1);
    for (size_t i = 0; i < files->n; i++)
        if (!method_make(&files->p[i], c->arena, &c->methods[i], err))
            return false;
    return true;
}

bool calls_open(const struct package *p, const struct calls_opts *o, struct calls **ret, struct err *err)
{
    struct calls *c = calloc(1, sizeof *c);
    if (!c)
        abort();
    *c = (struct calls){.package = p, .arena = arena_new(), .o = *o};
    args_wipe_json();
    if (make_methods(c, err) && devices_load(p, c->arena, &c->devices, err) &&
        staff_open(p, &o->staff, c->arena, &c->staff, err)) {
        *ret = c;
        return true;
    }
    calls_free(c);
    return false;
}

void calls_free(struct calls *c)
{
    if (!c)
        return;
    staff_free(c->staff);
    arena_free(c->arena);
    free(c);
}

int calls_hashing(const struct calls *c)
{
    return c->o.staff.hashing.at_once + c->o.staff.hashing.waiting;
}

struct staff *calls_staff(struct calls *c)
{
    return c->staff;
}

/* --- the package's script --- */

/* It is made to be run again, and works on tables of version N: without them there is nothing to do yet. */
static bool run_script(struct pg *target, const struct package_file *f, struct err *err)
{
    int64_t tables = 0;
    if (!pg_value_i64(target, "select count(*) from pg_tables where schemaname = 'hq'", PG_NONE, &tables, err))
        return false;
    if (tables == 0) {
        log_warn("n1.calls", "the target has no tables of version N yet: real-time calls will fail");
        return true;
    }
    return pg_exec(target, f->text, err) || err_wrap(err, "%s", f->path);
}

/* The lock is registry_prepare()'s: instances that start at once do this one after the other. */
static bool prepare(struct calls *c, struct pg *target, struct err *err)
{
    const struct package_file *f = package_find(&c->package->schema, "calls");
    return pg_exec(target, "select pg_advisory_xact_lock(1667330681, 6)", err) && pg_exec(target, prepare_sql, err) &&
           pg_exec(target, once_prepare_sql, err) && pg_exec(target, credential_prepare_sql, err) &&
           (!f || run_script(target, f, err));
}

bool calls_prepare(struct calls *c, struct pg *target, struct err *err)
{
    if (!pg_begin(target, err))
        return false;
    if (prepare(c, target, err) && pg_commit(target, err))
        return true;
    pg_rollback(target);
    return err_wrap(err, "preparing the target for real-time calls");
}

static bool try_all(struct calls *c, struct pg *target, struct err *err)
{
    const struct package_file *f = package_find(&c->package->schema, "calls");
    if (f && !pg_exec(target, f->text, err)) {
        err->code = ERR_PACKAGE;
        return err_wrap(err, "%s", f->path);
    }
    for (size_t i = 0; i < c->package->calls.n; i++)
        if (!method_try(&c->methods[i], target, err))
            return false;
    return credential_try(staff_sql(c->staff), target, err) && devices_try(&c->devices, target, err);
}

bool calls_try(struct calls *c, struct pg *target, struct err *err)
{
    if (!pg_begin(target, err))
        return false;
    bool ok = try_all(c, target, err);
    pg_rollback(target);
    return ok;
}

/* --- methods that nobody answers --- */

static const char *missed_text(enum contract_state state, struct str method, const char *reason, struct arena *a)
{
    if (state == CONTRACT_UNSUPPORTED)
        return arena_printf(a, "NotSupported: %.*s is not supported any more: %s", STR_ARG(method), reason);
    if (state == CONTRACT_MISSING)
        return arena_printf(a, "NotImplemented: %.*s is not answered by this headquarters", STR_ARG(method));
    return arena_printf(a, "MethodUnknown: there is no method %.*s", STR_ARG(method));
}

static bool answer_missed(struct calls *c, struct pg *target, const char *store, struct str method, struct arena *a,
                          struct answer *w, struct err *err)
{
    const char *reason = "";
    enum contract_state state = contract_state(c->package, method, NULL, &reason);
    answer_refuse(w, missed_text(state, method, reason, a));
    return pg_run(target,
                  "insert into carryover.n1_call_missed as m (store, method) select $1, $2 where"
                  " (select count(*) from carryover.n1_call_missed where store = $1) < " MISSED_MAX
                  " or exists (select from carryover.n1_call_missed where store = $1 and method = $2)"
                  " on conflict (store, method) do update set calls = m.calls + 1, last = clock_timestamp()",
                  PG_ARGS(store, arena_dup_str(a, method)), NULL, err);
}

/* --- methods that are answered --- */

struct call {
    const struct method *m;
    struct pg *pg;
    const char *store;
    struct args *args;
    struct arena *a;
};

static bool run(const struct call *x, struct answer *w, struct err *err)
{
    return method_run(x->m, x->pg, x->args->values, x->a, w, err);
}

static bool answer_alone(const struct call *x, struct answer *w, struct err *err)
{
    bool reads = x->m->effect == METHOD_READ;
    if (!pg_exec(x->pg, reads ? "begin read only" : "begin", err))
        return false;
    bool ok = (reads || target_admit_writer(x->pg, err)) && run(x, w, err);
    if (ok && !w->refused && pg_commit(x->pg, err))
        return true;
    pg_rollback(x->pg);
    return ok && w->refused;
}

static bool run_once(const struct call *x, const struct once *o, struct answer *w, struct err *err)
{
    return pg_exec(x->pg, "savepoint call", err) && run(x, w, err) &&
           (!w->refused || pg_exec(x->pg, "rollback to savepoint call", err)) && once_finish(x->pg, o, w, err);
}

static bool answer_once(const struct call *x, struct answer *w, struct err *err)
{
    char digest[ARGS_DIGEST_MAX];
    bool mine = false;
    struct once o = {.store = x->store, .key = x->args->key, .method = x->m->file->name, .digest = digest};
    args_digest(x->args, &x->m->params, o.method, digest);
    if (!once_begin(x->pg, &o, &mine, w, err))
        return false;
    if (!mine || run_once(x, &o, w, err))
        return true;
    pg_rollback(x->pg);
    return false;
}

static bool answer_method(struct calls *c, const struct call *x, struct answer *w, struct err *err)
{
    const struct method *m = x->m;
    map_put(x->args->values, STR("store"))->value = arena_dup(x->a, x->store);
    if (m->passwords.kind != PASSWORD_NONE)
        return staff_answer(c->staff, x->pg, m, x->store, x->args, x->a, w, err);
    if (m->effect == METHOD_MONEY && !x->args->key)
        return err_set(err, ERR_CALL_KEY, "%s moves money: the body needs a \"key\" of its own for each such call",
                       m->file->name);
    bool keeps = m->effect != METHOD_READ && !m->secret;
    return keeps && x->args->key ? answer_once(x, w, err) : answer_alone(x, w, err);
}

/* The body is the request's own memory, which nobody reads again. */
static void wipe(struct str body)
{
    if (body.n)
        sodium_memzero((char *)(uintptr_t)body.p, body.n);
}

static bool answer(struct calls *c, struct pg *target, const char *store, struct str method, struct str body,
                   struct arena *a, struct answer *w, struct err *err)
{
    const struct package_file *f = NULL;
    SCOPED_ARGS args = {0};
    if (!param_is_name(method))
        return err_set(err, ERR_REQUEST, "the path does not end with the name of a method");
    if (contract_state(c->package, method, &f, NULL) != CONTRACT_ANSWERED)
        return answer_missed(c, target, store, method, a, w, err);
    struct call x = {&c->methods[f - c->package->calls.p], target, store, &args, a};
    bool ok = args_read(body, &x.m->params, a, &args, err);
    if (x.m->passwords.kind != PASSWORD_NONE)
        wipe(body);
    return ok && answer_method(c, &x, w, err);
}

bool calls_answer(struct calls *c, struct pg *target, const char *store, struct str method, struct str body,
                  struct arena *a, struct buf *ret, struct err *err)
{
    SCOPED_ANSWER w = {0};
    if (!answer(c, target, store, method, body, a, &w, err))
        return false;
    buf_put(ret, w.body.p, w.body.n);
    return true;
}

bool calls_purge(struct calls *c, struct pg *target, struct err *err)
{
    return once_purge(target, c->o.keep_s, err) && credential_purge(target, &c->o.staff.limit, err);
}
