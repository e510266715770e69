/*
 * told: what one export becomes and what is said of it, asked in a line each.
 */
#ifndef TESTS_XPP_D365_TOLD_H
#define TESTS_XPP_D365_TOLD_H
#include "test.h"
#include "unit/xpp/d365/golden.h"

static inline struct written written_of(const char *text)
{
    struct written w;
    written_make(&w, str_of(text), STR(""));
    return w;
}

/* Whether a file has this piece of text. */
static inline bool has(const struct written *w, const char *path, const char *piece)
{
    struct str text = written_file(w, path);
    return text.p && memmem(text.p, text.n, piece, strlen(piece));
}

#define expect_has(w, path, piece)                                                                                     \
    do {                                                                                                               \
        if (!has(w, path, piece))                                                                                      \
            fail_msg("%s lacks %s; it is\n%.*s", path, piece, STR_ARG(written_file(w, path)));                         \
    } while (0)

/* How often a rule was told with this piece of detail. */
static inline size_t count_told(const struct written *w, const char *rule, const char *piece)
{
    size_t n = 0;
    for (size_t i = 0; i < w->findings.list.n; i++) {
        struct str detail = w->findings.list.p[i].detail;
        n += strcmp(w->findings.list.p[i].rule, rule) == 0 && memmem(detail.p, detail.n, piece, strlen(piece)) != NULL;
    }
    return n;
}

#define expect_told(w, rule, piece)                                                                                    \
    do {                                                                                                               \
        if (count_told(w, rule, piece) != 1)                                                                           \
            fail_told(w, rule, piece);                                                                                 \
    } while (0)

static inline void fail_told(const struct written *w, const char *rule, const char *piece)
{
    for (size_t i = 0; i < w->findings.list.n; i++)
        print_error("%s %.*s: %.*s\n", w->findings.list.p[i].rule, STR_ARG(w->findings.list.p[i].where),
                    STR_ARG(w->findings.list.p[i].detail));
    fail_msg("told %zu times: %s %s", count_told(w, rule, piece), rule, piece);
}

#endif
