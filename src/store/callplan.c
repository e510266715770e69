#include "store/callplan.h"
#include "base/file.h"
#include "base/vec.h"
#include "net/route.h"
#include "store/hq.h"

static bool read_line(struct str line, struct arena *a, struct callplan_call *ret)
{
    SCOPED_JSON *root = json_loadb(line.p, line.n, JSON_REJECT_DUPLICATES, NULL);
    const json_t *parameters = json_object_get(root, "parameters");
    const char *store = json_string_value(json_object_get(root, "store"));
    const char *method = json_string_value(json_object_get(root, "method"));
    if (!store || !method || !method[0] || !route_is_text(str_of(method)) || strpbrk(method, "/?# ") ||
        !json_is_object(parameters))
        return false;
    char *text = json_dumps(parameters, JSON_COMPACT);
    ret->store = arena_dup(a, store);
    ret->method = arena_dup(a, method);
    ret->parameters = arena_dup(a, text);
    ret->key = json_is_true(json_object_get(root, "key"));
    free(text);
    return true;
}

static int by_store(const void *a, const void *b)
{
    const struct callplan_call *x = a, *y = b;
    int order = strcmp(x->store, y->store);
    return order ? order : (x->line > y->line) - (x->line < y->line);
}

bool callplan_read(const char *path, struct arena *a, struct callplan *ret, struct err *err)
{
    VEC(struct callplan_call) calls = {0};
    *ret = (struct callplan){0};
    struct str text;
    bool ok = file_read(path, a, &text, err);
    for (size_t line = 1; ok && text.n; line++) {
        struct str one = str_trim(str_split(&text, '\n'));
        struct callplan_call *c = one.n ? vec_push(&calls) : NULL;
        if (c && !read_line(one, a, c))
            ok = err_set(err, ERR_USAGE, "%s:%zu: here has to stand a JSON object with store, method and parameters",
                         path, line);
        else if (c)
            c->line = line;
    }
    if (ok && calls.p) {
        ret->n = calls.n;
        ret->p = arena_new_array(a, struct callplan_call, calls.n);
        memcpy(ret->p, calls.p, calls.n * sizeof *calls.p);
        qsort(ret->p, ret->n, sizeof *ret->p, by_store);
    }
    vec_done(&calls);
    return ok && (ret->n || err_set(err, ERR_USAGE, "%s has no calls", path));
}

const struct callplan_call *callplan_of(const struct callplan *c, const char *store, size_t *ret_n)
{
    size_t low = 0, high = c->n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(c->p[middle].store, store) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (*ret_n = 0; low + *ret_n < c->n && strcmp(c->p[low + *ret_n].store, store) == 0;)
        ++*ret_n;
    return *ret_n ? &c->p[low] : NULL;
}
