#include "xpp/xpo/ends.h"

/* The places of one keyword, in the order of the text. */
struct places {
    const char **p;
    size_t n, cap;
};

static void add(struct places *list, struct arena *a, const char *at)
{
    if (list->n == list->cap) {
        size_t cap = list->cap ? list->cap * 2 : 8;
        const char **p = arena_new_array(a, const char *, cap);
        if (list->n)
            memcpy(p, list->p, list->n * sizeof *p);
        list->p = p;
        list->cap = cap;
    }
    list->p[list->n++] = at;
}

struct map *ends_find(struct lines rest, struct arena *a)
{
    struct map *ends = map_new();
    struct line l;
    while (lines_next(&rest, &l)) {
        if (!str_starts(l.text, "END"))
            continue;
        struct str ignored;
        struct map_entry *e = map_put(ends, line_word(l.text, &ignored));
        if (!e->value)
            e->value = arena_new_one(a, struct places);
        add(e->value, a, l.text.p);
    }
    return ends;
}

const char *ends_next(const struct map *ends, struct str word, const char *at, size_t *ret_left)
{
    const struct places *list = map_get(ends, word);
    size_t low = 0, high = list ? list->n : 0;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (list->p[middle] > at)
            high = middle;
        else
            low = middle + 1;
    }
    *ret_left = list ? list->n - low : 0;
    return *ret_left ? list->p[low] : NULL;
}
