#include "xpp/symbols.h"
#include "test.h"
#include "xpp/declaration.h"
#include "xpp/xpo/read.h"

/* Enters the elements of a text; the text and its file are gone afterwards, as for a caller who goes on to the next. */
static void enter(struct symbols *s, const char *text, enum symbol_origin origin)
{
    SCOPED(arena) a = arena_new();
    char *copy = arena_dup(a, text);
    struct xpo_file *f = xpo_of_text(str_of(copy));
    xpo_problems problems = {0};
    for (size_t i = 0; i < xpo_count(f); i++) {
        struct xpo_element e;
        assert_true(xpo_parse(xpo_part(f, i), a, &e, &problems));
        symbols_add(s, &e, origin);
    }
    assert_int_equal(problems.n, 0);
    memset(copy, '?', strlen(copy));
    xpo_free(f);
}

#define assert_str(s, z) assert_true(str_is(s, z))

static const char table_text[] =
    "TABLE #Beleg\n PROPERTIES\n  Name #Beleg\n ENDPROPERTIES\n"
    " FIELDS\n  FIELD #Amount\n   REAL\n   PROPERTIES\n    ExtendedDataType #Money\n   ENDPROPERTIES\n"
    "  FIELD #Open\n   ENUM\n   PROPERTIES\n    EnumType #NoYes\n   ENDPROPERTIES\n ENDFIELDS\n"
    " GROUPS\n  GROUP #AutoReport\n  ENDGROUP\n ENDGROUPS\n"
    " INDICES\n  #AmountIdx\n  PROPERTIES\n  ENDPROPERTIES\n  INDEXFIELDS\n  ENDINDEXFIELDS\n ENDINDICES\n"
    " REFERENCES\n  REFERENCE #Kunde\n   PROPERTIES\n    Table #CustTable\n   ENDPROPERTIES\n  ENDREFERENCE\n"
    " ENDREFERENCES\n"
    " DELETEACTIONS\n  #Zeile(R)\n  PROPERTIES\n   Table #Zeile\n   DeleteAction #Cascade\n   Relation #R\n"
    "  ENDPROPERTIES\n ENDDELETEACTIONS\n"
    " METHODS\n  SOURCE #find\n   #static Beleg find(str _id, boolean _update = false)\n  ENDSOURCE\n "
    "ENDMETHODS\nENDTABLE\n";

static void names_compare_without_case_and_by_kind(void **state)
{
    (void)state;
    SCOPED(symbols) s = symbols_new();
    enter(s, table_text, SYMBOL_OURS);
    symbols_add_name(s, SYMBOL_CLASS, STR("Beleg2"), SYMBOL_STANDARD);
    const struct symbol *t = symbols_find(s, SYMBOL_TABLE, STR("bELEG"));
    assert_non_null(t);
    assert_str(t->name, "Beleg");
    assert_false(t->delta);
    assert_null(symbols_find(s, SYMBOL_CLASS, STR("Beleg")));
    assert_non_null(symbols_find(s, SYMBOL_CLASS, STR("BELEG2")));
    assert_str(symbol_member(t, MEMBER_FIELD, STR("amount"))->type, "Money");
    assert_str(symbol_member(t, MEMBER_FIELD, STR("OPEN"))->type, "NoYes");
    assert_str(symbol_member(t, MEMBER_FIELD, STR("OPEN"))->word, "ENUM");
    assert_str(symbol_member(t, MEMBER_RELATION, STR("Kunde"))->type, "CustTable");
    assert_non_null(symbol_member(t, MEMBER_INDEX, STR("AmountIdx")));
    assert_non_null(symbol_member(t, MEMBER_GROUP, STR("AutoReport")));
    assert_null(symbol_member(t, MEMBER_FIELD, STR("find")));
    assert_int_not_equal(symbol_member(t, MEMBER_METHOD, STR("find"))->digest, 0);
    assert_true(symbol_member(t, MEMBER_METHOD, STR("find"))->is_static);
    assert_str(symbol_member(t, MEMBER_METHOD, STR("find"))->parameters, "_id _update ");
    assert_null(symbol_member(symbols_find(s, SYMBOL_CLASS, STR("Beleg2")), MEMBER_METHOD, STR("find")));
}

