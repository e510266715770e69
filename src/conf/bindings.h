/*
 * bindings: what stands for the `:names` in a package's SQL while it is loaded: its settings and the thresholds of its
 * rules, both with the operator's values where he gives some.
 */
#ifndef CONF_BINDINGS_H
#define CONF_BINDINGS_H
#include "conf/package.h"

struct bindings; /* opaque */

/* Borrows the package and the arena. */
struct bindings *bindings_new(struct package *pkg, struct arena *a);
void bindings_free(struct bindings *v);

/* Takes the settings of the manifest, once it is read, with the overrides (NULL: none). */
void bindings_take(struct bindings *v, const struct map *overrides);

/* Name to const char *, borrowed. */
const struct map *bindings_settings(const struct bindings *v);

/* The text of a file with its settings and thresholds put in; in the arena. */
const char *bindings_substitute(struct bindings *v, const struct package_file *f, struct str raw);

/* Once all files are read: fails with ERR_PACKAGE when an override was neither a setting nor a threshold of any of
 * them. */
bool bindings_check(const struct bindings *v, struct err *err) MUST_CHECK;

#endif
