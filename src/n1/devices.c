#include "n1/devices.h"
#include "n1/listing.h"

/* --- the package's statements --- */

static const char *const names[] = {"list", "deactivate", "save", "restore", "seeds"};

static struct bind *bind_of(struct devices *d, size_t i)
{
    struct bind *const list[] = {&d->list, &d->deactivate, &d->save, &d->restore, &d->seeds};
    return list[i];
}

bool devices_load(const struct package *p, struct arena *a, struct devices *ret, struct err *err)
{
    struct param params[] = {{.name = "device", .type = PARAM_STR},
                             {.name = "store", .type = PARAM_STR},
                             {.name = "saved", .type = PARAM_STR}};
    struct params known = {params, ARRAY_LEN(params)};
    *ret = (struct devices){0};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        const struct package_file *f = package_find(&p->devices, names[i]);
        if (f && !bind_make(f, &known, a, bind_of(ret, i), err))
            return false;
        if (!f && p->devices.n)
            return err_set(err, ERR_PACKAGE, "devices/%s.sql is missing: the folder has all five files, or none",
                           names[i]);
    }
    return true;
}

bool devices_try(const struct devices *d, struct pg *pg, struct err *err)
{
    struct devices copy = *d;
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (!bind_try(bind_of(&copy, i), pg, err))
            return err_wrap(err, "devices/%s.sql", names[i]);
    return true;
}

/* --- one statement with its values --- */

struct values {
    const char *device, *store, *saved;
};

static struct pg_args args_of(const struct bind *b, const struct values *v, struct arena *a)
{
    SCOPED(map) values = map_new();
    map_put(values, STR("device"))->value = (void *)(uintptr_t)v->device;
    map_put(values, STR("store"))->value = (void *)(uintptr_t)v->store;
    map_put(values, STR("saved"))->value = (void *)(uintptr_t)v->saved;
    return bind_args(b, values, a);
}

static bool run(const struct bind *b, struct pg *pg, const struct values *v, int64_t *ret_n, struct err *err)
{
    SCOPED(arena) a = arena_new();
    return pg_run(pg, b->sql, args_of(b, v, a), ret_n, err);
}

/* --- looking --- */

bool devices_put(const struct devices *d, struct pg *pg, const char *store, bool json, struct buf *b, struct err *err)
{
    SCOPED(arena) a = arena_new();
    if (!d->list.sql)
        return err_set(err, ERR_PACKAGE, "the package has no devices/, which says what devices there are");
    struct listing l = {arena_printf(a,
                                     "select store, register, device, name, state,"
                                     " coalesce(to_char(since, 'YYYY-MM-DD HH24:MI'), '') as since, staff from (%s) x"
                                     " where $1::text is null or store = $1 order by 1, 2, 3",
                                     d->list.sql),
                        PG_ARGS(store), "devices", "store|register|device|name|state|since|staff"};
    return listing_put(pg, &l, json, b, err);
}

bool devices_put_seeds(const struct devices *d, struct pg *pg, const char *store, bool json, struct buf *b,
                       struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct values v = {.store = store};
    if (!d->seeds.sql) {
        buf_puts(b, json ? "\"seeds\":[]" : "");
        return true;
    }
    struct listing l = {arena_printf(a, "select register, kind, last from (%s) x order by 1, 2", d->seeds.sql),
                        args_of(&d->seeds, &v, a), "seeds", "register|numbers of|>last", true};
    return listing_put(pg, &l, json, b, err);
}

/* --- changing --- */

static bool deactivate(const struct devices *d, struct pg *pg, const char *who, const char *device, struct err *err)
{
    int64_t n = 0;
    struct values v = {.device = device};
    if (!run(&d->deactivate, pg, &v, &n, err))
        return err_wrap(err, "devices/deactivate.sql");
    if (n == 0)
        return err_set(err, ERR_DEVICE_UNKNOWN, "no active device has the id %s", device);
    return pg_run(pg, "insert into carryover.n1_audit (who, what, detail) values ($1, 'device-deactivated', $2)",
                  PG_ARGS(who, device), NULL, err);
}

bool devices_deactivate(const struct devices *d, struct pg *pg, const char *who, const char *device, struct err *err)
{
    if (!d->deactivate.sql)
        return err_set(err, ERR_PACKAGE, "the package has no devices/, which says how a device is deactivated");
    if (!pg_begin(pg, err))
        return false;
    if (deactivate(d, pg, who, device, err) && pg_commit(pg, err))
        return true;
    pg_rollback(pg);
    return false;
}

bool devices_leave(const struct devices *d, struct pg *pg, const char *store, struct arena *a, char **ret_saved,
                   struct err *err)
{
    struct values v = {.store = store};
    *ret_saved = arena_dup(a, "[]");
    if (!d->save.sql)
        return true;
    return (pg_value(pg, d->save.sql, args_of(&d->save, &v, a), a, ret_saved, err) &&
            run(&d->deactivate, pg, &v, NULL, err)) ||
           err_wrap(err, "the devices of the store %s", store);
}

bool devices_return(const struct devices *d, struct pg *pg, const char *saved, struct err *err)
{
    struct values v = {.saved = saved};
    return !d->restore.sql || run(&d->restore, pg, &v, NULL, err) || err_wrap(err, "devices/restore.sql");
}
