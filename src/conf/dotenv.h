/*
 * dotenv: the file `.env` of a project: lines NAME=value that stand in for environment variables.
 *
 * Blank lines, lines that begin with #, `export ` before a name, and quotes around a value ('as it is', or with \n \t
 * \"
 * \\ in double quotes) are understood; nothing is expanded.
 */
#ifndef CONF_DOTENV_H
#define CONF_DOTENV_H
#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"

struct dotenv_value {
    const char *text;
    int line;
};

/* Adds each variable to `values` (name to struct dotenv_value; a later line wins). `name` is what messages call the
 * file. Fails with ERR_CONFIG and the line. */
bool dotenv_parse(struct str text, const char *name, struct arena *a, struct map *values, struct err *err) MUST_CHECK;

#endif
