/*
 * models: which model needs which, and the order to compile them in.
 *
 * A model is needed when one of its elements is referred to. The order is bottom-up: what is needed comes first; models
 * that need each other stand together and are told, because D365 does not take them so.
 */
#ifndef FORWARD_MODELS_H
#define FORWARD_MODELS_H
#include "base/arena.h"
#include "base/vec.h"
#include <stdbool.h>
#include <stdint.h>

struct forward_model {
    const char *name;
    size_t elements;
    const char **needs; /* names of other models among the inputs, in the order of the models; NULL-terminated */
    uint64_t *uses;     /* how often, for each of them */
    unsigned step;      /* from 1: models of one step can be compiled after those of the steps before */
    bool circular;      /* it needs, by way of others, itself */
};

/* Fills `needs`, `uses`, `step` and `circular` from the counts: uses[i * n + j] says how often model i refers to j. */
void models_order(struct forward_model *models, size_t n, const uint64_t *uses, struct arena *a);

#endif
