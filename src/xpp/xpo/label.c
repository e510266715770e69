#include "xpp/xpo/label.h"
#include "base/buf.h"
#include "xpp/xpo/encoding.h"
#include "xpp/xpo/line.h"
#include <ctype.h>
#include <strings.h>

#define MODULE 3 /* letters of a module */

size_t label_id_length(struct str text)
{
    size_t n = 1 + MODULE;
    if (text.n <= n || text.p[0] != '@' || !isalpha((unsigned char)text.p[1]))
        return 0;
    for (size_t i = 2; i < n; i++)
        if (!isalnum((unsigned char)text.p[i]))
            return 0;
    while (n < text.n && isdigit((unsigned char)text.p[n]))
        n++;
    return n > 1 + MODULE ? n : 0;
}

bool label_file_name(const char *path, struct str *ret_module, struct str *ret_language)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    size_t n = strlen(name);
    if (n <= 2 + MODULE + 4 || strncasecmp(name, "ax", 2) != 0 || strcasecmp(name + n - 4, ".ald") != 0)
        return false;
    *ret_module = (struct str){name + 2, MODULE};
    *ret_language = (struct str){name + 2 + MODULE, n - 2 - MODULE - 4};
    return true;
}

bool label_open(const char *path, const char *codepage, struct arena *a, labels *ret_labels, xpo_problems *problems,
                struct err *err)
{
    struct str module, language;
    struct encoded in;
    if (!label_file_name(path, &module, &language))
        return err_set(err, ERR_FILE, "the name of %s does not say the language: it is no axABCen-us.ald", path);
    if (!encoding_open(path, codepage, &in, err))
        return false;
    if (in.n_bad)
        *vec_push(problems) =
            (struct xpo_problem){encoding_bad_line(&in), 1,
                                 arena_printf(a, "%zu bytes mean nothing in %s, from here on", in.n_bad, in.name)};
    label_read(in.text, (struct str){arena_dup_str(a, language), language.n}, a, ret_labels, problems);
    encoding_done(&in);
    return true;
}

/* The label that is being read: its texts grow line by line. */
struct reading {
    struct label label;
    struct buf text, comment;
    bool open, commented;
};

static struct str keep(struct arena *a, const struct buf *b)
{
    size_t n = b->n;
    while (n > 0 && b->p[n - 1] == '\n')
        n--;
    return n ? (struct str){arena_dup_str(a, (struct str){b->p, n}), n} : (struct str){NULL, 0};
}

static void finish(struct reading *r, struct arena *a, labels *ret_labels)
{
    if (!r->open)
        return;
    r->label.text = keep(a, &r->text);
    r->label.comment = keep(a, &r->comment);
    *vec_push(ret_labels) = r->label;
    r->open = false;
}

static void begin(struct reading *r, struct str text, size_t n, uint32_t line, struct arena *a)
{
    r->label.id = (struct str){arena_dup_str(a, (struct str){text.p, n}), n};
    r->label.line = line;
    r->open = true;
    r->commented = false;
    buf_reset(&r->text);
    buf_reset(&r->comment);
    n += n < text.n; /* one blank between id and text */
    buf_put(&r->text, text.p + n, text.n - n);
}

static void put_line(struct buf *b, bool first, const char *p, size_t n)
{
    if (!first)
        buf_putc(b, '\n');
    buf_put(b, p, n);
}

/* A line that begins no label. */
static void go_on(struct reading *r, const struct line *l)
{
    if (l->text.n && l->text.p[0] == ';') {
        put_line(&r->comment, !r->commented, l->text.p + 1, l->text.n - 1);
        r->commented = true;
    } else if (r->commented)
        put_line(&r->comment, false, l->text.p, l->text.n);
    else
        put_line(&r->text, false, l->text.p, l->text.n);
}

void label_read(struct str text, struct str language, struct arena *a, labels *ret_labels, xpo_problems *problems)
{
    struct lines in = lines_of(text, 1);
    struct reading r = {.label.language = language};
    struct line l;
    while (lines_next(&in, &l)) {
        size_t n = label_id_length(l.text);
        if (n && (n == l.text.n || line_is_blank_char(l.text.p[n]))) {
            finish(&r, a, ret_labels);
            begin(&r, l.text, n, l.number, a);
        } else if (r.open)
            go_on(&r, &l);
        else if (l.text.n && l.text.p[0] != ';')
            *vec_push(problems) = (struct xpo_problem){l.number, line_column(&l), "text before the first label"};
    }
    finish(&r, a, ret_labels);
    buf_done(&r.text);
    buf_done(&r.comment);
}
