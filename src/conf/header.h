/*
 * header: the `-- word: value` lines at the top of a package's SQL files.
 *
 * Which words a file may and must have depends on its folder: lenses have a key, laws a kind, rules a severity, calls
 * parameters. Reading checks words and values as far as the file alone can tell; messages begin with
 * "folder/file.sql:line: ".
 */
#ifndef CONF_HEADER_H
#define CONF_HEADER_H
#include "base/map.h"
#include "conf/package.h"

enum header_kind {
    HEADER_NONE,
    HEADER_UP,
    HEADER_DOWN,
    HEADER_CHANNEL,
    HEADER_ESTATE,
    HEADER_LAW,
    HEADER_LAW_HQ,
    HEADER_RULE,
    HEADER_SIZING,
    HEADER_CALL,
    HEADER_STAFF,
    HEADER_UPLOAD,
    HEADER_TOTALS,
    HEADER_CHECK,
    HEADER_ITEM_SQL, /* of checklist/, with a SELECT */
    HEADER_ITEM,     /* of checklist/, in a YAML file */
    HEADER_SCRIPT,
    HEADER_FINAL
};

/* Reads the header of `text` into f->words and checks it. `settings` are the package's; a `:name` in a value is
 * replaced by its text. f->name and f->path are set already. Fails with ERR_PACKAGE. */
bool header_read(struct package_file *f, enum header_kind kind, struct str text, const struct map *settings,
                 struct arena *a, struct err *err) MUST_CHECK;

/* Checks words that were read from elsewhere: f->words is set, too. */
bool header_check(const struct package_file *f, enum header_kind kind, struct err *err) MUST_CHECK;

/* Adds the `threshold` words of a rule to `values` (name to text), unless the name is there already. */
void header_thresholds(const struct package_file *f, struct map *values, struct arena *a);

#endif
