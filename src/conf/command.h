/*
 * command: the command line, from the tables of commands and options.
 *
 * tables/commands.def and tables/options.def say everything that can be typed; the parser here, the help and the manual
 * are made from them. Options may stand anywhere, also before the command; "--" ends them. A parsed call is plain data
 * in an arena; the functions of cmd/ ask it for their options and arguments. A wrong line fails with ERR_USAGE, which
 * names the nearest thing that could have been meant.
 */
#ifndef CONF_COMMAND_H
#define CONF_COMMAND_H
#include "base/arena.h"
#include "base/err.h"
#include "conf/project.h"

#define COMMAND_PROJECT 1u /* works in a project folder */
#define COMMAND_HIDDEN 2u  /* not shown in help */

enum command_id {
#define C(id, name, fn, least, most, args, flags, summary, text, examples) COMMAND_ID_##id,
#include "tables/commands.def"
#undef C
    COMMAND_COUNT
};

enum option {
#define O(id, name, letter, value, kind, commands, help) OPTION_##id,
#include "tables/options.def"
#undef O
    OPTION_COUNT
};

enum option_kind {
    OPTION_KIND_FLAG,
    OPTION_KIND_TEXT,
    OPTION_KIND_NUMBER,
    OPTION_KIND_CHOICE,
    OPTION_KIND_LIST,
    OPTION_KIND_SETTING,
};

/* A row of tables/commands.def. */
struct command {
    const char *name; /* "replicate start" */
    int least, most;  /* arguments */
    const char *args; /* for people: "[DIR]" */
    unsigned flags;
    const char *summary, *text, *examples;
};

/* A row of tables/options.def. */
struct option_info {
    const char *name;
    char letter; /* 0: none */
    const char *value;
    enum option_kind kind;
    const char *commands;
    const char *help;
};

struct command_call; /* opaque: one parsed command line */

const struct command *command_info(enum command_id id);
const struct option_info *option_info(enum option o);

/* The command with this name ("replicate start"), or COMMAND_COUNT. */
enum command_id command_find(const char *name);

/* True when the option belongs to the command; `on_all` when it belongs to every one. */
bool option_applies(enum option o, enum command_id id);
bool option_on_all(enum option o);

/* Parses a command line; argv[0] is the program. `*ret` is set also after a failure, with what was understood, so that
 * the error can be printed as --json asks. Strings are borrowed from argv. Without any command the call is `help`. */
bool command_parse(int argc, char *const argv[], struct arena *a, struct command_call **ret,
                   struct err *err) MUST_CHECK;

enum command_id command_id(const struct command_call *call);

/* The arena of the call, for everything that lives as long as the command. */
struct arena *command_arena(const struct command_call *call);

bool command_flag(const struct command_call *call, enum option o);

/* The value of an option, or NULL when it was not given. The last one counts. */
const char *command_text(const struct command_call *call, enum option o);

/* The value of a NUMBER option, or `fallback`. */
int64_t command_number(const struct command_call *call, enum option o, int64_t fallback);

/* All values of a LIST option; `*ret_n` may be 0. */
const char *const *command_list(const struct command_call *call, enum option o, size_t *ret_n);

/* An argument, counted from 0, or NULL when fewer were given. */
const char *command_arg(const struct command_call *call, int i);

/* The project's folder: --project, else $CARRYOVER_PROJECT, else ".". */
const char *command_dir(const struct command_call *call);

/* Settings given on the command line (--set and options of kind SETTING): key to const char *. Borrowed. */
const struct map *command_settings(const struct command_call *call);

/* Opens the project of the call, once. Fails like project_open(). */
bool command_project(struct command_call *call, struct project **ret, struct err *err) MUST_CHECK;

/* Frees what does not live in the arena. */
void command_call_free(struct command_call *call);
DEFINE_SCOPED(command_call)

#endif
