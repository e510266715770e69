#include "conf/manifest.h"
#include "base/file.h"
#include "base/map.h"
#include "conf/contract.h"
#include "conf/domains.h"
#include "conf/value.h"
#include <ctype.h>

struct manifest {
    struct package *pkg;
    struct arena *a;
    struct yaml *y;
};

static bool is_identifier(const char *z)
{
    for (const char *p = z; *p; p++)
        if (!(islower((unsigned char)*p) || *p == '_' || (unsigned char)*p >= 0x80 ||
              (p > z && (isdigit((unsigned char)*p) || *p == '$'))))
            return false;
    return *z && strlen(z) < 64;
}

/* A single value that is not empty. */
static bool text_of(struct manifest *m, const struct yaml_node *node, const char *what, const char **ret,
                    struct err *err)
{
    if (!yaml_expect(m->y, node, YAML_SCALAR, what, err))
        return false;
    if (!node->text[0])
        return yaml_fail(m->y, node, err, "'%s' is empty", what);
    *ret = node->text;
    return true;
}

static bool identifier_of(struct manifest *m, const struct yaml_node *node, const char *what, const char **ret,
                          struct err *err)
{
    if (!text_of(m, node, what, ret, err))
        return false;
    return is_identifier(node->text) ||
           yaml_fail(m->y, node, err, "'%s' is not a name as PostgreSQL folds it (lower case)", node->text);
}

/* The value of a required key; `in` names the mapping in messages ("" for the file). */
static bool child(struct manifest *m, const struct yaml_node *map, const char *in, const char *key,
                  const struct yaml_node **ret, struct err *err)
{
    *ret = yaml_get(map, key);
    if (*ret)
        return true;
    return yaml_fail(m->y, map, err, "the key '%s' is missing%s%s", key, in[0] ? " in " : "", in);
}

static bool required_text(struct manifest *m, const struct yaml_node *map, const char *in, const char *key,
                          const char **ret, struct err *err)
{
    const struct yaml_node *node = NULL;
    return child(m, map, in, key, &node, err) && text_of(m, node, key, ret, err);
}

static bool is_package_name(const char *z)
{
    for (const char *p = z; *p; p++)
        if (!islower((unsigned char)*p) && !isdigit((unsigned char)*p) && *p != '-' && *p != '_' && *p != '.')
            return false;
    return isalnum((unsigned char)*z);
}

static bool read_names(struct manifest *m, struct err *err)
{
    const struct yaml_node *root = m->y->root;
    struct package *pkg = m->pkg;
    if (!required_text(m, root, "", "name", &pkg->name, err))
        return false;
    if (!is_package_name(pkg->name))
        return yaml_fail(m->y, yaml_get(root, "name"), err,
                         "'%s' is not a package name: lower-case letters, digits and hyphens", pkg->name);
    return required_text(m, root, "", "title", &pkg->title, err) &&
           required_text(m, root, "", "version", &pkg->version, err);
}

/* `from: {name: ..., version: ...}`. */
static bool read_release(struct manifest *m, const char *key, const char **ret_name, const char **ret_version,
                         struct err *err)
{
    static const char *const keys[] = {"name", "version"};
    const struct yaml_node *node = NULL;
    return child(m, m->y->root, "", key, &node, err) && yaml_expect(m->y, node, YAML_MAP, key, err) &&
           yaml_expect_keys(m->y, node, key, keys, ARRAY_LEN(keys), err) &&
           required_text(m, node, key, "name", ret_name, err) &&
           required_text(m, node, key, "version", ret_version, err);
}

static bool read_require(struct manifest *m, const struct yaml_node *map, struct err *err)
{
    struct package *pkg = m->pkg;
    if (!yaml_expect(m->y, map, YAML_MAP, "require", err))
        return false;
    pkg->require = arena_new_array(m->a, struct package_require, map->n);
    for (size_t i = 0; i < map->n; i++) {
        const struct yaml_item *item = &map->items[i];
        struct package_require *r = &pkg->require[i];
        r->table = item->key;
        if (!is_identifier(r->table))
            return yaml_fail_key(m->y, item, err, "'%s' is not a table name (lower case)", r->table);
        if (!yaml_expect(m->y, item->value, YAML_LIST, r->table, err))
            return false;
        r->n_columns = item->value->n;
        r->columns = arena_new_array(m->a, const char *, r->n_columns);
        for (size_t j = 0; j < r->n_columns; j++)
            if (!identifier_of(m, item->value->items[j].value, r->table, &r->columns[j], err))
                return false;
    }
    pkg->n_require = map->n;
    return true;
}

