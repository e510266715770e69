#include "xpp/body.h"
#include "xpp/d365/code.h"
#include "xpp/d365/extension.h"
#include "xpp/d365/same.h"

/* The intrinsic function that names an element of this kind. */
static const char *intrinsic_of(enum symbol_kind kind)
{
    switch ((int)kind) {
    case SYMBOL_TABLE:
        return "tableStr";
    case SYMBOL_VIEW:
        return "viewStr";
    case SYMBOL_MAP:
        return "mapStr";
    case SYMBOL_FORM:
        return "formStr";
    case SYMBOL_QUERY:
        return "queryStr";
    default:
        return "classStr";
    }
}

/* "datafield/DS/Field" -> formDataFieldStr(Form, DS, Field), and the words that the class' name gets. */
static struct str extended(struct work *w, struct str owner, struct str *ret_words)
{
    struct str element = w->element->name, rest = owner, what = str_split(&rest, '/'), first = str_split(&rest, '/');
    *ret_words = work_text(w, "%.*s%.*s", STR_ARG(first), STR_ARG(rest));
    if (work_same(what, "datasource"))
        return work_text(w, "formDataSourceStr(%.*s, %.*s)", STR_ARG(element), STR_ARG(first));
    if (work_same(what, "datafield"))
        return work_text(w, "formDataFieldStr(%.*s, %.*s, %.*s)", STR_ARG(element), STR_ARG(first), STR_ARG(rest));
    if (work_same(what, "control"))
        return work_text(w, "formControlStr(%.*s, %.*s)", STR_ARG(element), STR_ARG(first));
    return work_text(w, "%s(%.*s)", intrinsic_of(symbol_kind_of(w->element)), STR_ARG(element));
}

/* Members, and methods that a person decides about: as comments, where nothing runs them. */
static struct str declaration(struct work *w, struct str extended, struct str name, const struct d365_method *m,
                              size_t n)
{
    struct str text = work_text(w, "[ExtensionOf(%.*s)]\nfinal class %.*s\n{", STR_ARG(extended), STR_ARG(name));
    for (size_t i = 0; i < n; i++) {
        if (m[i].place == D365_CONFLICT || m[i].place == D365_MEMBERS)
            text = work_text(w, "%.*s\n%.*s", STR_ARG(text), STR_ARG(m[i].text));
    }
    return work_text(w, "%.*s\n}", STR_ARG(text));
}

/* Methods of Global are called without a class. */
static void tell_global(struct work *w, const struct d365_method *m)
{
    if (symbol_kind_of(w->element) == SYMBOL_CLASS && work_same(w->element->name, "Global") && m->place == D365_ADDED)
        work_tell(w, "L29", FINDING_TODO, work_path(w, "methods", m->name), w->element->line, "%.*s()",
                  STR_ARG(m->name));
}

static bool is_method(const struct d365_method *m)
{
    return m->place == D365_ADDED || m->place == D365_CHAINED;
}

/* The first method of a name; a later one is a comment before it. */
static void put_first(struct work *w, const struct d365_method *m, const struct same *same, uint32_t i)
{
    SCOPED_BUF b = {0};
    for (uint32_t k = same[i].next; k != SAME_END; k = same[k].next)
        code_again(w, &b, m[k].name, m[k].text, m[k].line);
    buf_put(&b, m[i].text.p, m[i].text.n);
    code_put_method(w, m[i].name, buf_str(&b), 4);
}

static void put_methods(struct work *w, const struct d365_method *m, size_t n)
{
    struct str *names = arena_new_array(w->arena, struct str, n + 1);
    for (size_t i = 0; i < n; i++)
        names[i] = is_method(&m[i]) ? m[i].name : (struct str){0};
    const struct same *same = same_of(w, names, (uint32_t)n);
    for (uint32_t i = 0; i < n; i++) {
        if (is_method(&m[i]) && !same[i].again)
            put_first(w, m, same, i);
    }
}

static void write_class(struct work *w, const struct d365_method *m, size_t n)
{
    struct str words, of = extended(w, m->owner, &words);
    /* A table and its form often share a name. */
    const char *kind = symbol_kind_of(w->element) == SYMBOL_FORM ? "Form" : "";
    struct str name =
        work_text(w, "%.*s%s%.*s%s_Extension", STR_ARG(w->element->name), kind, STR_ARG(words), w->job->prefix);
    work_open(w, "AxClass", "");
    xml_leaf(w->xml, "Name", name);
    xml_open(w->xml, "SourceCode", "");
    xml_source(w->xml, "Declaration", declaration(w, of, name, m, n));
    xml_open(w->xml, "Methods", "");
    for (size_t i = 0; i < n; i++)
        tell_global(w, &m[i]);
    put_methods(w, m, n);
    xml_close(w->xml);
    xml_close(w->xml);
    work_close(w, "AxClass", name);
}

/* Without a comparison nobody knows which methods are ours. */
static void tell_methods(struct work *w)
{
    const struct xpo_node *methods = xpo_child(w->element->root, "METHODS");
    for (const struct xpo_node *m = methods ? methods->first : NULL; m; m = m->next) {
        if (body_is_source(m))
            work_tell(w, "EXTENSION", FINDING_TODO, work_path(w, "methods", m->name), m->line,
                      "method of a standard element is left out");
    }
}

void extension_write_classes(struct work *w)
{
    const struct d365_method *m = w->job->methods;
    for (size_t i = 0, n; i < w->job->n_methods; i += n) {
        for (n = 1; i + n < w->job->n_methods && work_same_str(m[i + n].owner, m[i].owner); n++)
            ;
        write_class(w, &m[i], n);
    }
    if (!m)
        tell_methods(w);
    code_tell_events(w);
}
