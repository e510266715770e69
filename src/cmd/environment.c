#include "db/environment.h"
#include "base/json.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/open.h"
#include "cmd/operator.h"
#include "cmd/smoke.h"
#include "conf/value.h"
#include "db/maintenance.h"

#define DRAIN_MS (5 * 60 * 1000)

static bool open_target(struct command_call *call, struct pg **ret, struct err *err)
{
    struct project *p = NULL;
    return command_project(call, &p, err) && open_pg(p, OPEN_TARGET, ret, err);
}

static const char *actor(struct command_call *call)
{
    const char *by = command_text(call, OPTION_BY_ENVIRONMENT);
    return by ? by : operator_name(command_arena(call));
}

/* --- environment --- */

static void put_next(struct buf *b, const struct environment *e, const char *form)
{
    const char *comma = "";
    for (int to = 0; to < ENVIRONMENT_STATES; to++) {
        if (!environment_may(e->state, e->interrupted, (enum environment_state)to))
            continue;
        buf_puts(b, comma);
        buf_printf(b, form, environment_info((enum environment_state)to)->name);
        comma = ", ";
    }
}

static void put_field(struct buf *b, const char *name, const char *value)
{
    buf_printf(b, ",\"%s\":", name);
    json_put_string(b, str_of(value));
}

static void put_json(struct buf *b, const struct environment *e)
{
    const struct environment_info *info = environment_info(e->state);
    buf_puts(b, "{\"state\":");
    json_put_string(b, str_of(e->exists ? info->name : "deployed"));
    put_field(b, "kind", environment_kind_name(e->kind));
    put_field(b, "since", e->since);
    put_field(b, "who", e->who);
    put_field(b, "reason", e->reason);
    put_field(b, "about", info->about);
    put_field(b, "leads", info->leads);
    buf_puts(b, ",\"next\":[");
    put_next(b, e, "\"%s\"");
    buf_puts(b, "]}\n");
}

static void put_text(struct buf *b, const struct environment *e)
{
    const struct environment_info *info = environment_info(e->state);
    buf_printf(b, "state  %s: %s\nkind   %s\n", info->name, info->about, environment_kind_name(e->kind));
    if (e->exists)
        buf_printf(b, "since  %s, by %s\n", e->since, e->who);
    if (e->reason[0])
        buf_printf(b, "reason %s\n", e->reason);
    buf_puts(b, "next   ");
    put_next(b, e, "%s");
    buf_printf(b, ": %s\n", info->leads);
}

bool cmd_environment(struct command_call *call, struct err *err)
{
    SCOPED(pg) pg = NULL;
    SCOPED_BUF text = {0};
    struct environment e;
    if (!open_target(call, &pg, err) || !environment_read(pg, command_arena(call), &e, err))
        return false;
    if (command_flag(call, OPTION_JSON))
        put_json(&text, &e);
    else
        put_text(&text, &e);
    return cmd_print(&text, err);
}

bool cmd_environment_set_kind(struct command_call *call, struct err *err)
{
    SCOPED(pg) pg = NULL;
    SCOPED_BUF text = {0};
    struct environment e;
    const char *kind = command_arg(call, 0);
    bool production = strcmp(kind, "production") == 0;
    if (!production && strcmp(kind, "sandbox") != 0)
        return err_set(err, ERR_USAGE, "\"%s\" is neither sandbox nor production", kind);
    if (!open_target(call, &pg, err) || !environment_read(pg, command_arena(call), &e, err))
        return false;
    if (!e.exists) {
        err_set(err, ERR_TARGET_STATE, "carryover keeps nothing in this database yet");
        return err_hint(err, "Run `carryover replicate start` first.");
    }
    if (!environment_set_kind(pg, production ? ENVIRONMENT_PRODUCTION : ENVIRONMENT_SANDBOX, actor(call), err))
        return false;
    buf_printf(&text, command_flag(call, OPTION_JSON) ? "{\"kind\":\"%s\"}\n" : "the database is a %s database\n",
               kind);
    return cmd_print(&text, err);
}

/* --- maintenance --- */

static bool say(struct command_call *call, const char *state, bool changed, int64_t users, int64_t ended,
                struct err *err)
{
    SCOPED_BUF text = {0};
    bool on = strcmp(state, "on") == 0;
    if (command_flag(call, OPTION_JSON))
        buf_printf(&text, "{\"maintenance\":%s,\"changed\":%s,\"users\":%" PRId64 ",\"ended\":%" PRId64 "}\n",
                   on ? "true" : "false", changed ? "true" : "false", users, ended);
    else if (on)
        buf_printf(&text, "users are kept out%s; sessions of users: %" PRId64 ", ended: %" PRId64 "\n",
                   changed ? "" : " already", users, ended);
    else
        buf_puts(&text, changed ? "users may come in again\n" : "the database is not in maintenance\n");
    return cmd_print(&text, err);
}

static bool read_drain(struct command_call *call, int64_t *ret_ms, struct err *err)
{
    const char *text = command_text(call, OPTION_DRAIN);
    *ret_ms = DRAIN_MS;
    return !text || value_duration(str_of(text), ret_ms) ||
           err_set(err, ERR_USAGE, "--drain: \"%s\" is no time such as 30s or 5m", text);
}

bool cmd_maintenance_on(struct command_call *call, struct err *err)
{
    SCOPED(pg) pg = NULL;
    int64_t drain = 0, ended = 0;
    bool changed = false;
    if (!read_drain(call, &drain, err) || !open_target(call, &pg, err) ||
        !maintenance_on(pg, actor(call), &changed, err))
        return false;
    log_info("maintenance.on", "nobody new comes in; waiting for sessions of users to end");
    return maintenance_drain(pg, drain, command_flag(call, OPTION_FORCE), &ended, err) &&
           say(call, "on", changed, 0, ended, err);
}

/* Of a database without version N there is nothing to ask. */
static bool prove_before_opening(struct command_call *call, struct pg *pg, struct err *err)
{
    SCOPED_BUF detail = {0};
    struct project *p = NULL;
    struct environment e;
    if (!environment_read(pg, command_arena(call), &e, err) || !command_project(call, &p, err))
        return false;
    bool loaded = e.interrupted == ENVIRONMENT_UPGRADED || e.interrupted == ENVIRONMENT_LIVE;
    if (e.state != ENVIRONMENT_IN_MAINTENANCE || !loaded || command_flag(call, OPTION_SKIP_SMOKE))
        return true;
    if (smoke_run(p, NULL, command_arena(call), &detail, err)) {
        log_info("maintenance.smoke", "%s", buf_text(&detail));
        return true;
    }
    return err_hint(err, "Users stay out. Mend it, or let them in with `carryover maintenance off --skip-smoke`.");
}

bool cmd_maintenance_off(struct command_call *call, struct err *err)
{
    SCOPED(pg) pg = NULL;
    bool changed = false;
    return open_target(call, &pg, err) && prove_before_opening(call, pg, err) &&
           maintenance_off(pg, actor(call), &changed, err) && say(call, "off", changed, 0, 0, err);
}

bool cmd_maintenance_status(struct command_call *call, struct err *err)
{
    SCOPED(pg) pg = NULL;
    struct environment e;
    int64_t users = 0;
    if (!open_target(call, &pg, err) || !environment_read(pg, command_arena(call), &e, err) ||
        !maintenance_users(pg, &users, err))
        return false;
    bool on = e.exists && e.state == ENVIRONMENT_IN_MAINTENANCE;
    return say(call, on ? "on" : "off", false, users, 0, err);
}
