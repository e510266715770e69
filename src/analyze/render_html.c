#include "analyze/render.h"
#include "base/clock.h"
#include "base/html.h"
#include "base/term.h"

#define TABLES_SHOWN 15

static enum html_tone tone_of(const struct analyze_finding *f)
{
    if (f->state == ANALYZE_ACCEPTED || f->state == ANALYZE_SKIPPED)
        return HTML_MUTED;
    if (!analyze_is_found(f))
        return HTML_GOOD;
    return f->severity == ANALYZE_BLOCKER ? HTML_BAD : f->severity == ANALYZE_WARNING ? HTML_WARN : HTML_MUTED;
}

static void put_rows(struct buf *b, const struct analyze_finding *f)
{
    html_table_begin(b, "what|detail|>saves");
    for (size_t i = 0; i < f->n_rows; i++) {
        char size[16] = "";
        if (f->rows[i].bytes > 0)
            term_size(f->rows[i].bytes, size);
        html_row_begin(b);
        html_cell(b, f->rows[i].subject);
        html_cell(b, f->rows[i].detail);
        html_cell_right(b, size);
        html_row_end(b);
    }
    html_table_end(b);
}

static void put_history(struct buf *b, const struct analyze_finding *f, struct arena *a)
{
    if (f->state == ANALYZE_ACCEPTED)
        html_paragraph(b, HTML_PLAIN, arena_printf(a, "Accepted by %s: %s", f->accepted_by, f->accepted_for));
    if (f->accepted_grown)
        html_paragraph(b, HTML_WARN, arena_printf(a, "Open again: %s", f->accepted_grown));
    if (*f->change)
        html_paragraph(b, HTML_PLAIN,
                       arena_printf(a, "Since then: %s, %lld found, %lld before.", f->change, (long long)f->total,
                                    (long long)MAX(f->total_before, 0)));
}

static void put_saving(struct buf *b, const struct analysis *r, const struct analyze_finding *f, struct arena *a)
{
    char size[16];
    if (f->bytes <= 0)
        return;
    term_size(f->bytes, size);
    html_paragraph(
        b, HTML_PLAIN,
        arena_printf(a, "Saves %s and about %.1f minutes of the upgrade.", size, analyze_minutes(r, f->bytes)));
}

static void put_finding(struct buf *b, const struct analysis *r, const struct analyze_finding *f, struct arena *a)
{
    bool open = f->state == ANALYZE_OPEN || f->state == ANALYZE_FAILED;
    html_heading(b, 3, arena_printf(a, "%s %s", f->id, f->title));
    html_badge(b, tone_of(f), open ? analyze_severity_name(f->severity) : analyze_state_name(f->state));
    html_paragraph(b, HTML_MUTED, f->why);
    put_history(b, f, a);
    if (f->failure)
        html_paragraph(b, HTML_BAD, arena_printf(a, "The rule could not run: %s", f->failure));
    if (!f->total)
        return;
    if (*f->fix)
        html_paragraph(b, HTML_PLAIN, arena_printf(a, "What to do: %s", f->fix));
    if (f->has_fix)
        html_paragraph(b, HTML_PLAIN, arena_printf(a, "The script: carryover analyze --fix %s", f->id));
    put_saving(b, r, f, a);
    if (f->total > (int64_t)f->n_rows)
        html_paragraph(b, HTML_MUTED, arena_printf(a, "The first %zu of %lld:", f->n_rows, (long long)f->total));
    if (f->n_rows)
        put_rows(b, f);
    if (*f->note)
        html_paragraph(b, HTML_MUTED, f->note);
}

/* -- charts -- */

static void put_tables(struct buf *b, const struct analysis *r, struct arena *a)
{
    size_t n = MIN(r->n_tables, TABLES_SHOWN);
    struct html_bar *bars = arena_new_array(a, struct html_bar, n + 1);
    for (size_t i = 0; i < n; i++) {
        char size[16];
        term_size(r->tables[i].bytes, size);
        bars[i] = (struct html_bar){r->tables[i].name, arena_dup(a, size), (double)r->tables[i].bytes, HTML_PLAIN};
    }
    html_heading(b, 2, "The largest tables");
    html_bars(b, bars, n);
}

