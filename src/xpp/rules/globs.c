#include "xpp/rules/globs.h"

/* 0 for everything that is no letter. */
static size_t letter_of(char c)
{
    unsigned letter = ((unsigned char)c | 0x20u) - 'a';
    return letter < GLOB_LETTERS ? letter + 1 : 0;
}

void globs_add(struct globs *g, const char *glob, const struct rule *rule)
{
    *vec_push(&g->list) = (struct glob_entry){glob, rule};
}

/* Entries of one letter keep their order. */
void globs_order(struct globs *g)
{
    struct globs ordered = {0};
    for (size_t letter = 0; letter <= GLOB_LETTERS; letter++) {
        ordered.begin[letter] = ordered.list.n;
        vec_each (&g->list, e)
            if (letter_of(e->glob[0]) == letter)
                *vec_push(&ordered.list) = *e;
    }
    ordered.begin[GLOB_LETTERS + 1] = ordered.list.n;
    globs_done(g);
    *g = ordered;
}

void globs_done(struct globs *g)
{
    vec_done(&g->list);
}

const struct glob_entry *globs_next(const struct globs *g, struct str name, size_t *at)
{
    size_t letter = letter_of(name.n ? name.p[0] : '\0');
    while (*at < g->begin[letter + 1]) {
        if (*at >= g->begin[1] && *at < g->begin[letter])
            *at = g->begin[letter];
        else if (str_glob_view(g->list.p[(*at)++].glob, name))
            return &g->list.p[*at - 1];
    }
    return NULL;
}
