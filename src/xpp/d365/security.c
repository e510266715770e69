#include "xpp/d365/security.h"
#include "xpp/d365/families.h"

#define NAMES_SHOWN 10 /* of a list in a finding */

enum grant { GRANT_CORRECT, GRANT_CREATE, GRANT_DELETE, GRANT_INVOKE, GRANT_READ, GRANT_UPDATE, GRANTS };

static const char *const grant_names[GRANTS] = {"Correct", "Create", "Delete", "Invoke", "Read", "Update"};

#define G(name) (1u << GRANT_##name)

/* A level of access holds those below it. */
static bool grants_of(struct str level, unsigned *ret_grants)
{
    static const struct {
        const char *level;
        unsigned grants;
    } levels[] = {{"NoAccess", 0},
                  {"No access", 0},
                  {"Read", G(READ)},
                  {"View", G(READ)},
                  {"Update", G(READ) | G(UPDATE)},
                  {"Edit", G(READ) | G(UPDATE)},
                  {"Create", G(READ) | G(UPDATE) | G(CREATE)},
                  {"Correct", G(READ) | G(UPDATE) | G(CREATE) | G(CORRECT)},
                  {"Delete", G(READ) | G(UPDATE) | G(CREATE) | G(CORRECT) | G(DELETE)},
                  {"Invoke", G(INVOKE)}};
    for (size_t i = 0; i < ARRAY_LEN(levels); i++) {
        if (!work_same(level, levels[i].level))
            continue;
        *ret_grants = levels[i].grants;
        return true;
    }
    return false;
}

static void put_grant(struct carry *c, const char *property)
{
    struct str level = carry_take(c, property);
    unsigned grants = 0;
    if (level.n > 0 && !grants_of(level, &grants))
        carry_tell_value(c, property, level);
    xml_open(c->w->xml, "Grant", "");
    for (unsigned i = 0; i < GRANTS; i++) {
        if (grants & (1u << i))
            xml_leaf(c->w->xml, grant_names[i], STR("Allow"));
    }
    xml_close(c->w->xml);
}

static void put_object_type(struct carry *c, const struct carry_row *row)
{
    const char *rule, *word = carry_word(SET_ENTRY_POINT, carry_take(c, row->from), &rule);
    carry_puts(c, row->to, word ? word : "");
}

static void put_entry_point(struct work *w, const struct xpo_node *entry)
{
    struct str where = work_path(w, "entrypoints", work_name(entry)), type = xpo_value(entry, "ObjectType");
    const char *rule;
    struct carry c;
    carry_begin(&c, w, entry, where);
    c.hand = put_object_type;
    if (type.n > 0 && !carry_word(SET_ENTRY_POINT, type, &rule)) {
        carry_tell(&c, "M14", FINDING_REPORTED, "entry point of type %.*s is left out", STR_ARG(type));
        return;
    }
    xml_open(w->xml, "AxSecurityEntryPointReference", "");
    carry_name(&c);
    put_grant(&c, "AccessLevel");
    carry_rows(&c, PART_ENTRY_POINT);
    work_empty(w, "Forms");
    xml_close(w->xml);
    work_known(w, entry, where, "");
    carry_end(&c);
}

static void put_table_permission(struct work *w, const struct xpo_node *table)
{
    struct carry c;
    carry_begin(&c, w, table, work_path(w, "permissions", work_name(table)));
    xml_open(w->xml, "AxSecurityDataEntityReference", "");
    struct str name = carry_name(&c);
    if (work_same_str(xpo_value(table, "Table"), name))
        carry_take(&c, "Table");
    put_grant(&c, xpo_prop_find(table, "AccessLevel") ? "AccessLevel" : "EffectiveAccess");
    work_empty(w, "Fields");
    xml_close(w->xml);
    work_known(w, table, c.where, "");
    carry_end(&c);
}

static void put_permissions(struct work *w, const struct xpo_node *node)
{
    const struct xpo_node *set = xpo_child(node, "PERMISSIONSET"), *tables = set ? xpo_child(set, "TABLES") : NULL;
    xml_open(w->xml, "DirectAccessPermissions", "");
    for (const struct xpo_node *t = tables ? tables->first : NULL; t; t = t->next)
        put_table_permission(w, t);
    xml_close(w->xml);
    for (const struct xpo_node *n = set ? set->first : NULL; n; n = n->next) {
        for (const struct xpo_node *m = n != tables ? n->first : NULL; m; m = m->next)
            work_tell(w, "M10", FINDING_TODO, STR("permissions"), m->line, "%.*s %.*s is left out", STR_ARG(n->keyword),
                      STR_ARG(work_name(m)));
    }
}

/* Puts what a set permits: its lists are there even when nothing is in them. Returns how much that is. */
static unsigned name_permissions(const struct xpo_node *set, struct buf *names)
{
    unsigned n = 0;
    for (const struct xpo_node *list = set->first; list; list = list->next) {
        for (const struct xpo_node *p = list->first; p; p = p->next) {
            if (n++ < NAMES_SHOWN)
                buf_printf(names, "%s%.*s %.*s", n > 1 ? ", " : "", STR_ARG(p->keyword), STR_ARG(work_name(p)));
        }
    }
    if (n > NAMES_SHOWN)
        buf_printf(names, ", and %u more", n - NAMES_SHOWN);
    return n;
}

static void tell_set(struct work *w, const struct xpo_node *set, struct str where)
{
    SCOPED_BUF names = {0};
    if (name_permissions(set, &names) > 0)
        work_tell(w, "M10", FINDING_REPORTED, where, set->line,
                  "what it permits by itself is left out, privileges say it now%s: %.*s",
                  set->name.n ? work_text(w, " (%.*s)", STR_ARG(set->name)).p : "", STR_ARG(buf_str(&names)));
}

