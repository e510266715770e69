#include "base/str.h"
#include "base/attr.h"
#include <ctype.h>
#include <errno.h>

int str_cmp(struct str a, struct str b)
{
    int c = memcmp(a.p, b.p, MIN(a.n, b.n));
    return c ? c : (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str s, const char *prefix)
{
    size_t n = strlen(prefix);
    return s.n >= n && memcmp(s.p, prefix, n) == 0;
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
    if (errno || *end)
        return false;
    *ret = v;
    return true;
}

bool str_glob(const char *pattern, const char *name)
{
    for (; *pattern; pattern++, name++) {
        if (*pattern == '*') {
            while (*name && !str_glob(pattern + 1, name))
                name++;
            return *name || str_glob(pattern + 1, name);
        }
        if (tolower((unsigned char)*pattern) != tolower((unsigned char)*name))
            return false;
    }
    return !*name;
}
