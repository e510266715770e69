/*
 * print: a tree as text, one node a line: what it is, its operator, the text of a leaf, and its place.
 *
 *     expression 3:5
 *       assign = 3:5
 *         name "total" 3:5
 *         literal "0" 3:13
 *
 * A leaf's text is shortened at PRINT_LEAF_MAX bytes and its control characters are escaped. Indentation stops at
 * PRINT_DEPTH_MAX levels, so that the text grows with the number of nodes, however they nest.
 */
#ifndef XPP_LANG_PRINT_H
#define XPP_LANG_PRINT_H
#include "base/buf.h"
#include "xpp/lang/tree.h"

#define PRINT_LEAF_MAX 100
#define PRINT_DEPTH_MAX 60

/* Puts the tree below `root`, then each problem as "problem LINE:COLUMN message". */
void print_tree(const struct syntax *s, uint32_t root, struct buf *out);

#endif
