#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "base/term.h"
#include "cmd/cmd.h"
#include "cmd/job.h"
#include "cmd/n1_opts.h"
#include "cmd/open.h"
#include "cmd/operator.h"
#include "n1/gateway.h"
#include "n1/registry.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define READY_TIMEOUT_MS 60000

/* --- serve --- */

/* Names on the command line are below this folder, as people expect. */
static bool read_opts(const struct command_call *call, const struct project *p, struct gateway_opts *ret,
                      struct err *err)
{
    const char *listen = command_text(call, OPTION_LISTEN), *cert = command_text(call, OPTION_CERT),
               *key = command_text(call, OPTION_KEY);
    if (!n1_gateway_opts(p, ret, err))
        return false;
    ret->listen = listen ? listen : ret->listen;
    ret->cert = cert ? cert : ret->cert;
    ret->key = key ? key : ret->key;
    return true;
}

static bool serve_here(struct project *p, const struct gateway_opts *opts, struct arena *a, struct err *err)
{
    struct gateway_opts o = *opts;
    char *uri = NULL;
    SCOPED_SECRET key = {{0}};
    SCOPED(calls) calls = NULL;
    project_set_command(p, "n1 serve");
    if (!project_lock(p, N1_JOB, err) || !n1_open_calls(p, &calls, err) ||
        !secret_file(n1_file(p, SETTING_N1_SESSION_KEY), &key, err) || !open_uri(p, OPEN_TARGET, a, &uri, err))
        return false;
    o.target_uri = uri;
    o.session_key = &key;
    o.ready = project_path(p, N1_READY_FILE);
    o.calls = calls;
    if (!project_package(p, &o.package, err))
        return false;
    if (!gateway_run(&o, err))
        return false;
    log_info("n1.stopped", "the gateway is stopped");
    return true;
}

/* Whoever starts it in the background may send stores to it as soon as the command is done. */
static bool wait_until_ready(struct project *p, pid_t pid, struct arena *a, const char **ret_url, struct err *err)
{
    const char *file = project_path(p, N1_READY_FILE);
    for (int waited = 0; waited < READY_TIMEOUT_MS && job_pid(p, N1_JOB) == pid; waited += 20) {
        struct str text = {"", 0};
        struct err none;
        int64_t of = 0;
        if (file_exists(file) && file_read(file, a, &text, &none)) {
            struct str word = str_split(&text, ' ');
            *ret_url = arena_dup_str(a, str_trim(text));
            if (str_to_i64(word, &of) && of == pid && **ret_url)
                return true;
        }
        clock_sleep_ms(20);
    }
    bool runs = job_pid(p, N1_JOB) == pid;
    return err_set(err, ERR_COMMAND_FAILED, "the gateway %s; its log is %s",
                   runs ? "runs, but does not serve yet" : "has ended", project_path(p, "logs/" N1_JOB ".log"));
}

static bool say_serving(struct command_call *call, struct project *p, pid_t pid, const char *url, struct err *err)
{
    SCOPED_BUF text = {0};
    if (command_flag(call, OPTION_JSON))
        buf_printf(&text, "{\"pid\":%d,\"url\":\"%s\"}\n", (int)pid, url);
    else
        buf_printf(&text, "the gateway serves %s as process %d; its log is %s\n", url, (int)pid,
                   project_path(p, "logs/" N1_JOB ".log"));
    return cmd_print(&text, err);
}

static bool serve_detached(struct command_call *call, struct project *p, const struct gateway_opts *o, struct err *err)
{
    struct arena *a = command_arena(call);
    const char *args[] = {"n1",
                          "serve",
                          arena_printf(a, "--listen=%s", o->listen),
                          arena_printf(a, "--cert=%s", o->cert[0] ? file_absolute(a, o->cert) : ""),
                          arena_printf(a, "--key=%s", o->key[0] ? file_absolute(a, o->key) : ""),
                          NULL};
    pid_t pid = 0;
    const char *url = NULL;
    return job_start(p, N1_JOB, args, command_settings(call), &pid, err) && wait_until_ready(p, pid, a, &url, err) &&
           say_serving(call, p, pid, url, err);
}

bool cmd_n1_serve(struct command_call *call, struct err *err)
{
    struct project *p = NULL;
    struct gateway_opts o;
    if (!command_project(call, &p, err) || !read_opts(call, p, &o, err))
        return false;
    return command_flag(call, OPTION_DETACH) ? serve_detached(call, p, &o, err)
                                             : serve_here(p, &o, command_arena(call), err);
}

