/* Events and calls of a set of exports, and what they make of a method. */
#include "forward/handlers.h"
#include "test.h"
#include "unit/xpp/tried.h"

static const char host[] =
    "CLASS #CtsRun\n METHODS\n"
    "  SOURCE #run\n   #void run(int _id)\n   #{\n   #}\n  ENDSOURCE\n"
    "  SOURCE #make\n   #static void make(int _id)\n   #{\n   #}\n  ENDSOURCE\n"
    "  SOURCE #told\n   #delegate void told(int _id)\n   #{\n   #}\n  ENDSOURCE\n ENDMETHODS\n"
    " EVENTS\n  %s #%s\n   EVENTHANDLERS\n    EVENTHANDLER #h\n     PROPERTIES\n"
    "      %s\n      Class #ctshandler\n      Method #Handle\n"
    "     ENDPROPERTIES\n    ENDEVENTHANDLER\n   ENDEVENTHANDLERS\n  END%s\n ENDEVENTS\nENDCLASS\n";

struct learned {
    struct handlers *h;
    struct symbols *s;
    struct arena *a;
};

static struct learned learn(const char *keyword, const char *event, const char *when)
{
    struct learned l = {handlers_new(), symbols_new(), arena_new()};
    const char *text = arena_printf(l.a, host, keyword, event, when, keyword);
    for (int twice = 0; twice < 2; twice++) {
        SCOPED_TRY t = good(text);
        handlers_learn(l.h, &t.e);
        symbols_add(l.s, &t.e, SYMBOL_OURS);
    }
    return l;
}

static void learned_done(struct learned *l)
{
    handlers_free(l->h);
    symbols_free(l->s);
    arena_free(l->a);
}
#define SCOPED_LEARNED __attribute__((cleanup(learned_done))) struct learned

static const char *change(const struct learned *l, const char *text)
{
    struct handler_change c;
    assert_true(handlers_change(l->h, l->s, STR("CtsHandler"), STR("handle"), str_of(text), l->a, &c));
    return c.reason ? c.reason : arena_dup_str(l->a, c.text);
}

static void an_attribute_says_what_kind_of_member_it_is(void **state)
{
    (void)state;
    static const struct {
        const char *keyword, *event, *when, *attribute;
    } cases[] = {
        {"METHOD", "run", "CalledWhen #Post", "PostHandlerFor(classStr(CtsRun), methodStr(CtsRun, run))"},
        {"METHOD", "make", "", "PreHandlerFor(classStr(CtsRun), staticMethodStr(CtsRun, make))"},
        {"EVENT", "told", "", "SubscribesTo(classStr(CtsRun), delegateStr(CtsRun, told))"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        SCOPED_LEARNED l = learn(cases[i].keyword, cases[i].event, cases[i].when);
        const char *text = "static void handle(XppPrePostArgs _a)\n{\n}";
        assert_string_equal(change(&l, text), arena_printf(l.a, "[%s]\n%s", cases[i].attribute, text));
        struct handler_change c;
        assert_false(handlers_change(l.h, l.s, STR("CtsHandler"), STR("other"), str_of(text), l.a, &c));
    }
}

static void a_method_that_is_called_keeps_its_parameters(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool called;
    } cases[] = {
        {"    #    CtsHandler::Handle(1);", true},      {"    #    x = f(ctshandler :: handle(1));", true},
        {"    #    // see CtsHandler::handle", false},  {"    ##define.X(CtsHandler::handle(1))", true},
        {"    #    CtsHandler::handler(1);", false},    {"    #    OtherCtsHandler::handle(1);", false},
        {"    #    x; // CtsHandler::handle(1)", true}, {"::", false},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        SCOPED_LEARNED l = learn("METHOD", "run", "");
        handlers_learn_calls(l.h, str_of(cases[i].text));
        const char *after = change(&l, "static void handle(int _x)\n{\n}");
        if (cases[i].called)
            assert_string_equal(after, "other code calls it");
        else
            assert_non_null(strstr(after, "int _x = _args.getArg('_id');"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_attribute_says_what_kind_of_member_it_is),
        cmocka_unit_test(a_method_that_is_called_keeps_its_parameters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
