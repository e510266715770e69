#include "base/cancel.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/proc.h"
#include "base/term.h"
#include "base/vec.h"
#include "cmd/cmd.h"
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#define FOLDER "carryover-demo"
#define MARK ".carryover-demo" /* only a folder with this file is ever removed */
#define ARGS_MAX 12
#define ONE "000001" /* stores of the sample */
#define TWO "000002"
#define PORT_FIRST 20000
#define PORTS 10000
#define RATE 60 /* transactions a second that two cores can sell, follow, upgrade and prove at the same time */

/* One act: what it shows, and the command that does it, as a user would type it. */
struct act {
    const char *story;
    const char *args[ARGS_MAX]; /* NULL-terminated */
    bool may_find;              /* exit status 1 tells of findings */
};

struct demo {
    struct arena *arena;
    const char *program, *dir, *scale, *rate;
    struct {
        const char *dir, *secret;
    } stores[2];
    int port; /* of the gateway, on loopback */
    struct command_call *call;
};

static void say_act(const struct demo *d, int number, int n, const struct act *a)
{
    SCOPED_BUF b = {0};
    buf_printf(&b, "\n%s[%d/%d] %s%s\n", term_style(stdout, TERM_BOLD), number, n, a->story,
               term_style(stdout, TERM_PLAIN));
    buf_printf(&b, "%s$ carryover", term_style(stdout, TERM_DIM));
    for (const char *const *arg = a->args; *arg; arg++)
        buf_printf(&b, strpbrk(*arg, " *{") ? " '%s'" : " %s", *arg);
    buf_printf(&b, "%s\n", term_style(stdout, TERM_PLAIN));
    fputs(buf_text(&b), stdout);
    fflush(stdout);
    (void)d;
}

static bool run(const struct demo *d, const struct act *a, struct err *err)
{
    VEC(const char *) argv = {0};
    int status = 0;
    *vec_push(&argv) = d->program;
    for (const char *const *arg = a->args; *arg; arg++)
        *vec_push(&argv) = *arg;
    *vec_push(&argv) = "--project";
    *vec_push(&argv) = d->dir;
    if (command_flag(d->call, OPTION_NO_COLOR))
        *vec_push(&argv) = "--no-color";
    if (command_flag(d->call, OPTION_NO_PROGRESS))
        *vec_push(&argv) = "--no-progress";
    *vec_push(&argv) = NULL;
    bool ok = proc_attached((char *const *)argv.p, &status, err);
    vec_done(&argv);
    if (!ok || !cancel_check(err))
        return false;
    if (status == EXIT_DONE || (status == EXIT_FOUND && a->may_find))
        return true;
    return err_set(err, ERR_COMMAND_FAILED, "the demo stopped at `carryover %s`, which ended with status %d",
                   a->args[0], status);
}

