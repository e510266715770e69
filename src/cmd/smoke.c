#include "cmd/smoke.h"
#include "base/clock.h"
#include "base/file.h"
#include "cmd/cmd.h"
#include "cmd/filing.h"
#include "cmd/n1_opts.h"
#include "cmd/open.h"
#include "n1/calls.h"
#include "n1/registry.h"
#include "smoke/network.h"
#include "smoke/query.h"
#include <jansson.h>

#define PROJECT_FILE "smoke.yaml"

struct smoke {
    struct project *project;
    const struct package *package;
    struct arena *a;
    const char *copy_uri; /* what takes the place of the target; NULL: nothing */
    struct pg *source, *target;
};

/* --- the probes --- */

/* Those of the package first; the project may not give one of their names to another. */
static bool read_project(struct smoke *s, struct probes *ret, struct err *err)
{
    struct str text;
    const char *path = project_path(s->project, PROJECT_FILE);
    *ret = (struct probes){0};
    if (!file_exists(path))
        return true;
    if (!file_read(path, s->a, &text, err) || !probes_read(text, PROJECT_FILE, ERR_CONFIG, s->package, s->a, ret, err))
        return false;
    for (size_t i = 0; i < s->package->smoke->n; i++)
        for (size_t k = 0; k < ret->n; k++)
            if (strcmp(s->package->smoke->p[i].name, ret->p[k].name) == 0)
                return err_set(err, ERR_CONFIG, PROJECT_FILE ": the package has a probe '%s' already", ret->p[k].name);
    return true;
}

/* Triggers and foreign keys may sleep in a copy; users will not find them asleep. */
static bool open_copy(const struct smoke *s, struct pg **ret, struct err *err)
{
    return pg_open(s->copy_uri, "copy", ret, err) && pg_exec(*ret, "set session_replication_role = origin", err);
}

static bool get_connection(struct smoke *s, bool source, struct pg **ret, struct err *err)
{
    struct pg **pg = source ? &s->source : &s->target;
    bool copy = s->copy_uri && !source;
    if (!*pg && !(copy ? open_copy(s, pg, err) : open_pg(s->project, source ? OPEN_SOURCE : OPEN_TARGET, pg, err)))
        return false;
    *ret = *pg;
    return true;
}

/* One that broke must not fail the probes behind it. */
static void drop_broken(struct pg **pg)
{
    if (!*pg || PQstatus(pg_raw(*pg)) == CONNECTION_OK)
        return;
    pg_free(*pg);
    *pg = NULL;
}

static const char *below_project(struct smoke *s, const char *file)
{
    return file[0] && file[0] != '/' ? project_path(s->project, file) : file;
}

static bool run_http(struct smoke *s, const struct probe *p, struct buf *said, struct err *err)
{
    if (network_http(p, below_project(s, p->ca), s->a, said, err))
        return true;
    if (err->code == ERR_HQ_CONNECT || err->code == ERR_HQ_LOST || err->code == ERR_HQ_TRUST ||
        err->code == ERR_HQ_ANSWER)
        err->code = ERR_PROBE_CONNECT; /* those speak of a gateway */
    return false;
}

static bool run_read(struct smoke *s, const struct probe *p, struct buf *said, struct err *err)
{
    struct pg *pg = NULL;
    const char *path = p->on_source ? pg_ident(s->a, s->package->source_schema) : "pg_catalog";
    return get_connection(s, p->on_source, &pg, err) && query_read(pg, p, path, said, err);
}

static bool run_write(struct smoke *s, const struct probe *p, struct buf *said, struct err *err)
{
    struct pg *pg = NULL;
    return get_connection(s, false, &pg, err) && query_write(pg, p, said, err);
}

/* --- signing in --- */

/* The answer is a document {"success": ..., "message": "Code: text"}. */
static bool judge_answer(const struct probe *p, const struct buf *answer, struct buf *said, struct err *err)
{
    json_t *root = json_loads(buf_text(answer), 0, NULL);
    const char *message = json_string_value(json_object_get(root, "message"));
    bool success = json_is_true(json_object_get(root, "success"));
    bool as_expected = p->answer ? message && str_starts(str_of(message), p->answer) : success;
    if (as_expected)
        buf_printf(said, "%s answers %s", p->method, success ? "with success" : p->answer);
    else
        err_set(err, ERR_SMOKE, "%s answers: %s", p->method, success ? "success" : message ? message : "nothing");
    json_decref(root);
    return as_expected;
}

/* The same code that answers a till: attempts are counted and noted in the audit. */
static bool sign_in(struct smoke *s, const struct probe *p, struct buf *said, struct err *err)
{
    SCOPED(calls) calls = NULL;
    SCOPED_BUF answer = {0}, body = {0};
    struct pg *pg = NULL;
    struct str text;
    const char *path = below_project(s, p->file);
    if (!file_is_private(path))
        return err_set(err, ERR_GUARD, "the file %s has a password, and others may read it: chmod 600", path);
    if (!file_read(path, s->a, &text, err))
        return false;
    buf_printf(&body, "{\"parameters\":%.*s}", STR_ARG(text));
    return get_connection(s, false, &pg, err) && n1_open_calls(s->project, &calls, err) && registry_prepare(pg, err) &&
           calls_prepare(calls, pg, err) &&
           calls_answer(calls, pg, p->store, str_of(p->method), buf_str(&body), s->a, &answer, err) &&
           judge_answer(p, &answer, said, err);
}

