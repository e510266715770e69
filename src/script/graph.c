#include "script/graph.h"
#include "base/hash.h"

#define GUESS_US 1000000
#define BYTES_PER_US 20 /* of a table that is copied, with its indexes: a guess until it was measured */
#define COPY_RETRIES 2
#define COPY_TIMEOUT_MS (24LL * 60 * 60 * 1000)

void graph_init(struct graph *g, struct arena *a)
{
    *g = (struct graph){.a = a};
}

static struct graph_node *add(struct graph *g)
{
    if (g->n == g->cap) {
        g->cap = g->cap ? g->cap * 2 : 64;
        struct graph_node *more = arena_new_array(g->a, struct graph_node, g->cap);
        if (g->n)
            memcpy(more, g->p, g->n * sizeof *more);
        g->p = more;
    }
    return &g->p[g->n++];
}

/* --- scripts --- */

/* Which nodes each script has become: the first, and how many. */
struct span {
    size_t first, n;
};

static void need(struct graph *g, size_t node, const struct span *of, size_t company, bool same_company)
{
    struct graph_node *n = &g->p[node];
    for (size_t i = 0; i < of->n; i++)
        if (!same_company || i == company)
            n->needs[n->n_needs++] = of->first + i;
}

static const char *text_for(struct graph *g, const struct script *s, const char *company)
{
    if (!s->per_company)
        return s->file->text;
    SCOPED(map) values = map_new();
    map_put(values, STR("company"))->value = (void *)company;
    return package_substitute(s->file->text, values, g->a);
}

static void add_script(struct graph *g, const struct script *s, const char *company)
{
    *add(g) = (struct graph_node){.phase = s->phase,
                                  .name = s->name,
                                  .company = company,
                                  .title = s->title,
                                  .path = s->file->path,
                                  .sql = text_for(g, s, company),
                                  .digest = s->digest,
                                  .note = "",
                                  .retries = s->retries,
                                  .timeout_ms = s->timeout_ms};
}

static void link_script(struct graph *g, const struct scripts *all, const struct script *s, const struct span *spans)
{
    const struct span *own = &spans[s - all->p];
    for (size_t i = 0; i < own->n; i++) {
        struct graph_node *n = &g->p[own->first + i];
        size_t most = 0;
        for (size_t k = 0; k < s->n_after; k++)
            most += spans[s->after[k]].n;
        n->needs = arena_new_array(g->a, size_t, most + 1);
        for (size_t k = 0; k < s->n_after; k++)
            need(g, own->first + i, &spans[s->after[k]], i, s->per_company && all->p[s->after[k]].per_company);
    }
}

void graph_add_scripts(struct graph *g, const struct scripts *s, const char *const *companies, size_t n_companies)
{
    struct span *spans = arena_new_array(g->a, struct span, s->n + 1);
    for (size_t i = 0; i < s->n; i++) {
        spans[i] = (struct span){g->n, s->p[i].per_company ? n_companies : 1};
        for (size_t k = 0; k < spans[i].n; k++)
            add_script(g, &s->p[i], s->p[i].per_company ? companies[k] : "");
    }
    for (size_t i = 0; i < s->n; i++)
        link_script(g, s, &s->p[i], spans);
}

/* --- tables --- */

static void add_table(struct graph *g, const struct graph_table *t)
{
    char *digest = arena_alloc(g->a, 33);
    hash_hex(t->sql, strlen(t->sql), digest);
    *add(g) = (struct graph_node){.phase = SCRIPT_SYNC,
                                  .name = t->constraints ? arena_printf(g->a, "%s constraints", t->table) : t->table,
                                  .company = "",
                                  .title = t->constraints ? "its constraints" : "copy",
                                  .path = arena_printf(g->a, "hq.%s", t->table),
                                  .sql = t->sql,
                                  .digest = digest,
                                  .note = t->note,
                                  .retries = COPY_RETRIES,
                                  .timeout_ms = COPY_TIMEOUT_MS,
                                  .estimate_us = t->bytes / BYTES_PER_US + 1};
}

/* A constraint may be about any other table, so it waits for all of them. */
void graph_add_tables(struct graph *g, const struct graph_table *tables, size_t n)
{
    size_t first = g->n, n_copies = 0;
    for (size_t i = 0; i < n; i++)
        add_table(g, &tables[i]);
    size_t *copies = arena_new_array(g->a, size_t, n + 1);
    for (size_t i = 0; i < n; i++)
        if (!tables[i].constraints)
            copies[n_copies++] = first + i;
    for (size_t i = 0; i < n; i++)
        if (tables[i].constraints) {
            g->p[first + i].needs = copies;
            g->p[first + i].n_needs = n_copies;
        }
}

/* --- order --- */

static void estimate(struct graph *g, const struct map *took)
{
    for (size_t i = 0; i < g->n; i++) {
        struct graph_node *n = &g->p[i];
        const int64_t *us = took ? map_get(took, str_of(graph_key(g->a, n))) : NULL;
        n->measured = us != NULL;
        n->estimate_us = us ? *us : n->estimate_us ? n->estimate_us : GUESS_US;
    }
}

struct walk {
    struct graph *g;
    bool *seen;
    size_t *order, n;
};

static void visit(struct walk *w, size_t i)
{
    const struct graph_node *n = &w->g->p[i];
    if (w->seen[i])
        return;
    w->seen[i] = true;
    for (size_t k = 0; k < n->n_needs; k++)
        visit(w, n->needs[k]);
    w->order[w->n++] = i;
}

void graph_finish(struct graph *g, const struct map *took)
{
    struct walk w = {g, arena_new_array(g->a, bool, g->n + 1), arena_new_array(g->a, size_t, g->n + 1), 0};
    estimate(g, took);
    for (size_t i = 0; i < g->n; i++)
        visit(&w, i);
    for (size_t i = 0; i < g->n; i++) {
        struct graph_node *n = &g->p[w.order[i]];
        for (size_t k = 0; k < n->n_needs; k++)
            if (graph_same_phase(n, &g->p[n->needs[k]]))
                n->level = MAX(n->level, g->p[n->needs[k]].level + 1);
    }
    for (size_t i = g->n; i-- > 0;) {
        struct graph_node *n = &g->p[w.order[i]];
        n->ahead_us += n->estimate_us;
        for (size_t k = 0; k < n->n_needs; k++)
            if (graph_same_phase(n, &g->p[n->needs[k]]))
                g->p[n->needs[k]].ahead_us = MAX(g->p[n->needs[k]].ahead_us, n->ahead_us);
    }
}

char *graph_key(struct arena *a, const struct graph_node *n)
{
    return arena_printf(a, "%s %s %s", script_phase_name(n->phase), n->name, n->company);
}

char *graph_label(struct arena *a, const struct graph_node *n)
{
    return n->company[0] ? arena_printf(a, "%s [%s]", n->name, n->company) : arena_dup(a, n->name);
}
