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

/* What a job is as a method. */
struct head {
    struct str type; /* of what it returns; "" when that is nothing: main() may return nothing */
    bool args;       /* its one parameter is what main() gets */
    bool others;     /* it has other parameters, which nobody passes to a job */
};

static void read_parameters(const struct syntax *x, uint32_t list, struct head *ret)
{
    uint32_t first = list ? node_child_of(x, list, NODE_PARAMETER) : 0;
    uint32_t type = first ? node_child_of(x, first, NODE_TYPE) : 0;
    ret->args = type && !node_at(x, first)->next && work_same(syntax_text(x, type), "Args");
    ret->others = first && !ret->args;
}

static struct head head_of(struct work *w, struct str text)
{
    struct syntax x = {0};
    struct head h = {.type = STR("")};
    parse(text, PARSE_METHOD, LEX_SOURCE, &x);
    uint32_t method = node_child_of(&x, 1, NODE_METHOD), word = method ? node_child_of(&x, method, NODE_TYPE) : 0;
    if (method)
        read_parameters(&x, node_child_of(&x, method, NODE_PARAMETERS), &h);
    if (word && !work_same(syntax_text(&x, word), "void"))
        h.type = work_text(w, "%.*s", STR_ARG(syntax_text(&x, word)));
    else if (method && !word && returns_value(&x, method))
        h.type = STR("anytype");
    syntax_done(&x);
    return h;
}

/* A job that returns something, or has parameters of its own, keeps its method, which main() calls. */
static bool put_called(struct work *w, struct str name, struct str text, const struct head *h)
{
    struct str run, type = h->type.n ? h->type : STR("void");
    const char *head = arena_printf(w->arena, "public static %.*s run", STR_ARG(type));
    if (!code_new_method_head(w, text, head, "()", &run))
        return false;
    struct str call = h->others ? STR("// TODO: (carryover L06) call run(): nobody knows what its parameters are to be")
                                : work_text(w, "%.*s::run(%s);", STR_ARG(name), h->args ? "_args" : "");
    struct str main = work_text(w, "public static void main(Args _args)\n{\n    %.*s\n}", STR_ARG(call));
    code_put_method(w, STR("main"), main, 4);
    code_put_method(w, STR("run"), run, 4);
    return true;
}

static bool put_methods(struct work *w, struct str name, struct str text, const struct head *h)
{
    struct str main;
    if ((h->type.n > 0 || h->others) && put_called(w, name, text, h))
        return true;
    bool made = code_new_method_head(w, text, "public static void main", "(Args _args)", &main);
    code_put_method(w, STR("main"), made ? main : text, 4);
    return made;
}

static void tell(struct carry *c, struct str name, const struct head *h, bool made)
{
    if (!made)
        carry_tell(c, "L06", FINDING_TODO, "class %.*s: no method's head was found for main()", STR_ARG(name));
    else if (h->others)
        carry_tell(c, "L06", FINDING_TODO, "class %.*s: main() has to call run(), which has parameters", STR_ARG(name));
    else if (h->type.n > 0)
        carry_tell(c, "L06", FINDING_FIXED, "runnable class %.*s: main() calls run(), which returns %.*s",
                   STR_ARG(name), STR_ARG(h->type));
    else
        carry_tell(c, "L06", FINDING_FIXED, "runnable class %.*s with main()", STR_ARG(name));
}

void d365_write_job(struct work *w)
{
    const struct xpo_node *job = w->element->root;
    struct str name = job_class(w, w->element->name), text = code_text(w, job);
    struct head head = head_of(w, text);
    struct carry c;
    carry_begin(&c, w, job, STR(""));
    (void)carry_take(&c, "Name"); /* said by the element */
    work_open(w, "AxClass", "");
    xml_leaf(w->xml, "Name", name);
    xml_open(w->xml, "SourceCode", "");
    xml_source(w->xml, "Declaration", work_text(w, "internal final class %.*s\n{\n}", STR_ARG(name)));
    xml_open(w->xml, "Methods", "");
    bool made = put_methods(w, name, text, &head);
    xml_close(w->xml);
    xml_close(w->xml);
    work_close(w, "AxClass", name);
    tell(&c, name, &head, made);
    carry_end(&c);
}
