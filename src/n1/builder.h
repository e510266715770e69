/*
 * builder: makes the packages of stores while everything else goes on.
 *
 * Looks several times a second for what is due (see build), on a connection of its own, until it is told to stop.
 */
#ifndef N1_BUILDER_H
#define N1_BUILDER_H
#include "base/thread.h"
#include "n1/build.h"

/* Runs until a request to stop, ERR_INTERRUPTED, or until the crew it belongs to ends: then it returns true. */
bool builder_loop(const char *uri, const struct build_opts *o, struct crew *crew, struct err *err) MUST_CHECK;

#endif
