/* What real exports write and made-up ones did not: lines of AX 2009, values that are no default, blocks that are
 * empty.
 */
#include "unit/xpp/d365/told.h"

#define TABLE(name, fields)                                                                                            \
    "***Element: DBT\n  TABLEVERSION 1\n  TABLE #" name "\n    EnforceFKRelation 1\n    PROPERTIES\n      Name #" name \
    "\n      PrimaryIndex #SurrogateKey\n      ClusterIndex #SurrogateKey\n    ENDPROPERTIES\n    FIELDS\n" fields     \
    "    ENDFIELDS\n  ENDTABLE\n\n"

#define FIELD(name, lines, properties)                                                                                 \
    "      FIELD #" name "\n" lines "        PROPERTIES\n          Name #" name "\n" properties                        \
    "        ENDPROPERTIES\n"

#define FORM(bank, parts, controls, permissions)                                                                       \
    "***Element: FRM\n  FRMVERSION 12\n  FORM #Bed\n    PROPERTIES\n      Name #Bed\n    ENDPROPERTIES\n"              \
    "    OBJECTBANK\n      PROPERTIES\n      ENDPROPERTIES\n" bank "    ENDOBJECTBANK\n    PARTREFERENCES\n" parts     \
    "    ENDPARTREFERENCES\n    DESIGN\n      PROPERTIES\n      ENDPROPERTIES\n      CONTAINER\n" controls             \
    "      ENDCONTAINER\n    ENDDESIGN\n" permissions "  ENDFORM\n\n***Element: END\n"

#define SOURCE(block, name, properties, methods)                                                                       \
    "      " block "\n        OBJECTPOOL\n          PROPERTIES\n            Name #" name "\n            Table #" name  \
    "\n" properties "          ENDPROPERTIES\n          FIELDLIST\n          ENDFIELDLIST\n        ENDOBJECTPOOL\n"    \
    "        METHODS\n" methods "        ENDMETHODS\n      END" block "\n"

#define CONTROL(type, name, properties)                                                                                \
    "        CONTROL " type "\n          PROPERTIES\n            Name #" name "\n" properties                          \
    "          ENDPROPERTIES\n          METHODS\n          ENDMETHODS\n        ENDCONTROL\n"

#define EDT(name, references)                                                                                          \
    "***Element: UTS\n  USERTYPEVERSION 6\n  USERTYPE #" name "\n    Id 50100\n    STRING\n    PROPERTIES\n      "     \
    "Name #" name "\n      StringSize #20\n    ENDPROPERTIES\n    TYPEREFERENCES\n" references                         \
    "    ENDTYPEREFERENCES\n  ENDUSERTYPE\n\n"

#define END "***Element: END\n"

static void a_number_before_the_type_of_a_field_hides_it_not(void **state)
{
    (void)state;
    struct written w = written_of(TABLE("Crate", FIELD("Code", "        Id 50002\n        STRING\n", "")) EDT(
        "Sort", "") "***Element: VIE\n  TABLEVERSION 1\n  VIEW #Look\n    PROPERTIES\n      Name #Look\n"
                    "    ENDPROPERTIES\n    FIELDS\n" FIELD("Sum", "        Id 2\n        STRINGCOMPUTEDCOLUMN\n",
                                                            "") "    ENDFIELDS\n  ENDVIEW\n\n" END);
    expect_has(&w, "AxTable/Crate.xml", "i:type=\"AxTableFieldString\">\n\t\t\t<Name>Code</Name>");
    expect_has(&w, "AxEdt/Sort.xml", "i:type=\"AxEdtString\"");
    expect_has(&w, "AxView/Look.xml", "i:type=\"AxViewFieldComputedString\"");
    assert_int_equal(written_count(&w, "VALUE") + written_count(&w, "PROPERTY"), 0);
    written_done(&w);
}

