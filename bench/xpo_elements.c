/* The elements of the generator of exports. */
#include "xpo_generate.h"

#define NAME_MAX_BYTES 100

static void begin_props(struct generator *g, const char *name)
{
    open_block(g, "PROPERTIES");
    if (name)
        put_prop(g, "Name", "%s", name);
}

static void put_origin(struct generator *g)
{
    uint64_t a = rand_next(&g->rand), b = rand_next(&g->rand);
    put_prop(g, "Origin", "{%08X-%04X-%04X-%04X-%012" PRIX64 "}", (unsigned)(a >> 32), (unsigned)(a >> 16) & 0xFFFF,
             (unsigned)a & 0xFFFF, (unsigned)(b >> 48), b & 0xFFFFFFFFFFFF);
}

static void end_props(struct generator *g)
{
    close_block(g, "ENDPROPERTIES");
    put(g, "%s", "");
}

static void name_of(struct generator *g, char name[NAME_MAX_BYTES], const char *suffix)
{
    const char *first = noun(g);
    snprintf(name, NAME_MAX_BYTES, "CTS%s%s%" PRIu64 "%s", first, noun(g), g->made, suffix);
}

void put_class(struct generator *g)
{
    char name[NAME_MAX_BYTES], text[1000];
    name_of(g, name, "");
    put_header(g, "CLS", "CLSVERSION 1", "Class", name);
    open_block(g, "CLASS #%s", name);
    begin_props(g, name);
    put_prop(g, "Extends", "RunBaseBatch");
    put_prop(g, "RunOn", "%s", below(g, 2) ? "Server" : "Called from");
    put_origin(g);
    end_props(g);
    open_block(g, "METHODS");
    snprintf(
        text, sizeof text,
        "        #class %s extends RunBaseBatch\n        #{\n        #    %sTable   table_;\n        #    QueryRun   "
        "queryRun;\n        #    #define.CurrentVersion(%u)\n        #    #localmacro.CurrentList\n        #        "
        "fileName, transDate\n        #    #endmacro\n        #}\n",
        name, noun(g), (unsigned)below(g, 9));
    put_source(g, "classDeclaration", text);
    put_methods(g, 2 + below(g, 20));
    close_block(g, "ENDMETHODS");
    close_block(g, "ENDCLASS");
}

static void put_field(struct generator *g, const char *table, size_t i)
{
    static const char *const types[] = {"STRING", "INT", "INT64", "REAL", "DATE", "DATETIME", "ENUM", "GUID"};
    const char *type = types[below(g, ARRAY_LEN(types))];
    open_block(g, "FIELD #Field%zu", i);
    put(g, "%s", type);
    open_block(g, "PROPERTIES");
    put_prop(g, "Name", "Field%zu", i);
    put_prop(g, "Label", "@CTS%u", (unsigned)below(g, 4000));
    put_prop(g, "Table", "%s", table);
    put_origin(g);
    if (strcmp(type, "ENUM") == 0)
        put_prop(g, "EnumType", "NoYes");
    else
        put_prop(g, "ExtendedDataType", "CTS%sId", noun(g));
    end_props(g);
    g->indent -= 2;
}

static void put_index(struct generator *g, size_t i)
{
    put(g, "#Index%zuIdx", i);
    open_block(g, "PROPERTIES");
    put_prop(g, "AllowDuplicates", "No");
    end_props(g);
    open_block(g, "INDEXFIELDS");
    put(g, "#Field%zu", i);
    put(g, "#RecId");
    close_block(g, "ENDINDEXFIELDS");
}

static void put_relation(struct generator *g)
{
    char name[NAME_MAX_BYTES];
    snprintf(name, sizeof name, "CTS%sTable", noun(g));
    open_block(g, "REFERENCE #%s", name);
    begin_props(g, name);
    put_prop(g, "Table", "%s", name);
    put_prop(g, "Cardinality", "ZeroMore");
    end_props(g);
    open_block(g, "FIELDREFERENCES");
    put(g, "REFERENCETYPE NORMAL");
    open_block(g, "PROPERTIES");
    put_prop(g, "Field", "Field0");
    put_prop(g, "RelatedField", "RecId");
    end_props(g);
    close_block(g, "ENDFIELDREFERENCES");
    close_block(g, "ENDREFERENCE");
}

static void put_group(struct generator *g, size_t n_fields)
{
    open_block(g, "GROUP #AutoReport");
    begin_props(g, "AutoReport");
    end_props(g);
    open_block(g, "GROUPFIELDS");
    for (size_t i = 0; i < n_fields; i++)
        put(g, "#Field%zu", i);
    close_block(g, "ENDGROUPFIELDS");
    close_block(g, "ENDGROUP");
}

static void put_delete_action(struct generator *g)
{
    open_block(g, "DELETEACTIONS");
    put(g, "#CTS%sTable", noun(g));
    open_block(g, "PROPERTIES");
    put_prop(g, "Table", "CTS%sTable", noun(g));
    put_prop(g, "DeleteAction", "Cascade + Restricted");
    end_props(g);
    close_block(g, "ENDDELETEACTIONS");
}

