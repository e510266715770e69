/*
 * claims: which element a file of the output belongs to. Private to forward/.
 *
 * Two elements can want the same file (a job becomes a class and may have the name of one; names that differ only in
 * case are one file on Windows). The element that comes first in the inputs has it, whatever the number of workers and
 * whoever of them comes first: a file that a later element has written already is written anew. Whoever has nothing
 * is told by claims_lost().
 */
#ifndef FORWARD_CLAIMS_H
#define FORWARD_CLAIMS_H
#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"

struct claims; /* opaque; thread-safe */

/* A file that an element wanted and has not: `path` belongs to the claims. */
struct claims_loss {
    uint32_t unit;  /* number of the element that has nothing */
    uint32_t owner; /* number of the element that has the file */
    const char *path;
};

typedef VEC(struct claims_loss) claims_losses;

struct claims *claims_new(void);
void claims_free(struct claims *c);
DEFINE_SCOPED(claims)

/* Writes the file DIR/PATH for an element, with the folders it needs, unless an element before it has it. Without a
 * `dir` nothing is written. Fails with ERR_FILE. */
bool claims_write(struct claims *c, uint32_t unit, const char *dir, const char *path, struct str text,
                  struct err *err) MUST_CHECK;

/* Everything that was lost, in the order of elements and paths. To be released with vec_done(). */
void claims_lost(const struct claims *c, claims_losses *ret);

#endif
