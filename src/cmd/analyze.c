#include "analyze/render.h"
#include "base/file.h"
#include "base/progress.h"
#include "cmd/analysis.h"
#include "cmd/analyze_fix.h"
#include "cmd/cmd.h"
#include "cmd/filing.h"

static bool write_own(const struct command_call *call, enum option o, const struct buf *text, struct err *err)
{
    const char *path = command_text(call, o);
    return !path || file_write(path, buf_str(text), err);
}

static bool store(struct command_call *call, struct project *p, const struct analysis *r, char **ret_path,
                  struct err *err)
{
    SCOPED_BUF json = {0}, html = {0}, csv = {0};
    struct arena *a = command_arena(call);
    render_json(&json, r);
    render_html(&html, r);
    render_csv(&csv, r);
    return filing_write(p, "analyze", r->started_us, buf_str(&json), buf_str(&html), a, ret_path, err) &&
           write_own(call, OPTION_HTML, &html, err) && write_own(call, OPTION_CSV, &csv, err);
}

static bool is_format(const struct command_call *call, const char *format)
{
    const char *wanted = command_text(call, OPTION_FORMAT);
    return wanted && strcmp(wanted, format) == 0;
}

static bool print(const struct command_call *call, const struct analysis *r, const char *path, struct err *err)
{
    SCOPED_BUF text = {0};
    progress_hide();
    if (command_flag(call, OPTION_JSON) || is_format(call, "json")) {
        render_json(&text, r);
    } else if (is_format(call, "csv")) {
        render_csv(&text, r);
    } else if (is_format(call, "html")) {
        render_html(&text, r);
    } else {
        render_text(&text, r, command_flag(call, OPTION_VERBOSE), stdout);
        buf_putc(&text, '\n');
        render_sizing_text(&text, r);
        buf_printf(&text, "\nreport    %s\n", path);
    }
    return cmd_print(&text, err);
}

static bool print_sizing(const struct command_call *call, const struct analysis *r, struct err *err)
{
    SCOPED_BUF text = {0};
    progress_hide();
    if (command_flag(call, OPTION_JSON)) {
        render_sizing_json(&text, r);
        buf_putc(&text, '\n');
    } else {
        render_sizing_text(&text, r);
    }
    return cmd_print(&text, err);
}

static bool run_all(struct command_call *call, struct project *p, struct err *err)
{
    struct analyze_opts o;
    struct analysis r;
    char *path = NULL;
    SCOPED(runs) runs = NULL;
    int64_t since = command_number(call, OPTION_SINCE, 0);
    if (!analysis_opts_source(call, p, &o, err) || !analysis_runs(p, &runs, err) ||
        !analyze_run(&o, command_arena(call), &r, err))
        return false;
    if (o.only_sizing)
        return print_sizing(call, &r, err);
    if (!runs_judge(runs, &r, since, command_arena(call), err) || !runs_store(runs, &r, err) ||
        !store(call, p, &r, &path, err) || !print(call, &r, path, err))
        return false;
    int blockers = analyze_count(&r, ANALYZE_BLOCKER);
    return blockers == 0 || err_set(err, ERR_FINDINGS, "%d blockers; the findings are in %s", blockers, path);
}

bool cmd_analyze(struct command_call *call, struct err *err)
{
    struct project *p = NULL;
    if (!command_project(call, &p, err))
        return false;
    return command_text(call, OPTION_FIX) || command_flag(call, OPTION_APPLY) ? analyze_fix(call, p, err)
                                                                              : run_all(call, p, err);
}

bool cmd_analyze_rules(struct command_call *call, struct err *err)
{
    struct project *p = NULL;
    struct analyze_opts o;
    SCOPED_BUF text = {0};
    if (!command_project(call, &p, err) || !analysis_opts(call, p, &o, err))
        return false;
    struct rules rules = rule_list(&o, command_arena(call));
    if (command_flag(call, OPTION_JSON))
        render_rules_json(&text, &rules);
    else
        render_rules_text(&text, &rules);
    return cmd_print(&text, err);
}
