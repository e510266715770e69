/*
 * unit: what became of one element, or of one file of labels.
 */
#ifndef FORWARD_UNIT_H
#define FORWARD_UNIT_H
#include "forward/inputs.h"
#include "xpp/finding.h"
#include "xpp/symbols.h"

struct forward_unit {
    const struct input *input;
    uint32_t model;        /* number of its model in the result */
    uint32_t line;         /* of the element in its file */
    enum symbol_kind kind; /* SYMBOL_KINDS: nobody knows the code */
    struct str code, name;
    uint64_t digest;         /* of its text */
    uint32_t copies, copy;   /* how many others change the same standard element; which of them this one is, from 1 */
    bool delta;              /* a change of a standard element */
    bool empty;              /* nothing to carry over: a project, the same element as before */
    uint32_t methods, lines; /* of X++ */
    uint32_t files;          /* written, or to be written */
    struct finding *findings;
    size_t n_findings;
};

/* Adds findings behind those that are there; the list, not what the findings hold, is copied into the arena. */
void unit_add_findings(struct forward_unit *u, struct arena *a, const struct finding *list, size_t n);

/* Adds one about the element as a whole; `detail` is copied. */
void unit_tell(struct forward_unit *u, struct arena *a, const char *rule, enum finding_outcome outcome,
               const char *detail);

#endif
