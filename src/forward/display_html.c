#include "base/html.h"
#include "forward/display.h"

enum { BARS_MAX = 20, SPOTS_MAX = 50, UNKNOWN_MAX = 100, FINDINGS_MAX = 5000 };

static const char *number(struct arena *a, uint64_t n)
{
    return arena_printf(a, "%lu", n);
}

static void figure(struct buf *b, struct arena *a, enum html_tone tone, uint64_t n, const char *what)
{
    html_figure(b, tone, number(a, n), what);
}

static void put_head(const struct display *r, struct arena *a, struct buf *b)
{
    const struct tally *t = r->tally;
    html_heading(b, 1,
                 r->check ? "X++ as it is"
                 : r->out ? "X++ brought forward"
                          : "X++ to bring forward: an estimate");
    html_figures_begin(b);
    figure(b, a, HTML_PLAIN, t->elements, "elements");
    figure(b, a, HTML_PLAIN, t->methods, "methods");
    figure(b, a, HTML_PLAIN, t->lines, "lines of X++");
    figure(b, a, HTML_GOOD, t->count.fixed, "places mended");
    figure(b, a, t->count.todo ? HTML_WARN : HTML_GOOD, t->count.todo, "places with a TODO");
    figure(b, a, HTML_MUTED, t->count.reported, "only reported");
    html_figure(b, HTML_BAD, arena_printf(a, "%.0f", t->count.hours), "hours left to people");
    html_figures_end(b);
    html_paragraph(b, HTML_MUTED, DISPLAY_ASSUMPTIONS);
}

static enum html_tone tone_of(enum rule_severity s)
{
    return s == RULE_ERROR ? HTML_BAD : s == RULE_WARNING ? HTML_WARN : HTML_MUTED;
}

static void put_severities(const struct display *r, struct arena *a, struct buf *b)
{
    struct html_bar bars[RULE_INFO + 1];
    for (unsigned s = RULE_ERROR; s <= RULE_INFO; s++) {
        const struct tally_count *c = &r->tally->by_severity[s];
        uint64_t n = c->fixed + c->todo + c->reported;
        bars[s] = (struct html_bar){rule_severity_name(s), arena_printf(a, "%lu places, %.0f hours", n, c->hours),
                                    (double)n, tone_of(s)};
    }
    html_heading(b, 2, "By severity");
    html_bars(b, bars, RULE_INFO + 1);
}

static void put_kind_bars(const struct display *r, struct arena *a, struct buf *b)
{
    struct html_bar bars[SYMBOL_KINDS + 1];
    size_t n = 0;
    for (size_t i = 0; i <= SYMBOL_KINDS; i++) {
        const struct tally_kind *k = &r->tally->kinds[i];
        if (k->elements)
            bars[n++] = (struct html_bar){display_kind(k->kind), number(a, k->elements), (double)k->elements,
                                          k->carried == k->elements ? HTML_GOOD : HTML_WARN};
    }
    html_bars(b, bars, n);
}

static void put_kinds(const struct display *r, struct arena *a, struct buf *b)
{
    html_heading(b, 2, "By kind of element");
    put_kind_bars(r, a, b);
    html_table_begin(b, "element|>count|>carried over|>methods|>lines|>mended|>TODO|>reported|>hours");
    for (size_t i = 0; i <= SYMBOL_KINDS; i++) {
        const struct tally_kind *k = &r->tally->kinds[i];
        const uint64_t cells[] = {k->elements,    k->carried,    k->methods,       k->lines,
                                  k->count.fixed, k->count.todo, k->count.reported};
        if (!k->elements)
            continue;
        html_row_begin(b);
        html_cell(b, display_kind(k->kind));
        for (size_t c = 0; c < sizeof cells / sizeof *cells; c++)
            html_cell_right(b, number(a, cells[c]));
        html_cell_right(b, arena_printf(a, "%.1f", k->count.hours));
        html_row_end(b);
    }
    html_table_end(b);
}

