#include "cmd/expect.h"
#include "base/clock.h"
#include "base/file.h"
#include "cmd/agenda.h"
#include "cmd/cmd.h"
#include "cmd/cutover_session.h"
#include "cmd/open.h"
#include "cmd/signoff.h"
#include "runbook/chart.h"

#define LEAST_US 5000000 /* between two looks, to tell a rate */

bool expect_load(struct pg *source, struct forecast_load *ret, struct err *err)
{
    SCOPED_RESULT r = NULL;
    const char *sql = "select pg_database_size(current_database()), tup_inserted + tup_updated + tup_deleted"
                      " from pg_stat_database where datname = current_database()";
    if (!pg_query(source, sql, PG_NONE, &r, err))
        return err_wrap(err, "looking at how much the source works");
    *ret = (struct forecast_load){.at_us = clock_wall_us(), .bytes = pg_i64(r, 0, 0), .counter = pg_i64(r, 0, 1)};
    return true;
}

double expect_rate(const struct forecast_load *from, const struct forecast_load *to)
{
    int64_t us = to->at_us - from->at_us, changes = to->counter - from->counter;
    return us < LEAST_US || changes < 0 ? 0 : (double)changes * 1e6 / (double)us;
}

bool expect_forecast(const struct runbook *r, struct journal *j, struct pg *source, struct arena *a,
                     struct forecast *ret, struct err *err)
{
    struct forecast_sample *samples = NULL;
    struct forecast_load now = {0};
    size_t n = 0;
    if (!forecast_samples(r, j, SIGNOFF_REHEARSAL, a, &samples, &n, err))
        return false;
    if (n && source && !expect_load(source, &now, err))
        return false;
    if (n && now.at_us)
        now.changes_s = expect_rate(&samples[0].load, &now);
    forecast_reckon(r, samples, n, &now, a, ret);
    return true;
}

bool expect_note(struct cutover *c, struct err *err)
{
    struct forecast f;
    return expect_forecast(&c->book, c->journal, source_pg(c->source), c->arena, &f, err) &&
           (f.n_samples == 0 || forecast_note(&f, &c->book, c->journal, c->run, err));
}

/* --- the command --- */

/* A plan can be made before anything runs: without the source it is as rehearsed. */
static bool forecast_now(struct cutover *c, struct forecast *ret, struct err *err)
{
    SCOPED(pg) source = NULL;
    struct err ignored;
    bool ended = false;
    int64_t run = 0;
    if (!journal_last_run(c->journal, SIGNOFF_REHEARSAL, &run, &ended, err))
        return false;
    if (run && !open_pg(c->project, OPEN_SOURCE, &source, &ignored))
        source = NULL;
    return expect_forecast(&c->book, c->journal, source, c->arena, ret, err);
}

static bool print_plan(struct command_call *call, struct cutover *c, struct err *err)
{
    struct forecast f;
    SCOPED_BUF html = {0}, text = {0};
    const char *own = command_text(call, OPTION_HTML), *path = project_path(c->project, "reports/plan.html");
    if (!forecast_now(c, &f, err))
        return false;
    chart_put_html(&html, &c->book, &f, arena_printf(c->arena, "carryover: plan of the %s", c->book.kind));
    if (!file_make_dirs(project_path(c->project, "reports"), err) || !file_write(path, buf_str(&html), err) ||
        (own && !file_write(own, buf_str(&html), err)))
        return false;
    if (command_flag(call, OPTION_JSON)) {
        chart_put_json(&text, &c->book, &f);
    } else {
        chart_put_text(&text, &c->book, &f);
        buf_printf(&text, "  chart     %s\n", path);
    }
    return cmd_print(&text, err);
}

bool cmd_cutover_plan(struct command_call *call, struct err *err)
{
    struct cutover c;
    bool ok = cutover_session_begin(call, "cutover plan", CUTOVER_LOOK, &c, err) && print_plan(call, &c, err);
    cutover_session_end(&c);
    return ok;
}
