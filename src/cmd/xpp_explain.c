#include "base/json.h"
#include "base/suggest.h"
#include "base/term.h"
#include "cmd/xpp.h"

static void put_json(struct buf *b, const struct rule *r)
{
    json_put_text(b, "{", "rule", r->id);
    json_put_text(b, ",", "title", r->title);
    json_put_text(b, ",", "advice", r->advice);
    json_put_text(b, ",", "severity", rule_severity_name(r->severity));
    json_put_text(b, ",", "mode", rule_mode_name(r->mode));
    buf_printf(b, ",\"hours\":%.2f,\"examples\":[", r->hours);
    for (size_t i = 0; i < r->n_examples; i++) {
        json_put_text(b, i ? ",{" : "{", "before", r->examples[i].before);
        json_put_text(b, ",", "after", r->examples[i].after);
        buf_putc(b, '}');
    }
    buf_puts(b, "]}");
}

static void put_indented(struct buf *b, const char *text)
{
    struct str rest = str_of(text);
    while (rest.n) {
        struct str line = str_split(&rest, '\n');
        buf_printf(b, "    %.*s\n", STR_ARG(line));
    }
}

static const char *what_happens(const struct rule *r)
{
    if (r->opt_in)
        return "reported; mended when --fix names the rule";
    if (r->mode == RULE_FIX)
        return "mended by carryover xpp upgrade";
    return r->mode == RULE_TODO ? "a TODO comment at the place" : "reported";
}

static void put_text(struct buf *b, const struct rule *r, int width)
{
    buf_printf(b,
               "%s  %s\n\n  severity  %s\n  what      %s\n  hours     %.2f for each method or property that is left to "
               "a person\n  "
               "advice    ",
               r->id, r->title, rule_severity_name(r->severity), what_happens(r), r->hours);
    term_put_wrapped(b, r->advice, 12, 12, width);
    buf_putc(b, '\n');
    for (size_t i = 0; i < r->n_examples; i++) {
        buf_puts(b, "\n  before\n");
        put_indented(b, r->examples[i].before);
        if (r->examples[i].after) {
            buf_puts(b, "  after\n");
            put_indented(b, r->examples[i].after);
        }
    }
}

static void put_all(struct buf *b, const struct rulebook *book, struct arena *a)
{
    struct term_table *table = term_table_new(a, "rule|severity|mode|>hours|what");
    for (size_t i = 0; i < rulebook_count(book); i++) {
        const struct rule *r = rulebook_at(book, i);
        const char *cells[] = {r->id, rule_severity_name(r->severity), rule_mode_name(r->mode),
                               arena_printf(a, "%.2f", r->hours), r->title};
        term_table_add(table, cells);
    }
    term_table_put(table, b);
}

static void put_all_json(struct buf *b, const struct rulebook *book)
{
    buf_putc(b, '[');
    for (size_t i = 0; i < rulebook_count(book); i++) {
        buf_puts(b, i ? ",\n" : "");
        put_json(b, rulebook_at(book, i));
    }
    buf_puts(b, "]\n");
}

static bool refuse(const struct rulebook *book, const char *id, struct arena *a, struct err *err)
{
    size_t n = rulebook_count(book);
    const char **ids = arena_alloc(a, (n + 1) * sizeof *ids);
    for (size_t i = 0; i < n; i++)
        ids[i] = rulebook_at(book, i)->id;
    const char *near = suggest_nearest(str_of(id), ids, n);
    err_set(err, ERR_USAGE, "there is no rule '%s'", id);
    return near ? err_hint(err, "did you mean `carryover xpp explain %s`?", near)
                : err_hint(err, "`carryover xpp explain` lists all of them");
}

bool cmd_xpp_explain(struct command_call *call, struct err *err)
{
    SCOPED(rulebook) book = NULL;
    SCOPED_BUF b = {0};
    const char *standard, *id = command_arg(call, 0);
    bool json = command_flag(call, OPTION_JSON);
    if (!xpp_rules(call, &book, &standard, err))
        return false;
    const struct rule *r = id ? rulebook_find(book, id) : NULL;
    if (id && !r)
        return refuse(book, id, command_arena(call), err);
    if (r && json)
        put_json(&b, r);
    else if (r)
        put_text(&b, r, term_width(stdout));
    else if (json)
        put_all_json(&b, book);
    else
        put_all(&b, book, command_arena(call));
    if (r && json)
        buf_putc(&b, '\n');
    return cmd_print(&b, err);
}
