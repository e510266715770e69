#include "runbook/summary.h"
#include "base/clock.h"
#include "base/gantt.h"
#include "base/html.h"
#include "base/json.h"
#include "runbook/chart.h"

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
    s->downtime_us = s->first_write_us - MAX(s->last_commit_us, s->stop_begin_us) - s->aside_us;
}

static bool is_decision(const char *event)
{
    static const char *const words[] = {"checked", "overridden", "skipped", "confirmed", "undone", "abandoned"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (strcmp(event, words[i]) == 0)
            return true;
    return false;
}

static bool read_notes(struct journal *j, int64_t run, struct arena *a, struct summary *ret, struct err *err)
{
    struct journal_event *events = NULL;
    size_t n = 0;
    if (run && !journal_events(j, run, NULL, a, &events, &n, err))
        return false;
    ret->notes = arena_new_array(a, struct summary_note, n + 1);
    for (size_t i = 0; i < n; i++)
        if (is_decision(events[i].event))
            ret->notes[ret->n_notes++] = (struct summary_note){events[i].at_us, events[i].who, events[i].step,
                                                               events[i].event, events[i].detail};
    return true;
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
        int64_t aside = s->state.done ? summary_number(s->state.detail, "aside_us") : 0;
        s->us = s->state.done && s->state.start_us ? s->state.done_us - s->state.start_us - aside : 0;
        ret->aside_us += aside;
        ret->complete &= s->state.done;
    }
    judge_downtime(ret);
    return read_notes(j, run, a, ret, err) && forecast_noted(r, j, run, a, &ret->expected, &ret->expected_there, err);
}

/* -- text -- */

static const char *state_word(const struct journal_step *s)
{
    return s->skipped ? "skipped" : s->done ? "done" : s->failed ? "failed" : s->started ? "begun" : "";
}

/* "4 % less than expected"; "" when nothing was. */
static const char *against(struct arena *a, int64_t us, int64_t expected_us)
{
    if (expected_us <= 0)
        return "";
    double off = ((double)us / (double)expected_us - 1) * 100;
    return arena_printf(a, "%.0f %% %s than expected", off < 0 ? -off : off, off < 0 ? "less" : "more");
}

static void put_step(struct buf *b, const struct summary_step *s)
{
    char took[32] = "";
    if (s->state.done)
        clock_human(s->us, took);
    bool known = s->state.started || s->state.done;
    struct str said = known ? summary_words(s->state.detail) : str_of(s->step->title);
    buf_printf(b, "  %-9s %-13s %-9s %10s  %.*s\n", runbook_phase_name(s->step->phase), s->step->name,
               state_word(&s->state), took, STR_ARG(said));
}