/* Whatever happens, nothing of the demo goes on running. */
static void stop_all(const struct demo *d)
{
    static const char *const commands[][4] = {{"sample", "stop"},      {"replicate", "stop"},  {"upgrade", "stop"},
                                              {"n1", "serve", "stop"}, {"n1", "keep", "stop"}, {"server", "stop"}};
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

static bool clear_folder(const struct demo *d, struct err *err)
{
    if (!file_exists(d->dir))
        return true;
    if (!file_exists(arena_printf(d->arena, "%s/" MARK, d->dir)))
        return err_set(err, ERR_GUARD, "the folder %s is there and was not made by a demo", d->dir);
    stop_all(d);
    return file_remove_tree(d->dir, err);
}

static bool make_folder(const struct demo *d, struct err *err)
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

static const struct act *acts(const struct demo *d, int *ret_n)
{
    const char *stop = arena_printf(d->arena, "hooks.stop_writers=%s sample stop --project %s", d->program, d->dir);
    const char *listen = arena_printf(d->arena, "127.0.0.1:%d", d->port);
    const char *url = arena_printf(d->arena, "http://%s", listen);
    const struct act list[] = {
        {"A project: one folder, here with private PostgreSQL servers as source and target.",
         {"init", "--set", stop},
         false},
        {"A headquarters database of version N-1, as Dynamics AX 2012 R3 has it.",
         {"sample", "create", "--scale", d->scale},
         false},
        {"What has to be known before: findings in the source.", {"analyze"}, true},
        {"Business begins: four writers sell, return, post, receive and correct, until the cutover.",
         {"sample", "run", "--rate", d->rate, "--detach"},
         false},
        {"The snapshot: every table in parallel, then its indexes, while the writers go on.",
         {"replicate", "start", "--once"},
         false},
        {"From now on every change of the source is followed, in the order of the commits.",
         {"replicate", "start", "--detach"},
         false},
        {"Version N is loaded through the lenses, out of the replica, while changes keep coming.",
         {"upgrade", "--once"},
         false},
        {"From now on every change is brought up to version N as it comes.", {"upgrade", "--detach"}, false},
        {"How far is it?", {"replicate", "status"}, false},
        {"The proof: every row, every lens, the laws of money and stock, the way back; at one position, under load.",
         {"verify"},
         false},
        {"The cutover: the writers stop, the rest is drained and proven, users are let in.",
         {"cutover", "--yes"},
         false},
        {"Stores still run N-1. From now on their headquarters lives on, out of version N, and packages are made for "
         "them.",
         {"n1", "keep", "--detach"},
         false},
        {"The gateway that they speak to.", {"n1", "serve", "--listen", listen, "--detach"}, false},
        {"Two of the stores are registered; each has a secret of its own.",
         {"n1", "stores", "add", ONE, "--group", "EAST", "--secret-file", d->stores[0].secret},
         false},
        {"The second one.",
         {"n1", "stores", "add", TWO, "--group", "EAST", "--secret-file", d->stores[1].secret},
         false},
        {"A store of N-1: the channel database of a real one, in SQLite, with tills and a sync client.",
         {"store", "init", d->stores[0].dir, "--id", ONE, "--url", url, "--secret-file", d->stores[0].secret},
         false},
        {"And the other one.",
         {"store", "init", d->stores[1].dir, "--id", TWO, "--url", url, "--secret-file", d->stores[1].secret},
         false},
        {"They fetch what they need: customers, products, prices, staff, registers.",
         {"store", "sync", d->stores[0].dir, "--once"},
         false},
        {"So does the other one.", {"store", "sync", d->stores[1].dir, "--once"}, false},
        {"A cashier proves the old password once and chooses a new one; from now on only an argon2id hash is kept.",
         {"store", "call", d->stores[0].dir, "StaffChangePassword",
          "{\"staffId\":\"000160\",\"oldPassword\":\"pos000160\",\"newPassword\":\"a better one\"}"},
         false},
        {"The line is cut: headquarters is away.", {"n1", "serve", "stop"}, false},
        {"The tills go on selling.", {"store", "till", d->stores[0].dir, "--transactions", "150"}, false},
        {"In both stores; this one closes its shifts, because it is about to move.",
         {"store", "till", d->stores[1].dir, "--transactions", "150", "--seed", "2", "--close"},
         false},
        {"The line is back.", {"n1", "serve", "--listen", listen, "--detach"}, false},
        {"What was sold arrives, each transaction once.", {"store", "sync", d->stores[0].dir, "--once"}, false},
        {"From the other one, too.", {"store", "sync", d->stores[1].dir, "--once"}, false},
        {"Does headquarters have what the stores say? Per store, terminal and day.", {"n1", "totals"}, false},
        {"Who still has to choose a new password?", {"n1", "staff"}, false},
        {"One store moves to version N; the other stays.", {"n1", "promote", TWO, "--group", "EAST-N"}, false},
        {"Who is where, and what keeps each from moving?", {"n1", "fleet"}, false},
    };
    struct act *copy = arena_new_array(d->arena, struct act, ARRAY_LEN(list));
    memcpy(copy, list, sizeof list);
    *ret_n = (int)ARRAY_LEN(list);
    return copy;
}

static bool play(const struct demo *d, struct err *err)
{
    int n = 0;
    const struct act *list = acts(d, &n);
    for (int i = 0; i < n; i++) {
        say_act(d, i + 1, n, &list[i]);
        if (!run(d, &list[i], err))
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
    for (int i = 0; i < 2; i++) {
        d.stores[i].dir = arena_printf(a, "%s/stores/%s", d.dir, i ? TWO : ONE);
        d.stores[i].secret = arena_printf(a, "%s/store-%s.secret", d.dir, i ? TWO : ONE);
    }
    if (!make_folder(&d, err))
        return false;
    bool ok = play(&d, err);
    stop_all(&d);
    return ok && say_end(&d, clock_us() - start, err);
}
