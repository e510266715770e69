/*
 * install: brings the lenses of a package into a target database and analyses them.
 *
 * Everything happens in one transaction, so a package with a mistake leaves no trace, and a plan is an installation
 * that is rolled back. What is installed already (same package digest) is only read again. Trackers become known to
 * replication in the same moment as the tables and logs they need: from then on no change is missed.
 */
#ifndef LENS_INSTALL_H
#define LENS_INSTALL_H
#include "lens/lens.h"

enum install_mode {
    INSTALL_PLAN,  /* analyse and roll back */
    INSTALL_KEEP,  /* install what is missing; refuse when another package is installed */
    INSTALL_RESET, /* drop what an earlier package made, with all loaded rows, and install */
};

/* Installs the up lenses (functions, tables of version N, views, logs, trackers) and yields them. The target must hold
 * the tables of N-1 in the schema old. Fails with ERR_PACKAGE or ERR_LENS_CONSTRUCT naming file, line and column, or
 * ERR_TARGET_STATE. */
bool install_up(struct pg *target, const struct package *p, enum install_mode mode, struct arena *a,
                struct lens_set *ret, struct err *err) MUST_CHECK;

/* Installs the down lenses, whose views install_up() has made: logs and trackers of the tables of version N, which run
 * after the fact (see images.h). The tables of N-1 are taken as they are. Fails with ERR_PACKAGE, ERR_LENS_CONSTRUCT or
 * ERR_TARGET_STATE. */
bool install_down(struct pg *target, const struct package *p, struct arena *a, struct lens_set *ret,
                  struct err *err) MUST_CHECK;

/* Installs the channel lenses: views of what stores hold, logs, and trackers of the tables of N-1 in
 * carryover.channel_tracker, which run after the fact. Inside the caller's transaction. Fails like install_down(). */
bool install_channel(struct pg *target, const struct package *p, struct err *err) MUST_CHECK;

/* Checks what a package's SQL means, on a scratch database that has the tables of N-1 in the schema old (they may be
 * empty): schema scripts, up and down lenses, every tracker and reload statement. Changes nothing. */
bool install_check(struct pg *scratch, const struct package *p, struct err *err) MUST_CHECK;

/* The plan for people and programs. */
void install_put_text(struct buf *b, const struct lens_set *set);
void install_put_json(struct buf *b, const struct lens_set *set);

#endif
