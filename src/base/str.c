#include "base/str.h"
#include "base/attr.h"
#include <ctype.h>
#include <errno.h>

int str_cmp(struct str a, struct str b)
{
    size_t n = MIN(a.n, b.n);
    int c = n ? memcmp(a.p, b.p, n) : 0; /* an empty view may have no address */
    return c ? c : (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str s, const char *prefix)
{
    size_t n = strlen(prefix);
    return s.n >= n && (n == 0 || memcmp(s.p, prefix, n) == 0);
}

struct str str_trim(struct str s)
{
    while (s.n && isspace((unsigned char)s.p[0])) {
        s.p++;
        s.n--;
    }
    while (s.n && isspace((unsigned char)s.p[s.n - 1]))
        s.n--;
    return s;
}

struct str str_split(struct str *s, char sep)
{
    const char *at = s->n ? memchr(s->p, sep, s->n) : NULL;
    struct str head = {s->p, at ? (size_t)(at - s->p) : s->n};
    size_t used = head.n + (at ? 1 : 0);
    s->p += used;
    s->n -= used;
    return head;
}

bool str_to_i64(struct str s, int64_t *ret)
{
    char text[24];
    if (s.n == 0 || s.n >= sizeof text || isspace((unsigned char)s.p[0]))
        return false;
    memcpy(text, s.p, s.n);
    text[s.n] = '\0';
    char *end = NULL;
    errno = 0;
    long long v = strtoll(text, &end, 10);
    if (errno || end != text + s.n)
        return false;
    *ret = v;
    return true;
}

static bool same_letter(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Goes back to the last star only: what an earlier one swallowed never has to change. */
bool str_glob_view(const char *pattern, struct str name)
{
    const char *star = NULL, *resume = NULL, *at = name.p, *end = name.p + name.n;
    while (at < end) {
        if (*pattern == '*') {
            star = ++pattern;
            resume = at;
        } else if (*pattern && same_letter(*pattern, *at)) {
            pattern++;
            at++;
        } else if (star) {
            pattern = star;
            at = ++resume;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return !*pattern;
}

bool str_glob(const char *pattern, const char *name)
{
    return str_glob_view(pattern, str_of(name));
}

char *str_lower(char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        p[i] = (char)(p[i] >= 'A' && p[i] <= 'Z' ? p[i] + ('a' - 'A') : p[i]);
    return p;
}

size_t str_lines(struct str s)
{
    size_t n = s.n > 0;
    for (const char *p = s.p; n && (p = memchr(p, '\n', s.n - (size_t)(p - s.p))) != NULL; p++)
        n++;
    return n;
}