static bool read_source(struct manifest *m, struct err *err)
{
    static const char *const keys[] = {"schema", "require"};
    const struct yaml_node *node = NULL, *schema = NULL;
    if (!child(m, m->y->root, "", "source", &node, err) || !yaml_expect(m->y, node, YAML_MAP, "source", err) ||
        !yaml_expect_keys(m->y, node, "source", keys, ARRAY_LEN(keys), err) ||
        !child(m, node, "source", "schema", &schema, err) ||
        !identifier_of(m, schema, "schema", &m->pkg->source_schema, err))
        return false;
    const struct yaml_node *require = yaml_get(node, "require");
    return !require || read_require(m, require, err);
}

/* Adds the tables of one list; `seen` maps a table to the node that named it first. */
static bool add_homes(struct manifest *m, const struct yaml_node *list, const char *key, enum package_home home,
                      struct map *seen, struct err *err)
{
    if (!yaml_expect(m->y, list, YAML_LIST, key, err))
        return false;
    for (size_t i = 0; i < list->n; i++) {
        const struct yaml_node *node = list->items[i].value;
        const char *table = NULL;
        if (!identifier_of(m, node, key, &table, err))
            return false;
        struct map_entry *slot = map_put(seen, str_of(table));
        const struct yaml_node *first = slot->value;
        if (first)
            return yaml_fail(m->y, node, err, "the table '%s' has a home already, in line %d", table, first->line);
        slot->value = (void *)node;
        m->pkg->homes[m->pkg->n_homes++] = (struct package_table_home){table, home};
    }
    return true;
}

static bool read_homes(struct manifest *m, struct err *err)
{
    static const char *const keys[] = {"hq", "store"};
    const struct yaml_node *node = NULL;
    if (!child(m, m->y->root, "", "home", &node, err) || !yaml_expect(m->y, node, YAML_MAP, "home", err) ||
        !yaml_expect_keys(m->y, node, "home", keys, ARRAY_LEN(keys), err))
        return false;
    const struct yaml_node *hq = yaml_get(node, "hq"), *store = yaml_get(node, "store");
    m->pkg->homes = arena_new_array(m->a, struct package_table_home, (hq ? hq->n : 0) + (store ? store->n : 0));
    SCOPED(map) seen = map_new();
    return (!hq || add_homes(m, hq, "hq", HOME_HQ, seen, err)) &&
           (!store || add_homes(m, store, "store", HOME_STORE, seen, err));
}

static bool read_dropped(struct manifest *m, struct err *err)
{
    const struct yaml_node *map = yaml_get(m->y->root, "dropped");
    if (!map)
        return true;
    if (!yaml_expect(m->y, map, YAML_MAP, "dropped", err))
        return false;
    m->pkg->dropped = arena_new_array(m->a, struct package_reason, map->n);
    for (size_t i = 0; i < map->n; i++) {
        struct package_reason *r = &m->pkg->dropped[i];
        r->table = map->items[i].key;
        if (!text_of(m, map->items[i].value, r->table, &r->reason, err))
            return false;
    }
    m->pkg->n_dropped = map->n;
    return true;
}

