/*
 * images: trackers that run after the fact.
 *
 * Replication applies the changes of its tables itself, so its trackers can ask before and after. The tables of a
 * database in use change by themselves: when their changes arrive the state before is gone. What a tracker needs of it
 * comes with the changes, as the old images of the rows. Every table that a tracker reads is taken together with the
 * images of its rows that are no more: whatever a lens row was made of before stands there, and because covers (see
 * cover.h) are made of joins and monotone conditions only, one run over both finds what two runs would have found.
 */
#ifndef LENS_IMAGES_H
#define LENS_IMAGES_H
#include "lens/catalog.h"
#include "lens/node.h"

/* A copy of the query in which each table of the catalog is the table and its old images. */
SelectStmt *images_extend(struct arena *a, const struct catalog *cat, const SelectStmt *q);

/* Name of the temporary table with the old images of a table's rows; it has the table's columns. */
char *images_table(struct arena *a, const char *table);

#endif
