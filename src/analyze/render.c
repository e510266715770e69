#include "analyze/render.h"
#include "base/clock.h"
#include "base/html.h"
#include "base/json.h"
#include "base/term.h"

static bool is_found(const struct analyze_finding *f)
{
    return f->total || f->failure;
}

/* -- text -- */

static enum term_style style_of(enum analyze_severity s)
{
    switch (s) {
    case ANALYZE_BLOCKER:
        return TERM_RED;
    case ANALYZE_WARNING:
        return TERM_YELLOW;
    case ANALYZE_ADVICE:
        return TERM_BOLD;
    case ANALYZE_INFO:
    case ANALYZE_SEVERITIES:
        return TERM_DIM;
    }
    return TERM_PLAIN;
}

static void put_wrapped(struct buf *b, const char *label, const char *text, int width)
{
    if (!*text)
        return;
    buf_printf(b, "          %-6s", label);
    term_put_wrapped(b, text, 16, 16, width);
    buf_putc(b, '\n');
}

static void put_bytes(struct buf *b, const char *before, int64_t bytes)
{
    char size[16];
    if (bytes <= 0)
        return;
    term_size(bytes, size);
    buf_printf(b, "%s%s", before, size);
}

static void put_finding(struct buf *b, const struct analyze_finding *f, int width, FILE *out)
{
    bool found = is_found(f);
    buf_printf(b, "\n%s%-9s%s %s  %s", term_style(out, found ? style_of(f->severity) : TERM_GREEN),
               found ? analyze_severity_name(f->severity) : "ok", term_style(out, TERM_PLAIN), f->id, f->title);
    put_bytes(b, ", saves ", f->bytes);
    buf_putc(b, '\n');
    if (!found)
        return;
    if (f->failure)
        put_wrapped(b, "failed", f->failure, width);
    put_wrapped(b, "why", f->why, width);
    put_wrapped(b, "fix", f->fix, width);
    for (size_t i = 0; i < f->n_rows; i++) {
        buf_printf(b, "          - %s: %s", f->rows[i].subject, f->rows[i].detail);
        put_bytes(b, " (", f->rows[i].bytes);
        buf_puts(b, f->rows[i].bytes > 0 ? ")\n" : "\n");
    }
    if (f->total > (int64_t)f->n_rows)
        buf_printf(b, "          and %lld more\n", (long long)(f->total - (int64_t)f->n_rows));
}

static void put_tables(struct buf *b, const struct analysis *r)
{
    SCOPED(arena) a = arena_new();
    char total[16];
    struct term_table *t = term_table_new(a, "table|>rows, about|>size");
    for (size_t i = 0; i < r->n_tables; i++) {
        char rows[32], size[16];
        term_count(r->tables[i].rows, rows);
        term_size(r->tables[i].bytes, size);
        term_table_row(t, r->tables[i].name, rows, size);
    }
    term_size(r->database_bytes, total);
    buf_printf(b, "\n%lld tables, %s; the largest:\n", (long long)r->n_all_tables, total);
    term_table_put(t, b);
}

void render_text(struct buf *b, const struct analysis *r, bool all, FILE *f)
{
    int width = MIN(term_width(f), 110);
    buf_printf(b, "analyze   %s %s: ", r->package, r->version);
    for (int s = 0; s < ANALYZE_SEVERITIES; s++)
        buf_printf(b, "%s%d %s", s ? ", " : "", analyze_count(r, (enum analyze_severity)s),
                   analyze_severity_name((enum analyze_severity)s));
    buf_printf(b, " (%zu rules)\n", r->n_findings);
    for (size_t i = 0; i < r->n_findings; i++)
        if (all || is_found(&r->findings[i]))
            put_finding(b, &r->findings[i], width, f);
    put_tables(b, r);
}

/* -- JSON -- */

static void put_string(struct buf *b, const char *name, const char *value)
{
    buf_printf(b, "\"%s\":", name);
    json_put_string(b, str_of(value));
    buf_putc(b, ',');
}

static void put_json_finding(struct buf *b, const struct analyze_finding *f)
{
    buf_putc(b, '{');
    put_string(b, "id", f->id);
    put_string(b, "section", f->section);
    put_string(b, "severity", analyze_severity_name(f->severity));
    put_string(b, "title", f->title);
    put_string(b, "why", f->why);
    put_string(b, "fix", f->fix);
    put_string(b, "failure", f->failure ? f->failure : "");
    buf_printf(b, "\"found\":%s,\"rows\":%lld,\"bytes\":%lld,\"elapsed_ms\":%lld,\"evidence\":[",
               is_found(f) ? "true" : "false", (long long)f->total, (long long)f->bytes,
               (long long)(f->elapsed_us / 1000));
    for (size_t i = 0; i < f->n_rows; i++) {
        buf_puts(b, i ? ",{" : "{");
        put_string(b, "subject", f->rows[i].subject);
        put_string(b, "detail", f->rows[i].detail);
        buf_printf(b, "\"bytes\":%lld}", (long long)f->rows[i].bytes);
    }
    buf_puts(b, "]}");
}

