/*
 * capacity: what the tables of version N can hold, from the text of a package's schema scripts.
 */
#ifndef LENS_CAPACITY_H
#define LENS_CAPACITY_H
#include "conf/package.h"
#include "model/fit.h"

/* Fills columns and uniques of each lens from schema/10_tables.sql and the unique indexes and keys of 20_indexes.sql
 * and 30_constraints.sql. Indexes on expressions or with a condition are left out. Fails with ERR_PACKAGE. */
bool capacity_of_schema(const struct package *p, struct arena *a, struct fit_lenses *lenses,
                        struct err *err) MUST_CHECK;

#endif
