#include "xpp/d365/write.h"
#include "xpp/d365/families.h"
#include <assert.h>

typedef void writer(struct work *w);

/* By kind of element; NULL: D365 has no such thing (M14). */
static writer *const writers[SYMBOL_KINDS] = {
    [SYMBOL_CLASS] = d365_write_class,
    [SYMBOL_TABLE] = d365_write_table,
    [SYMBOL_VIEW] = d365_write_view,
    [SYMBOL_MAP] = d365_write_map,
    [SYMBOL_ENUM] = d365_write_enum,
    [SYMBOL_EDT] = d365_write_edt,
    [SYMBOL_FORM] = d365_write_form,
    [SYMBOL_QUERY] = d365_write_query,
    [SYMBOL_MENU_ITEM_DISPLAY] = d365_write_menu_item,
    [SYMBOL_MENU_ITEM_OUTPUT] = d365_write_menu_item,
    [SYMBOL_MENU_ITEM_ACTION] = d365_write_menu_item,
    [SYMBOL_MENU] = d365_write_menu,
    [SYMBOL_JOB] = d365_write_job,
    [SYMBOL_MACRO] = d365_write_macro,
    [SYMBOL_CONFIGURATION_KEY] = d365_write_configuration_key,
    [SYMBOL_LICENSE_CODE] = d365_write_license_code,
    [SYMBOL_RESOURCE] = d365_write_resource,
    [SYMBOL_REPORT] = d365_write_report,
    [SYMBOL_SERVICE] = d365_write_service,
    [SYMBOL_SERVICE_GROUP] = d365_write_service_group,
    [SYMBOL_PRIVILEGE] = d365_write_privilege,
    [SYMBOL_DUTY] = d365_write_duty,
    [SYMBOL_ROLE] = d365_write_role,
    [SYMBOL_POLICY] = d365_write_policy,
    [SYMBOL_FORM_PART] = d365_write_form_part,
    [SYMBOL_INFO_PART] = d365_write_info_part,
};

static bool has_standard(const struct d365_job *job, enum symbol_kind kind)
{
    struct str name = job->element->name;
    return symbols_find_from(job->symbols, kind, name, SYMBOL_BASELINE) ||
           symbols_find_from(job->symbols, kind, name, SYMBOL_STANDARD);
}

bool d365_is_extension(const struct d365_job *job)
{
    enum symbol_kind kind = symbol_kind_of(job->element);
    if (kind == SYMBOL_KINDS || kind == SYMBOL_JOB || kind == SYMBOL_PROJECT)
        return false;
    const struct symbol *ours = symbols_find_from(job->symbols, kind, job->element->name, SYMBOL_OURS);
    return (ours && ours->delta) || has_standard(job, kind);
}

static void tell_no_target(struct work *w, enum symbol_kind kind)
{
    const char *what = kind == SYMBOL_KINDS ? "element of an unknown type" : symbol_kind_name(kind);
    if (kind != SYMBOL_PROJECT && kind != SYMBOL_LABEL_FILE)
        work_tell(w, "M14", FINDING_REPORTED, STR(""), w->element->line, "%s: no file is made", what);
}

void d365_write(struct d365_job *job)
{
    enum symbol_kind kind = symbol_kind_of(job->element);
    struct work w;
    assert(job->element && job->symbols && job->findings && job->arena);
    work_begin(&w, job);
    if (!job->element->root || kind == SYMBOL_KINDS || !writers[kind])
        tell_no_target(&w, kind);
    else if (d365_is_extension(job))
        d365_write_extension(&w);
    else
        writers[kind](&w);
    work_end(&w);
}
