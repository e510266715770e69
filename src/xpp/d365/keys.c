#include "xpp/d365/carry.h"
#include "xpp/d365/families.h"

static void write_simple(struct work *w, const char *folder, enum carry_part part)
{
    const struct xpo_node *key = w->element->root;
    struct carry c;
    carry_begin(&c, w, key, STR(""));
    work_open(w, folder, "");
    struct str name = carry_name(&c);
    carry_rows(&c, part);
    work_close(w, folder, name);
    work_known(w, key, STR(""), "BINARY");
    carry_end(&c);
}

void d365_write_configuration_key(struct work *w)
{
    write_simple(w, "AxConfigurationKey", PART_CONFIGURATION_KEY);
}

void d365_write_license_code(struct work *w)
{
    const struct xpo_node *binary = xpo_child(w->element->root, "BINARY");
    write_simple(w, "AxLicenseCode", PART_LICENSE_CODE);
    if (binary)
        work_tell(w, "M14", FINDING_REPORTED, STR(""), binary->line, "the certificate is left out");
}
