#include "sample/sample.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/term.h"
#include "cmd/cmd.h"
#include "cmd/job.h"
#include "cmd/open.h"
#include "conf/value.h"
#include "sample/workload.h"
#include <assert.h>
#include <jansson.h>
#include <sys/wait.h>
#include <unistd.h>

#define JOB "workload"
#define STATUS_FILE "workload.json"
#define LOG_FILE "logs/workload.log"
#define START_TIMEOUT_MS 30000
#define WRITERS_MAX 128

/* --- create --- */

static bool read_sample_opts(struct command_call *call, struct project *p, struct sample_opts *ret, struct err *err)
{
    struct arena *a = command_arena(call);
    int64_t workers = project_number(p, SETTING_WORKERS);
    const char *scale = command_text(call, OPTION_SCALE);
    *ret = (struct sample_opts){
        .scale = scale ? scale : "1",
        .seed = arena_printf(a, "%" PRId64, command_number(call, OPTION_SEED, 1)),
        .workers = (int)MIN(workers ? workers : sysconf(_SC_NPROCESSORS_ONLN), 64),
        .replace = command_flag(call, OPTION_REPLACE),
    };
    if (!sample_is_scale(ret->scale))
        return err_set(err, ERR_USAGE, "--scale %s is no number above 0", ret->scale);
    return project_package(p, &ret->package, err);
}

static bool print_sample(const struct command_call *call, const struct sample_opts *o, const struct sample_result *r,
                         struct err *err)
{
    SCOPED_BUF text = {0};
    char size[16], took[32];
    assert(o->package);
    term_size(r->bytes, size);
    clock_human(r->elapsed_us, took);
    if (command_flag(call, OPTION_JSON))
        buf_printf(&text,
                   "{\"package\":\"%s\",\"scale\":%s,\"seed\":%s,\"tables\":%" PRId64 ",\"bytes\":%" PRId64
                   ",\"elapsed_s\":%.1f,\"was_there\":%s}\n",
                   o->package->name, o->scale, o->seed, r->tables, r->bytes, (double)r->elapsed_us / 1e6,
                   r->was_there ? "true" : "false");
    else if (r->was_there)
        buf_printf(&text, "this sample is there already: %" PRId64 " tables, %s\n", r->tables, size);
    else
        buf_printf(&text, "sample of %s: %" PRId64 " tables, %s, in %s (scale %s, seed %s)\n", o->package->name,
                   r->tables, size, took, o->scale, o->seed);
    return cmd_print(&text, err);
}

bool cmd_sample_create(struct command_call *call, struct err *err)
{
    struct project *p = NULL;
    struct sample_opts o;
    struct sample_result result;
    char *uri = NULL;
    if (!command_project(call, &p, err) || !read_sample_opts(call, p, &o, err) ||
        !open_uri(p, OPEN_SOURCE, command_arena(call), &uri, err))
        return false;
    o.uri = uri;
    return sample_create(&o, &result, err) && print_sample(call, &o, &result, err);
}

/* --- run --- */

static bool read_workload_opts(struct command_call *call, struct project *p, struct workload_opts *ret, struct err *err)
{
    const char *duration = command_text(call, OPTION_DURATION);
    int64_t writers = command_number(call, OPTION_WRITERS, 4);
    *ret = (struct workload_opts){
        .rate = command_number(call, OPTION_RATE, 0),
        .seed = (uint64_t)command_number(call, OPTION_SEED, 1),
        .writers = (int)writers,
        .status_path = project_path(p, STATUS_FILE),
    };
    if (writers < 1 || writers > WRITERS_MAX)
        return err_set(err, ERR_USAGE, "--writers must be from 1 to %d, not %" PRId64, WRITERS_MAX, writers);
    if (duration && !value_duration(str_of(duration), &ret->duration_ms))
        return err_set(err, ERR_USAGE, "--duration %s is no duration such as 30s, 5m or 2h", duration);
    return true;
}

static void put_stats(struct buf *b, int64_t commits, int64_t rollbacks, int64_t conflicts, int64_t errors,
                      const char *last)
{
    buf_printf(b, "%" PRId64 " commits, %" PRId64 " rollbacks, %" PRId64 " conflicts, %" PRId64 " errors\n", commits,
               rollbacks, conflicts, errors);
    buf_printf(b, "last commit %s\n", last[0] ? last : "never");
}

static bool print_stats(const struct command_call *call, const struct workload_opts *o, const struct workload_stats *s,
                        struct err *err)
{
    SCOPED_BUF text = {0};
    char last[32] = "";
    if (s->last_commit_us)
        clock_iso(s->last_commit_us, last);
    if (command_flag(call, OPTION_JSON))
        workload_put_json(&text, o, s, "stopped");
    else
        put_stats(&text, s->commits, s->rollbacks, s->conflicts, s->errors, last);
    return cmd_print(&text, err);
}

