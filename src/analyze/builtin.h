/*
 * builtin: the rules that no package can write, because they compare it with the source.
 *
 *     CARRY01   tables with rows that the package carries nowhere
 *     FIT01     values that version N cannot hold
 *     FIT02     rows that are different now and would be one in version N
 *     STORE01   values that the tables of stores of N-1 cannot hold
 *     STORE02   values that stores of N-1 do not know
 *     STORE03   columns in which version N holds more than N-1
 *
 * Each is there only when the options have what it compares with.
 */
#ifndef ANALYZE_BUILTIN_H
#define ANALYZE_BUILTIN_H
#include "analyze/rule.h"

#define BUILTIN_MOST 6

/* Writes the rules, at most BUILTIN_MOST, and returns how many. */
size_t builtin_list(const struct analyze_opts *o, struct rule *ret);

#endif
