/*
 * finding: what a rule, the readers or the writer have to say about one place.
 *
 * A finding names its rule; title, advice, severity and hours belong to the rule (rules/rule.h), so that they are said
 * once. Everything that is changed, left to a person, or left out is a finding: nothing is dropped silently. Texts
 * belong to the arena of the list's owner.
 */
#ifndef XPP_FINDING_H
#define XPP_FINDING_H
#include "base/arena.h"
#include "base/attr.h"
#include "base/str.h"
#include "base/vec.h"

enum finding_outcome {
    FINDING_FIXED,    /* carryover has done it */
    FINDING_TODO,     /* a comment stands at the place, a person does it */
    FINDING_REPORTED, /* only said here */
};

struct finding {
    const char *rule; /* "D02"; lives as long as the rules, or is a literal */
    enum finding_outcome outcome;
    struct str where;      /* within the element: "methods/run", "fields/Amount", "controls/Grid"; may be empty */
    uint32_t line, column; /* in the file, from 1; column 0: the whole line */
    bool again;            /* the method has a place of this rule already: its hours count once */
    struct str detail;     /* what it is about here: "property LegacyId = 123", "WinAPI::fileExists"; may be empty */
};

struct findings {
    struct arena *arena;
    VEC(struct finding) list;
};

/* Adds one; `where` and the formatted detail are copied into the arena. */
void finding_add(struct findings *f, const char *rule, enum finding_outcome outcome, struct str where, uint32_t line,
                 uint32_t column, const char *fmt, ...) PRINTF_LIKE(7, 8);

#endif
