/*
 * html: self-contained pages for reports: one file, styles inside, no scripts, nothing fetched from anywhere.
 *
 * Everything that takes a text escapes it; nothing else writes into the page. Pages are readable in light and dark, on
 * paper and without colours: an outcome is always a word as well. Begin a page, put its parts in order, end it.
 */
#ifndef BASE_HTML_H
#define BASE_HTML_H
#include "base/buf.h"
#include <stdint.h>

enum html_tone { HTML_PLAIN, HTML_GOOD, HTML_BAD, HTML_WARN, HTML_MUTED };

/* Appends text as it may stand between tags and in quoted attributes. Control characters become spaces. */
void html_put(struct buf *b, const char *text);

void html_page_begin(struct buf *b, const char *title);
void html_page_end(struct buf *b);

/* A heading of level 1 to 3, a paragraph, a small word in a coloured frame. */
void html_heading(struct buf *b, int level, const char *text);
void html_paragraph(struct buf *b, enum html_tone tone, const char *text);
void html_badge(struct buf *b, enum html_tone tone, const char *word);

/* Large figures side by side: begin, one or more, end. */
void html_figures_begin(struct buf *b);
void html_figure(struct buf *b, enum html_tone tone, const char *number, const char *what);
void html_figures_end(struct buf *b);

/* A table with these columns: "name|>rows"; those with > are aligned right. The cells of a row are begun one by one,
 * and text or badges put into them. */
void html_table_begin(struct buf *b, const char *columns);
void html_row_begin(struct buf *b);
void html_cell(struct buf *b, const char *text);
void html_cell_right(struct buf *b, const char *text);
void html_cell_badge(struct buf *b, enum html_tone tone, const char *word);
void html_row_end(struct buf *b);
void html_table_end(struct buf *b);

/* A part that is folded away until it is clicked. */
void html_details_begin(struct buf *b, const char *summary);
void html_details_end(struct buf *b);

/* One bar of a chart; `shown` is what is written at its end ("1.2 s"). */
struct html_bar {
    const char *label, *shown;
    double value;
    enum html_tone tone;
};

/* A chart of horizontal bars, the longest as wide as there is room, as inline SVG. */
void html_bars(struct buf *b, const struct html_bar *bars, size_t n);

/* A chart of upright columns, for values in time; what is muted is drawn pale. Labels stand below, values in titles. */
void html_columns(struct buf *b, const struct html_bar *columns, size_t n);

#endif
