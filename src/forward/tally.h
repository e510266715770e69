/*
 * tally: the findings of a run added up, for every form of the report.
 *
 * Hours are an estimate and nothing else: for each method (or property) with places that are left to a person the hours
 * of their rule, and for each element that D365 has no kind for, the rule's as well. What was done automatically counts
 * nothing. The assumptions are printed with the numbers.
 */
#ifndef FORWARD_TALLY_H
#define FORWARD_TALLY_H
#include "forward/forward.h"

struct tally_count {
    uint64_t fixed, todo, reported;
    double hours;
};

struct tally_kind {
    enum symbol_kind kind; /* SYMBOL_KINDS: unknown */
    uint64_t elements, carried, methods, lines;
    struct tally_count count;
};

struct tally_rule {
    const struct rule *rule;
    uint64_t elements; /* that it was found in */
    struct tally_count count;
};

struct tally_spot {
    const struct forward_unit *unit;
    struct tally_count count;
};

struct tally {
    uint64_t elements, carried, deltas, methods, lines, files;
    struct tally_count count;
    struct tally_count by_severity[RULE_INFO + 1];
    struct tally_kind kinds[SYMBOL_KINDS + 1]; /* in the order of symbols.def; those with elements 0 are not shown */
    struct tally_rule *rules;                  /* that found something: most hours first, then most often, then by id */
    size_t n_rules;
    struct tally_spot *spots; /* all elements with something left to do, most hours first */
    size_t n_spots;
};

/* The lists belong to the arena. */
void tally_make(const struct forward_result *r, const struct rulebook *book, struct arena *a, struct tally *ret);

/* The hours of one finding. */
double tally_hours(const struct rule *rule, const struct finding *f);

#endif
