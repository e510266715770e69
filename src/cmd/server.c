#include "base/json.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/open.h"
#include "db/uri.h"

/* Both sides, or the one that was named. */
struct sides {
    enum open_side p[2];
    int n;
};

static bool read_sides(const struct command_call *call, struct sides *ret, struct err *err)
{
    const char *name = command_arg(call, 0);
    *ret = (struct sides){.p = {OPEN_SOURCE, OPEN_TARGET}, .n = 2};
    if (!name)
        return true;
    ret->n = 1;
    ret->p[0] = strcmp(name, "target") == 0 ? OPEN_TARGET : OPEN_SOURCE;
    return strcmp(name, open_name(ret->p[0])) == 0 ||
           err_set(err, ERR_USAGE, "\"%s\" is neither source nor target", name);
}

/* A side that was named must be private; of both, those that are not are passed over. */
static bool is_meant(const struct project *p, const struct sides *sides, enum open_side side, bool *ret,
                     struct err *err)
{
    *ret = open_is_embedded(p, side);
    if (*ret || sides->n == 2)
        return true;
    err_set(err, ERR_USAGE, "the %s of this project is no private server: %s:", open_name(side), open_name(side));
    return err_hint(err, "Only `%s: embedded` in carryover.yaml is started and stopped by carryover.", open_name(side));
}

static bool begin(struct command_call *call, struct project **ret_project, struct sides *ret_sides, struct err *err)
{
    return read_sides(call, ret_sides, err) && command_project(call, ret_project, err);
}

bool cmd_server_start(struct command_call *call, struct err *err)
{
    struct project *p = NULL;
    struct sides sides;
    char *uri = NULL;
    if (!begin(call, &p, &sides, err))
        return false;
    for (int i = 0; i < sides.n; i++) {
        bool meant;
        if (!is_meant(p, &sides, sides.p[i], &meant, err))
            return false;
        if (!meant)
            continue;
        if (!open_uri(p, sides.p[i], command_arena(call), &uri, err))
            return false;
        log_info("server.started", "the private server \"%s\" runs", open_name(sides.p[i]));
    }
    return true;
}

bool cmd_server_stop(struct command_call *call, struct err *err)
{
    struct project *p = NULL;
    struct sides sides;
    if (!begin(call, &p, &sides, err))
        return false;
    for (int i = 0; i < sides.n; i++) {
        struct cluster_opts o = open_cluster(p, sides.p[i]);
        bool was = cluster_running(&o);
        if (!cluster_stop(&o, err))
            return false;
        log_info("server.stopped", "the private server \"%s\" %s", o.name, was ? "was stopped" : "does not run");
    }
    return true;
}

/* --- status, uri --- */

struct side_status {
    const char *name;
    bool embedded, running;
    char *uri, *home;
};

static bool look(const struct project *p, enum open_side side, struct arena *a, struct side_status *ret,
                 struct err *err)
{
    struct cluster_opts o = open_cluster(p, side);
    *ret = (struct side_status){.name = open_name(side), .embedded = open_is_embedded(p, side), .home = (char *)""};
    if (!ret->embedded) {
        ret->uri = uri_masked(a, project_text(p, side == OPEN_SOURCE ? SETTING_SOURCE : SETTING_TARGET));
        return true;
    }
    ret->running = cluster_running(&o);
    return cluster_uri(&o, a, &ret->uri, err) && cluster_home(&o, a, &ret->home, err);
}

static void put_text(struct buf *b, const struct side_status *s)
{
    if (!s->embedded)
        buf_printf(b, "%-7s not private  %s\n", s->name, s->uri);
    else
        buf_printf(b, "%-7s %-12s %s\n        folder       %s\n", s->name, s->running ? "running" : "stopped", s->uri,
                   s->home);
}

static void put_json(struct buf *b, const struct side_status *s)
{
    buf_printf(b, "%s\"%s\":{\"embedded\":%s,\"running\":", b->n > 1 ? "," : "", s->name,
               s->embedded ? "true" : "false");
    buf_puts(b, !s->embedded ? "null" : s->running ? "true" : "false");
    buf_puts(b, ",\"uri\":");
    json_put_string(b, str_of(s->uri));
    buf_puts(b, ",\"folder\":");
    json_put_string(b, str_of(s->home));
    buf_putc(b, '}');
}

bool cmd_server_status(struct command_call *call, struct err *err)
{
    struct project *p = NULL;
    struct sides sides;
    bool json = command_flag(call, OPTION_JSON);
    SCOPED_BUF text = {0};
    if (!begin(call, &p, &sides, err))
        return false;
    buf_puts(&text, json ? "{" : "");
    for (int i = 0; i < sides.n; i++) {
        struct side_status s;
        if (!look(p, sides.p[i], command_arena(call), &s, err))
            return false;
        json ? put_json(&text, &s) : put_text(&text, &s);
    }
    buf_puts(&text, json ? "}\n" : "");
    return cmd_print(&text, err);
}

/* For psql and scripts: `psql "$(carryover server uri source)"`. Passwords of others' servers stay out. */
bool cmd_server_uri(struct command_call *call, struct err *err)
{
    struct project *p = NULL;
    struct sides sides;
    SCOPED_BUF text = {0};
    if (!begin(call, &p, &sides, err))
        return false;
    for (int i = 0; i < sides.n; i++) {
        struct side_status s;
        if (!look(p, sides.p[i], command_arena(call), &s, err))
            return false;
        if (command_flag(call, OPTION_JSON))
            json_put_string(&text, str_of(s.uri));
        else
            buf_puts(&text, s.uri);
        buf_putc(&text, '\n');
    }
    return cmd_print(&text, err);
}
