/*
 * callbook: the real-time calls of a package as a page for people who write clients (docs/n1/calls.md).
 *
 * Made from the headers of calls/ and the list of methods in package.yaml, so it says what the gateway does.
 */
#ifndef CONF_CALLBOOK_H
#define CONF_CALLBOOK_H
#include "base/buf.h"
#include "conf/package.h"

/* Puts the page as Markdown. */
void callbook_put(struct buf *b, const struct package *p);

#endif
