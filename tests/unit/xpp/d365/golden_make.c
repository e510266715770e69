#include "unit/xpp/d365/golden.h"
#include <assert.h>

static struct xpo_element *elements_of(struct arena *a, struct xpo_file *f, size_t *ret_n)
{
    xpo_problems problems = {0};
    size_t n = xpo_count(f), kept = 0;
    struct xpo_element *list = arena_new_array(a, struct xpo_element, n + 1);
    for (size_t i = 0; i < n; i++) {
        if (!xpo_part(f, i).records && xpo_parse(xpo_part(f, i), a, &list[kept], &problems))
            kept++;
    }
    vec_done(&problems);
    *ret_n = kept;
    return list;
}

static const struct xpo_element *standard_of(const struct xpo_element *list, size_t n, const struct xpo_element *e)
{
    for (size_t i = 0; i < n; i++) {
        if (str_eq(list[i].name, e->name) && str_eq(list[i].code, e->code))
            return &list[i];
    }
    return NULL;
}

void written_make(struct written *w, struct str text, struct str baseline)
{
    *w = (struct written){.arena = arena_new(), .symbols = symbols_new(), .file = xpo_of_text(text)};
    struct xpo_file *base = xpo_of_text(baseline);
    size_t n, n_base;
    struct xpo_element *ours = elements_of(w->arena, w->file, &n), *old = elements_of(w->arena, base, &n_base);
    w->findings.arena = w->arena;
    for (size_t i = 0; i < n_base; i++)
        symbols_add(w->symbols, &old[i], SYMBOL_BASELINE);
    for (size_t i = 0; i < n; i++)
        symbols_add(w->symbols, &ours[i], SYMBOL_OURS);
    for (size_t i = 0; i < n; i++) {
        struct d365_job job = {.element = &ours[i],
                               .symbols = w->symbols,
                               .model = "Contoso",
                               .prefix = "CTS",
                               .arena = w->arena,
                               .findings = &w->findings,
                               .standard = standard_of(old, n_base, &ours[i])};
        d365_write(&job);
        for (struct d365_file *f = job.files; f && w->n < 64; f = f->next)
            w->files[w->n++] = f;
    }
    xpo_free(base);
}

void written_done(struct written *w)
{
    vec_done(&w->findings.list);
    symbols_free(w->symbols);
    xpo_free(w->file);
    arena_free(w->arena);
}

struct str written_file(const struct written *w, const char *path)
{
    for (size_t i = 0; i < w->n; i++) {
        if (strcmp(w->files[i]->path, path) == 0)
            return w->files[i]->text;
    }
    return (struct str){0};
}

size_t written_count(const struct written *w, const char *rule)
{
    size_t n = 0;
    for (size_t i = 0; i < w->findings.list.n; i++)
        n += strcmp(w->findings.list.p[i].rule, rule) == 0;
    return n;
}
