/*
 * money: amounts as whole cents, and what SQL of a package can do with them.
 *
 * A till counts in cents, so its sums are exact; tables of N-1 hold decimals as text. Two SQL functions go between:
 * cents(text) reads a decimal, rounding half away from zero (null stays null), and money(cents) writes one with two
 * decimals.
 */
#ifndef STORE_MONEY_H
#define STORE_MONEY_H
#include "base/buf.h"
#include "db/sqlite.h"

#define MONEY_TEXT_MAX 32

/* "-12.05". */
void money_text(int64_t cents, char ret_text[MONEY_TEXT_MAX]);

/* Reads a decimal; false when it is none or too large. */
bool money_parse(struct str text, int64_t *ret_cents);

/* `cents` times `rate` hundredths of a percent, rounded half away from zero. */
int64_t money_share(int64_t cents, int64_t rate);

/* Makes the SQL functions known to a connection. */
bool money_install(struct sqlite *db, struct err *err) MUST_CHECK;

#endif
