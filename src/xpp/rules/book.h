/*
 * book: compiled rules, as match.c and apply.c see them. Private to rules/.
 */
#ifndef XPP_RULES_BOOK_H
#define XPP_RULES_BOOK_H
#include "xpp/rules/globs.h"
#include "xpp/rules/rule.h"
#include <assert.h>

#define PATTERN_METAS_MAX 8

struct check_call;
typedef void check_fn(struct check_call *c);

/* A piece of a fix: a text, or with text.p == NULL what was bound to the meta with this hash (0: `...`). */
struct fix_piece {
    struct str text;
    uint32_t meta;
};

/* One pattern of a rule. The anchor is a name that must be there: looked up first, `climb` parents below the root. */
struct pattern {
    const struct rule *rule;
    struct syntax syntax;
    uint32_t root;
    uint32_t anchor_hash; /* 0: found by the kind of its root */
    uint32_t climb;
    bool statement;
    struct fix_piece *fix; /* NULL when there is none */
    uint32_t n_fix;
};

/* Rules that wait for a name, by its hash: chains of entries. */
struct name_entry {
    uint32_t hash;
    int32_t next; /* in the list, or -1 */
    const struct rule *rule;
    const struct pattern *pattern; /* of an anchor table */
};

#define NAME_BUCKETS 1024

struct name_table {
    int32_t bucket[NAME_BUCKETS]; /* index + 1 into the list, 0: empty */
    VEC(struct name_entry) list;
};

struct rulebook {
    const struct rule *rules;
    size_t n;
    struct pattern *patterns;
    size_t n_patterns;
    struct name_table ids, anchors, types, methods, modifiers, macros;
    struct globs type_globs, macro_globs;
    const struct pattern **by_kind[NODE_COUNT]; /* NULL-terminated lists, or NULL */
    const struct rule *of_kind[NODE_COUNT];     /* that looks for all nodes of the kind, or NULL */
    struct {
        check_fn *fn;
        const struct rule *rule;
    } * checks;
    size_t n_checks;
    struct arena *arena;
};

static inline const struct name_entry *name_at(const struct name_table *t, int32_t i)
{
    assert(t->list.p && i >= 0 && (size_t)i < t->list.n);
    return &t->list.p[i];
}

/* The first entry with this hash from `i` on (begin with -1), or -1. */
int32_t name_next(const struct name_table *t, uint32_t hash, int32_t i);

/* The check of this name, or NULL (rules/checks.def). */
check_fn *check_find(const char *name);

#endif
