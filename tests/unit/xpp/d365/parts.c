/* Parts of queries, forms and tables that real exports have: each is carried over, or told by the rule that says why.
 */
#include "unit/xpp/d365/told.h"

#define QUERY(blocks)                                                                                                  \
    "***Element: QUE\n  VERSION 31\n  QUERY #Ripe\n    PROPERTIES\n      Name #Ripe\n      Version #3\n"               \
    "      NextUniqueId #1002\n    ENDPROPERTIES\n    METHODS\n    ENDMETHODS\n" blocks                                \
    "  ENDQUERY\n***Element: END\n"

#define COMPOSITE(inner)                                                                                               \
    QUERY("    BLOCKS\n    ENDBLOCKS\n    DEPENDENTS\n    ENDDEPENDENTS\n    COMPOSITEQUERIES\n" inner                 \
          "    ENDCOMPOSITEQUERIES\n")

#define FORM(control)                                                                                                  \
    "***Element: FRM\n  FRMVERSION 12\n  FORM #Bed\n    PROPERTIES\n      Name #Bed\n    ENDPROPERTIES\n"              \
    "    OBJECTBANK\n      PROPERTIES\n        Version #3\n      ENDPROPERTIES\n    ENDOBJECTBANK\n    DESIGN\n"       \
    "      PROPERTIES\n        ColorRGB #1\n      ENDPROPERTIES\n      CONTAINER\n" control                            \
    "      ENDCONTAINER\n    ENDDESIGN\n  ENDFORM\n***Element: END\n"

#define CONTROL(type, properties, methods)                                                                             \
    "        CONTROL " type "\n          PROPERTIES\n            Name #Pick\n" properties                              \
    "          ENDPROPERTIES\n          METHODS\n" methods "          ENDMETHODS\n        ENDCONTROL\n"

#define DECLARATION "      SOURCE #classDeclaration\n        #class C\n        #{\n        #}\n      ENDSOURCE\n"

#define TEXTS                                                                                                          \
    "            Text\n              ARRAY INDEX Items\n                #Red\n                #\n              "       \
    "ENDARRAY\n"

static const char plain_composite[] = COMPOSITE("      COMPOSITEQUERY\n"
                                                "      Berries\n"
                                                "      COMPOSITEQUERYRANGES\n"
                                                "      Bush\n"
                                                "      LINES\n"
                                                "        LINE #Colour\n"
                                                "          PROPERTIES\n"
                                                "            Name #Colour\n"
                                                "            Table #Bush\n"
                                                "            Field #Colour\n"
                                                "            Value #red\n"
                                                "            Status #Lock\n"
                                                "          ENDPROPERTIES\n"
                                                "      ENDLINES\n"
                                                "      Soil\n"
                                                "      LINES\n"
                                                "      ENDLINES\n"
                                                "      ENDCOMPOSITEQUERYRANGES\n"
                                                "      COMPOSITEQUERYHAVINGS\n"
                                                "      Bush\n"
                                                "      HAVING\n"
                                                "      ENDHAVING\n"
                                                "      ENDCOMPOSITEQUERYHAVINGS\n"
                                                "      ENDCOMPOSITEQUERY\n");

static void a_composite_query_names_its_query_and_adds_ranges(void **state)
{
    (void)state;
    struct written w = written_of(plain_composite);
    expect_has(&w, "AxQuery/Ripe.xml", "i:type=\"AxQueryComposite\"");
    expect_has(&w, "AxQuery/Ripe.xml", "public class Ripe extends QueryRun");
    expect_has(&w, "AxQuery/Ripe.xml",
               "\t<Query>Berries</Query>\n\t<Havings />\n\t<Ranges>\n\t\t<AxQueryCompositeRange>\n"
               "\t\t\t<Name>Colour</Name>\n\t\t\t<DataSource>Bush</DataSource>\n\t\t\t<Field>Colour</Field>\n"
               "\t\t\t<Status>Locked</Status>\n\t\t\t<Value>red</Value>\n\t\t</AxQueryCompositeRange>\n\t</Ranges>\n");
    assert_int_equal(written_count(&w, "PROPERTY"), 0);
    expect_told(&w, "M17", "composite of query Berries");
    assert_int_equal(written_count(&w, "M19"), 0);
    written_done(&w);
}

