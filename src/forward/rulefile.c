#include "forward/rulefile.h"
#include "base/file.h"
#include "conf/value.h"
#include "conf/yaml.h"
#include "xpp/rules/example.h"
#include <ctype.h>
#include <stdlib.h>

#define HOURS_MAX 1000.0

static const char *const keys[] = {"title", "severity", "mode",      "hours",  "opt_in",  "kernel",   "match",
                                   "types", "methods",  "modifiers", "nodes",  "macros",  "elements", "except",
                                   "check", "fix",      "where",     "advice", "examples"};

struct reader {
    struct yaml *y;
    struct arena *a;
};

static bool take_text(struct reader *r, const struct yaml_node *map, const char *key, const char **ret, struct err *err)
{
    const struct yaml_node *node = yaml_get(map, key);
    if (!node)
        return true;
    if (!yaml_expect(r->y, node, YAML_SCALAR, key, err))
        return false;
    *ret = node->text;
    return true;
}

/* One text or a list of them, NULL-terminated. */
static bool take_list(struct reader *r, const struct yaml_node *node, const char *key, const char *const **ret,
                      struct err *err)
{
    if (!node)
        return true;
    size_t n = node->kind == YAML_LIST ? node->n : 1;
    const char **list = arena_alloc(r->a, (n + 1) * sizeof *list);
    for (size_t i = 0; i < n; i++) {
        const struct yaml_node *item = node->kind == YAML_LIST ? node->items[i].value : node;
        if (!yaml_expect(r->y, item, YAML_SCALAR, key, err))
            return false;
        list[i] = item->text;
    }
    *ret = list;
    return true;
}

static bool take_choice(struct reader *r, const struct yaml_node *map, const char *key, const char *const *names,
                        size_t n, int *ret, struct err *err)
{
    const struct yaml_node *node = yaml_get(map, key);
    for (size_t i = 0; node && node->kind == YAML_SCALAR && i < n; i++)
        if (strcmp(names[i], node->text) == 0) {
            *ret = (int)i;
            return true;
        }
    return yaml_fail(r->y, node ? node : map, err, "'%s' is one of %s, %s and %s", key, names[0], names[1], names[2]);
}

static bool take_hours(struct reader *r, const struct yaml_node *map, double *ret, struct err *err)
{
    const struct yaml_node *node = yaml_get(map, "hours");
    char *end = NULL;
    if (node && node->kind == YAML_SCALAR && node->text[0])
        *ret = strtod(node->text, &end);
    return (end && *end == '\0' && *ret >= 0 && *ret <= HOURS_MAX) ||
           yaml_fail(r->y, node ? node : map, err, "'hours' is a number from 0 to %.0f", HOURS_MAX);
}

static bool take_where(struct reader *r, const struct yaml_node *map, struct rule *rule, struct err *err)
{
    const struct yaml_node *where = yaml_get(map, "where");
    if (!where)
        return true;
    if (!yaml_expect(r->y, where, YAML_MAP, "where", err))
        return false;
    struct rule_type *types = arena_alloc(r->a, (where->n + 1) * sizeof *types);
    for (size_t i = 0; i < where->n; i++) {
        if (where->items[i].key[0] != '$')
            return yaml_fail_key(r->y, &where->items[i], err, "'where' names what the pattern calls $name, not '%s'",
                                 where->items[i].key);
        types[i].meta = where->items[i].key;
        if (!take_list(r, where->items[i].value, "where", &types[i].types, err))
            return false;
    }
    rule->where = types;
    rule->n_where = where->n;
    return true;
}

static bool take_example(struct reader *r, const struct yaml_node *node, struct rule_example *ret, struct err *err)
{
    static const char *const names[] = {"before", "after", "inside", "given"};
    ret->inside = "statement";
    return yaml_expect(r->y, node, YAML_MAP, "an example", err) &&
           yaml_expect_keys(r->y, node, "an example", names, ARRAY_LEN(names), err) &&
           take_text(r, node, "before", &ret->before, err) && take_text(r, node, "after", &ret->after, err) &&
           take_text(r, node, "inside", &ret->inside, err) && take_text(r, node, "given", &ret->given, err) &&
           (ret->before || yaml_fail(r->y, node, err, "an example lacks 'before'"));
}

