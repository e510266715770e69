#include "verify/report_html.h"
#include "base/clock.h"
#include "base/html.h"
#include "base/term.h"
#include "db/pg.h"

#define BARS_MAX 15

static enum html_tone tone_of(enum outcome o)
{
    switch (o) {
    case OUTCOME_PASS:
        return HTML_GOOD;
    case OUTCOME_EXPLAINED:
    case OUTCOME_IN_FLIGHT:
        return HTML_WARN;
    case OUTCOME_SKIPPED:
        return HTML_MUTED;
    case OUTCOME_FAIL:
        return HTML_BAD;
    }
    return HTML_PLAIN;
}

static void put_figure(struct buf *b, enum html_tone tone, int64_t n, const char *what)
{
    char text[32];
    term_count(n, text);
    html_figure(b, tone, text, what);
}

static void put_figures(struct buf *b, const struct report *r)
{
    int64_t rows = 0, differences = 0;
    int counts[OUTCOME_FAIL + 1] = {0};
    vec_each (&r->checks, c) {
        counts[(*c)->outcome]++;
        differences += (*c)->differences;
        rows += MAX((*c)->found_rows, 0);
    }
    html_figures_begin(b);
    html_figure(b, tone_of(report_outcome(r)), outcome_name(report_outcome(r)), "result");
    put_figure(b, HTML_PLAIN, rows, "rows and lines looked at");
    put_figure(b, differences ? HTML_BAD : HTML_GOOD, differences, "differences");
    for (int o = OUTCOME_PASS; o <= OUTCOME_FAIL; o++)
        if (counts[o])
            put_figure(b, tone_of((enum outcome)o), counts[o], outcome_name((enum outcome)o));
    html_figures_end(b);
}

static void put_head(struct buf *b, const struct report *r)
{
    char at[24], when[32], took[32], held[32], line[256];
    SCOPED(arena) a = arena_new();
    pg_lsn_format(r->position, at);
    clock_iso(r->started_us, when);
    clock_human(r->finished_us - r->started_us, took);
    clock_human(r->held_us, held);
    html_heading(b, 1, arena_printf(a, "Proof of %s %s", r->package, r->version));
    snprintf(line, sizeof line, "%s (%s), begun %s, took %s, at position %s of the source. %s%s", r->id, r->kind, when,
             took, at, r->live ? "Replication went on; it stood still for " : "Replication did not run",
             r->live ? held : "");
    html_paragraph(b, HTML_MUTED, line);
    put_figures(b, r);
    vec_each (&r->remarks, remark)
        html_paragraph(b, HTML_PLAIN, *remark);
}

/* -- where the time went -- */

static int by_time(const void *x, const void *y)
{
    const struct report_check *a = *(const struct report_check *const *)x, *b = *(const struct report_check *const *)y;
    return (a->elapsed_us < b->elapsed_us) - (a->elapsed_us > b->elapsed_us);
}

static void put_times(struct buf *b, const struct report *r)
{
    SCOPED(arena) a = arena_new();
    struct html_bar bars[BARS_MAX];
    size_t n = MIN(r->checks.n, (size_t)BARS_MAX);
    if (n == 0)
        return;
    const struct report_check **sorted = arena_new_array(a, const struct report_check *, r->checks.n);
    memcpy(sorted, r->checks.p, r->checks.n * sizeof *sorted);
    qsort(sorted, r->checks.n, sizeof *sorted, by_time);
    for (size_t i = 0; i < n; i++) {
        char took[32];
        clock_human(sorted[i]->elapsed_us, took);
        const char *label = arena_printf(a, "%s %s", report_section_name(sorted[i]->section), sorted[i]->name);
        bars[i] = (struct html_bar){label, arena_dup(a, took), (double)sorted[i]->elapsed_us,
                                    sorted[i]->outcome == OUTCOME_FAIL ? HTML_BAD : HTML_PLAIN};
    }
    html_heading(b, 2, "Where the time went");
    html_paragraph(b, HTML_MUTED, "The longest checks; times of all workers together.");
    html_bars(b, bars, n);
}

