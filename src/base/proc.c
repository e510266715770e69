#include "base/proc.h"
#include "base/clock.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define OUTPUT_MAX ((size_t)1 << 20)

/* Runs in the child: nothing here may return, and a failure is told by the exit status. */
static void become(char *const argv[], const struct proc_opts *o, int out)
{
    int null = open("/dev/null", O_RDONLY);
    if (null >= 0)
        dup2(null, 0);
    dup2(out, 1);
    dup2(out, 2);
    signal(SIGPIPE, SIG_DFL);
    if (o->dies_with_us)
        prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (o->dir && chdir(o->dir) != 0)
        _exit(126);
    if (o->run_as && (setgroups(0, NULL) != 0 || setgid(o->run_as_group) != 0 || setuid(o->run_as) != 0))
        _exit(126);
    for (char *const *e = o->env; e && *e; e++)
        putenv(*e);
    execvp(argv[0], argv);
    dprintf(2, "%s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

static int open_output(const struct proc_opts *o, int pipe_fds[2], struct err *err)
{
    if (!o->log) {
        if (pipe2(pipe_fds, O_CLOEXEC) == 0)
            return pipe_fds[1];
        err_os(err, ERR_COMMAND_FAILED, errno, "making a pipe");
        return -1;
    }
    int fd = open(o->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd < 0)
        err_os(err, ERR_FILE, errno, "opening %s", o->log);
    return fd;
}

static bool start(char *const argv[], const struct proc_opts *o, int *ret_read, pid_t *ret_pid, struct err *err)
{
    int fds[2] = {-1, -1};
    int out = open_output(o, fds, err);
    if (out < 0)
        return false;
    pid_t pid = fork();
    if (pid == 0) {
        setsid();
        become(argv, o, out);
    }
    int why = errno;
    close(out);
    *ret_read = fds[0];
    *ret_pid = pid;
    if (pid > 0)
        return true;
    if (fds[0] >= 0)
        close(fds[0]);
    return err_os(err, ERR_COMMAND_FAILED, why, "starting %s", argv[0]);
}

/* Reads until the pipe ends or the deadline (0: none) passes; false on a time-out. */
static bool drain(int fd, int64_t deadline_us, struct buf *out)
{
    for (;;) {
        int wait_ms = deadline_us ? (int)MAX((deadline_us - clock_us()) / 1000, 0) : -1;
        struct pollfd p = {.fd = fd, .events = POLLIN};
        int rc = poll(&p, 1, wait_ms);
        if (rc == 0)
            return false;
        if (rc < 0)
            continue;
        char chunk[4096];
        ssize_t n = read(fd, chunk, sizeof chunk);
        if (n <= 0)
            return true;
        if (out->n < OUTPUT_MAX)
            buf_put(out, chunk, (size_t)n);
    }
}

static bool wait_until(pid_t pid, int64_t deadline_us, int *ret_status)
{
    for (;;) {
        pid_t rc = waitpid(pid, ret_status, deadline_us ? WNOHANG : 0);
        if (rc == pid)
            return true;
        if (deadline_us && clock_us() > deadline_us)
            return false;
        if (deadline_us)
            clock_sleep_ms(2);
    }
}

static struct str last_part(const struct buf *b)
{
    struct str s = str_trim(buf_str(b));
    if (s.n > 600) {
        s.p += s.n - 600;
        s.n = 600;
    }
    return s;
}

static bool judge(const char *name, int status, const struct proc_opts *o, const struct buf *out, struct err *err)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    struct str tail = last_part(out);
    if (o->log)
        tail = str_of(o->log);
    else if (!tail.n)
        tail = STR("it said nothing");
    if (WIFSIGNALED(status))
        return err_set(err, ERR_COMMAND_FAILED, "%s was ended by signal %d: %.*s", name, WTERMSIG(status),
                       STR_ARG(tail));
    return err_set(err, ERR_COMMAND_FAILED, "%s ended with status %d: %.*s", name, WEXITSTATUS(status), STR_ARG(tail));
}

bool proc_run(char *const argv[], const struct proc_opts *opts, struct buf *ret_output, struct err *err)
{
    static const struct proc_opts none = {0};
    const struct proc_opts *o = opts ? opts : &none;
    SCOPED_BUF own = {0};
    struct buf *out = ret_output ? ret_output : &own;
    int64_t deadline = o->timeout_ms ? clock_us() + (int64_t)o->timeout_ms * 1000 : 0;
    int fd = -1;
    pid_t pid = -1;
    if (!start(argv, o, &fd, &pid, err))
        return false;
    int status = 0;
    bool in_time = fd < 0 || drain(fd, deadline, out);
    if (fd >= 0)
        close(fd);
    if (in_time && wait_until(pid, deadline, &status))
        return judge(argv[0], status, o, out, err);
    kill(-pid, SIGKILL);
    waitpid(pid, &status, 0);
    char limit[32];
    clock_human((int64_t)o->timeout_ms * 1000, limit);
    return err_set(err, ERR_TIMEOUT, "%s did not end within %s", argv[0], limit);
}

bool proc_shell(const char *command, const struct proc_opts *opts, struct buf *ret_output, struct err *err)
{
    char *const argv[] = {(char[]){"/bin/sh"}, (char[]){"-c"}, (char *)(uintptr_t)command, NULL};
    return proc_run(argv, opts, ret_output, err);
}

bool proc_spawn(char *const argv[], const struct proc_opts *opts, pid_t *ret_pid, struct err *err)
{
    int fd = -1;
    struct proc_opts o = opts ? *opts : (struct proc_opts){0};
    if (!o.log)
        o.log = "/dev/null";
    return start(argv, &o, &fd, ret_pid, err);
}

bool proc_attached(char *const argv[], int *ret_status, struct err *err)
{
    int status = 0;
    pid_t pid = fork();
    if (pid < 0)
        return err_os(err, ERR_COMMAND_FAILED, errno, "starting %s", argv[0]);
    if (pid == 0) {
        execvp(argv[0], argv);
        _exit(127);
    }
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return err_os(err, ERR_COMMAND_FAILED, errno, "waiting for %s", argv[0]);
    *ret_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return true;
}
