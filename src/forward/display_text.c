#include "forward/display.h"

enum { RULES_MAX = 25, SPOTS_MAX = 10, UNKNOWN_MAX = 15 };

const char *display_outcome(enum finding_outcome o)
{
    static const char *const names[] = {"fixed", "todo", "reported"};
    return names[o];
}

const char *display_kind(enum symbol_kind k)
{
    return k < SYMBOL_KINDS ? symbol_kind_name(k) : "unknown element";
}

static void put_kinds(const struct display *r, struct buf *b)
{
    buf_printf(b, "%-24s %9s %9s %9s %10s %8s %8s %9s %8s\n", "element", "count", "carried", "methods", "lines",
               "fixed", "todo", "reported", "hours");
    for (size_t i = 0; i <= SYMBOL_KINDS; i++) {
        const struct tally_kind *k = &r->tally->kinds[i];
        if (k->elements)
            buf_printf(b, "%-24s %9lu %9lu %9lu %10lu %8lu %8lu %9lu %8.1f\n", display_kind(k->kind), k->elements,
                       k->carried, k->methods, k->lines, k->count.fixed, k->count.todo, k->count.reported,
                       k->count.hours);
    }
    const struct tally *t = r->tally;
    buf_printf(b, "%-24s %9lu %9lu %9lu %10lu %8lu %8lu %9lu %8.1f\n\n", "all", t->elements, t->carried, t->methods,
               t->lines, t->count.fixed, t->count.todo, t->count.reported, t->count.hours);
}

static void put_rules(const struct display *r, struct buf *b)
{
    if (r->tally->n_rules)
        buf_printf(b, "%-10s %-8s %8s %8s %9s %9s %8s  %s\n", "rule", "severity", "fixed", "todo", "reported",
                   "elements", "hours", "what");
    for (size_t i = 0; i < r->tally->n_rules && i < RULES_MAX; i++) {
        const struct tally_rule *x = &r->tally->rules[i];
        buf_printf(b, "%-10s %-8s %8lu %8lu %9lu %9lu %8.1f  %s\n", x->rule->id, rule_severity_name(x->rule->severity),
                   x->count.fixed, x->count.todo, x->count.reported, x->elements, x->count.hours, x->rule->title);
    }
    if (r->tally->n_rules > RULES_MAX)
        buf_printf(b, "... and %zu more rules in the report\n", r->tally->n_rules - RULES_MAX);
    if (r->tally->n_rules)
        buf_putc(b, '\n');
}

static void put_spots(const struct display *r, struct buf *b)
{
    if (r->tally->n_spots)
        buf_puts(b, "most work in\n");
    for (size_t i = 0; i < r->tally->n_spots && i < SPOTS_MAX; i++) {
        const struct tally_spot *x = &r->tally->spots[i];
        buf_printf(b, "  %-24s %-40.*s %6lu todo %6lu reported %8.1f hours  %s:%u\n", display_kind(x->unit->kind),
                   STR_ARG(x->unit->name), x->count.todo, x->count.reported, x->count.hours, x->unit->input->path,
                   x->unit->line);
    }
    if (r->tally->n_spots)
        buf_putc(b, '\n');
}

static void put_unknown(const struct display *r, struct buf *b)
{
    if (r->n_unknown)
        buf_printf(b, "names that nobody has: %zu; the most used\n", r->n_unknown);
    for (size_t i = 0; i < r->n_unknown && i < UNKNOWN_MAX; i++) {
        const struct usage_unknown *x = r->unknown[i];
        const struct forward_unit *u = &r->result->units[x->places[0].unit];
        buf_printf(b, "  %-18s %.*s%s%.*s  %lu times, first in %s:%u\n", reference_kind_name(x->kind), STR_ARG(x->name),
                   x->member.n ? "." : "", STR_ARG(x->member), x->count, u->input->path, x->places[0].line);
    }
    if (r->n_unknown)
        buf_putc(b, '\n');
}

static void put_models(const struct display *r, struct buf *b)
{
    if (r->result->n_models > 1)
        buf_puts(b, "models, in the order to compile them\n");
    for (unsigned step = 1; r->result->n_models > 1 && step <= r->result->n_models; step++)
        for (size_t i = 0; i < r->result->n_models; i++) {
            const struct forward_model *m = &r->result->models[i];
            if (m->step != step)
                continue;
            buf_printf(b, "  %u  %-30s %6zu elements%s", step, m->name, m->elements, m->needs[0] ? ", needs" : "");
            for (size_t n = 0; m->needs[n]; n++)
                buf_printf(b, " %s (%lu)", m->needs[n], m->uses[n]);
            buf_puts(b, m->circular ? "; in a ring: D365 does not take it so\n" : "\n");
        }
    if (r->result->n_models > 1)
        buf_putc(b, '\n');
}

static void put_end(const struct display *r, struct buf *b)
{
    const struct tally *t = r->tally;
    buf_printf(b,
               "%lu elements from %zu files, %lu carried over; %lu places mended, %lu with a TODO, %lu only reported\n",
               t->elements, r->result->n_files, t->carried, t->count.fixed, t->count.todo, t->count.reported);
    if (r->result->n_files_empty)
        buf_printf(b, "%zu files have no element\n", r->result->n_files_empty);
    buf_printf(b, "about %.0f hours are left to people; %s\n", t->count.hours, DISPLAY_ASSUMPTIONS);
    if (r->out)
        buf_printf(b, "%lu files in %s, report in %s/xpp-report.html\n", t->files, r->out, r->out);
}

void display_text(const struct display *r, struct buf *b)
{
    put_kinds(r, b);
    put_rules(r, b);
    put_spots(r, b);
    put_unknown(r, b);
    put_models(r, b);
    put_end(r, b);
}

static int compare_places(const void *x, const void *y)
{
    const struct finding *a = *(const struct finding *const *)x, *b = *(const struct finding *const *)y;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    if (a->column != b->column)
        return a->column < b->column ? -1 : 1;
    return a < b ? -1 : 1;
}

static enum rule_severity severity_of(const struct display *r, const struct finding *f)
{
    const struct rule *rule = rulebook_find(r->book, f->rule);
    return rule ? rule->severity : RULE_WARNING;
}

static void put_line(const struct display *r, const struct forward_unit *u, const struct finding *f, struct buf *b)
{
    const struct rule *rule = rulebook_find(r->book, f->rule);
    buf_printf(b, "%s:%u:%u: %s: %s: %s%s%.*s", u->input->path, f->line, f->column ? f->column : 1,
               rule_severity_name(severity_of(r, f)), f->rule, rule ? rule->title : "", f->detail.n ? ": " : "",
               STR_ARG(f->detail));
    if (f->where.n)
        buf_printf(b, " (%.*s)", STR_ARG(f->where));
    buf_putc(b, '\n');
}

void display_lines(const struct display *r, struct buf *b)
{
    SCOPED(arena) a = arena_new();
    for (size_t i = 0; i < r->result->n_units; i++) {
        const struct forward_unit *u = &r->result->units[i];
        const struct finding **list = arena_alloc(a, (u->n_findings + 1) * sizeof *list);
        size_t shown = 0;
        for (size_t n = 0; n < u->n_findings; n++)
            if (severity_of(r, &u->findings[n]) <= r->least)
                list[shown++] = &u->findings[n];
        if (shown)
            qsort(list, shown, sizeof *list, compare_places);
        for (size_t n = 0; n < shown; n++)
            put_line(r, u, list[n], b);
        arena_reset(a);
    }
}
