#include "conf/refresh.h"
#include "base/file.h"
#include "conf/yaml.h"

struct reader {
    const struct yaml *y;
    struct arena *a;
    struct refresh_policy *policy;
};

static const char *const when_names[] = {"always", "production", "not-production"};

bool refresh_applies(enum refresh_when w, bool production)
{
    return w == REFRESH_ALWAYS || (w == REFRESH_PRODUCTION) == production;
}

static bool read_text(struct reader *r, const struct yaml_node *map, const char *key, bool must, const char **ret,
                      struct err *err)
{
    const struct yaml_node *node = yaml_get(map, key);
    if (!node)
        return !must || yaml_fail(r->y, map, err, "the key '%s' is missing", key);
    if (!yaml_expect(r->y, node, YAML_SCALAR, key, err))
        return false;
    *ret = node->text;
    return node->text[0] || yaml_fail(r->y, node, err, "'%s' is empty", key);
}

static bool read_when(struct reader *r, const struct yaml_node *map, enum refresh_when *ret, struct err *err)
{
    const char *text = when_names[REFRESH_ALWAYS];
    if (!read_text(r, map, "when", false, &text, err))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(when_names); i++)
        if (strcmp(text, when_names[i]) == 0) {
            *ret = (enum refresh_when)i;
            return true;
        }
    return yaml_fail(r->y, yaml_get(map, "when"), err, "'when' is always, production or not-production, not '%s'",
                     text);
}

static bool check_qualified(struct reader *r, const struct yaml_item *item, struct err *err)
{
    return strchr(item->key, '.') ||
           yaml_fail_key(r->y, item, err, "'%s' has no schema; write hq.%s", item->key, item->key);
}

/* `schema.table: reason`, or a mapping with `reason` and `when`. */
static bool read_table(struct reader *r, const struct yaml_item *item, struct refresh_table *t, struct err *err)
{
    static const char *const keys[] = {"reason", "when"};
    t->pattern = item->key;
    if (!check_qualified(r, item, err))
        return false;
    if (item->value->kind == YAML_SCALAR) {
        t->reason = item->value->text;
        return t->reason[0] || yaml_fail(r->y, item->value, err, "say why: the reason is empty");
    }
    return yaml_expect(r->y, item->value, YAML_MAP, item->key, err) &&
           yaml_expect_keys(r->y, item->value, item->key, keys, ARRAY_LEN(keys), err) &&
           read_text(r, item->value, "reason", true, &t->reason, err) && read_when(r, item->value, &t->when, err);
}

static bool read_tables(struct reader *r, const char *key, struct refresh_table **ret, size_t *ret_n, struct err *err)
{
    const struct yaml_node *node = yaml_get(r->y->root, key);
    if (!node)
        return true;
    if (!yaml_expect(r->y, node, YAML_MAP, key, err))
        return false;
    *ret_n = node->n;
    *ret = arena_new_array(r->a, struct refresh_table, node->n + 1);
    for (size_t i = 0; i < node->n; i++)
        if (!read_table(r, &node->items[i], &(*ret)[i], err))
            return false;
    return true;
}

static bool read_set(struct reader *r, const struct yaml_node *node, struct refresh_reset *x, struct err *err)
{
    if (!yaml_expect(r->y, node, YAML_MAP, "set", err))
        return false;
    x->n_set = node->n;
    x->set = arena_new_array(r->a, struct refresh_set, node->n + 1);
    for (size_t i = 0; i < node->n; i++) {
        if (!yaml_expect(r->y, node->items[i].value, YAML_SCALAR, node->items[i].key, err))
            return false;
        x->set[i] = (struct refresh_set){node->items[i].key, node->items[i].value->text};
    }
    return node->n || yaml_fail(r->y, node, err, "'set' names no column");
}