static void data_sources_of_a_query_know_what_they_are_joined_to(void **state)
{
    (void)state;
    static const char *const expected[][4] = {
        {"A", "TA", "", ""}, {"B", "TB", "A", "OuterJoin"}, {"C", "TC", "B", "InnerJoin"}, {"D", "TD", "A", ""}};
    SCOPED(symbols) s = symbols_new();
    enter(s,
          "QUERY #Q\n BLOCKS\n  BLOCK #A\n   PROPERTIES\n    Table #TA\n    FetchMode #1:1\n   ENDPROPERTIES\n"
          "   BLOCKS\n    BLOCK #B\n     PROPERTIES\n      Name #B\n      Table #TB\n      FetchMode #1:1\n"
          "      JoinMode #OuterJoin\n     ENDPROPERTIES\n"
          "     BLOCKS\n      BLOCK #C\n       PROPERTIES\n        Table #TC\n        FetchMode #1:1\n"
          "       ENDPROPERTIES\n      ENDBLOCK\n     ENDBLOCKS\n    ENDBLOCK\n"
          "    BLOCK #D\n     PROPERTIES\n      Table #TD\n     ENDPROPERTIES\n    ENDBLOCK\n   ENDBLOCKS\n"
          "  ENDBLOCK\n ENDBLOCKS\nENDQUERY\n",
          SYMBOL_BASELINE);
    const struct symbol *q = symbols_find(s, SYMBOL_QUERY, STR("q"));
    assert_int_equal(q->n_members, ARRAY_LEN(expected));
    for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
        assert_int_equal(q->members[i].kind, MEMBER_SOURCE);
        assert_str(q->members[i].name, expected[i][0]);
        assert_str(q->members[i].type, expected[i][1]);
        assert_str(q->members[i].parent, expected[i][2]);
        assert_str(q->members[i].word, expected[i][3]);
    }
}

static void delete_actions_are_found_by_the_related_table(void **state)
{
    (void)state;
    SCOPED(symbols) s = symbols_new();
    enter(s, table_text, SYMBOL_BASELINE);
    const struct delete_action *list;
    assert_int_equal(symbols_delete_actions(s, STR("Nichts"), &list), 0);
    assert_int_equal(symbols_delete_actions(s, STR("zeile"), &list), 1);
    assert_str(list[0].table, "Beleg");
    assert_str(list[0].relation, "R");
    assert_str(list[0].action, "Cascade");
    enter(s,
          "TABLE #beleg\n DELETEACTIONS\n #Zeile(R)\n PROPERTIES\n Table #Zeile\n DeleteAction #Restricted\n Relation "
          "#R\n"
          " ENDPROPERTIES\n #Zeile(Q)\n PROPERTIES\n Table #Zeile\n Relation #Q\n ENDPROPERTIES\n "
          "ENDDELETEACTIONS\nENDTABLE\n",
          SYMBOL_OURS);
    assert_int_equal(symbols_delete_actions(s, STR("Zeile"), &list), 2);
    assert_str(list[0].action, "Restricted");
}

static void an_input_hides_the_baseline_and_that_the_standard(void **state)
{
    (void)state;
    static const enum symbol_origin orders[][3] = {{SYMBOL_STANDARD, SYMBOL_BASELINE, SYMBOL_OURS},
                                                   {SYMBOL_OURS, SYMBOL_STANDARD, SYMBOL_BASELINE},
                                                   {SYMBOL_BASELINE, SYMBOL_OURS, SYMBOL_STANDARD}};
    for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
        SCOPED(symbols) s = symbols_new();
        for (size_t j = 0; j < 3; j++)
            symbols_add_name(s, SYMBOL_FORM, STR("Kasse"), orders[i][j]);
        assert_int_equal(symbols_find(s, SYMBOL_FORM, STR("Kasse"))->origin, SYMBOL_OURS);
        for (enum symbol_origin o = SYMBOL_STANDARD; o <= SYMBOL_OURS; o++)
            assert_int_equal(symbols_find_from(s, SYMBOL_FORM, STR("kasse"), o)->origin, o);
    }
    SCOPED(symbols) s = symbols_new();
    symbols_add_name(s, SYMBOL_FORM, STR("Kasse"), SYMBOL_STANDARD);
    assert_null(symbols_find_from(s, SYMBOL_FORM, STR("Kasse"), SYMBOL_OURS));
}