static void a_join_of_a_query_is_one_relation(void **state)
{
    (void)state;
    struct written w = written_of(
        "***Element: QUE\n  VERSION 31\n  QUERY #Ripe\n    PROPERTIES\n      Name #Ripe\n    ENDPROPERTIES\n"
        "    BLOCKS\n      BLOCK #Head\n        PROPERTIES\n          Name #Head\n          Table #Head\n"
        "        ENDPROPERTIES\n        BLOCKS\n          BLOCK #Line\n            PROPERTIES\n"
        "              Name #Line\n              Table #Line\n            ENDPROPERTIES\n            ASSOCIATIONS\n"
        "              ASSOCIATION\n                JOINDATASOURCE #Head\n                MASTERFIELD  #RecId\n"
        "                DETAILSFIELD #HeadRef\n              ASSOCIATION\n                JOINDATASOURCE #Head\n"
        "                MASTERFIELD  #Farm\n                DETAILSFIELD #FarmId\n            ENDASSOCIATIONS\n"
        "          ENDBLOCK\n        ENDBLOCKS\n      ENDBLOCK\n    ENDBLOCKS\n  ENDQUERY\n\n" END);
    expect_has(&w, "AxQuery/Ripe.xml",
               "<Relations>\n"
               "\t\t\t\t\t\t<AxQuerySimpleDataSourceRelation>\n"
               "\t\t\t\t\t\t\t<Name>QueryDataSourceRelation1</Name>\n"
               "\t\t\t\t\t\t\t<Field>RecId</Field>\n"
               "\t\t\t\t\t\t\t<JoinDataSource>Head</JoinDataSource>\n"
               "\t\t\t\t\t\t\t<RelatedField>HeadRef</RelatedField>\n"
               "\t\t\t\t\t\t</AxQuerySimpleDataSourceRelation>\n"
               "\t\t\t\t\t\t<AxQuerySimpleDataSourceRelation>\n"
               "\t\t\t\t\t\t\t<Name>QueryDataSourceRelation2</Name>\n"
               "\t\t\t\t\t\t\t<Field>Farm</Field>\n"
               "\t\t\t\t\t\t\t<JoinDataSource>Head</JoinDataSource>\n"
               "\t\t\t\t\t\t\t<RelatedField>FarmId</RelatedField>\n"
               "\t\t\t\t\t\t</AxQuerySimpleDataSourceRelation>\n"
               "\t\t\t\t\t</Relations>");
    assert_int_equal(written_count(&w, "PROPERTY"), 0);
    written_done(&w);
}

static void derived_data_sources_stand_in_the_one_that_they_extend(void **state)
{
    (void)state;
    struct written w = written_of(FORM(
        SOURCE("DATASOURCE", "Fruit", "", "")
            SOURCE("DERIVEDDATASOURCE", "Berry", "            Extends #Fruit\n",
                   "          SOURCE #active\n            #int active()\n            #{\n            #}\n"
                   "          ENDSOURCE\n") SOURCE("DERIVEDDATASOURCE", "Currant", "            Extends #Berry\n", "")
                SOURCE("DERIVEDDATASOURCE", "Nut", "            Extends #Tree\n", "")
                    SOURCE("DATASOURCE", "Shell", "            JoinSource #Nut\n", ""),
        "", "", ""));
    expect_has(&w, "AxForm/Bed.xml",
               "<DerivedDataSources>\n"
               "\t\t\t\t<AxFormDerivedDataSource>\n"
               "\t\t\t\t\t<Name>Berry</Name>\n"
               "\t\t\t\t\t<Table>Berry</Table>\n"
               "\t\t\t\t\t<Fields />\n"
               "\t\t\t\t\t<ReferencedDataSources />\n"
               "\t\t\t\t\t<DerivedDataSources>\n"
               "\t\t\t\t\t\t<AxFormDerivedDataSource>\n"
               "\t\t\t\t\t\t\t<Name>Currant</Name>");
    expect_has(&w, "AxForm/Bed.xml", "<DataSource>\n\t\t\t\t<Name>Berry</Name>\n\t\t\t\t<Methods>");
    expect_told(&w, "FORM", "Nut extends Tree, which is not there: it is left out, but named by Shell");
    assert_false(has(&w, "AxForm/Bed.xml", "<Name>Nut</Name>"));
    assert_int_equal(written_count(&w, "PROPERTY"), 0);
    written_done(&w);
}

