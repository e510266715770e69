/*
 * events: who handles the events of an element, as its export says, and what D365 wants at the handler instead.
 *
 * In AX 2012 the element names the handlers of its methods and delegates; in D365 the handler names the event, with an
 * attribute. Pure. Source: "Event Handler Nodes in the AOT" of the AX 2012 documentation, the attributes of the D365
 * language reference.
 */
#ifndef XPP_EVENTS_H
#define XPP_EVENTS_H
#include "base/arena.h"
#include "xpp/symbols.h"

/* Views of the export. */
struct event_handler {
    enum symbol_kind kind;    /* of the element that has the event */
    struct str owner, event;  /* its name; its method or delegate */
    struct str class, method; /* that handles it */
    bool delegate, post;
    uint32_t line;
};

typedef void event_fn(void *ctx, const struct event_handler *h);

/* Calls `fn` for every handler, in the order of the export. */
void events_of(const struct xpo_element *e, event_fn *fn, void *ctx);

/* "PostHandlerFor(classStr(Info), methodStr(Info, run))", in the arena. Which function names a method depends on
 * whether it is static. */
const char *event_attribute(const struct event_handler *h, const struct symbols *s, struct arena *a);

/* The attribute for what a table does with a record, which is better than a handler of its method:
 * "DataEventHandler(tableStr(T), DataEventType::Inserted)"; NULL of other methods. */
const char *event_of_data(const struct event_handler *h, struct arena *a);

/* The method or delegate that is handled, as inputs or baseline have it; NULL when nobody knows it. */
const struct member *event_member(const struct event_handler *h, const struct symbols *s);

/* True when the method that handles is one of the inputs' own, and none of the standard. */
bool event_is_handled_by_us(const struct event_handler *h, const struct symbols *s);

#endif