bool cmd_n1_serve_stop(struct command_call *call, struct err *err)
{
    return job_stop_command(call, N1_JOB, "the gateway is stopped", "the gateway does not run", err);
}

/* --- stores --- */

static bool open_registry(struct command_call *call, struct pg **ret, struct err *err)
{
    struct project *p = NULL;
    return command_project(call, &p, err) && open_pg(p, OPEN_TARGET, ret, err) && registry_prepare(*ret, err);
}

static void put_table(struct buf *b, const struct registry_stores *l, struct arena *a)
{
    struct term_table *t = term_table_new(a, "store|name|group|schema|state|client|last contact|>sessions");
    for (size_t i = 0; i < l->n; i++) {
        const struct registry_store *s = &l->p[i];
        char sessions[32];
        term_count(s->sessions, sessions);
        term_table_row(t, s->id, s->name, s->group, s->schema, s->state, s->version[0] ? s->version : "-",
                       s->last_contact[0] ? s->last_contact : "never", sessions);
    }
    term_table_put(t, b);
}

static bool read_stores(struct command_call *call, struct arena *a, struct registry_stores *ret, struct err *err)
{
    struct project *p = NULL;
    SCOPED(pg) pg = NULL;
    bool there = false;
    const char *id = command_arg(call, 0);
    if (!command_project(call, &p, err) || !open_pg(p, OPEN_TARGET, &pg, err) || !registry_prepared(pg, &there, err))
        return false;
    *ret = (struct registry_stores){0};
    if (!there)
        return !id || err_set(err, ERR_STORE_UNKNOWN, "there is no store %s", id);
    if (!id)
        return registry_list(pg, a, ret, err);
    ret->p = arena_new_one(a, struct registry_store);
    ret->n = 1;
    return registry_show(pg, id, a, ret->p, err);
}

bool cmd_n1_stores(struct command_call *call, struct err *err)
{
    struct registry_stores stores;
    struct arena *a = command_arena(call);
    SCOPED_BUF text = {0};
    if (!read_stores(call, a, &stores, err))
        return false;
    if (command_flag(call, OPTION_JSON))
        registry_put_stores(&text, &stores);
    else if (stores.n == 0)
        buf_puts(&text, "no store is registered; `carryover n1 stores add ID` registers one\n");
    else
        put_table(&text, &stores, a);
    return cmd_print(&text, err);
}

/* The one time that a secret is seen. */
static bool show_secret(const struct command_call *call, const char *what, const char *name,
                        const struct secret *secret, struct err *err)
{
    char word[SECRET_TEXT_MAX];
    SCOPED_BUF text = {0};
    secret_text(secret, word);
    if (command_flag(call, OPTION_JSON)) {
        buf_puts(&text, "{\"store\":");
        name ? json_put_string(&text, str_of(name)) : buf_puts(&text, "null");
        buf_printf(&text, ",\"secret\":\"%s\"}\n", word);
    } else {
        buf_printf(&text, "%s%s%s: %s\nIt is shown this once; only a hash of it is kept.\n", what, name ? " " : "",
                   name ? name : "", word);
    }
    return cmd_print(&text, err);
}

/* Into a file that only its owner may read, which must not be there: a secret is never written over another one. */
static bool keep_secret(const struct command_call *call, const char *path, const char *store,
                        const struct secret *secret, struct err *err)
{
    char word[SECRET_TEXT_MAX];
    SCOPED_BUF text = {0};
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        err_os(err, ERR_FILE, errno, "making %s", path);
        return err_hint(err, "The store %s is registered; `carryover n1 stores rotate %s` gives it a new secret.",
                        store, store);
    }
    secret_text(secret, word);
    bool ok = write(fd, word, strlen(word)) == (ssize_t)strlen(word) && write(fd, "\n", 1) == 1 && fsync(fd) == 0;
    explicit_bzero(word, sizeof word);
    close(fd);
    if (!ok) {
        err_os(err, ERR_FILE, errno, "writing %s", path);
        return err_hint(err, "The store %s is registered; `carryover n1 stores rotate %s` gives it a new secret.",
                        store, store);
    }
    if (command_flag(call, OPTION_JSON)) {
        buf_puts(&text, "{\"store\":");
        json_put_string(&text, str_of(store));
        buf_puts(&text, "}\n");
    } else {
        buf_printf(&text, "the store %s is registered; its secret is in %s\n", store, path);
    }
    return cmd_print(&text, err);
}

