#include "analyze/render.h"
#include "analyze/sizing.h"
#include "base/html.h"
#include "base/json.h"
#include "base/term.h"

#define MONTHS_SHOWN 24
#define LINES_MOST 12

/* -- what is recommended, in words -- */

struct line {
    const char *what, *value, *how;
};

static const char *size_of(struct arena *a, int64_t bytes)
{
    char size[16];
    term_size(bytes, size);
    return arena_dup(a, size);
}

static size_t advice_lines(const struct sizing *s, struct arena *a, struct line *ret)
{
    struct sizing_advice v = sizing_advise(s);
    size_t n = 0;
    ret[n++] = (struct line){
        "disk of the target during the upgrade", size_of(a, v.target_disk),
        arena_printf(a, "replica, version N, their indexes and %s of write-ahead log", size_of(a, v.target_log))};
    ret[n++] = (struct line){arena_printf(a, "disk of the target in %d months", s->months_ahead),
                             size_of(a, v.target_kept), "with the growth of these months"};
    ret[n++] = (struct line){"log kept on the source", size_of(a, v.source_log),
                             "for a day without replication, every hour as busy as the busiest"};
    ret[n++] =
        (struct line){"memory of the target", size_of(a, v.memory),
                      arena_printf(a, "%d workers, %d sessions, a tenth of the data", s->workers, v.connections)};
    ret[n++] = (struct line){"connections to the target", arena_printf(a, "%d", v.connections),
                             "and one for each user of version N"};
    ret[n++] = (struct line){"connections to the source", arena_printf(a, "%d", v.source_connections),
                             "copy, stream, proof and analysis"};
    if (s->stores <= 0)
        return n;
    ret[n++] = (struct line){"gateway for stores of N-1", arena_printf(a, "%.2f cores", v.gateway_cores),
                             arena_printf(a,
                                          "%lld stores in %lld groups that ask every 10 s, its share of the target's "
                                          "server included",
                                          (long long)s->stores, (long long)s->groups)};
    ret[n++] =
        (struct line){"memory of the gateway", size_of(a, v.gateway_memory), "a connection with TLS for each store"};
    return n;
}

/* -- text -- */

static void put_kinds(struct buf *b, const struct sizing *s, struct arena *a)
{
    struct term_table *t =
        term_table_new(a, arena_printf(a, "kind|>months|>rows|>busiest hour|in|>a month now|>next %d months|>size then",
                                       s->months_ahead));
    for (size_t i = 0; i < s->n_kinds; i++) {
        const struct sizing_kind *k = &s->kinds[i];
        char rows[32], peak[32], next[32], more[16];
        term_count(k->rows, rows);
        term_count(k->peak_hour, peak);
        term_count(k->next_rows, next);
        term_size(k->next_bytes, more);
        term_table_row(t, k->title, arena_printf(a, "%zu", k->n_months), rows, peak, k->peak_month ? k->peak_month : "",
                       k->n_full >= 3 ? arena_printf(a, "%.0f", k->last) : "?", k->n_full >= 3 ? next : "?",
                       k->n_full >= 3 ? arena_printf(a, "+%s", more) : "?");
    }
    term_table_put(t, b);
}

static void put_missing(struct buf *b, const struct sizing *s)
{
    for (size_t i = 0; i < s->n_kinds; i++) {
        const struct sizing_kind *k = &s->kinds[i];
        if (k->skipped || k->failure)
            buf_printf(b, "%s: %s\n", k->title, k->skipped ? k->skipped : k->failure);
    }
}

void render_sizing_text(struct buf *b, const struct analysis *r)
{
    const struct sizing *s = r->sizing;
    SCOPED(arena) a = arena_new();
    struct line lines[LINES_MOST];
    size_t n = advice_lines(s, a, lines);
    struct term_table *t = term_table_new(a, "what|>needs|how it was made");
    buf_printf(b, "sizing    %s now, %s in %d months\n", size_of(a, s->database_bytes), size_of(a, s->forecast_bytes),
               s->months_ahead);
    if (s->n_kinds) {
        put_kinds(b, s, a);
        put_missing(b, s);
        buf_puts(b, "growth is a straight line through the full months; three of them are the least\n");
    }
    buf_putc(b, '\n');
    for (size_t i = 0; i < n; i++)
        term_table_row(t, lines[i].what, lines[i].value, lines[i].how);
    term_table_put(t, b);
    buf_puts(b, "all of it estimates; the measurements behind them are in docs/sizing.md\n");
}

/* -- JSON -- */