static void a_composite_query_may_name_its_query_otherwise(void **state)
{
    (void)state;
    struct written w = written_of(COMPOSITE("      COMPOSITEQUERY #Berries\n      ENDCOMPOSITEQUERY\n"));
    expect_has(&w, "AxQuery/Ripe.xml", "<Query>Berries</Query>");
    written_done(&w);
    w = written_of(
        COMPOSITE("      COMPOSITEQUERY\n        PROPERTIES\n          Query #Berries\n          Colour #red\n"
                  "        ENDPROPERTIES\n      ENDCOMPOSITEQUERY\n"));
    expect_has(&w, "AxQuery/Ripe.xml", "<Query>Berries</Query>");
    expect_told(&w, "PROPERTY", "property Colour = red");
    written_done(&w);
}

static void what_a_composite_query_cannot_keep_is_told(void **state)
{
    (void)state;
    struct written w =
        written_of(QUERY("    BLOCKS\n      BLOCK #Own\n      ENDBLOCK\n    ENDBLOCKS\n    COMPOSITEQUERIES\n"
                         "      COMPOSITEQUERY\n      Berries\n"
                         "      COMPOSITEQUERYHAVINGS\n      Bush\n      HAVING\n        HAVING #Sum\n"
                         "          PROPERTIES\n            Name #Sum\n            Field #Weight\n"
                         "          ENDPROPERTIES\n      ENDHAVING\n      ENDCOMPOSITEQUERYHAVINGS\n"
                         "      ENDCOMPOSITEQUERY\n"
                         "      COMPOSITEQUERY\n      Nuts\n      ENDCOMPOSITEQUERY\n    ENDCOMPOSITEQUERIES\n"));
    expect_has(&w, "AxQuery/Ripe.xml", "<Query>Berries</Query>");
    expect_told(&w, "M19", "having Sum of Bush");
    expect_told(&w, "M19", "query Nuts");
    expect_told(&w, "M19", "data source Own");
    written_done(&w);
}

static void a_composite_of_the_standard_is_not_extended(void **state)
{
    (void)state;
    struct written w;
    written_make(&w, str_of(plain_composite), str_of(COMPOSITE("      COMPOSITEQUERY #Berries\n")));
    expect_told(&w, "EXTENSION", "ranges of a standard composite query are left out");
    written_done(&w);
}

static void objects_that_depend_on_a_query_are_told(void **state)
{
    (void)state;
    struct written w =
        written_of(QUERY("    BLOCKS\n    ENDBLOCKS\n    DEPENDENTS\n      DEPENDENT\n        PROPERTIES\n"
                         "          Name #Bed\n          DependentType #Form\n        ENDPROPERTIES\n"
                         "    ENDDEPENDENTS\n    COMPOSITEQUERIES\n    ENDCOMPOSITEQUERIES\n"));
    expect_has(&w, "AxQuery/Ripe.xml", "i:type=\"AxQuerySimple\"");
    expect_told(&w, "M10", "dependent Form Bed");
    expect_told(&w, "M10", "property Version = 3");
    expect_told(&w, "M10", "property NextUniqueId = 1002");
    assert_int_equal(written_count(&w, "PROPERTY"), 0);
    written_done(&w);
}

static void a_list_view_is_carried_with_its_methods(void **state)
{
    (void)state;
    struct written w = written_of(FORM(CONTROL(
        "LISTVIEW", "            SingleSelection #Yes\n            ColumnHeader #No\n            GridLines #Yes\n",
        "            SOURCE #enter\n              #void enter()\n              #{\n              #}\n            "
        "ENDSOURCE\n")));
    expect_has(&w, "AxForm/Bed.xml", "i:type=\"AxFormListViewControl\"");
    expect_has(&w, "AxForm/Bed.xml", "<Type>ListView</Type>");
    expect_has(&w, "AxForm/Bed.xml", "<ColumnHeader>No</ColumnHeader>");
    expect_has(&w, "AxForm/Bed.xml", "<SingleSelection>Yes</SingleSelection>");
    expect_has(&w, "AxForm/Bed.xml", "<Name>enter</Name>");
    assert_int_equal(written_count(&w, "D27"), 0);
    assert_int_equal(written_count(&w, "PROPERTY"), 0);
    written_done(&w);
}

