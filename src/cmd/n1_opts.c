#include "cmd/n1_opts.h"

#define WORKERS_MAX 64
#define WAITING_PER_HASH 2 /* sign-ins that wait for each one that hashes */

bool n1_bounded(const struct project *p, enum setting s, int64_t least, int64_t most, int64_t *ret, struct err *err)
{
    *ret = project_number(p, s);
    if (*ret >= least && *ret <= most)
        return true;
    return err_set(err, ERR_CONFIG, "%s (%s) has to be from %" PRId64 " to %" PRId64, setting_info(s)->key,
                   project_origin(p, s), least, most);
}

const char *n1_file(const struct project *p, enum setting s)
{
    const char *set = project_text(p, s);
    return set[0] && set[0] != '/' ? project_path(p, set) : set;
}

bool n1_gateway_opts(const struct project *p, struct gateway_opts *ret, struct err *err)
{
    int64_t workers, connections, tries;
    *ret = (struct gateway_opts){.listen = project_text(p, SETTING_N1_LISTEN),
                                 .cert = n1_file(p, SETTING_N1_CERT),
                                 .key = n1_file(p, SETTING_N1_KEY)};
    if (!n1_bounded(p, SETTING_N1_WORKERS, 1, WORKERS_MAX, &workers, err) ||
        !n1_bounded(p, SETTING_N1_CONNECTIONS, 1, 1000000, &connections, err) ||
        !n1_bounded(p, SETTING_N1_BODY, 1024, INT64_C(64) << 20, &ret->body_max, err) ||
        !n1_bounded(p, SETTING_N1_SESSION, 1000, INT64_C(24) * 3600 * 1000, &ret->session_s, err) ||
        !n1_bounded(p, SETTING_N1_IDLE, 1000, 3600 * 1000, &ret->idle_ms, err) ||
        !n1_bounded(p, SETTING_N1_REQUEST, 1000, 3600 * 1000, &ret->request_ms, err) ||
        !n1_bounded(p, SETTING_N1_POLL, 1000, 3600 * 1000, &ret->poll_s, err) ||
        !n1_bounded(p, SETTING_N1_TRIES, 1, 1000, &tries, err) ||
        !n1_bounded(p, SETTING_N1_RATE_ADDRESS, 0, 1000000, &ret->rate_address, err) ||
        !n1_bounded(p, SETTING_N1_RATE_STORE, 0, 1000000, &ret->rate_store, err))
        return false;
    ret->workers = (int)workers;
    ret->connections_max = (int)connections;
    ret->session_s /= 1000;
    ret->poll_s /= 1000;
    ret->tries = (int)tries;
    return true;
}

static bool read_staff(const struct project *p, struct staff_opts *o, struct err *err)
{
    int64_t at_once = 0;
    if (!n1_bounded(p, SETTING_N1_PASSWORD_AT_ONCE, 1, 64, &at_once, err) ||
        !n1_bounded(p, SETTING_N1_PASSWORD_MEMORY, 8192, INT64_C(4) << 30, &o->hashing.memory, err) ||
        !n1_bounded(p, SETTING_N1_PASSWORD_PASSES, 1, 100, &o->hashing.passes, err) ||
        !n1_bounded(p, SETTING_N1_PASSWORD_LENGTH, 4, 64, &o->length, err) ||
        !n1_bounded(p, SETTING_N1_STAFF_FAILURES, 1, 1000, &o->limit.failures, err) ||
        !n1_bounded(p, SETTING_N1_STAFF_LOCK, 1000, INT64_C(7) * 86400 * 1000, &o->limit.lock_s, err))
        return false;
    o->limit.lock_s /= 1000;
    o->hashing.at_once = (int)at_once;
    o->hashing.waiting = (int)at_once * WAITING_PER_HASH;
    return true;
}

bool n1_open_calls(struct project *p, struct calls **ret, struct err *err)
{
    struct calls_opts o = {0};
    const struct package *package = NULL;
    if (!project_package(p, &package, err) || !read_staff(p, &o.staff, err) ||
        !n1_bounded(p, SETTING_N1_CALL_KEEP, 60 * 1000, INT64_C(3650) * 86400 * 1000, &o.keep_s, err))
        return false;
    o.keep_s /= 1000;
    return calls_open(package, &o, ret, err);
}

bool n1_keep_slot(struct pg *target, struct arena *a, const char **ret, struct err *err)
{
    char *name = NULL;
    const char *sql = "select $1 || '_' || oid from pg_database where datname = current_database()";
    bool ok = pg_value(target, sql, PG_ARGS(N1_PUBLICATION), a, &name, err);
    *ret = name;
    return ok;
}
