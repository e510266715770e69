/*
 * handlers: which methods of the inputs handle events, as the elements say that have the events, and which static
 * methods code calls.
 *
 * Filled in the first pass by one thread, then read by any number of them. Calls are found by their text, `X::y`, in
 * strings, too: a method that is not found is called by nobody.
 */
#ifndef FORWARD_HANDLERS_H
#define FORWARD_HANDLERS_H
#include "xpp/handler.h"
#include "xpp/symbols.h"

struct handlers; /* opaque */

struct handlers *handlers_new(void);
void handlers_free(struct handlers *h);
DEFINE_SCOPED(handlers)

/* Learns the handlers that an element names. The same one twice counts once. */
void handlers_learn(struct handlers *h, const struct xpo_element *e);

/* Learns what the text of an export calls. */
void handlers_learn_calls(struct handlers *h, struct str text);

/* What becomes of the method of a class whose source is `text`; false when it handles nothing. */
bool handlers_change(const struct handlers *h, const struct symbols *s, struct str class, struct str method,
                     struct str text, struct arena *a, struct handler_change *ret);

#endif
