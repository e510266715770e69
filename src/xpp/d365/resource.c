#include "xpp/d365/carry.h"
#include "xpp/d365/families.h"
#include <ctype.h>

/* What an export puts around the bytes of a file: a packed container with the name of a type, and two lengths. */
#define HEADER 55
#define LENGTH_AT 51

static const char *type_of(struct str file)
{
    static const struct {
        const char *end, *type;
    } types[] = {{"xml", "XmlDoc"}, {"xsl", "XmlDoc"}, {"xslt", "XmlDoc"}, {"xsd", "XmlDoc"}, {"png", "Images"},
                 {"gif", "Images"}, {"jpg", "Images"}, {"jpeg", "Images"}, {"bmp", "Images"}, {"ico", "Images"},
                 {"js", "Scripts"}, {"css", "Styles"}, {"htm", "Html"},    {"html", "Html"},  {"txt", "Text"}};
    const char *dot = file.n > 0 ? memrchr(file.p, '.', file.n) : NULL;
    struct str end = dot ? (struct str){dot + 1, (size_t)(file.p + file.n - dot - 1)} : STR("");
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        if (work_same(end, types[i].end))
            return types[i].type;
    }
    return "Data";
}

/* The name without the folders that the file once lay in. */
static struct str base_name(struct str path)
{
    for (size_t i = path.n; i > 0; i--) {
        if (path.p[i - 1] == '\\' || path.p[i - 1] == '/')
            return (struct str){path.p + i, path.n - i};
    }
    return path;
}

static int nibble(char c)
{
    return isdigit((unsigned char)c) ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
}

/* Rows of hexadecimal digits to bytes; anything between them is skipped. */
static struct str bytes_of(struct work *w, struct str rows)
{
    char *start = arena_alloc_raw(w->arena, rows.n / 2 + 1), *to = start;
    for (size_t i = 0; i + 1 < rows.n; i++) {
        int high = nibble(rows.p[i]), low = nibble(rows.p[i + 1]);
        if (high < 0 || low < 0)
            continue;
        *to++ = (char)(high << 4 | low);
        i++;
    }
    return (struct str){start, (size_t)(to - start)};
}

/* The file within the container; false when it is not packed as we know it. */
static bool unpack(struct str packed, struct str *ret_file)
{
    static const unsigned char begin[] = {0x07, 0xfd, 0x07, 0x07, 0xfd, 0xfc, 0x03};
    if (packed.n < HEADER || memcmp(packed.p, begin, sizeof begin) != 0)
        return false;
    const unsigned char *at = (const unsigned char *)packed.p + LENGTH_AT;
    size_t n = (size_t)at[0] | (size_t)at[1] << 8 | (size_t)at[2] << 16 | (size_t)at[3] << 24;
    if (n > packed.n - HEADER)
        return false;
    *ret_file = (struct str){packed.p + HEADER, n};
    return true;
}

static void add_content(struct work *w, const struct xpo_node *resource, const char *path)
{
    const struct xpo_node *binary = xpo_child(resource, "BINARY");
    struct str packed = bytes_of(w, binary ? binary->text : STR("")), file = packed;
    if (!binary || packed.n == 0) {
        work_tell(w, "VALUE", FINDING_TODO, STR(""), resource->line, "the resource has no content");
        return;
    }
    if (!unpack(packed, &file))
        work_tell(w, "VALUE", FINDING_TODO, STR(""), binary->line,
                  "content is packed in an unknown way: written whole");
    work_add_file(w, path, file);
}

static void put_file_name(struct carry *c, const struct carry_row *row)
{
    carry_take(c, row->from);
    carry_put(c, row->to, *(const struct str *)c->ctx);
}

void d365_write_resource(struct work *w)
{
    const struct xpo_node *resource = w->element->root;
    struct str path = xpo_value(resource, "Filename"),
               file = base_name(path.n > 0 ? path : xpo_value(resource, "FileName"));
    if (file.n == 0)
        file = work_name(resource);
    file = work_file_name(w, file);
    const char *type = type_of(file), *model = w->job->model;
    const char *content = arena_printf(w->arena, "AxResource/ResourceContent/%s/%.*s", type, STR_ARG(file));
    struct carry c;
    carry_begin(&c, w, resource, STR(""));
    c.hand = put_file_name;
    c.ctx = &file;
    work_open(w, "AxResource", "");
    struct str name = carry_name(&c);
    carry_rows(&c, PART_RESOURCE);
    xml_leaf(w->xml, "RelativeUriInModelStore",
             work_text(w, "%s\\%s\\AxResource\\ResourceContent\\%s\\%.*s", model, model, type, STR_ARG(file)));
    xml_leaf(w->xml, "TypeOfResource", str_of(type));
    work_close(w, "AxResource", name);
    add_content(w, resource, content);
    work_known(w, resource, STR(""), "BINARY");
    carry_end(&c);
}
