#include "runbook/chart.h"
#include "base/clock.h"
#include "base/gantt.h"
#include "base/html.h"
#include "base/json.h"
#include "base/term.h"

#define OURS "carryover"

static const char *owner_of(const struct runbook_step *s)
{
    return s->task && s->task->owner[0] ? s->task->owner : s->task ? "package or project" : OURS;
}

static const char *kind_of(const struct runbook_step *s)
{
    static const char *const kinds[] = {"shell", "http", "manual"};
    return s->task ? kinds[s->task->kind] : "step";
}

static char *human(struct arena *a, int64_t us)
{
    char text[32];
    clock_human(us, text);
    return arena_dup(a, text);
}

char *chart_range(struct arena *a, const struct forecast_time *t)
{
    if (t->high_us == 0)
        return arena_dup(a, "");
    if (t->low_us == t->high_us)
        return human(a, t->us);
    return arena_printf(a, "%s (%s to %s)", human(a, t->us), human(a, t->low_us), human(a, t->high_us));
}

/* The steps that it waits for and that do not follow from the order of carryover's own. */
static char *needs_of(const struct runbook *r, size_t i, struct arena *a)
{
    SCOPED_BUF b = {0};
    size_t one, n = 0;
    const size_t *needs = runbook_needs(r, i, &one, &n);
    for (size_t k = 0; k < n; k++)
        if (r->steps[i].task || r->steps[needs[k]].task)
            buf_printf(&b, "%s%s", b.n ? ", " : "", r->steps[needs[k]].name);
    return arena_dup(a, buf_text(&b));
}

static const char *basis(const struct forecast *f, struct arena *a)
{
    if (f->n_samples == 0)
        return "Not rehearsed yet: `carryover cutover --mock` measures how long each step takes.";
    return arena_printf(a, "Expected times come from %zu rehearsal%s and from how the source has grown since.",
                        f->n_samples, f->n_samples == 1 ? "" : "s");
}

/* What no rehearsal could measure, and what it counts as. */
static char *unmeasured(const struct runbook *r, const struct forecast *f, struct arena *a)
{
    SCOPED_BUF b = {0};
    for (size_t i = 0; f->n_samples && i < r->n; i++)
        if (f->measured[i] == 0)
            buf_printf(&b, "%s%s (counts as %s)", b.n ? ", " : "", r->steps[i].name, human(a, f->steps[i].us));
    return arena_dup(a, buf_text(&b));
}

/* --- text --- */

void chart_put_text(struct buf *b, const struct runbook *r, const struct forecast *f)
{
    SCOPED(arena) a = arena_new();
    struct term_table *t = term_table_new(a, ">no|phase|step|critical|expected|owner|what");
    for (size_t i = 0; i < r->n; i++) {
        const struct runbook_step *s = &r->steps[i];
        bool critical = f->times[i].critical && f->steps[i].us > 0;
        term_table_row(t, arena_printf(a, "%zu", i + 1), runbook_phase_name(s->phase), s->name, critical ? "*" : "",
                       chart_range(a, &f->steps[i]), owner_of(s), s->title);
    }
    term_table_put(t, b);
    buf_putc(b, '\n');
    for (int p = PHASE_BEFORE; p <= PHASE_AFTER; p++)
        if (f->phases[p].high_us)
            buf_printf(b, "  %-9s %s\n", runbook_phase_name((enum runbook_phase)p), chart_range(a, &f->phases[p]));
    if (f->n_samples)
        buf_printf(b, "  users wait %s\n", chart_range(a, &f->downtime));
    buf_printf(b, "  %s\n", basis(f, a));
    const char *rest = unmeasured(r, f, a);
    if (*rest)
        buf_printf(b, "  not rehearsed: %s\n", rest);
}

/* --- JSON --- */

static void put_seconds(struct buf *b, const char *name, const struct forecast_time *t)
{
    buf_printf(b, "\"%s\":{\"expected_seconds\":%.3f,\"low_seconds\":%.3f,\"high_seconds\":%.3f}", name,
               (double)t->us / 1e6, (double)t->low_us / 1e6, (double)t->high_us / 1e6);
}

static void put_text(struct buf *b, const char *name, const char *value)
{
    buf_printf(b, "\"%s\":", name);
    json_put_string(b, str_of(value));
    buf_putc(b, ',');
}

