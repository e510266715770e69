#include "conf/yaml.h"
#include "base/map.h"
#include "base/suggest.h"
#include "base/vec.h"
#include <assert.h>
#include <yaml.h>

struct reader {
    yaml_parser_t parser;
    const struct yaml *y;
    struct arena *a;
    int depth;
    size_t nodes;
};

static bool fail_at(const struct yaml *y, int line, int column, struct err *err, const char *fmt, va_list args)
{
    char text[1024];
    vsnprintf(text, sizeof text, fmt, args);
    return err_set(err, y->code, "%s:%d:%d: %s", y->name, line, column, text);
}

bool yaml_fail(const struct yaml *y, const struct yaml_node *node, struct err *err, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    fail_at(y, node->line, node->column, err, fmt, args);
    va_end(args);
    return false;
}

bool yaml_fail_key(const struct yaml *y, const struct yaml_item *item, struct err *err, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    fail_at(y, item->line, item->column, err, fmt, args);
    va_end(args);
    return false;
}

static bool refuse(const struct reader *r, yaml_mark_t at, struct err *err, const char *text)
{
    return err_set(err, r->y->code, "%s:%d:%d: %s", r->y->name, (int)at.line + 1, (int)at.column + 1, text);
}

/* Takes the next event; the caller deletes it. */
static bool next(struct reader *r, yaml_event_t *ev, struct err *err)
{
    if (yaml_parser_parse(&r->parser, ev))
        return true;
    yaml_mark_t at = r->parser.problem_mark;
    const char *why = r->parser.problem ? r->parser.problem : "not readable as YAML";
    if (r->parser.error == YAML_READER_ERROR)
        return err_set(err, r->y->code, "%s: %s at byte %zu", r->y->name, why, r->parser.problem_offset);
    return refuse(r, at, err, why);
}

static struct yaml_node *node_at(struct reader *r, const yaml_event_t *ev, enum yaml_kind kind)
{
    struct yaml_node *n = arena_new_one(r->a, struct yaml_node);
    *n = (struct yaml_node){
        .kind = kind, .line = (int)ev->start_mark.line + 1, .column = (int)ev->start_mark.column + 1, .text = ""};
    return n;
}

static bool read_scalar(struct reader *r, const yaml_event_t *ev, struct yaml_node **ret, struct err *err)
{
    struct str text = {(const char *)ev->data.scalar.value, ev->data.scalar.length};
    if (text.n && memchr(text.p, '\0', text.n))
        return refuse(r, ev->start_mark, err, "a value may not hold a zero byte");
    *ret = node_at(r, ev, YAML_SCALAR);
    (*ret)->quoted = ev->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    (*ret)->text = !(*ret)->quoted && (str_is(text, "~") || str_is(text, "null")) ? "" : arena_dup_str(r->a, text);
    return true;
}

static bool read_node(struct reader *r, const yaml_event_t *ev, struct yaml_node **ret, struct err *err);

typedef VEC(struct yaml_item) item_vec;

static void settle(struct reader *r, struct yaml_node *node, const item_vec *items)
{
    node->n = items->n;
    node->items = arena_new_array(r->a, struct yaml_item, items->n);
    if (items->n)
        memcpy(node->items, items->p, items->n * sizeof *items->p);
}

/* Reads the value of one item. */
static bool read_value(struct reader *r, struct yaml_node **ret, struct err *err)
{
    yaml_event_t ev;
    if (!next(r, &ev, err))
        return false;
    bool ok = read_node(r, &ev, ret, err);
    yaml_event_delete(&ev);
    return ok;
}

/* One `key: value`, whose key event was read already. */
static bool read_pair(struct reader *r, const yaml_event_t *ev, struct map *seen, item_vec *items, struct err *err)
{
    struct yaml_node *key = NULL;
    if (!read_node(r, ev, &key, err))
        return false;
    if (key->kind != YAML_SCALAR)
        return yaml_fail(r->y, key, err, "a key has to be plain text");
    if (strcmp(key->text, "<<") == 0 && !key->quoted)
        return yaml_fail(r->y, key, err, "merge keys are not supported here; write the values out");
    struct map_entry *slot = map_put(seen, str_of(key->text));
    const struct yaml_node *first = slot->value;
    if (first)
        return yaml_fail(r->y, key, err, "'%s' is given twice, first in line %d", key->text, first->line);
    slot->value = key;
    struct yaml_node *value = NULL;
    if (!read_value(r, &value, err))
        return false;
    *vec_push(items) = (struct yaml_item){key->text, key->line, key->column, value};
    return true;
}

static bool read_pairs(struct reader *r, item_vec *items, struct err *err)
{
    SCOPED(map) seen = map_new();
    for (;;) {
        yaml_event_t ev;
        if (!next(r, &ev, err))
            return false;
        bool end = ev.type == YAML_MAPPING_END_EVENT;
        bool ok = end || read_pair(r, &ev, seen, items, err);
        yaml_event_delete(&ev);
        if (end || !ok)
            return ok;
    }
}

static bool read_entries(struct reader *r, item_vec *items, struct err *err)
{
    for (;;) {
        yaml_event_t ev;
        if (!next(r, &ev, err))
            return false;
        bool end = ev.type == YAML_SEQUENCE_END_EVENT;
        struct yaml_node *value = NULL;
        bool ok = end || read_node(r, &ev, &value, err);
        yaml_event_delete(&ev);
        if (end || !ok)
            return ok;
        assert(value);
        *vec_push(items) = (struct yaml_item){NULL, value->line, value->column, value};
    }
}

