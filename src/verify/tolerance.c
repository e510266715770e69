#include "verify/tolerance.h"
#include <ctype.h>

#define DECIMALS_DEFAULT 6
#define DECIMALS_MAX 30

const char **tolerance_names(const char *list, struct arena *a, size_t *ret_n)
{
    size_t n = 1;
    for (const char *p = list; *p; p++)
        n += *p == ',';
    const char **names = arena_new_array(a, const char *, n);
    *ret_n = 0;
    for (struct str rest = str_of(list); rest.n;) {
        struct str name = str_trim(str_split(&rest, ','));
        if (name.n)
            names[(*ret_n)++] = arena_dup_str(a, name);
    }
    return names;
}

struct tolerances tolerance_compare(const char *text, struct arena *a)
{
    struct tolerances l = {0};
    size_t n;
    const char **parts = tolerance_names(text, a, &n);
    l.p = arena_new_array(a, struct tolerance, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct str rest = str_of(parts[i]);
        struct str column = str_split(&rest, ' '), most = str_trim(rest);
        l.p[l.n++] = (struct tolerance){.column = arena_dup_str(a, column),
                                        .most = str_is(most, "exact") ? "0" : arena_dup_str(a, most),
                                        .reason = ""};
    }
    return l;
}

static int decimals_of(const char *reason)
{
    for (const char *p = reason; *p; p++) {
        if (!isdigit((unsigned char)*p))
            continue;
        char *end = NULL;
        long n = strtol(p, &end, 10);
        if (strncmp(end, " decimal", 8) == 0 && n >= 0 && n <= DECIMALS_MAX)
            return (int)n;
        p = end - 1;
    }
    return DECIMALS_DEFAULT;
}

const char *tolerance_of_rounding(const char *reason, struct arena *a)
{
    int n = decimals_of(reason);
    return arena_printf(a, "0.%0*d", n + 1, 5);
}

static size_t count_columns(const struct package_file *f)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n_words; i++)
        for (const char *p = f->words[i].value; *p; p++)
            n += *p == ',' || p[1] == '\0';
    return n;
}

/* `column, column: reason`. */
static void take_word(const struct package_word *w, bool is_lost, struct arena *a, struct tolerances *l)
{
    struct str reason = str_of(w->value);
    char *list = arena_dup_str(a, str_split(&reason, ':')), *why = arena_dup_str(a, str_trim(reason));
    size_t n;
    const char **names = tolerance_names(list, a, &n);
    for (size_t i = 0; i < n; i++)
        l->p[l->n++] = (struct tolerance){.column = names[i],
                                          .most = is_lost ? "0" : tolerance_of_rounding(why, a),
                                          .reason = why,
                                          .is_lost = is_lost};
}

struct tolerances tolerance_lens(const struct package_file *f, struct arena *a)
{
    struct tolerances l = {0};
    l.p = arena_new_array(a, struct tolerance, count_columns(f) + 1);
    for (size_t i = 0; i < f->n_words; i++) {
        bool is_lost = strcmp(f->words[i].word, "loses") == 0;
        if (is_lost || strcmp(f->words[i].word, "rounds") == 0)
            take_word(&f->words[i], is_lost, a, &l);
    }
    return l;
}

const struct tolerance *tolerance_find(const struct tolerances *l, const char *column)
{
    for (size_t i = 0; i < l->n; i++)
        if (strcmp(l->p[i].column, column) == 0)
            return &l->p[i];
    return NULL;
}

void tolerance_put_differs(struct buf *b, const char *x, const char *y, const char *most)
{
    buf_printf(b, "(%s is distinct from %s and (%s is null or %s is null or abs(%s - %s) > %s))", x, y, x, y, x, y,
               most);
}