static void a_radio_button_is_carried_and_its_texts_are_told(void **state)
{
    (void)state;
    struct written w = written_of(FORM(CONTROL("RADIOBUTTON",
                                               "            Selection #1\n" TEXTS
                                               "            Item #2\n            Items #2\n            Caption #@FRU1\n"
                                               "            Columns #2\n            DataSource #Bush\n",
                                               "")));
    expect_has(&w, "AxForm/Bed.xml", "i:type=\"AxFormRadioButtonControl\"");
    expect_has(&w, "AxForm/Bed.xml", "<Type>RadioButton</Type>");
    expect_has(&w, "AxForm/Bed.xml", "<Caption>@FRU1</Caption>\n");
    expect_has(&w, "AxForm/Bed.xml", "<Selection>1</Selection>");
    expect_told(&w, "FORM", "texts \"Red\", \"\": see in the designer");
    assert_int_equal(written_count(&w, "PROPERTY"), 0);
    assert_int_equal(written_count(&w, "D27"), 0);
    written_done(&w);
}

static void texts_of_lists_have_the_names_of_the_metamodel(void **state)
{
    (void)state;
    struct written w = written_of(FORM(CONTROL("LISTBOX", TEXTS "            Items #2\n            Item #2\n", "")));
    expect_has(&w, "AxForm/Bed.xml",
               "<AxFormListBoxOption>\n\t\t\t\t\t\t<Value>Red</Value>\n\t\t\t\t\t</AxFormListBoxOption>\n"
               "\t\t\t\t\t<AxFormListBoxOption>\n\t\t\t\t\t\t<Ordinal>1</Ordinal>\n\t\t\t\t\t\t<Value />\n");
    expect_told(&w, "FORM", "texts \"Red\", \"\": see in the designer");
    assert_int_equal(written_count(&w, "PROPERTY"), 0);
    written_done(&w);
    w = written_of(FORM(CONTROL("COMBOBOX", "            Text #Only one\n            Items #1\n", "")));
    expect_has(&w, "AxForm/Bed.xml",
               "<Items>\n\t\t\t\t\t<AxFormComboBoxOption>\n\t\t\t\t\t\t<Value>Only one</Value>\n");
    written_done(&w);
}

static void fields_say_whether_a_fast_tab_shows_them(void **state)
{
    (void)state;
    static const char *const types[] = {"STRINGEDIT", "DATEEDIT", "CHECKBOX", "COMBOBOX", "REALEDIT", "REFERENCEGROUP"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        char text[2048];
        snprintf(text, sizeof text, FORM(CONTROL("%s", "            FastTabSummary #Yes\n", "")), types[i]);
        struct written w = written_of(text);
        expect_has(&w, "AxForm/Bed.xml", "<FastTabSummary>Yes</FastTabSummary>");
        assert_int_equal(written_count(&w, "PROPERTY"), 0);
        written_done(&w);
    }
}

static void what_a_segmented_entry_had_is_left_to_a_person(void **state)
{
    (void)state;
    struct written w = written_of(FORM(CONTROL("SEGMENTEDENTRY",
                                               "            ControllerClass #BerryController\n"
                                               "            FastTabSummary #Yes\n            Label #@FRU2\n",
                                               "")));
    expect_told(&w, "F17", "segmented entry is a control of the application now");
    expect_told(&w, "F17", "property ControllerClass = BerryController");
    expect_told(&w, "F17", "property FastTabSummary = Yes");
    expect_told(&w, "F17", "property Label = @FRU2");
    assert_int_equal(written_count(&w, "PROPERTY"), 0);
    written_done(&w);
}

static void what_only_the_old_client_drew_is_dropped(void **state)
{
    (void)state;
    struct written w = written_of(FORM(CONTROL("STRINGEDIT", "            PresenceDataField #Name\n", "")));
    expect_told(&w, "F20", "property PresenceDataField = Name");
    expect_told(&w, "F20", "property ColorRGB = 1");
    expect_told(&w, "M10", "property Version = 3");
    assert_int_equal(written_count(&w, "PROPERTY"), 0);
    written_done(&w);
}

