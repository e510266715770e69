#include "forward/usage.h"
#include "base/arena.h"
#include "base/map.h"
#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

/* Classes above classes, at most. */
enum { ANCESTORS_MAX = 64 };

struct edge_key {
    const struct symbol *to;
    uint64_t model;
};

struct edge {
    struct edge_key key;
    uint64_t count;
};

struct usage {
    const struct symbols *symbols;
    struct arena *arena;
    struct map *unknown; /* "type foo", "value foo.bar" -> struct usage_unknown */
    struct map *edges;   /* struct edge_key -> struct edge */
    uint64_t total, known;
};

struct usage *usage_new(const struct symbols *symbols)
{
    struct usage *u = calloc(1, sizeof *u);
    assert(u);
    *u = (struct usage){symbols, arena_new(), map_new(), map_new(), 0, 0};
    return u;
}

void usage_free(struct usage *u)
{
    if (!u)
        return;
    arena_free(u->arena);
    map_free(u->unknown);
    map_free(u->edges);
    free(u);
}

/* ---- who has it ---- */

static const enum symbol_kind type_kinds[] = {SYMBOL_CLASS, SYMBOL_TABLE, SYMBOL_EDT,
                                              SYMBOL_ENUM,  SYMBOL_VIEW,  SYMBOL_MAP};
static const enum symbol_kind table_kinds[] = {SYMBOL_TABLE, SYMBOL_VIEW, SYMBOL_MAP};

static const struct symbol *find_in(const struct usage *u, const enum symbol_kind *kinds, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++) {
        const struct symbol *s = symbols_find(u->symbols, kinds[i], name);
        if (s)
            return s;
    }
    return NULL;
}

static const struct symbol *find_owner(const struct usage *u, const struct reference *r)
{
    static const enum symbol_kind kinds[REFERENCE_KINDS] = {
        [REFERENCE_CLASS] = SYMBOL_CLASS,
        [REFERENCE_ENUM] = SYMBOL_ENUM,
        [REFERENCE_EDT] = SYMBOL_EDT,
        [REFERENCE_FORM] = SYMBOL_FORM,
        [REFERENCE_QUERY] = SYMBOL_QUERY,
        [REFERENCE_REPORT] = SYMBOL_REPORT,
        [REFERENCE_MENU_ITEM_DISPLAY] = SYMBOL_MENU_ITEM_DISPLAY,
        [REFERENCE_MENU_ITEM_OUTPUT] = SYMBOL_MENU_ITEM_OUTPUT,
        [REFERENCE_MENU_ITEM_ACTION] = SYMBOL_MENU_ITEM_ACTION,
        [REFERENCE_RESOURCE] = SYMBOL_RESOURCE,
        [REFERENCE_CONFIGURATION_KEY] = SYMBOL_CONFIGURATION_KEY,
    };
    if (r->kind == REFERENCE_TABLE || r->kind == REFERENCE_FIELD)
        return find_in(u, table_kinds, sizeof table_kinds / sizeof *table_kinds, r->name);
    if (r->kind == REFERENCE_TYPE || r->kind == REFERENCE_VALUE || r->kind == REFERENCE_METHOD)
        return find_in(u, type_kinds, sizeof type_kinds / sizeof *type_kinds, r->name);
    return symbols_find(u->symbols, kinds[r->kind], r->name);
}

static bool is_system_field(struct str name)
{
    static const char *const names[] = {"RecId",
                                        "TableId",
                                        "DataAreaId",
                                        "Partition",
                                        "RecVersion",
                                        "CreatedBy",
                                        "CreatedDateTime",
                                        "ModifiedBy",
                                        "ModifiedDateTime",
                                        "dEL_CreatedTime",
                                        "createdTransactionId",
                                        "modifiedTransactionId",
                                        "sumOfRecId"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == name.n && strncasecmp(names[i], name.p, name.n) == 0)
            return true;
    return false;
}

/* True when an element, or what it extends, has the method; also when that cannot be known. */
static bool has_method(const struct usage *u, const struct symbol *s, struct str name)
{
    for (int i = 0; s && i < ANCESTORS_MAX; i++) {
        if (s->origin == SYMBOL_STANDARD || s->delta || symbol_member(s, MEMBER_METHOD, name) ||
            symbol_member(s, MEMBER_DELEGATE, name))
            return true;
        if (s->base.n == 0 || (s->base.n == 6 && strncasecmp(s->base.p, "Object", 6) == 0))
            return false;
        const struct symbol *base = symbols_find(u->symbols, s->kind, s->base);
        if (!base)
            return true;
        s = base;
    }
    return false;
}

static bool has_member(const struct usage *u, const struct symbol *s, const struct reference *r)
{
    if (s->origin == SYMBOL_STANDARD || s->delta)
        return true;
    if (r->kind == REFERENCE_FIELD)
        return is_system_field(r->member) || s->base.n || symbol_member(s, MEMBER_FIELD, r->member);
    if (s->kind == SYMBOL_ENUM)
        return symbol_member(s, MEMBER_VALUE, r->member);
    return s->kind == SYMBOL_EDT || has_method(u, s, r->member);
}

/* ---- counting ---- */

static void add_edge(struct usage *u, uint32_t model, const struct symbol *to, uint64_t count)
{
    struct edge_key key = {to, model};
    struct map_entry *entry = map_put(u->edges, (struct str){(const char *)&key, sizeof key});
    struct edge *e = entry->value;
    if (!e) {
        e = arena_alloc(u->arena, sizeof *e);
        e->key = key;
        entry->key = (struct str){(const char *)&e->key, sizeof e->key};
        entry->value = e;
    }
    e->count += count;
}

