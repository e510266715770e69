#include "xpp/d365/carry.h"
#include "xpp/d365/families.h"
#include "xpp/d365/rdl.h"

#define NAMESPACE "xmlns=\"Microsoft.Dynamics.AX.Metadata.V2\""

/* The next block with this keyword in the order of the file, at any depth below `top`. */
static const struct xpo_node *next_of(const struct xpo_node *top, const struct xpo_node *at, const char *keyword)
{
    do {
        const struct xpo_node *next = at->first;
        while (!next && at != top) {
            next = at->next;
            if (!next)
                at = at->parent;
        }
        at = next;
    } while (at && !work_same(at->keyword, keyword));
    return at;
}

/* The model is what the designs were made from; expressions that call X++ of the report's own are gone (M12). */
static void tell_model(struct work *w, const struct xpo_node *report)
{
    const struct xpo_node *references = xpo_child(report, "CROSSREFERENCES");
    if (references)
        work_drop(w, "M10", "CROSSREFERENCES", STR("(list of what the report uses)"), STR(""), references->line);
    for (const struct xpo_node *n = next_of(report, report, "MOXL"); n; n = next_of(report, n, "MOXL")) {
        work_tell(w, "M12a", FINDING_REPORTED, STR("model"), n->line,
                  "the report's model, in a form of its own (MOXL): what is in it besides the layout is not carried");
        if (n->text.n > 0 && memmem(n->text.p, n->text.n, "DataMethod", 10))
            work_tell(w, "M12", FINDING_TODO, STR("model"), n->line, "data methods of the report's model are left out");
    }
}

static void put_design(struct work *w, const struct xpo_node *rdl)
{
    const struct xpo_node *owner = rdl->parent;
    struct str name = work_name(owner), text = xpo_source(rdl, w->arena);
    bool is_design = xpo_value(owner, "Name").n > 0;
    struct carry c;
    carry_begin(&c, w, owner, work_path(w, "designs", name));
    xml_open(w->xml, "AxReportDesign", "xmlns=\"\"\ni:type=\"AxReportPrecisionDesign\"");
    carry_take(&c, "Name");
    xml_leaf(w->xml, "Name", is_design ? name : STR("Report"));
    carry_rows(&c, PART_REPORT_DESIGN);
    xml_leaf(w->xml, "Text", text);
    xml_open(w->xml, "DisableIndividualTransformation", "");
    xml_leaf(w->xml, "Name", STR("DisableIndividualTransformation"));
    xml_close(w->xml);
    xml_close(w->xml);
    carry_end(&c);
}

static void put_designs(struct work *w, const struct xpo_node *report)
{
    xml_open(w->xml, "Designs", "");
    for (const struct xpo_node *n = next_of(report, report, "RDL"); n; n = next_of(report, n, "RDL"))
        put_design(w, n);
    xml_close(w->xml);
}

static void put_data(struct work *w, const struct xpo_node *report)
{
    VEC(struct str) texts = {0};
    for (const struct xpo_node *n = next_of(report, report, "RDL"); n; n = next_of(report, n, "RDL"))
        *vec_push(&texts) = xpo_source(n, w->arena);
    rdl_put_data(w, texts.p, texts.n);
    vec_done(&texts);
}

void d365_write_report(struct work *w)
{
    const struct xpo_node *report = w->element->root;
    struct carry c;
    carry_begin(&c, w, report, STR(""));
    work_open(w, "AxReport", NAMESPACE);
    struct str name = carry_name(&c);
    carry_rows(&c, PART_REPORT);
    work_empty(w, "DataMethods");
    put_data(w, report);
    put_designs(w, report);
    work_empty(w, "EmbeddedImages");
    work_close(w, "AxReport", name);
    tell_model(w, report);
    work_known(w, report, STR(""), "CROSSREFERENCES MOXL DESIGNS RDL");
    carry_end(&c);
}
