#include "analyze/render.h"

/* A cell that begins like a formula would be one to a spreadsheet, also when the text came out of the source. */
static bool is_formula(const char *text)
{
    return *text && strchr("=+-@\t\r", *text);
}

static void put_cell(struct buf *b, const char *text, const char *end)
{
    buf_puts(b, is_formula(text) ? "\"'" : "\"");
    for (const char *p = text; *p; p++) {
        if (*p == '"')
            buf_putc(b, '"');
        buf_putc(b, *p);
    }
    buf_printf(b, "\"%s", end);
}

static void put_number(struct buf *b, int64_t n)
{
    buf_printf(b, "%lld,", (long long)n);
}

static void put_evidence(struct buf *b, const struct analyze_finding *f)
{
    SCOPED_BUF text = {0};
    for (size_t i = 0; i < f->n_rows; i++)
        buf_printf(&text, "%s%s: %s", i ? "\n" : "", f->rows[i].subject, f->rows[i].detail);
    put_cell(b, buf_text(&text), "\r\n");
}

static void put_finding(struct buf *b, const struct analysis *r, const struct analyze_finding *f)
{
    const char *texts[] = {
        f->id,    f->catalogue, f->section, analyze_severity_name(f->severity), analyze_state_name(f->state),
        f->title, f->why,       f->fix};
    const char *why_not = f->skipped ? f->skipped : f->failure ? f->failure : "";
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        put_cell(b, texts[i], ",");
    put_number(b, f->total);
    put_number(b, f->affected);
    put_number(b, f->bytes);
    buf_printf(b, "%.2f,", analyze_minutes(r, f->bytes));
    put_cell(b, f->change, ",");
    put_cell(b, f->accepted_by ? f->accepted_by : "", ",");
    put_cell(b, f->accepted_for ? f->accepted_for : "", ",");
    put_cell(b, why_not, ",");
    put_evidence(b, f);
}

void render_csv(struct buf *b, const struct analysis *r)
{
    buf_puts(b, "rule,catalogue,section,severity,state,title,why,fix,found,rows,bytes,minutes,change,accepted_by,"
                "accepted_reason,not_run_because,evidence\r\n");
    for (size_t i = 0; i < r->n_findings; i++)
        put_finding(b, r, &r->findings[i]);
}