static void a_relation_of_a_type_keeps_its_fixed_value(void **state)
{
    (void)state;
    struct written w = written_of(
        EDT("FarmCode",
            "      TYPEREFERENCETYPE DATASET\n      PROPERTIES\n        Table #Farm\n        RelatedField #Code\n"
            "      ENDPROPERTIES\n      TYPEREFERENCETYPE EXTERNFIXED\n      PROPERTIES\n        Table #Farm\n"
            "        RelatedField #Kind\n        Value #37\n      ENDPROPERTIES\n")
            TABLE("Crate", FIELD("Code", "        STRING\n",
                                 "          ExtendedDataType\n            ARRAY\n"
                                 "              #FarmCode\n              #\n"
                                 "            ENDARRAY\n")) END);
    expect_has(&w, "AxTable/Crate.xml",
               "i:type=\"AxTableRelationConstraintField\">\n"
               "\t\t\t\t\t<Name>Code</Name>\n"
               "\t\t\t\t\t<SourceEDT>FarmCode</SourceEDT>\n"
               "\t\t\t\t\t<Field>Code</Field>\n"
               "\t\t\t\t\t<RelatedField>Code</RelatedField>\n"
               "\t\t\t\t</AxTableRelationConstraint>\n");
    expect_has(&w, "AxTable/Crate.xml",
               "i:type=\"AxTableRelationConstraintRelatedFixed\">\n"
               "\t\t\t\t\t<Name>Kind</Name>\n"
               "\t\t\t\t\t<SourceEDT>FarmCode</SourceEDT>\n"
               "\t\t\t\t\t<RelatedField>Kind</RelatedField>\n"
               "\t\t\t\t\t<Value>37</Value>\n");
    expect_told(&w, "M01", "relation FarmCode to Farm, from type FarmCode");
    expect_told(&w, "M01", "Kind = 37 of Farm is kept by the relations of tables that come from this type");
    written_done(&w);
}

static void a_relation_to_its_own_table_is_ignored_by_an_array_of_types(void **state)
{
    (void)state;
    struct written w =
        written_of(EDT("FarmCode", "      TYPEREFERENCETYPE DATASET\n      PROPERTIES\n        Table #Farm\n"
                                   "        RelatedField #Code\n      ENDPROPERTIES\n")
                       TABLE("Farm", FIELD("Code", "        STRING\n",
                                           "          ExtendedDataType\n            ARRAY\n              #FarmCode\n"
                                           "              #\n            ENDARRAY\n")) END);
    expect_has(&w, "AxTable/Farm.xml", "<IgnoreEDTRelation>Yes</IgnoreEDTRelation>");
    expect_told(&w, "M02", "FarmCode");
    written_done(&w);
}

#define ENTRY(name, item)                                                                                              \
    "      MENUITEM\n        PROPERTIES\n          Name #" name "\n          MenuItemName #" item                      \
    "\n        ENDPROPERTIES\n      ENDMENUITEM\n"

static void a_menu_names_what_it_refers_to_and_no_entry_twice(void **state)
{
    (void)state;
    struct written w = written_of(
        "***Element: MNU\n  MNUVERSION 5\n  MENU #Farms\n    PROPERTIES\n      Name #Farms\n    ENDPROPERTIES\n"
        "    MENUREFERENCE\n      PROPERTIES\n        Name #Orchards\n      ENDPROPERTIES\n    "
        "ENDMENUREFERENCE\n" ENTRY(
            "Parameters", "FarmParameters") "    MENU #Setup\n      PROPERTIES\n        Name #Setup\n"
                                            "      ENDPROPERTIES\n" ENTRY("Parameters", "CrateParameters") ENTRY(
                                                "Parameters_2", "BoxParameters") "    ENDMENU\n  ENDMENU\n\n" END);
    expect_has(&w, "AxMenu/Farms.xml", "<Name>Orchards</Name>\n\t\t\t<MenuName>Orchards</MenuName>");
    expect_has(&w, "AxMenu/Farms.xml", "<Name>Parameters</Name>\n\t\t\t<MenuItemName>FarmParameters</MenuItemName>");
    expect_has(&w, "AxMenu/Farms.xml",
               "<Name>Parameters_3</Name>\n\t\t\t\t\t<MenuItemName>CrateParameters</MenuItemName>");
    expect_told(&w, "M21", "the menu has another Parameters: this one is Parameters_3");
    assert_int_equal(written_count(&w, "M21"), 1);
    written_done(&w);
}

#define OPERATION(name, properties, tables)                                                                            \
    "      OPERATION #" name "\n        PROPERTIES\n          Name #" name "\n          Method #" name "\n" properties \
    "        ENDPROPERTIES\n        PERMISSIONSET #Permissions\n          PROPERTIES\n          ENDPROPERTIES\n"       \
    "          TABLES #Tables\n" tables "          ENDTABLES\n          SERVERMETHODS #Server Methods\n"               \
    "          ENDSERVERMETHODS\n        ENDPERMISSIONSET\n      ENDOPERATION\n"

