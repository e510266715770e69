#include "verify/since.h"
#include "base/map.h"
#include "db/target.h"
#include "verify/lenses.h"
#include "verify/narrow.h"
#include "verify/replica.h"
#include "verify/touched.h"

#define REPLICA_TITLE "rows touched since the last proof, against the source"
#define LENS_TITLE "rows reloaded since the last proof, against their lens"

/* The touched rows of one twin. */
struct since {
    struct proof *proof;
    struct report_check *check;
    struct twin twin;
    const char *log;
    const char **key;
    const char *except;
    const struct work_hands *hands; /* of the worker, while it runs */
};

static bool compare_slice(void *ctx, const char *const *keys, size_t n_rows, struct err *err)
{
    struct since *s = ctx;
    struct narrow n = {.report = s->proof->report,
                       .check = s->check,
                       .twin = &s->twin,
                       .left = s->twin.left.at_source ? s->hands->source : s->hands->target,
                       .right = s->hands->target,
                       .most_rows = s->proof->opts->evidence};
    (void)n_rows;
    return narrow_keys(&n, keys, err);
}

static bool compare_touched(void *ctx, const struct work_hands *hands, struct err *err)
{
    struct since *s = ctx;
    s->hands = hands;
    s->check->expected_rows = s->check->found_rows = 0;
    if (!touched_each(hands->target, s->log, s->key, s->twin.n_key, s->proof->base.xids, s->except, compare_slice, s,
                      err))
        return false;
    proof_judge(s->check);
    return true;
}

static struct since *plan(struct proof *p, const struct twin *twin, const char *log, struct report_check *check)
{
    struct since *s = arena_new_one(p->arena, struct since);
    *s = (struct since){.proof = p, .check = check, .twin = *twin, .log = log};
    s->key = arena_new_array(p->arena, const char *, twin->n_key + 1);
    for (size_t i = 0; i < twin->n_key; i++)
        s->key[i] = twin->columns[twin->key[i]].name;
    work_add(&p->work, compare_touched, s, twin->rows, check);
    return s;
}

/* -- the replica -- */

static void plan_table(struct proof *p, const struct table *t, bool whole)
{
    if (replica_is_late(p, t))
        return;
    if (whole || t->mode == TABLE_CUTOVER) {
        replica_plan_table(p, t);
        return;
    }
    struct report_check *check = report_check(p->report, SECTION_REPLICA, t->label, REPLICA_TITLE);
    if (t->mode == TABLE_FULL) {
        check->outcome = OUTCOME_PASS;
        report_note(p->report, check, "no change since %s", p->base.id);
        return;
    }
    struct twin twin;
    twin_of_table(&twin, t, p->arena);
    plan(p, &twin, touched_log(p->arena, t->label), check);
}

static bool plan_replica(struct proof *p, struct err *err)
{
    SCOPED(map) whole = map_new();
    const char *schema = p->opts->source.also ? NULL : p->opts->source.home;
    replica_report_drift(p);
    if (!touched_whole(moment_target(p->moment, 0), schema, p->base.xids, p->arena, whole, err))
        return false;
    for (size_t i = 0; i < p->tables.n; i++) {
        const struct table *t = &p->tables.p[i];
        if (proof_wants(p, t->label))
            plan_table(p, t, map_get(whole, str_of(t->label)) != NULL);
    }
    return true;
}

/* -- version N -- */

static const char *why_whole(const struct proof *p, const struct lens_state *l, bool touched)
{
    if (!p->base.lenses_done)
        return "compared as a whole: the last proof did not have it";
    if (touched)
        return "compared as a whole: it was made anew since the last proof";
    return l->reloaded ? NULL : "compared as a whole: there is no log of reloaded rows";
}

static bool plan_lens(struct proof *p, const struct lens_state *l, bool touched, struct err *err)
{
    struct twin twin;
    struct pg *pg = moment_target(p->moment, 0);
    const char *why = why_whole(p, l, touched);
    if (why)
        return lenses_plan_one(p, l, why, err);
    struct report_check *check = report_check(p->report, SECTION_LENSES, l->name, LENS_TITLE);
    if (!lenses_twin(pg, l, p->arena, &twin, err) || !lenses_dirty(pg, l, &check->in_flight, err))
        return false;
    struct since *s = plan(p, &twin, l->reloaded, check);
    if (check->in_flight)
        s->except = lenses_except(p->arena, l);
    return true;
}

static bool plan_lenses(struct proof *p, struct err *err)
{
    struct lens_states up;
    SCOPED(map) whole = map_new();
    const struct package_files *files = &p->opts->package->up;
    struct pg *pg = moment_target(p->moment, 0);
    if (!lenses_read(pg, "up", p->arena, &up, err) ||
        !touched_whole(pg, TARGET_NEW, p->base.xids, p->arena, whole, err))
        return false;
    for (size_t i = 0; i < files->n; i++) {
        const char *name = files->p[i].name;
        const struct lens_state *l = lenses_find(&up, name);
        if (!proof_wants(p, name) || lenses_is_out(p, name, l))
            continue;
        if (!plan_lens(p, l, map_get(whole, str_of(name)) != NULL, err))
            return err_wrap(err, "planning the proof of %s", name);
    }
    return true;
}

static void remark(struct proof *p)
{
    const struct proof_base *base = &p->base;
    report_remark(
        p->report,
        "Compared are the rows that were touched since the proof %s. All other rows, and so the number of rows "
        "of each table, are as they were proven then.",
        base->id);
    if (*base->laws_id)
        report_remark(p->report, "Laws were not run again: they held in the proof %s of %s.", base->laws_id,
                      base->laws_at);
    else
        report_remark(p->report, "Laws were not run, and no proof so far has shown that they hold.");
    report_remark(p->report, "Round trips were not taken again.");
}

bool since_plan(struct proof *p, struct err *err)
{
    if (!moment_is_live(p->moment))
        return err_set(err, ERR_NOT_FOLLOWING,
                       "a proof of what changed needs replication to run: it notes what changes");
    remark(p);
    return plan_replica(p, err) && plan_lenses(p, err);
}
