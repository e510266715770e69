#include "cmd/demo.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/proc.h"
#include "base/term.h"
#include "base/vec.h"
#include "cmd/cmd.h"
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define FOLDER "carryover-demo"
#define MARK ".carryover-demo" /* only a folder with this file is ever removed */
#define PORT_FIRST 20000
#define PORTS 10000
#define RATE                                                                                                           \
    25 /* transactions a second: two cores can follow, upgrade and prove them and are not busy all the time            \
        */

/* As a user would type it. */
static void put_command(struct buf *b, const struct demo_act *a)
{
    if (a->kind == DEMO_END)
        buf_printf(b, "kill %%%d", a->till + 1);
    else
        buf_puts(b, "carryover");
    for (const char *const *arg = a->args; *arg; arg++)
        buf_printf(b, strpbrk(*arg, " *{") ? " '%s'" : " %s", *arg);
}

static void say_act(int number, int n, const struct demo_act *a)
{
    SCOPED_BUF b = {0};
    buf_printf(&b, "\n%s[%d/%d] %s%s\n", term_style(stdout, TERM_BOLD), number, n, a->story,
               term_style(stdout, TERM_PLAIN));
    buf_printf(&b, "%s$ ", term_style(stdout, TERM_DIM));
    put_command(&b, a);
    buf_printf(&b, "%s%s\n", a->kind == DEMO_BEGIN ? " &" : "", term_style(stdout, TERM_PLAIN));
    fputs(buf_text(&b), stdout);
    fflush(stdout);
}

static char *const *arguments(const struct demo *d, const struct demo_act *a)
{
    const char **argv = arena_new_array(d->arena, const char *, DEMO_ARGS_MAX + 6);
    int n = 0;
    argv[n++] = d->program;
    for (const char *const *arg = a->args; *arg; arg++)
        argv[n++] = *arg;
    argv[n++] = "--project";
    argv[n++] = d->dir;
    if (command_flag(d->call, OPTION_NO_COLOR))
        argv[n++] = "--no-color";
    if (command_flag(d->call, OPTION_NO_PROGRESS))
        argv[n++] = "--no-progress";
    return (char *const *)(uintptr_t)argv;
}

static bool failed(const struct demo_act *a, int status, struct err *err)
{
    SCOPED_BUF b = {0};
    put_command(&b, a);
    return err_set(err, ERR_COMMAND_FAILED, "the demo stopped at `%s`, which ended with status %d", buf_text(&b),
                   status);
}

static bool run(const struct demo *d, const struct demo_act *a, struct err *err)
{
    int status = 0;
    if (!proc_attached(arguments(d, a), &status, err) || !cancel_check(err))
        return false;
    return status == EXIT_DONE || (status == EXIT_FOUND && a->may_find) || failed(a, status, err);
}

/* --- tills, in the background --- */

static const char *till_log(const struct demo *d, int till)
{
    return arena_printf(d->arena, "%s/till.log", d->stores[till].dir);
}

static bool begin_till(struct demo *d, const struct demo_act *a, struct err *err)
{
    struct proc_opts o = {.log = till_log(d, a->till)};
    return proc_spawn(arguments(d, a), &o, &d->stores[a->till].pid, err);
}

static int stop_till(struct demo *d, int till)
{
    int status = 0;
    pid_t pid = d->stores[till].pid;
    d->stores[till].pid = 0;
    if (pid == 0)
        return 0;
    kill(pid, SIGTERM);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static bool end_till(struct demo *d, const struct demo_act *a, struct err *err)
{
    struct str said;
    int status = stop_till(d, a->till);
    if (!file_read(till_log(d, a->till), d->arena, &said, err))
        return false;
    fwrite(said.p, 1, said.n, stdout);
    fflush(stdout);
    return status == EXIT_DONE || failed(a, status, err);
}

static bool do_act(struct demo *d, const struct demo_act *a, struct err *err)
{
    switch (a->kind) {
    case DEMO_BEGIN:
        return begin_till(d, a, err);
    case DEMO_END:
        return end_till(d, a, err);
    case DEMO_RUN:
        break;
    }
    return run(d, a, err);
}

/* Whatever happens, nothing of the demo goes on running. */
static void stop_all(struct demo *d)
{
    for (int i = 0; i < DEMO_STORES; i++)
        stop_till(d, i);
    static const char *const commands[][4] = {{"sample", "stop"},      {"replicate", "stop"},  {"upgrade", "stop"},
                                              {"n1", "serve", "stop"}, {"n1", "keep", "stop"}, {"refresh", "stop"},
                                              {"server", "stop"}};
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        SCOPED_BUF output = {0};
        struct err ignored;
        VEC(char *) args = {0};
        *vec_push(&args) = (char *)(uintptr_t)d->program;
        for (size_t k = 0; k < ARRAY_LEN(commands[i]) && commands[i][k]; k++)
            *vec_push(&args) = (char *)(uintptr_t)commands[i][k];
        *vec_push(&args) = (char[]){"--quiet"};
        *vec_push(&args) = (char[]){"--project"};
        *vec_push(&args) = (char *)(uintptr_t)d->dir;
        *vec_push(&args) = NULL;
        char *const *argv = args.p;
        if (!proc_run(argv, NULL, &output, &ignored))
            log_debug("demo.stop", "%s", ignored.message); /* it did not run */
        vec_done(&args);
    }
}

