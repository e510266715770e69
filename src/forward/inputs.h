/*
 * inputs: the files that custom code is brought forward from.
 *
 * A path is a file, or a folder that is looked through with everything below it; `NAME=PATH` says that what is there
 * belongs to the model NAME. Only .xpo and .ald files are taken from folders; a file that is named is taken whatever it
 * is called. The list is in the order of the arguments, then by path, so that the same inputs give the same result.
 */
#ifndef FORWARD_INPUTS_H
#define FORWARD_INPUTS_H
#include "base/arena.h"
#include "base/err.h"
#include "base/vec.h"

#define INPUTS_MAX 1000000

struct input {
    const char *path;  /* as it can be opened */
    const char *model; /* "" when none was named */
    bool labels;       /* an .ald file */
    bool baseline;
};

typedef VEC(struct input) input_list;

/* Adds what is at `arg`. Fails with ERR_FILE when nothing is there or it cannot be read, with ERR_LIMIT above
 * INPUTS_MAX. */
bool inputs_add(const char *arg, bool baseline, struct arena *a, input_list *ret, struct err *err) MUST_CHECK;

#endif
