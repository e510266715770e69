/*
 * mask: values of columns that hold secrets never come into a report; a digest shows whether two of them are equal.
 *
 * The digest is salted anew in every run, so that it cannot be compared with one of a guessed value.
 */
#ifndef VERIFY_MASK_H
#define VERIFY_MASK_H
#include "base/arena.h"
#include <stdbool.h>

/* True when a column's name says that it holds a secret (password, passwd, secret, hash, salt, token, privatekey). */
bool mask_is_secret(const char *column);

/* The value as it may be shown: itself, cut when it is very long, or its digest; NULL stays NULL. */
const char *mask_value(struct arena *a, const char *column, const char *value);

#endif
