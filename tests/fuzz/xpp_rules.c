/* Rules on any source: nothing crashes, what no rule finds comes out as it is, and a comment or a fix changes nothing
 * that it does not name. */
#include "xpp/lang/parse.h"
#include "xpp/rules/apply.h"
#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const struct rulebook *book_of_rules(void)
{
    static const char *const calls[] = {"today()", "f($a, ...)", NULL}, *const deleted[] = {"pause;", "$x.lock();",
                                                                                            NULL};
    static const char *const types[] = {"WinAPI", "Sys*", NULL}, *const modifiers[] = {"server", NULL},
                             *const nodes[] = {"print", NULL};
    static const struct rule rules[] = {
        {.id = "A", .title = "t", .advice = "a", .mode = RULE_FIX, .matches = calls},
        {.id = "B", .title = "t", .advice = "a", .mode = RULE_FIX, .matches = deleted, .fix = ""},
        {.id = "C", .title = "t", .advice = "a", .mode = RULE_TODO, .types = types},
        {.id = "D", .title = "t", .advice = "a", .mode = RULE_FIX, .modifiers = modifiers},
        {.id = "E", .title = "t", .advice = "a", .mode = RULE_FIX, .nodes = nodes, .fix = ""},
        {.id = "F", .title = "t", .advice = "a", .mode = RULE_FIX, .check = "lone-semicolon"},
        {.id = "G", .title = "t", .advice = "a", .mode = RULE_REPORT, .check = "unbalanced-tts"},
        {.id = "H", .title = "t", .advice = "a", .mode = RULE_REPORT, .check = "return-in-tts"},
        {.id = "I", .title = "t", .advice = "a", .mode = RULE_REPORT, .check = "unknown-escape"},
        {.id = "J", .title = "t", .advice = "a", .mode = RULE_REPORT, .check = "array-assignment"},
    };
    static struct rulebook *book;
    struct err err = {0};
    if (!book && !rulebook_compile(rules, sizeof rules / sizeof *rules, &book, &err))
        abort();
    return book;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    SCOPED(arena) a = arena_new();
    SCOPED(symbols) symbols = symbols_new();
    SCOPED_BUF out = {0};
    struct syntax s = {0};
    struct str source = {(const char *)data, n};
    struct xpo_node root = {.keyword = str_of("CLASS")};
    struct xpo_element e = {.code = str_of("CLS"), .name = str_of("Fuzz"), .root = &root};
    struct rules_place place = {.element = &e, .where = str_of("m"), .name = str_of("m"), .line = 1, .column = 1};
    struct rules_options o = {.book = book_of_rules(), .symbols = symbols, .comments = true};
    SCOPED(rules_run) run = rules_run_new(&o);
    SCOPED(scope) scope = scope_new(symbols);
    struct findings f = {.arena = a};
    if (n > 65536)
        return 0;
    parse(source, PARSE_ANY, LEX_SOURCE, &s);
    scope_element(scope, &e);
    scope_method(scope, &s, NULL);
    rules_on_source(run, &s, &place, scope, &f, &out);
    if (f.list.n == 0)
        assert(str_eq(buf_str(&out), source));
    vec_each (&f.list, x)
        assert(x->line > 0 && x->column > 0);
    vec_done(&f.list);
    syntax_done(&s);
    return 0;
}
