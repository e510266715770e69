#include "base/gantt.h"
#include "base/clock.h"
#include "base/html.h"

#define ROW 22
#define LEFT 200  /* where the axis begins */
#define SPAN 560  /* of the longest time */
#define WIDTH 860 /* with room for what stands behind a bar */
#define TICKS 4

static double place(int64_t us, int64_t whole_us)
{
    return LEFT + (double)us / (double)whole_us * SPAN;
}

static void put_axis(struct buf *b, int64_t whole_us, int height)
{
    for (int i = 0; i <= TICKS; i++) {
        char at[32];
        double x = place(whole_us / TICKS * i, whole_us);
        clock_human(whole_us / TICKS * i, at);
        buf_printf(b,
                   "<line x1=\"%.1f\" y1=\"0\" x2=\"%.1f\" y2=\"%d\" stroke=\"var(--line)\"/>"
                   "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
                   x, x, height - ROW, x, height - 6, i ? at : "0");
    }
}

static void put_row(struct buf *b, const struct gantt_bar *bar, size_t i, int64_t whole_us)
{
    int y = (int)i * ROW;
    double from = place(bar->begin_us, whole_us), to = place(bar->end_us, whole_us);
    buf_printf(b, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">", LEFT - 8, y + 15);
    html_put(b, bar->label);
    buf_printf(b, "</text><rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\" fill=\"%s\"><title>", from,
               y + 3, MAX(to - from, 1.0), ROW - 6, bar->critical ? "var(--bar)" : "var(--dim)");
    html_put(b, bar->label);
    buf_printf(b, "%s</title></rect><text x=\"%.1f\" y=\"%d\">", bar->critical ? ", on the critical path" : "",
               MAX(to, from + 1) + 6, y + 15);
    html_put(b, bar->shown);
    buf_puts(b, "</text>\n");
}

void gantt_put(struct buf *b, const struct gantt_bar *bars, size_t n)
{
    int64_t whole_us = 1;
    int height = (int)(n + 1) * ROW;
    for (size_t i = 0; i < n; i++)
        whole_us = MAX(whole_us, bars[i].end_us);
    if (n == 0)
        return;
    buf_printf(b, "<svg role=\"img\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n", WIDTH, height, WIDTH,
               height);
    put_axis(b, whole_us, height);
    for (size_t i = 0; i < n; i++)
        put_row(b, &bars[i], i, whole_us);
    buf_puts(b, "</svg>\n");
}
