/*
 * tolerance: how far two values may be apart, as a package's headers say it.
 *
 * Laws name columns with the difference they may have (`compare: n exact, acc 0.005`), lenses columns that were rounded
 * (`rounds: qty, price: to 6 decimals`) or that the way back cannot restore (`loses: a, b: reason`). Tolerances stay
 * decimal text, because databases compare decimals exactly and C does not.
 */
#ifndef VERIFY_TOLERANCE_H
#define VERIFY_TOLERANCE_H
#include "base/arena.h"
#include "base/buf.h"
#include "conf/package.h"

struct tolerance {
    const char *column;
    const char *most;   /* largest difference that is none: "0.005"; "0": exact */
    const char *reason; /* of a lens; "" of a law */
    bool is_lost;       /* `loses`: not compared at all */
};

struct tolerances {
    struct tolerance *p;
    size_t n;
};

/* Reads `n exact, acc 0.005`. The header was checked when the package was loaded. */
struct tolerances tolerance_compare(const char *text, struct arena *a);

/* Reads all `loses` and `rounds` of a lens. */
struct tolerances tolerance_lens(const struct package_file *f, struct arena *a);

const struct tolerance *tolerance_find(const struct tolerances *l, const char *column);

/* Half a unit of the last decimal that a reason names ("to 6 decimals" gives "0.0000005"); without one, of the sixth.
 */
const char *tolerance_of_rounding(const char *reason, struct arena *a);

/* Cuts `a, b, c` into names. */
const char **tolerance_names(const char *list, struct arena *a, size_t *ret_n);

/* Appends a condition that is true when two numeric SQL expressions differ by more than `most`; a NULL differs from
 * everything but NULL. */
void tolerance_put_differs(struct buf *b, const char *x, const char *y, const char *most);

#endif
