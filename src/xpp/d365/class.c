#include "xpp/d365/code.h"
#include "xpp/d365/families.h"

void d365_write_class(struct work *w)
{
    const struct xpo_node *class = w->element->root;
    const char *word = work_same(class->keyword, "INTERFACE") ? "interface" : "class";
    struct carry c;
    carry_begin(&c, w, class, STR(""));
    work_open(w, "AxClass", "");
    struct str name = carry_name(&c);
    carry_rows(&c, PART_CLASS);
    code_put(w, class, work_text(w, "public %s %.*s\n{\n}", word, STR_ARG(name)));
    work_close(w, "AxClass", name);
    code_tell_events(w);
    work_known(w, class, STR(""), "METHODS EVENTS");
    carry_end(&c);
}

/* The serializer writes line ends of a text as a carriage return, escaped, and a newline. */
static struct str with_returns(struct work *w, struct str text)
{
    size_t lines = 0;
    for (size_t i = 0; i < text.n; i++)
        lines += text.p[i] == '\n';
    char *start = arena_alloc_raw(w->arena, text.n + lines + 1), *to = start;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\n')
            *to++ = '\r';
        *to++ = text.p[i];
    }
    return (struct str){start, (size_t)(to - start)};
}

void d365_write_macro(struct work *w)
{
    const struct xpo_node *macro = w->element->root;
    struct carry c;
    carry_begin(&c, w, macro, STR(""));
    work_open(w, "AxMacroDictionary", "");
    struct str name = carry_name(&c);
    xml_leaf(w->xml, "Source", with_returns(w, code_text(w, macro)));
    work_empty(w, "Macros");
    work_close(w, "AxMacroDictionary", name);
    carry_end(&c);
}
