/*
 * verifier: whether a password is the one that N-1 has a hash of.
 *
 * The layout of that hash is the package's: `of` is a template like "{staff}{password}{salt}" with the three names in
 * braces and any text between them, `encoding` says how the text becomes bytes (utf-8, utf-16le), `hash` which function
 * is taken of them, `form` how the result is written (base64, hex, in either case). Functions are rows of a table in
 * verifier.c. Pure: any thread. Intermediate texts are wiped.
 */
#ifndef N1_VERIFIER_H
#define N1_VERIFIER_H
#include "base/err.h"
#include "conf/package.h"

#define VERIFIER_PASSWORD_MAX 256

/* Checks the declaration. Fails with ERR_PACKAGE. */
bool verifier_check(const struct package_staff *s, struct err *err) MUST_CHECK;

/* How many characters a hash has that was made so. */
size_t verifier_length(const struct package_staff *s);

/* True when `hash` is that of the password. Takes the same time wherever they differ, and also when `hash` is "". */
bool verifier_matches(const struct package_staff *s, const char *staff, const char *password, const char *salt,
                      const char *hash);

#endif
