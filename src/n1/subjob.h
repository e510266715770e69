/*
 * subjob: the channel lenses of a job, and what is touched of them in a window.
 *
 * A subjob is one table of a package (see net/parcel). Rows that belong to one group or store have that in the column
 * channel_group or channel_store of the lens, which is not shipped. Everything lives in the arena.
 */
#ifndef N1_SUBJOB_H
#define N1_SUBJOB_H
#include "n1/changelog.h"
#include "net/parcel.h"

struct subjob {
    const char *lens, *scope;     /* "all", "group", "store" */
    const char *direction, *view; /* "channel" or "channel_n", as in carryover.lens; the lens itself */
    const char *owner_column;     /* NULL: the same rows for all groups */
    const char *keys, *fresh;     /* temporary tables: touched keys, and the rows that they have now */
    const char *dirty, *focused;  /* see lens/state.h */
    const char *columns, *key;    /* quoted lists: what is shipped */
    const char *whole_key;        /* with the owner's column */
    struct parcel_table shape;    /* for the manifest */
    bool is_copy;                 /* row by row of one table with its key: no key can come twice */
    bool touched;                 /* has keys in the window */
};

struct subjobs {
    struct subjob *p;
    size_t n;
};

/* Reads the lenses of a job. */
bool subjobs_read(struct pg *target, const char *job, struct arena *a, struct subjobs *ret, struct err *err) MUST_CHECK;

/* Fails with ERR_PACKAGE when two of the rows of the view that `mine` is true of have one key: their package could be
 * applied nowhere. */
bool subjob_check_keys(struct pg *target, const struct subjob *s, const char *mine, struct arena *a,
                       struct err *err) MUST_CHECK;

/* In an open window: fills `keys` and `fresh` of every lens that is touched. The temporary tables go with the
 * transaction. Keys that come twice are refused like subjob_check_keys() does. */
bool subjobs_touch(struct pg *target, const struct changelog *j, struct subjobs *list, struct arena *a,
                   struct err *err) MUST_CHECK;

#endif