/* More of a name than AX allows is not looked at. */
enum { KEY_NAME = 255 };

static size_t put_name(char *to, struct str name)
{
    size_t n = name.n < KEY_NAME ? name.n : KEY_NAME;
    if (n)
        memcpy(to, name.p, n);
    return n;
}

/* A letter for the kind, then name and member in lower case. */
static struct str key_of(const struct reference *r, char text[2 * KEY_NAME + 2])
{
    size_t n = 0;
    text[n++] = (char)('a' + r->kind);
    n += put_name(text + n, r->name);
    text[n++] = '.';
    n += put_name(text + n, r->member);
    return (struct str){str_lower(text, n), n};
}

static struct usage_unknown *unknown_of(struct usage *u, const struct reference *r)
{
    char text[2 * KEY_NAME + 2];
    struct str key = key_of(r, text);
    struct usage_unknown *x = map_get(u->unknown, key);
    if (x)
        return x;
    x = arena_alloc(u->arena, sizeof *x);
    x->kind = r->kind;
    map_put(u->unknown, (struct str){arena_dup_str(u->arena, key), key.n})->value = x;
    return x;
}

static bool is_before(struct usage_place a, struct usage_place b)
{
    return a.unit != b.unit ? a.unit < b.unit : a.line < b.line;
}

/* Keeps the first places in order, and the name as it is written at the first one. */
static void add_place(struct usage *u, struct usage_unknown *x, struct usage_place place, const struct reference *r)
{
    unsigned at = x->n_places;
    while (at > 0 && is_before(place, x->places[at - 1]))
        at--;
    if (at == USAGE_PLACES)
        return;
    unsigned last = x->n_places < USAGE_PLACES ? x->n_places++ : USAGE_PLACES - 1;
    memmove(&x->places[at + 1], &x->places[at], (last - at) * sizeof *x->places);
    x->places[at] = place;
    if (at == 0) {
        x->name = (struct str){arena_dup_str(u->arena, r->name), r->name.n};
        x->member = (struct str){arena_dup_str(u->arena, r->member), r->member.n};
    }
}

/* A label is known by its file only: "@ABC1" needs the label file ABC. */
static struct reference as_looked_up(const struct reference *r)
{
    struct reference looked_up = *r;
    if (r->kind == REFERENCE_LABEL)
        while (looked_up.name.n && isdigit((unsigned char)looked_up.name.p[looked_up.name.n - 1]))
            looked_up.name.n--;
    return looked_up;
}

static bool is_known(struct usage *u, const struct reference *r, uint32_t model)
{
    if (r->kind == REFERENCE_LABEL)
        return symbols_find(u->symbols, SYMBOL_LABEL_FILE, (struct str){r->name.p + 1, r->name.n - 1}) != NULL;
    const struct symbol *owner = find_owner(u, r);
    if (!r->member.n) {
        if (owner && owner->origin == SYMBOL_OURS)
            add_edge(u, model, owner, 1);
        return owner != NULL;
    }
    return !owner || has_member(u, owner, r); /* an owner that nobody has was told itself */
}

bool usage_find(struct usage *u, const struct reference *r, uint32_t model)
{
    struct reference looked_up = as_looked_up(r);
    bool known = is_known(u, &looked_up, model);
    u->total++;
    u->known += known;
    return known;
}

void usage_tell(struct usage *u, const struct reference *r, uint32_t unit, uint32_t line)
{
    struct reference looked_up = as_looked_up(r);
    struct usage_unknown *x = unknown_of(u, &looked_up);
    x->count++;
    add_place(u, x, (struct usage_place){unit, line}, &looked_up);
}

void usage_merge(struct usage *u, const struct usage *from)
{
    u->total += from->total;
    u->known += from->known;
    for (size_t i = 0; i < map_count(from->edges); i++) {
        const struct edge *e = map_at(from->edges, i)->value;
        add_edge(u, (uint32_t)e->key.model, e->key.to, e->count);
    }
    for (size_t i = 0; i < map_count(from->unknown); i++) {
        const struct usage_unknown *other = map_at(from->unknown, i)->value;
        struct reference r = {other->kind, other->name, other->member, 0};
        struct usage_unknown *x = unknown_of(u, &r);
        x->count += other->count;
        for (unsigned p = 0; p < other->n_places; p++)
            add_place(u, x, other->places[p], &r);
    }
}

/* ---- what came of it ---- */

static int compare_text(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = strncasecmp(a.p, b.p, n);
    return order ? order : (a.n > b.n) - (a.n < b.n);
}

static int compare(const void *p, const void *q)
{
    const struct usage_unknown *a = *(struct usage_unknown *const *)p, *b = *(struct usage_unknown *const *)q;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind > b->kind ? 1 : -1;
    int order = compare_text(a->name, b->name);
    return order ? order : compare_text(a->member, b->member);
}

size_t usage_unknown(const struct usage *u, struct arena *a, struct usage_unknown ***ret)
{
    size_t n = map_count(u->unknown);
    *ret = arena_alloc(a, (n + 1) * sizeof **ret);
    for (size_t i = 0; i < n; i++)
        (*ret)[i] = map_at(u->unknown, i)->value;
    if (n)
        qsort(*ret, n, sizeof **ret, compare);
    return n;
}

uint64_t usage_total(const struct usage *u)
{
    return u->total;
}

uint64_t usage_known(const struct usage *u)
{
    return u->known;
}

void usage_edges(const struct usage *u, usage_edge_fn *fn, void *ctx)
{
    for (size_t i = 0; i < map_count(u->edges); i++) {
        const struct edge *e = map_at(u->edges, i)->value;
        fn(ctx, (uint32_t)e->key.model, e->key.to, e->count);
    }
}