static void operations_may_be_called_again_unless_they_say_no(void **state)
{
    (void)state;
    struct written w = written_of(
        "***Element: SVC\n  VERSION 1\n  SERVICE #Picker\n    PROPERTIES\n      Name #Picker\n    ENDPROPERTIES\n"
        "    OPERATIONS\n" OPERATION("again", "", "")
            OPERATION("once", "          EnableIdempotence #No\n",
                      "            TABLE #Crate\n            PROPERTIES\n"
                      "              Table #Crate\n"
                      "            ENDPROPERTIES\n            ENDTABLE\n") "    ENDOPERATIONS\n  ENDSERVICE\n\n" END);
    expect_has(&w, "AxService/Picker.xml", "<Name>again</Name>\n\t\t\t<EnableIdempotence>Yes</EnableIdempotence>");
    expect_has(&w, "AxService/Picker.xml", "<Name>once</Name>\n\t\t\t<EnableIdempotence>No</EnableIdempotence>");
    assert_int_equal(written_count(&w, "PROPERTY"), 0);
    expect_told(&w, "M10", "privileges say it now (Permissions): TABLE Crate");
    written_done(&w);
}

static void what_an_export_says_is_no_default(void **state)
{
    (void)state;
    struct written w = written_of(
        FORM("",
             "      PARTREFERENCE #Late\n        PROPERTIES\n          Name #Late\n          ElementPosition #20\n"
             "        ENDPROPERTIES\n      ENDPARTREFERENCE\n      PARTREFERENCE #Early\n        PROPERTIES\n"
             "          Name #Early\n          ElementPosition #10\n        ENDPROPERTIES\n      ENDPARTREFERENCE\n",
             CONTROL("GRID", "Grid", "            ShowRowLabels #No\n")
                 CONTROL("MENUITEMBUTTON", "Go", "            MultiSelect #No\n")
                     CONTROL("TAB", "Pages", "            Style #VerticalTabs\n") CONTROL(
                         "GROUP", "Top",
                         "            Style #TOCTitleContainer\n            FrameType #Solid background color (long)\n"
                         "            ArrangeGuide\n              ARRAY INDEX Columns\n                #\n"
                         "              ENDARRAY\n"),
             ""));
    expect_has(&w, "AxForm/Bed.xml", "<ShowRowLabels>No</ShowRowLabels>");
    expect_has(&w, "AxForm/Bed.xml", "<MultiSelect>No</MultiSelect>");
    expect_has(&w, "AxForm/Bed.xml", "<Style>VerticalTabs</Style>");
    expect_has(&w, "AxForm/Bed.xml", "<Style>TOCTitleContainer</Style>");
    expect_has(&w, "AxForm/Bed.xml", "<Parts>\n\t\t<AxFormPartReference xmlns=\"\">\n\t\t\t<Name>Early</Name>");
    expect_told(&w, "F02", "FrameType = Solid background color (long) is Auto now");
    assert_int_equal(written_count(&w, "VALUE"), 0);
    assert_int_equal(count_told(&w, "F20", "ArrangeGuide"), 0);
    assert_int_equal(count_told(&w, "F20", "ElementPosition"), 0);
    written_done(&w);
}

static void a_lookup_by_a_form_that_is_not_there_is_left_out(void **state)
{
    (void)state;
    struct written w = written_of(
        "***Element: UTS\n  USERTYPEVERSION 6\n  USERTYPE #Sort\n    STRING\n    PROPERTIES\n      Name #Sort\n"
        "      FormHelp #SortLookup\n    ENDPROPERTIES\n  ENDUSERTYPE\n\n" END);
    assert_false(has(&w, "AxEdt/Sort.xml", "FormHelp"));
    expect_told(&w, "M07", "FormHelp = SortLookup is left out: there is no such form");
    assert_int_equal(w.findings.list.p[0].outcome, FINDING_REPORTED);
    written_done(&w);
}

#define SKELETON(controls)                                                                                             \
    "    PERMISSIONS #Permissions\n      PROPERTIES\n      ENDPROPERTIES\n      PERMISSIONSET #Read\n"                 \
    "        PROPERTIES\n        ENDPROPERTIES\n        FORM #Controls\n" controls "        ENDFORM\n"                 \
    "        TABLES #Tables\n        ENDTABLES\n        SERVERMETHODS #Server Methods\n        ENDSERVERMETHODS\n"     \
    "        ASSOCIATEDFORMS #Associated Forms\n        ENDASSOCIATEDFORMS\n      ENDPERMISSIONSET\n"                  \
    "    ENDPERMISSIONS\n"

