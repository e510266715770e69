/*
 * signoff: a person's word that what was rehearsed is what shall be done.
 *
 * A sign-off is about everything that decides what the night will do: the files of the package, the binary, the
 * settings, the steps that the project adds, and the tables of version N. It needs a rehearsal of exactly that, and is
 * over when anything differs, or is rehearsed anew.
 */
#ifndef CMD_SIGNOFF_H
#define CMD_SIGNOFF_H
#include "conf/project.h"
#include "db/pg.h"
#include "runbook/freeze.h"

#define SIGNOFF_REHEARSAL "rehearsal" /* kinds of runs in the journal */
#define SIGNOFF "signoff"

/* Everything as it is now; lives in the arena. Without `target` (NULL) its tables are left out. */
bool signoff_freeze(struct project *p, struct pg *target, struct arena *a, struct freeze *ret,
                    struct err *err) MUST_CHECK;

/* Fails with ERR_SIGNOFF when nobody has signed off, when there was a rehearsal since, or naming what differs. Appends
 * who signed off what. Does nothing when the setting cutover.signoff is `optional` and nobody has signed off. Without
 * `target` (NULL) its tables do not count: the scripts of the run that goes on have changed them. */
bool signoff_check(struct project *p, struct pg *target, struct journal *j, struct arena *a, struct buf *detail,
                   struct err *err) MUST_CHECK;

#endif
