#include "cmd/proof.h"
#include "cmd/open.h"
#include "cmd/replication.h"
#include "lens/reads.h"

bool proof_opts(struct project *p, struct arena *a, struct verify_opts *ret, struct err *err)
{
    char *target = NULL;
    *ret = (struct verify_opts){0};
    verify_defaults(ret);
    ret->workers = replication_workers(p);
    if (!project_package(p, &ret->package, err) || !reads_find(ret->package, a, &ret->read_by_lenses, err) ||
        !replication_source(p, a, &ret->source, err) || !open_uri(p, OPEN_TARGET, a, &target, err))
        return false;
    ret->target_uri = target;
    ret->law_timeout_ms = (int)project_number(p, SETTING_LAW_TIMEOUT);
    ret->settle_timeout_ms = (int)project_number(p, SETTING_SETTLE);
    ret->evidence = (int)project_number(p, SETTING_EVIDENCE);
    return true;
}

static void put_summary(struct buf *b, const struct report *r, const char *path)
{
    int pass = 0, explained = 0, fail = 0, rest = 0;
    for (int s = 0; s < SECTION_COUNT; s++) {
        pass += report_count(r, (enum report_section)s, OUTCOME_PASS);
        explained += report_count(r, (enum report_section)s, OUTCOME_EXPLAINED);
        fail += report_count(r, (enum report_section)s, OUTCOME_FAIL);
        rest += report_count(r, (enum report_section)s, OUTCOME_IN_FLIGHT) +
                report_count(r, (enum report_section)s, OUTCOME_SKIPPED);
    }
    buf_printf(b, "%s: %d pass, %d explained, %d failed, %d not proven; %s", outcome_name(report_outcome(r)), pass,
               explained, fail, rest, path);
}

static bool prove(struct project *p, struct arena *a, const struct verify_opts *how, struct buf *detail,
                  struct err *err)
{
    struct verify_opts o;
    SCOPED(report) r = NULL;
    char *path = NULL;
    if (!proof_opts(p, a, &o, err))
        return false;
    o.since_last = how->since_last;
    o.keyless_copied = how->keyless_copied;
    o.at = how->at;
    if (!verify_run(&o, &r, err) || !verify_store(r, project_path(p, "reports"), a, &path, err))
        return false;
    put_summary(detail, r, path);
    if (report_count(r, SECTION_LENSES, OUTCOME_SKIPPED))
        return err_set(err, ERR_VERIFY_FAILED, "tables of version N are not loaded: %s", detail->p);
    if (report_outcome(r) == OUTCOME_FAIL)
        return err_set(err, ERR_VERIFY_FAILED, "%s", detail->p);
    if (report_outcome(r) != OUTCOME_IN_FLIGHT)
        return true;
    err_set(err, ERR_VERIFY_FAILED, "rows were on their way at the moment of the proof: %s", detail->p);
    return err_hint(
        err,
        "Run it again when less is written, or let the upgrade catch up for longer with the setting verify.settle.");
}

bool proof_full(struct project *p, struct arena *a, struct buf *detail, struct err *err)
{
    static const struct verify_opts how = {0};
    return prove(p, a, &how, detail, err);
}

bool proof_delta(struct project *p, struct arena *a, bool silent, const struct source_snapshot *at, struct buf *detail,
                 struct err *err)
{
    const struct verify_opts how = {.since_last = true, .keyless_copied = silent, .at = at};
    return prove(p, a, &how, detail, err);
}
