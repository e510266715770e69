#include "base/csv.h"
#include "base/buf.h"

void csv_init(struct csv *c, struct str text)
{
    bool marked = text.n >= 3 && memcmp(text.p, "\xEF\xBB\xBF", 3) == 0;
    *c = (struct csv){.rest = {text.p + (marked ? 3 : 0), text.n - (marked ? 3 : 0)}, .line = 1};
}

static bool at_end_of_line(struct str s)
{
    return s.n == 0 || s.p[0] == '\n' || (s.p[0] == '\r' && s.n > 1 && s.p[1] == '\n');
}

static void skip(struct csv *c, size_t n)
{
    for (size_t i = 0; i < n; i++)
        c->line += c->rest.p[i] == '\n';
    c->rest = (struct str){c->rest.p + n, c->rest.n - n};
}

static void skip_end_of_line(struct csv *c)
{
    if (c->rest.n)
        skip(c, c->rest.p[0] == '\r' ? 2 : 1);
}

/* Behind the opening quote; yields why it is none, or NULL. */
static const char *take_quoted(struct csv *c, struct buf *b)
{
    skip(c, 1);
    for (;;) {
        const char *quote = c->rest.n ? memchr(c->rest.p, '"', c->rest.n) : NULL;
        if (!quote)
            return "a quote is opened and never closed";
        size_t n = (size_t)(quote - c->rest.p);
        buf_put(b, c->rest.p, n);
        skip(c, n + 1);
        if (c->rest.n == 0 || c->rest.p[0] != '"')
            break;
        buf_putc(b, '"');
        skip(c, 1);
    }
    return at_end_of_line(c->rest) || c->rest.p[0] == ',' ? NULL : "something stands behind a closing quote";
}

static const char *take_plain(struct csv *c, struct buf *b)
{
    size_t n = 0;
    while (n < c->rest.n && c->rest.p[n] != ',' && c->rest.p[n] != '"' &&
           !at_end_of_line((struct str){c->rest.p + n, c->rest.n - n}))
        n++;
    buf_put(b, c->rest.p, n);
    skip(c, n);
    return c->rest.n && c->rest.p[0] == '"' ? "a quote stands inside a field that does not begin with one" : NULL;
}

static const char *take_fields(struct csv *c, struct arena *a, struct csv_record *ret)
{
    for (;;) {
        SCOPED_BUF value = {0};
        bool quoted = c->rest.n && c->rest.p[0] == '"';
        const char *mistake = quoted ? take_quoted(c, &value) : take_plain(c, &value);
        if (mistake)
            return mistake;
        if (ret->n == CSV_FIELDS_MAX)
            return "it has more than 64 fields";
        const char *copy = arena_dup_str(a, buf_str(&value));
        ret->fields[ret->n++] = (struct str){copy, value.n};
        if (at_end_of_line(c->rest))
            return NULL;
        skip(c, 1); /* the comma */
    }
}

bool csv_next(struct csv *c, struct arena *a, struct csv_record *ret)
{
    while (c->rest.n && at_end_of_line(c->rest))
        skip_end_of_line(c);
    if (c->rest.n == 0)
        return false;
    struct csv before = *c;
    ret->line = c->line;
    ret->n = 0;
    ret->mistake = take_fields(c, a, ret);
    if (ret->mistake) {
        const char *end = memchr(before.rest.p, '\n', before.rest.n);
        *c = before;
        skip(c, end ? (size_t)(end - before.rest.p) : before.rest.n);
    }
    skip_end_of_line(c);
    return true;
}