static bool take_examples(struct reader *r, const struct yaml_node *map, struct rule *rule, struct err *err)
{
    const struct yaml_node *list = yaml_get(map, "examples");
    if (!list)
        return true;
    if (!yaml_expect(r->y, list, YAML_LIST, "examples", err))
        return false;
    struct rule_example *examples = arena_alloc(r->a, (list->n + 1) * sizeof *examples);
    for (size_t i = 0; i < list->n; i++)
        if (!take_example(r, list->items[i].value, &examples[i], err))
            return false;
    rule->examples = examples;
    rule->n_examples = list->n;
    return true;
}

static bool take_triggers(struct reader *r, const struct yaml_node *map, struct rule *rule, struct err *err)
{
    return take_list(r, yaml_get(map, "match"), "match", &rule->matches, err) &&
           take_list(r, yaml_get(map, "types"), "types", &rule->types, err) &&
           take_list(r, yaml_get(map, "except"), "except", &rule->except, err) &&
           take_list(r, yaml_get(map, "methods"), "methods", &rule->methods, err) &&
           take_list(r, yaml_get(map, "modifiers"), "modifiers", &rule->modifiers, err) &&
           take_list(r, yaml_get(map, "nodes"), "nodes", &rule->nodes, err) &&
           take_list(r, yaml_get(map, "macros"), "macros", &rule->macros, err) &&
           take_list(r, yaml_get(map, "elements"), "elements", &rule->elements, err) &&
           take_text(r, map, "check", &rule->check, err) && take_text(r, map, "fix", &rule->fix, err) &&
           take_where(r, map, rule, err);
}

static bool take_grade(struct reader *r, const struct yaml_node *map, struct rule *rule, struct err *err)
{
    static const char *const severities[] = {"error", "warning", "info"};
    static const char *const modes[] = {"fix", "todo", "report"};
    const char *opt_in = "no", *kernel = "no";
    int severity = 0, mode = 0;
    if (!take_choice(r, map, "severity", severities, ARRAY_LEN(severities), &severity, err) ||
        !take_choice(r, map, "mode", modes, ARRAY_LEN(modes), &mode, err) || !take_hours(r, map, &rule->hours, err) ||
        !take_text(r, map, "opt_in", &opt_in, err) || !take_text(r, map, "kernel", &kernel, err))
        return false;
    rule->severity = (enum rule_severity)severity;
    rule->mode = (enum rule_mode)mode;
    rule->opt_in = strcmp(opt_in, "yes") == 0;
    rule->kernel = strcmp(kernel, "yes") == 0;
    return true;
}

/* Title and advice stand in comments of X++ and on one line of the report. */
static bool take_words(struct reader *r, const struct yaml_item *item, struct rule *rule, struct err *err)
{
    const struct yaml_node *map = item->value;
    if (!take_text(r, map, "title", &rule->title, err) || !take_text(r, map, "advice", &rule->advice, err))
        return false;
    if (!rule->title || !rule->title[0] || !rule->advice || !rule->advice[0])
        return yaml_fail_key(r->y, item, err, "rule %s lacks 'title' or 'advice'", item->key);
    if (strstr(rule->title, "*/") || strstr(rule->advice, "*/") || strchr(rule->title, '\n') ||
        strchr(rule->advice, '\n'))
        return yaml_fail_key(r->y, item, err, "title and advice of rule %s are one line without */", item->key);
    return true;
}

static bool is_id(const char *id)
{
    for (const char *c = id; *c; c++)
        if (!isalnum((unsigned char)*c) && *c != '-')
            return false;
    return id[0] != '\0' && strlen(id) <= 16;
}

