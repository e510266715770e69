#include "cmd/cmd.h"
#include "cmd/open.h"
#include "n1/totals.h"
#include "n1/upload.h"
#include "n1/uploads.h"

static bool open_uploads(struct command_call *call, struct pg **ret, struct err *err)
{
    struct project *p = NULL;
    bool there = false;
    if (!command_project(call, &p, err) || !open_pg(p, OPEN_TARGET, ret, err) || !upload_prepared(*ret, &there, err))
        return false;
    if (there)
        return true;
    err_set(err, ERR_TARGET_STATE, "no store has sent anything yet");
    return err_hint(err, "The tables are made when a store asks `carryover n1 serve` for the first time.");
}

typedef bool put_fn(struct pg *target, const char *store, bool json, struct buf *b, struct err *err);

static bool show(struct command_call *call, put_fn *put, struct err *err)
{
    SCOPED(pg) pg = NULL;
    SCOPED_BUF text = {0};
    return open_uploads(call, &pg, err) && put(pg, command_arg(call, 0), command_flag(call, OPTION_JSON), &text, err) &&
           cmd_print(&text, err);
}

bool cmd_n1_uploads(struct command_call *call, struct err *err)
{
    return show(call, uploads_put, err);
}

bool cmd_n1_uploads_aside(struct command_call *call, struct err *err)
{
    return show(call, uploads_put_aside, err);
}

bool cmd_n1_uploads_findings(struct command_call *call, struct err *err)
{
    return show(call, uploads_put_findings, err);
}

bool cmd_n1_uploads_refused(struct command_call *call, struct err *err)
{
    return show(call, uploads_put_refused, err);
}

static bool say(struct command_call *call, const struct uploads_replay *y, struct err *err)
{
    SCOPED_BUF text = {0};
    const char *form = command_flag(call, OPTION_JSON)
                           ? "{\"tried\":%" PRId64 ",\"in\":%" PRId64 ",\"findings\":%" PRId64 ",\"left\":%" PRId64
                             "}\n"
                           : "rows that were set aside: %" PRId64 ", of them %" PRId64 " are in now\n"
                             "transactions that broke a rule: %" PRId64 ", of them %" PRId64 " still do\n";
    char line[300];
    snprintf(line, sizeof line, form, y->tried, y->in, y->findings, y->left);
    buf_puts(&text, line);
    return cmd_print(&text, err);
}

bool cmd_n1_uploads_replay(struct command_call *call, struct err *err)
{
    struct project *p = NULL;
    const struct package *package = NULL;
    char *uri = NULL;
    SCOPED(ingest) in = NULL;
    struct uploads_replay y = {0};
    return command_project(call, &p, err) && project_package(p, &package, err) &&
           open_uri(p, OPEN_TARGET, command_arena(call), &uri, err) && upload_open(uri, package, &in, err) &&
           uploads_replay(in, command_arg(call, 0), &y, err) && say(call, &y, err);
}

bool cmd_n1_totals(struct command_call *call, struct err *err)
{
    struct project *p = NULL;
    const struct package *package = NULL;
    SCOPED(pg) pg = NULL;
    SCOPED_BUF text = {0};
    int64_t differ = 0;
    if (!command_project(call, &p, err) || !project_package(p, &package, err) || !open_uploads(call, &pg, err) ||
        !totals_put(pg, package, command_arg(call, 0), command_flag(call, OPTION_JSON), &text, &differ, err) ||
        !cmd_print(&text, err))
        return false;
    return differ == 0 || err_set(err, ERR_TOTALS, "%" PRId64 " numbers of stores and headquarters differ", differ);
}
