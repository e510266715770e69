/*
 * help: what `carryover help` and --help show, made from the tables.
 */
#ifndef CONF_HELP_H
#define CONF_HELP_H
#include "base/buf.h"
#include "conf/command.h"

/* The list of commands and the options that all of them take. */
void help_put_overview(struct buf *b, int width);

/* One command: usage, description, options, examples. */
void help_put_command(struct buf *b, enum command_id id, int width);

/* Every setting with its default and environment variable. */
void help_put_settings(struct buf *b, int width);

/* "-j, --workers N": an option as it is typed. */
void help_put_option(struct buf *b, enum option o);

/* "carryover init [OPTIONS] [DIR]". */
void help_put_usage(struct buf *b, enum command_id id);

/* "number", "size" ... */
const char *help_kind(enum setting_kind kind);

/* The exit statuses, from 0; NULL behind the last. */
const char *help_status(int status);

/* Variables that carryover looks at beside those of the settings: name and meaning; false behind the last. */
bool help_variable(int i, const char **ret_name, const char **ret_meaning);

#endif
