/*
 * cut: where the elements of an export begin and end, without looking into them.
 */
#ifndef XPP_XPO_CUT_H
#define XPP_XPO_CUT_H
#include "base/vec.h"
#include "xpp/xpo/read.h"

typedef VEC(struct xpo_part) xpo_parts;

/*
 * Cuts a text at its `***Element:` lines and at its `<Table:Record` lines. What stands outside of elements (a fragment
 * without header, what follows `***Element: END`) is cut behind the END of its first block. The lines of the header of
 * a file and blank ones are in no part.
 */
void cut_parts(struct str text, xpo_parts *ret_parts);

#endif
