/*
 * labels: the texts of all inputs as D365 label files, one set for each model.
 *
 * Read after everything else, by one thread: a label file of D365 holds what several files and exports of AX say.
 */
#ifndef FORWARD_LABELS_H
#define FORWARD_LABELS_H
#include "forward/forward.h"
#include "xpp/xpo/read.h"

/* Enters the letters of the labels that a file has, so that references to them are found. */
void labels_learn_file(const char *path, struct symbols *s, struct arena *a);
void labels_learn_records(struct xpo_part part, struct symbols *s, struct arena *a);

/* Makes and writes the label files of every model; what is told of them belongs to the first unit of labels of the
 * model. */
bool labels_carry(const struct forward_options *o, struct forward_result *r, struct err *err) MUST_CHECK;

#endif
