/*
 * script: one SQL file of a package, run as a whole.
 *
 * The server splits it into statements (simple query protocol), in one transaction. What fails is named with file and
 * line: from the position that the server gives, else from the statement that was running.
 */
#ifndef SAMPLE_SCRIPT_H
#define SAMPLE_SCRIPT_H
#include "conf/package.h"
#include "db/pg.h"

/* Runs the file with `values` replaced (see package_substitute(); values must not have line breaks). The transaction is
 * rolled back when it fails. */
bool script_run(struct pg *pg, const struct package_file *file, const struct map *values, struct err *err) MUST_CHECK;

#endif
