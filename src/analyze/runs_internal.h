/*
 * runs_internal: what the two files of runs share.
 */
#ifndef ANALYZE_RUNS_INTERNAL_H
#define ANALYZE_RUNS_INTERNAL_H
#include "analyze/runs.h"
#include "db/sqlite.h"

/* The file's database. */
struct sqlite *runs_database(struct runs *r);

#endif
