/*
 * handler: a method that handles events, as D365 wants it.
 *
 * It gets an attribute for each of its events. What runs before or behind a method has the one parameter XppPrePostArgs
 * in D365; in AX 2012 it may have had the parameters of the method that it handles instead: then these become variables
 * with the same names and values. Such a handler never saw what the method returned, so nothing is lost. The rest of
 * the method stays byte for byte. Pure. Source: "Event Handler Nodes in the AOT" of the AX 2012 documentation.
 */
#ifndef XPP_HANDLER_H
#define XPP_HANDLER_H
#include "base/arena.h"

/* One event of a method. */
struct handler_event {
    const char *attribute; /* without brackets: "PostHandlerFor(classStr(Info), methodStr(Info, run))" */
    bool delegate;
    bool known;            /* the method that is handled: `parameters` are its own */
    struct str parameters; /* names, each with a blank behind it */
};

struct handler_change {
    struct str text;        /* the method; with a comment that says what it wants when there is a reason */
    const char *attributes; /* "[A, B]" */
    const char *reason;     /* why a person has to do it; NULL when it is done. A literal */
    bool variables;         /* parameters became variables */
    uint32_t guessed;       /* so many of them by the handler's own name, each with a comment */
};

/* Changes the method that is in `text`. `called`: code calls it as an ordinary method, so its parameters must stay.
 * Texts are in the arena. */
void handler_change(struct str text, const struct handler_event *events, size_t n, bool called, struct arena *a,
                    struct handler_change *ret);

#endif