static bool read_collection(struct reader *r, const yaml_event_t *ev, struct yaml_node **ret, struct err *err)
{
    bool is_map = ev->type == YAML_MAPPING_START_EVENT;
    if (r->depth == YAML_DEPTH_MAX)
        return refuse(r, ev->start_mark, err, "nested too deeply");
    *ret = node_at(r, ev, is_map ? YAML_MAP : YAML_LIST);
    item_vec items = {0};
    r->depth++;
    bool ok = is_map ? read_pairs(r, &items, err) : read_entries(r, &items, err);
    r->depth--;
    if (ok)
        settle(r, *ret, &items);
    vec_done(&items);
    return ok;
}

static bool has_extras(const yaml_event_t *ev)
{
    if (ev->type == YAML_SCALAR_EVENT)
        return ev->data.scalar.anchor || ev->data.scalar.tag;
    if (ev->type == YAML_MAPPING_START_EVENT)
        return ev->data.mapping_start.anchor || ev->data.mapping_start.tag;
    return ev->data.sequence_start.anchor || ev->data.sequence_start.tag;
}

static bool read_node(struct reader *r, const yaml_event_t *ev, struct yaml_node **ret, struct err *err)
{
    if (ev->type == YAML_ALIAS_EVENT)
        return refuse(r, ev->start_mark, err, "aliases (*name) are not supported here; write the value out");
    if (has_extras(ev))
        return refuse(r, ev->start_mark, err, "anchors (&name) and tags (!name) are not supported here");
    if (++r->nodes > YAML_NODES_MAX)
        return refuse(r, ev->start_mark, err, "too many values in one file");
    if (ev->type == YAML_SCALAR_EVENT)
        return read_scalar(r, ev, ret, err);
    return read_collection(r, ev, ret, err);
}

/* What may stand in a file: start of stream, at most one document, end of stream. */
static bool read_file(struct reader *r, struct yaml_node **ret, struct err *err)
{
    for (int documents = 0;;) {
        yaml_event_t ev;
        if (!next(r, &ev, err))
            return false;
        yaml_event_type_t type = ev.type;
        bool ok = true;
        if (type == YAML_DOCUMENT_START_EVENT && documents++)
            ok = refuse(r, ev.start_mark, err, "only one YAML document may stand in a file");
        else if (type == YAML_DOCUMENT_START_EVENT)
            ok = read_value(r, ret, err);
        yaml_event_delete(&ev);
        if (!ok || type == YAML_STREAM_END_EVENT)
            return ok;
    }
}

bool yaml_parse(struct str text, const char *name, enum err_code code, struct arena *a, struct yaml **ret,
                struct err *err)
{
    struct yaml *y = arena_new_one(a, struct yaml);
    *y = (struct yaml){.name = arena_dup(a, name), .code = code};
    if (text.n > YAML_SIZE_MAX)
        return err_set(err, code, "%s: larger than %zu MB", name, YAML_SIZE_MAX >> 20);
    struct reader r = {.y = y, .a = a};
    int rc = yaml_parser_initialize(&r.parser);
    assert(rc == 1);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)(text.n ? text.p : ""), text.n);
    bool ok = read_file(&r, &y->root, err);
    yaml_parser_delete(&r.parser);
    if (!ok)
        return false;
    bool empty = !y->root || (y->root->kind == YAML_SCALAR && !y->root->text[0]);
    if (empty) {
        y->root = arena_new_one(a, struct yaml_node);
        *y->root = (struct yaml_node){.kind = YAML_MAP, .line = 1, .column = 1, .text = ""};
    }
    *ret = y;
    return true;
}

const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key)
{
    for (size_t i = 0; map->kind == YAML_MAP && i < map->n; i++)
        if (strcmp(map->items[i].key, key) == 0)
            return map->items[i].value;
    return NULL;
}

static const char *kind_name(const struct yaml_node *node)
{
    switch (node->kind) {
    case YAML_SCALAR:
        return node->text[0] ? "a single value" : "empty";
    case YAML_LIST:
        return "a list";
    case YAML_MAP:
        return "a mapping";
    }
    abort();
}

bool yaml_expect(const struct yaml *y, const struct yaml_node *node, enum yaml_kind kind, const char *what,
                 struct err *err)
{
    static const char *const wanted[] = {"a single value", "a list (`- item` or [a, b])", "a mapping (`key: value`)"};
    if (node->kind == kind)
        return true;
    if (!what[0])
        return yaml_fail(y, node, err, "the file has to be %s, not %s", wanted[kind], kind_name(node));
    return yaml_fail(y, node, err, "'%s' has to be %s, not %s", what, wanted[kind], kind_name(node));
}

static bool is_one_of(const char *word, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(word, names[i]) == 0)
            return true;
    return false;
}

bool yaml_expect_keys(const struct yaml *y, const struct yaml_node *map, const char *what, const char *const *names,
                      size_t n, struct err *err)
{
    for (size_t i = 0; i < map->n; i++) {
        const struct yaml_item *item = &map->items[i];
        if (is_one_of(item->key, names, n))
            continue;
        const char *near = suggest_nearest(str_of(item->key), names, n);
        const char *in = what[0] ? " in " : "";
        if (near)
            return yaml_fail_key(y, item, err, "unknown key '%s'%s%s; did you mean '%s'?", item->key, in, what, near);
        return yaml_fail_key(y, item, err, "unknown key '%s'%s%s", item->key, in, what);
    }
    return true;
}
