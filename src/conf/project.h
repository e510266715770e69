/*
 * project: the folder an operator works in, and its settings.
 *
 * A project is a folder with carryover.yaml, state.db (the journal), reports/ and logs/. A setting's value comes from,
 * in this order: the command line, the environment (CARRYOVER_<NAME>), carryover.yaml, the default; all of them are
 * rows of tables/settings.def, which also makes the reference. A file `.env` in the folder stands in for environment
 * variables that are not set. An environment variable that is empty counts as not set. The key `settings:` holds values
 * for the package's own settings. Everything lives in the arena given to project_open(). One thread.
 */
#ifndef CONF_PROJECT_H
#define CONF_PROJECT_H
#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "conf/package.h"

enum setting {
#define S(name, key, env, fallback, kind, help) SETTING_##name,
#include "tables/settings.def"
#undef S
    SETTING_COUNT
};

struct project; /* opaque */

enum setting_kind { SETTING_TEXT, SETTING_NUMBER, SETTING_SIZE, SETTING_DURATION, SETTING_FLAG, SETTING_LIST };

/* A row of tables/settings.def. */
struct setting_info {
    const char *key, *env, *fallback;
    enum setting_kind kind;
    const char *help;
};

/* The row of a setting; never NULL. */
const struct setting_info *setting_info(enum setting s);

/* Opens the project in `dir`. `flags` (may be NULL) maps a setting's key, or "settings.NAME" for one of the package, to
 * the value given on the command line (const char *). Fails with ERR_PROJECT_MISSING, or ERR_CONFIG (file, line and
 * column in the message). */
bool project_open(const char *dir, const struct map *flags, struct arena *a, struct project **ret,
                  struct err *err) MUST_CHECK;

/* Checks settings as they are given on the command line, without a project: names and values. Fails with ERR_USAGE or
 * ERR_CONFIG. */
bool project_check_flags(const struct map *flags, struct arena *a, struct err *err) MUST_CHECK;

/* Absolute path of the folder. */
const char *project_dir(const struct project *p);

/* `name` below the folder, in the project's arena. */
const char *project_path(const struct project *p, const char *name);

/* The value of a setting as text; never NULL ("" when it has none). */
const char *project_text(const struct project *p, enum setting s);
int64_t project_number(const struct project *p, enum setting s); /* sizes are bytes, durations milliseconds */
bool project_flag(const struct project *p, enum setting s);

/* The members of a list setting (exclude), NULL-terminated. */
const char *const *project_list(const struct project *p, enum setting s);

/* Where a value came from, for messages: "carryover.yaml:7:11", "--workers", "CARRYOVER_WORKERS", "default". */
const char *project_origin(const struct project *p, enum setting s);

/* The project's package, loaded on first use. */
bool project_package(struct project *p, const struct package **ret, struct err *err) MUST_CHECK;

/* The folder of a package that is named `spec` in a project in `base`: a path (relative to `base`, or absolute), or the
 * name of a package in $CARRYOVER_PACKAGES (folders separated by colons), near the program (../packages,
 * ../../packages), or installed (../share/carryover/packages). Fails with ERR_PACKAGE_MISSING, which lists where it
 * looked. */
bool project_find_package(const char *spec, const char *base, struct arena *a, char **ret_dir,
                          struct err *err) MUST_CHECK;

/* What the lock says of this process ("replicate start"); borrowed. */
void project_set_command(struct project *p, const char *command);

/* Takes the project's lock named `what` (the file `what`.lock below the folder, held by the process until it ends); no
 * failure when this project has it already. Fails with ERR_PROJECT_BUSY naming the holder's process id and command. */
bool project_lock(struct project *p, const char *what, struct err *err) MUST_CHECK;

#endif