static bool read_setting(struct manifest *m, const struct yaml_item *item, struct package_setting *s, struct err *err)
{
    static const char *const keys[] = {"default", "about"};
    const struct yaml_node *fallback = NULL;
    s->name = item->key;
    if (!is_identifier(s->name))
        return yaml_fail_key(m->y, item, err, "'%s' is not a setting name: lower-case letters, digits and _", s->name);
    if (strcmp(s->name, "scale") == 0 || strcmp(s->name, "seed") == 0)
        return yaml_fail_key(m->y, item, err, "the name '%s' is taken: sample scripts get it from the command line",
                             s->name);
    if (strcmp(s->name, "company") == 0)
        return yaml_fail_key(m->y, item, err, "the name 'company' is taken: scripts get it for each company");
    if (!yaml_expect(m->y, item->value, YAML_MAP, s->name, err) ||
        !yaml_expect_keys(m->y, item->value, s->name, keys, ARRAY_LEN(keys), err) ||
        !child(m, item->value, s->name, "default", &fallback, err) ||
        !yaml_expect(m->y, fallback, YAML_SCALAR, "default", err))
        return false;
    s->value = fallback->text;
    return required_text(m, item->value, s->name, "about", &s->about, err);
}

static bool read_settings(struct manifest *m, struct err *err)
{
    const struct yaml_node *map = yaml_get(m->y->root, "settings");
    if (!map)
        return true;
    if (!yaml_expect(m->y, map, YAML_MAP, "settings", err))
        return false;
    m->pkg->settings = arena_new_array(m->a, struct package_setting, map->n);
    for (size_t i = 0; i < map->n; i++)
        if (!read_setting(m, &map->items[i], &m->pkg->settings[i], err))
            return false;
    m->pkg->n_settings = map->n;
    return true;
}

static bool read_stage(struct manifest *m, const struct yaml_node *node, struct map *seen, struct package_stage *stage,
                       struct err *err)
{
    if (!yaml_expect(m->y, node, YAML_LIST, "stages", err))
        return false;
    stage->n = node->n;
    stage->scripts = arena_new_array(m->a, const char *, node->n);
    for (size_t i = 0; i < node->n; i++) {
        const struct yaml_node *script = node->items[i].value;
        if (!text_of(m, script, "stages", &stage->scripts[i], err))
            return false;
        struct map_entry *slot = map_put(seen, str_of(script->text));
        if (slot->value)
            return yaml_fail(m->y, script, err, "the script %s is in two stages", script->text);
        slot->value = (void *)script;
    }
    return true;
}

static bool read_stages(struct manifest *m, const struct yaml_node *list, struct err *err)
{
    if (!yaml_expect(m->y, list, YAML_LIST, "stages", err))
        return false;
    SCOPED(map) seen = map_new();
    m->pkg->stages = arena_new_array(m->a, struct package_stage, list->n);
    for (size_t i = 0; i < list->n; i++)
        if (!read_stage(m, list->items[i].value, seen, &m->pkg->stages[i], err))
            return false;
    m->pkg->n_stages = list->n;
    return true;
}

static bool read_sample(struct manifest *m, struct err *err)
{
    static const char *const keys[] = {"stages", "workload"};
    const struct yaml_node *node = yaml_get(m->y->root, "sample"), *stages = NULL;
    if (!node)
        return true;
    if (!yaml_expect(m->y, node, YAML_MAP, "sample", err) ||
        !yaml_expect_keys(m->y, node, "sample", keys, ARRAY_LEN(keys), err) ||
        !child(m, node, "sample", "stages", &stages, err) || !read_stages(m, stages, err))
        return false;
    const struct yaml_node *workload = yaml_get(node, "workload");
    return !workload || text_of(m, workload, "workload", &m->pkg->workload, err);
}

/* Ids stand in file headers, addresses and names of chains. */
static bool is_job(const char *z)
{
    for (const char *p = z; *p; p++)
        if (!isalnum((unsigned char)*p) && *p != '-' && *p != '_')
            return false;
    return *z && strlen(z) <= 20;
}

/* `version: N` or `version: N-1`, the default: what the stores run that the job is for. */
static bool read_version(struct manifest *m, const struct yaml_node *node, bool *ret_is_new, struct err *err)
{
    *ret_is_new = node && node->kind == YAML_SCALAR && strcmp(node->text, "N") == 0;
    return !node || *ret_is_new || (node->kind == YAML_SCALAR && strcmp(node->text, "N-1") == 0) ||
           yaml_fail(m->y, node, err, "'version' is N or N-1");
}

