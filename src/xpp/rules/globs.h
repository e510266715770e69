/*
 * globs: rules by names with `*` in them ("SysExcel*"). Private to rules/.
 */
#ifndef XPP_RULES_GLOBS_H
#define XPP_RULES_GLOBS_H
#include "base/str.h"
#include "base/vec.h"

#define GLOB_LETTERS 26

struct rule;

struct glob_entry {
    const char *glob;
    const struct rule *rule;
};

/* Starts zeroed. After globs_order() the list is ordered by first letters: those of the letter number l (1 is a) are
 * from begin[l] to begin[l + 1], those before begin[1] begin with no letter and may match any name. */
struct globs {
    VEC(struct glob_entry) list;
    size_t begin[GLOB_LETTERS + 2];
};

void globs_add(struct globs *g, const char *glob, const struct rule *rule);
void globs_order(struct globs *g);
void globs_done(struct globs *g);

/* The next entry that a name matches, without case, or NULL. `at` begins with 0. */
const struct glob_entry *globs_next(const struct globs *g, struct str name, size_t *at);

#endif
