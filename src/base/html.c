#include "base/html.h"

#define BAR_HEIGHT 22
#define BAR_LEFT 260  /* where bars begin */
#define BAR_WIDTH 480 /* of the longest */
#define CHART_WIDTH 860
#define COLUMNS_HEIGHT 140 /* of the highest */
#define LABEL_WIDTH 60

static const char style[] =
    ":root{--fg:#1c2430;--bg:#fff;--soft:#f3f5f8;--line:#d9dee6;--dim:#667083;--good:#187a3d;--bad:#b3261e;"
    "--warn:#8a5a00;--bar:#3b6fb6}"
    "@media(prefers-color-scheme:dark){:root{--fg:#e4e8ef;--bg:#14181f;--soft:#1d232d;--line:#333c4a;--dim:#98a3b5;"
    "--good:#5cc98a;--bad:#ff8a80;--warn:#e6b450;--bar:#6f9fe0}}"
    "body{font:15px/1.5 system-ui,sans-serif;color:var(--fg);background:var(--bg);max-width:1080px;margin:2rem auto;"
    "padding:0 1rem}h1{font-size:1.6rem;margin:0 0 .3rem}h2{font-size:1.2rem;margin:2rem 0 .5rem;"
    "border-bottom:1px solid var(--line)}h3{font-size:1rem;margin:1.2rem 0 .3rem}"
    "table{border-collapse:collapse;width:100%;margin:.5rem 0;font-size:.9rem}"
    "th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid var(--line);vertical-align:top;"
    "overflow-wrap:anywhere}th{color:var(--dim);font-weight:600}.r{text-align:right;white-space:nowrap;"
    "font-variant-numeric:tabular-nums}p{margin:.4rem 0}"
    ".badge{display:inline-block;padding:0 .5rem;border:1px solid currentColor;border-radius:.8rem;font-size:.8rem;"
    "font-weight:600;white-space:nowrap}.good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}"
    ".muted{color:var(--dim)}.figures{display:flex;flex-wrap:wrap;gap:1rem;margin:1rem 0}"
    ".figure{background:var(--soft);border-radius:.5rem;padding:.6rem 1rem;min-width:7rem}"
    ".figure b{display:block;font-size:1.4rem}.figure span{color:var(--dim);font-size:.85rem}"
    "details{margin:.4rem 0}summary{cursor:pointer}svg{max-width:100%;height:auto}svg text{fill:currentColor;"
    "font:12px system-ui,sans-serif}@media print{body{margin:0}details{display:block}}";

static const char *class_of(enum html_tone tone)
{
    switch (tone) {
    case HTML_PLAIN:
        return "plain";
    case HTML_GOOD:
        return "good";
    case HTML_BAD:
        return "bad";
    case HTML_WARN:
        return "warn";
    case HTML_MUTED:
        return "muted";
    }
    return "plain";
}

void html_put(struct buf *b, const char *text)
{
    for (const char *p = text; *p; p++) {
        unsigned char c = (unsigned char)*p;
        if (c == '&')
            buf_puts(b, "&amp;");
        else if (c == '<')
            buf_puts(b, "&lt;");
        else if (c == '>')
            buf_puts(b, "&gt;");
        else if (c == '"')
            buf_puts(b, "&quot;");
        else if (c == '\'')
            buf_puts(b, "&#39;");
        else
            buf_putc(b, (c < 0x20 && c != '\n') || c == 0x7F ? ' ' : (char)c);
    }
}

void html_page_begin(struct buf *b, const char *title)
{
    buf_puts(b,
             "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
             "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
             "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
             "<title>");
    html_put(b, title);
    buf_printf(b, "</title><style>%s</style></head>\n<body>\n", style);
}

void html_page_end(struct buf *b)
{
    buf_puts(b, "</body></html>\n");
}

void html_heading(struct buf *b, int level, const char *text)
{
    buf_printf(b, "<h%d>", level);
    html_put(b, text);
    buf_printf(b, "</h%d>\n", level);
}

void html_paragraph(struct buf *b, enum html_tone tone, const char *text)
{
    buf_printf(b, "<p class=\"%s\">", class_of(tone));
    html_put(b, text);
    buf_puts(b, "</p>\n");
}

void html_badge(struct buf *b, enum html_tone tone, const char *word)
{
    buf_printf(b, "<span class=\"badge %s\">", class_of(tone));
    html_put(b, word);
    buf_puts(b, "</span>");
}

void html_figures_begin(struct buf *b)
{
    buf_puts(b, "<div class=\"figures\">");
}

void html_figure(struct buf *b, enum html_tone tone, const char *number, const char *what)
{
    buf_printf(b, "<div class=\"figure\"><b class=\"%s\">", class_of(tone));
    html_put(b, number);
    buf_puts(b, "</b><span>");
    html_put(b, what);
    buf_puts(b, "</span></div>");
}

void html_figures_end(struct buf *b)
{
    buf_puts(b, "</div>\n");
}

