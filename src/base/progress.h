/*
 * progress: how far long work has come, for whoever watches.
 *
 * Workers count into bars from any thread (one atomic addition, free when nobody watches). While a display is on, a
 * thread of its own shows them: on a terminal as live lines, redrawn at most ten times a second, which step aside for
 * log lines; elsewhere as one plain line when a bar begins and ends and every five seconds between. Without a display
 * nothing is written. One display per process.
 */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H
#include "base/buf.h"
#include <stdbool.h>
#include <stdint.h>

enum progress_unit { PROGRESS_ROWS, PROGRESS_BYTES, PROGRESS_STEPS };

struct progress; /* opaque: one bar */

/* Switches the display on, writing to `f`; no failure when it is on already. */
void progress_show(FILE *f);

/* Switches it off and clears the live lines; no failure when it is off. Call before results are printed. */
void progress_hide(void);

/* Begins a bar; `total` 0 means unknown. The label is copied. */
struct progress *progress_new(const char *label, enum progress_unit unit, int64_t total);

/* Ends it; its last line stays on the screen. */
void progress_free(struct progress *p);
DEFINE_SCOPED(progress)

/* Counts; any thread. */
void progress_add(struct progress *p, int64_t n);
void progress_set(struct progress *p, int64_t done);

int64_t progress_done(const struct progress *p);

/* What is being worked on now, shown behind the numbers; any thread. */
void progress_note(struct progress *p, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* What one line says. */
struct progress_state {
    const char *label, *note;
    enum progress_unit unit;
    int64_t done, total;
    double rate; /* units a second, 0: unknown yet */
};

/* Puts one line of at most `width` columns, without newline: label, bar (when `draw_bar`), share, counts, rate, time
 * left, note. */
void progress_put_line(struct buf *b, const struct progress_state *s, int width, bool draw_bar);

#endif
