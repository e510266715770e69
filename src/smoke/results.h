/*
 * results: what came of the probes of a smoke test, as text and JSON.
 */
#ifndef SMOKE_RESULTS_H
#define SMOKE_RESULTS_H
#include "base/buf.h"
#include "base/err.h"
#include "conf/probes.h"

enum result_outcome { RESULT_PASSED, RESULT_SKIPPED, RESULT_FAILED };

struct result {
    const struct probe *probe;
    enum result_outcome outcome;
    const char *said; /* what was seen, or why it was not tried */
    struct err why;   /* of one that failed */
    int64_t us;
};

struct results {
    struct result *p;
    size_t n;
};

size_t results_in(const struct results *r, enum result_outcome outcome);

/* One line each; a page, at a wall clock time; "3 of 9 probes failed: orders (...), ..." */
void results_put_text(const struct results *r, struct buf *b);
void results_put_json(const struct results *r, struct buf *b);
void results_put_html(const struct results *r, int64_t at_us, struct buf *b);
void results_put_summary(const struct results *r, struct buf *b);

#endif
