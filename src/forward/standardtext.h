/*
 * standardtext: the standard objects that were given as baseline, found again by name.
 *
 * Files of the baseline stay open (mapped, not read) as long as this lives; an element is parsed again when it is asked
 * for. Filled by one thread, then read by any number of them.
 */
#ifndef FORWARD_STANDARDTEXT_H
#define FORWARD_STANDARDTEXT_H
#include "xpp/symbols.h"
#include "xpp/xpo/read.h"

struct standardtext; /* opaque */

struct standardtext *standardtext_new(void);
void standardtext_free(struct standardtext *t);
DEFINE_SCOPED(standardtext)

/* Takes a file over. */
void standardtext_take_file(struct standardtext *t, struct xpo_file *f);

/* Enters an element of a file that was taken. The first one of a name counts. */
void standardtext_add(struct standardtext *t, enum symbol_kind kind, struct str name, struct xpo_part part);

/* The element of this kind and name, parsed into the arena; false when there is none. */
bool standardtext_find(const struct standardtext *t, enum symbol_kind kind, struct str name, struct arena *a,
                       struct xpo_element *ret);

/* True when the standard has an element of this name with this very text, white space apart. */
bool standardtext_same(const struct standardtext *t, enum symbol_kind kind, struct str name, struct xpo_part part);

#endif
