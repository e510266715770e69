#include "cmd/job.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/proc.h"
#include "base/vec.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_TIMEOUT_MS 60000
#define STOP_TIMEOUT_MS 120000

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
    int pid = 0;
    return n > 0 && sscanf(text, "process %d", &pid) == 1 ? pid : 0;
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
    for (int waited = 0; waited < START_TIMEOUT_MS; waited += 20) {
        if (job_pid(p, name) == pid)
            return true;
        if (waitpid(pid, NULL, WNOHANG) == pid)
            return err_set(err, ERR_COMMAND_FAILED, "the %s job ended at once; the end of %s: %.*s", name, log,
                           STR_ARG(last_lines(log, a)));
        clock_sleep_ms(20);
    }
    return err_set(err, ERR_TIMEOUT, "the %s job did not begin within %d s; its log is %s", name, START_TIMEOUT_MS / 1000, log);
}

bool job_start(struct project *p, const char *name, const char *const *args, char *const *env, pid_t *ret_pid,
               struct err *err)
{
    SCOPED(arena) a = arena_new();
    VEC(const char *) argv = {0};
    pid_t running = job_pid(p, name);
    if (running)
        return err_set(err, ERR_PROJECT_BUSY, "the %s job runs already in %s, as process %d", name, project_dir(p), (int)running);
    const char *log = project_path(p, arena_printf(a, "logs/%s.log", name));
    *vec_push(&argv) = file_absolute(a, "/proc/self/exe");
    for (const char *const *arg = args; *arg; arg++)
        *vec_push(&argv) = *arg;
    const char *const more[] = {"--project", project_dir(p), "--no-progress", "--log-format", "json", NULL};
    for (size_t i = 0; i < ARRAY_LEN(more); i++)
        *vec_push(&argv) = more[i];
    struct proc_opts o = {.log = log, .dir = "/", .env = env};
    bool ok = file_make_dirs(project_path(p, "logs"), err) && proc_spawn((char *const *)argv.p, &o, ret_pid, err) &&
              wait_for_start(p, name, *ret_pid, log, err);
    vec_done(&argv);
    return ok;
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
