/*
 * gate: what cannot begin while blocking items of the checklist are open.
 *
 * A gate looks at its own automatic items itself, each time, so nobody is refused for not having typed `check`; items
 * that only a person can answer have to be confirmed. A gate is for what begins; what has begun may go on. An override
 * lets one item go, until it is withdrawn. What a gate said is in the journal when it is not what it said before.
 */
#ifndef CMD_GATE_H
#define CMD_GATE_H
#include "conf/checklist.h"
#include "conf/project.h"

/* Fails with ERR_GATE, which names the open blocking items and what to do next. */
bool gate_check(struct project *p, struct arena *a, enum gate gate, struct err *err) MUST_CHECK;

/* Somebody has let an item go. */
struct gate_override {
    const char *item, *title, *gate, *by, *reason;
    int64_t at_us; /* wall clock */
};

/* All overrides that have not been withdrawn, for reports; in the arena. */
bool gate_overrides(struct project *p, struct arena *a, struct gate_override **ret, size_t *ret_n,
                    struct err *err) MUST_CHECK;

#endif
