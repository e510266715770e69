#include "analyze/render.h"
#include "base/term.h"

#define TABLES_SHOWN 15

static enum term_style style_of(const struct analyze_finding *f)
{
    if (f->state != ANALYZE_OPEN && f->state != ANALYZE_FAILED)
        return f->state == ANALYZE_OK || f->state == ANALYZE_FIXED ? TERM_GREEN : TERM_DIM;
    switch (f->severity) {
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
    if (!text || !*text)
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

static void put_savings(struct buf *b, const struct analysis *r, int64_t bytes)
{
    double minutes = analyze_minutes(r, bytes);
    put_bytes(b, ", saves ", bytes);
    if (minutes >= 0.1)
        buf_printf(b, " and about %.1f min", minutes);
}

/* The word in front: how bad it is while it is open, else what has become of it. */
static const char *word_of(const struct analyze_finding *f)
{
    if (f->state == ANALYZE_SKIPPED)
        return "n/a";
    return f->state == ANALYZE_OPEN || f->state == ANALYZE_FAILED ? analyze_severity_name(f->severity)
                                                                  : analyze_state_name(f->state);
}

static void put_history(struct buf *b, const struct analyze_finding *f, int width)
{
    if (f->state == ANALYZE_ACCEPTED) {
        SCOPED_BUF text = {0};
        buf_printf(&text, "%s: %s", f->accepted_by, f->accepted_for);
        put_wrapped(b, "by", text.p, width);
    }
    put_wrapped(b, "again", f->accepted_grown, width);
    if (strcmp(f->change, "grown") == 0 || strcmp(f->change, "shrunk") == 0)
        buf_printf(b, "          %-6s%s: %lld found, %lld before\n", "change", f->change, (long long)f->total,
                   (long long)f->total_before);
    else if (*f->change)
        buf_printf(b, "          %-6s%s\n", "now", f->change);
}

static void put_rows(struct buf *b, const struct analyze_finding *f)
{
    for (size_t i = 0; i < f->n_rows; i++) {
        buf_printf(b, "          - %s: %s", f->rows[i].subject, f->rows[i].detail);
        put_bytes(b, " (", f->rows[i].bytes);
        buf_puts(b, f->rows[i].bytes > 0 ? ")\n" : "\n");
    }
    if (f->total > (int64_t)f->n_rows)
        buf_printf(b, "          and %lld more\n", (long long)(f->total - (int64_t)f->n_rows));
}

static void put_finding(struct buf *b, const struct analysis *r, const struct analyze_finding *f, int width, FILE *out)
{
    buf_printf(b, "\n%s%-9s%s %s  %s", term_style(out, style_of(f)), word_of(f), term_style(out, TERM_PLAIN), f->id,
               f->title);
    put_savings(b, r, f->bytes);
    buf_putc(b, '\n');
    put_wrapped(b, "as", f->skipped, width);
    put_history(b, f, width);
    if (!analyze_is_found(f))
        return;
    put_wrapped(b, "error", f->failure, width);
    put_wrapped(b, "why", f->why, width);
    put_wrapped(b, "fix", f->fix, width);
    if (f->has_fix && f->total)
        buf_printf(b, "          %-6s`carryover analyze --fix %s`, which shows it before it does it\n", "with", f->id);
    put_rows(b, f);
    put_wrapped(b, "note", f->note, width);
}

static void put_tables(struct buf *b, const struct analysis *r)
{
    SCOPED(arena) a = arena_new();
    char total[16];
    struct term_table *t = term_table_new(a, "table|>rows, about|>size");
    for (size_t i = 0; i < r->n_tables && i < TABLES_SHOWN; i++) {
        char rows[32], size[16];
        term_count(r->tables[i].rows, rows);
        term_size(r->tables[i].bytes, size);
        term_table_row(t, r->tables[i].name, rows, size);
    }
    term_size(r->database_bytes, total);
    buf_printf(b, "\n%zu tables, %s; the largest:\n", r->n_tables, total);
    term_table_put(t, b);
}

static void put_modules(struct buf *b, const struct analysis *r)
{
    SCOPED(arena) a = arena_new();
    struct term_table *t = term_table_new(a, "module|>tables|>rows, about|>size");
    if (r->n_modules < 2)
        return;
    for (size_t i = 0; i < r->n_modules; i++) {
        const struct analyze_module *m = &r->modules[i];
        char tables[32], rows[32], size[16];
        term_count(m->tables, tables);
        term_count(m->rows, rows);
        term_size(m->bytes, size);
        term_table_row(t, m->name, tables, rows, size);
    }
    buf_putc(b, '\n');
    term_table_put(t, b);
}

static void put_changes(struct buf *b, const struct analysis *r)
{
    static const char *const changes[] = {"new", "gone", "grown", "shrunk"};
    SCOPED_BUF line = {0};
    for (size_t k = 0; k < ARRAY_LEN(changes); k++) {
        SCOPED_BUF ids = {0};
        for (size_t i = 0; i < r->n_findings; i++)
            if (strcmp(r->findings[i].change, changes[k]) == 0)
                buf_printf(&ids, " %s", r->findings[i].id);
        if (ids.n)
            buf_printf(&line, "%s%s%s", line.n ? ", " : "", changes[k], ids.p);
    }
    if (line.n && r->since)
        buf_printf(b, "changes   since run %lld: %s\n", (long long)r->since, line.p);
    else if (line.n)
        buf_printf(b, "changes   since the last run: %s\n", line.p);
}

static void put_totals(struct buf *b, const struct analysis *r)
{
    int64_t bytes = analyze_savings(r);
    char size[16], rate[16];
    if (bytes <= 0)
        return;
    term_size(bytes, size);
    term_size(r->copy_rate, rate);
    buf_printf(b,
               "\nwhat is open would save %s and about %.1f min of the upgrade (an estimate: bytes by %s/s, setting "
               "analyze.copy_rate)\n",
               size, analyze_minutes(r, bytes), rate);
}

static void put_states(struct buf *b, const struct analysis *r)
{
    static const enum analyze_state shown[] = {ANALYZE_ACCEPTED, ANALYZE_FIXED, ANALYZE_SKIPPED, ANALYZE_FAILED};
    buf_printf(b, " (%zu rules", r->n_findings);
    for (size_t i = 0; i < ARRAY_LEN(shown); i++)
        if (analyze_count_state(r, shown[i]))
            buf_printf(b, ", %d %s", analyze_count_state(r, shown[i]), analyze_state_name(shown[i]));
    buf_puts(b, ")\n");
}

void render_text(struct buf *b, const struct analysis *r, bool all, FILE *f)
{
    int width = MIN(term_width(f), 110);
    buf_printf(b, "analyze   %s %s: ", r->package, r->version);
    for (int s = 0; s < ANALYZE_SEVERITIES; s++)
        buf_printf(b, "%s%d %s", s ? ", " : "", analyze_count(r, (enum analyze_severity)s),
                   analyze_severity_name((enum analyze_severity)s));
    put_states(b, r);
    put_changes(b, r);
    for (size_t i = 0; i < r->n_findings; i++)
        if (all || analyze_is_found(&r->findings[i]) || *r->findings[i].change)
            put_finding(b, r, &r->findings[i], width, f);
    put_totals(b, r);
    put_modules(b, r);
    put_tables(b, r);
}

/* -- the list of rules -- */

void render_rules_text(struct buf *b, const struct rules *rules)
{
    SCOPED(arena) a = arena_new();
    struct term_table *t = term_table_new(a, "rule|catalogue|section|severity|script|title");
    for (size_t i = 0; i < rules->n; i++) {
        const struct analyze_finding *f = &rules->p[i].about;
        term_table_row(t, f->id, f->catalogue, f->section, analyze_severity_name(f->severity), f->has_fix ? "yes" : "",
                       f->title);
    }
    term_table_put(t, b);
}
