/*
 * outfolder: the folder that a run writes, there as a whole or not at all.
 *
 * Everything is written into OUT.partial and takes the place of OUT at the end, so that a run that was cut off leaves
 * what was there before. A list of all files with their hashes goes along (OUTFOLDER_LIST): OUT is replaced only when
 * it is empty, or holds exactly what a run has written. Whoever has worked in it since keeps his work.
 */
#ifndef FORWARD_OUTFOLDER_H
#define FORWARD_OUTFOLDER_H
#include "base/arena.h"
#include "base/err.h"

#define OUTFOLDER_LIST "xpp-files.txt"

/* Makes an empty OUT.partial and says where it is. It is this run's as long as `ret_lock` is open: close it at the end,
 * -1 is none. Fails with ERR_GUARD when OUT holds something else, and names it, or another run writes there. */
bool outfolder_begin(const char *out, struct arena *a, const char **ret_partial, int *ret_lock,
                     struct err *err) MUST_CHECK;

/* Writes the list and puts OUT.partial in the place of OUT. */
bool outfolder_commit(const char *out, const char *partial, struct arena *a, struct err *err) MUST_CHECK;

#endif
