#include "unit/xpp/tried.h"

#define HEAD "Exportfile for AOT version 1.0 or later\nFormatversion: 1\n\n"

static const char class_text[] = HEAD "***Element: CLS\n\n; Klasse: Pfand\n; ----\n  CLSVERSION 1\n  \n"
                                      "  CLASS #Pfand\n"
                                      "    PROPERTIES\n"
                                      "      Name                #Pfand\n"
                                      "      Extends             #RunBase\n"
                                      "      PreventEditProperties #No\n"
                                      "      Label               #a #b 100%\n"
                                      "      C#Name              #x\n"
                                      "      HelpText            #\n"
                                      "    ENDPROPERTIES\n"
                                      "    \n"
                                      "    METHODS\n"
                                      "      Version: 3\n"
                                      "      SOURCE #classDeclaration\n"
                                      "        #class Pfand extends RunBase\n"
                                      "        #{\n"
                                      "        ##define.A(1)\n"
                                      "        #}\n"
                                      "      ENDSOURCE\n"
                                      "      SOURCE #run\n"
                                      "#void run()\n"
                                      "        #{ // ENDSOURCE\n"
                                      "        #\n"
                                      "        #}\n"
                                      "        #\n"
                                      "      ENDSOURCE\n"
                                      "    ENDMETHODS\n"
                                      "    EVENTS\n"
                                      "      METHOD #run\n"
                                      "        EVENTHANDLERS\n"
                                      "          EVENTHANDLER #Log\n"
                                      "            PROPERTIES\n"
                                      "              CalledWhen          #Post\n"
                                      "            ENDPROPERTIES\n"
                                      "          ENDEVENTHANDLER\n"
                                      "        ENDEVENTHANDLERS\n"
                                      "      ENDMETHOD\n"
                                      "    ENDEVENTS\n"
                                      "  ENDCLASS\n\n***Element: END\n";

static void a_class_has_properties_sources_and_events(void **state)
{
    (void)state;
    SCOPED_TRY t = good(class_text);
    assert_int_equal(xpo_count(t.file), 1);
    assert_str(t.e.code, "CLS");
    assert_str(t.e.name, "Pfand");
    assert_str(t.e.version, "CLSVERSION 1");
    assert_str(t.e.comment, "; Klasse: Pfand\n; ----\n");
    assert_int_equal(t.e.line, 4);
    assert_int_equal(t.e.root->line, 10);
    assert_str(xpo_value(t.e.root, "preventeditproperties"), "No");
    assert_str(xpo_value(t.e.root, "Label"), "a #b 100%");
    assert_str(xpo_value(t.e.root, "C#Name"), "x");
    assert_non_null(xpo_value(t.e.root, "HelpText").p);
    assert_null(xpo_value(t.e.root, "Origin").p);
    assert_int_equal(xpo_prop_find(t.e.root, "Extends")->line, 13);
    const struct xpo_node *methods = xpo_child(t.e.root, "methods"), *source = xpo_child(methods, "SOURCE");
    assert_str(xpo_child(methods, "Version")->word, "3");
    assert_str(xpo_source(source, t.a), "class Pfand extends RunBase\n{\n#define.A(1)\n}");
    source = xpo_same(source);
    assert_str(source->name, "run");
    assert_int_equal(source->text_line, 29);
    assert_str(xpo_source(source, t.a), "void run()\n{ // ENDSOURCE\n\n}\n");
    assert_null(xpo_same(source));
    const struct xpo_node *events = xpo_child(t.e.root, "EVENTS");
    assert_str(events->first->keyword, "METHOD");
    assert_str(xpo_value(events->first->first->first, "CalledWhen"), "Post");
}

static void a_source_goes_back_to_what_it_was(void **state)
{
    (void)state;
    static const char *const sources[] = {"", "a", "\n", "a\n", "\n\na\n  b # c\n#define.x\n"};
    for (size_t i = 0; i < ARRAY_LEN(sources); i++) {
        SCOPED_BUF b = {0};
        buf_puts(&b, "SOURCE #x\n");
        xpo_source_put(&b, str_of(sources[i]), 8);
        buf_puts(&b, "ENDSOURCE\n");
        SCOPED_TRY t = good(b.p);
        assert_str(xpo_source(t.e.root, t.a), sources[i]);
    }
}

