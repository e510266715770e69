#include "base/copytext.h"

/* Letters of escapes and what they stand for, in the same order. */
static const char letters[] = "bfnrtv\\", bytes[] = "\b\f\n\r\t\v\\";

/* Reads one value up to a tab or the end into `out`, which is never ahead of `p`. Returns where it ended, or NULL. */
static const char *read_value(const char *p, const char *end, char *out, struct str *ret)
{
    char *start = out;
    for (; p < end && *p != '\t'; p++) {
        const char *letter = NULL;
        if (*p == '\0' || *p == '\n' || *p == '\r')
            return NULL;
        if (*p != '\\') {
            *out++ = *p;
            continue;
        }
        if (++p == end || *p == '\0' || !(letter = strchr(letters, *p)))
            return NULL;
        *out++ = bytes[letter - letters];
    }
    *ret = (struct str){start, (size_t)(out - start)};
    return p;
}

static bool is_null(const char *p, const char *end)
{
    return end - p >= 2 && p[0] == '\\' && p[1] == 'N' && (end - p == 2 || p[2] == '\t');
}

bool copytext_split(char *line, size_t length, struct str *ret_values, size_t n)
{
    const char *p = line, *end = line + length;
    for (size_t i = 0; i < n; i++) {
        struct str *value = &ret_values[i];
        *value = (struct str){NULL, 0};
        p = is_null(p, end) ? p + 2 : read_value(p, end, line + (p - line), value);
        if (!p || (i + 1 < n) != (p < end)) /* too many values, or too few */
            return false;
        if (value->p)
            line[value->p - line + (ptrdiff_t)value->n] = '\0';
        p++;
    }
    return true;
}

void copytext_put(struct buf *b, struct str value)
{
    if (!value.p) {
        buf_puts(b, "\\N");
        return;
    }
    char *start = buf_room(b, 2 * value.n + 1), *out = start;
    for (size_t i = 0; i < value.n; i++) {
        const char *byte = value.p[i] ? strchr(bytes, value.p[i]) : NULL;
        if (byte) {
            *out++ = '\\';
            *out++ = letters[byte - bytes];
        } else {
            *out++ = value.p[i];
        }
    }
    *out = '\0';
    b->n += (size_t)(out - start);
}