static void put_rule_bars(const struct display *r, struct arena *a, struct buf *b)
{
    struct html_bar bars[BARS_MAX];
    size_t n = 0;
    for (; n < r->tally->n_rules && n < BARS_MAX; n++) {
        const struct tally_rule *x = &r->tally->rules[n];
        bars[n] = (struct html_bar){arena_printf(a, "%s %s", x->rule->id, x->rule->title),
                                    arena_printf(a, "%.1f hours", x->count.hours), x->count.hours,
                                    tone_of(x->rule->severity)};
    }
    html_bars(b, bars, n);
}

static void put_rules(const struct display *r, struct arena *a, struct buf *b)
{
    html_heading(b, 2, "By rule");
    put_rule_bars(r, a, b);
    html_table_begin(b, "rule|severity|what|advice|>mended|>TODO|>reported|>elements|>hours");
    for (size_t i = 0; i < r->tally->n_rules; i++) {
        const struct tally_rule *x = &r->tally->rules[i];
        html_row_begin(b);
        html_cell(b, x->rule->id);
        html_cell_badge(b, tone_of(x->rule->severity), rule_severity_name(x->rule->severity));
        html_cell(b, x->rule->title);
        html_cell(b, x->rule->advice);
        html_cell_right(b, number(a, x->count.fixed));
        html_cell_right(b, number(a, x->count.todo));
        html_cell_right(b, number(a, x->count.reported));
        html_cell_right(b, number(a, x->elements));
        html_cell_right(b, arena_printf(a, "%.1f", x->count.hours));
        html_row_end(b);
    }
    html_table_end(b);
}

static void put_spots(const struct display *r, struct arena *a, struct buf *b)
{
    html_heading(b, 2, "Where most work is");
    html_table_begin(b, "element|kind|file|>line|>TODO|>reported|>hours");
    for (size_t i = 0; i < r->tally->n_spots && i < SPOTS_MAX; i++) {
        const struct tally_spot *x = &r->tally->spots[i];
        html_row_begin(b);
        html_cell(b, arena_dup_str(a, x->unit->name));
        html_cell(b, display_kind(x->unit->kind));
        html_cell(b, x->unit->input->path);
        html_cell_right(b, number(a, x->unit->line));
        html_cell_right(b, number(a, x->count.todo));
        html_cell_right(b, number(a, x->count.reported));
        html_cell_right(b, arena_printf(a, "%.1f", x->count.hours));
        html_row_end(b);
    }
    html_table_end(b);
}

static void put_unknown(const struct display *r, struct arena *a, struct buf *b)
{
    if (!r->n_unknown)
        return;
    html_heading(b, 2, "Names that nobody has");
    html_paragraph(
        b, HTML_MUTED,
        "Neither the inputs, nor the baseline, nor the lists of the package have these. A baseline of the standard "
        "product makes this list short.");
    html_table_begin(b, "kind|name|>times|first in");
    for (size_t i = 0; i < r->n_unknown && i < UNKNOWN_MAX; i++) {
        const struct usage_unknown *x = r->unknown[i];
        html_row_begin(b);
        html_cell(b, reference_kind_name(x->kind));
        html_cell(b, arena_printf(a, "%.*s%s%.*s", STR_ARG(x->name), x->member.n ? "." : "", STR_ARG(x->member)));
        html_cell_right(b, number(a, x->count));
        html_cell(b, arena_printf(a, "%s:%u", r->result->units[x->places[0].unit].input->path, x->places[0].line));
        html_row_end(b);
    }
    html_table_end(b);
}

static void put_models(const struct display *r, struct arena *a, struct buf *b)
{
    if (r->result->n_models < 2)
        return;
    html_heading(b, 2, "Models, in the order to compile them");
    html_table_begin(b, ">step|model|>elements|needs");
    for (unsigned step = 1; step <= r->result->n_models; step++)
        for (size_t i = 0; i < r->result->n_models; i++) {
            const struct forward_model *m = &r->result->models[i];
            SCOPED_BUF needs = {0};
            if (m->step != step)
                continue;
            for (size_t n = 0; m->needs[n]; n++)
                buf_printf(&needs, "%s%s (%lu)", n ? ", " : "", m->needs[n], m->uses[n]);
            html_row_begin(b);
            html_cell_right(b, number(a, step));
            html_cell(b, m->name);
            html_cell_right(b, number(a, m->elements));
            html_cell(b, arena_printf(a, "%s%s", buf_text(&needs),
                                      m->circular ? "; in a ring: D365 does not take it so" : ""));
            html_row_end(b);
        }
    html_table_end(b);
}