/* A rule is either a statement with its check, or a table with what its columns become. */
static bool read_reset(struct reader *r, const struct yaml_node *node, struct refresh_reset *x, struct err *err)
{
    static const char *const keys[] = {"id", "about", "when", "sql", "check", "table", "where", "set"};
    if (!yaml_expect(r->y, node, YAML_MAP, "reset", err) ||
        !yaml_expect_keys(r->y, node, "reset", keys, ARRAY_LEN(keys), err))
        return false;
    bool by_sql = yaml_get(node, "sql") != NULL;
    x->where = "true";
    x->about = "";
    if (!read_text(r, node, "id", true, &x->id, err) || !read_text(r, node, "about", false, &x->about, err) ||
        !read_when(r, node, &x->when, err) || !read_text(r, node, "sql", by_sql, &x->sql, err) ||
        !read_text(r, node, "check", by_sql, &x->check, err) || !read_text(r, node, "table", !by_sql, &x->table, err) ||
        !read_text(r, node, "where", false, &x->where, err))
        return false;
    const struct yaml_node *set = yaml_get(node, "set");
    if (by_sql)
        return (!x->table && !set) ||
               yaml_fail(r->y, node, err, "'%s' has 'sql' and 'table': it is one of them", x->id);
    if (!set)
        return yaml_fail(r->y, node, err, "the key 'set' is missing in '%s'", x->id);
    return read_set(r, set, x, err);
}

static bool read_resets(struct reader *r, struct err *err)
{
    const struct yaml_node *node = yaml_get(r->y->root, "reset");
    if (!node)
        return true;
    if (!yaml_expect(r->y, node, YAML_LIST, "reset", err))
        return false;
    r->policy->n_resets = node->n;
    r->policy->resets = arena_new_array(r->a, struct refresh_reset, node->n + 1);
    for (size_t i = 0; i < node->n; i++)
        if (!read_reset(r, node->items[i].value, &r->policy->resets[i], err))
            return false;
    return true;
}

static bool read_columns(struct reader *r, const struct yaml_item *item, struct refresh_columns *c, struct err *err)
{
    const struct yaml_node *list = item->value;
    if (!check_qualified(r, item, err) || !yaml_expect(r->y, list, YAML_LIST, item->key, err))
        return false;
    *c = (struct refresh_columns){item->key, arena_new_array(r->a, const char *, list->n + 1), list->n};
    for (size_t i = 0; i < list->n; i++) {
        if (!yaml_expect(r->y, list->items[i].value, YAML_SCALAR, item->key, err))
            return false;
        c->columns[i] = list->items[i].value->text;
    }
    return true;
}

static bool read_encrypted(struct reader *r, struct err *err)
{
    const struct yaml_node *node = yaml_get(r->y->root, "encrypted");
    if (!node)
        return true;
    if (!yaml_expect(r->y, node, YAML_MAP, "encrypted", err))
        return false;
    r->policy->n_encrypted = node->n;
    r->policy->encrypted = arena_new_array(r->a, struct refresh_columns, node->n + 1);
    for (size_t i = 0; i < node->n; i++)
        if (!read_columns(r, &node->items[i], &r->policy->encrypted[i], err))
            return false;
    return true;
}

static bool read_file(const char *path, enum err_code code, struct arena *a, struct refresh_policy *p, struct err *err)
{
    static const char *const keys[] = {"not_carried", "reset", "keep", "encrypted"};
    struct str text = {0};
    struct yaml *y = NULL;
    if (!path || !file_exists(path))
        return true;
    if (!file_read(path, a, &text, err) || !yaml_parse(text, path, code, a, &y, err) ||
        !yaml_expect(y, y->root, YAML_MAP, "", err) || !yaml_expect_keys(y, y->root, "", keys, ARRAY_LEN(keys), err))
        return false;
    struct reader r = {y, a, p};
    return read_tables(&r, "not_carried", &p->not_carried, &p->n_not_carried, err) &&
           read_tables(&r, "keep", &p->keep, &p->n_keep, err) && read_resets(&r, err) && read_encrypted(&r, err);
}

bool refresh_read(const char *package_file, const char *project_file, struct arena *a, struct refresh_policy *ret,
                  struct err *err)
{
    *ret = (struct refresh_policy){0};
    return read_file(package_file, ERR_PACKAGE, a, ret, err) && read_file(project_file, ERR_CONFIG, a, ret, err);
}
