#include "conf/tasks.h"
#include "base/file.h"
#include "conf/value.h"
#include "conf/yaml.h"
#include <assert.h>
#include <ctype.h>

#define TIMEOUT_MS (10 * 60 * 1000)
#define RETRIES_MAX 100
#define NAME_LONGEST 40

static const char *const task_keys[] = {"name", "title",   "phase",    "owner",   "run",
                                        "http", "manual",  "after",    "before",  "check",
                                        "undo", "timeout", "estimate", "retries", "rehearse"};
static const char *const http_keys[] = {"method", "url", "body", "expect"};
static const char *const phases[] = {"before", "downtime", "after"};

struct reading {
    const struct yaml *y;
    struct arena *a;
    const char *dir;
};

static bool text_of(struct reading *r, const struct yaml_node *map, const char *key, const char *fallback,
                    const char **ret, struct err *err)
{
    const struct yaml_node *node = yaml_get(map, key);
    *ret = node ? node->text : fallback;
    if (!node && !fallback)
        return yaml_fail(r->y, map, err, "a step needs '%s'", key);
    return !node || yaml_expect(r->y, node, YAML_SCALAR, key, err);
}

static bool duration_of(struct reading *r, const struct yaml_node *map, const char *key, int64_t fallback, int64_t *ret,
                        struct err *err)
{
    const struct yaml_node *node = yaml_get(map, key);
    *ret = fallback;
    if (!node)
        return true;
    return (yaml_expect(r->y, node, YAML_SCALAR, key, err) && value_duration(str_of(node->text), ret)) ||
           yaml_fail(r->y, node, err, "'%s' is no time such as 90s or 5m", key);
}

static bool number_of(struct reading *r, const struct yaml_node *map, const char *key, int64_t fallback, int64_t most,
                      int *ret, struct err *err)
{
    const struct yaml_node *node = yaml_get(map, key);
    int64_t v = fallback;
    if (node && (node->kind != YAML_SCALAR || !value_number(str_of(node->text), &v) || v > most))
        return yaml_fail(r->y, node, err, "'%s' is no number from 0 to %lld", key, (long long)most);
    *ret = (int)v;
    return true;
}

static bool flag_of(struct reading *r, const struct yaml_node *map, const char *key, bool *ret, struct err *err)
{
    const struct yaml_node *node = yaml_get(map, key);
    if (node && (node->kind != YAML_SCALAR || !value_flag(str_of(node->text), ret)))
        return yaml_fail(r->y, node, err, "'%s' is yes or no", key);
    return true;
}

/* A name, or a list of names. */
static bool names_of(struct reading *r, const struct yaml_node *map, const char *key, const char *const **ret,
                     size_t *ret_n, struct err *err)
{
    const struct yaml_node *node = yaml_get(map, key);
    *ret_n = 0;
    *ret = NULL;
    if (!node)
        return true;
    if (node->kind == YAML_MAP)
        return yaml_fail(r->y, node, err, "'%s' is the name of a step, or a list of names", key);
    const char **names = arena_new_array(r->a, const char *, node->n + 1);
    if (node->kind == YAML_SCALAR)
        names[(*ret_n)++] = node->text;
    for (size_t i = 0; i < node->n; i++) {
        if (!yaml_expect(r->y, node->items[i].value, YAML_SCALAR, key, err))
            return false;
        names[(*ret_n)++] = node->items[i].value->text;
    }
    *ret = names;
    return true;
}

/* --- one task --- */

static bool read_name(struct reading *r, const struct yaml_node *map, struct task *t, struct err *err)
{
    if (!text_of(r, map, "name", NULL, &t->name, err))
        return false;
    size_t n = strlen(t->name);
    bool good = n > 0 && n <= NAME_LONGEST && islower((unsigned char)t->name[0]);
    for (const char *c = t->name; *c; c++)
        good &= islower((unsigned char)*c) || isdigit((unsigned char)*c) || *c == '-';
    return good ||
           yaml_fail(r->y, yaml_get(map, "name"), err,
                     "'%s' is no name of a step: lower-case letters, digits and -, at most %d", t->name, NAME_LONGEST);
}

static bool read_phase(struct reading *r, const struct yaml_node *map, struct task *t, struct err *err)
{
    const char *word = NULL;
    if (!text_of(r, map, "phase", NULL, &word, err))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(phases); i++)
        if (strcmp(word, phases[i]) == 0) {
            t->phase = (enum task_phase)i;
            return true;
        }
    return yaml_fail(r->y, yaml_get(map, "phase"), err, "the phase of a step is before, downtime or after");
}

/* A password in an address would end up in plans, the journal and reports. */
static bool check_url(struct reading *r, const struct yaml_node *map, struct task *t, struct err *err)
{
    assert(t->url); /* a scalar, which has a text */
    const char *host = strstr(t->url, "://");
    size_t n = host ? strcspn(host + 3, "/?") : 0;
    t->shown = arena_dup_str(r->a, (struct str){t->url, strcspn(t->url, "?")});
    return !host || !memchr(host + 3, '@', n) ||
           yaml_fail(r->y, yaml_get(map, "url"), err, "an address can not have a user or password in it");
}