static void put_json_kind(struct buf *b, const struct sizing_kind *k)
{
    buf_printf(b, "{\"kind\":\"%s\",\"title\":", k->name);
    json_put_string(b, str_of(k->title));
    buf_puts(b, ",\"not_applicable\":");
    json_put_string(b, str_of(k->skipped ? k->skipped : ""));
    buf_puts(b, ",\"failure\":");
    json_put_string(b, str_of(k->failure ? k->failure : ""));
    buf_printf(b,
               ",\"rows\":%lld,\"bytes\":%lld,\"peak_hour\":%lld,\"peak_month\":\"%s\",\"full_months\":%zu,"
               "\"slope\":%.3f,\"rows_a_month\":%.0f,\"forecast_rows\":%lld,\"forecast_bytes\":%lld,\"months\":[",
               (long long)k->rows, (long long)k->bytes, (long long)k->peak_hour, k->peak_month ? k->peak_month : "",
               k->n_full, k->slope, k->last, (long long)k->next_rows, (long long)k->next_bytes);
    for (size_t i = 0; i < k->n_months; i++)
        buf_printf(b, "%s{\"month\":\"%s\",\"rows\":%lld,\"peak_hour\":%lld}", i ? "," : "", k->months[i].month,
                   (long long)k->months[i].rows, (long long)k->months[i].peak_hour);
    buf_puts(b, "]}");
}

void render_sizing_json(struct buf *b, const struct analysis *r)
{
    const struct sizing *s = r->sizing;
    struct sizing_advice v = sizing_advise(s);
    buf_printf(b, "{\"bytes\":%lld,\"months_ahead\":%d,\"forecast_bytes\":%lld,\"stores\":%lld,\"groups\":%lld,",
               (long long)s->database_bytes, s->months_ahead, (long long)s->forecast_bytes, (long long)s->stores,
               (long long)s->groups);
    buf_printf(b,
               "\"target_disk\":%lld,\"target_disk_then\":%lld,\"target_log\":%lld,\"source_log\":%lld,"
               "\"target_memory\":%lld,\"target_connections\":%d,\"source_connections\":%d,\"gateway_cores\":%.3f,"
               "\"gateway_memory\":%lld,\"kinds\":[",
               (long long)v.target_disk, (long long)v.target_kept, (long long)v.target_log, (long long)v.source_log,
               (long long)v.memory, v.connections, v.source_connections, v.gateway_cores, (long long)v.gateway_memory);
    for (size_t i = 0; i < s->n_kinds; i++) {
        buf_puts(b, i ? "," : "");
        put_json_kind(b, &s->kinds[i]);
    }
    buf_puts(b, "]}");
}

/* -- HTML -- */

static void put_months(struct buf *b, const struct sizing_kind *k, struct arena *a)
{
    size_t from = k->n_months > MONTHS_SHOWN ? k->n_months - MONTHS_SHOWN : 0, n = k->n_months - from;
    struct html_bar *bars = arena_new_array(a, struct html_bar, n + 1);
    if (n == 0)
        return;
    for (size_t i = 0; i < n; i++) {
        const struct sizing_month *m = &k->months[from + i];
        char rows[32];
        term_count(m->rows, rows);
        bool full = from + i > 0 && from + i + 1 < k->n_months;
        bars[i] = (struct html_bar){m->month, arena_dup(a, rows), (double)m->rows, full ? HTML_PLAIN : HTML_MUTED};
    }
    html_heading(b, 3, arena_printf(a, "%s by month", k->title));
    html_columns(b, bars, n);
}

void render_sizing_html(struct buf *b, const struct analysis *r, struct arena *a)
{
    struct line lines[LINES_MOST];
    size_t n = advice_lines(r->sizing, a, lines);
    html_heading(b, 2, "Growth and size");
    html_paragraph(b, HTML_PLAIN,
                   arena_printf(a, "%s now, about %s in %d months.", size_of(a, r->sizing->database_bytes),
                                size_of(a, r->sizing->forecast_bytes), r->sizing->months_ahead));
    for (size_t i = 0; i < r->sizing->n_kinds; i++)
        put_months(b, &r->sizing->kinds[i], a);
    html_heading(b, 3, "What is needed");
    html_table_begin(b, "what|>needs|how it was made");
    for (size_t i = 0; i < n; i++) {
        html_row_begin(b);
        html_cell(b, lines[i].what);
        html_cell_right(b, lines[i].value);
        html_cell(b, lines[i].how);
        html_row_end(b);
    }
    html_table_end(b);
}
