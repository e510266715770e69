/*
 * render: an analysis for a terminal, for programs, and as a page.
 */
#ifndef ANALYZE_RENDER_H
#define ANALYZE_RENDER_H
#include "analyze/analyze.h"

/* Appends the text; colours as `f` has them. `all` lists the rules that found nothing, too. */
void render_text(struct buf *b, const struct analysis *r, bool all, FILE *f);

/* Appends one JSON object and a newline; field names are stable. */
void render_json(struct buf *b, const struct analysis *r);

/* Appends a self-contained page. */
void render_html(struct buf *b, const struct analysis *r);

#endif
