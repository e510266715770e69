#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/proc.h"
#include "cmd/job.h"
#include "cmd/n1_opts.h"
#include "cmd/smoke.h"
#include "db/target.h"
#include <errno.h>
#include <stdlib.h>

#define STORE "carryover-smoke" /* and its group */
#define ARGS_MAX 16
#define LOOK_MS 500

struct round {
    struct project *project;
    struct arena *a;
    const char *dir, *store, *secret, *url;
    int64_t until_us;
};

bool smoke_round_skips(struct project *p, struct pg *target, const char **ret, struct err *err)
{
    bool keeps = false;
    if (!target_locked(target, TARGET_JOB_KEEP, &keeps, err))
        return false;
    if (!keeps)
        *ret = "nothing makes packages for stores yet: `carryover n1 keep` does not run";
    else if (!project_text(p, SETTING_N1_URL)[0] && !job_pid(p, N1_JOB))
        *ret = "no gateway runs in this project, and n1.url is not set";
    return true;
}

/* As an operator would type it; NULL-terminated. */
static bool run(struct round *r, const char *const *args, struct buf *out, struct err *err)
{
    const char *argv[ARGS_MAX + 5] = {file_absolute(r->a, "/proc/self/exe")};
    size_t n = 1;
    int left = (int)MAX((r->until_us - clock_us()) / 1000, 1000);
    struct proc_opts o = {.timeout_ms = left};
    for (const char *const *arg = args; *arg; arg++)
        argv[n++] = *arg;
    argv[n++] = "--project";
    argv[n++] = project_dir(r->project);
    argv[n++] = "--quiet";
    buf_reset(out);
    return proc_run((char *const *)(uintptr_t)argv, &o, out, err) || err_wrap(err, "%s %s", args[0], args[1]);
}

/* Where stores find it, else where it listens. */
static bool find_gateway(struct round *r, struct err *err)
{
    struct str text;
    const char *file = project_path(r->project, N1_READY_FILE);
    r->url = project_text(r->project, SETTING_N1_URL);
    if (r->url[0])
        return true;
    if (!file_read(file, r->a, &text, err))
        return err_wrap(err, "finding the gateway of this project");
    (void)str_split(&text, ' '); /* its process */
    r->url = arena_dup_str(r->a, str_trim(text));
    return true;
}

static bool make_folder(struct round *r, struct err *err)
{
    const char *tmp = getenv("TMPDIR");
    char *dir = arena_printf(r->a, "%s/carryover-smoke-XXXXXX", tmp && *tmp ? tmp : "/tmp");
    if (!mkdtemp(dir))
        return err_os(err, ERR_FILE, errno, "making a folder in %s", tmp && *tmp ? tmp : "/tmp");
    r->dir = dir;
    r->store = arena_printf(r->a, "%s/store", dir);
    r->secret = arena_printf(r->a, "%s/secret", dir);
    return true;
}

static bool make_store(struct round *r, struct buf *out, struct err *err)
{
    const char *ca = n1_file(r->project, SETTING_N1_CA);
    const char *const add[] = {"n1", "stores", "add", STORE, "--group", STORE, "--secret-file", r->secret, NULL};
    const char *const init[] = {"store", "init", r->store,        "--id",    STORE,
                                "--url", r->url, "--secret-file", r->secret, ca[0] ? "--ca" : NULL,
                                ca,      NULL};
    return run(r, add, out, err) && run(r, init, out, err);
}

/* The first packages are made only now: rounds until one has brought some, and one has not. */
static bool fetch_all(struct round *r, struct buf *out, int64_t *ret_packages, struct err *err)
{
    const char *const sync[] = {"store", "sync", r->store, "--once", "--json", NULL};
    static const char member[] = "{\"packages\":";
    for (*ret_packages = 0;;) {
        if (!run(r, sync, out, err))
            return false;
        const char *number = strstr(buf_text(out), member);
        long packages = number ? strtol(number + strlen(member), NULL, 10) : 0;
        if (packages == 0 && *ret_packages > 0)
            return true;
        *ret_packages += packages;
        if (clock_us() > r->until_us)
            return err_set(err, ERR_TIMEOUT, "the store has got %" PRId64 " packages, and not all of them in time",
                           *ret_packages);
        clock_sleep_ms(packages ? 0 : LOOK_MS);
    }
}

static bool play(struct round *r, const char *method, struct buf *said, struct err *err)
{
    SCOPED_BUF out = {0};
    int64_t packages = 0;
    const char *const call[] = {"store", "call", r->store, method, NULL};
    if (!make_store(r, &out, err) || !fetch_all(r, &out, &packages, err) || (method && !run(r, call, &out, err)))
        return false;
    buf_printf(said, "session opened, %" PRId64 " full packages applied, %s; nothing was uploaded", packages,
               method ? "the call was answered" : "no call was made");
    return true;
}

static bool tidy(struct round *r, struct err *err)
{
    SCOPED_BUF out = {0};
    const char *const remove[] = {"n1", "stores", "remove", STORE, "--yes", NULL};
    r->until_us = clock_us() + (int64_t)10 * 1000000;
    return run(r, remove, &out, err);
}

bool smoke_round(struct project *p, const struct probe *probe, struct arena *a, struct buf *said, struct err *err)
{
    struct round r = {.project = p, .a = a};
    struct err ignored, untidy;
    if (!find_gateway(&r, err) || !make_folder(&r, err))
        return false;
    if (!tidy(&r, &ignored)) /* what a round that was killed has left; mostly there is nothing */
        log_debug("smoke.tidy", "%s", ignored.message);
    r.until_us = clock_us() + (int64_t)probe->timeout_ms * 1000;
    bool ok = play(&r, probe->method, said, err);
    bool tidied = tidy(&r, &untidy) && file_remove_tree(r.dir, &untidy);
    if (ok && !tidied)
        *err = untidy;
    return ok && tidied;
}
