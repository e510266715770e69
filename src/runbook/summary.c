#include "runbook/summary.h"
#include "base/clock.h"
#include "base/html.h"
#include "base/json.h"

int64_t summary_number(const char *detail, const char *name)
{
    struct str rest = str_of(detail);
    while (rest.n) {
        struct str word = str_split(&rest, ' ');
        struct str key = str_split(&word, '=');
        int64_t v = 0;
        if (str_is(key, name) && str_to_i64(word, &v))
            return v;
    }
    return 0;
}

struct str summary_words(const char *detail)
{
    struct str rest = str_of(detail);
    return str_trim(str_split(&rest, '|'));
}

static const struct summary_step *find(const struct summary *s, const char *name)
{
    for (size_t i = 0; i < s->n; i++)
        if (strcmp(s->steps[i].step->name, name) == 0)
            return &s->steps[i];
    return NULL;
}

static void judge_downtime(struct summary *s)
{
    const struct summary_step *stop = find(s, "stop-writers"), *drain = find(s, "drain"), *open = find(s, "open");
    s->downtime_us = -1;
    if (!stop || !drain || !open)
        return;
    s->stop_begin_us = stop->state.first_us;
    int64_t committed = drain->state.done ? summary_number(drain->state.detail, "last_commit_us") : 0;
    if (committed)
        s->last_commit_us = committed - summary_number(stop->state.detail, "clock_offset_us");
    s->drained_transactions = summary_number(drain->state.detail, "transactions");
    if (!open->state.done)
        return;
    s->first_write_us = summary_number(open->state.detail, "first_write_us");
    s->downtime_us = s->first_write_us - MAX(s->last_commit_us, s->stop_begin_us);
}

bool summary_read(struct journal *j, const struct runbook *r, int64_t run, struct arena *a, struct summary *ret,
                  struct err *err)
{
    *ret = (struct summary){.run = run, .n = r->n, .complete = true};
    ret->steps = arena_new_array(a, struct summary_step, r->n);
    for (size_t i = 0; i < r->n; i++) {
        struct summary_step *s = &ret->steps[i];
        s->step = &r->steps[i];
        if (!journal_read(j, run, s->step->name, a, &s->state, err))
            return false;
        s->us = s->state.done ? s->state.done_us - s->state.start_us : 0;
        ret->complete &= s->state.done;
    }
    judge_downtime(ret);
    return true;
}

/* -- text -- */

static const char *state_word(const struct journal_step *s)
{
    return s->done ? "done" : s->started ? "not done" : "";
}

static void put_step(struct buf *b, const struct summary_step *s)
{
    char took[32] = "";
    if (s->state.done)
        clock_human(s->us, took);
    struct str said = s->state.started ? summary_words(s->state.detail) : str_of(s->step->title);
    buf_printf(b, "  %-9s %-13s %-9s %10s  %.*s\n", runbook_phase_name(s->step->phase), s->step->name,
               state_word(&s->state), took, STR_ARG(said));
}

void summary_put_text(struct buf *b, const struct summary *s)
{
    char took[32], at[32];
    for (size_t i = 0; i < s->n; i++)
        put_step(b, &s->steps[i]);
    if (s->downtime_us < 0)
        return;
    clock_human(s->downtime_us, took);
    clock_iso(MAX(s->last_commit_us, s->stop_begin_us), at);
    buf_printf(b, "\n  downtime  %s: from %s (last write on the source)", took, at);
    clock_iso(s->first_write_us, at);
    buf_printf(b, " to %s (first write on the target)\n", at);
}

/* -- JSON -- */

static void put_time(struct buf *b, const char *name, int64_t us)
{
    char at[32];
    clock_iso(us, at);
    if (us)
        buf_printf(b, "\"%s\":\"%s\",", name, at);
    else
        buf_printf(b, "\"%s\":null,", name);
}

void summary_put_json(struct buf *b, const struct summary *s)
{
    buf_printf(b, "{\"run\":%" PRId64 ",\"complete\":%s,", s->run, s->complete ? "true" : "false");
    put_time(b, "stop_began", s->stop_begin_us);
    put_time(b, "last_commit", s->last_commit_us);
    put_time(b, "first_write", s->first_write_us);
    if (s->downtime_us >= 0)
        buf_printf(b, "\"downtime_seconds\":%.3f,\"steps\":[", (double)s->downtime_us / 1e6);
    else
        buf_puts(b, "\"downtime_seconds\":null,\"steps\":[");
    for (size_t i = 0; i < s->n; i++) {
        const struct summary_step *x = &s->steps[i];
        buf_printf(b, "%s{\"step\":\"%s\",\"phase\":\"%s\",\"done\":%s,\"attempts\":%d,\"seconds\":%.3f,\"detail\":",
                   i ? "," : "", x->step->name, runbook_phase_name(x->step->phase), x->state.done ? "true" : "false",
                   x->state.attempts, (double)x->us / 1e6);
        json_put_string(b, str_of(x->state.detail));
        buf_putc(b, '}');
    }
    buf_puts(b, "]}\n");
}

/* -- HTML -- */

static void put_figures(struct buf *b, const struct summary *s)
{
    char took[32] = "not over", transactions[32];
    if (s->downtime_us >= 0)
        clock_human(s->downtime_us, took);
    snprintf(transactions, sizeof transactions, "%" PRId64, s->drained_transactions);
    html_figures_begin(b);
    html_figure(b, s->complete ? HTML_GOOD : HTML_WARN, took, "downtime");
    html_figure(b, HTML_PLAIN, transactions, "transactions followed");
    html_figures_end(b);
}

static void put_bars(struct buf *b, const struct summary *s, struct arena *a)
{
    struct html_bar *bars = arena_new_array(a, struct html_bar, s->n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        const struct summary_step *x = &s->steps[i];
        if (x->step->phase != PHASE_DOWNTIME || !x->state.done)
            continue;
        char took[32];
        clock_human(x->us, took);
        bars[n++] = (struct html_bar){.label = x->step->name, .shown = arena_dup(a, took), .value = (double)x->us};
    }
    html_heading(b, 2, "Where the downtime went");
    html_bars(b, bars, n);
}

static void put_rows(struct buf *b, const struct summary *s, struct arena *a)
{
    html_heading(b, 2, "Steps");
    html_table_begin(b, "phase|step|what|state|>took|>attempts|result");
    for (size_t i = 0; i < s->n; i++) {
        const struct summary_step *x = &s->steps[i];
        char took[32] = "", attempts[16];
        if (x->state.done)
            clock_human(x->us, took);
        snprintf(attempts, sizeof attempts, "%d", x->state.attempts);
        html_row_begin(b);
        html_cell(b, runbook_phase_name(x->step->phase));
        html_cell(b, x->step->name);
        html_cell(b, x->step->title);
        html_cell_badge(b,
                        x->state.done      ? HTML_GOOD
                        : x->state.started ? HTML_BAD
                                           : HTML_MUTED,
                        x->state.started ? state_word(&x->state) : "waiting");
        html_cell_right(b, took);
        html_cell_right(b, attempts);
        html_cell(b, arena_dup_str(a, summary_words(x->state.detail)));
        html_row_end(b);
    }
    html_table_end(b);
}

void summary_put_html(struct buf *b, const struct summary *s, const char *title)
{
    SCOPED(arena) a = arena_new();
    html_page_begin(b, title);
    html_heading(b, 1, title);
    put_figures(b, s);
    put_bars(b, s, a);
    put_rows(b, s, a);
    html_paragraph(b, HTML_MUTED,
                   "Downtime: from the last write that the source accepted to the first write that the target took.");
    html_page_end(b);
}