bool cmd_n1_stores_add(struct command_call *call, struct err *err)
{
    SCOPED(pg) pg = NULL;
    SCOPED_SECRET secret = {{0}};
    const char *name = command_text(call, OPTION_NAME), *group = command_text(call, OPTION_GROUP);
    const char *file = command_text(call, OPTION_SECRET_TO);
    struct registry_store s = {.id = command_arg(call, 0)};
    s.name = name ? name : s.id;
    s.group = group ? group : "default";
    if (file && file_exists(file))
        return err_set(err, ERR_USAGE, "the file %s is there already", file);
    if (!open_registry(call, &pg, err))
        return false;
    secret_make(&secret);
    return registry_add(pg, operator_name(command_arena(call)), &s, &secret, err) &&
           (file ? keep_secret(call, file, s.id, &secret, err)
                 : show_secret(call, "the secret of the new store", s.id, &secret, err));
}

/* Each secret is printed as soon as its store is registered: it cannot be had again. */
static bool import_one(struct pg *pg, const char *who, const char *id, const char *group, struct err *err)
{
    char word[SECRET_TEXT_MAX];
    SCOPED_SECRET secret = {{0}};
    SCOPED_BUF text = {0};
    struct registry_store s = {.id = id, .name = id, .group = group};
    secret_make(&secret);
    if (!registry_add(pg, who, &s, &secret, err))
        return false;
    secret_text(&secret, word);
    buf_printf(&text, "%s %s\n", id, word);
    explicit_bzero(word, sizeof word);
    return cmd_print(&text, err);
}

bool cmd_n1_stores_import(struct command_call *call, struct err *err)
{
    SCOPED(pg) pg = NULL;
    struct arena *a = command_arena(call);
    const char *group = command_text(call, OPTION_GROUP);
    struct str text;
    if (!file_read(command_arg(call, 0), a, &text, err) || !open_registry(call, &pg, err))
        return false;
    while (text.n) {
        struct str id = str_trim(str_split(&text, '\n'));
        if (id.n && !import_one(pg, operator_name(a), arena_dup_str(a, id), group ? group : "default", err))
            return false;
    }
    return true;
}

bool cmd_n1_stores_rotate(struct command_call *call, struct err *err)
{
    SCOPED(pg) pg = NULL;
    SCOPED_SECRET secret = {{0}};
    const char *id = command_arg(call, 0);
    if (!open_registry(call, &pg, err))
        return false;
    secret_make(&secret);
    return registry_rotate(pg, operator_name(command_arena(call)), id, &secret, err) &&
           show_secret(call, "the new secret of the store", id, &secret, err);
}

bool cmd_n1_admin_rotate(struct command_call *call, struct err *err)
{
    SCOPED(pg) pg = NULL;
    SCOPED_SECRET token = {{0}};
    if (!open_registry(call, &pg, err))
        return false;
    secret_make(&token);
    return registry_set_admin(pg, operator_name(command_arena(call)), &token, err) &&
           show_secret(call, "the administrator's new token", NULL, &token, err);
}

typedef bool store_fn(struct pg *target, const char *who, const char *id, struct err *err);

static bool change_store(struct command_call *call, store_fn *fn, const char *what, struct err *err)
{
    SCOPED(pg) pg = NULL;
    SCOPED_BUF text = {0};
    const char *id = command_arg(call, 0);
    if (!open_registry(call, &pg, err) || !fn(pg, operator_name(command_arena(call)), id, err))
        return false;
    if (command_flag(call, OPTION_JSON)) {
        buf_puts(&text, "{\"store\":");
        json_put_string(&text, str_of(id));
        buf_printf(&text, ",\"state\":\"%s\"}\n", what);
    } else {
        buf_printf(&text, "the store %s is %s\n", id, what);
    }
    return cmd_print(&text, err);
}

bool cmd_n1_stores_pause(struct command_call *call, struct err *err)
{
    return change_store(call, registry_pause, "paused", err);
}

bool cmd_n1_stores_resume(struct command_call *call, struct err *err)
{
    return change_store(call, registry_resume, "active", err);
}

bool cmd_n1_stores_remove(struct command_call *call, struct err *err)
{
    if (command_flag(call, OPTION_YES))
        return change_store(call, registry_remove, "removed", err);
    err_set(err, ERR_GUARD, "this would remove the store %s, its secret and its sessions", command_arg(call, 0));
    return err_hint(err, "Run it with --yes to do so.");
}
