#include "forward/display.h"

/* RFC 4180; a text that a spreadsheet would take for a formula begins with an apostrophe. */
static void put_field(struct buf *b, struct str s)
{
    buf_putc(b, '"');
    if (s.n && strchr("=+-@\t\r", s.p[0]))
        buf_putc(b, '\'');
    while (s.n) {
        const char *quote = memchr(s.p, '"', s.n);
        size_t n = quote ? (size_t)(quote - s.p) + 1 : s.n;
        buf_put(b, s.p, n);
        if (quote)
            buf_putc(b, '"');
        s = (struct str){s.p + n, s.n - n};
    }
    buf_puts(b, "\",");
}

static void put_row(const struct display *r, const struct forward_unit *u, const struct finding *f, struct buf *b)
{
    const struct rule *rule = rulebook_find(r->book, f->rule);
    put_field(b, str_of(f->rule));
    put_field(b, str_of(rule ? rule_severity_name(rule->severity) : ""));
    put_field(b, str_of(display_outcome(f->outcome)));
    put_field(b, str_of(r->result->models[u->model].name));
    put_field(b, str_of(display_kind(u->kind)));
    put_field(b, u->name);
    put_field(b, f->where);
    put_field(b, str_of(u->input->path));
    buf_printf(b, "%u,%u,%.2f,", f->line, f->column, tally_hours(rule, f));
    put_field(b, str_of(rule ? rule->title : ""));
    put_field(b, f->detail);
    b->p[--b->n] = '\0';
    buf_puts(b, "\r\n");
}

void display_csv(const struct display *r, struct buf *b)
{
    buf_puts(b, "rule,severity,outcome,model,kind,element,where,file,line,column,hours,title,detail\r\n");
    for (size_t i = 0; i < r->result->n_units; i++)
        for (size_t n = 0; n < r->result->units[i].n_findings; n++)
            put_row(r, &r->result->units[i], &r->result->units[i].findings[n], b);
}