/* -- sections -- */

static void put_count_cell(struct buf *b, int64_t n)
{
    char text[32];
    term_count(n, text);
    html_cell_right(b, n < 0 ? "" : text);
}

static const char *first_cell(struct arena *a, const struct report_check *c)
{
    return c->section == SECTION_LAWS ? arena_printf(a, "%s %s", c->name, c->title) : c->name;
}

static void put_check_row(struct buf *b, const struct report_check *c)
{
    SCOPED(arena) a = arena_new();
    char took[32];
    clock_human(c->elapsed_us, took);
    html_row_begin(b);
    html_cell_badge(b, tone_of(c->outcome), outcome_name(c->outcome));
    html_cell(b, first_cell(a, c));
    put_count_cell(b, c->expected_rows);
    put_count_cell(b, c->found_rows);
    put_count_cell(b, c->differences);
    html_cell_right(b, took);
    html_cell(b, c->note);
    html_row_end(b);
}

static const char *shown(const char *value)
{
    return value ? value : "(null)";
}

static void put_row(struct buf *b, const struct report_row *row)
{
    if (row->values.n == 0) {
        html_row_begin(b);
        html_cell(b, row->what);
        html_cell(b, row->key);
        html_cell(b, "");
        html_cell(b, "");
        html_cell(b, "");
        html_row_end(b);
    }
    vec_each (&row->values, v) {
        bool first = v == row->values.p;
        html_row_begin(b);
        html_cell(b, first ? row->what : "");
        html_cell(b, first ? row->key : "");
        html_cell(b, v->column);
        html_cell(b, shown(v->expected));
        html_cell(b, shown(v->found));
        html_row_end(b);
    }
}

static void put_evidence(struct buf *b, const struct report_check *c)
{
    char summary[256];
    if (c->rows.n == 0)
        return;
    snprintf(summary, sizeof summary, "%s: %zu of %s%lld differences", c->name, c->rows.n,
             c->at_least ? "at least " : "", (long long)c->differences);
    html_details_begin(b, summary);
    html_table_begin(b, "what|row|column|should be|is");
    vec_each (&c->rows, row)
        put_row(b, *row);
    html_table_end(b);
    html_details_end(b);
}

static void put_section(struct buf *b, const struct report *r, enum report_section s)
{
    int n = 0;
    vec_each (&r->checks, c)
        n += (*c)->section == s;
    if (n == 0)
        return;
    html_heading(b, 2, report_section_title(s));
    html_table_begin(b, s == SECTION_LAWS ? "result|law|>lines before|>lines after|>differences|>time|note"
                                          : "result|table|>should be|>is|>differences|>time|note");
    vec_each (&r->checks, c)
        if ((*c)->section == s)
            put_check_row(b, *c);
    html_table_end(b);
    vec_each (&r->checks, c)
        if ((*c)->section == s)
            put_evidence(b, *c);
}

static void put_losses(struct buf *b, const struct report *r)
{
    if (r->losses.n == 0)
        return;
    html_heading(b, 2, "What the way back does not restore");
    html_paragraph(b, HTML_MUTED, "As the lenses say it; counted are the rows in which something was really lost.");
    html_table_begin(b, "table|column|>rows|kind|reason");
    vec_each (&r->losses, l) {
        html_row_begin(b);
        html_cell(b, l->table);
        html_cell(b, l->column);
        put_count_cell(b, l->rows);
        html_cell(b, l->rounded ? "rounded" : "lost");
        html_cell(b, l->reason);
        html_row_end(b);
    }
    html_table_end(b);
}

void report_html_put(struct buf *b, const struct report *r)
{
    SCOPED(arena) a = arena_new();
    html_page_begin(b, arena_printf(a, "carryover verify %s: %s", r->id, outcome_name(report_outcome(r))));
    put_head(b, r);
    for (int s = 0; s < SECTION_COUNT; s++)
        put_section(b, r, (enum report_section)s);
    put_losses(b, r);
    put_times(b, r);
    html_page_end(b);
}
