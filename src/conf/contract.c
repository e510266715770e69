#include "conf/contract.h"
#include "conf/param.h"

struct reader {
    struct package *pkg;
    struct yaml *y;
    struct arena *a;
};

static bool method_of(struct reader *r, const struct yaml_node *node, struct map *seen, const char **ret,
                      struct err *err)
{
    if (!yaml_expect(r->y, node, YAML_SCALAR, "methods", err))
        return false;
    if (!param_is_name(str_of(node->text)))
        return yaml_fail(r->y, node, err, "'%s' is not the name of a method", node->text);
    struct map_entry *slot = map_put(seen, str_of(node->text));
    if (slot->value)
        return yaml_fail(r->y, node, err, "the method %s is listed twice", node->text);
    slot->value = (void *)node;
    *ret = node->text;
    return true;
}

static bool read_methods(struct reader *r, const struct yaml_node *list, struct map *seen, struct err *err)
{
    struct package_calls *c = &r->pkg->n1_calls;
    if (!list)
        return true;
    if (!yaml_expect(r->y, list, YAML_LIST, "methods", err))
        return false;
    c->methods = arena_new_array(r->a, const char *, list->n);
    for (size_t i = 0; i < list->n; i++)
        if (!method_of(r, list->items[i].value, seen, &c->methods[i], err))
            return false;
    c->n_methods = list->n;
    return true;
}

static bool read_unsupported(struct reader *r, const struct yaml_node *map, const struct map *methods, struct err *err)
{
    struct package_calls *c = &r->pkg->n1_calls;
    if (!map)
        return true;
    if (!yaml_expect(r->y, map, YAML_MAP, "unsupported", err))
        return false;
    c->unsupported = arena_new_array(r->a, struct package_reason, map->n);
    for (size_t i = 0; i < map->n; i++) {
        const struct yaml_item *item = &map->items[i];
        c->unsupported[i] = (struct package_reason){item->key, item->value->text};
        if (!map_get(methods, str_of(item->key)))
            return yaml_fail_key(r->y, item, err, "the method '%s' is not in 'methods'", item->key);
        if (!yaml_expect(r->y, item->value, YAML_SCALAR, item->key, err))
            return false;
        if (!item->value->text[0])
            return yaml_fail(r->y, item->value, err, "say why %s is not supported", item->key);
    }
    c->n_unsupported = map->n;
    return true;
}

static bool read_calls(struct reader *r, struct err *err)
{
    static const char *const keys[] = {"methods", "unsupported"};
    const struct yaml_node *node = yaml_get(r->y->root, "calls");
    SCOPED(map) seen = map_new();
    return !node || (yaml_expect(r->y, node, YAML_MAP, "calls", err) &&
                     yaml_expect_keys(r->y, node, "calls", keys, ARRAY_LEN(keys), err) &&
                     read_methods(r, yaml_get(node, "methods"), seen, err) &&
                     read_unsupported(r, yaml_get(node, "unsupported"), seen, err));
}

static bool text_key(struct reader *r, const struct yaml_node *map, const char *key, const char *fallback,
                     const char **ret, struct err *err)
{
    const struct yaml_node *node = yaml_get(map, key);
    *ret = node ? node->text : fallback;
    return !node || yaml_expect(r->y, node, YAML_SCALAR, key, err);
}

static bool read_staff(struct reader *r, struct err *err)
{
    static const char *const keys[] = {"hash", "of", "encoding", "form"};
    const struct yaml_node *node = yaml_get(r->y->root, "staff");
    struct package_staff *s = &r->pkg->n1_staff;
    *s = (struct package_staff){"sha256", "{staff}{password}{salt}", "utf-8", "base64"};
    return !node || (yaml_expect(r->y, node, YAML_MAP, "staff", err) &&
                     yaml_expect_keys(r->y, node, "staff", keys, ARRAY_LEN(keys), err) &&
                     text_key(r, node, "hash", s->hash, &s->hash, err) && text_key(r, node, "of", s->of, &s->of, err) &&
                     text_key(r, node, "encoding", s->encoding, &s->encoding, err) &&
                     text_key(r, node, "form", s->form, &s->form, err));
}

bool contract_read(struct package *pkg, struct yaml *y, struct arena *a, struct err *err)
{
    struct reader r = {pkg, y, a};
    return read_calls(&r, err) && read_staff(&r, err);
}

/* --- against the files --- */

static bool declared(const struct package_file *f, const char *name)
{
    for (size_t i = 0; i < f->n_words; i++) {
        struct str text = str_of(f->words[i].value);
        if (strcmp(f->words[i].word, "parameter") == 0 && str_is(str_split(&text, ' '), name))
            return true;
    }
    return false;
}

