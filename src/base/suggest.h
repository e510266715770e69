/*
 * suggest: "did you mean ...?" for mistyped words.
 */
#ifndef BASE_SUGGEST_H
#define BASE_SUGGEST_H
#include "base/str.h"

/* The name that is nearest to `word` by edits (insert, delete, change, swap of neighbours; letters without case), or
 * NULL when none is near enough to be what was meant. Names are borrowed; NULL entries are skipped. */
const char *suggest_nearest(struct str word, const char *const *names, size_t n);

#endif
