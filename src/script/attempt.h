/*
 * attempt: one script, tried once: its transaction with the note that it is done, or the note of why it is not.
 */
#ifndef SCRIPT_ATTEMPT_H
#define SCRIPT_ATTEMPT_H
#include "script/ledger.h"

struct attempt {
    struct pg *target; /* made anew where it broke */
    const struct graph_node *node;
    struct arena *a;
    struct buf said;  /* the log of the script; the caller releases it */
    int64_t start_us; /* of clock_us() */
};

/* Tries it; no failure when somebody else has done it meanwhile. Fails with the file and line where the server says it,
 * ERR_TIMEOUT after its time. */
bool attempt_make(struct attempt *t, const char *who, struct err *err) MUST_CHECK;

/* After a failure: rolls back, on a new connection where this one is of no use any more, and writes down why. */
bool attempt_note(struct attempt *t, const char *uri, const struct err *why, struct err *err) MUST_CHECK;

/* Runs only the text, as it would be run, inside a transaction of the caller. */
bool attempt_text(struct attempt *t, struct err *err) MUST_CHECK;

#endif
