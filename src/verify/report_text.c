#include "verify/report_text.h"
#include "base/clock.h"
#include "base/term.h"
#include "db/pg.h"

static enum term_style style_of(enum outcome o)
{
    switch (o) {
    case OUTCOME_PASS:
        return TERM_GREEN;
    case OUTCOME_EXPLAINED:
    case OUTCOME_IN_FLIGHT:
        return TERM_YELLOW;
    case OUTCOME_SKIPPED:
        return TERM_DIM;
    case OUTCOME_FAIL:
        return TERM_RED;
    }
    return TERM_PLAIN;
}

static void put_outcome(struct buf *b, enum outcome o, FILE *f)
{
    buf_printf(b, "%s%-9s%s", term_style(f, style_of(o)), outcome_name(o), term_style(f, TERM_PLAIN));
}

static void put_head(struct buf *b, const struct report *r, FILE *f)
{
    char at[24], took[32], when[32], held[32];
    pg_lsn_format(r->position, at);
    clock_human(r->finished_us - r->started_us, took);
    clock_human(r->held_us, held);
    clock_iso(r->started_us, when);
    buf_puts(b, "verify    ");
    put_outcome(b, report_outcome(r), f);
    buf_printf(b, " %s proof of %s %s\n", r->kind, r->package, r->version);
    buf_printf(b, "          %s, position %s, took %s\n", when, at, took);
    if (r->live)
        buf_printf(b, "          replication went on; it stood still for %s\n", held);
    vec_each (&r->remarks, remark) {
        buf_puts(b, "          ");
        term_put_wrapped(b, *remark, 10, 10, MIN(term_width(f), 110));
        buf_putc(b, '\n');
    }
}

static const char *outcome_word(enum outcome o)
{
    return o == OUTCOME_FAIL ? "failed" : o == OUTCOME_IN_FLIGHT ? "in flight" : outcome_name(o);
}

static const char *rows_text(struct arena *a, const struct report_check *c)
{
    char found[32];
    if (c->found_rows < 0)
        return "";
    term_count(c->found_rows, found);
    return arena_dup(a, found);
}

static const char *differences_text(struct arena *a, const struct report_check *c)
{
    char n[32];
    if (c->differences == 0)
        return "";
    term_count(c->differences, n);
    return arena_printf(a, "%s%s differ", c->at_least ? "at least " : "", n);
}

static void put_check(struct buf *b, const struct report_check *c, struct arena *a, FILE *f)
{
    char took[32];
    clock_human(c->elapsed_us, took);
    buf_puts(b, "  ");
    put_outcome(b, c->outcome, f);
    buf_printf(b, " %-36s %14s  %8s  %s", c->name, rows_text(a, c), c->elapsed_us ? took : "", differences_text(a, c));
    while (b->p[b->n - 1] == ' ')
        b->n--;
    buf_putc(b, '\n');
    bool is_law = c->section == SECTION_LAWS;
    if (is_law && c->outcome != OUTCOME_PASS)
        buf_printf(b, "            %s\n", c->title);
    if (*c->note) {
        buf_puts(b, "            ");
        term_put_wrapped(b, c->note, 12, 12, MIN(term_width(f), 110));
        buf_putc(b, '\n');
    }
}

static const char *shown(const char *value)
{
    return value ? value : "(null)";
}

static void put_row(struct buf *b, const struct report_row *row)
{
    buf_printf(b, "            %s: %s\n", row->what, row->key);
    bool violation = strcmp(row->what, "violation") == 0;
    vec_each (&row->values, v) {
        if (violation)
            buf_printf(b, "              %s = %s\n", v->column, shown(v->found));
        else
            buf_printf(b, "              %s: %s -> %s\n", v->column, shown(v->expected), shown(v->found));
    }
}

static void put_section(struct buf *b, const struct report *r, enum report_section s, bool all, FILE *f)
{
    SCOPED(arena) a = arena_new();
    static const enum outcome others[] = {OUTCOME_EXPLAINED, OUTCOME_IN_FLIGHT, OUTCOME_SKIPPED, OUTCOME_FAIL};
    int n = 0;
    vec_each (&r->checks, c)
        n += (*c)->section == s;
    if (n == 0)
        return;
    buf_printf(b, "\n%s%s%s: %d of %d passed", term_style(f, TERM_BOLD), report_section_title(s),
               term_style(f, TERM_PLAIN), report_count(r, s, OUTCOME_PASS), n);
    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        if (report_count(r, s, others[i]))
            buf_printf(b, ", %d %s", report_count(r, s, others[i]), outcome_word(others[i]));
    buf_putc(b, '\n');
    vec_each (&r->checks, c) {
        if ((*c)->section != s || (!all && (*c)->outcome == OUTCOME_PASS))
            continue;
        put_check(b, *c, a, f);
        vec_each (&(*c)->rows, row)
            put_row(b, *row);
    }
}

static void put_losses(struct buf *b, const struct report *r, FILE *f)
{
    SCOPED(arena) a = arena_new();
    struct term_table *t = term_table_new(a, "  table|column|>rows|reason");
    bool any = false;
    vec_each (&r->losses, l) {
        char rows[32];
        if (l->rounded || l->rows == 0)
            continue;
        term_count(l->rows, rows);
        term_table_row(t, arena_printf(a, "  %s", l->table), l->column, l->rows < 0 ? "?" : rows, l->reason);
        any = true;
    }
    if (!any)
        return;
    buf_printf(b, "\n%sLost on the way back, as the lenses say%s\n", term_style(f, TERM_BOLD),
               term_style(f, TERM_PLAIN));
    term_table_put(t, b);
}

void report_text_put(struct buf *b, const struct report *r, bool all, FILE *f)
{
    put_head(b, r, f);
    for (int s = 0; s < SECTION_COUNT; s++)
        put_section(b, r, (enum report_section)s, all, f);
    put_losses(b, r, f);
}