static bool check_parameters(const struct package *pkg, const struct package_file *f, struct err *err)
{
    SCOPED(map) seen = map_new();
    for (size_t i = 0; i < f->n_words; i++) {
        const struct package_word *w = &f->words[i];
        struct str text = str_of(w->value), name = str_split(&text, ' ');
        if (strcmp(w->word, "parameter") != 0)
            continue;
        if (map_get(seen, name) || str_is(name, "store"))
            return err_set(err, ERR_PACKAGE, "%s:%d: the parameter %.*s is there already%s", f->path, w->line,
                           STR_ARG(name), str_is(name, "store") ? ": it is the store that calls" : "");
        map_put(seen, name)->value = (void *)w;
        for (size_t j = 0; j < pkg->n_settings; j++)
            if (str_is(name, pkg->settings[j].name))
                return err_set(err, ERR_PACKAGE, "%s:%d: the package has a setting %.*s, too", f->path, w->line,
                               STR_ARG(name));
    }
    return true;
}

static bool check_passwords(const struct package *pkg, const struct package_file *f, struct err *err)
{
    static const char *const needed[] = {"find", "set", "workers"};
    SCOPED(arena) a = arena_new();
    struct param_passwords p = {0};
    const char *word = package_word(f, "password");
    if (!word || !param_read_passwords(str_of(word), a, &p))
        return true;
    const char *const names[] = {p.staff, p.password, p.fresh};
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (names[i] && !declared(f, names[i]))
            return err_set(err, ERR_PACKAGE, "%s: 'password' names %s, which is no parameter of the call", f->path,
                           names[i]);
    for (size_t i = 0; i < ARRAY_LEN(needed); i++)
        if (!package_find(&pkg->staff, needed[i]))
            return err_set(err, ERR_PACKAGE, "%s: a call with passwords needs staff/%s.sql", f->path, needed[i]);
    return true;
}

/* A method is answered by one file, under the file's name or under an `also`. */
static bool check_names(const struct package_file *f, struct map *seen, struct err *err)
{
    if (!param_is_name(str_of(f->name)))
        return err_set(err, ERR_PACKAGE, "%s: the name of the file is not the name of a method", f->path);
    for (size_t i = 0; i <= f->n_words; i++) {
        const char *name = i == f->n_words ? f->name : f->words[i].value;
        if (i < f->n_words && strcmp(f->words[i].word, "also") != 0)
            continue;
        struct map_entry *slot = map_put(seen, str_of(name));
        const struct package_file *first = slot->value;
        if (first)
            return err_set(err, ERR_PACKAGE, "%s: the method %s is answered by %s already", f->path, name, first->path);
        slot->value = (void *)f;
    }
    return true;
}

bool contract_check(const struct package *pkg, struct err *err)
{
    SCOPED(map) seen = map_new();
    for (size_t i = 0; i < pkg->calls.n; i++) {
        const struct package_file *f = &pkg->calls.p[i];
        if (!check_names(f, seen, err) || !check_parameters(pkg, f, err) || !check_passwords(pkg, f, err))
            return false;
    }
    for (size_t i = 0; i < pkg->n1_calls.n_unsupported; i++) {
        const struct package_file *f = map_get(seen, str_of(pkg->n1_calls.unsupported[i].table));
        if (f)
            return err_set(err, ERR_PACKAGE, "package.yaml: %s is not supported, but %s answers it",
                           pkg->n1_calls.unsupported[i].table, f->path);
    }
    return true;
}

/* --- what becomes of a method --- */

static const struct package_file *file_of(const struct package *pkg, struct str method)
{
    for (size_t i = 0; i < pkg->calls.n; i++) {
        const struct package_file *f = &pkg->calls.p[i];
        if (str_is(method, f->name))
            return f;
        for (size_t j = 0; j < f->n_words; j++)
            if (strcmp(f->words[j].word, "also") == 0 && str_is(method, f->words[j].value))
                return f;
    }
    return NULL;
}

enum contract_state contract_state(const struct package *pkg, struct str method, const struct package_file **ret_file,
                                   const char **ret_reason)
{
    const struct package_file *f = file_of(pkg, method);
    if (ret_file)
        *ret_file = f;
    if (f)
        return CONTRACT_ANSWERED;
    for (size_t i = 0; i < pkg->n1_calls.n_unsupported; i++) {
        if (!str_is(method, pkg->n1_calls.unsupported[i].table))
            continue;
        if (ret_reason)
            *ret_reason = pkg->n1_calls.unsupported[i].reason;
        return CONTRACT_UNSUPPORTED;
    }
    for (size_t i = 0; i < pkg->n1_calls.n_methods; i++)
        if (str_is(method, pkg->n1_calls.methods[i]))
            return CONTRACT_MISSING;
    return CONTRACT_UNKNOWN;
}
