/*
 * forward: custom X++ code brought from AX 2012 to D365.
 *
 * Two passes over all inputs, elements in parallel: the first one learns the names of everything there is, the second
 * one applies the rules and makes the metadata. What becomes of every element is kept in the order of the inputs, so
 * that the same inputs give the same files and the same report whatever the number of workers. Memory is bounded by the
 * largest elements (one for each worker), the names, and the findings.
 *
 * A broken element is a finding and spoils only itself. A file that cannot be read, and an output folder that cannot be
 * written, end the run.
 */
#ifndef FORWARD_FORWARD_H
#define FORWARD_FORWARD_H
#include "forward/claims.h"
#include "forward/handlers.h"
#include "forward/models.h"
#include "forward/rulefile.h"
#include "forward/standardtext.h"
#include "forward/unit.h"
#include "forward/usage.h"

struct forward_options {
    input_list inputs; /* baseline included */
    const struct rulebook *book;
    const char *const *opt_ins; /* rules whose fixes are asked for */
    const char *standard;       /* a folder of lists of names that version N has itself; NULL: none */
    const char *out;            /* the folder to write; NULL: estimate only */
    const char *model;          /* of inputs that name none */
    const char *prefix, *publisher;
    const char *codepage;
    int workers;
};

struct forward_result {
    struct forward_unit *units;
    size_t n_units;
    size_t n_files, n_files_empty; /* inputs, and those without an element */
    struct forward_model *models;  /* in the order in which the inputs name them */
    size_t n_models;
    struct usage *usage;           /* what is referred to */
    struct standardtext *standard; /* the baseline */
    struct handlers *handlers;     /* of events */
    const char *folder;            /* where it was written: OUT.partial, for outfolder_commit(); NULL: nowhere */
    int lock;                      /* on the folder while it is written; -1: none */
    struct claims *claims;         /* whose the files are */
    struct symbols *symbols;
    struct arena *arena;
    VEC(struct arena *) keep; /* what the workers found */
};

/* Runs it all. Fails with ERR_FILE, ERR_GUARD (the output folder holds something else, or another run writes it),
 * ERR_XPO_CHANGED, ERR_DISK_FULL, ERR_INTERRUPTED. To be released in any case. */
bool forward_run(const struct forward_options *o, struct forward_result *ret, struct err *err) MUST_CHECK;
void forward_done(struct forward_result *r);

#endif
