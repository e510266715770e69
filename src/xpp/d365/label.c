#include "xpp/d365/label.h"
#include "xpp/xml.h"
#include <ctype.h>
#include <strings.h>

#define RULE "LABEL"
#define MODULE 3 /* letters of a module; label_id_length() has seen to it that they are there */

struct str d365_language(struct arena *a, struct str language)
{
    char *p = arena_dup_str(a, language);
    for (size_t i = 0, start = 0; i < language.n; i++) {
        if (p[i] == '-' || p[i] == '_') {
            p[i] = '-';
            start = i + 1;
            continue;
        }
        const char *next = strpbrk(p + start, "-_");
        size_t n = next ? (size_t)(next - p) - start : language.n - start;
        bool upper = start > 0 && (n == 2 || (n == 4 && i == start)); /* a region, a script */
        p[i] = (char)(upper ? toupper((unsigned char)p[i]) : tolower((unsigned char)p[i]));
    }
    return (struct str){p, language.n};
}

static struct str module_of(const struct label *l)
{
    return (struct str){l->id.p + 1, MODULE};
}

/* Files together, then by id, then in the order of the input. */
static int by_file(const void *pa, const void *pb)
{
    const struct label *a = pa, *b = pb;
    int c = strncasecmp(a->id.p + 1, b->id.p + 1, MODULE); /* ids are longer */
    if (c == 0)
        c = str_cmp(a->language, b->language);
    if (c == 0)
        c = str_cmp(a->id, b->id);
    return c ? c : (a->line > b->line) - (a->line < b->line);
}

static bool same_file(const struct label *a, const struct label *b)
{
    return xpo_same_name(module_of(a), module_of(b)) && str_eq(a->language, b->language);
}

/* One line of the file; a break within it is written as `\n`. */
static bool put_line(struct buf *b, struct str text)
{
    bool broken = false;
    for (size_t i = 0; i < text.n; i++) {
        bool lf = text.p[i] == '\n', cr = text.p[i] == '\r';
        broken |= lf || cr;
        if (lf || (cr && (i + 1 == text.n || text.p[i + 1] != '\n')))
            buf_puts(b, "\\n");
        else if (!cr)
            buf_putc(b, text.p[i]);
    }
    buf_puts(b, "\r\n");
    return broken;
}

static void put_label(struct buf *b, const struct label *l, struct findings *findings)
{
    buf_put(b, l->id.p, l->id.n);
    buf_putc(b, '=');
    if (put_line(b, l->text))
        finding_add(findings, RULE, FINDING_TODO, l->id, l->line, 0,
                    "the text has line breaks, which are written as \\n: %.*s", STR_ARG(l->language));
    struct str comment = l->comment;
    while (comment.n) {
        struct str line = str_split(&comment, '\n');
        buf_puts(b, " ;");
        put_line(b, line);
    }
}

/* The labels of one file, of which `list` has n; the same label twice is written once. */
static struct str make_text(const struct label *list, size_t n, struct arena *a, struct findings *findings)
{
    SCOPED_BUF b = {0};
    buf_puts(&b, "\xEF\xBB\xBF");
    const struct label *last = NULL;
    for (size_t i = 0; i < n; i++) {
        if (!last || !str_eq(last->id, list[i].id))
            put_label(&b, last = &list[i], findings);
        else if (!str_eq(last->text, list[i].text))
            finding_add(findings, RULE, FINDING_TODO, list[i].id, list[i].line, 0,
                        "%.*s has two texts, this one is left out: %.*s", STR_ARG(list[i].language),
                        (int)MIN(list[i].text.n, (size_t)200), list[i].text.p);
    }
    return (struct str){arena_dup_str(a, buf_str(&b)), b.n};
}

static struct str make_xml(const char *model, struct str module, struct str language, struct arena *a)
{
    SCOPED_BUF b = {0};
    struct xml x;
    const char *content = arena_printf(a, "%.*s.%.*s.label.txt", STR_ARG(module), STR_ARG(language));
    xml_begin(&x, &b);
    xml_open(&x, "AxLabelFile", "xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"");
    xml_leaf(&x, "Name", str_of(arena_printf(a, "%.*s_%.*s", STR_ARG(module), STR_ARG(language))));
    xml_leaf(&x, "LabelContentFileName", str_of(content));
    xml_leaf(&x, "LabelFileId", module);
    xml_leaf(&x, "Language", language);
    xml_leaf(&x, "RelativeUriInModelStore",
             str_of(arena_printf(a, "%s\\%s\\AxLabelFile\\LabelResources\\%.*s\\%s", model, model, STR_ARG(language),
                                 content)));
    xml_close(&x);
    xml_end(&x);
    return (struct str){arena_dup_str(a, buf_str(&b)), b.n};
}

static int by_path(const void *pa, const void *pb)
{
    return strcmp((*(struct d365_file *const *)pa)->path, (*(struct d365_file *const *)pb)->path);
}

/* A chain in the order of the paths. */
static struct d365_file *chain(struct d365_file **files, size_t n)
{
    if (n == 0)
        return NULL;
    qsort(files, n, sizeof(struct d365_file *), by_path);
    for (size_t i = 0; i + 1 < n; i++)
        files[i]->next = files[i + 1];
    return files[0];
}

static struct d365_file *file_new(struct arena *a, const char *path, struct str text)
{
    struct d365_file *f = arena_new_one(a, struct d365_file);
    *f = (struct d365_file){.path = path, .text = text};
    return f;
}

struct d365_file *d365_label_files(const char *model, labels *list, struct arena *a, struct findings *findings)
{
    VEC(struct d365_file *) files = {0};
    vec_each (list, l)
        l->language = d365_language(a, l->language);
    if (list->n)
        qsort(list->p, list->n, sizeof *list->p, by_file);
    for (size_t from = 0, to; from < list->n; from = to) {
        const struct label *first = &list->p[from];
        struct str module = module_of(first), language = first->language;
        for (to = from + 1; to < list->n && same_file(first, &list->p[to]);)
            to++;
        *vec_push(&files) =
            file_new(a, arena_printf(a, "AxLabelFile/%.*s_%.*s.xml", STR_ARG(module), STR_ARG(language)),
                     make_xml(model, module, language, a));
        *vec_push(&files) = file_new(a,
                                     arena_printf(a, "AxLabelFile/LabelResources/%.*s/%.*s.%.*s.label.txt",
                                                  STR_ARG(language), STR_ARG(module), STR_ARG(language)),
                                     make_text(first, to - from, a, findings));
    }
    struct d365_file *first = chain(files.p, files.n);
    vec_done(&files);
    return first;
}
