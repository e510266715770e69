#include "conf/uploads.h"

struct reader {
    const struct yaml *y;
    struct arena *a;
    struct uploads *u;
};

/* The text below `key`; when it is missing, NULL or a failure. */
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

static bool read_names(struct reader *r, const struct yaml_node *map, const char *key, struct uploads_names *ret,
                       struct err *err)
{
    const struct yaml_node *node = yaml_get(map, key);
    if (!node)
        return true;
    if (!yaml_expect(r->y, node, YAML_LIST, key, err))
        return false;
    ret->n = node->n;
    ret->p = arena_new_array(r->a, const char *, node->n);
    for (size_t i = 0; i < node->n; i++) {
        if (!yaml_expect(r->y, node->items[i].value, YAML_SCALAR, key, err))
            return false;
        ret->p[i] = node->items[i].value->text;
    }
    return true;
}

static bool read_table(struct reader *r, const struct yaml_item *item, struct uploads_table *t, struct err *err)
{
    static const char *const keys[] = {"store", "counter", "transaction"};
    t->name = item->key;
    if (!yaml_expect(r->y, item->value, YAML_MAP, t->name, err) ||
        !yaml_expect_keys(r->y, item->value, t->name, keys, ARRAY_LEN(keys), err) ||
        !read_text(r, item->value, "store", false, &t->store, err) ||
        !read_text(r, item->value, "counter", false, &t->counter, err) ||
        !read_names(r, item->value, "transaction", &t->transaction, err))
        return false;
    return t->store || t->transaction.n ||
           yaml_fail(r->y, item->value, err, "'%s' needs 'store' or 'transaction': rows have to be somebody's",
                     t->name);
}

static bool read_tables(struct reader *r, const struct yaml_node *map, struct err *err)
{
    const struct yaml_node *node = yaml_get(map, "tables");
    if (!node)
        return yaml_fail(r->y, map, err, "the key 'tables' is missing");
    if (!yaml_expect(r->y, node, YAML_MAP, "tables", err))
        return false;
    r->u->n_tables = node->n;
    r->u->tables = arena_new_array(r->a, struct uploads_table, node->n);
    for (size_t i = 0; i < node->n; i++)
        if (!read_table(r, &node->items[i], &r->u->tables[i], err))
            return false;
    return true;
}

/* Every table says the key of the transaction in the same number of columns as the table of transactions. */
static bool read_transactions(struct reader *r, const struct yaml_node *map, struct err *err)
{
    const char *name = "";
    if (!read_text(r, map, "transactions", true, &name, err))
        return false;
    for (size_t i = 0; i < r->u->n_tables; i++)
        if (strcmp(r->u->tables[i].name, name) == 0)
            r->u->transactions = &r->u->tables[i];
    const struct yaml_node *node = yaml_get(map, "transactions");
    if (!r->u->transactions)
        return yaml_fail(r->y, node, err, "'%s' is none of 'tables'", name);
    size_t n = r->u->transactions->transaction.n;
    if (n == 0 || !r->u->transactions->store)
        return yaml_fail(r->y, node, err, "'%s' needs both 'store' and 'transaction'", name);
    for (size_t i = 0; i < r->u->n_tables; i++)
        if (r->u->tables[i].transaction.n && r->u->tables[i].transaction.n != n)
            return yaml_fail(r->y, node, err, "'transaction' of '%s' has another number of columns than that of '%s'",
                             r->u->tables[i].name, name);
    return true;
}

static bool read_status(struct reader *r, const struct yaml_node *map, struct err *err)
{
    static const char *const keys[] = {"column", "good", "bad", "at"};
    const struct yaml_node *node = yaml_get(map, "status");
    if (!node)
        return true;
    return yaml_expect(r->y, node, YAML_MAP, "status", err) &&
           yaml_expect_keys(r->y, node, "status", keys, ARRAY_LEN(keys), err) &&
           read_text(r, node, "column", true, &r->u->status, err) &&
           read_text(r, node, "good", true, &r->u->status_good, err) &&
           read_text(r, node, "bad", true, &r->u->status_bad, err) &&
           read_text(r, node, "at", false, &r->u->status_at, err);
}

static bool read_defaults(struct reader *r, const struct yaml_node *map, struct err *err)
{
    const struct yaml_node *node = yaml_get(map, "defaults");
    if (!node)
        return true;
    if (!yaml_expect(r->y, node, YAML_MAP, "defaults", err))
        return false;
    r->u->n_defaults = node->n;
    r->u->defaults = arena_new_array(r->a, struct uploads_default, node->n);
    for (size_t i = 0; i < node->n; i++) {
        if (!yaml_expect(r->y, node->items[i].value, YAML_SCALAR, node->items[i].key, err))
            return false;
        r->u->defaults[i] = (struct uploads_default){node->items[i].key, node->items[i].value->text};
    }
    return true;
}

bool uploads_read(const struct yaml *y, const struct yaml_node *node, struct arena *a, struct uploads **ret,
                  struct err *err)
{
    static const char *const keys[] = {"job", "transactions", "status", "defaults", "recount", "tables"};
    struct reader r = {y, a, arena_new_one(a, struct uploads)};
    *ret = r.u;
    return yaml_expect(y, node, YAML_MAP, "uploads", err) &&
           yaml_expect_keys(y, node, "uploads", keys, ARRAY_LEN(keys), err) &&
           read_text(&r, node, "job", true, &r.u->job, err) && read_tables(&r, node, err) &&
           read_transactions(&r, node, err) && read_status(&r, node, err) && read_defaults(&r, node, err) &&
           read_names(&r, node, "recount", &r.u->recount, err);
}