void html_table_begin(struct buf *b, const char *columns)
{
    buf_puts(b, "<table><thead><tr>");
    for (struct str rest = str_of(columns); rest.n;) {
        char title[128];
        struct str column = str_split(&rest, '|');
        bool right = str_starts(column, ">");
        snprintf(title, sizeof title, "%.*s", (int)(column.n - right), column.p + right);
        buf_puts(b, right ? "<th class=\"r\">" : "<th>");
        html_put(b, title);
        buf_puts(b, "</th>");
    }
    buf_puts(b, "</tr></thead><tbody>\n");
}

void html_row_begin(struct buf *b)
{
    buf_puts(b, "<tr>");
}

void html_cell(struct buf *b, const char *text)
{
    buf_puts(b, "<td>");
    html_put(b, text);
    buf_puts(b, "</td>");
}

void html_cell_right(struct buf *b, const char *text)
{
    buf_puts(b, "<td class=\"r\">");
    html_put(b, text);
    buf_puts(b, "</td>");
}

void html_cell_badge(struct buf *b, enum html_tone tone, const char *word)
{
    buf_puts(b, "<td>");
    html_badge(b, tone, word);
    buf_puts(b, "</td>");
}

void html_row_end(struct buf *b)
{
    buf_puts(b, "</tr>\n");
}

void html_table_end(struct buf *b)
{
    buf_puts(b, "</tbody></table>\n");
}

void html_details_begin(struct buf *b, const char *summary)
{
    buf_puts(b, "<details><summary>");
    html_put(b, summary);
    buf_puts(b, "</summary>\n");
}

void html_details_end(struct buf *b)
{
    buf_puts(b, "</details>\n");
}

static const char *colour_of(enum html_tone tone)
{
    switch (tone) {
    case HTML_PLAIN:
    case HTML_MUTED:
        return "var(--bar)";
    case HTML_GOOD:
        return "var(--good)";
    case HTML_BAD:
        return "var(--bad)";
    case HTML_WARN:
        return "var(--warn)";
    }
    return "var(--bar)";
}

static void put_bar(struct buf *b, const struct html_bar *bar, size_t i, double longest)
{
    int y = (int)i * BAR_HEIGHT;
    double width = longest > 0 && bar->value > 0 ? bar->value / longest * BAR_WIDTH : 0;
    buf_printf(b, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">", BAR_LEFT - 8, y + 15);
    html_put(b, bar->label);
    buf_printf(b, "</text><rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\" fill=\"%s\"/>", BAR_LEFT, y + 3,
               MAX(width, 1.0), BAR_HEIGHT - 6, colour_of(bar->tone));
    buf_printf(b, "<text x=\"%.1f\" y=\"%d\">", BAR_LEFT + MAX(width, 1.0) + 6, y + 15);
    html_put(b, bar->shown);
    buf_puts(b, "</text>\n");
}

void html_bars(struct buf *b, const struct html_bar *bars, size_t n)
{
    double longest = 0;
    for (size_t i = 0; i < n; i++)
        longest = MAX(longest, bars[i].value);
    buf_printf(b, "<svg role=\"img\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n", CHART_WIDTH,
               (int)n * BAR_HEIGHT + 4, CHART_WIDTH, (int)n * BAR_HEIGHT + 4);
    for (size_t i = 0; i < n; i++)
        put_bar(b, &bars[i], i, longest);
    buf_puts(b, "</svg>\n");
}

static void put_column(struct buf *b, const struct html_bar *c, size_t i, double width, double highest, bool labelled)
{
    double x = (double)i * width, height = highest > 0 && c->value > 0 ? c->value / highest * COLUMNS_HEIGHT : 0;
    buf_printf(b, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\" fill=\"%s\"%s><title>", x + 1,
               COLUMNS_HEIGHT - MAX(height, 1.0) + 16, width - 2, MAX(height, 1.0), colour_of(c->tone),
               c->tone == HTML_MUTED ? " opacity=\"0.45\"" : "");
    html_put(b, c->label);
    buf_puts(b, ": ");
    html_put(b, c->shown);
    buf_puts(b, "</title></rect>");
    if (labelled) {
        buf_printf(b, "<text x=\"%.1f\" y=\"%d\">", x + 1, COLUMNS_HEIGHT + 32);
        html_put(b, c->label);
        buf_puts(b, "</text>");
    }
    buf_putc(b, '\n');
}

void html_columns(struct buf *b, const struct html_bar *columns, size_t n)
{
    double highest = 0, width = n ? MIN((double)CHART_WIDTH / (double)n, LABEL_WIDTH) : 0;
    size_t top = 0, every = n ? (size_t)(LABEL_WIDTH / width + 0.999) : 1;
    for (size_t i = 0; i < n; i++)
        if (columns[i].value > highest) {
            highest = columns[i].value;
            top = i;
        }
    buf_printf(b, "<svg role=\"img\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n", CHART_WIDTH,
               COLUMNS_HEIGHT + 40, CHART_WIDTH, COLUMNS_HEIGHT + 40);
    for (size_t i = 0; i < n; i++)
        put_column(b, &columns[i], i, width, highest, i % every == 0);
    if (n) {
        buf_printf(b, "<text x=\"%.1f\" y=\"12\">", (double)top * width + 1);
        html_put(b, columns[top].shown);
        buf_puts(b, "</text>\n");
    }
    buf_puts(b, "</svg>\n");
}
