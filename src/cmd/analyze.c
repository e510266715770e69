#include "analyze/render.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/progress.h"
#include "cmd/cmd.h"
#include "cmd/open.h"
#include "cmd/replication.h"
#include "lens/reads.h"
#include <time.h>

static bool read_options(struct command_call *call, struct project *p, struct analyze_opts *o, struct err *err)
{
    char *uri = NULL;
    *o = (struct analyze_opts){.rule = command_text(call, OPTION_RULE),
                               .workers = replication_workers(p),
                               .timeout_ms = (int)project_number(p, SETTING_ANALYZE_TIMEOUT),
                               .most_rows = 20};
    if (!project_package(p, &o->package, err) ||
        !reads_find(o->package, command_arena(call), &o->read_by_lenses, err) ||
        !open_uri(p, OPEN_SOURCE, command_arena(call), &uri, err))
        return false;
    o->uri = uri;
    return true;
}

/* "analyze-20260301T221405Z": sorts by time. */
static char *report_path(struct project *p, const struct analysis *r, const char *suffix, struct arena *a)
{
    char stamp[32];
    struct tm t;
    time_t s = (time_t)(r->started_us / 1000000);
    gmtime_r(&s, &t);
    strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", &t);
    return arena_printf(a, "%s/analyze-%s.%s", project_path(p, "reports"), stamp, suffix);
}

static bool store(struct command_call *call, struct project *p, const struct analysis *r, char **ret_path,
                  struct err *err)
{
    SCOPED_BUF json = {0}, html = {0};
    const char *own = command_text(call, OPTION_HTML);
    struct arena *a = command_arena(call);
    render_json(&json, r);
    render_html(&html, r);
    *ret_path = report_path(p, r, "html", a);
    return file_make_dirs(project_path(p, "reports"), err) &&
           file_write(report_path(p, r, "json", a), buf_str(&json), err) &&
           file_write(*ret_path, buf_str(&html), err) && (!own || file_write(own, buf_str(&html), err));
}

static bool print(const struct command_call *call, const struct analysis *r, const char *path, struct err *err)
{
    SCOPED_BUF text = {0};
    progress_hide();
    if (command_flag(call, OPTION_JSON)) {
        render_json(&text, r);
    } else {
        render_text(&text, r, command_flag(call, OPTION_VERBOSE), stdout);
        buf_printf(&text, "\nreport    %s\n", path);
    }
    return cmd_print(&text, err);
}

bool cmd_analyze(struct command_call *call, struct err *err)
{
    struct project *p = NULL;
    struct analyze_opts o;
    struct analysis r;
    char *path = NULL;
    if (!command_project(call, &p, err) || !read_options(call, p, &o, err) ||
        !analyze_run(&o, command_arena(call), &r, err) || !store(call, p, &r, &path, err) ||
        !print(call, &r, path, err))
        return false;
    int blockers = analyze_count(&r, ANALYZE_BLOCKER);
    return blockers == 0 || err_set(err, ERR_FINDINGS, "%d blockers; the findings are in %s", blockers, path);
}
