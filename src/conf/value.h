/*
 * value: the words that people write for numbers, sizes, durations and switches.
 *
 * Pure: text in, number out. All refuse what is not wholly a value of the kind.
 */
#ifndef CONF_VALUE_H
#define CONF_VALUE_H
#include "base/str.h"

/* A whole number from 0. */
bool value_number(struct str s, int64_t *ret);

/* Bytes: a number, or a number with B, kB, MB, GB or TB (powers of 1024, as in postgresql.conf; case does not matter).
 */
bool value_size(struct str s, int64_t *ret_bytes);

/* Milliseconds: a number with ms, s, min or m, h, d; a bare number is seconds. */
bool value_duration(struct str s, int64_t *ret_ms);

/* true/false, yes/no, on/off, 1/0. */
bool value_flag(struct str s, bool *ret);

#endif
