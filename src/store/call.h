/*
 * call: what a till asks headquarters in the middle of a transaction, so that money moves there and here, or nowhere.
 *
 * The package plans calls (store/till/card_issue.sql, card_pay.sql): some before the transaction, each with the call
 * that takes it back, some after. The plan is committed before the first one is sent, each with a key, so that sending
 * it again takes effect once. The transaction that uses them takes the plan away as it commits. What a crash, a refusal
 * or silence leaves of a plan is taken back, as soon as headquarters answers. One thread.
 */
#ifndef STORE_CALL_H
#define STORE_CALL_H
#include "store/hq.h"
#include "store/recipe.h"

struct call_line; /* opaque: to headquarters, with what is open */

/* Uses a session of its own. */
bool call_line_open(struct channel *c, struct call_line **ret, struct err *err) MUST_CHECK;
void call_line_free(struct call_line *l);
DEFINE_SCOPED(call_line)

/* Inside of a transaction: notes the calls that the recipe yields. */
bool call_plan(struct call_line *l, struct recipe *plan, struct values *v, struct err *err) MUST_CHECK;

/* Sends what is planned before the transaction. `*ret_done` is false when headquarters refused or did not answer. */
bool call_before(struct call_line *l, bool *ret_done, struct err *err) MUST_CHECK;

/* Inside of the transaction that uses them: they count from its commit on. */
bool call_conclude(struct call_line *l, struct err *err) MUST_CHECK;

/* Takes back what is planned and not concluded, and sends what comes after. `*ret_all` is false when something got no
 * answer: it stays for the next time, and nothing new may be planned before. */
bool call_settle(struct call_line *l, bool *ret_all, struct err *err) MUST_CHECK;

#endif
