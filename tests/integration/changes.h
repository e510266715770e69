/*
 * changes: random changes of the tables of a schema, with trackers run exactly as carryover does.
 *
 * A batch stages the keys of changed rows (old and new ones), runs the trackers, replaces the rows, runs the trackers
 * again, and commits. In the schema hq, whose changes carryover learns of after the fact, the rows are replaced first,
 * and the trackers run once with the old images of the rows at hand. Everything random comes from the seed.
 */
#ifndef TESTS_INTEGRATION_CHANGES_H
#define TESTS_INTEGRATION_CHANGES_H
#include "base/rand.h"
#include "lens/lens.h"

struct changes; /* opaque */

/* Looks at the tables of the schema ("old" or "hq") that have a key. Failures end the program with the reason. */
struct changes *changes_new(struct pg *pg, const char *schema, uint64_t seed);
void changes_free(struct changes *c);

size_t changes_tables(const struct changes *c);
const char *changes_table_name(const struct changes *c, size_t table);

/* Random inserts, updates, deletes and key changes, about `rows` in each of `tables` random tables, in one batch. False
 * when the batch broke a unique index of old and was rolled back. */
bool changes_batch(struct changes *c, size_t tables, int rows);

/* The same in one table only. */
bool changes_of(struct changes *c, size_t table, int rows);

/* Empties a table, as TRUNCATE on the source would. */
void changes_truncate(struct changes *c, const char *table);

/* Rows by which the table of a lens differs from the lens, 0 when they are equal. */
int64_t changes_difference(struct pg *pg, const struct lens *l);

#endif
