#include "conf/probes.h"
#include "conf/sqltext.h"
#include "conf/value.h"
#include "conf/yaml.h"

#define TIMEOUT_MS 10000
#define TIMEOUT_MAX_MS (10 * 60 * 1000)

static const char *const keys[] = {"title", "timeout", "tcp",   "http",   "status", "contains",
                                   "ca",    "read",    "on",    "expect", "write",  "proof",
                                   "area",  "sign_in", "store", "file",   "answer", "n1_round"};

/* Which keys a kind of probe has beside title and timeout; the first one says the kind and is required. */
static const struct {
    const char *name;
    const char *keys[5];
    size_t needed;
} kinds[] = {
    [PROBE_TCP] = {"tcp", {"tcp"}, 1},
    [PROBE_HTTP] = {"http", {"http", "status", "contains", "ca"}, 1},
    [PROBE_READ] = {"read", {"read", "on", "expect"}, 1},
    [PROBE_WRITE] = {"write", {"write", "proof", "area"}, 3},
    [PROBE_SIGN_IN] = {"sign-in", {"sign_in", "store", "file", "answer"}, 3},
    [PROBE_ROUND] = {"n1-round", {"n1_round"}, 1},
};

struct reader {
    struct yaml *y;
    struct arena *a;
    const struct map *settings;
};

const char *probe_kind_name(enum probe_kind kind)
{
    return kinds[kind].name;
}

/* --- which keys --- */

static bool find_kind(struct reader *r, const struct yaml_item *item, enum probe_kind *ret, struct err *err)
{
    int found = 0;
    for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
        if (!yaml_get(item->value, kinds[k].keys[0]))
            continue;
        *ret = (enum probe_kind)k;
        found++;
    }
    return found == 1 ||
           yaml_fail_key(r->y, item, err, "a probe has one of tcp, http, read, write, sign_in and n1_round; %s has %s",
                         item->key, found ? "several" : "none");
}

static bool belongs(enum probe_kind kind, const char *key)
{
    if (strcmp(key, "title") == 0 || strcmp(key, "timeout") == 0)
        return true;
    for (size_t i = 0; i < ARRAY_LEN(kinds[kind].keys); i++)
        if (kinds[kind].keys[i] && strcmp(kinds[kind].keys[i], key) == 0)
            return true;
    return false;
}

static bool check_keys(struct reader *r, const struct yaml_item *item, enum probe_kind kind, struct err *err)
{
    if (!yaml_expect_keys(r->y, item->value, item->key, keys, ARRAY_LEN(keys), err))
        return false;
    for (size_t i = 0; i < item->value->n; i++)
        if (!belongs(kind, item->value->items[i].key))
            return yaml_fail_key(r->y, &item->value->items[i], err, "'%s' does not belong to a %s probe",
                                 item->value->items[i].key, kinds[kind].name);
    for (size_t i = 0; i < kinds[kind].needed; i++)
        if (!yaml_get(item->value, kinds[kind].keys[i]))
            return yaml_fail_key(r->y, item, err, "the %s probe %s lacks '%s'", kinds[kind].name, item->key,
                                 kinds[kind].keys[i]);
    return true;
}

/* --- values --- */

/* The text of a key; `fallback` when it is not there. */
static bool take_text(struct reader *r, const struct yaml_node *map, const char *key, const char *fallback,
                      const char **ret, struct err *err)
{
    const struct yaml_node *node = yaml_get(map, key);
    *ret = fallback;
    if (!node)
        return true;
    if (!yaml_expect(r->y, node, YAML_SCALAR, key, err))
        return false;
    *ret = node->text;
    return node->text[0] || yaml_fail(r->y, node, err, "'%s' is empty", key);
}

static const char *sql_of(struct reader *r, const char *text)
{
    return arena_dup_str(r->a, sqltext_strip(str_of(sqltext_substitute(str_of(text), r->settings, r->a))));
}

static bool take_sql(struct reader *r, const struct yaml_node *map, const char *key, const char **ret, struct err *err)
{
    if (!take_text(r, map, key, "", ret, err))
        return false;
    *ret = sql_of(r, *ret);
    return true;
}

static bool take_timeout(struct reader *r, const struct yaml_node *map, struct probe *p, struct err *err)
{
    const struct yaml_node *node = yaml_get(map, "timeout");
    int64_t ms = TIMEOUT_MS;
    if (node &&
        (node->kind != YAML_SCALAR || !value_duration(str_of(node->text), &ms) || ms < 1 || ms > TIMEOUT_MAX_MS))
        return yaml_fail(r->y, node, err, "'timeout' is a duration from 1ms to 10m");
    p->timeout_ms = (int)ms;
    return true;
}

static bool take_http(struct reader *r, const struct yaml_node *map, struct probe *p, struct err *err)
{
    const char *status = NULL;
    if (!take_text(r, map, "http", "", &p->address, err) || !take_text(r, map, "status", "200", &status, err) ||
        !take_text(r, map, "contains", "", &p->contains, err) || !take_text(r, map, "ca", "", &p->ca, err))
        return false;
    if (!str_starts(str_of(p->address), "http://") && !str_starts(str_of(p->address), "https://"))
        return yaml_fail(r->y, yaml_get(map, "http"), err,
                         "'http' is an address such as https://hq.example.com/health");
    return (value_number(str_of(status), &p->status) && p->status >= 100 && p->status < 600) ||
           yaml_fail(r->y, yaml_get(map, "status"), err, "'status' is a status of HTTP, such as 200");
}