void summary_put_text(struct buf *b, const struct summary *s)
{
    char took[32], at[32];
    for (size_t i = 0; i < s->n; i++)
        put_step(b, &s->steps[i]);
    for (size_t i = 0; i < s->n_notes; i++)
        buf_printf(b, "  note      %s %s by %s: %s\n", s->notes[i].step[0] ? s->notes[i].step : "the run",
                   s->notes[i].event, s->notes[i].who, s->notes[i].detail);
    if (s->downtime_us < 0)
        return;
    clock_human(s->downtime_us, took);
    clock_iso(MAX(s->last_commit_us, s->stop_begin_us), at);
    buf_printf(b, "\n  downtime  %s: from %s (last write on the source)", took, at);
    clock_iso(s->first_write_us, at);
    buf_printf(b, " to %s (first write on the target)\n", at);
    if (!s->expected_there)
        return;
    SCOPED(arena) a = arena_new();
    buf_printf(b, "  expected  %s from %zu rehearsals: %s\n", chart_range(a, &s->expected.downtime),
               s->expected.n_samples, against(a, s->downtime_us, s->expected.downtime.us));
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

static void put_word(struct buf *b, const char *name, const char *value)
{
    buf_printf(b, ",\"%s\":", name);
    json_put_string(b, str_of(value));
}

static void put_notes(struct buf *b, const struct summary *s)
{
    buf_puts(b, "],\"notes\":[");
    for (size_t i = 0; i < s->n_notes; i++) {
        char at[32];
        clock_iso(s->notes[i].at_us, at);
        buf_printf(b, "%s{\"at\":\"%s\"", i ? "," : "", at);
        put_word(b, "who", s->notes[i].who);
        put_word(b, "step", s->notes[i].step);
        put_word(b, "event", s->notes[i].event);
        put_word(b, "detail", s->notes[i].detail);
        buf_putc(b, '}');
    }
}

void summary_put_json(struct buf *b, const struct summary *s)
{
    buf_printf(b, "{\"run\":%" PRId64 ",\"complete\":%s,", s->run, s->complete ? "true" : "false");
    put_time(b, "stop_began", s->stop_begin_us);
    put_time(b, "last_commit", s->last_commit_us);
    put_time(b, "first_write", s->first_write_us);
    if (s->downtime_us >= 0)
        buf_printf(b, "\"downtime_seconds\":%.3f,", (double)s->downtime_us / 1e6);
    else
        buf_puts(b, "\"downtime_seconds\":null,");
    if (s->expected_there)
        buf_printf(b, "\"expected_downtime_seconds\":%.3f,\"steps\":[", (double)s->expected.downtime.us / 1e6);
    else
        buf_puts(b, "\"expected_downtime_seconds\":null,\"steps\":[");
    for (size_t i = 0; i < s->n; i++) {
        const struct summary_step *x = &s->steps[i];
        buf_printf(b,
                   "%s{\"step\":\"%s\",\"phase\":\"%s\",\"done\":%s,\"state\":\"%s\",\"attempts\":%d,\"seconds\":%.3f,",
                   i ? "," : "", x->step->name, runbook_phase_name(x->step->phase), x->state.done ? "true" : "false",
                   state_word(&x->state), x->state.attempts, (double)x->us / 1e6);
        buf_printf(b, "\"expected_seconds\":%.3f,\"who\":", (double)s->expected.steps[i].us / 1e6);
        json_put_string(b, str_of(x->state.who));
        buf_puts(b, ",\"detail\":");
        json_put_string(b, str_of(x->state.detail));
        buf_putc(b, '}');
    }
    put_notes(b, s);
    buf_puts(b, "]}\n");
}

/* -- HTML -- */

static void put_figures(struct buf *b, const struct summary *s, struct arena *a)
{
    char took[32] = "not over", transactions[32];
    if (s->downtime_us >= 0)
        clock_human(s->downtime_us, took);
    snprintf(transactions, sizeof transactions, "%" PRId64, s->drained_transactions);
    html_figures_begin(b);
    html_figure(b, s->complete ? HTML_GOOD : HTML_WARN, took, "downtime");
    if (s->expected_there)
        html_figure(b, HTML_PLAIN, chart_range(a, &s->expected.downtime), "downtime expected");
    html_figure(b, HTML_PLAIN, transactions, "transactions followed");
    html_figures_end(b);
}

/* As it was: each bar where its step really began. */
static void put_gantt(struct buf *b, const struct summary *s, enum runbook_phase phase, struct arena *a)
{
    struct gantt_bar *bars = arena_new_array(a, struct gantt_bar, s->n + 1);
    size_t n = 0;
    int64_t origin = INT64_MAX;
    for (size_t i = 0; i < s->n; i++)
        if (s->steps[i].step->phase == phase && s->steps[i].state.done && !s->steps[i].state.skipped)
            origin = MIN(origin, s->steps[i].state.start_us);
    for (size_t i = 0; i < s->n; i++) {
        const struct summary_step *x = &s->steps[i];
        if (x->step->phase != phase || !x->state.done || x->state.skipped)
            continue;
        char took[32];
        clock_human(x->us, took);
        bars[n++] = (struct gantt_bar){x->step->name, arena_dup(a, took), x->state.start_us - origin,
                                       x->state.done_us - origin, true};
    }
    if (n)
        html_heading(b, 2, arena_printf(a, "Where the time went: %s", runbook_phase_name(phase)));
    gantt_put(b, bars, n);
}

static void put_rows(struct buf *b, const struct summary *s, struct arena *a)
{
    html_heading(b, 2, "Steps");
    html_table_begin(b, "phase|step|what|state|>took|>expected|>attempts|by|result");
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
                        x->state.skipped   ? HTML_WARN
                        : x->state.done    ? HTML_GOOD
                        : x->state.started ? HTML_BAD
                                           : HTML_MUTED,
                        x->state.started || x->state.done ? state_word(&x->state) : "waiting");
        html_cell_right(b, took);
        html_cell_right(b, chart_range(a, &s->expected.steps[i]));
        html_cell_right(b, attempts);
        html_cell(b, x->state.who);
        html_cell(b, arena_dup_str(a, summary_words(x->state.detail)));
        html_row_end(b);
    }
    html_table_end(b);
}

static void put_decisions(struct buf *b, const struct summary *s)
{
    if (s->n_notes == 0)
        return;
    html_heading(b, 2, "Decisions");
    html_table_begin(b, "when|who|step|what|why");
    for (size_t i = 0; i < s->n_notes; i++) {
        char at[32];
        clock_iso(s->notes[i].at_us, at);
        html_row_begin(b);
        html_cell(b, at);
        html_cell(b, s->notes[i].who);
        html_cell(b, s->notes[i].step);
        html_cell_badge(b, strcmp(s->notes[i].event, "overridden") == 0 ? HTML_WARN : HTML_MUTED, s->notes[i].event);
        html_cell(b, s->notes[i].detail);
        html_row_end(b);
    }
    html_table_end(b);
}

void summary_put_html(struct buf *b, const struct summary *s, const char *title)
{
    SCOPED(arena) a = arena_new();
    html_page_begin(b, title);
    html_heading(b, 1, title);
    put_figures(b, s, a);
    for (int p = PHASE_AFTER; p >= PHASE_BEFORE; p--)
        put_gantt(b, s, (enum runbook_phase)p, a);
    put_rows(b, s, a);
    put_decisions(b, s);
    html_paragraph(b, HTML_MUTED,
                   "Downtime: from the last write that the source accepted to the first write that the target took.");
    html_page_end(b);
}
