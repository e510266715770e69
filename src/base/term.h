/*
 * term: text for people on a terminal: width, colours, tables, readable sizes and counts.
 *
 * Colours are used only on a terminal, and never when NO_COLOR is set (https://no-color.org), TERM is "dumb" or
 * term_no_colour() was called.
 */
#ifndef BASE_TERM_H
#define BASE_TERM_H
#include "base/arena.h"
#include "base/buf.h"
#include <stdbool.h>
#include <stdio.h>

enum term_style { TERM_PLAIN, TERM_BOLD, TERM_DIM, TERM_RED, TERM_GREEN, TERM_YELLOW };

bool term_is_tty(FILE *f);

/* Columns of the terminal behind `f`; $COLUMNS, or 80, when it is none. */
int term_width(FILE *f);

/* From now on no colours anywhere. */
void term_no_colour(void);

bool term_has_colour(FILE *f);

/* The escape sequence that switches a style on (TERM_PLAIN: off), "" where colours are not used. */
const char *term_style(FILE *f, enum term_style style);

/* "0 B", "812 B", "1.4 GB" (powers of 1000 as disks have them). */
void term_size(int64_t bytes, char ret_text[16]);

/* "12,345,678". */
void term_count(int64_t n, char ret_text[32]);

/* Columns that UTF-8 text takes on a terminal (one per code point, none for combining marks). */
int term_columns(struct str text);

/* Puts words of `text` into lines of at most `width` columns, each line after the first with `indent` spaces before it.
 * `column` is where the first line begins. A newline in the text begins a new line; no newline is put at the end. */
void term_put_wrapped(struct buf *b, const char *text, int column, int indent, int width);

struct term_table; /* opaque */

/* A table with these columns: "name|>rows|>bytes"; those with > are aligned right. In the arena. */
struct term_table *term_table_new(struct arena *a, const char *columns);

/* Adds a row of as many cells as there are columns; the texts are copied. */
void term_table_add(struct term_table *t, const char *const cells[]);
#define term_table_row(t, ...) term_table_add((t), (const char *const[]){__VA_ARGS__})

/* Puts the table: header, a rule, rows; columns are two spaces apart. */
void term_table_put(const struct term_table *t, struct buf *b);

#endif
