#include "xpp/symbols.h"
#include "base/arena.h"
#include "xpp/names.h"
#include "xpp/symbols_read.h"
#include <assert.h>

/* A symbol with an index of its members. The symbols of one name are a chain, the one that hides the others first. */
struct entry {
    struct symbol symbol; /* first, so that a symbol is its entry */
    struct names members;
    struct entry *hidden;
};

struct symbols {
    struct arena *a;
    struct names index; /* into `entries` */
    VEC(struct entry *) entries;
    struct names related; /* into `actions` */
    VEC(delete_actions) actions;
};

static const struct {
    const char *name, *codes;
} kinds[] = {
#define S(ID, name, folder, codes) {name, codes},
#include "xpp/symbols.def"
#undef S
};

struct symbols *symbols_new(void)
{
    struct symbols *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    s->a = arena_new();
    return s;
}

void symbols_free(struct symbols *s)
{
    if (!s)
        return;
    vec_each (&s->entries, e)
        for (struct entry *at = *e; at; at = at->hidden)
            names_done(&at->members);
    vec_each (&s->actions, list)
        vec_done(list);
    vec_done(&s->entries);
    vec_done(&s->actions);
    names_done(&s->index);
    names_done(&s->related);
    arena_free(s->a);
    free(s);
}

/* Whether the new one stands before the old one: a higher origin, or the whole element before an export of a layer. */
static bool hides(const struct symbol *fresh, const struct symbol *old)
{
    return fresh->origin > old->origin || (fresh->origin == old->origin && old->delta && !fresh->delta);
}

static void enter(struct symbols *s, struct entry *e)
{
    uint32_t *number = names_put(&s->index, e->symbol.kind, e->symbol.name, (uint32_t)s->entries.n);
    if (*number == s->entries.n)
        *vec_push(&s->entries) = NULL;
    struct entry **at = &s->entries.p[*number];
    while (*at && !hides(&e->symbol, &(*at)->symbol))
        at = &(*at)->hidden;
    e->hidden = *at;
    *at = e;
}

static bool same_action(const struct delete_action *a, const struct delete_action *b)
{
    return xpo_same_name(a->table, b->table) && xpo_same_name(a->relation, b->relation);
}

/* A table may come from the baseline and from an input: what was added from the input counts. */
static void enter_action(struct symbols *s, const struct delete_action *action, enum symbol_origin origin)
{
    uint32_t *number = names_put(&s->related, 0, action->related, (uint32_t)s->actions.n);
    if (*number == s->actions.n)
        vec_push(&s->actions);
    delete_actions *list = &s->actions.p[*number];
    vec_each (list, a)
        if (same_action(a, action)) {
            if (origin == SYMBOL_OURS)
                *a = *action;
            return;
        }
    *vec_push(list) = *action;
}

static void keep_members(struct symbols *s, struct entry *e, const members *list)
{
    e->symbol.n_members = (uint32_t)list->n;
    e->symbol.members = arena_new_array(s->a, struct member, list->n);
    for (uint32_t i = 0; i < list->n; i++) {
        e->symbol.members[i] = list->p[i];
        names_put(&e->members, list->p[i].kind, list->p[i].name, i);
    }
}

void symbols_add(struct symbols *s, const struct xpo_element *e, enum symbol_origin origin)
{
    enum symbol_kind kind = symbol_kind_of(e);
    if (kind == SYMBOL_KINDS || !e->root)
        return;
    struct entry *entry = arena_new_one(s->a, struct entry);
    members list = {0};
    delete_actions actions = {0};
    entry->symbol = (struct symbol){.kind = kind, .origin = origin};
    symbols_read(e, s->a, &entry->symbol, &list, &actions);
    keep_members(s, entry, &list);
    enter(s, entry);
    vec_each (&actions, a)
        enter_action(s, a, origin);
    vec_done(&list);
    vec_done(&actions);
}

void symbols_add_name(struct symbols *s, enum symbol_kind kind, struct str name, enum symbol_origin origin)
{
    assert(kind < SYMBOL_KINDS);
    struct entry *entry = arena_new_one(s->a, struct entry);
    entry->symbol = (struct symbol){.kind = kind, .origin = origin, .name = {arena_dup_str(s->a, name), name.n}};
    enter(s, entry);
}

static const struct entry *first_of(const struct symbols *s, enum symbol_kind kind, struct str name)
{
    const uint32_t *number = names_get(&s->index, kind, name);
    return number ? s->entries.p[*number] : NULL;
}

const struct symbol *symbols_find(const struct symbols *s, enum symbol_kind kind, struct str name)
{
    const struct entry *e = first_of(s, kind, name);
    return e ? &e->symbol : NULL;
}

const struct symbol *symbols_find_from(const struct symbols *s, enum symbol_kind kind, struct str name,
                                       enum symbol_origin origin)
{
    const struct entry *e = first_of(s, kind, name);
    while (e && e->symbol.origin != origin)
        e = e->hidden;
    return e ? &e->symbol : NULL;
}

const struct member *symbol_member(const struct symbol *s, enum member_kind kind, struct str name)
{
    const uint32_t *number = names_get(&((const struct entry *)s)->members, kind, name);
    return number ? &s->members[*number] : NULL;
}

size_t symbols_delete_actions(const struct symbols *s, struct str related, const struct delete_action **ret_list)
{
    const uint32_t *number = names_get(&s->related, 0, related);
    *ret_list = number ? s->actions.p[*number].p : NULL;
    return number ? s->actions.p[*number].n : 0;
}

static bool has_word(const char *words, struct str word)
{
    struct str rest = str_of(words);
    while (rest.n)
        if (str_eq(str_split(&rest, ' '), word))
            return true;
    return false;
}

enum symbol_kind symbol_kind_of(const struct xpo_element *e)
{
    char code[8];
    const struct xpo_node *type = e->root && str_is(e->code, "FTM") ? xpo_child(e->root, "Type") : NULL;
    if (e->code.n == 0 || e->code.n > 6 || (type && type->word.n > 1))
        return SYMBOL_KINDS;
    int n = snprintf(code, sizeof code, "%.*s%.*s", STR_ARG(e->code), type ? 1 : 0, type ? type->word.p : "");
    for (size_t k = 0; k < SYMBOL_KINDS; k++)
        if (has_word(kinds[k].codes, (struct str){code, (size_t)n}))
            return (enum symbol_kind)k;
    return SYMBOL_KINDS;
}

const char *symbol_kind_name(enum symbol_kind k)
{
    assert(k < SYMBOL_KINDS);
    return kinds[k].name;
}
