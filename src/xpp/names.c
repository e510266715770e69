#include "xpp/names.h"
#include "xpp/xpo/node.h"
#include <ctype.h>

void names_done(struct names *t)
{
    free(t->slots);
    *t = (struct names){0};
}

/* FNV-1a; letters of ASCII count the same in both cases. */
static uint32_t hash_of(uint32_t kind, struct str name)
{
    uint32_t h = 2166136261u ^ kind;
    for (size_t i = 0; i < name.n; i++)
        h = (h ^ (unsigned char)tolower((unsigned char)name.p[i])) * 16777619u;
    return h;
}

static struct names_slot *find(const struct names *t, uint32_t hash, uint32_t kind, struct str name)
{
    size_t i = hash & (t->n_slots - 1);
    while (t->slots[i].name.p) {
        const struct names_slot *s = &t->slots[i];
        if (s->hash == hash && s->kind == kind && xpo_same_name(s->name, name))
            break;
        i = (i + 1) & (t->n_slots - 1);
    }
    return &t->slots[i];
}

static void grow(struct names *t)
{
    struct names old = *t;
    t->n_slots = old.n_slots ? old.n_slots * 2 : 16;
    t->slots = calloc(t->n_slots, sizeof *t->slots);
    if (!t->slots)
        abort();
    for (size_t i = 0; i < old.n_slots; i++)
        if (old.slots[i].name.p)
            *find(t, old.slots[i].hash, old.slots[i].kind, old.slots[i].name) = old.slots[i];
    free(old.slots);
}

const uint32_t *names_get(const struct names *t, uint32_t kind, struct str name)
{
    if (t->n == 0)
        return NULL;
    const struct names_slot *s = find(t, hash_of(kind, name), kind, name);
    return s->name.p ? &s->number : NULL;
}

uint32_t *names_put(struct names *t, uint32_t kind, struct str name, uint32_t fresh)
{
    if ((t->n + 1) * 2 > t->n_slots)
        grow(t);
    uint32_t hash = hash_of(kind, name);
    struct names_slot *s = find(t, hash, kind, name);
    if (!s->name.p) {
        *s = (struct names_slot){{name.p ? name.p : "", name.n}, hash, kind, fresh};
        t->n++;
    }
    return &s->number;
}
