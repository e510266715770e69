/*
 * manual: manual pages and the Markdown reference, made from the tables.
 *
 * Both hold the commands, options, settings, environment variables, exit statuses and error codes of this very program.
 * The result depends on nothing but the tables and the version, so that committed copies can be compared with it.
 */
#ifndef CONF_MANUAL_H
#define CONF_MANUAL_H
#include "base/buf.h"
#include "conf/command.h"

/* carryover(1): overview, settings, environment, files, exit statuses, error codes; in man(7). */
void manual_put_overview(struct buf *b);

/* The page of one command. */
void manual_put_command(struct buf *b, enum command_id id);

/* The name of that page without section: "carryover-package-check". */
char *manual_name(enum command_id id, struct arena *a);

/* docs/reference.md. */
void manual_put_markdown(struct buf *b);

#endif