#define CLASS(name, body) "CLASS #" name "\n METHODS\n" body " ENDMETHODS\nENDCLASS\n"
#define METHOD(name, line) "  SOURCE #" name "\n   #" line "\n  ENDSOURCE\n"

static void exports_of_one_layer_are_deltas(void **state)
{
    (void)state;
    SCOPED(symbols) s = symbols_new();
    enter(s, CLASS("A", METHOD("run", "void run() {}")), SYMBOL_OURS);
    assert_true(symbols_find(s, SYMBOL_CLASS, STR("A"))->delta);
    enter(s, CLASS("A", METHOD("classDeclaration", "class A extends B { int x; }")), SYMBOL_OURS);
    assert_false(symbols_find(s, SYMBOL_CLASS, STR("A"))->delta);
    assert_str(symbols_find(s, SYMBOL_CLASS, STR("A"))->base, "B");
    enter(s, "TABLE #T\n EnforceFKRelation 1\n FIELDS\n ENDFIELDS\nENDTABLE\n", SYMBOL_OURS);
    assert_true(symbols_find(s, SYMBOL_TABLE, STR("T"))->delta);
}

static uint64_t digest_of(const char *text)
{
    SCOPED(symbols) s = symbols_new();
    enter(s, text, SYMBOL_OURS);
    return symbol_member(symbols_find(s, SYMBOL_CLASS, STR("A")), MEMBER_METHOD, STR("m"))->digest;
}

