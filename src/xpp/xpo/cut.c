#include "xpp/xpo/cut.h"
#include "xpp/xpo/block.h"
#include "xpp/xpo/line.h"

#define ELEMENT "***Element:"
#define RECORD "<Table:Record"

/* The first line at or behind `from` that begins with `mark`, or the end. A mark within a line (of a source, of a
 * value) is none. */
static const char *find_line(const char *begin, const char *from, const char *end, const char *mark)
{
    size_t n = strlen(mark);
    for (const char *p = from; (p = memmem(p, (size_t)(end - p), mark, n)); p += n) {
        const char *start = p;
        while (start > begin && line_is_blank_char(start[-1]))
            start--;
        if (start == begin || start[-1] == '\n')
            return start;
    }
    return end;
}

static uint32_t count_lines(const char *from, const char *to)
{
    uint32_t n = 0;
    for (; from < to; from++)
        n += *from == '\n';
    return n;
}

/* Blank lines and those of the header of a file, which stands in the middle of files that were put together. */
static bool is_header(struct str text)
{
    if (str_starts(text, "\xEF\xBB\xBF"))
        text = (struct str){text.p + 3, text.n - 3};
    bool end = text.n == 1 && text.p[0] == '\x1A'; /* of a file, to programs of DOS */
    return text.n == 0 || end || str_starts(text, "Exportfile for AOT") || str_starts(text, "Formatversion:");
}

static void add(xpo_parts *parts, const char *from, const char *to, uint32_t line, bool records)
{
    *vec_push(parts) = (struct xpo_part){{from, (size_t)(to - from)}, line, records};
}

/* How deep a fragment is in its own keyword after this line. */
static int count_root(const struct block *root, struct str word, int depth)
{
    if (str_eq(word, root->keyword))
        return depth + 1;
    return str_eq(word, root->end) ? depth - 1 : depth;
}

/* Text outside of elements: a part for each block at its top. Properties behind a SOURCE belong to it. */
static void cut_loose(const char *from, const char *to, uint32_t line, xpo_parts *parts)
{
    struct lines in = {from, to, line};
    const struct block *root = NULL;
    const char *start = NULL;
    uint32_t start_line = 0;
    int depth = 0;
    struct line l;
    while (lines_next(&in, &l)) {
        struct str rest, word = line_word(l.text, &rest);
        if (!start && is_header(l.text))
            continue;
        const struct block *b = depth == 0 ? block_find(word) : NULL;
        bool opens = b && b->code[0];
        if (opens && root) {
            add(parts, start, l.all.p, start_line, false);
            start = NULL;
        }
        if (!start) {
            start = l.all.p;
            start_line = l.number;
        }
        if (opens)
            root = b;
        if (root)
            depth = count_root(root, word, depth);
    }
    if (start)
        add(parts, start, to, start_line, false);
}

/* An element up to the next one, with the records that follow it. `***Element: END` is none, what follows it is loose.
 */
static void cut_element(const char *from, const char *to, uint32_t line, xpo_parts *parts)
{
    struct lines in = {from, to, line};
    struct line l;
    if (!lines_next(&in, &l))
        return;
    struct str code = str_trim((struct str){l.text.p + strlen(ELEMENT), l.text.n - strlen(ELEMENT)});
    const char *records = find_line(from, from, to, RECORD);
    if (str_is(code, "END"))
        cut_loose(in.p, records, in.number, parts);
    else
        add(parts, from, records, line, false);
    if (records < to)
        add(parts, records, to, line + count_lines(from, records), true);
}

void cut_parts(struct str text, xpo_parts *ret_parts)
{
    if (text.n == 0)
        return;
    const char *begin = text.p, *end = begin + text.n;
    const char *at = find_line(begin, begin, end, ELEMENT), *records = find_line(begin, begin, at, RECORD);
    cut_loose(begin, records, 1, ret_parts);
    uint32_t line = 1 + count_lines(begin, records);
    if (records < at)
        add(ret_parts, records, at, line, true);
    line += count_lines(records, at);
    while (at < end) {
        const char *mark = at;
        while (line_is_blank_char(*mark))
            mark++;
        const char *next = find_line(begin, mark + strlen(ELEMENT), end, ELEMENT);
        cut_element(at, next, line, ret_parts);
        line += count_lines(at, next);
        at = next;
    }
}
