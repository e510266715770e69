#include "cmd/refresh_plan.h"
#include "base/json.h"
#include "base/term.h"
#include "cmd/cmd.h"

static const char *const outcomes[] = {"ok", "warning", "problem"};

static int64_t carried_bytes(const struct table_list *tables)
{
    int64_t bytes = 0;
    for (size_t i = 0; i < tables->n; i++)
        bytes += tables->p[i].bytes;
    return bytes;
}

/* --- text --- */

static void put_rule(struct buf *b, const struct rule *r)
{
    buf_printf(b, "  %-12s %-40s %s%s\n", rule_kind_name(r->kind), r->name, r->skipped ? "skipped: " : "",
               r->skipped ? r->skipped : r->about);
}

static void put_check(struct buf *b, const struct check_item *c)
{
    buf_printf(b, "  %-8s %-16s %s\n", outcomes[c->outcome], c->name, c->found);
    if (c->outcome != CHECK_OK)
        buf_printf(b, "           mend: %s\n", c->mend);
}

static void put_text(struct buf *b, const struct refreshing *r, const struct table_list *tables, const struct checks *l)
{
    char size[16];
    term_size(carried_bytes(tables), size);
    buf_printf(b, "%s becomes %s (%s); %zu tables are carried, %s\n", r->next, r->production,
               r->production_kind ? "production" : "sandbox", tables->n, size);
    for (size_t i = 0; i < tables->n; i++) {
        const struct table *t = &tables->p[i];
        char rows[32];
        term_count(t->rows, rows);
        term_size(t->bytes, size);
        buf_printf(b, "  %-12s %s.%-*s %14s rows %10s\n", "carried", t->schema,
                   (int)MAX(1, 39 - (int)strlen(t->schema)), t->name, rows, size);
    }
    for (size_t i = 0; i < r->rules.n; i++)
        put_rule(b, &r->rules.p[i]);
    buf_puts(b, "pre-flight\n");
    for (size_t i = 0; i < l->n; i++)
        put_check(b, &l->p[i]);
}

/* --- JSON --- */

static void put_json(struct buf *b, const struct refreshing *r, const struct table_list *tables, const struct checks *l)
{
    json_put_text(b, "{", "production", r->production);
    json_put_text(b, ",", "next", r->next);
    buf_printf(b, ",\"bytes\":%" PRId64 ",\"carried\":[", carried_bytes(tables));
    for (size_t i = 0; i < tables->n; i++) {
        json_put_text(b, i ? ",{" : "{", "schema", tables->p[i].schema);
        json_put_text(b, ",", "table", tables->p[i].name);
        buf_printf(b, ",\"rows\":%" PRId64 ",\"bytes\":%" PRId64 "}", tables->p[i].rows, tables->p[i].bytes);
    }
    buf_puts(b, "],\"rules\":[");
    for (size_t i = 0; i < r->rules.n; i++) {
        json_put_text(b, i ? ",{" : "{", "kind", rule_kind_name(r->rules.p[i].kind));
        json_put_text(b, ",", "name", r->rules.p[i].name);
        json_put_text(b, ",", "about", r->rules.p[i].about);
        json_put_text(b, ",", "skipped", r->rules.p[i].skipped);
        buf_putc(b, '}');
    }
    buf_puts(b, "],\"checks\":[");
    for (size_t i = 0; i < l->n; i++) {
        json_put_text(b, i ? ",{" : "{", "name", l->p[i].name);
        json_put_text(b, ",", "outcome", outcomes[l->p[i].outcome]);
        json_put_text(b, ",", "found", l->p[i].found);
        json_put_text(b, ",", "mend", l->p[i].mend);
        buf_putc(b, '}');
    }
    buf_puts(b, "]}\n");
}

bool refresh_plan_print(struct command_call *call, struct refreshing *r, struct err *err)
{
    SCOPED_BUF text = {0};
    struct table_list tables;
    struct checks checks;
    if (!refreshing_resolve(r, err) || !refreshing_check(r, &checks, err) ||
        !source_catalog(r->source, r->a, &tables, err))
        return false;
    if (command_flag(call, OPTION_JSON))
        put_json(&text, r, &tables, &checks);
    else
        put_text(&text, r, &tables, &checks);
    return cmd_print(&text, err) && check_refuse(&checks, err);
}

bool cmd_refresh_plan(struct command_call *call, struct err *err)
{
    SCOPED_REFRESHING r = {0};
    return refreshing_open(call, &r, err) && refresh_plan_print(call, &r, err);
}
