/*
 * tried: one part of an export, read, with everything that has to be freed.
 */
#ifndef UNIT_XPP_TRIED_H
#define UNIT_XPP_TRIED_H
#include "test.h"
#include "unit/xpp/cover.h"

struct tried {
    struct arena *a;
    struct xpo_file *file;
    struct xpo_element e;
    xpo_problems problems;
    bool ok;
};

static inline void tried_done(struct tried *t)
{
    xpo_free(t->file);
    arena_free(t->a);
    vec_done(&t->problems);
}

#define SCOPED_TRY __attribute__((cleanup(tried_done))) struct tried

/* The i-th part of a text, of which every line must be in the tree. */
static inline struct tried try_part(const char *text, size_t i)
{
    struct tried t = {.a = arena_new(), .file = xpo_of_text(str_of(text))};
    assert_true(i < xpo_count(t.file));
    struct xpo_part part = xpo_part(t.file, i);
    t.ok = xpo_parse(part, t.a, &t.e, &t.problems);
    assert_int_equal(cover_missing(part, &t.e, t.a), 0);
    return t;
}

static inline struct tried good(const char *text)
{
    struct tried t = try_part(text, 0);
    if (t.problems.n)
        fail_msg("line %u: %s", t.problems.p[0].line, t.problems.p[0].message);
    assert_true(t.ok);
    return t;
}

#define assert_str(s, z) assert_string_equal(arena_dup_str(t.a, s), z)

#endif
