#include "base/utf8.h"
#include "base/attr.h"

#define HIGH_BITS UINT64_C(0x8080808080808080)

size_t utf8_length(const char *text, size_t n)
{
    static const struct {
        unsigned char first, last, low, high; /* of the first byte; of the second one */
        size_t length;
    } forms[] = {{0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3}, {0xE1, 0xEC, 0x80, 0xBF, 3},
                 {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4},
                 {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4}};
    const unsigned char *p = (const unsigned char *)text;
    if (p[0] < 0x80)
        return 1;
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        if (p[0] < forms[i].first || p[0] > forms[i].last)
            continue;
        if (n < forms[i].length || p[1] < forms[i].low || p[1] > forms[i].high)
            return 0;
        for (size_t k = 2; k < forms[i].length; k++)
            if ((p[k] & 0xC0) != 0x80)
                return 0;
        return forms[i].length;
    }
    return 0;
}

/* Rows are mostly ASCII: eight bytes at a time as long as they are. */
static size_t skip_ascii(struct str s, size_t at)
{
    for (uint64_t word; at + sizeof word <= s.n; at += sizeof word) {
        memcpy(&word, s.p + at, sizeof word);
        if (word & HIGH_BITS)
            break;
    }
    return at;
}

bool utf8_is_valid(struct str s)
{
    for (size_t at = skip_ascii(s, 0); at < s.n;) {
        size_t length = utf8_length(s.p + at, s.n - at);
        if (length == 0)
            return false;
        at = length > 1 ? at + length : skip_ascii(s, at + 1);
    }
    return true;
}

size_t utf8_cut(struct str s, size_t most)
{
    if (s.n <= most)
        return s.n;
    while (most > 0 && ((unsigned char)s.p[most] & 0xC0) == 0x80)
        most--;
    return most;
}

const char *utf8_mended(struct arena *a, const char *text)
{
    size_t n = strlen(text);
    if (utf8_is_valid((struct str){text, n}))
        return text;
    char *copy = arena_dup(a, text);
    for (size_t i = 0; i < n;) {
        size_t length = utf8_length(copy + i, n - i);
        if (length == 0)
            copy[i] = '?';
        i += MAX(length, (size_t)1);
    }
    return copy;
}
