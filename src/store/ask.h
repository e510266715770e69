/*
 * ask: one real-time call of a till, made by hand.
 */
#ifndef STORE_ASK_H
#define STORE_ASK_H
#include "store/channel.h"
#include "store/hq.h"

/* Sends `body` (JSON, see docs/n1/protocol.md, "Real-time calls") to a method and appends the answer, which is JSON.
 * Fails like hq_ask(). */
bool ask_method(struct channel *c, const char *method, const char *body, struct buf *ret, struct err *err) MUST_CHECK;

#endif
