/*
 * constructs: a database with a lens for every construct that the engine knows (constructs.def).
 *
 * Up lenses read tables of the schema old and fill hq. Down lenses are the same with the schemas exchanged; their
 * trackers run after the fact. Failures end the test.
 */
#ifndef TESTS_INTEGRATION_CONSTRUCTS_H
#define TESTS_INTEGRATION_CONSTRUCTS_H
#include "lens/fresh.h"
#include "lens/lens.h"

struct constructs {
    struct arena *a;
    enum lens_direction direction;
    struct package package;
    struct lens_set set;
    struct pg *pg;
    const char *uri;
    struct fresh *fresh;
};

/* Up: installed, not loaded. Down: installed, and the tables of the lenses are filled. `conf` as for test_pg_start().
 */
struct constructs *constructs_new(enum lens_direction d, const char *const *conf);
void constructs_free(struct constructs *c);

/* The schema that the lenses read, and SQL text that says "old." in the spelling of this direction. */
const char *constructs_base_schema(const struct constructs *c);
char *constructs_spell(const struct constructs *c, const char *text);

/* Reloads until nothing is dirty. */
void constructs_make_fresh(struct constructs *c);

/* Lenses whose table differs from a fresh evaluation; prints them. */
size_t constructs_compare(struct constructs *c, const char *when);

#endif
