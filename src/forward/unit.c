#include "forward/unit.h"

/* Work on a method is done in one go: the hours of a rule count once for it. */
static bool is_again(const struct finding *all, size_t i)
{
    const struct finding *f = &all[i];
    if (f->where.n == 0 || f->outcome == FINDING_FIXED)
        return false;
    while (i-- > 0 && str_eq(all[i].where, f->where))
        if (all[i].outcome != FINDING_FIXED && strcmp(all[i].rule, f->rule) == 0)
            return true;
    return false;
}

void unit_add_findings(struct forward_unit *u, struct arena *a, const struct finding *list, size_t n)
{
    if (n == 0)
        return;
    struct finding *all = arena_alloc(a, (u->n_findings + n) * sizeof *all);
    if (u->n_findings)
        memcpy(all, u->findings, u->n_findings * sizeof *all);
    memcpy(all + u->n_findings, list, n * sizeof *all);
    for (size_t i = u->n_findings; i < u->n_findings + n; i++)
        all[i].again = is_again(all, i);
    u->findings = all;
    u->n_findings += n;
}

void unit_tell(struct forward_unit *u, struct arena *a, const char *rule, enum finding_outcome outcome,
               const char *detail)
{
    struct finding f = {.rule = rule, .outcome = outcome, .where = STR(""), .line = u->line};
    f.detail = str_of(arena_dup(a, detail));
    unit_add_findings(u, a, &f, 1);
}
