#include "xpp/d365/carry.h"
#include "xpp/d365/families.h"
#include "xpp/d365/security.h"

/* Without an own value it is the name. */
static void put_or_name(struct carry *c, const struct carry_row *row)
{
    struct str value = carry_take(c, row->from);
    carry_put(c, row->to, value.n > 0 ? value : work_name(c->node));
}

static const struct xpo_node *first_of(const struct xpo_node *node, const char *one, const char *other)
{
    const struct xpo_node *list = xpo_child(node, one);
    return list ? list : xpo_child(node, other);
}

static void put_operation(struct work *w, const struct xpo_node *operation)
{
    struct carry c;
    carry_begin(&c, w, operation, work_path(w, "operations", work_name(operation)));
    c.hand = put_or_name;
    xml_open(w->xml, "AxServiceOperation", "");
    carry_name(&c);
    carry_rows(&c, PART_SERVICE_OPERATION);
    xml_close(w->xml);
    security_tell_permissions(w, operation, c.where);
    work_known(w, operation, c.where, "PERMISSIONSET");
    carry_end(&c);
}

void d365_write_service(struct work *w)
{
    const struct xpo_node *service = w->element->root;
    const struct xpo_node *list = first_of(service, "OPERATIONS", "SERVICEOPERATIONS");
    struct carry c;
    carry_begin(&c, w, service, STR(""));
    c.hand = put_or_name;
    work_open(w, "AxService", "");
    struct str name = carry_name(&c);
    carry_rows(&c, PART_SERVICE);
    xml_open(w->xml, "ServiceOperations", "");
    for (const struct xpo_node *o = list ? list->first : NULL; o; o = o->next)
        put_operation(w, o);
    xml_close(w->xml);
    work_close(w, "AxService", name);
    work_known(w, service, STR(""), "OPERATIONS SERVICEOPERATIONS");
    carry_end(&c);
}

static void put_member(struct work *w, const struct xpo_node *member)
{
    struct carry c;
    carry_begin(&c, w, member, work_path(w, "services", work_name(member)));
    struct str service = carry_take(&c, "Service");
    xml_open(w->xml, "AxServiceGroupService", "");
    struct str name = carry_name(&c);
    carry_put(&c, "Service", service.n > 0 ? service : name);
    xml_close(w->xml);
    work_known(w, member, c.where, "");
    carry_end(&c);
}

void d365_write_service_group(struct work *w)
{
    const struct xpo_node *group = w->element->root;
    const struct xpo_node *list = first_of(group, "SERVICES", "SERVICEREFERENCES");
    struct carry c;
    carry_begin(&c, w, group, STR(""));
    work_open(w, "AxServiceGroup", "");
    struct str name = carry_name(&c);
    carry_rows(&c, PART_SERVICE_GROUP);
    xml_open(w->xml, "Services", "");
    for (const struct xpo_node *s = list ? list->first : NULL; s; s = s->next)
        put_member(w, s);
    xml_close(w->xml);
    work_close(w, "AxServiceGroup", name);
    work_known(w, group, STR(""), "SERVICES SERVICEREFERENCES");
    carry_end(&c);
}
