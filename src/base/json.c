#include "base/json.h"
#include "base/utf8.h"

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

static void put_control(struct buf *b, unsigned char c)
{
    if (c == '"' || c == '\\')
        buf_printf(b, "\\%c", c);
    else if (c == '\n')
        buf_puts(b, "\\n");
    else if (c == '\t')
        buf_puts(b, "\\t");
    else
        buf_printf(b, "\\u%04x", c);
}

void json_put_string(struct buf *b, struct str s)
{
    buf_putc(b, '"');
    for (size_t i = 0; i < s.n;) {
        size_t run = i;
        while (i < s.n && is_plain((unsigned char)s.p[i]))
            i++;
        if (i > run)
            buf_put(b, s.p + run, i - run);
        if (i == s.n)
            break;
        size_t len = utf8_length(s.p + i, s.n - i);
        if (len == 0)
            buf_puts(b, "\xEF\xBF\xBD");
        else if (len == 1)
            put_control(b, (unsigned char)s.p[i]);
        else
            buf_put(b, s.p + i, len);
        i += len ? len : 1;
    }
    buf_putc(b, '"');
}

void json_put_member(struct buf *b, const char *before, const char *name, struct str value)
{
    buf_printf(b, "%s\"%s\":", before, name);
    json_put_string(b, value);
}

void json_put_text(struct buf *b, const char *before, const char *name, const char *value)
{
    if (value)
        json_put_member(b, before, name, str_of(value));
    else
        buf_printf(b, "%s\"%s\":null", before, name);
}