static bool clear_folder(struct demo *d, struct err *err)
{
    if (!file_exists(d->dir))
        return true;
    if (!file_exists(arena_printf(d->arena, "%s/" MARK, d->dir)))
        return err_set(err, ERR_GUARD, "the folder %s is there and was not made by a demo", d->dir);
    stop_all(d);
    return file_remove_tree(d->dir, err);
}

static bool make_folder(struct demo *d, struct err *err)
{
    return clear_folder(d, err) && file_make_dirs(d->dir, err) &&
           file_write(arena_printf(d->arena, "%s/" MARK, d->dir),
                      STR("made by `carryover demo`, which may remove this folder\n"), err);
}

static bool is_free(int port)
{
    struct sockaddr_in a = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool yes = fd >= 0 && bind(fd, (struct sockaddr *)&a, sizeof a) == 0;
    if (fd >= 0)
        close(fd);
    return yes;
}

/* A port that nobody uses now, below those that the system gives to whoever asks for any: it is needed only later. */
static int free_port(void)
{
    int port = PORT_FIRST + (int)getpid() % PORTS;
    for (int i = 0; i < PORTS && !is_free(port); i++)
        port = PORT_FIRST + (port - PORT_FIRST + 1) % PORTS;
    return port;
}

static bool play(struct demo *d, struct err *err)
{
    int n = 0;
    const struct demo_act *list = demo_acts(d, &n);
    for (int i = 0; i < n; i++) {
        say_act(i + 1, n, &list[i]);
        if (!do_act(d, &list[i], err))
            return false;
    }
    return true;
}

static bool say_end(const struct demo *d, int64_t us, struct err *err)
{
    SCOPED_BUF b = {0};
    char took[32];
    clock_human(us, took);
    buf_printf(&b, "\n%sThat was all of it, in %s. Nothing runs any more; the folder %s holds everything.%s\n",
               term_style(stdout, TERM_BOLD), took, d->dir, term_style(stdout, TERM_PLAIN));
    buf_printf(&b,
               "\nwhat to try next\n"
               "  %s/reports/                            the reports: open the .html files in a browser\n"
               "  cd %s && carryover server start          both servers again, for a look with psql:\n"
               "    psql \"$(carryover server uri target)\"   tables of N-1 in the schema old, of N in hq\n"
               "  carryover explain                        every error code, and what to do\n"
               "  carryover init my-upgrade --source URI --target URI   your own databases\n",
               d->dir, d->dir);
    return cmd_print(&b, err);
}

bool cmd_demo(struct command_call *call, struct err *err)
{
    struct arena *a = command_arena(call);
    const char *dir = command_arg(call, 0), *scale = command_text(call, OPTION_SCALE);
    int64_t start = clock_us();
    struct demo d = {.arena = a,
                     .call = call,
                     .program = file_absolute(a, "/proc/self/exe"),
                     .dir = file_absolute(a, dir ? dir : FOLDER),
                     .scale = scale ? scale : "1",
                     .rate = arena_printf(a, "%" PRId64, command_number(call, OPTION_RATE, RATE))};
    d.port = free_port();
    for (int i = 0; i < DEMO_STORES; i++) {
        d.stores[i].id = i ? "000002" : "000001"; /* of the sample */
        d.stores[i].dir = arena_printf(a, "%s/stores/%s", d.dir, d.stores[i].id);
        d.stores[i].secret = arena_printf(a, "%s/store-%s.secret", d.dir, d.stores[i].id);
    }
    if (!make_folder(&d, err))
        return false;
    bool ok = play(&d, err);
    stop_all(&d);
    return ok && say_end(&d, clock_us() - start, err);
}
