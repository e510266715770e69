#include "base/json.h"

/* Length of the well-formed UTF-8 sequence at p, 0 when there is none (Unicode 15, table 3-7). */
static size_t utf8_length(const unsigned char *p, size_t n)
{
    static const unsigned char low[] = {0x80, 0xA0, 0x80, 0x90, 0x80}, high[] = {0xBF, 0xBF, 0x9F, 0xBF, 0x8F};
    if (p[0] < 0x80)
        return 1;
    size_t len = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
    if (p[0] < 0xC2 || p[0] > 0xF4 || len > n)
        return 0;
    int row = p[0] == 0xE0 ? 1 : p[0] == 0xED ? 2 : p[0] == 0xF0 ? 3 : p[0] == 0xF4 ? 4 : 0;
    if (p[1] < low[row] || p[1] > high[row])
        return 0;
    for (size_t i = 2; i < len; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    return len;
}

static void put_ascii(struct buf *b, unsigned char c)
{
    if (c == '"' || c == '\\')
        buf_printf(b, "\\%c", c);
    else if (c == '\n')
        buf_puts(b, "\\n");
    else if (c == '\t')
        buf_puts(b, "\\t");
    else if (c < 0x20 || c == 0x7F)
        buf_printf(b, "\\u%04x", c);
    else
        buf_putc(b, (char)c);
}

void json_put_string(struct buf *b, struct str s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    buf_putc(b, '"');
    for (size_t i = 0; i < s.n;) {
        size_t len = utf8_length(p + i, s.n - i);
        if (len == 0)
            buf_puts(b, "\xEF\xBF\xBD");
        else if (len == 1)
            put_ascii(b, p[i]);
        else
            buf_put(b, p + i, len);
        i += len ? len : 1;
    }
    buf_putc(b, '"');
}
