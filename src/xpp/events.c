#include "xpp/events.h"

static void tell_handlers(const struct xpo_element *e, const struct xpo_node *event, event_fn *fn, void *ctx)
{
    const struct xpo_node *handlers = xpo_child(event, "EVENTHANDLERS");
    for (const struct xpo_node *h = handlers ? handlers->first : NULL; h; h = h->next) {
        struct event_handler x = {.kind = symbol_kind_of(e),
                                  .owner = e->name,
                                  .event = event->name,
                                  .class = xpo_value(h, "Class"),
                                  .method = xpo_value(h, "Method"),
                                  .delegate = xpo_same_name(event->keyword, STR("EVENT")),
                                  .post = xpo_same_name(xpo_value(h, "CalledWhen"), STR("Post")),
                                  .line = h->line};
        fn(ctx, &x);
    }
}

void events_of(const struct xpo_element *e, event_fn *fn, void *ctx)
{
    const struct xpo_node *events = e->root ? xpo_child(e->root, "EVENTS") : NULL;
    for (const struct xpo_node *n = events ? events->first : NULL; n; n = n->next)
        tell_handlers(e, n, fn, ctx);
}

static bool is_table(enum symbol_kind kind)
{
    return kind == SYMBOL_TABLE || kind == SYMBOL_VIEW || kind == SYMBOL_MAP;
}

static const struct member *member_of(const struct symbols *s, enum symbol_kind kind, struct str element,
                                      enum symbol_origin origin, enum member_kind member, struct str name)
{
    const struct symbol *found = symbols_find_from(s, kind, element, origin);
    return found ? symbol_member(found, member, name) : NULL;
}

const struct member *event_member(const struct event_handler *h, const struct symbols *s)
{
    enum member_kind kind = h->delegate ? MEMBER_DELEGATE : MEMBER_METHOD;
    const struct member *ours = member_of(s, h->kind, h->owner, SYMBOL_OURS, kind, h->event);
    return ours ? ours : member_of(s, h->kind, h->owner, SYMBOL_BASELINE, kind, h->event);
}

bool event_is_handled_by_us(const struct event_handler *h, const struct symbols *s)
{
    return member_of(s, SYMBOL_CLASS, h->class, SYMBOL_OURS, MEMBER_METHOD, h->method) &&
           !member_of(s, SYMBOL_CLASS, h->class, SYMBOL_BASELINE, MEMBER_METHOD, h->method);
}

/* The intrinsic functions that name an element and one of its methods. */
struct naming {
    const char *element, *method;
};

static struct naming naming_of(const struct event_handler *h, const struct symbols *s)
{
    const struct member *m = event_member(h, s);
    bool table = is_table(h->kind), is_static = m && m->is_static;
    if (h->kind == SYMBOL_FORM)
        return (struct naming){"formStr", h->delegate ? "delegateStr" : "formMethodStr"};
    if (h->delegate)
        return (struct naming){table ? "tableStr" : "classStr", "delegateStr"};
    if (table)
        return (struct naming){"tableStr", is_static ? "tableStaticMethodStr" : "tableMethodStr"};
    return (struct naming){"classStr", is_static ? "staticMethodStr" : "methodStr"};
}

const char *event_attribute(const struct event_handler *h, const struct symbols *s, struct arena *a)
{
    const char *attribute = h->delegate ? "SubscribesTo" : h->post ? "PostHandlerFor" : "PreHandlerFor";
    struct naming n = naming_of(h, s);
    return arena_printf(a, "%s(%s(%.*s), %s(%.*s, %.*s))", attribute, n.element, STR_ARG(h->owner), n.method,
                        STR_ARG(h->owner), STR_ARG(h->event));
}

const char *event_of_data(const struct event_handler *h, struct arena *a)
{
    static const struct {
        const char *method, *before, *after;
    } types[] = {
        {"insert", "Inserting", "Inserted"},
        {"update", "Updating", "Updated"},
        {"delete", "Deleting", "Deleted"},
        {"validateWrite", "ValidatingWrite", "ValidatedWrite"},
        {"validateDelete", "ValidatingDelete", "ValidatedDelete"},
        {"validateField", "ValidatingField", "ValidatedField"},
    };
    for (size_t i = 0; h->kind == SYMBOL_TABLE && !h->delegate && i < ARRAY_LEN(types); i++)
        if (xpo_same_name(h->event, str_of(types[i].method)))
            return arena_printf(a, "DataEventHandler(tableStr(%.*s), DataEventType::%s)", STR_ARG(h->owner),
                                h->post ? types[i].after : types[i].before);
    return NULL;
}