static void numbers_of_elements_are_dropped_like_the_later_ones(void **state)
{
    (void)state;
    struct written w = written_of("***Element: CLS\n  CLSVERSION 1\n  CLASS #C\n    Id 4251\n    PROPERTIES\n"
                                  "      Name #C\n    ENDPROPERTIES\n    METHODS\n      Version: 3\n" DECLARATION
                                  "      SOURCE #run\n        #void run()\n        #{\n        #}\n      ENDSOURCE\n"
                                  "    ENDMETHODS\n  ENDCLASS\n***Element: END\n");
    expect_told(&w, "M10", "property Id = 4251");
    assert_false(has(&w, "AxClass/C.xml", "<Name />"));
    assert_int_equal(written_count(&w, "PROPERTY"), 0);
    written_done(&w);
    w = written_of(
        "***Element: DBT\n  TABLEVERSION 1\n  TABLE #T\n    Id 30001\n    PROPERTIES\n      Name #T\n"
        "      MaxAccessMode #Edit\n      ModifiedDate #Yes\n    ENDPROPERTIES\n    FIELDS\n      FIELD #A\n"
        "        STRING\n        Id 1\n        PROPERTIES\n          Name #A\n        ENDPROPERTIES\n"
        "    ENDFIELDS\n    INDICES\n      #AIdx\n      Id 1\n      PROPERTIES\n        Name #AIdx\n"
        "      ENDPROPERTIES\n      INDEXFIELDS\n        #A\n      ENDINDEXFIELDS\n    ENDINDICES\n"
        "  ENDTABLE\n***Element: UTE\n  USERTYPEVERSION 4\n  USERTYPE #E\n    ENUM\n    Id 30002\n"
        "    PROPERTIES\n      Name #E\n    ENDPROPERTIES\n  ENDUSERTYPE\n***Element: DBE\n"
        "  ENUMTYPEVERSION 1\n  ENUMTYPE #B\n    Id 30003\n    PROPERTIES\n      Name #B\n    ENDPROPERTIES\n"
        "    TYPEELEMENTS\n    ENDTYPEELEMENTS\n  ENDENUMTYPE\n***Element: END\n");
    expect_told(&w, "M10", "property Id = 1, and 2 more");
    expect_told(&w, "M10", "property Id = 30002");
    expect_told(&w, "M10", "property Id = 30003");
    expect_told(&w, "M10", "property MaxAccessMode = Edit");
    expect_told(&w, "M10", "property ModifiedDate = Yes");
    assert_int_equal(written_count(&w, "PROPERTY"), 0);
    written_done(&w);
}

static void where_a_class_ran_needs_no_work(void **state)
{
    (void)state;
    struct written w = written_of("***Element: CLS\n  CLSVERSION 1\n  CLASS #C\n    PROPERTIES\n      Name #C\n"
                                  "      RunOn #Server\n    ENDPROPERTIES\n    METHODS\n" DECLARATION
                                  "    ENDMETHODS\n  ENDCLASS\n***Element: END\n");
    expect_told(&w, "M10", "property RunOn = Server");
    assert_int_equal(written_count(&w, "L05"), 0);
    written_done(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_composite_query_names_its_query_and_adds_ranges),
        cmocka_unit_test(a_composite_query_may_name_its_query_otherwise),
        cmocka_unit_test(what_a_composite_query_cannot_keep_is_told),
        cmocka_unit_test(a_composite_of_the_standard_is_not_extended),
        cmocka_unit_test(objects_that_depend_on_a_query_are_told),
        cmocka_unit_test(a_list_view_is_carried_with_its_methods),
        cmocka_unit_test(a_radio_button_is_carried_and_its_texts_are_told),
        cmocka_unit_test(texts_of_lists_have_the_names_of_the_metamodel),
        cmocka_unit_test(fields_say_whether_a_fast_tab_shows_them),
        cmocka_unit_test(what_a_segmented_entry_had_is_left_to_a_person),
        cmocka_unit_test(what_only_the_old_client_drew_is_dropped),
        cmocka_unit_test(numbers_of_elements_are_dropped_like_the_later_ones),
        cmocka_unit_test(where_a_class_ran_needs_no_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
