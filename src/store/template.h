/*
 * template: uploads of many made-up stores, after the transactions of a real one.
 *
 * A channel database whose tills have worked gives whole transactions; every upload of a swarm is made of copies of
 * them, in which the store's id and each transaction's own number are replaced. So headquarters has real rows to take,
 * and every store has its own.
 */
#ifndef STORE_TEMPLATE_H
#define STORE_TEMPLATE_H
#include "base/arena.h"
#include "base/err.h"

#define TEMPLATE_TABLES 16

/* What one store has sent. */
struct template_place {
    int64_t number;
    int64_t counters[TEMPLATE_TABLES];
    int64_t pending[TEMPLATE_TABLES]; /* counters when the package that is on its way is taken */
};

struct template; /* opaque */

/* Reads transactions of the store in `dir`; spools below `spool`. Fails with ERR_TILL_DATA when it has none. */
bool template_open(const char *dir, const char *spool, struct template **ret, struct err *err) MUST_CHECK;
void template_free(struct template *t);
DEFINE_SCOPED(template)

/* A counter that headquarters told of. */
void template_know(const struct template *t, struct template_place *p, const char *table, int64_t counter);

/* The next package of a store, in the arena. */
bool template_make(struct template *t, const char *store, struct template_place *p, int batch, struct arena *a,
                   struct str *ret, struct err *err) MUST_CHECK;

/* Headquarters took it. */
void template_taken(const struct template *t, struct template_place *p);

#endif
