#include "cmd/checkup.h"
#include "base/suggest.h"
#include "cmd/check_engines.h"
#include "cmd/open.h"

#define KIND "check"

/* --- the journal --- */

static struct history_event event_of(const struct journal_event *e)
{
    return (struct history_event){
        .at_us = e->at_us, .who = e->who, .item = e->step, .event = e->event, .detail = e->detail};
}

static bool read_run(struct checkup *c, int64_t run, struct err *err)
{
    struct journal_event *events = NULL;
    size_t n = 0;
    if (!journal_events(c->journal, run, NULL, c->a, &events, &n, err))
        return false;
    struct history_event *all = arena_new_array(c->a, struct history_event, c->run.n_events + n + 1);
    if (c->run.n_events)
        memcpy(all, c->run.events, c->run.n_events * sizeof *all);
    for (size_t i = 0; i < n; i++)
        all[c->run.n_events++] = event_of(&events[i]);
    c->run.events = all;
    return true;
}

/* As a rule there is one run; two processes that were the first at the same time have begun one each. */
static bool read_events(struct checkup *c, struct err *err)
{
    struct journal_run *runs = NULL;
    size_t n = 0;
    if (!journal_runs(c->journal, KIND, c->a, &runs, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        c->journal_run = runs[i].id;
        if (!read_run(c, runs[i].id, err))
            return false;
    }
    return true;
}

bool checkup_note(struct checkup *c, const char *step, const char *event, const char *detail, struct err *err)
{
    return (c->journal_run || journal_begin(c->journal, KIND, &c->journal_run, err)) &&
           journal_add(c->journal, c->journal_run, step, event, detail, err);
}

/* As the journal has it: with its own time and account. */
static bool record(void *ctx, const char *item, const char *event, const char *detail, struct history_event *ret,
                   struct err *err)
{
    struct checkup *c = ctx;
    struct journal_event *events = NULL;
    size_t n = 0;
    if (!checkup_note(c, item, event, detail, err) ||
        !journal_events(c->journal, c->journal_run, item, c->a, &events, &n, err))
        return false;
    *ret = event_of(&events[n - 1]);
    return true;
}

/* --- connections --- */

static bool connect_side(void *ctx, bool source, struct pg **ret, struct err *err)
{
    struct checkup *c = ctx;
    struct pg **pg = source ? &c->source : &c->target;
    if (!*pg && !open_pg(c->project, source ? OPEN_SOURCE : OPEN_TARGET, pg, err))
        return false;
    *ret = *pg;
    return true;
}

static bool run_engine(void *ctx, struct item_call *x, struct err *err)
{
    return check_engine_run(ctx, x, err);
}

/* --- all of it --- */

/* Every setting of the project and of the package; passwords in them stay inside of the digest. */
static void digest_config(struct checkup *c)
{
    struct digest d;
    digest_init(&d);
    for (int s = 0; s < SETTING_COUNT; s++)
        digest_field(&d, str_of(project_text(c->project, (enum setting)s)));
    for (size_t i = 0; i < c->package->n_settings; i++)
        digest_field(&d, str_of(c->package->settings[i].value));
    digest_hex(&d, c->config);
}

bool checkup_open(struct checkup *c, struct project *p, struct arena *a, struct err *err)
{
    *c = (struct checkup){.project = p, .a = a};
    if (!project_package(p, &c->package, err) || !open_journal(p, &c->journal, err))
        return false;
    checklist_items(c->package, a, &c->items, &c->n_items);
    digest_config(c);
    c->run = (struct item_run){.ctx = c,
                               .a = a,
                               .package = c->package,
                               .config = c->config,
                               .timeout_ms = (int)project_number(p, SETTING_ANALYZE_TIMEOUT),
                               .connect = connect_side,
                               .engine = run_engine,
                               .record = record};
    return read_events(c, err);
}

void checkup_done(struct checkup *c)
{
    pg_free(c->source);
    pg_free(c->target);
    journal_free(c->journal);
    *c = (struct checkup){0};
}

bool checkup_item(const struct checkup *c, const char *id, const struct checklist_item **ret, struct err *err)
{
    const char **names = arena_new_array(c->a, const char *, c->n_items + 1);
    for (size_t i = 0; i < c->n_items; i++) {
        names[i] = c->items[i].id;
        *ret = &c->items[i];
        if (strcmp(names[i], id) == 0)
            return true;
    }
    const char *near = suggest_nearest(str_of(id), names, c->n_items);
    err_set(err, ERR_ITEM_UNKNOWN, "the checklist of %s has no item %s", c->package->name, id);
    return near ? err_hint(err, "Did you mean %s? `carryover check list` shows all.", near) : false;
}
