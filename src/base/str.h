/*
 * str: a borrowed view of bytes, not terminated, never owned.
 *
 * The bytes belong to whoever made them and live as long as he says. Print with "%.*s" and STR_ARG(s).
 */
#ifndef BASE_STR_H
#define BASE_STR_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
    const char *p;
    size_t n;
};

#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})
#define STR_ARG(s) (int)(s).n, (s).p

static inline struct str str_of(const char *z)
{
    return (struct str){z, strlen(z)};
}

static inline bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool str_is(struct str a, const char *z)
{
    return str_eq(a, str_of(z));
}

/* Orders by bytes; a prefix comes first. */
int str_cmp(struct str a, struct str b);

bool str_starts(struct str s, const char *prefix);

/* The view without white space at both ends. */
struct str str_trim(struct str s);

/* Cuts `s` at the first `sep`: the head is returned and `*s` becomes the rest; without `sep` all of it is the head. */
struct str str_split(struct str *s, char sep);

/* How many lines a text has; what stands behind the last `\n` is one, an empty text has none. */
size_t str_lines(struct str s);

/* A whole decimal number, with an optional sign; false when `s` is anything else or does not fit. */
bool str_to_i64(struct str s, int64_t *ret);

/* True when `name` matches `pattern`, in which `*` stands for any run of characters; letters compare without case. */
bool str_glob(const char *pattern, const char *name);
bool str_glob_view(const char *pattern, struct str name);

/* Makes the letters of ASCII in these bytes small, and returns them. */
char *str_lower(char *p, size_t n);

#endif
