/*
 * devices: which machines are active tills of which registers, by the statements of the package in devices/.
 *
 * A device gets a token when it is activated (a real-time call), and is refused afterwards until it is deactivated. A
 * store that moves to version N activates its devices anew, with other software: moving deactivates them, and moving
 * back restores what they had. A package without devices/ knows none; then nothing of this happens.
 */
#ifndef N1_DEVICES_H
#define N1_DEVICES_H
#include "n1/bind.h"

struct devices {
    struct bind list, deactivate, save, restore, seeds; /* `sql` NULL: the package has none */
};

/* Fails with ERR_PACKAGE. */
bool devices_load(const struct package *p, struct arena *a, struct devices *ret, struct err *err) MUST_CHECK;

/* Fails with ERR_PACKAGE when one of the statements cannot run. */
bool devices_try(const struct devices *d, struct pg *pg, struct err *err) MUST_CHECK;

/* {"devices": [...]}, or a table; of one store, or of all (NULL). */
bool devices_put(const struct devices *d, struct pg *pg, const char *store, bool json, struct buf *b,
                 struct err *err) MUST_CHECK;

/* The numbers that a store's registers have used: "seeds": [...], to stand in an object, or a table. */
bool devices_put_seeds(const struct devices *d, struct pg *pg, const char *store, bool json, struct buf *b,
                       struct err *err) MUST_CHECK;

/* By an administrator; `who` stands in the audit. Fails with ERR_DEVICE_UNKNOWN when no such device is active. */
bool devices_deactivate(const struct devices *d, struct pg *pg, const char *who, const char *device,
                        struct err *err) MUST_CHECK;

/* Inside the caller's transaction: deactivates all devices of a store; `*ret_saved` (JSON, in the arena) is what
 * devices_return() needs to take that back. */
bool devices_leave(const struct devices *d, struct pg *pg, const char *store, struct arena *a, char **ret_saved,
                   struct err *err) MUST_CHECK;
bool devices_return(const struct devices *d, struct pg *pg, const char *saved, struct err *err) MUST_CHECK;

#endif
