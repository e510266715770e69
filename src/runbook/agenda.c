#include "runbook/agenda.h"
#include "base/map.h"
#include "base/suggest.h"
#include "base/vec.h"

/* Before it is sorted: who waits for whom, by number. */
struct node {
    struct runbook_step step;
    VEC(size_t) needs;
    size_t left; /* needs that are not placed yet */
    size_t place;
    bool placed;
};

struct drawing {
    struct node *nodes;
    size_t n, n_own;
    struct map *names; /* to node */
    struct arena *a;
};

static bool is_task(const struct node *n)
{
    return n->step.task != NULL;
}

static void wait_for(struct node *n, size_t other)
{
    *vec_push(&n->needs) = other;
}

/* --- names --- */

/* What the journal keeps of a run beside its steps. */
static bool is_reserved(const char *name)
{
    static const char *const names[] = {"subject", "freeze", "load",     "forecast",   "signoff",
                                        "signed",  "jobs",   "downtime", "rehearsals", "quiet"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static bool add(struct drawing *d, const struct runbook_step *s, struct err *err)
{
    if (s->task && is_reserved(s->name))
        return err_set(err, ERR_CONFIG, "%s: a step can not be called %s: the journal uses that name itself",
                       s->task->place, s->name);
    struct map_entry *slot = map_put(d->names, str_of(s->name));
    if (slot->value) {
        const struct node *other = slot->value;
        return err_set(err, ERR_CONFIG, "%s: the step %s is there already%s%s", s->task ? s->task->place : "runbook",
                       s->name, is_task(other) ? ", at " : ": carryover has one of that name",
                       is_task(other) ? other->step.task->place : "");
    }
    slot->value = &d->nodes[d->n];
    d->nodes[d->n++].step = *s;
    return true;
}

static bool refuse_name(struct drawing *d, const struct task *t, const char *name, struct err *err)
{
    const char **names = arena_new_array(d->a, const char *, d->n);
    for (size_t i = 0; i < d->n; i++)
        names[i] = d->nodes[i].step.name;
    const char *near = suggest_nearest(str_of(name), names, d->n);
    err_set(err, ERR_CONFIG, "%s: %s waits for a step that is not there: %s", t->place, t->name, name);
    return near ? err_hint(err, "did you mean %s?", near) : false;
}

static bool find(struct drawing *d, const struct task *t, const char *name, size_t *ret, struct err *err)
{
    const struct node *other = map_get(d->names, str_of(name));
    if (!other)
        return refuse_name(d, t, name, err);
    *ret = (size_t)(other - d->nodes);
    return true;
}

/* --- who waits for whom --- */

static bool link_names(struct drawing *d, size_t i, struct err *err)
{
    const struct task *t = d->nodes[i].step.task;
    size_t other = 0;
    for (size_t k = 0; k < t->n_after; k++) {
        if (!find(d, t, t->after[k], &other, err))
            return false;
        wait_for(&d->nodes[i], other);
    }
    for (size_t k = 0; k < t->n_before; k++) {
        if (!find(d, t, t->before[k], &other, err))
            return false;
        wait_for(&d->nodes[other], i);
    }
    return true;
}

/* The first or last step of carryover in a phase; n where it has none. */
static size_t own_step(const struct drawing *d, enum runbook_phase phase, bool last)
{
    size_t found = d->n;
    for (size_t i = 0; i < d->n_own; i++)
        if (d->nodes[i].step.phase == phase && (last || found == d->n))
            found = i;
    return found;
}

/* A phase begins when the one before it is over; the downtime begins and ends with steps of carryover. */
static void link_phases(struct drawing *d, size_t i)
{
    struct node *n = &d->nodes[i];
    const struct task *t = n->step.task;
    size_t first = own_step(d, PHASE_DOWNTIME, false), last = own_step(d, PHASE_DOWNTIME, true);
    if (first == d->n)
        return;
    if (n->step.phase == PHASE_BEFORE)
        wait_for(&d->nodes[first], i);
    else if (n->step.phase == PHASE_AFTER)
        wait_for(n, last);
    else if (t->n_after == 0)
        wait_for(n, first);
    if (n->step.phase == PHASE_DOWNTIME && t->n_before == 0)
        wait_for(&d->nodes[last], i);
}

static bool check_phases(const struct drawing *d, const struct node *n, struct err *err)
{
    for (size_t k = 0; k < n->needs.n; k++) {
        const struct node *other = &d->nodes[n->needs.p[k]];
        const struct task *t = is_task(n) ? n->step.task : other->step.task;
        if (t && other->step.phase > n->step.phase)
            return err_set(err, ERR_CONFIG, "%s: %s (phase %s) can not come after %s (phase %s)", t->place,
                           n->step.name, runbook_phase_name(n->step.phase), other->step.name,
                           runbook_phase_name(other->step.phase));
    }
    return true;
}

static bool link_all(struct drawing *d, struct err *err)
{
    for (size_t i = 1; i < d->n_own; i++)
        wait_for(&d->nodes[i], i - 1);
    for (size_t i = d->n_own; i < d->n; i++) {
        if (!link_names(d, i, err))
            return false;
        link_phases(d, i);
    }
    for (size_t i = 0; i < d->n; i++)
        if (!check_phases(d, &d->nodes[i], err))
            return false;
    return true;
}

/* --- one order --- */

static bool is_free(const struct drawing *d, const struct node *n)
{
    for (size_t k = 0; k < n->needs.n; k++)
        if (!d->nodes[n->needs.p[k]].placed)
            return false;
    return !n->placed;
}

/* The next to be placed: tasks first, because steps of carryover may wait for them; n when all wait for each other. */
static size_t next_free(const struct drawing *d)
{
    size_t best = d->n;
    for (size_t i = 0; i < d->n; i++) {
        const struct node *n = &d->nodes[i];
        if (!is_free(d, n))
            continue;
        if (best == d->n || n->step.phase < d->nodes[best].step.phase ||
            (n->step.phase == d->nodes[best].step.phase && is_task(n) && !is_task(&d->nodes[best])))
            best = i;
    }
    return best;
}

static bool refuse_circle(const struct drawing *d, struct err *err)
{
    SCOPED_BUF names = {0};
    const struct task *t = NULL;
    for (size_t i = 0; i < d->n; i++)
        if (is_task(&d->nodes[i]) && !d->nodes[i].placed) {
            buf_printf(&names, "%s%s", names.n ? ", " : "", d->nodes[i].step.name);
            t = d->nodes[i].step.task;
        }
    return err_set(err, ERR_CONFIG, "%s: steps wait for each other: %s", t ? t->place : "runbook", buf_text(&names));
}

static struct runbook_step finished(struct drawing *d, struct node *n)
{
    size_t *needs = arena_new_array(d->a, size_t, n->needs.n + 1);
    for (size_t k = 0; k < n->needs.n; k++)
        needs[k] = d->nodes[n->needs.p[k]].place;
    n->step.needs = needs;
    n->step.n_needs = n->needs.n;
    return n->step;
}

static bool sort(struct drawing *d, struct runbook_step *ret, struct err *err)
{
    for (size_t place = 0; place < d->n; place++) {
        size_t i = next_free(d);
        if (i == d->n)
            return refuse_circle(d, err);
        d->nodes[i].placed = true;
        d->nodes[i].place = place;
        ret[place] = finished(d, &d->nodes[i]);
    }
    return true;
}

/* --- all of it --- */

static bool add_all(struct drawing *d, const struct runbook *own, const struct tasks *const *lists, size_t n_lists,
                    struct err *err)
{
    for (size_t i = 0; i < own->n; i++)
        if (!add(d, &own->steps[i], err))
            return false;
    d->n_own = own->n;
    for (size_t l = 0; l < n_lists; l++)
        for (size_t i = 0; i < lists[l]->n; i++) {
            const struct task *t = &lists[l]->p[i];
            struct runbook_step s = {
                .name = t->name, .title = t->title, .phase = (enum runbook_phase)t->phase, .task = t};
            if (!add(d, &s, err))
                return false;
        }
    return true;
}

bool agenda_make(const struct runbook *own, const struct tasks *const *lists, size_t n_lists, struct arena *a,
                 struct runbook *ret, struct err *err)
{
    SCOPED(map) names = map_new();
    size_t n = own->n;
    for (size_t l = 0; l < n_lists; l++)
        n += lists[l]->n;
    struct drawing d = {.nodes = arena_new_array(a, struct node, n + 1), .names = names, .a = a};
    struct runbook_step *steps = arena_new_array(a, struct runbook_step, n + 1);
    bool ok = add_all(&d, own, lists, n_lists, err) && link_all(&d, err) && sort(&d, steps, err);
    for (size_t i = 0; i < d.n; i++)
        vec_done(&d.nodes[i].needs);
    *ret = *own;
    ret->steps = steps;
    ret->n = n;
    return ok;
}

/* --- times --- */

static int64_t begin_of(const struct runbook *r, size_t i, const struct agenda_time *times)
{
    size_t one, n = 0;
    const size_t *needs = runbook_needs(r, i, &one, &n);
    int64_t begin = 0;
    for (size_t k = 0; k < n; k++)
        if (r->steps[needs[k]].phase == r->steps[i].phase)
            begin = MAX(begin, times[needs[k]].end_us);
    for (size_t k = 0; k < i && !r->steps[i].task; k++)
        if (!r->steps[k].task && r->steps[k].phase == r->steps[i].phase)
            begin = MAX(begin, times[k].end_us);
    return begin;
}

/* Backwards from the end: whoever ends when a critical one begins, and is needed by it, is critical too. */
static void mark_critical(const struct runbook *r, enum runbook_phase phase, int64_t length, struct agenda_time *times)
{
    for (size_t i = r->n; i-- > 0;) {
        if (r->steps[i].phase != phase)
            continue;
        times[i].critical |= times[i].end_us == length;
        if (!times[i].critical)
            continue;
        size_t one, n = 0;
        const size_t *needs = runbook_needs(r, i, &one, &n);
        for (size_t k = 0; k < n; k++)
            if (r->steps[needs[k]].phase == phase && times[needs[k]].end_us == times[i].begin_us)
                times[needs[k]].critical = true;
    }
}

int64_t agenda_schedule(const struct runbook *r, enum runbook_phase phase, const int64_t *us, struct agenda_time *ret)
{
    int64_t length = 0;
    for (size_t i = 0; i < r->n; i++) {
        ret[i] = (struct agenda_time){0};
        if (r->steps[i].phase != phase)
            continue;
        ret[i].begin_us = begin_of(r, i, ret);
        ret[i].end_us = ret[i].begin_us + us[i];
        length = MAX(length, ret[i].end_us);
    }
    mark_critical(r, phase, length, ret);
    return length;
}
