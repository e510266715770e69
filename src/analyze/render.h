/*
 * render: an analysis for a terminal, for programs, for a spreadsheet, and as a page.
 */
#ifndef ANALYZE_RENDER_H
#define ANALYZE_RENDER_H
#include "analyze/analyze.h"
#include "analyze/rule.h"

/* Appends the text; colours as `f` has them. `all` lists the rules that found nothing, too. */
void render_text(struct buf *b, const struct analysis *r, bool all, FILE *f);

/* Appends one JSON object and a newline; field names are stable. */
void render_json(struct buf *b, const struct analysis *r);

/* Appends one line for each rule, as RFC 4180 has it. No cell is a formula to a spreadsheet: what begins like one gets
 * an apostrophe before it. */
void render_csv(struct buf *b, const struct analysis *r);

/* Appends a self-contained page. */
void render_html(struct buf *b, const struct analysis *r);

/* The part about sizes alone. */
void render_sizing_text(struct buf *b, const struct analysis *r);
void render_sizing_json(struct buf *b, const struct analysis *r);
void render_sizing_html(struct buf *b, const struct analysis *r, struct arena *a);

/* The list of rules. */
void render_rules_text(struct buf *b, const struct rules *rules);
void render_rules_json(struct buf *b, const struct rules *rules);

#endif
