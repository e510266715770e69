#include "base/file.h"
#include "cmd/cmd.h"
#include "conf/value.h"
#include "store/swarm.h"
#include "store/template.h"

#define CONNECTIONS 256
#define CONNECTIONS_MOST 20000

static bool read_time(const struct command_call *call, enum option o, int64_t fallback_ms, int64_t *ret_ms,
                      struct err *err)
{
    const char *text = command_text(call, o);
    *ret_ms = fallback_ms;
    return !text || (value_duration(str_of(text), ret_ms) && (*ret_ms > 0 || fallback_ms == 0)) ||
           err_set(err, ERR_USAGE, "--%s %s is no duration such as 30s or 5m", option_info(o)->name, text);
}

static bool read_number(const struct command_call *call, enum option o, int64_t fallback, int64_t least, int64_t most,
                        int64_t *ret, struct err *err)
{
    *ret = command_number(call, o, fallback);
    return (*ret >= least && *ret <= most) ||
           err_set(err, ERR_USAGE, "--%s has to be from %" PRId64 " to %" PRId64, option_info(o)->name, least, most);
}

static bool read_opts(struct command_call *call, struct swarm_opts *ret, struct err *err)
{
    const char *ca = command_text(call, OPTION_CA_SIMULATE);
    int64_t connections = 0, percent = 0, batch = 0;
    *ret = (struct swarm_opts){.url = command_text(call, OPTION_URL_SIMULATE),
                               .ca = ca ? ca : "",
                               .secrets = command_text(call, OPTION_SECRETS),
                               .seed = (uint64_t)command_number(call, OPTION_SEED_SIMULATE, 1)};
    if (!ret->url || !ret->secrets)
        return err_set(err, ERR_USAGE, "--url and --secrets are needed");
    if (ca && !file_exists(ca))
        return err_set(err, ERR_FILE, "there is no file %s", ca);
    if (!read_number(call, OPTION_STORES, 0, 0, 10000000, &ret->stores, err) ||
        !read_number(call, OPTION_CONNECTIONS, CONNECTIONS, 1, CONNECTIONS_MOST, &connections, err) ||
        !read_number(call, OPTION_UPLOADS, 0, 0, 100, &percent, err) ||
        !read_number(call, OPTION_BATCH_SIMULATE, 10, 1, 10000, &batch, err) ||
        !read_time(call, OPTION_POLL, 60000, &ret->poll_ms, err) ||
        !read_time(call, OPTION_CALL_EVERY, 10000, &ret->call_ms, err) ||
        !read_time(call, OPTION_WARM_UP, 0, &ret->warm_up_ms, err) ||
        !read_time(call, OPTION_DURATION_SIMULATE, 30000, &ret->seconds_ms, err))
        return false;
    ret->connections = (int)connections;
    ret->upload_percent = (int)percent;
    ret->batch = (int)batch;
    ret->own = command_flag(call, OPTION_OWN_CONNECTIONS);
    return true;
}

/* Memory is the right place for files that live for one request. */
static const char *spool(void)
{
    return file_is_dir("/dev/shm") ? "/dev/shm" : "/tmp";
}

bool cmd_store_simulate(struct command_call *call, struct err *err)
{
    struct swarm_opts o;
    double seconds = 0;
    SCOPED(template) like = NULL;
    SCOPED_BUF text = {0};
    struct tally *t = arena_new_one(command_arena(call), struct tally);
    const char *dir = command_text(call, OPTION_LIKE), *calls = command_text(call, OPTION_CALLS_SIMULATE);
    if (!read_opts(call, &o, err))
        return false;
    if (o.upload_percent && !dir)
        return err_set(err, ERR_USAGE, "--uploads needs --like DIR: a store whose tills have worked");
    if (dir && !template_open(dir, spool(), &like, err))
        return false;
    if (calls && !callplan_read(calls, command_arena(call), &o.calls, err))
        return false;
    o.like = like;
    if (!swarm_run(&o, t, &seconds, err))
        return false;
    tally_put(&text, t, seconds, command_flag(call, OPTION_JSON));
    return cmd_print(&text, err);
}
