#include "analyze/render.h"
#include "base/clock.h"
#include "base/json.h"

#define TABLES_SHOWN 15

static void put_string(struct buf *b, const char *name, const char *value)
{
    buf_printf(b, "\"%s\":", name);
    json_put_string(b, str_of(value ? value : ""));
    buf_putc(b, ',');
}

static void put_about(struct buf *b, const struct analyze_finding *f)
{
    put_string(b, "id", f->id);
    put_string(b, "catalogue", f->catalogue);
    put_string(b, "section", f->section);
    put_string(b, "severity", analyze_severity_name(f->severity));
    put_string(b, "title", f->title);
    put_string(b, "why", f->why);
    put_string(b, "fix", f->fix);
    buf_printf(b, "\"fix_script\":%s", f->has_fix ? "true" : "false");
}

static void put_history(struct buf *b, const struct analyze_finding *f)
{
    put_string(b, "state", analyze_state_name(f->state));
    put_string(b, "change", f->change);
    buf_puts(b, "\"rows_before\":");
    if (f->total_before >= 0)
        buf_printf(b, "%lld,", (long long)f->total_before);
    else
        buf_puts(b, "null,");
    put_string(b, "accepted_by", f->accepted_by);
    put_string(b, "accepted_reason", f->accepted_for);
    put_string(b, "accepted_outgrown", f->accepted_grown);
    put_string(b, "not_applicable", f->skipped);
    put_string(b, "note", f->note);
    put_string(b, "failure", f->failure);
}

static void put_finding(struct buf *b, const struct analysis *r, const struct analyze_finding *f)
{
    buf_putc(b, '{');
    put_about(b, f);
    buf_putc(b, ',');
    put_history(b, f);
    buf_printf(b,
               "\"found\":%s,\"rows\":%lld,\"affected\":%lld,\"bytes\":%lld,\"minutes\":%.2f,\"elapsed_ms\":%lld,"
               "\"evidence\":[",
               analyze_is_found(f) ? "true" : "false", (long long)f->total, (long long)f->affected, (long long)f->bytes,
               analyze_minutes(r, f->bytes), (long long)(f->elapsed_us / 1000));
    for (size_t i = 0; i < f->n_rows; i++) {
        buf_puts(b, i ? ",{" : "{");
        put_string(b, "subject", f->rows[i].subject);
        put_string(b, "detail", f->rows[i].detail);
        buf_printf(b, "\"bytes\":%lld}", (long long)f->rows[i].bytes);
    }
    buf_puts(b, "]}");
}

static void put_head(struct buf *b, const struct analysis *r)
{
    char started[32];
    clock_iso(r->started_us, started);
    put_string(b, "package", r->package);
    put_string(b, "package_version", r->version);
    put_string(b, "started", started);
    buf_printf(b, "\"run\":%lld,\"since\":%lld,", (long long)r->run, (long long)r->since);
    for (int s = 0; s < ANALYZE_SEVERITIES; s++)
        buf_printf(b, "\"%s\":%d,", analyze_severity_name((enum analyze_severity)s),
                   analyze_count(r, (enum analyze_severity)s));
    buf_printf(b, "\"accepted\":%d,\"fixed\":%d,\"not_applicable\":%d,\"failed\":%d,",
               analyze_count_state(r, ANALYZE_ACCEPTED), analyze_count_state(r, ANALYZE_FIXED),
               analyze_count_state(r, ANALYZE_SKIPPED), analyze_count_state(r, ANALYZE_FAILED));
    buf_printf(b, "\"tables\":%zu,\"bytes\":%lld,\"saves_bytes\":%lld,\"saves_minutes\":%.2f,\"copy_rate\":%lld,",
               r->n_tables, (long long)r->database_bytes, (long long)analyze_savings(r),
               analyze_minutes(r, analyze_savings(r)), (long long)r->copy_rate);
}

static void put_modules(struct buf *b, const struct analysis *r)
{
    buf_puts(b, ",\"modules\":[");
    for (size_t i = 0; i < r->n_modules; i++) {
        buf_puts(b, i ? ",{" : "{");
        put_string(b, "module", r->modules[i].name);
        buf_printf(b, "\"tables\":%lld,\"rows\":%lld,\"bytes\":%lld}", (long long)r->modules[i].tables,
                   (long long)r->modules[i].rows, (long long)r->modules[i].bytes);
    }
    buf_putc(b, ']');
}

static void put_largest(struct buf *b, const struct analysis *r)
{
    buf_puts(b, ",\"largest\":[");
    for (size_t i = 0; i < r->n_tables && i < TABLES_SHOWN; i++) {
        buf_puts(b, i ? ",{" : "{");
        put_string(b, "table", r->tables[i].name);
        buf_printf(b, "\"rows\":%lld,\"bytes\":%lld}", (long long)r->tables[i].rows, (long long)r->tables[i].bytes);
    }
    buf_putc(b, ']');
}

void render_json(struct buf *b, const struct analysis *r)
{
    buf_putc(b, '{');
    put_head(b, r);
    buf_puts(b, "\"findings\":[");
    for (size_t i = 0; i < r->n_findings; i++) {
        buf_puts(b, i ? "," : "");
        put_finding(b, r, &r->findings[i]);
    }
    buf_putc(b, ']');
    put_modules(b, r);
    put_largest(b, r);
    buf_puts(b, ",\"sizing\":");
    render_sizing_json(b, r);
    buf_puts(b, "}\n");
}

void render_rules_json(struct buf *b, const struct rules *rules)
{
    buf_putc(b, '[');
    for (size_t i = 0; i < rules->n; i++) {
        buf_puts(b, i ? ",{" : "{");
        put_about(b, &rules->p[i].about);
        buf_puts(b, ",\"tables\":");
        json_put_string(b, str_of(rules->p[i].tables));
        buf_putc(b, '}');
    }
    buf_puts(b, "]\n");
}