static void items_of_a_table_have_no_end(void **state)
{
    (void)state;
    SCOPED_TRY t =
        good("***Element: DBT\n\n  TABLEVERSION 1\n  TABLE #T\n    EnforceFKRelation 1\n"
             "    PROPERTIES\n      Name #T\n    ENDPROPERTIES\n"
             "    FIELDS\n"
             "      FIELD #A\n        STRING\n        PROPERTIES\n          Name #A\n"
             "          ExtendedDataType\n          ARRAY\n            #X\n            #Y\n          ENDARRAY\n"
             "        ENDPROPERTIES\n"
             "      FIELD #B\n        ENUM\n        PROPERTIES\n          EnumType #NoYes\n"
             "        ENDPROPERTIES\n"
             "    ENDFIELDS\n"
             "    INDICES\n"
             "      #AIdx\n      PROPERTIES\n        AllowDuplicates #No\n      ENDPROPERTIES\n"
             "      INDEXFIELDS\n        #A\n        #B\n      ENDINDEXFIELDS\n"
             "      #BIdx\n      PROPERTIES\n      ENDPROPERTIES\n      INDEXFIELDS\n        #B\n"
             "      ENDINDEXFIELDS\n"
             "    ENDINDICES\n"
             "    DELETEACTIONS\n      #U(R)\n      PROPERTIES\n        Table #U\n      ENDPROPERTIES\n"
             "    ENDDELETEACTIONS\n"
             "  ENDTABLE\n");
    assert_str(xpo_child(t.e.root, "EnforceFKRelation")->word, "1");
    assert_str(xpo_value(t.e.root, "Name"), "T");
    const struct xpo_node *a = xpo_child(t.e.root, "FIELDS")->first, *b = xpo_same(a);
    assert_str(a->word, "STRING");
    assert_str(b->word, "ENUM");
    assert_str(xpo_value(b, "EnumType"), "NoYes");
    const struct xpo_prop *array = xpo_prop_find(a, "ExtendedDataType");
    assert_int_equal(array->n_items, 2);
    assert_str(array->items[1], "Y");
    const struct xpo_node *index = xpo_child(t.e.root, "INDICES")->first;
    assert_str(index->name, "AIdx");
    assert_int_equal(index->keyword.n, 0);
    assert_str(xpo_value(index, "AllowDuplicates"), "No");
    assert_str(index->first->keyword, "INDEXFIELDS");
    assert_str(index->first->first->next->name, "B");
    assert_str(index->next->name, "BIdx");
    assert_null(index->next->next);
    assert_str(xpo_child(t.e.root, "DELETEACTIONS")->first->name, "U(R)");
}

static void indentation_says_nothing(void **state)
{
    (void)state;
    SCOPED_TRY t =
        good("***Element: SPV\n\nVERSION 1\nPRIVILEGE #P\nPROPERTIES\nName #P\nENDPROPERTIES\n"
             "    ENTRYPOINTS #Entry Points\n      ENTRYPOINT #E\n        PROPERTIES\n          ObjectName #E\n"
             "        ENDPROPERTIES\n      ENDENTRYPOINT\n      \n  ENDENTRYPOINTS\n"
             "PERMISSIONSET #Permissions\n  PROPERTIES\n  ENDPROPERTIES\n"
             "  TABLES #Tables\n  TABLE #T\n  PROPERTIES\n  EffectiveAccess #Read\n  ENDPROPERTIES\n"
             "  TABLE #U\n  ENDTABLES\n"
             "SERVERMETHODS #Server Methods\nENDSERVERMETHODS\nENDPERMISSIONSET\nENDPRIVILEGE\n");
    const struct xpo_node *set = xpo_child(t.e.root, "PERMISSIONSET");
    assert_str(xpo_child(t.e.root, "ENTRYPOINTS")->name, "Entry Points");
    const struct xpo_node *tables = xpo_child(set, "TABLES");
    assert_str(xpo_value(tables->first, "EffectiveAccess"), "Read");
    assert_str(tables->first->next->name, "U");
    assert_non_null(xpo_child(set, "SERVERMETHODS"));
}

