/*
 * normal: one spelling for things that SQL can say in several ways, so that the rewriting has fewer cases.
 *
 * After it a SELECT has no WITH (its queries stand where they are used, a copy for each use), no RIGHT JOIN (it is a
 * LEFT JOIN with the sides exchanged), and every column is written with the name of its relation. The result is a
 * private copy, and the last tree that is changed in place.
 */
#ifndef LENS_NORMAL_H
#define LENS_NORMAL_H
#include "lens/tree.h"

/* The query must have passed refuse_check(). */
SelectStmt *normal_select(struct arena *a, const SelectStmt *q);

#endif
