#include "n1/builder.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/log.h"

#define LOOK_MS 200
#define PURGE_US INT64_C(60000000)

static void say(const struct build_result *made)
{
    if (made->packages)
        log_info("n1.packages", "made %" PRId64 " packages: %" PRId64 " rows, %" PRId64 " bytes", made->packages,
                 made->rows, made->bytes);
}

bool builder_loop(const char *uri, const struct build_opts *o, struct crew *crew, struct err *err)
{
    SCOPED(pg) pg = NULL;
    struct build_result made;
    int64_t purged_us = 0;
    if (!pg_open(uri, "target", &pg, err) || !build_begin(pg, o, err))
        return false;
    while (!crew_stopping(crew) || cancel_requested()) {
        if (!cancel_check(err) || !build_due(pg, o, &made, err))
            return false;
        say(&made);
        if (clock_us() - purged_us > PURGE_US) {
            if (!build_purge(pg, o, err))
                return false;
            purged_us = clock_us();
        }
        clock_sleep_ms(LOOK_MS);
    }
    return true;
}
