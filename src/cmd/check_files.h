/*
 * check_files: engines of the checklist that look at a file which the operator has brought: the user mapping, and the
 * archive of the salt that passwords of version N-1 were hashed with.
 */
#ifndef CMD_CHECK_FILES_H
#define CMD_CHECK_FILES_H
#include "cmd/checkup.h"

/* The argument is a SELECT on the source: id of a user, and whether the user may sign in. Rejected rows go to
 * reports/user-map-rejected.csv. */
bool check_user_map(struct checkup *c, struct item_call *x, struct err *err) MUST_CHECK;

/* The argument is the setting of the package that has the salt. The first line of the file is the salt; a second one,
 * STAFF PASSWORD, proves that it is the right one. Neither is ever printed or kept. */
bool check_salt_archive(struct checkup *c, struct item_call *x, struct err *err) MUST_CHECK;

#endif
