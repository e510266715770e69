#include "base/json.h"
#include "cmd/cmd.h"
#include "cmd/open.h"
#include "cmd/operator.h"
#include "n1/jobs.h"
#include "n1/rollout.h"
#include "n1/upload.h"

#define TRIES 5

struct rollout {
    struct project *project;
    struct pg *pg;
    struct arena *a;
    struct devices devices;
    int64_t fresh_s;
};

static bool open_rollout(struct command_call *call, struct rollout *r, struct err *err)
{
    bool there = false;
    const struct package *package = NULL;
    *r = (struct rollout){.a = command_arena(call)};
    if (!command_project(call, &r->project, err) || !project_package(r->project, &package, err) ||
        !devices_load(package, r->a, &r->devices, err) || !open_pg(r->project, OPEN_TARGET, &r->pg, err) ||
        !jobs_prepared(r->pg, &there, err))
        return false;
    r->fresh_s = project_number(r->project, SETTING_N1_REPORT) / 1000;
    if (there)
        return upload_prepare(r->pg, err);
    err_set(err, ERR_TARGET_STATE, "there are no stores to move yet: nothing keeps the tables of N-1 current");
    return err_hint(err, "Start `carryover n1 keep --detach`.");
}

static void close_rollout(struct rollout *r)
{
    pg_free(r->pg);
}
#define SCOPED_ROLLOUT __attribute__((cleanup(close_rollout))) struct rollout

bool cmd_n1_fleet(struct command_call *call, struct err *err)
{
    SCOPED_ROLLOUT r;
    SCOPED_BUF text = {0};
    return open_rollout(call, &r, err) &&
           rollout_put_fleet(r.pg, r.fresh_s, command_flag(call, OPTION_JSON), &text, err) && cmd_print(&text, err);
}

/* --- promote --- */

static bool refuse(const char *store, const struct rollout_blockers *b, struct err *err)
{
    SCOPED_BUF text = {0};
    for (size_t i = 0; i < b->n; i++)
        buf_printf(&text, "\n  %s", b->p[i]);
    err_set(err, ERR_GUARD, "the store %s cannot move yet:%s", store, text.p);
    return err_hint(err, "Bring these to an end in the store, let it sync and report, and try again.");
}

/* What version N goes on from, and what has to be done at the registers. */
static bool put_seeds(struct buf *b, struct rollout *r, const char *store, bool json, struct err *err)
{
    SCOPED_BUF seeds = {0};
    if (!devices_put_seeds(&r->devices, r->pg, store, json, &seeds, err))
        return false;
    if (json)
        buf_printf(b, ",%s", buf_text(&seeds));
    else if (seeds.n)
        buf_printf(b, "\nits registers go on behind these numbers:\n%s", buf_text(&seeds));
    return true;
}

static bool print_plan(struct command_call *call, struct rollout *r, const char *store,
                       const struct rollout_blockers *b, struct err *err)
{
    SCOPED_BUF text = {0};
    bool json = command_flag(call, OPTION_JSON);
    if (json)
        buf_puts(&text, "{\"blockers\":[");
    else
        buf_printf(&text, "the store %s %s\n", store, b->n ? "cannot move yet:" : "can move");
    for (size_t i = 0; i < b->n; i++) {
        if (!json) {
            buf_printf(&text, "  %s\n", b->p[i]);
            continue;
        }
        buf_puts(&text, i ? "," : "");
        json_put_string(&text, str_of(b->p[i]));
    }
    buf_puts(&text, json ? "]" : "");
    if (!put_seeds(&text, r, store, json, err))
        return false;
    buf_puts(&text, json ? "}\n" : "");
    return cmd_print(&text, err);
}

static void put_moved_json(struct buf *b, const struct rollout_move *m, bool to_new)
{
    buf_puts(b, "{\"store\":");
    json_put_string(b, str_of(m->store));
    buf_puts(b, ",\"group\":");
    json_put_string(b, str_of(m->group));
    buf_printf(b, ",\"runs\":\"%s\"", to_new ? "N" : "N-1");
}

static bool print_move(struct command_call *call, const struct rollout_move *m, bool to_new, const char *seeds,
                       struct err *err)
{
    SCOPED_BUF text = {0};
    bool json = command_flag(call, OPTION_JSON);
    if (json)
        put_moved_json(&text, m, to_new);
    else
        buf_printf(&text,
                   "the store %s is in the group %s and gets full packages of version %s at its next look; `carryover "
                   "n1 fleet` shows when it has them\n",
                   m->store, m->group, to_new ? "N" : "N-1");
    if (!json && to_new && m->devices->deactivate.sql)
        buf_puts(&text, "its devices are deactivated: activate them with the software of version N\n");
    buf_printf(&text, "%s%s", seeds, json ? "}\n" : "");
    return cmd_print(&text, err);
}

static bool undo(struct command_call *call, struct rollout *r, const char *store, struct err *err)
{
    char *group = NULL;
    if (!rollout_came_from(r->pg, store, r->a, &group, err))
        return false;
    struct rollout_move m = {operator_name(r->a), store, group, &r->devices};
    return rollout_return(r->pg, &m, err) && print_move(call, &m, false, "", err);
}

/* Uploads and questions of stores lock the same rows, in the order of their work. */
static bool promote_patiently(struct rollout *r, const struct rollout_move *m, struct rollout_blockers *ret,
                              struct err *err)
{
    for (int tries = 1; !rollout_promote(r->pg, m, r->fresh_s, r->a, ret, err); tries++)
        if (err->code != ERR_SERVER_BUSY || tries == TRIES)
            return false;
    return true;
}

bool cmd_n1_promote(struct command_call *call, struct err *err)
{
    SCOPED_ROLLOUT r;
    struct rollout_blockers blockers;
    const char *store = command_arg(call, 0), *group = command_text(call, OPTION_GROUP);
    if (!open_rollout(call, &r, err))
        return false;
    if (command_flag(call, OPTION_UNDO))
        return undo(call, &r, store, err);
    if (command_flag(call, OPTION_DRY_RUN))
        return rollout_blockers(r.pg, store, r.fresh_s, r.a, &blockers, err) &&
               print_plan(call, &r, store, &blockers, err);
    struct rollout_move m = {operator_name(r.a), store, group ? group : "promoted", &r.devices};
    SCOPED_BUF seeds = {0}; /* first: once the store has moved nothing may fail any more */
    if (!put_seeds(&seeds, &r, store, command_flag(call, OPTION_JSON), err) ||
        !promote_patiently(&r, &m, &blockers, err))
        return false;
    return blockers.n ? refuse(store, &blockers, err) : print_move(call, &m, true, buf_text(&seeds), err);
}
