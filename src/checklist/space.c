#include "checklist/space.h"
#include <sys/statvfs.h>

#define GIB ((int64_t)1 << 30)

int64_t space_round(int64_t bytes)
{
    int64_t step = GIB;
    while (step + step / 2 < bytes && step < INT64_MAX / 4)
        step *= 2;
    return bytes <= step ? step : step + step / 2;
}

/* Behind a loopback address there may be a tunnel; behind a unix socket there is this machine. */
static bool is_here(struct pg *pg)
{
    const char *host = PQhost(pg_raw(pg));
    return host && host[0] == '/';
}

bool space_read(struct pg *pg, struct arena *a, struct space *ret, struct err *err)
{
    struct statvfs fs;
    char *dir = NULL;
    *ret = (struct space){.dir = ""};
    if (!pg_value_i64(pg, "select pg_database_size(current_database())", PG_NONE, &ret->used, err) ||
        !pg_value(pg, "select setting from pg_settings where name = 'data_directory'", PG_NONE, a, &dir, err))
        return false;
    if (!dir || !is_here(pg) || statvfs(dir, &fs) != 0)
        return true;
    ret->dir = dir;
    ret->is_known = true;
    ret->free = (int64_t)fs.f_bavail * (int64_t)fs.f_frsize;
    return true;
}