static bool read_http(struct reading *r, const struct yaml_node *map, struct task *t, struct err *err)
{
    return yaml_expect(r->y, map, YAML_MAP, "http", err) &&
           yaml_expect_keys(r->y, map, "http", http_keys, ARRAY_LEN(http_keys), err) &&
           text_of(r, map, "url", NULL, &t->url, err) && text_of(r, map, "method", "POST", &t->method, err) &&
           text_of(r, map, "body", "", &t->body, err) && number_of(r, map, "expect", 200, 599, &t->expect, err) &&
           check_url(r, map, t, err);
}

/* Exactly one of run, http and manual says what a step does. */
static bool read_action(struct reading *r, const struct yaml_node *map, struct task *t, struct err *err)
{
    const struct yaml_node *run = yaml_get(map, "run"), *http = yaml_get(map, "http"),
                           *manual = yaml_get(map, "manual");
    if (!!run + !!http + !!manual != 1)
        return yaml_fail(r->y, map, err, "the step %s needs one of 'run', 'http' and 'manual'", t->name);
    if (http) {
        t->kind = TASK_HTTP;
        t->run = "";
        return read_http(r, http, t, err);
    }
    t->kind = run ? TASK_SHELL : TASK_MANUAL;
    t->method = t->url = t->body = "";
    return text_of(r, map, run ? "run" : "manual", NULL, &t->run, err) &&
           (t->run[0] || yaml_fail(r->y, run ? run : manual, err, "the step %s says nothing to do", t->name));
}

static bool read_task(struct reading *r, const struct yaml_node *map, struct task *t, struct err *err)
{
    *t = (struct task){.dir = r->dir};
    if (!yaml_expect(r->y, map, YAML_MAP, "a step", err) ||
        !yaml_expect_keys(r->y, map, "a step", task_keys, ARRAY_LEN(task_keys), err) || !read_name(r, map, t, err))
        return false;
    t->place = arena_printf(r->a, "%s:%d:%d", r->y->name, map->line, map->column);
    return read_phase(r, map, t, err) && read_action(r, map, t, err) &&
           text_of(r, map, "title", t->kind == TASK_HTTP ? t->shown : t->run, &t->title, err) &&
           text_of(r, map, "owner", "", &t->owner, err) && text_of(r, map, "check", "", &t->check, err) &&
           text_of(r, map, "undo", "", &t->undo, err) && flag_of(r, map, "rehearse", &t->rehearse, err) &&
           duration_of(r, map, "timeout", TIMEOUT_MS, &t->timeout_ms, err) &&
           duration_of(r, map, "estimate", 0, &t->estimate_ms, err) &&
           number_of(r, map, "retries", 0, RETRIES_MAX, &t->retries, err) &&
           names_of(r, map, "after", &t->after, &t->n_after, err) &&
           names_of(r, map, "before", &t->before, &t->n_before, err);
}

/* A person without a name cannot be called at night. */
static bool check_owner(struct reading *r, const struct yaml_node *map, const struct task *t, struct err *err)
{
    if (t->kind == TASK_MANUAL && t->rehearse)
        return yaml_fail(r->y, map, err,
                         "the manual step %s can not be rehearsed: say how long it takes with 'estimate'", t->name);
    return t->kind != TASK_MANUAL || t->owner[0] ||
           yaml_fail(r->y, map, err, "the manual step %s needs an 'owner': who does it", t->name);
}

/* --- the file --- */

static bool read_all(struct reading *r, struct tasks *ret, struct err *err)
{
    static const char *const keys[] = {"steps"};
    const struct yaml_node *list = NULL;
    if (!yaml_expect(r->y, r->y->root, YAML_MAP, "the file", err) ||
        !yaml_expect_keys(r->y, r->y->root, "", keys, ARRAY_LEN(keys), err))
        return false;
    *ret = (struct tasks){0};
    list = yaml_get(r->y->root, "steps");
    if (!list)
        return true;
    if (!yaml_expect(r->y, list, YAML_LIST, "steps", err))
        return false;
    if (list->n > TASKS_MAX)
        return yaml_fail(r->y, list, err, "more than %d steps", TASKS_MAX);
    struct task *tasks = arena_new_array(r->a, struct task, list->n + 1);
    for (size_t i = 0; i < list->n; i++)
        if (!read_task(r, list->items[i].value, &tasks[i], err) ||
            !check_owner(r, list->items[i].value, &tasks[i], err))
            return false;
    *ret = (struct tasks){tasks, list->n};
    return true;
}

bool tasks_parse(struct str text, const char *name, const char *dir, enum err_code code, struct arena *a,
                 struct tasks *ret, struct err *err)
{
    struct yaml *y = NULL;
    if (!yaml_parse(text, name, code, a, &y, err))
        return false;
    struct reading r = {.y = y, .a = a, .dir = arena_dup(a, dir)};
    return read_all(&r, ret, err);
}

bool tasks_read(const char *dir, const char *name, enum err_code code, struct arena *a, struct tasks *ret,
                struct err *err)
{
    const char *path = arena_printf(a, "%s/runbook.yaml", dir);
    struct str text;
    *ret = (struct tasks){0};
    if (!file_exists(path))
        return true;
    return file_read(path, a, &text, err) && tasks_parse(text, name, dir, code, a, ret, err);
}
