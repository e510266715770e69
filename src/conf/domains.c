#include "conf/domains.h"

/* `Retail: [retail*, pos*]`: the first module with a pattern that matches has the table. */
static bool read_module(struct yaml *y, const struct yaml_item *item, struct arena *a, struct package_module *m,
                        struct err *err)
{
    m->name = item->key;
    if (!yaml_expect(y, item->value, YAML_LIST, item->key, err))
        return false;
    m->n_patterns = item->value->n;
    m->patterns = arena_new_array(a, const char *, m->n_patterns);
    for (size_t i = 0; i < m->n_patterns; i++) {
        const struct yaml_node *pattern = item->value->items[i].value;
        if (!yaml_expect(y, pattern, YAML_SCALAR, item->key, err))
            return false;
        m->patterns[i] = pattern->text;
    }
    return true;
}

static bool read_modules(struct package *pkg, struct yaml *y, struct arena *a, struct err *err)
{
    const struct yaml_node *map = yaml_get(y->root, "modules");
    if (!map)
        return true;
    if (!yaml_expect(y, map, YAML_MAP, "modules", err))
        return false;
    pkg->modules = arena_new_array(a, struct package_module, map->n);
    for (size_t i = 0; i < map->n; i++)
        if (!read_module(y, &map->items[i], a, &pkg->modules[i], err))
            return false;
    pkg->n_modules = map->n;
    return true;
}

static bool read_values(struct yaml *y, const struct yaml_item *item, struct arena *a, struct package_enum *e,
                        struct err *err)
{
    if (!yaml_expect(y, item->value, YAML_LIST, item->key, err))
        return false;
    e->n_values = item->value->n;
    e->values = arena_new_array(a, int64_t, e->n_values);
    for (size_t i = 0; i < e->n_values; i++) {
        const struct yaml_node *value = item->value->items[i].value;
        if (value->kind != YAML_SCALAR || !str_to_i64(str_of(value->text), &e->values[i]))
            return yaml_fail(y, value, err, "the values of %s are whole numbers", item->key);
    }
    return e->n_values > 0 || yaml_fail(y, item->value, err, "%s has no value at all", item->key);
}

/* `custtable.blocked: [0, 1, 2]`: a column of a channel lens. */
static bool read_enum(struct package *pkg, struct yaml *y, const struct yaml_item *item, struct arena *a,
                      struct err *err)
{
    struct package_enum *e = &pkg->enums[pkg->n_enums];
    struct str column = str_of(item->key);
    struct str table = str_split(&column, '.');
    if (!table.n || !column.n)
        return yaml_fail_key(y, item, err, "'%s' is not table.column", item->key);
    e->table = arena_dup_str(a, table);
    e->column = arena_dup_str(a, column);
    pkg->n_enums++;
    return read_values(y, item, a, e, err);
}

static bool read_enums(struct package *pkg, struct yaml *y, struct arena *a, struct err *err)
{
    const struct yaml_node *map = yaml_get(y->root, "enums");
    if (!map)
        return true;
    if (!yaml_expect(y, map, YAML_MAP, "enums", err))
        return false;
    pkg->enums = arena_new_array(a, struct package_enum, map->n);
    for (size_t i = 0; i < map->n; i++)
        if (!read_enum(pkg, y, &map->items[i], a, err))
            return false;
    return true;
}

bool domains_read(struct package *pkg, struct yaml *y, struct arena *a, struct err *err)
{
    return read_modules(pkg, y, a, err) && read_enums(pkg, y, a, err);
}
