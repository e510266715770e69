#include "base/json.h"
#include "forward/display.h"

static void put_count(struct buf *b, const struct tally_count *c)
{
    buf_printf(b, "\"fixed\":%lu,\"todo\":%lu,\"reported\":%lu,\"hours\":%.2f", c->fixed, c->todo, c->reported,
               c->hours);
}

/* A comma before everything but the first. */
static void put_comma(struct buf *b, bool *first)
{
    if (!*first)
        buf_putc(b, ',');
    *first = false;
}

static void put_summary(const struct display *r, struct buf *b)
{
    const struct tally *t = r->tally;
    buf_printf(b,
               "\"files\":%zu,\"files_without_element\":%zu,\"elements\":%lu,\"carried\":%lu,\"deltas\":%lu,"
               "\"methods\":%lu,\"lines\":%lu,\"files_written\":%lu,",
               r->result->n_files, r->result->n_files_empty, t->elements, t->carried, t->deltas, t->methods, t->lines,
               t->files);
    put_count(b, &t->count);
    buf_printf(b, ",\"references\":%lu,\"references_found\":%lu", usage_total(r->result->usage),
               usage_known(r->result->usage));
    json_put_text(b, ",", "assumptions", DISPLAY_ASSUMPTIONS);
}

static void put_kinds(const struct display *r, struct buf *b)
{
    bool first = true;
    buf_puts(b, ",\n\"kinds\":[");
    for (size_t i = 0; i <= SYMBOL_KINDS; i++) {
        const struct tally_kind *k = &r->tally->kinds[i];
        if (!k->elements)
            continue;
        put_comma(b, &first);
        json_put_text(b, "\n{", "kind", display_kind(k->kind));
        buf_printf(b, ",\"elements\":%lu,\"carried\":%lu,\"methods\":%lu,\"lines\":%lu,", k->elements, k->carried,
                   k->methods, k->lines);
        put_count(b, &k->count);
        buf_putc(b, '}');
    }
    buf_putc(b, ']');
}

static void put_severities(const struct display *r, struct buf *b)
{
    buf_puts(b, ",\n\"severities\":{");
    for (unsigned s = RULE_ERROR; s <= RULE_INFO; s++) {
        buf_printf(b, "%s\"%s\":{", s ? "," : "", rule_severity_name(s));
        put_count(b, &r->tally->by_severity[s]);
        buf_putc(b, '}');
    }
    buf_putc(b, '}');
}

static void put_rules(const struct display *r, struct buf *b)
{
    buf_puts(b, ",\n\"rules\":[");
    for (size_t i = 0; i < r->tally->n_rules; i++) {
        const struct tally_rule *x = &r->tally->rules[i];
        json_put_text(b, i ? ",\n{" : "\n{", "rule", x->rule->id);
        json_put_text(b, ",", "title", x->rule->title);
        buf_printf(b, ",\"severity\":\"%s\",\"elements\":%lu,", rule_severity_name(x->rule->severity), x->elements);
        put_count(b, &x->count);
        buf_putc(b, '}');
    }
    buf_putc(b, ']');
}

static void put_finding(const struct finding *f, struct buf *b)
{
    json_put_text(b, "{", "rule", f->rule);
    buf_printf(b, ",\"outcome\":\"%s\",\"line\":%u,\"column\":%u", display_outcome(f->outcome), f->line, f->column);
    json_put_member(b, ",", "where", f->where);
    json_put_member(b, ",", "detail", f->detail);
    buf_putc(b, '}');
}

static void put_unit(const struct display *r, const struct forward_unit *u, struct buf *b)
{
    json_put_text(b, "\n{", "kind", display_kind(u->kind));
    json_put_member(b, ",", "name", u->name);
    json_put_text(b, ",", "model", r->result->models[u->model].name);
    json_put_text(b, ",", "file", u->input->path);
    buf_printf(b, ",\"line\":%u,\"delta\":%s,\"files\":%u,\"methods\":%u,\"lines\":%u,\"findings\":[", u->line,
               u->delta ? "true" : "false", u->files, u->methods, u->lines);
    for (size_t i = 0; i < u->n_findings; i++) {
        if (i)
            buf_puts(b, ",\n ");
        put_finding(&u->findings[i], b);
    }
    buf_puts(b, "]}");
}

static void put_unknown(const struct display *r, struct buf *b)
{
    buf_puts(b, ",\n\"unknown\":[");
    for (size_t i = 0; i < r->n_unknown; i++) {
        const struct usage_unknown *x = r->unknown[i];
        buf_printf(b, "%s\n{\"kind\":\"%s\"", i ? "," : "", reference_kind_name(x->kind));
        json_put_member(b, ",", "name", x->name);
        json_put_member(b, ",", "member", x->member);
        buf_printf(b, ",\"count\":%lu,\"places\":[", x->count);
        for (unsigned p = 0; p < x->n_places; p++) {
            json_put_text(b, p ? ",{" : "{", "file", r->result->units[x->places[p].unit].input->path);
            buf_printf(b, ",\"line\":%u}", x->places[p].line);
        }
        buf_puts(b, "]}");
    }
    buf_putc(b, ']');
}

static void put_models(const struct display *r, struct buf *b)
{
    buf_puts(b, ",\n\"models\":[");
    for (size_t i = 0; i < r->result->n_models; i++) {
        const struct forward_model *m = &r->result->models[i];
        json_put_text(b, i ? ",\n{" : "\n{", "name", m->name);
        buf_printf(b, ",\"elements\":%zu,\"step\":%u,\"circular\":%s,\"needs\":{", m->elements, m->step,
                   m->circular ? "true" : "false");
        for (size_t n = 0; m->needs[n]; n++) {
            if (n)
                buf_putc(b, ',');
            json_put_string(b, str_of(m->needs[n]));
            buf_printf(b, ":%lu", m->uses[n]);
        }
        buf_puts(b, "}}");
    }
    buf_putc(b, ']');
}

void display_json(const struct display *r, struct buf *b)
{
    buf_putc(b, '{');
    put_summary(r, b);
    put_severities(r, b);
    put_kinds(r, b);
    put_rules(r, b);
    put_models(r, b);
    put_unknown(r, b);
    buf_puts(b, ",\n\"units\":[");
    for (size_t i = 0; i < r->result->n_units; i++) {
        if (i)
            buf_putc(b, ',');
        put_unit(r, &r->result->units[i], b);
    }
    buf_puts(b, "]}\n");
}