static bool run_here(struct command_call *call, struct project *p, const struct workload_opts *o, struct err *err)
{
    struct workload_stats stats;
    project_set_command(p, "sample run");
    if (!project_lock(p, JOB, err))
        return false;
    unlink(o->status_path); /* what the last one left must not be taken for this one */
    return workload_run(o, &stats, err) && print_stats(call, o, &stats, err);
}

/* --- the detached one --- */

/* The status file as JSON; NULL when there is none. */
static json_t *read_status(const struct project *p)
{
    return json_load_file(project_path(p, STATUS_FILE), 0, NULL);
}

static const char *text_of(const json_t *status, const char *key)
{
    const char *text = json_string_value(json_object_get(status, key));
    return text ? text : "";
}

static int64_t number_of(const json_t *status, const char *key)
{
    return json_integer_value(json_object_get(status, key));
}

static const char *number_text(struct command_call *call, int64_t n)
{
    return arena_printf(command_arena(call), "%" PRId64, n);
}

/* Waits until the child runs, which its status file says, or has failed, which its log explains. */
static bool wait_for_start(struct project *p, pid_t pid, struct err *err)
{
    for (int waited = 0; waited < START_TIMEOUT_MS; waited += 50) {
        json_t *status = read_status(p);
        bool runs = status && number_of(status, "pid") == pid;
        json_decref(status);
        if (runs)
            return true;
        if (waitpid(pid, NULL, WNOHANG) == pid)
            return err_set(err, ERR_COMMAND_FAILED, "the workload ended at once; its log is %s",
                           project_path(p, LOG_FILE));
        clock_sleep_ms(50);
    }
    return err_set(err, ERR_TIMEOUT, "the workload did not begin within %d s; its log is %s", START_TIMEOUT_MS / 1000,
                   project_path(p, LOG_FILE));
}

static bool run_detached(struct command_call *call, struct project *p, const struct workload_opts *o, struct err *err)
{
    pid_t pid = 0;
    SCOPED_BUF text = {0};
    const char *const args[] = {"sample",     "run",
                                "--writers",  number_text(call, o->writers),
                                "--rate",     number_text(call, o->rate),
                                "--seed",     number_text(call, (int64_t)o->seed),
                                "--duration", arena_printf(command_arena(call), "%" PRId64 "ms", o->duration_ms),
                                NULL};
    if (!job_pid(p, JOB))
        unlink(o->status_path); /* what the last one left must not be taken for this one */
    if (!job_start(p, JOB, args, command_settings(call), &pid, err) || !wait_for_start(p, pid, err))
        return false;
    if (command_flag(call, OPTION_JSON))
        buf_printf(&text, "{\"pid\":%d}\n", (int)pid);
    else
        buf_printf(&text, "the workload runs as process %d; stop it with `carryover sample stop`\n", (int)pid);
    return cmd_print(&text, err);
}

bool cmd_sample_run(struct command_call *call, struct err *err)
{
    struct project *p = NULL;
    struct workload_opts o;
    char *uri = NULL;
    if (!command_project(call, &p, err) || !read_workload_opts(call, p, &o, err) ||
        !open_uri(p, OPEN_SOURCE, command_arena(call), &uri, err))
        return false;
    o.uri = uri;
    return command_flag(call, OPTION_DETACH) ? run_detached(call, p, &o, err) : run_here(call, p, &o, err);
}

/* --- stop --- */

static bool print_end(struct command_call *call, const struct project *p, const json_t *status, struct err *err)
{
    SCOPED_BUF text = {0};
    struct str file;
    if (!command_flag(call, OPTION_JSON))
        put_stats(&text, number_of(status, "commits"), number_of(status, "rollbacks"), number_of(status, "conflicts"),
                  number_of(status, "errors"), text_of(status, "last_commit"));
    else if (file_read(project_path(p, STATUS_FILE), command_arena(call), &file, err))
        buf_put(&text, file.p, file.n);
    else
        return false;
    return cmd_print(&text, err);
}

bool cmd_sample_stop(struct command_call *call, struct err *err)
{
    struct project *p = NULL;
    pid_t pid = 0;
    if (!command_project(call, &p, err) || !job_stop(p, JOB, &pid, err))
        return false;
    json_t *status = read_status(p);
    if (!status)
        return err_set(err, ERR_TARGET_STATE, "no workload was ever run in the project %s", project_dir(p));
    bool ok = print_end(call, p, status, err);
    json_decref(status);
    return ok;
}
