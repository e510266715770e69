#include "forward/models.h"

static void fill_needs(struct forward_model *models, size_t n, size_t i, const uint64_t *uses, struct arena *a)
{
    size_t count = 0;
    models[i].needs = arena_alloc(a, (n + 1) * sizeof *models[i].needs);
    models[i].uses = arena_alloc(a, (n + 1) * sizeof *models[i].uses);
    for (size_t j = 0; j < n; j++) {
        if (j == i || uses[i * n + j] == 0)
            continue;
        models[i].needs[count] = models[j].name;
        models[i].uses[count++] = uses[i * n + j];
    }
}

static bool is_ready(const struct forward_model *models, size_t n, size_t i, const uint64_t *uses, unsigned step)
{
    for (size_t j = 0; j < n; j++)
        if (j != i && uses[i * n + j] && (models[j].step == 0 || models[j].step >= step))
            return false;
    return true;
}

/* Numbers all models whose needs have numbers; false when there is none. */
static bool number_ready(struct forward_model *models, size_t n, const uint64_t *uses, unsigned step)
{
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        if (models[i].step || !is_ready(models, n, i, uses, step))
            continue;
        models[i].step = step;
        any = true;
    }
    return any;
}

/* True when `to` can be reached from `from`; `seen` ends rings. */
static bool reaches(size_t from, size_t to, size_t n, const uint64_t *uses, bool *seen)
{
    for (size_t j = 0; j < n; j++) {
        if (j == from || !uses[from * n + j] || seen[j])
            continue;
        seen[j] = true;
        if (j == to || reaches(j, to, n, uses, seen))
            return true;
    }
    return false;
}

/* What is left when nothing is ready holds a ring: all models of rings get the step. */
static void number_rings(struct forward_model *models, size_t n, unsigned step)
{
    bool any = false;
    for (size_t i = 0; i < n; i++)
        any |= models[i].step == 0 && models[i].circular;
    for (size_t i = 0; i < n; i++)
        if (models[i].step == 0 && (models[i].circular || !any))
            models[i].step = step;
}

void models_order(struct forward_model *models, size_t n, const uint64_t *uses, struct arena *a)
{
    bool *seen = arena_alloc(a, n + 1);
    for (size_t i = 0; i < n; i++) {
        fill_needs(models, n, i, uses, a);
        memset(seen, 0, n);
        models[i].circular = reaches(i, i, n, uses, seen);
    }
    size_t left = n;
    for (unsigned step = 1; left; step++) {
        if (!number_ready(models, n, uses, step))
            number_rings(models, n, step);
        left = 0;
        for (size_t i = 0; i < n; i++)
            left += models[i].step == 0;
    }
}
