/*
 * package_trial: a package's SQL tried on a real server: a private one that is made for it and thrown away.
 *
 * The sample of the package, very small, stands for the source. Lenses, trackers, schema scripts, laws and rules are
 * installed or planned on it; the first mistake is reported with file and line.
 */
#ifndef CMD_PACKAGE_TRIAL_H
#define CMD_PACKAGE_TRIAL_H
#include "conf/package.h"

struct package_trial_opts {
    const char *bin;    /* folder of initdb; NULL or "": found */
    const char *run_as; /* system user of the server when this process is root */
};

/* Tries the package. Fails with ERR_PACKAGE, ERR_LENS_CONSTRUCT, or what the server's own start fails with. */
bool package_trial(const struct package *p, const struct package_trial_opts *o, struct err *err) MUST_CHECK;

#endif