static bool read_rule(struct reader *r, const struct yaml_item *item, struct rule *rule, struct err *err)
{
    rule->id = item->key;
    if (!is_id(item->key))
        return yaml_fail_key(r->y, item, err, "the id of a rule is at most 16 letters, digits and -, not '%s'",
                             item->key);
    return yaml_expect(r->y, item->value, YAML_MAP, item->key, err) &&
           yaml_expect_keys(r->y, item->value, item->key, keys, ARRAY_LEN(keys), err) &&
           take_words(r, item, rule, err) && take_grade(r, item->value, rule, err) &&
           take_triggers(r, item->value, rule, err) && take_examples(r, item->value, rule, err);
}

bool rulefile_read(struct str text, const char *path, struct arena *a, rule_list *ret, struct err *err)
{
    struct reader r = {NULL, a};
    if (!yaml_parse(text, path, ERR_PACKAGE, a, &r.y, err) || !yaml_expect(r.y, r.y->root, YAML_MAP, "", err))
        return false;
    for (size_t i = 0; i < r.y->root->n; i++)
        if (!read_rule(&r, &r.y->root->items[i], vec_push(ret), err))
            return false;
    return true;
}

static bool load_one(const char *path, struct arena *a, rule_list *ret, struct err *err)
{
    struct str text;
    return file_read(path, a, &text, err) && rulefile_read(text, path, a, ret, err);
}

bool rulefile_load(const char *path, struct arena *a, rule_list *ret, struct err *err)
{
    char **names;
    size_t n;
    if (!file_is_dir(path))
        return load_one(path, a, ret, err);
    if (!file_list(path, ".yaml", a, &names, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!load_one(arena_printf(a, "%s/%s", path, names[i]), a, ret, err))
            return false;
    return true;
}

static int compare(const void *x, const void *y)
{
    const char *a = ((const struct rule *)x)->id, *b = ((const struct rule *)y)->id;
    size_t letters_a = strcspn(a, "0123456789"), letters_b = strcspn(b, "0123456789");
    if (letters_a != letters_b || strncmp(a, b, letters_a) != 0)
        return strcmp(a, b);
    char *rest_a, *rest_b;
    long number_a = strtol(a + letters_a, &rest_a, 10), number_b = strtol(b + letters_b, &rest_b, 10);
    return number_a != number_b ? (number_a > number_b) - (number_a < number_b) : strcmp(rest_a, rest_b);
}

void rulefile_sort(rule_list *rules)
{
    if (rules->n)
        qsort(rules->p, rules->n, sizeof *rules->p, compare);
}

static bool compile(rule_list *rules, struct arena *a, struct rulebook **ret_book, struct err *err)
{
    rulefile_sort(rules);
    struct rule *kept = arena_alloc(a, (rules->n + 1) * sizeof *kept);
    if (rules->n)
        memcpy(kept, rules->p, rules->n * sizeof *kept);
    return rulebook_compile(kept, rules->n, ret_book, err);
}

static bool try_examples(const struct rulebook *book, const rule_list *own, struct err *err)
{
    vec_each (own, r)
        if (!example_try_all(book, rulebook_find(book, r->id), err))
            return false;
    return true;
}

bool rulefile_book(const char *dir, const char *const *own, size_t n_own, struct arena *a, struct rulebook **ret_book,
                   struct err *err)
{
    rule_list all = {0}, added = {0};
    *ret_book = NULL;
    bool ok = rulefile_load(dir, a, &all, err);
    for (size_t i = 0; ok && i < n_own; i++)
        ok = rulefile_load(own[i], a, &added, err);
    vec_each (&added, r)
        *vec_push(&all) = *r;
    ok = ok && compile(&all, a, ret_book, err) && try_examples(*ret_book, &added, err);
    vec_done(&all);
    vec_done(&added);
    if (!ok) {
        rulebook_free(*ret_book);
        *ret_book = NULL;
    }
    return ok;
}