void security_tell_permissions(struct work *w, const struct xpo_node *node, struct str where)
{
    const struct xpo_node *set = node ? xpo_child(node, "PERMISSIONSET") : NULL;
    if (!set && node && work_same(node->keyword, "PERMISSIONS"))
        tell_set(w, node, where);
    for (; set; set = xpo_same(set))
        tell_set(w, set, where);
}

/* What is disabled is not brought forward (M06). */
static bool is_disabled(struct work *w)
{
    const struct xpo_prop *p = xpo_prop_find(w->element->root, "Enabled");
    if (!p || !work_same(p->value, "No"))
        return false;
    work_tell(w, "M06", FINDING_FIXED, STR(""), p->line, "disabled: no file is made");
    return true;
}

void d365_write_privilege(struct work *w)
{
    const struct xpo_node *privilege = w->element->root, *list = xpo_child(privilege, "ENTRYPOINTS");
    struct carry c;
    if (is_disabled(w))
        return;
    carry_begin(&c, w, privilege, STR(""));
    work_open(w, "AxSecurityPrivilege", "");
    struct str name = carry_name(&c);
    carry_rows(&c, PART_PRIVILEGE);
    work_empty(w, "DataEntityPermissions");
    put_permissions(w, privilege);
    xml_open(w->xml, "EntryPoints", "");
    for (const struct xpo_node *e = list ? list->first : NULL; e; e = e->next)
        put_entry_point(w, e);
    xml_close(w->xml);
    work_empty(w, "FormControlOverrides");
    work_close(w, "AxSecurityPrivilege", name);
    work_known(w, privilege, STR(""), "ENTRYPOINTS PERMISSIONSET");
    carry_end(&c);
}

void security_put_references(struct work *w, const struct xpo_node *node, const char *keyword, const char *name,
                             const char *element)
{
    const struct xpo_node *list = xpo_child(node, keyword);
    xml_open(w->xml, name, "");
    for (const struct xpo_node *n = list ? list->first : NULL; n; n = n->next) {
        struct carry c;
        carry_begin(&c, w, n, work_path(w, name, work_name(n)));
        xml_open(w->xml, element, "");
        carry_name(&c);
        carry_rows(&c, PART_SECURITY_REFERENCE);
        xml_close(w->xml);
        work_known(w, n, c.where, "");
        carry_end(&c);
    }
    xml_close(w->xml);
}

void d365_write_duty(struct work *w)
{
    const struct xpo_node *duty = w->element->root;
    struct carry c;
    if (is_disabled(w))
        return;
    carry_begin(&c, w, duty, STR(""));
    work_open(w, "AxSecurityDuty", "");
    struct str name = carry_name(&c);
    carry_rows(&c, PART_DUTY);
    security_put_references(w, duty, "PRIVILEGES", "Privileges", "AxSecurityPrivilegeReference");
    work_close(w, "AxSecurityDuty", name);
    work_known(w, duty, STR(""), "PRIVILEGES");
    carry_end(&c);
}

void d365_write_role(struct work *w)
{
    const struct xpo_node *role = w->element->root;
    struct carry c;
    if (is_disabled(w))
        return;
    carry_begin(&c, w, role, STR(""));
    work_open(w, "AxSecurityRole", "");
    struct str name = carry_name(&c);
    carry_rows(&c, PART_ROLE);
    put_permissions(w, role);
    security_put_references(w, role, "DUTIES", "Duties", "AxSecurityDutyReference");
    security_put_references(w, role, "PRIVILEGES", "Privileges", "AxSecurityPrivilegeReference");
    security_put_references(w, role, xpo_child(role, "SUBROLES") ? "SUBROLES" : "ROLES", "SubRoles",
                            "AxSecurityRoleReference");
    work_close(w, "AxSecurityRole", name);
    work_known(w, role, STR(""), "PERMISSIONSET DUTIES PRIVILEGES SUBROLES ROLES");
    carry_end(&c);
}

static void put_constrained(struct work *w, const struct xpo_node *list)
{
    xml_open(w->xml, "ConstrainedTables", "");
    for (const struct xpo_node *n = list ? list->first : NULL; n; n = n->next) {
        bool expression = xpo_prop_find(n, "Value") != NULL;
        struct carry c;
        carry_begin(&c, w, n, work_path(w, "constrained", work_name(n)));
        xml_open(w->xml, "AxSecurityPolicyConstrainedEntity",
                 arena_printf(w->arena, "xmlns=\"\"\ni:type=\"AxSecurityPolicyConstrained%s\"",
                              expression ? "Expression" : "Table"));
        carry_name(&c);
        put_constrained(w, xpo_child(n, "CONSTRAINEDTABLES"));
        carry_rows(&c, expression ? PART_CONSTRAINED_EXPRESSION : PART_CONSTRAINED_TABLE);
        xml_close(w->xml);
        work_known(w, n, c.where, "CONSTRAINEDTABLES");
        carry_end(&c);
    }
    xml_close(w->xml);
}

void d365_write_policy(struct work *w)
{
    const struct xpo_node *policy = w->element->root;
    struct carry c;
    carry_begin(&c, w, policy, STR(""));
    work_open(w, "AxSecurityPolicy", "");
    struct str name = carry_name(&c);
    carry_rows(&c, PART_POLICY);
    put_constrained(w, xpo_child(policy, "CONSTRAINEDTABLES"));
    work_close(w, "AxSecurityPolicy", name);
    work_known(w, policy, STR(""), "CONSTRAINEDTABLES");
    carry_end(&c);
}
