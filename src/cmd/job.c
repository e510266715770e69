#include "cmd/job.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/proc.h"
#include "base/vec.h"
#include "cmd/cmd.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_TIMEOUT_MS 60000
#define STOP_TIMEOUT_MS 120000
#define SETTLED_LOOKS 20 /* what is wrong at once shows in the first half second after the lock was taken */

static const char *lock_path(const struct project *p, struct arena *a, const char *name)
{
    return project_path(p, arena_printf(a, "%s.lock", name));
}

/* The lock file says "process 123 (...)"; the number counts only while somebody holds the lock. */
pid_t job_pid(const struct project *p, const char *name)
{
    SCOPED(arena) a = arena_new();
    char text[128] = "";
    int fd = open(lock_path(p, a, name), O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return 0;
    bool held = flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    ssize_t n = held ? pread(fd, text, sizeof text - 1, 0) : 0;
    close(fd);
    static const char label[] = "process ";
    return n > 0 && strncmp(text, label, strlen(label)) == 0 ? (pid_t)strtol(text + strlen(label), NULL, 10) : 0;
}

static struct str last_lines(const char *path, struct arena *a)
{
    struct err ignored;
    struct str text = {"", 0};
    if (!file_read(path, a, &text, &ignored))
        return (struct str){"", 0};
    text = str_trim(text);
    if (text.n > 1200) {
        text.p += text.n - 1200;
        text.n = 1200;
    }
    return text;
}

static bool wait_for_start(const struct project *p, const char *name, pid_t pid, const char *log, struct err *err)
{
    SCOPED(arena) a = arena_new();
    int held = 0;
    for (int waited = 0; waited < START_TIMEOUT_MS; waited += 20) {
        if (job_pid(p, name) == pid && ++held > SETTLED_LOOKS)
            return true;
        if (waitpid(pid, NULL, WNOHANG) == pid)
            return err_set(err, ERR_COMMAND_FAILED, "the %s job ended at once; the end of %s: %.*s", name, log,
                           STR_ARG(last_lines(log, a)));
        clock_sleep_ms(20);
    }
    return err_set(err, ERR_TIMEOUT, "the %s job did not begin within %d s; its log is %s", name,
                   START_TIMEOUT_MS / 1000, log);
}

typedef VEC(const char *) texts;

static enum setting setting_of(struct str key)
{
    enum setting s = 0;
    while (s < SETTING_COUNT && !str_is(key, setting_info(s)->key))
        s++;
    return s;
}

/* Settings of the package have no name in the environment; they are no secrets and go as options. */
static void hand_on(const struct map *settings, struct arena *a, texts *argv, texts *env)
{
    for (size_t i = 0; i < map_count(settings); i++) {
        const struct map_entry *e = map_at(settings, i);
        enum setting s = setting_of(e->key);
        if (s < SETTING_COUNT) {
            *vec_push(env) = arena_printf(a, "%s=%s", setting_info(s)->env, (const char *)e->value);
            continue;
        }
        *vec_push(argv) = "--set";
        *vec_push(argv) = arena_printf(a, "%.*s=%s", STR_ARG(e->key), (const char *)e->value);
    }
}

static bool spawn(struct project *p, const char *log, const char *const *args, const struct map *settings,
                  struct arena *a, pid_t *ret_pid, struct err *err)
{
    const char *const more[] = {"--project", project_dir(p), "--no-progress", "--log-format", "json"};
    texts argv = {0}, env = {0};
    *vec_push(&argv) = file_absolute(a, "/proc/self/exe");
    for (const char *const *arg = args; *arg; arg++)
        *vec_push(&argv) = *arg;
    for (size_t i = 0; i < ARRAY_LEN(more); i++)
        *vec_push(&argv) = more[i];
    hand_on(settings, a, &argv, &env);
    *vec_push(&argv) = NULL;
    *vec_push(&env) = NULL;
    struct proc_opts o = {.log = log, .dir = "/", .env = (char *const *)env.p};
    bool ok = file_make_dirs(project_path(p, "logs"), err) && proc_spawn((char *const *)argv.p, &o, ret_pid, err);
    vec_done(&argv);
    vec_done(&env);
    return ok;
}

/* "n1-keep" is the job of `carryover n1 keep`. */
static const char *command_of(const char *job, struct arena *a)
{
    char *name = arena_dup(a, job);
    for (char *c = name; *c; c++)
        *c = *c == '-' ? ' ' : *c;
    return name;
}

bool job_start(struct project *p, const char *name, const char *const *args, const struct map *settings, pid_t *ret_pid,
               struct err *err)
{
    SCOPED(arena) a = arena_new();
    pid_t running = job_pid(p, name);
    if (running) {
        err_set(err, ERR_PROJECT_BUSY, "the %s job runs already in the project %s, as process %d", name, project_dir(p),
                (int)running);
        return err_hint(err, "Stop it first with `carryover %s stop`.", command_of(name, a));
    }
    const char *log = project_path(p, arena_printf(a, "logs/%s.log", name));
    return spawn(p, log, args, settings, a, ret_pid, err) && wait_for_start(p, name, *ret_pid, log, err);
}

bool job_stop(const struct project *p, const char *name, pid_t *ret_pid, struct err *err)
{
    *ret_pid = job_pid(p, name);
    if (!*ret_pid)
        return true;
    if (kill(*ret_pid, SIGTERM) != 0 && errno != ESRCH)
        return err_os(err, ERR_COMMAND_FAILED, errno, "stopping the %s job, process %d", name, (int)*ret_pid);
    for (int waited = 0; job_pid(p, name) == *ret_pid; waited += 20) {
        if (waited >= STOP_TIMEOUT_MS)
            return err_set(err, ERR_TIMEOUT, "the %s job, process %d, did not end within %d s", name, (int)*ret_pid,
                           STOP_TIMEOUT_MS / 1000);
        clock_sleep_ms(20);
    }
    return true;
}

/* --- going on when a server was away --- */

#define REST_MS 1000
#define A_WHILE_US 5000000 /* that an attempt has to last to count as having gone on */

static bool may_pass(const struct err *err)
{
    return err->code == ERR_CONNECTION_LOST || err->code == ERR_CONNECT || err->code == ERR_SERVER_BUSY ||
           err->code == ERR_TARGET_BUSY;
}

bool job_persist(const struct project *p, job_attempt *attempt, void *ctx, struct err *err)
{
    int64_t patience = project_number(p, SETTING_RETRY_FOR) * 1000, lost = 0;
    bool begun = false;
    for (;;) {
        int64_t start = clock_us();
        if (attempt(ctx, &begun, err))
            return true;
        int64_t now = clock_us();
        bool lasted = now - start > A_WHILE_US;
        lost = lasted || !lost ? now : lost;
        if (!begun || !may_pass(err) || now - lost > patience)
            return false;
        log_warn("job.retry", "%s; trying again", err->message);
        *err = (struct err){0};
        clock_sleep_ms(REST_MS);
        if (!cancel_check(err))
            return false;
    }
}

/* --- what commands print --- */

bool job_say_started(struct command_call *call, struct project *p, const char *name, pid_t pid, const char *what,
                     const char *watch, struct err *err)
{
    SCOPED_BUF text = {0};
    if (command_flag(call, OPTION_JSON))
        buf_printf(&text, "{\"pid\":%d}\n", (int)pid);
    else
        buf_printf(&text, "%s as process %d; %s%s%sits log is %s\n", what, (int)pid,
                   watch ? "watch it with `carryover " : "", watch ? watch : "", watch ? "`, " : "",
                   project_path(p, arena_printf(command_arena(call), "logs/%s.log", name)));
    return cmd_print(&text, err);
}

bool job_stop_command(struct command_call *call, const char *name, const char *stopped, const char *idle,
                      struct err *err)
{
    struct project *p = NULL;
    pid_t pid = 0;
    SCOPED_BUF text = {0};
    if (!command_project(call, &p, err) || !job_stop(p, name, &pid, err))
        return false;
    if (command_flag(call, OPTION_JSON))
        buf_printf(&text, "{\"was_running\":%s}\n", pid ? "true" : "false");
    else
        buf_printf(&text, "%s\n", pid ? stopped : idle);
    return cmd_print(&text, err);
}