static void put_finding(const struct display *r, const struct forward_unit *u, const struct finding *f, struct arena *a,
                        struct buf *b)
{
    const struct rule *rule = rulebook_find(r->book, f->rule);
    enum html_tone tone = f->outcome == FINDING_FIXED ? HTML_GOOD : f->outcome == FINDING_TODO ? HTML_WARN : HTML_MUTED;
    html_row_begin(b);
    html_cell(b, f->rule);
    html_cell_badge(b, tone, display_outcome(f->outcome));
    html_cell(b, arena_printf(a, "%.*s %.*s", STR_ARG(u->name), STR_ARG(f->where)));
    html_cell(b, arena_printf(a, "%s:%u", u->input->path, f->line));
    html_cell(b, arena_printf(a, "%s%s%.*s", rule ? rule->title : "", f->detail.n ? ": " : "", STR_ARG(f->detail)));
    html_row_end(b);
}

static uint64_t count_of(const struct display *r, const char *rule)
{
    for (size_t i = 0; i < r->tally->n_rules; i++) {
        const struct tally_count *c = &r->tally->rules[i].count;
        if (strcmp(r->tally->rules[i].rule->id, rule) == 0)
            return c->fixed + c->todo + c->reported;
    }
    return 0;
}

/* Changes of standard methods that a person has to bring together. */
static void put_conflicts(const struct display *r, struct arena *a, struct buf *b)
{
    if (count_of(r, "C01") == 0)
        return;
    html_heading(b, 2, "Conflicts with the standard");
    html_table_begin(b, "element|method|place|why it cannot be wrapped");
    for (size_t i = 0; i < r->result->n_units; i++)
        for (size_t n = 0; n < r->result->units[i].n_findings; n++) {
            const struct forward_unit *u = &r->result->units[i];
            const struct finding *f = &u->findings[n];
            if (strcmp(f->rule, "C01") != 0)
                continue;
            html_row_begin(b);
            html_cell(b, arena_dup_str(a, u->name));
            html_cell(b, arena_dup_str(a, f->where));
            html_cell(b, arena_printf(a, "%s:%u", u->input->path, f->line));
            html_cell(b, arena_dup_str(a, f->detail));
            html_row_end(b);
        }
    html_table_end(b);
}

/* What is left to do, then what was done; the page stays readable, the CSV has all. */
static void put_findings(const struct display *r, struct arena *a, struct buf *b)
{
    size_t shown = 0;
    html_heading(b, 2, "What is left");
    html_table_begin(b, "rule|outcome|element|place|what");
    for (size_t i = 0; i < r->result->n_units && shown < FINDINGS_MAX; i++)
        for (size_t n = 0; n < r->result->units[i].n_findings && shown < FINDINGS_MAX; n++) {
            const struct forward_unit *u = &r->result->units[i];
            const struct rule *rule = rulebook_find(r->book, u->findings[n].rule);
            if (u->findings[n].outcome == FINDING_FIXED || (rule && rule->severity == RULE_INFO))
                continue;
            put_finding(r, u, &u->findings[n], a, b);
            shown++;
        }
    html_table_end(b);
    if (shown == FINDINGS_MAX)
        html_paragraph(b, HTML_MUTED, "The list is cut here; all of it is in xpp-report.csv.");
}

void display_html(const struct display *r, struct buf *b)
{
    SCOPED(arena) a = arena_new();
    html_page_begin(b, "carryover xpp");
    put_head(r, a, b);
    put_severities(r, a, b);
    put_kinds(r, a, b);
    put_rules(r, a, b);
    put_spots(r, a, b);
    put_models(r, a, b);
    put_conflicts(r, a, b);
    put_unknown(r, a, b);
    put_findings(r, a, b);
    html_page_end(b);
}
