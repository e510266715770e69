#include "verify/report_json.h"
#include "base/clock.h"
#include "base/json.h"
#include "db/pg.h"

static void put_string(struct buf *b, const char *name, const char *value)
{
    buf_printf(b, "\"%s\":", name);
    if (value)
        json_put_string(b, str_of(value));
    else
        buf_puts(b, "null");
    buf_putc(b, ',');
}

static void put_number(struct buf *b, const char *name, int64_t value)
{
    buf_printf(b, "\"%s\":%lld,", name, (long long)value);
}

static void put_flag(struct buf *b, const char *name, bool value)
{
    buf_printf(b, "\"%s\":%s,", name, value ? "true" : "false");
}

/* Every list and object is written with a comma behind each member; the last one is taken back here. */
static void close_with(struct buf *b, char end)
{
    if (b->p[b->n - 1] == ',')
        b->n--;
    buf_putc(b, end);
}

static void put_row(struct buf *b, const struct report_row *row)
{
    buf_putc(b, '{');
    put_string(b, "what", row->what);
    put_string(b, "key", row->key);
    buf_puts(b, "\"columns\":[");
    vec_each (&row->values, v) {
        buf_putc(b, '{');
        put_string(b, "column", v->column);
        put_string(b, "expected", v->expected);
        put_string(b, "found", v->found);
        close_with(b, '}');
        buf_putc(b, ',');
    }
    close_with(b, ']');
    buf_putc(b, '}');
}

static void put_rows_field(struct buf *b, const char *name, int64_t rows)
{
    if (rows < 0)
        buf_printf(b, "\"%s\":null,", name);
    else
        put_number(b, name, rows);
}

static void put_check(struct buf *b, const struct report_check *c)
{
    buf_putc(b, '{');
    put_string(b, "name", c->name);
    put_string(b, "title", c->title);
    put_string(b, "result", outcome_name(c->outcome));
    put_string(b, "note", c->note);
    put_rows_field(b, "expected_rows", c->expected_rows);
    put_rows_field(b, "found_rows", c->found_rows);
    put_number(b, "differences", c->differences);
    put_flag(b, "at_least", c->at_least);
    put_number(b, "explained", c->explained);
    put_number(b, "in_flight", c->in_flight);
    put_number(b, "elapsed_ms", c->elapsed_us / 1000);
    buf_puts(b, "\"evidence\":[");
    vec_each (&c->rows, row) {
        put_row(b, *row);
        buf_putc(b, ',');
    }
    close_with(b, ']');
    buf_putc(b, '}');
}

static void put_section(struct buf *b, const struct report *r, enum report_section s)
{
    buf_putc(b, '{');
    put_string(b, "name", report_section_name(s));
    put_string(b, "title", report_section_title(s));
    put_string(b, "result", outcome_name(report_section_outcome(r, s)));
    for (int o = OUTCOME_PASS; o <= OUTCOME_FAIL; o++)
        put_number(b, o == OUTCOME_IN_FLIGHT ? "in_flight" : outcome_name((enum outcome)o),
                   report_count(r, s, (enum outcome)o));
    buf_puts(b, "\"checks\":[");
    vec_each (&r->checks, c) {
        if ((*c)->section != s)
            continue;
        put_check(b, *c);
        buf_putc(b, ',');
    }
    close_with(b, ']');
    buf_putc(b, '}');
}

static void put_losses(struct buf *b, const struct report *r)
{
    buf_puts(b, "\"losses\":[");
    vec_each (&r->losses, l) {
        buf_putc(b, '{');
        put_string(b, "table", l->table);
        put_string(b, "column", l->column);
        put_string(b, "reason", l->reason);
        put_flag(b, "rounded", l->rounded);
        put_rows_field(b, "rows", l->rows);
        close_with(b, '}');
        buf_putc(b, ',');
    }
    close_with(b, ']');
}

static void put_time(struct buf *b, const char *name, int64_t us)
{
    char text[32];
    clock_iso(us, text);
    put_string(b, name, text);
}

void report_json_put(struct buf *b, const struct report *r)
{
    char at[24];
    pg_lsn_format(r->position, at);
    buf_putc(b, '{');
    put_string(b, "id", r->id);
    put_string(b, "kind", r->kind);
    put_string(b, "result", outcome_name(report_outcome(r)));
    put_string(b, "package", r->package);
    put_string(b, "package_version", r->version);
    put_time(b, "started", r->started_us);
    put_time(b, "finished", r->finished_us);
    put_number(b, "elapsed_ms", (r->finished_us - r->started_us) / 1000);
    put_string(b, "position", at);
    put_flag(b, "live", r->live);
    buf_printf(b, "\"held_ms\":%.3f,", (double)r->held_us / 1000);
    buf_puts(b, "\"remarks\":[");
    vec_each (&r->remarks, remark) {
        json_put_string(b, str_of(*remark));
        buf_putc(b, ',');
    }
    close_with(b, ']');
    buf_puts(b, ",\"sections\":[");
    for (int s = 0; s < SECTION_COUNT; s++) {
        put_section(b, r, (enum report_section)s);
        buf_putc(b, ',');
    }
    close_with(b, ']');
    buf_putc(b, ',');
    put_losses(b, r);
    buf_puts(b, "}\n");
}
