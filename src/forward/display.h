/*
 * display: what a run found, as text, JSON, CSV and a page.
 *
 * The same inputs give the same bytes: nothing of the time, the machine or the workers is in them.
 */
#ifndef FORWARD_DISPLAY_H
#define FORWARD_DISPLAY_H
#include "base/buf.h"
#include "forward/tally.h"
#include "forward/usage.h"

struct display {
    const struct forward_result *result;
    const struct tally *tally;
    const struct rulebook *book;
    struct usage_unknown **unknown;
    size_t n_unknown;
    const char *out;          /* where the models were written; NULL: an estimate, or a check */
    enum rule_severity least; /* of what display_lines() shows */
    bool check;               /* a check of the code in AX 2012: nothing is carried over */
};

/* Behind the table of rules in texts, and at the head of a page. */
#define DISPLAY_ASSUMPTIONS                                                                                            \
    "hours are an estimate: for each method or property that a rule leaves to a person its hours (carryover xpp "      \
    "explain), "                                                                                                       \
    "nothing for what was done automatically, no tests, no meetings, no data"

void display_text(const struct display *r, struct buf *b);
void display_json(const struct display *r, struct buf *b);
void display_csv(const struct display *r, struct buf *b);
void display_html(const struct display *r, struct buf *b);

/* One line a finding, as compilers write them: "file:line:column: severity: rule: ...". */
void display_lines(const struct display *r, struct buf *b);

const char *display_outcome(enum finding_outcome o);

/* "class", "table", "unknown element". */
const char *display_kind(enum symbol_kind k);

#endif