void render_json(struct buf *b, const struct analysis *r)
{
    char started[32];
    clock_iso(r->started_us, started);
    buf_putc(b, '{');
    put_string(b, "package", r->package);
    put_string(b, "package_version", r->version);
    put_string(b, "started", started);
    for (int s = 0; s < ANALYZE_SEVERITIES; s++)
        buf_printf(b, "\"%s\":%d,", analyze_severity_name((enum analyze_severity)s),
                   analyze_count(r, (enum analyze_severity)s));
    buf_printf(b, "\"tables\":%lld,\"bytes\":%lld,\"findings\":[", (long long)r->n_all_tables,
               (long long)r->database_bytes);
    for (size_t i = 0; i < r->n_findings; i++) {
        buf_puts(b, i ? "," : "");
        put_json_finding(b, &r->findings[i]);
    }
    buf_puts(b, "],\"largest\":[");
    for (size_t i = 0; i < r->n_tables; i++) {
        buf_puts(b, i ? ",{" : "{");
        put_string(b, "table", r->tables[i].name);
        buf_printf(b, "\"rows\":%lld,\"bytes\":%lld}", (long long)r->tables[i].rows, (long long)r->tables[i].bytes);
    }
    buf_puts(b, "]}\n");
}

/* -- HTML -- */

static enum html_tone tone_of(const struct analyze_finding *f)
{
    if (!is_found(f))
        return HTML_GOOD;
    return f->severity == ANALYZE_BLOCKER ? HTML_BAD : f->severity == ANALYZE_WARNING ? HTML_WARN : HTML_MUTED;
}

static void put_html_rows(struct buf *b, const struct analyze_finding *f)
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

static void put_html_finding(struct buf *b, const struct analyze_finding *f, struct arena *a)
{
    html_heading(b, 3, arena_printf(a, "%s %s", f->id, f->title));
    html_badge(b, tone_of(f), is_found(f) ? analyze_severity_name(f->severity) : "ok");
    html_paragraph(b, HTML_MUTED, f->why);
    if (!is_found(f))
        return;
    if (f->failure)
        html_paragraph(b, HTML_BAD, arena_printf(a, "The rule could not run: %s", f->failure));
    if (*f->fix)
        html_paragraph(b, HTML_PLAIN, arena_printf(a, "What to do: %s", f->fix));
    if (f->total > (int64_t)f->n_rows)
        html_paragraph(b, HTML_MUTED, arena_printf(a, "The first %zu of %lld:", f->n_rows, (long long)f->total));
    if (f->n_rows)
        put_html_rows(b, f);
}

static void put_html_tables(struct buf *b, const struct analysis *r, struct arena *a)
{
    struct html_bar *bars = arena_new_array(a, struct html_bar, r->n_tables + 1);
    for (size_t i = 0; i < r->n_tables; i++) {
        char size[16];
        term_size(r->tables[i].bytes, size);
        bars[i] = (struct html_bar){r->tables[i].name, arena_dup(a, size), (double)r->tables[i].bytes, HTML_PLAIN};
    }
    html_heading(b, 2, "The largest tables");
    html_bars(b, bars, r->n_tables);
}

void render_html(struct buf *b, const struct analysis *r)
{
    SCOPED(arena) a = arena_new();
    char started[32];
    clock_iso(r->started_us, started);
    html_page_begin(b, arena_printf(a, "carryover analyze %s", started));
    html_heading(b, 1, arena_printf(a, "Analysis for %s %s", r->package, r->version));
    html_paragraph(b, HTML_MUTED, arena_printf(a, "Source as of %s, schema %s.", started, r->schema));
    html_figures_begin(b);
    for (int s = 0; s < ANALYZE_SEVERITIES; s++) {
        int n = analyze_count(r, (enum analyze_severity)s);
        enum html_tone tone = n == 0 ? HTML_GOOD : s == ANALYZE_BLOCKER ? HTML_BAD : HTML_PLAIN;
        html_figure(b, tone, arena_printf(a, "%d", n), analyze_severity_name((enum analyze_severity)s));
    }
    html_figures_end(b);
    html_heading(b, 2, "Findings");
    for (size_t i = 0; i < r->n_findings; i++)
        put_html_finding(b, &r->findings[i], a);
    put_html_tables(b, r, a);
    html_page_end(b);
}
