#include "base/json.h"
#include "cmd/analysis.h"
#include "cmd/cmd.h"
#include "cmd/operator.h"

static bool open_runs(struct command_call *call, struct runs **ret, struct err *err)
{
    struct project *p = NULL;
    return command_project(call, &p, err) && analysis_runs(p, ret, err);
}

bool cmd_analyze_runs(struct command_call *call, struct err *err)
{
    SCOPED(runs) runs = NULL;
    SCOPED_BUF text = {0};
    if (!open_runs(call, &runs, err))
        return false;
    if (command_flag(call, OPTION_JSON) ? !runs_put_json(runs, &text, err) : !runs_put_text(runs, &text, err))
        return false;
    if (text.n == 0)
        buf_puts(&text, "no analysis was made yet; `carryover analyze` makes one\n");
    return cmd_print(&text, err);
}

static bool say(const struct command_call *call, const char *rule, const char *state, struct err *err)
{
    SCOPED_BUF text = {0};
    if (command_flag(call, OPTION_JSON)) {
        buf_puts(&text, "{\"rule\":");
        json_put_string(&text, str_of(rule));
        buf_printf(&text, ",\"state\":\"%s\"}\n", state);
    } else {
        buf_printf(&text, "%s is %s\n", rule, state);
    }
    return cmd_print(&text, err);
}

bool cmd_analyze_accept(struct command_call *call, struct err *err)
{
    SCOPED(runs) runs = NULL;
    const char *rule = command_arg(call, 0), *by = command_text(call, OPTION_BY);
    const char *reason = command_text(call, OPTION_REASON);
    if (!by || !*by || !reason || !*reason) {
        err_set(err, ERR_USAGE, "accepting %s needs a name and a reason", rule);
        return err_hint(err, "`carryover analyze accept %s --by NAME --reason TEXT`.", rule);
    }
    return open_runs(call, &runs, err) && runs_accept(runs, rule, by, reason, err) && say(call, rule, "accepted", err);
}

bool cmd_analyze_reopen(struct command_call *call, struct err *err)
{
    SCOPED(runs) runs = NULL;
    const char *rule = command_arg(call, 0);
    return open_runs(call, &runs, err) && runs_reopen(runs, rule, operator_name(command_arena(call)), err) &&
           say(call, rule, "open", err);
}