/* Controls stand in controls that are not there. A table may name a field by mistake. */
static void exports_that_name_what_is_not_there_are_deltas(void **state)
{
    static const struct {
        const char *text;
        enum symbol_kind kind;
        bool delta;
    } exports[] = {
        {"TABLE #A\n PROPERTIES\n  Name #A\n  TitleField1 #F\n ENDPROPERTIES\nFIELDS\n FIELD #G\n "
         "STRING\nENDFIELDS\nENDTABLE\n",
         SYMBOL_TABLE, false},
        {"TABLE #A\n PROPERTIES\n  Name #A\n  TitleField1 #g\n TitleField2 #RecId\n ClusterIndex #SurrogateKey\n "
         "ENDPROPERTIES\nFIELDS\n FIELD #G\n STRING\nENDFIELDS\nENDTABLE\n",
         SYMBOL_TABLE, false},
        {"TABLE #A\n PROPERTIES\n  Name #A\n  PrimaryIndex #I\n ENDPROPERTIES\nENDTABLE\n", SYMBOL_TABLE, false},
        {"TABLE #A\n PROPERTIES\n  Name #A\n  Extends #B\n TitleField1 #F\n ENDPROPERTIES\nENDTABLE\n", SYMBOL_TABLE,
         false},
        {"FORM #A\n PROPERTIES\n  Name #A\n ENDPROPERTIES\nDESIGN\n CONTAINER\n  CONTROL GROUP\n   PROPERTIES\n    "
         "Name #G\n    HierarchyParent #Other\n   ENDPROPERTIES\n  ENDCONTROL\n ENDCONTAINER\nENDDESIGN\nENDFORM\n",
         SYMBOL_FORM, true},
        {"FORM #A\n PROPERTIES\n  Name #A\n ENDPROPERTIES\nMETHODS\n SOURCE #classDeclaration\n  #class FormRun{}\n "
         "ENDSOURCE\nENDMETHODS\nDESIGN\n CONTAINER\n  CONTROL GROUP\n   PROPERTIES\n    Name #G\n    HierarchyParent "
         "#Other\n   ENDPROPERTIES\n  ENDCONTROL\n ENDCONTAINER\nENDDESIGN\nENDFORM\n",
         SYMBOL_FORM, false},
        {"FORM #A\n PROPERTIES\n  Name #A\n ENDPROPERTIES\nDESIGN\n CONTAINER\n  CONTROL GROUP\n   PROPERTIES\n    "
         "Name #G\n   ENDPROPERTIES\n  ENDCONTROL\n  CONTROL STRINGEDIT\n   PROPERTIES\n    Name #S\n    "
         "HierarchyParent #g\n   ENDPROPERTIES\n  ENDCONTROL\n ENDCONTAINER\nENDDESIGN\nENDFORM\n",
         SYMBOL_FORM, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof exports / sizeof *exports; i++) {
        SCOPED(symbols) s = symbols_new();
        enter(s, exports[i].text, SYMBOL_OURS);
        if (symbols_find(s, exports[i].kind, STR("A"))->delta != exports[i].delta)
            fail_msg("export %zu", i);
    }
}

static void a_digest_ignores_white_space_only(void **state)
{
    (void)state;
    uint64_t d = digest_of(CLASS("A", METHOD("m", "void m() { a = 1; }")));
    assert_true(d == digest_of(CLASS("A", METHOD("m", "void m()\n  #{\n   #\ta=1;\n #}"))));
    assert_true(d != digest_of(CLASS("A", METHOD("m", "void m() { a = 2; }"))));
}

static void variables_of_a_declaration_have_their_types(void **state)
{
    (void)state;
    static const char source[] =
        "/* class Not extends This { */\n[Attr(classStr(X), \"{\")]\npublic class A extends B\n{\n"
        "    #define.V(1)\n    #localmacro.L\n        x, y;\n    #endmacro\n"
        "    private static str 20  name, other[10, 5] = \"a;b\", third; // int no;\n"
        "    System.IO.Stream stream;\n    Map map = new Map(f(1, 2), Types::Int);\n"
        "    #Macro\n    int a;}\nint outside;";
    static const char *const expected[][2] = {{"name", "str"},  {"other", "str"},
                                              {"third", "str"}, {"stream", "System.IO.Stream"},
                                              {"map", "Map"},   {"a", "int"}};
    declareds list = {0};
    assert_str(declaration_read(str_of(source), &list), "B");
    for (size_t i = 0; i < ARRAY_LEN(expected) && i < list.n; i++) {
        assert_str(list.p[i].name, expected[i][0]);
        assert_str(list.p[i].type, expected[i][1]);
    }
    assert_int_equal(list.n, ARRAY_LEN(expected));
    vec_done(&list);
}

static void a_head_says_what_kind_of_method_it_is_and_its_parameters(void **state)
{
    (void)state;
    static const char *const expected[] = {"delegate", "a", "b", "c", "d"};
    declareds p = {0};
    assert_true(declaration_read_head(STR("// x\npublic delegate void changed(int delegate)\n{\n}"), &p).is_delegate);
    struct declared_head head =
        declaration_read_head(STR("/* delegate */ [A('static')] void f(\n str 20 a = \"x, y\", // int no,\n "
                                  "System.Array b = f(g, h), int c[2, 3], Map d = x)\n{\n static int e(int f) {}\n}"),
                              &p);
    assert_false(head.is_delegate || head.is_static);
    assert_true(declaration_read_head(STR("client STATIC void f() {}"), &p).is_static);
    assert_int_equal(p.n, ARRAY_LEN(expected));
    for (size_t i = 0; i < p.n; i++)
        assert_str(p.p[i].name, expected[i]);
    vec_done(&p);
}

static void the_kind_goes_by_the_code_and_type_of_a_menu_item(void **state)
{
    (void)state;
    SCOPED(symbols) s = symbols_new();
    enter(s,
          "MENUITEM #M\n Type: 3\n PROPERTIES\n  Object #Runner\n ENDPROPERTIES\nENDMENUITEM\n"
          "MENUITEM #M\n Type: 1\nENDMENUITEM\nMENUITEM #None\nENDMENUITEM\n"
          "USERTYPE #U\n STRING\n PROPERTIES\n  Extends #Num\n ENDPROPERTIES\n TYPEREFERENCES\n  TYPEREFERENCETYPE "
          "DATASET\n"
          "  PROPERTIES\n   Table #T\n   RelatedField #F\n  ENDPROPERTIES\n ENDTYPEREFERENCES\nENDUSERTYPE\n"
          "ENUMTYPE #E\n TYPEELEMENTS\n  #One\n  PROPERTIES\n  ENDPROPERTIES\n ENDTYPEELEMENTS\nENDENUMTYPE\n"
          "FORM #F\n OBJECTBANK\n  DATASOURCE\n   OBJECTPOOL\n    PROPERTIES\n     Name #Lines\n     Table #T\n"
          "    ENDPROPERTIES\n   ENDOBJECTPOOL\n  ENDDATASOURCE\n ENDOBJECTBANK\nENDFORM\n",
          SYMBOL_OURS);
    assert_str(symbols_find(s, SYMBOL_MENU_ITEM_ACTION, STR("M"))->table, "Runner");
    assert_non_null(symbols_find(s, SYMBOL_MENU_ITEM_DISPLAY, STR("M")));
    assert_null(symbols_find(s, SYMBOL_MENU_ITEM_OUTPUT, STR("M")));
    const struct symbol *u = symbols_find(s, SYMBOL_EDT, STR("U"));
    assert_str(u->base, "Num");
    assert_str(u->table, "T");
    assert_str(u->field, "F");
    assert_non_null(symbol_member(symbols_find(s, SYMBOL_ENUM, STR("E")), MEMBER_VALUE, STR("one")));
    assert_str(symbol_member(symbols_find(s, SYMBOL_FORM, STR("F")), MEMBER_VARIABLE, STR("lines"))->type, "T");
    struct xpo_element e = {.code = STR("UTZ")};
    assert_int_equal(symbol_kind_of(&e), SYMBOL_EDT);
    e.code = STR("UT");
    assert_int_equal(symbol_kind_of(&e), SYMBOL_KINDS);
    assert_string_equal(symbol_kind_name(SYMBOL_EDT), "extended data type");
}

static void many_names_are_found_again(void **state)
{
    (void)state;
    SCOPED(symbols) s = symbols_new();
    char name[20];
    for (int i = 0; i < 20000; i++) {
        snprintf(name, sizeof name, "Name%d", i);
        symbols_add_name(s, i % 2 ? SYMBOL_CLASS : SYMBOL_TABLE, str_of(name), SYMBOL_STANDARD);
    }
    for (int i = 0; i < 20000; i++) {
        snprintf(name, sizeof name, "nAME%d", i);
        assert_non_null(symbols_find(s, i % 2 ? SYMBOL_CLASS : SYMBOL_TABLE, str_of(name)));
        assert_null(symbols_find(s, i % 2 ? SYMBOL_TABLE : SYMBOL_CLASS, str_of(name)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_compare_without_case_and_by_kind),
        cmocka_unit_test(data_sources_of_a_query_know_what_they_are_joined_to),
        cmocka_unit_test(delete_actions_are_found_by_the_related_table),
        cmocka_unit_test(an_input_hides_the_baseline_and_that_the_standard),
        cmocka_unit_test(exports_of_one_layer_are_deltas),
        cmocka_unit_test(exports_that_name_what_is_not_there_are_deltas),
        cmocka_unit_test(a_digest_ignores_white_space_only),
        cmocka_unit_test(variables_of_a_declaration_have_their_types),
        cmocka_unit_test(a_head_says_what_kind_of_method_it_is_and_its_parameters),
        cmocka_unit_test(the_kind_goes_by_the_code_and_type_of_a_menu_item),
        cmocka_unit_test(many_names_are_found_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