static void a_form_has_pairs_and_nested_containers(void **state)
{
    (void)state;
    SCOPED_TRY t = good("***Element: FRM\n\n; \nFRMVERSION 5\n\nFORM #F\n  PROPERTIES\n    Name #F\n  ENDPROPERTIES\n"
                        "  JOINS\n    Lines Table\n    TABLE METHODS\n  ENDJOINS\n"
                        "  DESIGN\n    CONTAINER\n      CONTROL TAB\n        PROPERTIES\n          Name #Tab\n"
                        "          ArrangeGuide\n          ARRAY INDEX Columns\n            #1\n          ENDARRAY\n"
                        "        ENDPROPERTIES\n        CONTAINER\n          CONTROL TABPAGE\n          ENDCONTROL \n"
                        "        ENDCONTAINER\n      ENDCONTROL \n    ENDCONTAINER\n  ENDDESIGN\n"
                        "  PERMISSIONS #Permissions\n    PERMISSIONSET #Read\n      FORM #Controls\n      ENDFORM\n"
                        "    ENDPERMISSIONSET\n  ENDPERMISSIONS\nENDFORM\n");
    const struct xpo_node *joins = xpo_child(t.e.root, "JOINS");
    assert_str(joins->first->word, "Table");
    assert_str(joins->last->keyword, "TABLE");
    const struct xpo_node *tab = xpo_child(t.e.root, "DESIGN")->first->first;
    assert_str(tab->word, "TAB");
    assert_str(xpo_prop_find(tab, "ArrangeGuide")->array, "INDEX Columns");
    assert_str(tab->first->first->word, "TABPAGE");
    assert_str(xpo_child(xpo_child(t.e.root, "PERMISSIONS"), "PERMISSIONSET")->first->name, "Controls");
}

static void a_job_has_its_properties_behind_its_source(void **state)
{
    (void)state;
    SCOPED_TRY t = good("***Element: JOB\n\n  JOBVERSION 1\n  SOURCE #J\n    #static void J(Args _a)\n    #{\n    #}\n"
                        "  ENDSOURCE\n  PROPERTIES\n    Origin #{1}\n  ENDPROPERTIES\n  \n");
    assert_str(t.e.name, "J");
    assert_str(xpo_value(t.e.root, "Origin"), "{1}");
    assert_null(t.e.root->next);
}

static void other_kinds_of_blocks_are_read(void **state)
{
    (void)state;
    SCOPED_TRY t = good("***Element: PRN\n\n  PROJECTVERSION 2\n  \n  PROJECT #P\n  SHARED\n  PROPERTIES\n    Name #P\n"
                        "  ENDPROPERTIES\n    PROJECTCLASS ProjectNode\n    GROUP #Classes\n      PROPERTIES\n"
                        "        GroupMask           #\n      ENDPROPERTIES\n      BEGINNODE\n        FILETYPE 0\n"
                        "        NAME #C\n      ENDNODE\n      ENDGROUP\n  ENDPROJECT\n");
    const struct xpo_node *node = xpo_child(xpo_child(t.e.root, "GROUP"), "BEGINNODE");
    assert_str(xpo_child(node, "NAME")->name, "C");
    assert_str(xpo_child(node, "FILETYPE")->word, "0");
    assert_str(xpo_value(t.e.root, "Name"), "P");

    SCOPED_TRY r =
        good("***Element: RES\n\n VERSION 1\n RESOURCE #R\n PROPERTIES\n Name #R\n ENDPROPERTIES\n BINARY 4\n"
             "  00 FF\n  ENDX\n  END\n ENDBINARY\n ENDRESOURCE\n");
    assert_str(r.e.root->first->word, "4");
    assert_str(r.e.root->first->text, "  00 FF\n  ENDX\n  END\n");

    SCOPED_TRY u =
        good("***Element: UTS\n\n  USERTYPEVERSION 6\n  USERTYPE #U\n    STRING\n    PROPERTIES\n      Name #U\n"
             "    ENDPROPERTIES\n    TYPEREFERENCES\n      TYPEREFERENCETYPE DATASET\n      PROPERTIES\n"
             "        Table #T\n      ENDPROPERTIES\n    ENDTYPEREFERENCES\n  ENDUSERTYPE\n");
    assert_str(u.e.root->word, "STRING");
    assert_str(xpo_value(xpo_child(u.e.root, "TYPEREFERENCES")->first, "Table"), "T");

    SCOPED_TRY m =
        good("***Element: MNU\n\n  MNUVERSION 5\n  MENU #M\n    PROPERTIES\n      Name #M\n    ENDPROPERTIES\n"
             "    MENUITEM\n      PROPERTIES\n        Name #I\n      ENDPROPERTIES\n    ENDMENUITEM\n"
             "    SEPARATOR\n    MENU #Sub\n      SEPARATOR\n      PROPERTIES\n        Name #S\n"
             "      ENDPROPERTIES\n      MENUITEM\n      ENDMENUITEM\n    ENDMENU\n  ENDMENU\n");
    const struct xpo_node *sub = xpo_child(m.e.root, "MENU");
    assert_str(xpo_value(sub->first, "Name"), "S");
    assert_str(sub->last->keyword, "MENUITEM");
}

