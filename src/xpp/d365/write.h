/*
 * write: an element of an export as D365 metadata.
 *
 * Table-driven: properties.def says for every element type which property becomes which, in the order in which D365
 * reads them (elements out of order, unknown elements and unknown values are dropped silently by it), with closed sets
 * of values; what is left out is said there, too. Every property of the export is carried, or told as a finding: by the
 * rule that drops it, or by PROPERTY (nobody knows it) and VALUE (its value is in no set). X++ comes from the caller,
 * who has rewritten it. Pure: makes text, writes no file. Any thread, one arena each.
 *
 * Source of the layouts: metadata files of public D365 models; the order of members as the vendor's serializer has it.
 */
#ifndef XPP_D365_WRITE_H
#define XPP_D365_WRITE_H
#include "base/arena.h"
#include "base/buf.h"
#include "xpp/finding.h"
#include "xpp/symbols.h"
#include "xpp/xpo/node.h"

/* One file of a model. `path` is below the model's folder: "AxTable/Foo.xml". */
struct d365_file {
    const char *path;
    struct str text;
    struct d365_file *next;
};

/* What becomes of a method that a layer put into a standard element. */
enum d365_place {
    D365_ADDED,    /* it is all ours: it moves into the extension class as it is */
    D365_CHAINED,  /* it became a chain of command: `text` calls `next` */
    D365_MEMBERS,  /* `text` is members, which stand in the declaration */
    D365_CONFLICT, /* a person decides: `text` is nothing but comments, and stands in the declaration */
};

struct d365_method {
    enum d365_place place;
    /* What of the element it belongs to: "" the element, "datasource/DS", "datafield/DS/Field", "control/Name". Methods
     * of one owner follow each other. */
    struct str owner;
    struct str name, text;
    uint32_t line;
};

struct d365_job {
    const struct xpo_element *element;
    const struct symbols *symbols;
    const char *model;  /* name of the model: "Contoso" */
    const char *prefix; /* of names that are made: "CTS" */
    struct arena *arena;
    struct findings *findings;
    /* The X++ of a SOURCE node after the rules; NULL: as it is in the export. */
    struct str (*code)(void *ctx, const struct xpo_node *source);
    void *ctx;
    /* Of an extension: its methods as the comparison with the standard left them. They go to the classes
     * <Element><prefix>_Extension, one for each owner. Whether an element is an extension: d365_is_extension(). */
    const struct d365_method *methods;
    size_t n_methods;
    /* Of an extension: the standard element as the baseline has it. NULL: only the names in `symbols` tell what is
     * ours. */
    const struct xpo_element *standard;
    /* Out: the files of this element, in the order of their paths; none when its type has no target (told as a
     * finding). */
    struct d365_file *files;
};

/* Makes the files of one element. Never fails: what cannot be carried is a finding. */
void d365_write(struct d365_job *job);

/* Whether the element only changes one that the standard has: it is a layer's export, or the standard has its name. */
bool d365_is_extension(const struct d365_job *job);

/* The descriptor of a model: text of Descriptor/<Model>.xml. */
struct d365_model {
    const char *name, *display_name, *publisher, *description;
    int64_t id;
    const char *const *references; /* modules, NULL-terminated */
};
void d365_put_descriptor(struct buf *b, const struct d365_model *m);

#endif
