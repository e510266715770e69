#include "smoke/results.h"
#include "base/clock.h"
#include "base/html.h"
#include "base/json.h"

static const char *const words[] = {[RESULT_PASSED] = "ok", [RESULT_SKIPPED] = "skipped", [RESULT_FAILED] = "failed"};

size_t results_in(const struct results *r, enum result_outcome outcome)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++)
        n += r->p[i].outcome == outcome;
    return n;
}

/* "status 200, 812 bytes", "[timeout] nobody answers ..." */
static void put_said(const struct result *x, struct buf *b)
{
    if (x->outcome == RESULT_FAILED)
        buf_printf(b, "[%s] %s", err_info(x->why.code)->name, x->why.message);
    else
        buf_puts(b, x->said);
}

void results_put_text(const struct results *r, struct buf *b)
{
    if (r->n == 0)
        buf_puts(b, "there are no probes: write them into smoke.yaml of the project\n");
    for (size_t i = 0; i < r->n; i++) {
        const struct result *x = &r->p[i];
        char took[32];
        clock_human(x->us, took);
        buf_printf(b, "%-8s %-9s %s: %s (%s)\n         ", words[x->outcome], probe_kind_name(x->probe->kind),
                   x->probe->name, x->probe->title, took);
        put_said(x, b);
        buf_puts(b, "\n");
        if (x->outcome == RESULT_FAILED && x->why.hint[0])
            buf_printf(b, "         %s\n", x->why.hint);
    }
}

static void put_string(struct buf *b, const char *name, const char *value)
{
    buf_printf(b, "\"%s\":", name);
    json_put_string(b, str_of(value));
    buf_putc(b, ',');
}

void results_put_json(const struct results *r, struct buf *b)
{
    buf_printf(b, "{\"probes\":%zu,\"failed\":%zu,\"results\":[", r->n, results_in(r, RESULT_FAILED));
    for (size_t i = 0; i < r->n; i++) {
        const struct result *x = &r->p[i];
        bool failed = x->outcome == RESULT_FAILED;
        buf_puts(b, i ? ",{" : "{");
        put_string(b, "name", x->probe->name);
        put_string(b, "kind", probe_kind_name(x->probe->kind));
        put_string(b, "title", x->probe->title);
        put_string(b, "area", x->probe->area ? x->probe->area : "");
        put_string(b, "said", x->said);
        put_string(b, "error", failed ? err_info(x->why.code)->name : "");
        put_string(b, "message", failed ? x->why.message : "");
        put_string(b, "state", words[x->outcome]);
        buf_printf(b, "\"elapsed_ms\":%" PRId64 "}", x->us / 1000);
    }
    buf_puts(b, "]}\n");
}

void results_put_html(const struct results *r, int64_t at_us, struct buf *b)
{
    static const enum html_tone tones[] = {
        [RESULT_PASSED] = HTML_GOOD, [RESULT_SKIPPED] = HTML_MUTED, [RESULT_FAILED] = HTML_BAD};
    SCOPED(arena) a = arena_new();
    char at[32], took[32];
    clock_iso(at_us, at);
    html_page_begin(b, arena_printf(a, "carryover smoke %s", at));
    html_heading(b, 1, "Smoke test");
    html_paragraph(b, HTML_MUTED, arena_printf(a, "As of %s.", at));
    html_table_begin(b, "outcome|kind|probe|what was seen|>took");
    for (size_t i = 0; i < r->n; i++) {
        SCOPED_BUF said = {0};
        put_said(&r->p[i], &said);
        clock_human(r->p[i].us, took);
        html_row_begin(b);
        html_cell_badge(b, tones[r->p[i].outcome], words[r->p[i].outcome]);
        html_cell(b, probe_kind_name(r->p[i].probe->kind));
        html_cell(b, arena_printf(a, "%s: %s", r->p[i].probe->name, r->p[i].probe->title));
        html_cell(b, buf_text(&said));
        html_cell_right(b, took);
        html_row_end(b);
    }
    html_table_end(b);
    html_page_end(b);
}

void results_put_summary(const struct results *r, struct buf *b)
{
    size_t failed = results_in(r, RESULT_FAILED), skipped = results_in(r, RESULT_SKIPPED);
    const char *separator = ": ";
    if (r->n == 0)
        buf_puts(b, "there are no probes");
    else
        buf_printf(b, "%zu of %zu probes %s", failed ? failed : r->n - skipped, r->n, failed ? "failed" : "passed");
    if (skipped)
        buf_printf(b, ", %zu skipped", skipped);
    for (size_t i = 0; i < r->n; i++) {
        if (r->p[i].outcome != RESULT_FAILED)
            continue;
        buf_printf(b, "%s%s (%s)", separator, r->p[i].probe->name, r->p[i].why.message);
        separator = "; ";
    }
}
