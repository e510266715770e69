#include "xpp/xml.h"
#include "base/buf.h"
#include <assert.h>

#define REPLACEMENT "\xef\xbf\xbd"

/* What a byte is in XML 1.0: most are copied in runs, the others are looked at one by one. */
enum byte_class { PLAIN, MARKUP, RETURN, BRACKET, CONTROL, LEAD2, LEAD3, LEAD4, BROKEN };

static const unsigned char classes[256] = {
    [0x00 ... 0x08] = CONTROL,
    [0x0b ... 0x0c] = CONTROL,
    ['\r'] = RETURN,
    [0x0e ... 0x1f] = CONTROL,
    ['&'] = MARKUP,
    ['<'] = MARKUP,
    ['>'] = MARKUP,
    [']'] = BRACKET,
    [0x80 ... 0xc1] = BROKEN,
    [0xc2 ... 0xdf] = LEAD2,
    [0xe0 ... 0xef] = LEAD3,
    [0xf0 ... 0xf4] = LEAD4,
    [0xf5 ... 0xff] = BROKEN,
};

static void new_line(struct xml *x, int tabs)
{
    char *to = buf_room(x->out, (size_t)tabs + 1);
    *to = '\n';
    memset(to + 1, '\t', (size_t)tabs);
    x->out->n += (size_t)tabs + 1;
    x->out->p[x->out->n] = '\0';
}

/* Bytes of the well-formed UTF-8 character at `p` that XML may hold, or 0. */
static size_t character(const unsigned char *p, size_t n)
{
    size_t length = classes[p[0]] == LEAD2 ? 2 : classes[p[0]] == LEAD3 ? 3 : classes[p[0]] == LEAD4 ? 4 : 0;
    if (length == 0 || length > n)
        return 0;
    uint32_t code = p[0] & (0xffu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (p[i] & 0x3fu);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    bool surrogate = code >= 0xd800 && code <= 0xdfff;
    bool outside = code > 0x10ffff || code == 0xfffe || code == 0xffff;
    return code < least[length] || surrogate || outside ? 0 : length;
}

/* Puts the character at `p`, or its replacement; returns how many bytes it took. */
static size_t put_character(struct xml *x, const unsigned char *p, size_t n)
{
    size_t length = character(p, n);
    if (length > 0) {
        buf_put(x->out, p, length);
        return length;
    }
    buf_puts(x->out, REPLACEMENT);
    x->bad++;
    return 1;
}

static size_t put_special(struct xml *x, const unsigned char *p, size_t n)
{
    switch (*p) {
    case '&':
        buf_puts(x->out, "&amp;");
        return 1;
    case '<':
        buf_puts(x->out, "&lt;");
        return 1;
    case '>':
        buf_puts(x->out, "&gt;");
        return 1;
    case '\r':
        buf_puts(x->out, "&#xD;");
        return 1;
    default:
        return put_character(x, p, n);
    }
}

static void put_text(struct xml *x, struct str text)
{
    const unsigned char *p = (const unsigned char *)text.p, *end = p + text.n;
    while (p < end) {
        const unsigned char *run = p;
        while (p < end && (classes[*p] == PLAIN || classes[*p] == BRACKET))
            p++;
        buf_put(x->out, run, (size_t)(p - run));
        if (p < end)
            p += put_special(x, p, (size_t)(end - p));
    }
}

/* In a CDATA section only its end must not stand. */
static void put_cdata(struct xml *x, struct str text)
{
    const unsigned char *p = (const unsigned char *)text.p, *end = p + text.n;
    while (p < end) {
        const unsigned char *run = p;
        while (p < end && classes[*p] <= RETURN)
            p++;
        buf_put(x->out, run, (size_t)(p - run));
        if (p == end)
            return;
        if (*p != ']') {
            p += put_character(x, p, (size_t)(end - p));
            continue;
        }
        buf_putc(x->out, ']');
        p++;
        if (end - p >= 2 && p[0] == ']' && p[1] == '>') {
            buf_puts(x->out, "]]]><![CDATA[>"); /* `]]` ends this section, `>` begins the next */
            p += 2;
        }
    }
}

/* NL, tabs and `<name`, in one piece. */
static void put_begin(struct xml *x, const char *name)
{
    size_t tabs = (size_t)x->depth, n = strlen(name);
    char *to = buf_room(x->out, tabs + n + 2);
    *to++ = '\n';
    memset(to, '\t', tabs);
    to[tabs] = '<';
    memcpy(to + tabs + 1, name, n + 1);
    x->out->n += tabs + n + 2;
}

static void put_tag(struct xml *x, const char *name, const char *attributes)
{
    put_begin(x, name);
    if (attributes[0] == '\0')
        return;
    if (attributes[0] != '\n')
        buf_putc(x->out, ' ');
    for (const char *break_at = strchr(attributes, '\n'); break_at; break_at = strchr(attributes, '\n')) {
        buf_put(x->out, attributes, (size_t)(break_at - attributes));
        new_line(x, x->depth + 1);
        attributes = break_at + 1;
    }
    buf_puts(x->out, attributes);
}

static void put_end_tag(struct xml *x, const char *name)
{
    size_t n = strlen(name);
    char *to = buf_room(x->out, n + 3);
    to[0] = '<';
    to[1] = '/';
    memcpy(to + 2, name, n);
    to[n + 2] = '>';
    to[n + 3] = '\0';
    x->out->n += n + 3;
    x->children = true;
}

void xml_begin(struct xml *x, struct buf *out)
{
    *x = (struct xml){.out = out};
    buf_puts(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>");
}

void xml_end(struct xml *x)
{
    assert(x->depth == 0);
}

void xml_open(struct xml *x, const char *name, const char *attributes)
{
    assert(x->depth < XML_DEPTH_MAX);
    put_tag(x, name, attributes);
    buf_putc(x->out, '>');
    x->open[x->depth++] = name;
    x->children = false;
}

void xml_close(struct xml *x)
{
    assert(x->depth > 0);
    const char *name = x->open[--x->depth];
    if (!x->children) {
        x->out->n--; /* `<name>` becomes `<name />` */
        buf_puts(x->out, " />");
        x->children = true;
        return;
    }
    new_line(x, x->depth);
    put_end_tag(x, name);
}

void xml_leaf(struct xml *x, const char *name, struct str text)
{
    xml_leaf_with(x, name, "", text);
}

void xml_leaf_with(struct xml *x, const char *name, const char *attributes, struct str text)
{
    if (text.n == 0) {
        xml_empty(x, name, attributes);
        return;
    }
    put_tag(x, name, attributes);
    buf_putc(x->out, '>');
    put_text(x, text);
    put_end_tag(x, name);
}

void xml_empty(struct xml *x, const char *name, const char *attributes)
{
    put_tag(x, name, attributes);
    buf_puts(x->out, " />");
    x->children = true;
}

void xml_source(struct xml *x, const char *name, struct str text)
{
    put_tag(x, name, "");
    buf_puts(x->out, "><![CDATA[\n");
    put_cdata(x, text);
    buf_puts(x->out, "\n]]>");
    put_end_tag(x, name);
}