static void empty_permissions_of_a_form_are_not_worth_a_word(void **state)
{
    (void)state;
    struct written w = written_of(FORM("", "", "", SKELETON("")));
    assert_int_equal(w.findings.list.n, 0);
    written_done(&w);
    w = written_of(FORM("", "", "",
                        SKELETON("          CONTROL #Go\n          PROPERTIES\n            Name #Go\n"
                                 "            AccessLevel #Update\n          ENDPROPERTIES\n"
                                 "          ENDCONTROL\n")));
    expect_told(&w, "M10", "privileges say it now (Read): CONTROL Go");
    written_done(&w);
}

static void the_name_of_a_table_permission_is_said_once(void **state)
{
    (void)state;
    struct written w = written_of(
        "***Element: SPV\n  VERSION 1\n  PRIVILEGE #Pick\n    PROPERTIES\n      Name #Pick\n    ENDPROPERTIES\n"
        "    PERMISSIONSET #Permissions\n      TABLES #Tables\n        TABLE #Crate\n          PROPERTIES\n"
        "            Table #Crate\n            EffectiveAccess #Read\n          ENDPROPERTIES\n        ENDTABLE\n"
        "      ENDTABLES\n    ENDPERMISSIONSET\n  ENDPRIVILEGE\n\n" END);
    expect_has(&w, "AxSecurityPrivilege/Pick.xml", "<Name>Crate</Name>");
    assert_int_equal(written_count(&w, "PROPERTY"), 0);
    written_done(&w);
}

static void what_every_table_has_is_told_once_or_not_at_all(void **state)
{
    (void)state;
    struct written w = written_of(TABLE("Crate", "") END);
    assert_int_equal(written_count(&w, "M16"), 1);
    assert_int_equal(written_count(&w, "M10"), 0);
    written_done(&w);
}

#define VALUE(name, number)                                                                                            \
    "      #" name "\n        PROPERTIES\n          Name #" name "\n          EnumValue #" number                      \
    "\n        ENDPROPERTIES\n"

#define ENUM(values)                                                                                                   \
    "***Element: DBE\n  ENUMTYPEVERSION 1\n  ENUMTYPE #Kind\n    PROPERTIES\n      Name #Kind\n    ENDPROPERTIES\n"    \
    "    TYPEELEMENTS\n" values "    ENDTYPEELEMENTS\n  ENDENUMTYPE\n\n" END

static void only_numbers_of_its_own_are_told_of_an_enumeration(void **state)
{
    (void)state;
    struct written w = written_of(ENUM(VALUE("Red", "0") VALUE("Black", "1")));
    assert_int_equal(written_count(&w, "M11"), 0);
    written_done(&w);
    w = written_of(ENUM(VALUE("Red", "0") VALUE("Black", "5")));
    expect_told(&w, "M11", "2 values keep their numbers");
    written_done(&w);
}

static void the_model_of_a_report_is_called_by_what_it_is(void **state)
{
    (void)state;
    struct written w = written_of("***Element: SRP\n  VERSION 1\n  REPORT #Picks\n    PROPERTIES\n      Name #Picks\n"
                                  "    ENDPROPERTIES\n    MOXL 4\n#text\n    ENDMOXL\n  ENDREPORT\n\n" END);
    expect_told(&w, "M12a", "the report's model");
    assert_int_equal(count_told(&w, "M10", "MOXL"), 0);
    written_done(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_before_the_type_of_a_field_hides_it_not),
        cmocka_unit_test(a_join_of_a_query_is_one_relation),
        cmocka_unit_test(derived_data_sources_stand_in_the_one_that_they_extend),
        cmocka_unit_test(a_relation_of_a_type_keeps_its_fixed_value),
        cmocka_unit_test(a_relation_to_its_own_table_is_ignored_by_an_array_of_types),
        cmocka_unit_test(a_menu_names_what_it_refers_to_and_no_entry_twice),
        cmocka_unit_test(operations_may_be_called_again_unless_they_say_no),
        cmocka_unit_test(what_an_export_says_is_no_default),
        cmocka_unit_test(a_lookup_by_a_form_that_is_not_there_is_left_out),
        cmocka_unit_test(empty_permissions_of_a_form_are_not_worth_a_word),
        cmocka_unit_test(the_name_of_a_table_permission_is_said_once),
        cmocka_unit_test(what_every_table_has_is_told_once_or_not_at_all),
        cmocka_unit_test(only_numbers_of_its_own_are_told_of_an_enumeration),
        cmocka_unit_test(the_model_of_a_report_is_called_by_what_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
