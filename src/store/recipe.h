/*
 * recipe: statements of a package with named values: what a till does, without knowing its tables.
 *
 * A recipe is a file of store/till/, one or several statements. Its :names are bound from the values; the columns of
 * the first row that a SELECT in it yields become values in turn, for the statements and recipes after it. A name that
 * is no value is a mistake of the package. Statements are prepared once. Values are copied; one thread.
 */
#ifndef STORE_RECIPE_H
#define STORE_RECIPE_H
#include "store/channel.h"

struct values; /* opaque: names with numbers or texts */

struct values *values_new(void);
void values_free(struct values *v);
DEFINE_SCOPED(values)

void values_set_number(struct values *v, const char *name, int64_t n);
void values_set_text(struct values *v, const char *name, const char *text);

/* 0, or "", when there is no such value. The text lives until the value is set again. */
int64_t values_number(const struct values *v, const char *name);
const char *values_text(struct values *v, const char *name);

struct recipe; /* opaque */

/* The recipe "till/NAME"; `*ret` is NULL when the package has none. Fails with ERR_PACKAGE. */
bool recipe_open(struct channel *c, const char *name, struct recipe **ret, struct err *err) MUST_CHECK;
void recipe_close(struct recipe *s);

/* Runs its statements. `ret_row` (or NULL) says whether its last SELECT yielded a row. Fails with ERR_PACKAGE for a
 * name without a value, else like sqlite_next(). */
bool recipe_do(struct recipe *s, struct values *v, bool *ret_row, struct err *err) MUST_CHECK;

/* Runs its only SELECT and calls `fn` for each row with the values set. */
typedef bool recipe_row_fn(void *ctx, struct values *v, struct err *err);
bool recipe_each(struct recipe *s, struct values *v, recipe_row_fn *fn, void *ctx, struct err *err) MUST_CHECK;

#endif