/* --- one probe --- */

static bool run_probe(struct smoke *s, const struct probe *p, struct buf *said, struct err *err)
{
    switch (p->kind) {
    case PROBE_TCP:
        return network_tcp(p, said, err);
    case PROBE_HTTP:
        return run_http(s, p, said, err);
    case PROBE_READ:
        return run_read(s, p, said, err);
    case PROBE_WRITE:
        return run_write(s, p, said, err);
    case PROBE_SIGN_IN:
        return sign_in(s, p, said, err);
    case PROBE_ROUND:
        return smoke_round(s->project, p, s->a, said, err);
    }
    abort();
}

/* Why a probe cannot be tried here, or NULL. */
static bool reason_to_skip(struct smoke *s, const struct probe *p, const char **ret, struct err *err)
{
    struct pg *pg = NULL;
    *ret = NULL;
    if (s->copy_uri && p->kind != PROBE_READ && p->kind != PROBE_WRITE) {
        *ret = "only the database itself can be asked before it has its name";
        return true;
    }
    if (p->kind == PROBE_SIGN_IN && !file_exists(below_project(s, p->file)))
        *ret = arena_printf(s->a, "the project has no file %s with what to sign in with", p->file);
    return p->kind != PROBE_ROUND ||
           (get_connection(s, false, &pg, err) && smoke_round_skips(s->project, pg, ret, err));
}

static bool try_probe(struct smoke *s, const struct probe *p, struct result *ret, struct err *err)
{
    SCOPED_BUF said = {0};
    int64_t start = clock_us();
    const char *skip = NULL;
    *ret = (struct result){.probe = p};
    bool ok = reason_to_skip(s, p, &skip, &ret->why) && (skip || run_probe(s, p, &said, &ret->why));
    ret->outcome = !ok ? RESULT_FAILED : skip ? RESULT_SKIPPED : RESULT_PASSED;
    ret->said = skip ? skip : arena_dup(s->a, buf_text(&said));
    ret->us = clock_us() - start;
    drop_broken(&s->source);
    drop_broken(&s->target);
    if (ok || ret->why.code != ERR_INTERRUPTED)
        return true;
    *err = ret->why;
    return false;
}

static bool try_all(struct smoke *s, const struct probes *list, struct results *r, struct err *err)
{
    for (size_t i = 0; i < list->n; i++)
        if (!try_probe(s, &list->p[i], &r->p[r->n++], err))
            return false;
    return true;
}

static bool run_all(struct project *p, const char *copy_uri, struct arena *a, struct results *ret, struct err *err)
{
    struct smoke s = {.project = p, .a = a, .copy_uri = copy_uri};
    struct probes own;
    *ret = (struct results){0};
    if (!project_package(p, &s.package, err) || !read_project(&s, &own, err))
        return false;
    ret->p = arena_new_array(a, struct result, s.package->smoke->n + own.n + 1);
    bool ok = try_all(&s, s.package->smoke, ret, err) && try_all(&s, &own, ret, err);
    pg_free(s.source);
    pg_free(s.target);
    return ok;
}

/* --- reports --- */

static bool file_report(struct project *p, const struct results *r, struct arena *a, struct err *err)
{
    SCOPED_BUF json = {0}, html = {0};
    char *page = NULL;
    int64_t now_us = clock_wall_us();
    results_put_json(r, &json);
    results_put_html(r, now_us, &html);
    return filing_write(p, "smoke", now_us, buf_str(&json), buf_str(&html), a, &page, err);
}

static bool judge(const struct results *r, struct err *err)
{
    SCOPED_BUF summary = {0};
    if (results_in(r, RESULT_FAILED) == 0)
        return true;
    results_put_summary(r, &summary);
    return err_set(err, ERR_SMOKE, "%s", buf_text(&summary));
}

bool smoke_run(struct project *p, const char *copy_uri, struct arena *a, struct buf *detail, struct err *err)
{
    struct results r;
    if (!run_all(p, copy_uri, a, &r, err) || !file_report(p, &r, a, err))
        return false;
    results_put_summary(&r, detail);
    return judge(&r, err);
}

bool cmd_smoke(struct command_call *call, struct err *err)
{
    struct project *p = NULL;
    struct results r;
    SCOPED_BUF text = {0};
    struct arena *a = command_arena(call);
    if (!command_project(call, &p, err) || !run_all(p, NULL, a, &r, err) || !file_report(p, &r, a, err))
        return false;
    if (command_flag(call, OPTION_JSON))
        results_put_json(&r, &text);
    else
        results_put_text(&r, &text);
    return cmd_print(&text, err) && judge(&r, err);
}
