/*
 * map: byte strings to pointers, open addressing, insertion order kept for iteration.
 *
 * Keys are borrowed: they must outlive the map (they usually sit in the same arena as the values). Not thread-safe.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H
#include "base/attr.h"
#include "base/str.h"
#include <stdint.h>

struct map; /* opaque */

struct map_entry {
    struct str key;
    void *value;
    uint64_t hash;
};

struct map *map_new(void);
void map_free(struct map *m);
DEFINE_SCOPED(map)

/* Forgets all entries and keeps the memory. */
void map_reset(struct map *m);

/* The value of a key, or NULL. */
void *map_get(const struct map *m, struct str key);

/* The slot of a key, made with a NULL value when it is new. Valid until the next map_put(). */
struct map_entry *map_put(struct map *m, struct str key);

/* Entries in insertion order: `for (size_t i = 0; i < map_count(m); i++) map_at(m, i)`. */
size_t map_count(const struct map *m);
struct map_entry *map_at(const struct map *m, size_t i);

#endif
