#include "cmd/agenda.h"
#include "cmd/cutover_steps.h"
#include "cmd/task.h"

static const struct runbook_step steps[] = {
#define STEP(fn, name, phase, again, undo, growth, vital, title)                                                       \
    {name, title, phase, again, fn, undo, growth, vital, NULL, NULL, 0},
#include "tables/steps.def"
#undef STEP
};

static const struct runbook own = {"cutover", steps, ARRAY_LEN(steps), task_perform, task_revert};

static struct runbook with_one_more(const struct runbook_step *more, struct arena *a)
{
    struct runbook r = own;
    struct runbook_step *all = arena_new_array(a, struct runbook_step, own.n + 1);
    r.n = 0;
    for (size_t i = 0; i < own.n; i++) {
        if (steps[i].phase == PHASE_DOWNTIME && steps[i - 1].phase == PHASE_BEFORE)
            all[r.n++] = *more;
        all[r.n++] = steps[i];
    }
    r.steps = all;
    return r;
}

bool agenda_read(struct project *p, const struct runbook_step *more, struct arena *a, struct runbook *ret,
                 struct err *err)
{
    const struct package *package = NULL;
    struct tasks of_package, of_project;
    const struct tasks *const lists[] = {&of_package, &of_project};
    struct runbook base = more ? with_one_more(more, a) : own;
    return project_package(p, &package, err) &&
           tasks_read(package->dir, arena_printf(a, "%s/runbook.yaml", package->name), ERR_PACKAGE, a, &of_package,
                      err) &&
           tasks_read(project_dir(p), "runbook.yaml", ERR_CONFIG, a, &of_project, err) &&
           agenda_make(&base, lists, ARRAY_LEN(lists), a, ret, err);
}

bool agenda_check_package(const struct package *p, struct arena *a, struct err *err)
{
    struct tasks tasks;
    struct runbook book;
    const struct tasks *const lists[] = {&tasks};
    return tasks_read(p->dir, "runbook.yaml", ERR_PACKAGE, a, &tasks, err) &&
           agenda_make(&own, lists, 1, a, &book, err);
}
