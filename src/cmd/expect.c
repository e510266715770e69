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

bool expect_load(struct pg *source, struct pg *target, struct forecast_load *ret, struct err *err)
{
    *ret = (struct forecast_load){.at_us = clock_wall_us()};
    return pg_value_i64(source, "select pg_database_size(current_database())", PG_NONE, &ret->bytes, err) &&
           pg_value_i64(target, "select coalesce(max(changes), 0) from carryover.replication", PG_NONE, &ret->counter,
                        err);
}

double expect_rate(const struct forecast_load *from, const struct forecast_load *to)
{
    int64_t us = to->at_us - from->at_us, changes = to->counter - from->counter;
    return us < LEAST_US || changes < 0 ? 0 : (double)changes * 1e6 / (double)us;
}

bool expect_forecast(const struct runbook *r, struct journal *j, struct pg *source, struct pg *target, struct arena *a,
                     struct forecast *ret, struct err *err)
{
    struct forecast_sample *samples = NULL;
    struct forecast_load now = {0};
    size_t n = 0;
    if (!forecast_samples(r, j, SIGNOFF_REHEARSAL, a, &samples, &n, err))
        return false;
    if (n && source && target && !expect_load(source, target, &now, err))
        return false;
    if (n && now.at_us)
        now.changes_s = expect_rate(&samples[0].load, &now);
    forecast_reckon(r, samples, n, &now, a, ret);
    return true;
}

bool expect_note(struct cutover *c, struct err *err)
{
    struct forecast f;
    return expect_forecast(&c->book, c->journal, source_pg(c->source), c->target, c->arena, &f, err) &&
           (f.n_samples == 0 || forecast_note(&f, &c->book, c->journal, c->run, err));
}

/* --- the command --- */

/* A plan can be made before anything runs: without the databases it is as rehearsed. */
static void open_quietly(struct project *p, enum open_side side, struct pg **ret)
{
    struct err ignored;
    if (!open_pg(p, side, ret, &ignored))
        *ret = NULL;
}

static bool forecast_now(struct cutover *c, struct forecast *ret, struct err *err)
{
    SCOPED(pg) source = NULL;
    SCOPED(pg) target = NULL;
    struct forecast_sample *samples = NULL;
    size_t n = 0;
    if (!forecast_samples(&c->book, c->journal, SIGNOFF_REHEARSAL, c->arena, &samples, &n, err))
        return false;
    if (n) {
        open_quietly(c->project, OPEN_SOURCE, &source);
        open_quietly(c->project, OPEN_TARGET, &target);
    }
    return expect_forecast(&c->book, c->journal, source, target, c->arena, ret, err);
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
