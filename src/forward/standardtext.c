#include "forward/standardtext.h"
#include "base/map.h"
#include "base/vec.h"
#include <assert.h>
#include <stdlib.h>

struct entry {
    struct xpo_part part;
    uint64_t digest;
};

struct standardtext {
    struct map *entries; /* "12 name" */
    VEC(struct xpo_file *) files;
    struct arena *arena;
};

struct standardtext *standardtext_new(void)
{
    struct standardtext *t = calloc(1, sizeof *t);
    assert(t);
    t->entries = map_new();
    t->arena = arena_new();
    return t;
}

void standardtext_free(struct standardtext *t)
{
    if (!t)
        return;
    vec_each (&t->files, f)
        xpo_free(*f);
    vec_done(&t->files);
    map_free(t->entries);
    arena_free(t->arena);
    free(t);
}

void standardtext_take_file(struct standardtext *t, struct xpo_file *f)
{
    *vec_push(&t->files) = f;
}

static struct str key_of(enum symbol_kind kind, struct str name, char *text, size_t size)
{
    int n = snprintf(text, size, "%d %.*s", (int)kind, STR_ARG(name));
    size_t length = n < 0 ? 0 : (size_t)n < size ? (size_t)n : size - 1;
    return (struct str){str_lower(text, length), length};
}

/* FNV-1a over everything but white space at both ends of lines, and the lines of comment, which name the export. */
static uint64_t digest_of(struct str text)
{
    uint64_t h = 14695981039346656037u;
    while (text.n) {
        struct str line = str_trim(str_split(&text, '\n'));
        for (size_t i = 0; i < line.n && line.p[0] != ';'; i++)
            h = (h ^ (unsigned char)line.p[i]) * 1099511628211u;
        h = line.n && line.p[0] != ';' ? (h ^ '\n') * 1099511628211u : h;
    }
    return h;
}

void standardtext_add(struct standardtext *t, enum symbol_kind kind, struct str name, struct xpo_part part)
{
    char text[256];
    struct str key = key_of(kind, name, text, sizeof text);
    if (map_get(t->entries, key))
        return;
    struct entry *e = arena_alloc(t->arena, sizeof *e);
    *e = (struct entry){part, digest_of(part.text)};
    map_put(t->entries, (struct str){arena_dup_str(t->arena, key), key.n})->value = e;
}

static const struct entry *find(const struct standardtext *t, enum symbol_kind kind, struct str name)
{
    char text[256];
    return map_get(t->entries, key_of(kind, name, text, sizeof text));
}

bool standardtext_find(const struct standardtext *t, enum symbol_kind kind, struct str name, struct arena *a,
                       struct xpo_element *ret)
{
    xpo_problems problems = {0};
    const struct entry *e = find(t, kind, name);
    bool found = e && xpo_parse(e->part, a, ret, &problems);
    vec_done(&problems);
    return found;
}

bool standardtext_same(const struct standardtext *t, enum symbol_kind kind, struct str name, struct xpo_part part)
{
    const struct entry *e = find(t, kind, name);
    return e && e->digest == digest_of(part.text);
}
