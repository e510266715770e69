#include "cmd/analysis.h"
#include "analyze/sizing.h"
#include "cmd/open.h"
#include "cmd/replication.h"
#include "lens/probe.h"
#include "lens/reads.h"
#include "store/declared.h"

#define EVIDENCE_ROWS 20

bool analysis_capacities(struct analyze_opts *o, struct arena *a, struct err *err)
{
    struct fit_lenses *up = arena_new_one(a, struct fit_lenses), *down = arena_new_one(a, struct fit_lenses);
    struct fit_lenses *stores = arena_new_one(a, struct fit_lenses);
    if (!probe_up(o->package, a, up, err) || !probe_down(o->package, up, a, down, err))
        return false;
    o->version_n = up;
    o->way_back = down->n ? down : NULL;
    if (o->package->channel.n == 0 || !package_find(&o->package->store, "channel"))
        return true;
    o->stores = stores;
    return probe_channel(o->package, a, stores, err) && declared_columns(o->package, a, stores, err);
}

static bool fill(struct project *p, const char *rule, struct arena *a, struct analyze_opts *ret, struct err *err)
{
    *ret = (struct analyze_opts){.rule = rule,
                                 .workers = replication_workers(p),
                                 .gateway_workers = (int)(project_number(p, SETTING_N1_WORKERS) + 1 +
                                                          3 * project_number(p, SETTING_N1_PASSWORD_AT_ONCE)),
                                 .timeout_ms = (int)project_number(p, SETTING_ANALYZE_TIMEOUT),
                                 .copy_rate = project_number(p, SETTING_ANALYZE_COPY_RATE),
                                 .most_rows = EVIDENCE_ROWS};
    return project_package(p, &ret->package, err) && reads_find(ret->package, a, &ret->read_by_lenses, err) &&
           analysis_capacities(ret, a, err);
}

bool analysis_opts(struct command_call *call, struct project *p, struct analyze_opts *ret, struct err *err)
{
    bool ok = fill(p, command_text(call, OPTION_RULE), command_arena(call), ret, err);
    ret->only_sizing = command_flag(call, OPTION_SIZING);
    return ok;
}

bool analysis_opts_source(struct command_call *call, struct project *p, struct analyze_opts *ret, struct err *err)
{
    char *uri = NULL;
    if (!analysis_opts(call, p, ret, err) || !open_uri(p, OPEN_SOURCE, command_arena(call), &uri, err))
        return false;
    ret->uri = uri;
    return true;
}

bool analysis_run(struct project *p, const char *rule, struct arena *a, struct analysis *ret, struct err *err)
{
    struct analyze_opts o;
    char *uri = NULL;
    SCOPED(runs) runs = NULL;
    if (!fill(p, rule, a, &o, err) || !open_uri(p, OPEN_SOURCE, a, &uri, err) || !analysis_runs(p, &runs, err))
        return false;
    o.uri = uri;
    return analyze_run(&o, a, ret, err) && runs_judge(runs, ret, 0, a, err);
}

bool analysis_runs(struct project *p, struct runs **ret, struct err *err)
{
    return runs_open(project_path(p, "analysis.db"), ret, err);
}
