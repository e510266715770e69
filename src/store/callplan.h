/*
 * callplan: the real-time calls that the stores of a swarm make, one after the other, over and over.
 *
 * A file with a JSON object on each line: {"store": "S0001", "method": "LockGiftCard", "parameters": {...}}, in the
 * order in which a store makes them; "key": true gives each call a new key. Read once, never changed.
 */
#ifndef STORE_CALLPLAN_H
#define STORE_CALLPLAN_H
#include "base/arena.h"
#include "base/err.h"

struct callplan_call {
    const char *store, *method, *parameters; /* as JSON */
    bool key;
    size_t line;
};

struct callplan {
    struct callplan_call *p; /* by store, in the order of the file */
    size_t n;
};

/* Lives in the arena. Fails with ERR_FILE, and with ERR_USAGE at the first line that cannot be read. */
bool callplan_read(const char *path, struct arena *a, struct callplan *ret, struct err *err) MUST_CHECK;

/* The calls of a store; NULL and 0 when it makes none. */
const struct callplan_call *callplan_of(const struct callplan *c, const char *store, size_t *ret_n);

#endif
