/*
 * till: the tills of a store, simulated: what cashiers and customers do, by a seeded generator.
 *
 * Shifts are opened and closed; receipts have lines, discounts, tax, payments and change; goods come back with a
 * reference to the sale; receipts are suspended and taken up again, voided, drawers opened, tenders declared. The
 * package says with its scripts in store/till/ what each of these means in its tables (docs/package.md); what it has no
 * script for does not happen. Amounts are counted here, in cents.
 *
 * Every transaction is one transaction of the channel database, with its mark for the upload and its line for the tape;
 * when it is counted as done both are on disk. A kill at any instant leaves whole transactions. Tills need no network;
 * gift cards do, and are sold and taken only while headquarters answers.
 */
#ifndef STORE_TILL_H
#define STORE_TILL_H
#include "store/channel.h"

struct till_opts {
    int64_t transactions; /* 0: until a stop is requested */
    int64_t rate;         /* a second; 0: as fast as possible */
    uint64_t seed;
    bool gift_cards; /* sell and take them, while headquarters answers */
    bool close_up;   /* then finish what is suspended and close the shifts; with no `transactions` only that */
};

struct till_result {
    int64_t done, sales, returns, voids, suspended, recalled, shifts_opened, shifts_closed, others;
    int64_t cards_sold, cards_taken;
    int64_t gross, paid; /* cents */
};

/* Runs until its end; a stop on request is none before it. Fails with ERR_TILL_DATA when the store has not been synced
 * yet, ERR_PACKAGE for a mistake in a script, ERR_DISK_FULL. `ret` is filled in every case. */
bool till_run(struct channel *c, const struct till_opts *o, struct till_result *ret, struct err *err) MUST_CHECK;

#endif
