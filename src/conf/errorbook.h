/*
 * errorbook: docs/errors.md, every error code with what it means and what to do, from tables/errors.def.
 */
#ifndef CONF_ERRORBOOK_H
#define CONF_ERRORBOOK_H
#include "base/buf.h"

/* Appends the page as Markdown. */
void errorbook_put(struct buf *b);

#endif
