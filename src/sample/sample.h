/*
 * sample: a source database full of sample data, made by the scripts of an upgrade package.
 *
 * The scripts of one stage run side by side, each in one transaction on a connection of its own; a stage begins when
 * the one before it has ended. `:scale` and `:seed` are replaced in their text. The same scale and seed give the same
 * rows. The comment of the database says that it is a sample and whether it is complete; only a database with that
 * comment is ever emptied, and nothing is put into a database that holds anything else.
 */
#ifndef SAMPLE_SAMPLE_H
#define SAMPLE_SAMPLE_H
#include "base/err.h"
#include "conf/package.h"

struct sample_opts {
    const char *uri;
    const struct package *package;
    const char *scale; /* a decimal number; 1 is about 100 MB */
    const char *seed;  /* a whole number */
    int workers;       /* connections at the same time, at least 1 */
    bool replace;      /* make it again when there is a sample already */
};

struct sample_result {
    bool was_there; /* the same sample was complete already: nothing was done */
    int scripts;
    int64_t tables, bytes; /* of the package's source schema, with indexes */
    int64_t elapsed_us;
};

/* Makes the sample. Fails with ERR_PACKAGE when the package has none or a script is wrong (file and line in the
 * message), ERR_GUARD when the database holds something else or another sample. After a failure the same call with
 * `replace` makes it from scratch. */
bool sample_create(const struct sample_opts *o, struct sample_result *ret, struct err *err) MUST_CHECK;

/* True when `text` is a decimal number above 0 of at most 9 characters, as a scale must be. */
bool sample_is_scale(const char *text);

#endif
