/*
 * queue: a bounded queue of pointers between threads.
 *
 * A full queue makes the producer wait, which is how memory stays bounded. After queue_close() nothing can be put and
 * takers get what is left, then NULL.
 */
#ifndef BASE_QUEUE_H
#define BASE_QUEUE_H
#include "base/attr.h"
#include <stdbool.h>
#include <stddef.h>

struct queue; /* opaque */

struct queue *queue_new(size_t capacity);
void queue_free(struct queue *q);
DEFINE_SCOPED(queue)

/* Waits for room; false when the queue was closed (the item stays with the caller). */
bool queue_put(struct queue *q, void *item) MUST_CHECK;

/* Puts without waiting: false when the queue is full or closed. */
bool queue_try_put(struct queue *q, void *item) MUST_CHECK;

/* The same, ahead of what was put otherwise, and behind what was put like this. */
bool queue_try_put_first(struct queue *q, void *item) MUST_CHECK;

/* Waits for an item at most `timeout_ms` (-1: for ever); NULL on a time-out or when closed and empty. */
void *queue_take(struct queue *q, int timeout_ms);

void queue_close(struct queue *q);
bool queue_closed(struct queue *q);

#endif
