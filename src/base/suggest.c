#include "base/suggest.h"
#include "base/attr.h"
#include <ctype.h>

#define WORD_MAX 64

static bool same(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Optimal string alignment distance; both words are at most WORD_MAX long. */
static size_t distance(struct str a, struct str b)
{
    size_t rows[3][WORD_MAX + 1];
    size_t *before = rows[0], *last = rows[1], *now = rows[2];
    for (size_t j = 0; j <= b.n; j++)
        last[j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        now[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            size_t change = last[j - 1] + (same(a.p[i - 1], b.p[j - 1]) ? 0 : 1);
            now[j] = MIN(change, MIN(last[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && same(a.p[i - 1], b.p[j - 2]) && same(a.p[i - 2], b.p[j - 1]))
                now[j] = MIN(now[j], before[j - 2] + 1);
        }
        size_t *free_row = before;
        before = last;
        last = now;
        now = free_row;
    }
    return last[b.n];
}

const char *suggest_nearest(struct str word, const char *const *names, size_t n)
{
    if (word.n == 0 || word.n > WORD_MAX)
        return NULL;
    size_t best = word.n / 3 + 2;
    const char *found = NULL;
    for (size_t i = 0; i < n; i++) {
        if (!names[i] || strlen(names[i]) > WORD_MAX)
            continue;
        struct str name = str_of(names[i]);
        size_t d = distance(word, name);
        if (d < best && d < MAX(word.n, name.n)) {
            best = d;
            found = names[i];
        }
    }
    return found;
}
