#include "base/buf.h"
#include "xpp/xpo/label.h"
#include <ctype.h>

#define RECORD "<Table:Record"
#define RECORD_END "</Table:Record>"
#define FIELD "<Table:Field"
#define FIELD_END "</Table:Field>"
#define CDATA "<![CDATA["

struct records {
    struct str rest;
    const char *counted; /* up to here `line` has counted */
    uint32_t line;
    struct arena *a;
    labels *labels;
    xpo_problems *problems;
};

static uint32_t line_of(struct records *r, const char *at)
{
    for (; r->counted < at; r->counted++)
        r->line += *r->counted == '\n';
    return r->line;
}

static void complain(struct records *r, uint32_t line, const char *message)
{
    *vec_push(r->problems) = (struct xpo_problem){line, 1, message};
}

static const char *find(struct str s, const char *what)
{
    return s.n ? memmem(s.p, s.n, what, strlen(what)) : NULL;
}

/* Cuts `*s` behind the first `mark`; what was before it is returned, p == NULL when there is no mark. */
static struct str cut(struct str *s, const char *mark)
{
    const char *at = find(*s, mark);
    if (!at)
        return (struct str){NULL, 0};
    struct str head = {s->p, (size_t)(at - s->p)};
    *s = (struct str){at + strlen(mark), s->n - head.n - strlen(mark)};
    return head;
}

/* The value of the attribute `name` in what stands between `<` and `>` of a tag. */
static struct str name_of(struct str tag)
{
    struct str rest = tag;
    if (!cut(&rest, "name=").p || rest.n == 0 || (rest.p[0] != '"' && rest.p[0] != '\''))
        return (struct str){NULL, 0};
    char quote[2] = {rest.p[0], '\0'};
    rest = (struct str){rest.p + 1, rest.n - 1};
    return cut(&rest, quote);
}

static void put_utf8(struct buf *b, unsigned long c)
{
    if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
        c = 0xFFFD;
    if (c < 0x80) {
        buf_putc(b, (char)c);
        return;
    }
    int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    buf_putc(b, (char)((0xFF << (7 - more)) | (c >> (6 * more))));
    while (more-- > 0)
        buf_putc(b, (char)(0x80 | ((c >> (6 * more)) & 0x3F)));
}

/* What stands between `&` and `;`; false when it is no entity of XML. */
static bool put_entity(struct buf *b, struct str entity)
{
    static const struct {
        const char *name;
        char c;
    } entities[] = {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
    for (size_t i = 0; i < ARRAY_LEN(entities); i++)
        if (str_is(entity, entities[i].name)) {
            buf_putc(b, entities[i].c);
            return true;
        }
    char digits[12];
    if (entity.n < 2 || entity.p[0] != '#' || entity.n > sizeof digits)
        return false;
    bool hex = entity.p[1] == 'x';
    snprintf(digits, sizeof digits, "%.*s", (int)entity.n - 1 - hex, entity.p + 1 + hex);
    char *end;
    unsigned long c = strtoul(digits, &end, hex ? 16 : 10);
    if (!isxdigit((unsigned char)digits[0]) || *end)
        return false;
    put_utf8(b, c);
    return true;
}

/* An entity at the beginning of `xml`; returns how many bytes it has, 0 when it is none. */
static size_t take_entity(struct buf *b, struct str xml)
{
    const char *semicolon = memchr(xml.p, ';', MIN(xml.n, (size_t)12));
    if (!semicolon)
        return 0;
    size_t n = (size_t)(semicolon - xml.p);
    return put_entity(b, (struct str){xml.p + 1, n - 1}) ? n + 1 : 0;
}

/* A section at the beginning of `xml`; one that does not end takes everything. */
static size_t take_section(struct buf *b, struct str xml)
{
    struct str rest = {xml.p + strlen(CDATA), xml.n - strlen(CDATA)}, section = cut(&rest, "]]>");
    if (!section.p) {
        buf_put(b, rest.p, rest.n);
        return xml.n;
    }
    buf_put(b, section.p, section.n);
    return xml.n - rest.n;
}

/* Text of XML as plain text in the arena: entities and sections are resolved, line ends become "\n". */
static struct str plain(struct arena *a, struct str xml)
{
    SCOPED_BUF b = {0};
    while (xml.n) {
        size_t n = 0;
        if (xml.p[0] == '&')
            n = take_entity(&b, xml);
        else if (str_starts(xml, CDATA))
            n = take_section(&b, xml);
        if (n == 0 && xml.p[0] != '\r')
            buf_putc(&b, xml.p[0]);
        n = MAX(n, (size_t)1);
        xml = (struct str){xml.p + n, xml.n - n};
    }
    return (struct str){arena_dup_str(a, buf_str(&b)), b.n};
}

/* The values of a record that make a label. */
struct values {
    struct str id, module, text, comment, language;
};

static void take_field(struct values *v, struct str name, struct str value)
{
    const struct {
        const char *name;
        struct str *value;
    } fields[] = {{"LabelId", &v->id},        {"Label", &v->text},      {"Description", &v->comment},
                  {"Language", &v->language}, {"ModuleId", &v->module}, {"LabelModule", &v->module}};
    for (size_t i = 0; i < ARRAY_LEN(fields); i++)
        if (xpo_same_name(name, str_of(fields[i].name)))
            *fields[i].value = value;
}

static struct str whole_id(struct arena *a, const struct values *v)
{
    struct str id = str_trim(v->id);
    if (id.n && id.p[0] != '@')
        id = isdigit((unsigned char)id.p[0]) ? str_of(arena_printf(a, "@%.*s%.*s", STR_ARG(v->module), STR_ARG(id)))
                                             : str_of(arena_printf(a, "@%.*s", STR_ARG(id)));
    return label_id_length(id) == id.n ? id : (struct str){NULL, 0};
}

static void take_record(struct records *r, struct str body, uint32_t line)
{
    struct values v = {0};
    while (cut(&body, FIELD).p) {
        struct str tag = cut(&body, ">");
        if (!tag.p) {
            complain(r, line, "a field of a record does not end");
            return;
        }
        if (tag.n && tag.p[tag.n - 1] == '/')
            continue;
        struct str value = cut(&body, FIELD_END);
        if (!value.p) {
            complain(r, line, "a field of a record does not end");
            return;
        }
        take_field(&v, name_of(tag), plain(r->a, value));
    }
    struct str id = whole_id(r->a, &v);
    if (!id.n || !v.language.n) {
        complain(r, line, "a record of a label without its id or language");
        return;
    }
    *vec_push(r->labels) = (struct label){id, v.text, v.comment, str_trim(v.language), line};
}

/* What stands between `<Table:Record` and the next one. */
static void take_piece(struct records *r, struct str piece, uint32_t line)
{
    struct str tag = cut(&piece, ">"), body = tag.p ? cut(&piece, RECORD_END) : tag;
    if (!body.p)
        complain(r, line, "a record does not end");
    else if (!xpo_same_name(name_of(tag), STR("TmpSysLabel")))
        complain(r, line, "a record of another table than TmpSysLabel is left out");
    else
        take_record(r, body, line);
}

void label_read_records(struct xpo_part part, struct arena *a, labels *ret_labels, xpo_problems *problems)
{
    struct records r = {part.text, part.text.p, part.line, a, ret_labels, problems};
    cut(&r.rest, RECORD);
    while (r.rest.n) {
        const char *from = r.rest.p;
        struct str piece = cut(&r.rest, RECORD);
        if (!piece.p) {
            piece = r.rest;
            r.rest.n = 0;
        }
        take_piece(&r, piece, line_of(&r, from));
    }
}
