/*
 * yaml: a small tree of a YAML file that remembers where everything stands.
 *
 * Reads the part of YAML 1.1 that configuration needs: mappings, sequences and scalars. Anchors, aliases, tags, merge
 * keys, several documents, keys that are not plain text and keys given twice are refused, so that a file means what it
 * looks like. Size, depth and number of nodes are bounded. Every message begins with "file:line:column: ". The tree
 * lives in the arena and never changes.
 */
#ifndef CONF_YAML_H
#define CONF_YAML_H
#include "base/arena.h"
#include "base/err.h"

#define YAML_SIZE_MAX ((size_t)4 << 20)
#define YAML_DEPTH_MAX 32
#define YAML_NODES_MAX 200000

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node {
    enum yaml_kind kind;
    int line, column; /* from 1 */
    const char *text; /* of a scalar; "" for an empty value */
    bool quoted;      /* the scalar stood in quotes or in a block */
    struct yaml_item *items;
    size_t n; /* of a list or mapping */
};

struct yaml_item {
    const char *key;  /* of a mapping; NULL in a list */
    int line, column; /* of the key */
    struct yaml_node *value;
};

/* A file: what messages call it, which error its mistakes are, and its tree. */
struct yaml {
    const char *name;
    enum err_code code;
    struct yaml_node *root;
};

/* Parses `text`. An empty file is an empty mapping. Fails with `code` (ERR_CONFIG, ERR_PACKAGE), line and column. */
bool yaml_parse(struct str text, const char *name, enum err_code code, struct arena *a, struct yaml **ret,
                struct err *err) MUST_CHECK;

/* The value of a key of a mapping, or NULL. */
const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);

/* Fills `err` with the place of `node` before the message, and returns false. */
bool yaml_fail(const struct yaml *y, const struct yaml_node *node, struct err *err, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

/* The same at the key of an item. */
bool yaml_fail_key(const struct yaml *y, const struct yaml_item *item, struct err *err, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

/* Fails unless `node` is of this kind; `what` names it ("home"). */
bool yaml_expect(const struct yaml *y, const struct yaml_node *node, enum yaml_kind kind, const char *what,
                 struct err *err) MUST_CHECK;

/* Fails at the first key of a mapping that is none of `names`, with the nearest name as suggestion. `what` names the
 * mapping ("" for the file itself). */
bool yaml_expect_keys(const struct yaml *y, const struct yaml_node *map, const char *what, const char *const *names,
                      size_t n, struct err *err) MUST_CHECK;

#endif
