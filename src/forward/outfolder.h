/*
 * outfolder: the folder that a run writes, there as a whole or not at all.
 *
 * Everything is written into OUT.partial and takes the place of OUT at the end, so that a run that was cut off leaves
 * what was there before. A folder is replaced only when an earlier run made it (it has OUTFOLDER_REPORT), or when it is
 * empty.
 */
#ifndef FORWARD_OUTFOLDER_H
#define FORWARD_OUTFOLDER_H
#include "base/arena.h"
#include "base/err.h"

#define OUTFOLDER_REPORT "xpp-report.json"

/* Makes an empty OUT.partial and says where it is. Fails with ERR_GUARD when OUT holds something else. */
bool outfolder_begin(const char *out, struct arena *a, const char **ret_partial, struct err *err) MUST_CHECK;

/* Puts it in the place of OUT. */
bool outfolder_commit(const char *out, const char *partial, struct err *err) MUST_CHECK;

#endif