static void an_unknown_keyword_is_a_block_when_it_has_an_end(void **state)
{
    (void)state;
    SCOPED_TRY t = good("***Element: XYZ\n\n  VERSION 1\n  THING #T\n    PROPERTIES\n      Name #T\n    ENDPROPERTIES\n"
                        "    WIDGETS\n      WIDGET #A\n      PROPERTIES\n        Name #A\n      ENDPROPERTIES\n"
                        "      WIDGET #B\n    ENDWIDGETS\n    FLAG 7\n  ENDTHING\n");
    const struct xpo_node *widgets = xpo_child(t.e.root, "WIDGETS");
    assert_str(xpo_value(widgets->first, "Name"), "A");
    assert_str(widgets->first->next->name, "B");
    assert_str(xpo_child(t.e.root, "FLAG")->word, "7");
}

/* The same keyword is a line here and a block there. */
static void a_keyword_is_a_line_where_its_end_belongs_to_another(void **state)
{
    (void)state;
    SCOPED_TRY t = good("***Element: XYZ\n\n  VERSION 1\n  THINGVERSION 2\n  THING #T\n    WIDGETS\n      WIDGET #A\n"
                        "    ENDWIDGETS\n    WIDGET #B\n      PART 1\n    ENDWIDGET\n    THING #U\n  ENDTHING\n");
    assert_str(t.e.version, "VERSION 1");
    const struct xpo_node *thing = t.e.root->next; /* the second version is kept as a line */
    assert_null(thing->next);
    assert_str(thing->first->first->name, "A");
    assert_str(xpo_child(thing, "WIDGET")->first->word, "1");
    assert_str(thing->last->name, "U");
}

static void an_item_has_its_properties_once(void **state)
{
    (void)state;
    SCOPED_TRY t =
        good("ENUMTYPE #E\n TYPEELEMENTS\n  #One\n  PROPERTIES\n   Label #1\n  ENDPROPERTIES\n  PROPERTIES\n"
             "   Label #2\n  ENDPROPERTIES\n ENDTYPEELEMENTS\n PROPERTIES\n  Name #E\n ENDPROPERTIES\n PROPERTIES\n"
             "  Help #H\n ENDPROPERTIES\nENDENUMTYPE\n");
    assert_int_equal(t.e.root->first->first->n_props, 1);
    assert_str(xpo_value(t.e.root->first, "Label"), "2");
    assert_str(xpo_value(t.e.root, "Name"), "E");
    assert_str(xpo_value(t.e.root, "Help"), "H");
}

/* What is said again and again takes no more memory than its text asks for. */
static void memory_goes_with_the_text(void **state)
{
    (void)state;
    static const char *const lines[] = {"PROPERTIES\nA #1\nENDPROPERTIES\n", "WIDGET 1\n", "ENDX\n", "#a\n",
                                        "SOURCE #m\n#x\nENDSOURCE\n"};
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        SCOPED_BUF b = {0};
        buf_puts(&b, "ENUMTYPE #E\n");
        for (int j = 0; j < 20000; j++)
            buf_puts(&b, lines[i]);
        buf_puts(&b, "ENDENUMTYPE\n");
        struct tried t = {.a = arena_new(), .file = xpo_of_text(buf_str(&b))};
        assert_true(xpo_parse(xpo_part(t.file, 0), t.a, &t.e, &t.problems));
        assert_true(arena_used(t.a) < 60 * b.n);
        tried_done(&t);
    }
}

static void carriage_returns_belong_to_the_ends_of_lines(void **state)
{
    (void)state;
    SCOPED_TRY t =
        good("***Element: CLS\r\n\r\n  CLSVERSION 1\n  CLASS #A\r\n    PROPERTIES\r\n      Name   #A\r\n"
             "    ENDPROPERTIES\n    METHODS\r\n      SOURCE #m\n        #x\r\n        #y\n      ENDSOURCE\r\n"
             "    ENDMETHODS\r\n  ENDCLASS\r\n");
    assert_str(t.e.code, "CLS");
    assert_str(xpo_value(t.e.root, "Name"), "A");
    assert_str(xpo_source(xpo_child(t.e.root, "METHODS")->first, t.a), "x\ny");
}