static void put_fields(struct generator *g, const char *table)
{
    size_t n = 3 + below(g, 30);
    open_block(g, "FIELDS");
    for (size_t i = 0; i < n; i++)
        put_field(g, table, i);
    close_block(g, "ENDFIELDS");
    open_block(g, "GROUPS");
    put_group(g, n);
    close_block(g, "ENDGROUPS");
}

void put_table(struct generator *g)
{
    char name[NAME_MAX_BYTES];
    name_of(g, name, "Table");
    put_header(g, "DBT", "TABLEVERSION 1", "Table", name);
    open_block(g, "TABLE #%s", name);
    put(g, "EnforceFKRelation 1");
    begin_props(g, name);
    put_prop(g, "Label", "@CTS%u", (unsigned)below(g, 4000));
    put_prop(g, "TitleField1", "Field0");
    put_prop(g, "TableGroup", "Transaction");
    put_origin(g);
    end_props(g);
    put_fields(g, name);
    open_block(g, "INDICES");
    put_index(g, 0);
    put_index(g, 1);
    close_block(g, "ENDINDICES");
    open_block(g, "REFERENCES");
    put_relation(g);
    close_block(g, "ENDREFERENCES");
    put_delete_action(g);
    open_block(g, "METHODS");
    put_methods(g, below(g, 8));
    close_block(g, "ENDMETHODS");
    close_block(g, "ENDTABLE");
}

void put_enum(struct generator *g)
{
    char name[NAME_MAX_BYTES];
    name_of(g, name, "Status");
    put_header(g, "DBE", "ENUMTYPEVERSION 1", "Enumtype", name);
    open_block(g, "ENUMTYPE #%s", name);
    begin_props(g, name);
    put_prop(g, "UseEnumValue", "No");
    put_origin(g);
    end_props(g);
    open_block(g, "TYPEELEMENTS");
    for (size_t i = 0, n = 2 + below(g, 8); i < n; i++) {
        put(g, "#Value%zu", i);
        open_block(g, "PROPERTIES");
        put_prop(g, "Name", "Value%zu", i);
        put_prop(g, "EnumValue", "%zu", i);
        end_props(g);
    }
    close_block(g, "ENDTYPEELEMENTS");
    close_block(g, "ENDENUMTYPE");
}

void put_type(struct generator *g)
{
    char name[NAME_MAX_BYTES];
    name_of(g, name, "Id");
    put_header(g, "UTS", "USERTYPEVERSION 6", "Type", name);
    open_block(g, "USERTYPE #%s", name);
    put(g, "STRING");
    begin_props(g, name);
    put_prop(g, "Extends", "Num");
    put_prop(g, "StringSize", "%u", 10 + (unsigned)below(g, 50));
    put_origin(g);
    end_props(g);
    open_block(g, "TYPEELEMENTS");
    close_block(g, "ENDTYPEELEMENTS");
    open_block(g, "TYPEREFERENCES");
    put(g, "TYPEREFERENCETYPE DATASET");
    open_block(g, "PROPERTIES");
    put_prop(g, "Table", "CTS%sTable", noun(g));
    put_prop(g, "RelatedField", "Field0");
    end_props(g);
    close_block(g, "ENDTYPEREFERENCES");
    close_block(g, "ENDUSERTYPE");
}

static void put_control(struct generator *g, size_t i)
{
    static const char *const kinds[] = {"STRINGEDIT", "REALEDIT", "GROUP", "CHECKBOX", "COMBOBOX", "MENUITEMBUTTON"};
    open_block(g, "CONTROL %s", kinds[below(g, ARRAY_LEN(kinds))]);
    open_block(g, "PROPERTIES");
    put_prop(g, "Name", "Control%zu", i);
    put_prop(g, "ElementPosition", "%u", (unsigned)below(g, INT32_MAX));
    if (i > 0)
        put_prop(g, "HierarchyParent", "Control%" PRIu64, below(g, i));
    put_prop(g, "Width", "Column width");
    put_prop(g, "DataSource", "Main");
    end_props(g);
    open_block(g, "METHODS");
    if (below(g, 20) == 0)
        put_method(g, "clicked");
    close_block(g, "ENDMETHODS");
    close_block(g, "ENDCONTROL ");
    put(g, "%s", "");
}

static void put_data_source(struct generator *g)
{
    open_block(g, "OBJECTBANK");
    open_block(g, "DATASOURCE");
    open_block(g, "OBJECTPOOL");
    begin_props(g, "Main");
    put_prop(g, "Table", "CTS%sTable", noun(g));
    end_props(g);
    open_block(g, "FIELDLIST");
    open_block(g, "DATAFIELD Field0");
    open_block(g, "PROPERTIES");
    put_prop(g, "Mandatory", "Yes");
    end_props(g);
    open_block(g, "METHODS");
    close_block(g, "ENDMETHODS");
    close_block(g, "ENDDATAFIELD");
    close_block(g, "ENDFIELDLIST");
    close_block(g, "ENDOBJECTPOOL");
    open_block(g, "METHODS");
    put_methods(g, below(g, 3));
    close_block(g, "ENDMETHODS");
    close_block(g, "ENDDATASOURCE");
    close_block(g, "ENDOBJECTBANK");
}