static bool read_job(struct manifest *m, const struct yaml_item *item, struct package_job *j, struct err *err)
{
    static const char *const keys[] = {"title", "every", "version"};
    j->id = item->key;
    if (!is_job(j->id))
        return yaml_fail_key(m->y, item, err, "'%s' is no job id: up to 20 letters, digits, - and _", j->id);
    if (!yaml_expect(m->y, item->value, YAML_MAP, j->id, err) ||
        !yaml_expect_keys(m->y, item->value, j->id, keys, ARRAY_LEN(keys), err) ||
        !required_text(m, item->value, j->id, "title", &j->title, err) ||
        !read_version(m, yaml_get(item->value, "version"), &j->is_new, err))
        return false;
    const struct yaml_node *every = yaml_get(item->value, "every");
    return !every || (every->kind == YAML_SCALAR && value_duration(str_of(every->text), &j->every_ms)) ||
           yaml_fail(m->y, every, err, "'every' is a duration such as 30s or 15m");
}

/* `jobs: {all: "9999", list: {...}}`. */
static bool read_jobs(struct manifest *m, struct err *err)
{
    static const char *const keys[] = {"all", "list"};
    const struct yaml_node *node = yaml_get(m->y->root, "jobs"), *list = NULL;
    if (!node)
        return true;
    if (!yaml_expect(m->y, node, YAML_MAP, "jobs", err) ||
        !yaml_expect_keys(m->y, node, "jobs", keys, ARRAY_LEN(keys), err) ||
        !child(m, node, "jobs", "list", &list, err) || !yaml_expect(m->y, list, YAML_MAP, "list", err))
        return false;
    const struct yaml_node *all = yaml_get(node, "all");
    m->pkg->jobs = arena_new_array(m->a, struct package_job, list->n);
    for (size_t i = 0; i < list->n; i++)
        if (!read_job(m, &list->items[i], &m->pkg->jobs[i], err))
            return false;
    m->pkg->n_jobs = list->n;
    return !all || text_of(m, all, "all", &m->pkg->all_jobs, err);
}

static bool read_uploads(struct manifest *m, struct err *err)
{
    const struct yaml_node *node = yaml_get(m->y->root, "uploads");
    struct uploads *u = NULL;
    if (node && !uploads_read(m->y, node, m->a, &u, err))
        return false;
    m->pkg->uploads = u;
    return true;
}

static bool read_classic(struct manifest *m, struct err *err)
{
    const struct yaml_node *node = yaml_get(m->y->root, "classic");
    return !node || scripts_read_section(m->y, node, &m->pkg->scripts, err);
}

static bool read_all(struct manifest *m, struct err *err)
{
    static const char *const keys[] = {"name",  "title",   "version",  "from",   "to",     "home",
                                       "jobs",  "dropped", "settings", "source", "sample", "calls",
                                       "staff", "uploads", "modules",  "enums",  "classic"};
    struct package *pkg = m->pkg;
    return yaml_expect(m->y, m->y->root, YAML_MAP, "", err) &&
           yaml_expect_keys(m->y, m->y->root, "", keys, ARRAY_LEN(keys), err) && read_names(m, err) &&
           read_release(m, "from", &pkg->from_name, &pkg->from_version, err) &&
           read_release(m, "to", &pkg->to_name, &pkg->to_version, err) && read_source(m, err) && read_homes(m, err) &&
           read_dropped(m, err) && read_settings(m, err) && read_sample(m, err) && read_jobs(m, err) &&
           read_uploads(m, err) && read_classic(m, err) && contract_read(pkg, m->y, m->a, err) &&
           domains_read(pkg, m->y, m->a, err);
}

bool manifest_read(struct package *pkg, struct arena *a, struct yaml **ret_yaml, struct err *err)
{
    char *path = arena_printf(a, "%s/package.yaml", pkg->dir);
    if (!file_exists(path))
        return err_set(err, ERR_PACKAGE_MISSING, "there is no package in %s: package.yaml is missing", pkg->dir);
    struct str text = {0};
    struct manifest m = {.pkg = pkg, .a = a};
    if (!file_read(path, a, &text, err) || !yaml_parse(text, "package.yaml", ERR_PACKAGE, a, &m.y, err))
        return false;
    *ret_yaml = m.y;
    return read_all(&m, err);
}
