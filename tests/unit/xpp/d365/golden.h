/*
 * golden: XPO text in, D365 files out, for the tests of the writer.
 */
#ifndef TESTS_XPP_D365_GOLDEN_H
#define TESTS_XPP_D365_GOLDEN_H
#include "xpp/d365/write.h"
#include "xpp/xpo/read.h"

/* Everything that one text yields: files and findings of all its elements. */
struct written {
    struct arena *arena;
    struct symbols *symbols;
    struct xpo_file *file;
    struct findings findings;
    struct d365_file *files[64];
    size_t n;
};

/* Writes `text`; elements of `baseline` (which may be empty) are the standard. */
void written_make(struct written *w, struct str text, struct str baseline);
void written_done(struct written *w);

/* The text of a file, or p == NULL. */
struct str written_file(const struct written *w, const char *path);

/* How often a rule was told. */
size_t written_count(const struct written *w, const char *rule);

#endif