/* Broken texts: where the first problem is, and what could be kept all the same. */
static void a_broken_element_is_told_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
        uint32_t line, column;
        bool ok;
    } cases[] = {
        {"CLASS #A\n METHODS\n  SOURCE #m\n   #x\n  SOURCE #n\n  ENDSOURCE\n ENDMETHODS\nENDCLASS\n",
         "SOURCE without ENDSOURCE", 5, 3, true},
        {"CLASS #A\n METHODS\n  SOURCE #m\n   #x\n   y\n  ENDSOURCE\n ENDMETHODS\nENDCLASS\n",
         "a line of a source without #", 5, 4, true},
        {"CLASS #A\n PROPERTIES\n  Name #A\n METHODS\n ENDMETHODS\nENDCLASS\n", "PROPERTIES end without ENDPROPERTIES",
         4, 2, true},
        {"CLASS #A\n METHODS\nENDCLASS\n", "METHODS of line 2 has no ENDMETHODS", 3, 1, true},
        {"CLASS #A\n ENDMETHODS\nENDCLASS\n", "ENDMETHODS ends nothing", 2, 2, true},
        {"CLASS #A\n PROPERTIES\n  Name\n ENDPROPERTIES\nENDCLASS\n", "the property Name has no value", 3, 1, true},
        {"CLASS #A\n PROPERTIES\n#A #B\n ENDPROPERTIES\nENDCLASS\n", "a value without the name of its property", 3, 1,
         true},
        {"CLASS #A\n PROPERTIES\n  #A\n ENDPROPERTIES\nENDCLASS\n", "a value without the name of its property", 3, 3,
         true},
        {"CLASS #A\n PROPERTIES\n  X\n  ARRAY\n   #1\n ENDPROPERTIES\nENDCLASS\n",
         "the ARRAY of line 4 has no ENDARRAY", 6, 2, true},
        {"PROPERTIES\n  X #1\nENDPROPERTIES\n", "PROPERTIES of nothing", 1, 1, false},
        {"<html>not found</html>\n", "there is no element here", 1, 1, false},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        SCOPED_TRY t = try_part(cases[i].text, 0);
        assert_true(t.problems.n > 0);
        assert_string_equal(t.problems.p[0].message, cases[i].message);
        assert_int_equal(t.problems.p[0].line, cases[i].line);
        assert_int_equal(t.problems.p[0].column, cases[i].column);
        assert_int_equal(t.ok, cases[i].ok);
    }
    SCOPED_TRY t = try_part(cases[0].text, 0);
    assert_str(xpo_child(t.e.root, "METHODS")->last->name, "n");
}

static void nesting_that_is_too_deep_is_refused(void **state)
{
    (void)state;
    for (int deep = XPO_DEPTH_MAX; deep <= XPO_DEPTH_MAX + 1; deep++) {
        SCOPED_BUF b = {0};
        for (int i = 0; i < deep; i++)
            buf_puts(&b, "CONTAINER\n");
        struct tried t = {.a = arena_new(), .file = xpo_of_text(buf_str(&b))};
        assert_int_equal(xpo_parse(xpo_part(t.file, 0), t.a, &t.e, &t.problems), deep <= XPO_DEPTH_MAX);
        tried_done(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_class_has_properties_sources_and_events),
        cmocka_unit_test(a_source_goes_back_to_what_it_was),
        cmocka_unit_test(items_of_a_table_have_no_end),
        cmocka_unit_test(indentation_says_nothing),
        cmocka_unit_test(a_form_has_pairs_and_nested_containers),
        cmocka_unit_test(a_job_has_its_properties_behind_its_source),
        cmocka_unit_test(other_kinds_of_blocks_are_read),
        cmocka_unit_test(an_unknown_keyword_is_a_block_when_it_has_an_end),
        cmocka_unit_test(a_keyword_is_a_line_where_its_end_belongs_to_another),
        cmocka_unit_test(an_item_has_its_properties_once),
        cmocka_unit_test(memory_goes_with_the_text),
        cmocka_unit_test(carriage_returns_belong_to_the_ends_of_lines),
        cmocka_unit_test(a_broken_element_is_told_with_its_place),
        cmocka_unit_test(nesting_that_is_too_deep_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
