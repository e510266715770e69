/*
 * cmd: the commands, one function per row of tables/commands.def.
 *
 * Each function has one file here: it reads its options from the call, opens the project when it needs one, and calls
 * its capability. Results go to standard output (as one JSON document with --json), events to the log, and errors are
 * returned: cmd_main() alone prints them and makes the exit status.
 */
#ifndef CMD_CMD_H
#define CMD_CMD_H
#include "base/buf.h"
#include "base/err.h"
#include "conf/command.h"

#define C(id, name, fn, least, most, args, flags, summary, text, examples)                                             \
    bool fn(struct command_call *call, struct err *err) MUST_CHECK;
#include "tables/commands.def"
#undef C

/* Parses the command line, runs the command, prints its error; returns the exit status. */
int cmd_main(int argc, char *const argv[]);

/* Writes a result to standard output; fails with ERR_FILE when nobody reads it. */
bool cmd_print(const struct buf *text, struct err *err) MUST_CHECK;

#endif
