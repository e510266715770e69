#include "xpp/d365/write.h"
#include "xpp/xml.h"

#define ARRAYS "xmlns:d2p1=\"http://schemas.microsoft.com/2003/10/Serialization/Arrays\""

/* The layer of the user's own models. */
#define LAYER "14"

static void put_references(struct xml *x, const char *const *references)
{
    xml_open(x, "ModuleReferences", ARRAYS);
    for (; references && *references; references++)
        xml_leaf(x, "d2p1:string", str_of(*references));
    xml_close(x);
}

static void put_version(struct xml *x)
{
    static const char *const parts[][2] = {
        {"VersionBuild", "0"}, {"VersionMajor", "1"}, {"VersionMinor", "0"}, {"VersionRevision", "0"}};
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        xml_leaf(x, parts[i][0], str_of(parts[i][1]));
}

static struct str or_empty(const char *z)
{
    return z ? str_of(z) : STR("");
}

void d365_put_descriptor(struct buf *b, const struct d365_model *m)
{
    char id[32];
    struct xml x;
    snprintf(id, sizeof id, "%lld", (long long)m->id);
    xml_begin(&x, b);
    xml_open(&x, "AxModelInfo", "xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"");
    xml_empty(&x, "AppliedUpdates", ARRAYS);
    xml_leaf(&x, "Customization", STR("Allow"));
    xml_leaf(&x, "Description", or_empty(m->description));
    xml_leaf(&x, "DisplayName", or_empty(m->display_name));
    xml_leaf(&x, "Id", str_of(id));
    xml_leaf(&x, "Layer", STR(LAYER));
    xml_leaf(&x, "Locked", STR("false"));
    xml_leaf(&x, "ModelModule", str_of(m->name));
    put_references(&x, m->references);
    xml_leaf(&x, "Name", str_of(m->name));
    xml_leaf(&x, "Publisher", or_empty(m->publisher));
    xml_leaf(&x, "SolutionId", STR("00000000-0000-0000-0000-000000000000"));
    put_version(&x);
    xml_close(&x);
    xml_end(&x);
}
