/*
 * wrap: whether a changed method may wrap the standard one, and the wrapper. Private to the comparison.
 */
#ifndef XPP_WRAP_H
#define XPP_WRAP_H
#include "base/buf.h"
#include "xpp/method.h"

/* Where our additions stand: declarations anywhere at the top, statements before `from`, behind `to`. */
struct cut {
    size_t from, to;    /* our statements [from, to) are the standard code without its declarations */
    bool before_return; /* the last return of the standard code is ours, too, behind the additions */
};

/* Why a wrapper would not compile, or behave otherwise than the changed method does; NULL when it may be. A literal. */
const char *wrap_why_not(const struct method *ours, const struct method *standard, const struct cut *cut);

/* The wrapper: the head without default values, our additions, and `next` in the place of the standard code. */
void wrap_put(const struct method *ours, const struct method *standard, const struct cut *cut, struct buf *b);

#endif
