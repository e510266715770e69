#include "forward/unit.h"

void unit_add_findings(struct forward_unit *u, struct arena *a, const struct finding *list, size_t n)
{
    if (n == 0)
        return;
    struct finding *all = arena_alloc(a, (u->n_findings + n) * sizeof *all);
    if (u->n_findings)
        memcpy(all, u->findings, u->n_findings * sizeof *all);
    memcpy(all + u->n_findings, list, n * sizeof *all);
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
