#include "base/queue.h"
#include <assert.h>
#include <pthread.h>
#include <time.h>

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t more, room; /* one item wakes one taker, not all of them */
    size_t head, n, cap;
    size_t n_first; /* of them, put first */
    bool closed;
    void *items[];
};

struct queue *queue_new(size_t capacity)
{
    assert(capacity > 0);
    struct queue *q = calloc(1, sizeof *q + capacity * sizeof(void *));
    if (!q)
        abort();
    q->cap = capacity;
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->more, &attr);
    pthread_cond_init(&q->room, &attr);
    pthread_condattr_destroy(&attr);
    return q;
}

void queue_free(struct queue *q)
{
    if (!q)
        return;
    pthread_mutex_destroy(&q->lock);
    pthread_cond_destroy(&q->more);
    pthread_cond_destroy(&q->room);
    free(q);
}

static void put_locked(struct queue *q, void *item)
{
    q->items[(q->head + q->n++) % q->cap] = item;
    pthread_cond_signal(&q->more);
}

/* The few that stand behind move by one place. */
static void put_first_locked(struct queue *q, void *item)
{
    for (size_t i = q->n; i > q->n_first; i--)
        q->items[(q->head + i) % q->cap] = q->items[(q->head + i - 1) % q->cap];
    q->items[(q->head + q->n_first++) % q->cap] = item;
    q->n++;
    pthread_cond_signal(&q->more);
}

bool queue_put(struct queue *q, void *item)
{
    assert(item);
    pthread_mutex_lock(&q->lock);
    while (q->n == q->cap && !q->closed)
        pthread_cond_wait(&q->room, &q->lock);
    bool ok = !q->closed;
    if (ok)
        put_locked(q, item);
    pthread_mutex_unlock(&q->lock);
    return ok;
}

static bool try_put(struct queue *q, void *item, void put(struct queue *q, void *item))
{
    assert(item);
    pthread_mutex_lock(&q->lock);
    bool ok = q->n < q->cap && !q->closed;
    if (ok)
        put(q, item);
    pthread_mutex_unlock(&q->lock);
    return ok;
}

bool queue_try_put(struct queue *q, void *item)
{
    return try_put(q, item, put_locked);
}

bool queue_try_put_first(struct queue *q, void *item)
{
    return try_put(q, item, put_first_locked);
}

static void deadline_in(int ms, struct timespec *ret)
{
    clock_gettime(CLOCK_MONOTONIC, ret);
    ret->tv_sec += ms / 1000;
    ret->tv_nsec += (long)(ms % 1000) * 1000000;
    if (ret->tv_nsec >= 1000000000) {
        ret->tv_sec++;
        ret->tv_nsec -= 1000000000;
    }
}

void *queue_take(struct queue *q, int timeout_ms)
{
    struct timespec until;
    if (timeout_ms >= 0)
        deadline_in(timeout_ms, &until);
    pthread_mutex_lock(&q->lock);
    int rc = 0;
    while (q->n == 0 && !q->closed && rc == 0) {
        if (timeout_ms < 0)
            rc = pthread_cond_wait(&q->more, &q->lock);
        else
            rc = pthread_cond_timedwait(&q->more, &q->lock, &until);
    }
    void *item = NULL;
    if (q->n) {
        item = q->items[q->head];
        q->head = (q->head + 1) % q->cap;
        q->n--;
        q->n_first -= q->n_first > 0;
        pthread_cond_signal(&q->room);
    }
    pthread_mutex_unlock(&q->lock);
    return item;
}

void queue_close(struct queue *q)
{
    pthread_mutex_lock(&q->lock);
    q->closed = true;
    pthread_cond_broadcast(&q->more);
    pthread_cond_broadcast(&q->room);
    pthread_mutex_unlock(&q->lock);
}

bool queue_closed(struct queue *q)
{
    pthread_mutex_lock(&q->lock);
    bool closed = q->closed;
    pthread_mutex_unlock(&q->lock);
    return closed;
}