void put_form(struct generator *g)
{
    char name[NAME_MAX_BYTES];
    name_of(g, name, "Form");
    put_header(g, "FRM", "FRMVERSION 12", "Forms", name);
    open_block(g, "FORM #%s", name);
    begin_props(g, name);
    put_origin(g);
    end_props(g);
    open_block(g, "METHODS");
    put_source(g, "classDeclaration",
               "        #public class FormRun extends ObjectRun\n        #{\n        #    int calls;\n        #}\n");
    put_methods(g, below(g, 6));
    close_block(g, "ENDMETHODS");
    put_data_source(g);
    open_block(g, "JOINS");
    put(g, "Lines Main");
    close_block(g, "ENDJOINS");
    open_block(g, "DESIGN");
    open_block(g, "PROPERTIES");
    put_prop(g, "Caption", "@CTS%u", (unsigned)below(g, 4000));
    end_props(g);
    open_block(g, "CONTAINER");
    for (size_t i = 0, n = 100 + below(g, 300); i < n; i++)
        put_control(g, i);
    close_block(g, "ENDCONTAINER");
    close_block(g, "ENDDESIGN");
    close_block(g, "ENDFORM");
}

void put_query(struct generator *g)
{
    char name[NAME_MAX_BYTES];
    name_of(g, name, "Query");
    put_header(g, "QUE", "VERSION 31", "Query", name);
    open_block(g, "QUERY #%s", name);
    begin_props(g, name);
    put_origin(g);
    end_props(g);
    open_block(g, "METHODS");
    put_source(g, "classDeclaration", "        #public class QueryRun extends ObjectRun\n        #{\n        #}\n");
    close_block(g, "ENDMETHODS");
    open_block(g, "BLOCKS");
    open_block(g, "BLOCK #Main");
    begin_props(g, "Main");
    put_prop(g, "Table", "CTS%sTable", noun(g));
    end_props(g);
    open_block(g, "LINES");
    put(g, "LINE #Range1");
    begin_props(g, "Range1");
    put_prop(g, "Field", "Field0");
    end_props(g);
    close_block(g, "ENDLINES");
    close_block(g, "ENDBLOCK");
    close_block(g, "ENDBLOCKS");
    close_block(g, "ENDQUERY");
}

void put_menu_item(struct generator *g)
{
    char name[NAME_MAX_BYTES];
    name_of(g, name, "");
    put_header(g, "FTM", "VERSION 1", "MENUITEM", name);
    open_block(g, "MENUITEM #%s", name);
    put(g, "Type: %u", 1 + (unsigned)below(g, 3));
    begin_props(g, name);
    put_prop(g, "Object", "%s", name);
    put_prop(g, "ObjectType", "Class");
    put_origin(g);
    end_props(g);
    close_block(g, "ENDMENUITEM");
}

void put_privilege(struct generator *g)
{
    char name[NAME_MAX_BYTES];
    name_of(g, name, "Maintain");
    put_header(g, "SPV", "VERSION 1", "PRIVILEGE", name);
    open_block(g, "PRIVILEGE #%s", name);
    begin_props(g, name);
    put_origin(g);
    end_props(g);
    open_block(g, "ENTRYPOINTS #Entry Points");
    open_block(g, "ENTRYPOINT #%s", name);
    begin_props(g, name);
    put_prop(g, "ObjectType", "MenuItemDisplay");
    put_prop(g, "ObjectName", "%s", name);
    put_prop(g, "AccessLevel", "Delete");
    end_props(g);
    close_block(g, "ENDENTRYPOINT");
    g->indent = 2;
    put(g, "ENDENTRYPOINTS");
    g->indent = 0; /* as real exports have it */
    put(g, "ENDPRIVILEGE");
}

void put_job(struct generator *g)
{
    char name[NAME_MAX_BYTES];
    name_of(g, name, "Job");
    put_header(g, "JOB", "JOBVERSION 1", "Job", name);
    put_method(g, name);
    open_block(g, "PROPERTIES");
    put_origin(g);
    end_props(g);
}

void put_macro(struct generator *g)
{
    char name[NAME_MAX_BYTES], text[NAME_MAX_BYTES];
    name_of(g, name, "Macro");
    put_header(g, "MCR", "JOBVERSION 1", "Macro", name);
    open_block(g, "SOURCE #%s", name);
    for (size_t i = 0, n = 1 + below(g, 30); i < n; i++) {
        snprintf(text, sizeof text, "##define.%s%zu('%s')\n", noun(g), i, noun(g));
        buf_puts(&g->out, "    ");
        buf_puts(&g->out, text);
    }
    close_block(g, "ENDSOURCE");
    open_block(g, "PROPERTIES");
    put_origin(g);
    end_props(g);
}
