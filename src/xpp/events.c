#include "xpp/events.h"

static const char *attribute_of(const struct xpo_element *e, struct str event, bool delegate, bool post,
                                struct arena *a)
{
    bool table = str_is(e->code, "DBT");
    const char *attribute = delegate ? "SubscribesTo" : post ? "PostHandlerFor" : "PreHandlerFor";
    const char *intrinsic = delegate ? "delegateStr" : table ? "tableMethodStr" : "methodStr";
    return arena_printf(a, "[%s(%s(%.*s), %s(%.*s, %.*s))]", attribute, table ? "tableStr" : "classStr",
                        STR_ARG(e->name), intrinsic, STR_ARG(e->name), STR_ARG(event));
}

void events_of(const struct xpo_element *e, struct arena *a, event_fn *fn, void *ctx)
{
    const struct xpo_node *events = e->root ? xpo_child(e->root, "EVENTS") : NULL;
    for (const struct xpo_node *n = events ? events->first : NULL; n; n = n->next) {
        const struct xpo_node *handlers = xpo_child(n, "EVENTHANDLERS");
        bool delegate = xpo_same_name(n->keyword, str_of("EVENT"));
        for (const struct xpo_node *h = handlers ? handlers->first : NULL; h; h = h->next) {
            bool post = xpo_same_name(xpo_value(h, "CalledWhen"), str_of("Post"));
            struct event_handler x = {.event = n->name,
                                      .class = xpo_value(h, "Class"),
                                      .method = xpo_value(h, "Method"),
                                      .attribute = attribute_of(e, n->name, delegate, post, a),
                                      .delegate = delegate,
                                      .line = h->line};
            fn(ctx, &x);
        }
    }
}
