#include "xpp/d365/job.h"
#include "xpp/d365/code.h"
#include "xpp/d365/families.h"
#include "xpp/lang/parse.h"

/* Of all kinds whose names are names of types: they share one space of names. */
static bool is_type(const struct symbols *all, struct str name)
{
    static const enum symbol_kind kinds[] = {SYMBOL_CLASS, SYMBOL_TABLE, SYMBOL_VIEW,
                                             SYMBOL_MAP,   SYMBOL_ENUM,  SYMBOL_EDT};
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (symbols_find(all, kinds[i], name))
            return true;
    }
    return false;
}

struct str job_class(struct work *w, struct str job)
{
    const struct symbols *all = w->job->symbols;
    struct str name = job;
    for (unsigned i = 1; is_type(all, name) || (i > 1 && symbols_find(all, SYMBOL_JOB, name)); i++)
        name = i == 1 ? work_text(w, "%.*sJob", STR_ARG(job)) : work_text(w, "%.*sJob%u", STR_ARG(job), i);
    return name;
}

/* Whether a return is one of this method, not of a function within it. */
static bool is_own(const struct syntax *x, uint32_t node, uint32_t method)
{
    while (node != method && node_at(x, node)->kind != NODE_METHOD)
        node = node_at(x, node)->parent;
    return node == method;
}

static bool returns_value(const struct syntax *x, uint32_t method)
{
    for (uint32_t n = method; n; n = node_after(x, n, method)) {
        if (node_at(x, n)->kind == NODE_RETURN && node_at(x, n)->first && is_own(x, n, method))
            return true;
    }
    return false;
}

/* The type of what a job returns, "" when that is nothing: main() may return nothing. */
static struct str returned(struct work *w, struct str text, bool *ret_parameters)
{
    struct syntax x = {0};
    struct str type = STR("");
    parse(text, PARSE_METHOD, LEX_SOURCE, &x);
    uint32_t method = node_child_of(&x, 1, NODE_METHOD), word = method ? node_child_of(&x, method, NODE_TYPE) : 0;
    uint32_t list = method ? node_child_of(&x, method, NODE_PARAMETERS) : 0;
    *ret_parameters = list && node_at(&x, list)->first;
    if (word && !work_same(syntax_text(&x, word), "void"))
        type = work_text(w, "%.*s", STR_ARG(syntax_text(&x, word)));
    else if (method && !word && returns_value(&x, method))
        type = STR("anytype");
    syntax_done(&x);
    return type;
}

/* A job that returns something keeps its method, which main() calls. */
static bool put_called(struct work *w, struct str name, struct str text, struct str type, bool parameters)
{
    struct str run;
    const char *head = arena_printf(w->arena, "public static %.*s run", STR_ARG(type));
    if (!code_new_method_head(w, text, head, "()", &run))
        return false;
    struct str main = work_text(w, "public static void main(Args _args)\n{\n    %.*s::run(%s);\n}", STR_ARG(name),
                                parameters ? "_args" : "");
    code_put_method(w, STR("main"), main, 4);
    code_put_method(w, STR("run"), run, 4);
    return true;
}

static bool put_methods(struct work *w, struct str name, struct str text, struct str type, bool parameters)
{
    struct str main;
    if (type.n > 0 && put_called(w, name, text, type, parameters))
        return true;
    bool made = code_new_method_head(w, text, "public static void main", "(Args _args)", &main);
    code_put_method(w, STR("main"), made ? main : text, 4);
    return made;
}

static void tell(struct carry *c, struct str name, struct str type, bool made)
{
    if (!made)
        carry_tell(c, "L06", FINDING_TODO, "class %.*s: no method's head was found for main()", STR_ARG(name));
    else if (type.n > 0)
        carry_tell(c, "L06", FINDING_FIXED, "runnable class %.*s: main() calls run(), which returns %.*s",
                   STR_ARG(name), STR_ARG(type));
    else
        carry_tell(c, "L06", FINDING_FIXED, "runnable class %.*s with main()", STR_ARG(name));
}

void d365_write_job(struct work *w)
{
    const struct xpo_node *job = w->element->root;
    bool parameters;
    struct str name = job_class(w, w->element->name), text = code_text(w, job);
    struct str type = returned(w, text, &parameters);
    struct carry c;
    carry_begin(&c, w, job, STR(""));
    (void)carry_take(&c, "Name"); /* said by the element */
    work_open(w, "AxClass", "");
    xml_leaf(w->xml, "Name", name);
    xml_open(w->xml, "SourceCode", "");
    xml_source(w->xml, "Declaration", work_text(w, "internal final class %.*s\n{\n}", STR_ARG(name)));
    xml_open(w->xml, "Methods", "");
    bool made = put_methods(w, name, text, type, parameters);
    xml_close(w->xml);
    xml_close(w->xml);
    work_close(w, "AxClass", name);
    tell(&c, name, type, made);
    carry_end(&c);
}
