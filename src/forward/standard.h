/*
 * standard: names that version N has itself, from lists that came with the package.
 *
 * KIND.txt in a folder, one name a line, `#` begins a comment: table.txt, class.txt, edt.txt, enum.txt, label.txt. The
 * lists are not complete, and say so: a name that is not there may still be known to D365.
 */
#ifndef FORWARD_STANDARD_H
#define FORWARD_STANDARD_H
#include "xpp/symbols.h"

/* Enters the names of all lists of a folder; texts live in the arena. Fails with ERR_FILE, or with ERR_PACKAGE on a
 * list of a kind that nobody knows. */
bool standard_load(const char *folder, struct symbols *s, struct arena *a, struct err *err) MUST_CHECK;

#endif
