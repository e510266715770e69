#include "base/map.h"
#include "base/hash.h"
#include "base/vec.h"
#include <assert.h>

struct map {
    VEC(struct map_entry) entries;
    uint32_t *slots; /* index into entries plus one; 0 is free */
    size_t n_slots;  /* a power of two */
};

struct map *map_new(void)
{
    struct map *m = calloc(1, sizeof *m);
    if (!m)
        abort();
    return m;
}

void map_free(struct map *m)
{
    if (!m)
        return;
    vec_done(&m->entries);
    free(m->slots);
    free(m);
}

void map_reset(struct map *m)
{
    m->entries.n = 0;
    if (m->slots)
        memset(m->slots, 0, m->n_slots * sizeof *m->slots);
}

static uint32_t *find_slot(const struct map *m, struct str key, uint64_t hash)
{
    size_t i = hash & (m->n_slots - 1);
    while (m->slots[i]) {
        const struct map_entry *e = &m->entries.p[m->slots[i] - 1];
        if (e->hash == hash && str_eq(e->key, key))
            break;
        i = (i + 1) & (m->n_slots - 1);
    }
    return &m->slots[i];
}

static void rehash(struct map *m)
{
    m->n_slots = m->n_slots ? m->n_slots * 2 : 16;
    free(m->slots);
    m->slots = calloc(m->n_slots, sizeof *m->slots);
    if (!m->slots)
        abort();
    for (size_t i = 0; i < m->entries.n; i++)
        *find_slot(m, m->entries.p[i].key, m->entries.p[i].hash) = (uint32_t)i + 1;
}

void *map_get(const struct map *m, struct str key)
{
    if (!m->n_slots)
        return NULL;
    uint32_t i = *find_slot(m, key, hash_bytes(key.p, key.n));
    return i ? m->entries.p[i - 1].value : NULL;
}

struct map_entry *map_put(struct map *m, struct str key)
{
    if ((m->entries.n + 1) * 2 > m->n_slots)
        rehash(m);
    uint64_t hash = hash_bytes(key.p, key.n);
    uint32_t *slot = find_slot(m, key, hash);
    if (*slot)
        return &m->entries.p[*slot - 1];
    assert(m->entries.n < UINT32_MAX);
    struct map_entry *e = vec_push(&m->entries);
    *e = (struct map_entry){.key = key, .hash = hash};
    *slot = (uint32_t)m->entries.n;
    return e;
}

size_t map_count(const struct map *m)
{
    return m->entries.n;
}

struct map_entry *map_at(const struct map *m, size_t i)
{
    assert(i < m->entries.n);
    return &m->entries.p[i];
}
