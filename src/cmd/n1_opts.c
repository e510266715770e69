#include "cmd/n1_opts.h"

bool n1_bounded(const struct project *p, enum setting s, int64_t least, int64_t most, int64_t *ret, struct err *err)
{
    *ret = project_number(p, s);
    if (*ret >= least && *ret <= most)
        return true;
    return err_set(err, ERR_CONFIG, "%s (%s) has to be from %" PRId64 " to %" PRId64, setting_info(s)->key,
                   project_origin(p, s), least, most);
}

#define WAITING_PER_HASH 2 /* sign-ins that wait for each one that hashes */

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
