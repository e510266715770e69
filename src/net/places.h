/*
 * places: a fixed number of places for what costs much, such as large requests, shared by clients of many addresses.
 *
 * Half of them are the most that one address gets, so that whoever takes all he can get leaves as many to the others.
 * For one thread.
 */
#ifndef NET_PLACES_H
#define NET_PLACES_H
#include "base/err.h"

#define PLACES_NONE (-1)

struct places; /* opaque */

struct places *places_new(int n);
void places_free(struct places *p);

/* Takes a place for an address (as address_line() writes it); PLACES_NONE when all, or those of this address, are
 * taken. */
int places_take(struct places *p, const char *line);

/* Gives it back; PLACES_NONE is none. */
void places_leave(struct places *p, int place);

#endif
