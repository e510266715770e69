/*
 * line: a text line by line, as the readers of exports and label files see it.
 *
 * `\n` ends a line, any `\r` before it belong to the end. Pure; borrows the text.
 */
#ifndef XPP_XPO_LINE_H
#define XPP_XPO_LINE_H
#include "base/str.h"

struct lines {
    const char *p, *end;
    uint32_t number; /* of the line that comes next */
};

struct line {
    struct str all;  /* with its end */
    struct str text; /* without leading blanks and without its end; trailing blanks are there */
    uint32_t number;
};

static inline struct lines lines_of(struct str text, uint32_t number)
{
    const char *p = text.n ? text.p : ""; /* an empty view may have no address */
    return (struct lines){p, p + text.n, number};
}

static inline bool line_is_blank_char(char c)
{
    return c == ' ' || c == '\t';
}

static inline bool lines_next(struct lines *in, struct line *ret)
{
    if (in->p == in->end)
        return false;
    const char *start = in->p, *stop = memchr(start, '\n', (size_t)(in->end - start));
    in->p = stop ? stop + 1 : in->end;
    if (!stop)
        stop = in->end;
    while (stop > start && stop[-1] == '\r')
        stop--;
    ret->all = (struct str){start, (size_t)(in->p - start)};
    ret->number = in->number++;
    while (start < stop && line_is_blank_char(*start))
        start++;
    ret->text = (struct str){start, (size_t)(stop - start)};
    return true;
}

static inline uint32_t line_column(const struct line *l)
{
    return (uint32_t)(l->text.p - l->all.p) + 1;
}

/* The part before the first blank; `*ret_rest` is what follows the blanks, without trailing ones. */
static inline struct str line_word(struct str text, struct str *ret_rest)
{
    size_t n = 0;
    while (n < text.n && !line_is_blank_char(text.p[n]))
        n++;
    *ret_rest = str_trim((struct str){text.p + n, text.n - n});
    return (struct str){text.p, n};
}

#endif
