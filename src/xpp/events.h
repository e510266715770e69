/*
 * events: who handles the events of an element, as its export says, and what D365 wants at the handler instead.
 *
 * In AX 2012 the element names the handlers of its methods and delegates; in D365 the handler names the event, with an
 * attribute. Pure.
 */
#ifndef XPP_EVENTS_H
#define XPP_EVENTS_H
#include "base/arena.h"
#include "xpp/xpo/node.h"

struct event_handler {
    struct str event;         /* the method or delegate */
    struct str class, method; /* that handles it */
    const char *attribute;    /* "[PostHandlerFor(classStr(Info), methodStr(Info, run))]" */
    bool delegate;            /* else the handler has the one parameter XppPrePostArgs */
    uint32_t line;
};

typedef void event_fn(void *ctx, const struct event_handler *h);

/* Calls `fn` for every handler, in the order of the export; attributes are in the arena. */
void events_of(const struct xpo_element *e, struct arena *a, event_fn *fn, void *ctx);

#endif
