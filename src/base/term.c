#include "base/term.h"
#include "base/vec.h"
#include <sys/ioctl.h>
#include <unistd.h>

#define COLUMNS_MAX 32

static bool colour_off;

bool term_is_tty(FILE *f)
{
    return isatty(fileno(f)) == 1;
}

int term_width(FILE *f)
{
    struct winsize w;
    int64_t columns = 0;
    const char *env = getenv("COLUMNS");
    if (ioctl(fileno(f), TIOCGWINSZ, &w) == 0 && w.ws_col > 0)
        return w.ws_col;
    if (env && str_to_i64(str_of(env), &columns) && columns > 0 && columns < 10000)
        return (int)columns;
    return 80;
}

void term_no_colour(void)
{
    colour_off = true;
}

bool term_has_colour(FILE *f)
{
    const char *no = getenv("NO_COLOR"), *kind = getenv("TERM");
    bool refused = colour_off || (no && no[0]) || !kind || strcmp(kind, "dumb") == 0;
    return !refused && term_is_tty(f);
}

const char *term_style(FILE *f, enum term_style style)
{
    static const char *const codes[] = {"\033[0m", "\033[1m", "\033[2m", "\033[31m", "\033[32m", "\033[33m"};
    return term_has_colour(f) ? codes[style] : "";
}

void term_size(int64_t bytes, char ret_text[16])
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    double v = (double)bytes;
    int unit = 0;
    while (v >= 999.5 && unit < 6) {
        v /= 1000;
        unit++;
    }
    bool fine = unit > 0 && v < 9.95;
    snprintf(ret_text, 16, fine ? "%.1f %s" : "%.0f %s", v, units[unit]);
}

void term_count(int64_t n, char ret_text[32])
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%lld", (long long)n);
    int sign = digits[0] == '-', at = 0;
    for (int i = 0; i < length; i++) {
        if (i > sign && (length - i) % 3 == 0)
            ret_text[at++] = ',';
        ret_text[at++] = digits[i];
    }
    ret_text[at] = '\0';
}

/* Combining marks of U+0300..U+036F (0xCC 0x80 .. 0xCD 0xAF) stand on the letter before them. */
static bool is_mark(const unsigned char *p, size_t left)
{
    return left > 1 && (p[0] == 0xCC || (p[0] == 0xCD && p[1] < 0xB0));
}

int term_columns(struct str text)
{
    int n = 0;
    for (size_t i = 0; i < text.n; i++) {
        const unsigned char *p = (const unsigned char *)text.p + i;
        n += (*p & 0xC0) != 0x80 && !is_mark(p, text.n - i);
    }
    return n;
}

static void put_line_wrapped(struct buf *b, struct str line, int column, int indent, int width)
{
    bool first = true;
    while (line.n) {
        struct str word = str_split(&line, ' ');
        int n = term_columns(word);
        if (!first && column + 1 + n > width) {
            buf_printf(b, "\n%*s", indent, "");
            column = indent;
        } else if (!first) {
            buf_putc(b, ' ');
            column++;
        }
        buf_put(b, word.p, word.n);
        column += n;
        first = false;
    }
}

void term_put_wrapped(struct buf *b, const char *text, int column, int indent, int width)
{
    struct str rest = str_of(text);
    for (bool first = true; rest.n || first; first = false) {
        struct str line = str_split(&rest, '\n');
        if (!first)
            buf_printf(b, line.n ? "\n%*s" : "\n", line.n ? indent : 0, "");
        put_line_wrapped(b, line, first ? column : indent, indent, width);
    }
}

/* -- tables -- */

struct row {
    struct row *next;
    const char *cells[];
};

struct term_table {
    struct arena *a;
    size_t n_columns;
    struct {
        const char *title;
        bool right;
        int width;
    } columns[COLUMNS_MAX];
    struct row *first, **end;
};

struct term_table *term_table_new(struct arena *a, const char *columns)
{
    struct term_table *t = arena_new_one(a, struct term_table);
    t->a = a;
    t->end = &t->first;
    for (struct str rest = str_of(columns); rest.n && t->n_columns < COLUMNS_MAX; t->n_columns++) {
        struct str title = str_split(&rest, '|');
        bool right = str_starts(title, ">");
        title.p += right;
        title.n -= right;
        t->columns[t->n_columns].title = arena_dup_str(a, title);
        t->columns[t->n_columns].right = right;
        t->columns[t->n_columns].width = term_columns(title);
    }
    return t;
}

void term_table_add(struct term_table *t, const char *const cells[])
{
    struct row *row = arena_alloc(t->a, sizeof *row + t->n_columns * sizeof(char *));
    for (size_t i = 0; i < t->n_columns; i++) {
        row->cells[i] = arena_dup(t->a, cells[i] ? cells[i] : "");
        t->columns[i].width = MAX(t->columns[i].width, term_columns(str_of(row->cells[i])));
    }
    *t->end = row;
    t->end = &row->next;
}

static void put_spaces(struct buf *b, int n)
{
    buf_printf(b, "%*s", n, "");
}

static void put_cell(const struct term_table *t, struct buf *b, size_t i, const char *cell)
{
    bool last = i + 1 == t->n_columns;
    int gap = t->columns[i].width - term_columns(str_of(cell));
    if (t->columns[i].right)
        put_spaces(b, gap);
    buf_puts(b, cell);
    if (!t->columns[i].right && !last)
        put_spaces(b, gap);
    buf_puts(b, last ? "\n" : "  ");
}

void term_table_put(const struct term_table *t, struct buf *b)
{
    for (size_t i = 0; i < t->n_columns; i++)
        put_cell(t, b, i, t->columns[i].title);
    for (size_t i = 0; i < t->n_columns; i++) {
        for (int j = 0; j < t->columns[i].width; j++)
            buf_putc(b, '-');
        buf_puts(b, i + 1 == t->n_columns ? "\n" : "  ");
    }
    for (const struct row *row = t->first; row; row = row->next)
        for (size_t i = 0; i < t->n_columns; i++)
            put_cell(t, b, i, row->cells[i]);
}
