/*
 * usage: what the inputs refer to, resolved: which names nobody has, and which models need which.
 *
 * Each worker counts for itself; the counts are added up at the end. Places are kept for the first few uses by the
 * order of the inputs, so that the result does not depend on the workers.
 */
#ifndef FORWARD_USAGE_H
#define FORWARD_USAGE_H
#include "xpp/references.h"
#include "xpp/symbols.h"
#include <stdint.h>

enum { USAGE_PLACES = 5 };

struct usage_place {
    uint32_t unit, line;
};

/* A name that nobody has. */
struct usage_unknown {
    enum reference_kind kind;
    struct str name, member;
    uint64_t count;
    struct usage_place places[USAGE_PLACES]; /* the first ones */
    unsigned n_places;
};

struct usage; /* opaque */

struct usage *usage_new(const struct symbols *symbols);
void usage_free(struct usage *u);
DEFINE_SCOPED(usage)

/* Counts one reference of model number `model`; true when somebody has what it names. */
bool usage_find(struct usage *u, const struct reference *r, uint32_t model);

/* Keeps one that nobody has, with its place. */
void usage_tell(struct usage *u, const struct reference *r, uint32_t unit, uint32_t line);

/* Adds all that `from` counted. */
void usage_merge(struct usage *u, const struct usage *from);

/* What nobody has, the most used first, then by name. The list belongs to the arena, what it points to to `u`. */
size_t usage_unknown(const struct usage *u, struct arena *a, struct usage_unknown ***ret);

/* All references, and those that were found. */
uint64_t usage_total(const struct usage *u);
uint64_t usage_known(const struct usage *u);

/* What the models refer to among the inputs: model, symbol, how often; in no order. */
typedef void usage_edge_fn(void *ctx, uint32_t model, const struct symbol *to, uint64_t count);
void usage_edges(const struct usage *u, usage_edge_fn *fn, void *ctx);

#endif
