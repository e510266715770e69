/*
 * declared: what the tables of a store can hold, as store/channel.sql of a package declares them.
 */
#ifndef STORE_DECLARED_H
#define STORE_DECLARED_H
#include "conf/package.h"
#include "model/fit.h"

/* Fills the columns of each lens whose table a store has, with the values that `enums` of the package knows. */
bool declared_columns(const struct package *p, struct arena *a, struct fit_lenses *lenses, struct err *err) MUST_CHECK;

#endif