static void put_needs(struct buf *b, const struct runbook *r, size_t i)
{
    size_t one, n = 0;
    const size_t *needs = runbook_needs(r, i, &one, &n);
    buf_puts(b, "\"needs\":[");
    for (size_t k = 0; k < n; k++) {
        buf_puts(b, k ? "," : "");
        json_put_string(b, str_of(r->steps[needs[k]].name));
    }
    buf_puts(b, "],");
}

static void put_step(struct buf *b, const struct runbook *r, const struct forecast *f, size_t i)
{
    const struct runbook_step *s = &r->steps[i];
    buf_putc(b, '{');
    put_text(b, "step", s->name);
    put_text(b, "phase", runbook_phase_name(s->phase));
    put_text(b, "kind", kind_of(s));
    put_text(b, "owner", owner_of(s));
    put_text(b, "title", s->title);
    put_text(b, "place", s->task ? s->task->place : "");
    put_needs(b, r, i);
    buf_printf(b, "\"vital\":%s,\"critical\":%s,\"rehearsed\":%d,", s->vital ? "true" : "false",
               f->times[i].critical ? "true" : "false", f->measured[i]);
    put_seconds(b, "expected", &f->steps[i]);
    buf_putc(b, '}');
}

void chart_put_json(struct buf *b, const struct runbook *r, const struct forecast *f)
{
    buf_printf(b, "{\"rehearsals\":%zu,", f->n_samples);
    put_seconds(b, "downtime", &f->downtime);
    buf_puts(b, ",\"steps\":[");
    for (size_t i = 0; i < r->n; i++) {
        buf_puts(b, i ? "," : "");
        put_step(b, r, f, i);
    }
    buf_puts(b, "]}\n");
}

/* --- HTML --- */

static void put_phase(struct buf *b, const struct runbook *r, const struct forecast *f, enum runbook_phase phase,
                      struct arena *a)
{
    struct gantt_bar *bars = arena_new_array(a, struct gantt_bar, r->n + 1);
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++)
        if (r->steps[i].phase == phase)
            bars[n++] = (struct gantt_bar){.label = r->steps[i].name,
                                           .shown = human(a, f->steps[i].us),
                                           .begin_us = f->times[i].begin_us,
                                           .end_us = f->times[i].end_us,
                                           .critical = f->times[i].critical};
    if (n == 0)
        return;
    html_heading(b, 2, arena_printf(a, "%s: %s", runbook_phase_name(phase), chart_range(a, &f->phases[phase])));
    gantt_put(b, bars, n);
}

static void put_table(struct buf *b, const struct runbook *r, const struct forecast *f, struct arena *a)
{
    html_heading(b, 2, "Steps");
    html_table_begin(b, ">no|phase|step|what|owner|waits for|>expected|>measured");
    for (size_t i = 0; i < r->n; i++) {
        const struct runbook_step *s = &r->steps[i];
        html_row_begin(b);
        html_cell_right(b, arena_printf(a, "%zu", i + 1));
        html_cell(b, runbook_phase_name(s->phase));
        html_cell(b, s->name);
        html_cell(b, s->title);
        html_cell(b, owner_of(s));
        html_cell(b, needs_of(r, i, a));
        html_cell_right(b, chart_range(a, &f->steps[i]));
        html_cell_right(b, arena_printf(a, "%d", f->measured[i]));
        html_row_end(b);
    }
    html_table_end(b);
}

void chart_put_html(struct buf *b, const struct runbook *r, const struct forecast *f, const char *title)
{
    SCOPED(arena) a = arena_new();
    html_page_begin(b, title);
    html_heading(b, 1, title);
    html_figures_begin(b);
    html_figure(b, HTML_PLAIN, f->n_samples ? human(a, f->downtime.us) : "unknown", "downtime expected");
    html_figure(b, HTML_PLAIN, arena_printf(a, "%zu", f->n_samples), "rehearsals");
    html_figure(b, HTML_PLAIN, arena_printf(a, "%zu", r->n), "steps");
    html_figures_end(b);
    html_paragraph(b, HTML_MUTED, basis(f, a));
    const char *rest = unmeasured(r, f, a);
    if (*rest)
        html_paragraph(b, HTML_WARN, arena_printf(a, "Not rehearsed: %s.", rest));
    html_paragraph(b, HTML_MUTED, "Strong bars are on the critical path: a delay there is a delay of the whole.");
    for (int p = PHASE_BEFORE; p <= PHASE_AFTER; p++)
        put_phase(b, r, f, (enum runbook_phase)p, a);
    put_table(b, r, f, a);
    html_page_end(b);
}