static bool take_tcp(struct reader *r, const struct yaml_node *map, struct probe *p, struct err *err)
{
    int64_t port = 0;
    if (!take_text(r, map, "tcp", "", &p->address, err))
        return false;
    const char *colon = strrchr(p->address, ':');
    return (colon && colon > p->address && value_number(str_of(colon + 1), &port) && port > 0 && port < 65536) ||
           yaml_fail(r->y, yaml_get(map, "tcp"), err, "'tcp' is HOST:PORT, not '%s'", p->address);
}

static bool take_read(struct reader *r, const struct yaml_node *map, struct probe *p, struct err *err)
{
    const char *on = NULL, *expect = NULL;
    if (!take_sql(r, map, "read", &p->sql, err) || !take_text(r, map, "on", "target", &on, err) ||
        !take_text(r, map, "expect", "rows", &expect, err))
        return false;
    p->on_source = strcmp(on, "source") == 0;
    if (!p->on_source && strcmp(on, "target") != 0)
        return yaml_fail(r->y, yaml_get(map, "on"), err, "'on' is source or target");
    bool value = str_starts(str_of(expect), "value ");
    p->expect = value ? PROBE_VALUE : strcmp(expect, "no rows") == 0 ? PROBE_NO_ROWS : PROBE_ROWS;
    p->value = value ? expect + 6 : "";
    return p->expect != PROBE_ROWS || strcmp(expect, "rows") == 0 ||
           yaml_fail(r->y, yaml_get(map, "expect"), err, "'expect' is rows, no rows, or value and what it has to be");
}

static bool take_write(struct reader *r, const struct yaml_node *map, struct probe *p, struct err *err)
{
    const struct yaml_node *list = yaml_get(map, "write");
    if (!yaml_expect(r->y, list, YAML_LIST, "write", err) || !take_sql(r, map, "proof", &p->sql, err) ||
        !take_text(r, map, "area", "", &p->area, err))
        return false;
    p->statements = arena_new_array(r->a, const char *, list->n + 1);
    for (size_t i = 0; i < list->n; i++) {
        if (!yaml_expect(r->y, list->items[i].value, YAML_SCALAR, "write", err))
            return false;
        p->statements[p->n_statements++] = sql_of(r, list->items[i].value->text);
    }
    return list->n > 0 || yaml_fail(r->y, list, err, "'write' is a list of statements");
}

static bool take_sign_in(struct reader *r, const struct yaml_node *map, struct probe *p, struct err *err)
{
    return take_text(r, map, "sign_in", "", &p->method, err) && take_text(r, map, "store", "", &p->store, err) &&
           take_text(r, map, "file", "", &p->file, err) && take_text(r, map, "answer", NULL, &p->answer, err);
}

/* `yes`, or the method of a call that a till makes in it. */
static bool take_round(struct reader *r, const struct yaml_node *map, struct probe *p, struct err *err)
{
    const char *what = NULL;
    bool yes = false;
    if (!take_text(r, map, "n1_round", "", &what, err))
        return false;
    p->method = value_flag(str_of(what), &yes) ? NULL : what;
    return p->method || yes ||
           yaml_fail(r->y, yaml_get(map, "n1_round"), err, "'n1_round' is yes, or a method to call");
}

static bool take_kind(struct reader *r, const struct yaml_node *map, struct probe *p, struct err *err)
{
    switch (p->kind) {
    case PROBE_TCP:
        return take_tcp(r, map, p, err);
    case PROBE_HTTP:
        return take_http(r, map, p, err);
    case PROBE_READ:
        return take_read(r, map, p, err);
    case PROBE_WRITE:
        return take_write(r, map, p, err);
    case PROBE_SIGN_IN:
        return take_sign_in(r, map, p, err);
    case PROBE_ROUND:
        return take_round(r, map, p, err);
    }
    abort();
}

static bool read_probe(struct reader *r, const struct yaml_item *item, struct probe *p, struct err *err)
{
    *p = (struct probe){.name = item->key, .contains = "", .ca = "", .sql = "", .value = ""};
    return yaml_expect(r->y, item->value, YAML_MAP, item->key, err) && find_kind(r, item, &p->kind, err) &&
           check_keys(r, item, p->kind, err) && take_text(r, item->value, "title", item->key, &p->title, err) &&
           take_timeout(r, item->value, p, err) && take_kind(r, item->value, p, err);
}

bool probes_read(struct str text, const char *path, enum err_code code, const struct package *p, struct arena *a,
                 struct probes *ret, struct err *err)
{
    SCOPED(map) settings = map_new();
    struct reader r = {.a = a, .settings = settings};
    for (size_t i = 0; i < p->n_settings; i++)
        map_put(settings, str_of(p->settings[i].name))->value = (void *)p->settings[i].value;
    if (!yaml_parse(text, path, code, a, &r.y, err) || !yaml_expect(r.y, r.y->root, YAML_MAP, "", err))
        return false;
    const struct yaml_node *root = r.y->root;
    *ret = (struct probes){arena_new_array(a, struct probe, root->n + 1), root->n};
    for (size_t i = 0; i < root->n; i++)
        if (!read_probe(&r, &root->items[i], &ret->p[i], err))
            return false;
    return true;
}
