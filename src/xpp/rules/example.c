#include "xpp/rules/example.h"
#include "xpp/lang/parse.h"
#include "xpp/xpo/read.h"

static enum parse_what what_is(const char *inside)
{
    if (strcmp(inside, "class") == 0)
        return PARSE_CLASS;
    return strcmp(inside, "statement") == 0 ? PARSE_STATEMENTS : PARSE_ANY;
}

static bool parse_text(const char *text, const char *inside, struct syntax *s, struct err *err)
{
    if (parse(str_of(text), what_is(inside), LEX_SOURCE, s))
        return true;
    uint32_t line, column;
    source_place(str_of(text), s->problems.p[0].off, &line, &column);
    return err_set(err, ERR_PACKAGE, "an example is no X++, line %u, column %u: %s", line, column,
                   s->problems.p[0].message);
}

static bool enter_given(const char *given, struct symbols *symbols, struct arena *a, struct err *err)
{
    struct xpo_file *f = xpo_of_text(str_of(given ? given : ""));
    xpo_problems problems = {0};
    bool ok = true;
    for (size_t i = 0; ok && i < xpo_count(f); i++) {
        struct xpo_element e;
        ok = xpo_parse(xpo_part(f, i), a, &e, &problems) && problems.n == 0;
        if (ok)
            symbols_add(symbols, &e, SYMBOL_OURS);
    }
    vec_done(&problems);
    xpo_free(f);
    return ok || err_set(err, ERR_PACKAGE, "what an example says is given is no export");
}

bool example_apply(const struct rulebook *book, const char *opt_in, const struct rule_example *x, struct findings *f,
                   struct buf *out, struct err *err)
{
    const char *const opt_ins[] = {opt_in, NULL};
    struct xpo_node root = {.keyword = STR("CLASS")};
    struct xpo_element e = {.code = str_of(strcmp(x->inside, "form") == 0 ? "FRM" : "CLS"), .root = &root};
    struct rules_place place = {.element = &e, .where = STR("methods/test"), .name = STR("test"), .line = 1};
    struct syntax s = {0};
    SCOPED(arena) a = arena_new();
    SCOPED(symbols) symbols = symbols_new();
    place.column = 1;
    e.name = STR("Test");
    bool ok = parse_text(x->before, x->inside, &s, err) && enter_given(x->given, symbols, a, err);
    if (ok) {
        SCOPED(scope) scope = scope_new(symbols);
        struct rules_options o = {.book = book, .symbols = symbols, .opt_ins = opt_ins};
        SCOPED(rules_run) run = rules_run_new(&o);
        scope_element(scope, &e);
        scope_method(scope, &s, NULL);
        rules_on_source(run, &s, &place, scope, f, out);
    }
    syntax_done(&s);
    return ok;
}

static bool is_found(const struct findings *f, const char *rule)
{
    vec_each (&f->list, x)
        if (strcmp(x->rule, rule) == 0)
            return true;
    return false;
}

static bool try_one(const struct rulebook *book, const struct rule *r, const struct rule_example *x, struct err *err)
{
    SCOPED_BUF out = {0};
    SCOPED(arena) a = arena_new();
    struct findings f = {.arena = a};
    bool ok = example_apply(book, r->id, x, &f, &out, err);
    bool found = ok && is_found(&f, r->id);
    vec_done(&f.list);
    if (!ok)
        return err_wrap(err, "the rule %s", r->id);
    if (!found)
        return err_set(err, ERR_PACKAGE, "the rule %s does not find its example:\n%s", r->id, x->before);
    const char *expected = x->after ? x->after : x->before;
    if (str_is(buf_str(&out), expected) || (!x->after && r->mode == RULE_FIX))
        return true;
    return err_set(err, ERR_PACKAGE, "the rule %s makes of its example:\n%sinstead of:\n%s", r->id, buf_text(&out),
                   expected);
}

bool example_try_all(const struct rulebook *book, const struct rule *r, struct err *err)
{
    for (size_t i = 0; i < r->n_examples; i++)
        if (!try_one(book, r, &r->examples[i], err))
            return false;
    return true;
}