static void put_modules(struct buf *b, const struct analysis *r, struct arena *a)
{
    struct html_bar *bars = arena_new_array(a, struct html_bar, r->n_modules + 1);
    for (size_t i = 0; i < r->n_modules; i++) {
        char size[16];
        term_size(r->modules[i].bytes, size);
        bars[i] = (struct html_bar){r->modules[i].name, arena_dup(a, size), (double)r->modules[i].bytes, HTML_PLAIN};
    }
    html_heading(b, 2, "Size by module");
    html_bars(b, bars, r->n_modules);
}

static int by_saving(const void *a, const void *b)
{
    const struct html_bar *x = a, *y = b;
    return x->value < y->value ? 1 : x->value > y->value ? -1 : strcmp(x->label, y->label);
}

static void put_savings(struct buf *b, const struct analysis *r, struct arena *a)
{
    struct html_bar *bars = arena_new_array(a, struct html_bar, r->n_findings + 1);
    size_t n = 0;
    char total[16], rate[16];
    for (size_t i = 0; i < r->n_findings; i++) {
        const struct analyze_finding *f = &r->findings[i];
        char size[16];
        if (f->bytes <= 0 || f->state != ANALYZE_OPEN)
            continue;
        term_size(f->bytes, size);
        bars[n++] = (struct html_bar){arena_printf(a, "%s %.32s", f->id, f->title), arena_dup(a, size),
                                      (double)f->bytes, HTML_GOOD};
    }
    if (n == 0)
        return;
    qsort(bars, n, sizeof *bars, by_saving);
    term_size(analyze_savings(r), total);
    term_size(r->copy_rate, rate);
    html_heading(b, 2, "What clean-up saves");
    html_paragraph(b, HTML_PLAIN,
                   arena_printf(a, "Together %s and about %.1f minutes: an estimate, the bytes divided by %s a second.",
                                total, analyze_minutes(r, analyze_savings(r)), rate));
    html_bars(b, bars, n);
}

/* -- the page -- */

static void put_figures(struct buf *b, const struct analysis *r, struct arena *a)
{
    html_figures_begin(b);
    for (int s = 0; s < ANALYZE_SEVERITIES; s++) {
        int n = analyze_count(r, (enum analyze_severity)s);
        enum html_tone tone = n == 0 ? HTML_GOOD : s == ANALYZE_BLOCKER ? HTML_BAD : HTML_PLAIN;
        html_figure(b, tone, arena_printf(a, "%d", n), analyze_severity_name((enum analyze_severity)s));
    }
    html_figure(b, HTML_PLAIN, arena_printf(a, "%d", analyze_count_state(r, ANALYZE_ACCEPTED)), "accepted");
    html_figure(b, HTML_PLAIN, arena_printf(a, "%d", analyze_count_state(r, ANALYZE_FIXED)), "fixed");
    html_figures_end(b);
}

/* Rules with nothing to tell are folded away, with the reason of those that do not apply. */
static void put_quiet(struct buf *b, const struct analysis *r)
{
    html_details_begin(b, "Rules that found nothing or do not apply");
    html_table_begin(b, "rule|state|title|because");
    for (size_t i = 0; i < r->n_findings; i++) {
        const struct analyze_finding *f = &r->findings[i];
        if (analyze_is_found(f))
            continue;
        html_row_begin(b);
        html_cell(b, f->id);
        html_cell_badge(b, tone_of(f), analyze_state_name(f->state));
        html_cell(b, f->title);
        html_cell(b, f->skipped ? f->skipped : "");
        html_row_end(b);
    }
    html_table_end(b);
    html_details_end(b);
}

void render_html(struct buf *b, const struct analysis *r)
{
    SCOPED(arena) a = arena_new();
    char started[32];
    clock_iso(r->started_us, started);
    html_page_begin(b, arena_printf(a, "carryover analyze %s", started));
    html_heading(b, 1, arena_printf(a, "Analysis for %s %s", r->package, r->version));
    html_paragraph(b, HTML_MUTED,
                   arena_printf(a, "Source as of %s, schema %s. Run %lld.", started, r->schema, (long long)r->run));
    put_figures(b, r, a);
    html_heading(b, 2, "Findings");
    for (size_t i = 0; i < r->n_findings; i++)
        if (analyze_is_found(&r->findings[i]))
            put_finding(b, r, &r->findings[i], a);
    put_quiet(b, r);
    put_savings(b, r, a);
    put_modules(b, r, a);
    put_tables(b, r, a);
    render_sizing_html(b, r, a);
    html_page_end(b);
}
