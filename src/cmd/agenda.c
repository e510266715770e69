#include "cmd/agenda.h"
#include "cmd/cutover_steps.h"
#include "cmd/task.h"

static const struct runbook_step steps[] = {
#define STEP(fn, name, phase, again, undo, growth, vital, title)                                                       \
    {name, title, phase, again, fn, undo, growth, vital, NULL, NULL, 0},
#include "tables/steps.def"
#undef STEP
};

static const struct runbook whole = {"cutover", steps, ARRAY_LEN(steps), task_perform, task_revert};

/* Where scripts change more than tables of lenses, only a copy of the target leads back. */
static bool wants_snapshot(const struct package *p, const char *setting)
{
    return strcmp(setting, "template") == 0 || (strcmp(setting, "auto") == 0 && p->scripts.classic);
}

/* What a project wants of the steps that not every cutover has. */
struct wishes {
    const char *snapshot;
    bool reverse;
};

static bool is_for(const struct package *p, const struct wishes *w, const struct runbook_step *s)
{
    if (s->action == cutover_reverse)
        return w->reverse;
    if (s->action == cutover_snapshot || s->action == cutover_drop_snapshot)
        return wants_snapshot(p, w->snapshot);
    if (s->action == cutover_pre_sync)
        return scripts_count(&p->scripts, SCRIPT_PRE_SYNC) > 0;
    if (s->action == cutover_post_sync)
        return scripts_count(&p->scripts, SCRIPT_POST_SYNC) > 0;
    return s->action != cutover_sync || p->scripts.classic;
}

/* The steps that this package needs; `more` (may be NULL) goes before the last proof. */
static struct runbook choose(const struct package *p, const struct wishes *w, const struct runbook_step *more,
                             struct arena *a)
{
    struct runbook r = whole;
    struct runbook_step *all = arena_new_array(a, struct runbook_step, whole.n + 1);
    r.n = 0;
    for (size_t i = 0; i < whole.n; i++) {
        if (more && steps[i].action == cutover_prove_rest)
            all[r.n++] = *more;
        if (is_for(p, w, &steps[i]))
            all[r.n++] = steps[i];
    }
    r.steps = all;
    return r;
}

static bool check_setting(const char *snapshot, struct err *err)
{
    static const char *const values[] = {"auto", "template", "off"};
    for (size_t i = 0; i < ARRAY_LEN(values); i++)
        if (strcmp(snapshot, values[i]) == 0)
            return true;
    return err_set(err, ERR_CONFIG, "cutover.snapshot is auto, template or off, not '%s'", snapshot);
}

bool agenda_read(struct project *p, const struct runbook_step *more, struct arena *a, struct runbook *ret,
                 struct err *err)
{
    const struct wishes w = {project_text(p, SETTING_SNAPSHOT), project_flag(p, SETTING_REVERSE)};
    const struct package *package = NULL;
    struct tasks of_package, of_project;
    const struct tasks *const lists[] = {&of_package, &of_project};
    if (!project_package(p, &package, err) || !check_setting(w.snapshot, err))
        return false;
    struct runbook base = choose(package, &w, more, a);
    return tasks_read(package->dir, arena_printf(a, "%s/runbook.yaml", package->name), ERR_PACKAGE, a, &of_package,
                      err) &&
           tasks_read(project_dir(p), "runbook.yaml", ERR_CONFIG, a, &of_project, err) &&
           agenda_make(&base, lists, ARRAY_LEN(lists), a, ret, err);
}

bool agenda_check_package(const struct package *p, struct arena *a, struct err *err)
{
    struct tasks tasks;
    struct runbook book;
    const struct tasks *const lists[] = {&tasks};
    const struct wishes any = {"auto", true};
    struct runbook base = choose(p, &any, NULL, a);
    return tasks_read(p->dir, "runbook.yaml", ERR_PACKAGE, a, &tasks, err) &&
           agenda_make(&base, lists, 1, a, &book, err);
}
