/*
 * work: what the families of the D365 writer share while they write one element.
 *
 * Holds the XML of the file that is being written, the files that are done, and the properties that were dropped: they
 * are told once per property and element, with how many there were, because an export has them by the thousand.
 */
#ifndef XPP_D365_WORK_H
#define XPP_D365_WORK_H
#include "xpp/d365/write.h"
#include "xpp/xml.h"

struct work_drop {
    const char *rule, *name;
    struct str value, where; /* of the first */
    uint32_t line, count;
    struct work_drop *next;
};

struct work {
    struct d365_job *job;
    const struct xpo_element *element;
    struct arena *arena;
    struct xml *xml;
    struct xml document;
    struct buf out;
    struct work_drop *drops;
};

void work_begin(struct work *w, struct d365_job *job);
/* Tells the drops and releases what is no part of the arena. */
void work_end(struct work *w);

/* Begins the file of an element, `<root xmlns:i=... attributes>`; work_close() adds it to the job as folder/name.xml.
 */
void work_open(struct work *w, const char *root, const char *attributes);
void work_close(struct work *w, const char *folder, struct str name);

/* A name from an export as the name of a file: it never leads out of its folder. */
struct str work_file_name(struct work *w, struct str name);

/* A file of another kind than XML. */
void work_add_file(struct work *w, const char *path, struct str text);

void work_drop(struct work *w, const char *rule, const char *name, struct str value, struct str where, uint32_t line);

void work_tell(struct work *w, const char *rule, enum finding_outcome outcome, struct str where, uint32_t line,
               const char *fmt, ...) PRINTF_LIKE(6, 7);

/* "fields/Amount" */
struct str work_path(struct work *w, const char *folder, struct str name);

/* Tells every child block of a node, with something in it, whose keyword is not one of the space-separated `known`. */
void work_known(struct work *w, const struct xpo_node *node, struct str where, const char *known);

/* Names of AX compare without case: as the key of a map. Belongs to the arena. */
struct str work_folded(struct work *w, struct str name);

/* Names of AX compare without case. */
bool work_same(struct str a, const char *b);
bool work_same_str(struct str a, struct str b);

/* The name of a node: its property Name, else what stands at its block. */
struct str work_name(const struct xpo_node *n);

/* A view of a text that is a printf format's. */
struct str work_text(struct work *w, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Writes `name` with a list that holds nothing. */
void work_empty(struct work *w, const char *name);

#endif
