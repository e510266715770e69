/*
 * rule: what is known of a construct that version N does not take, or takes in another way.
 *
 * A rule is data: patterns of X++ or names to look for, conditions, and a fix, an advice or both. What no pattern can
 * say is done by a check in C, which the rule names (`check`); rules of the readers and of the D365 writer have neither
 * and only say what their findings mean. Rules are read from the package (forward/rulebook.h) and compiled once;
 * compiled rules never change and may be shared between threads.
 */
#ifndef XPP_RULES_RULE_H
#define XPP_RULES_RULE_H
#include "base/attr.h"
#include "base/err.h"
#include "xpp/lang/tree.h"
#include "xpp/xpo/node.h"

enum rule_severity {
    RULE_ERROR,   /* does not compile in version N, or is refused by it */
    RULE_WARNING, /* behaves otherwise, or is obsolete */
    RULE_INFO,    /* good to know */
};

enum rule_mode {
    RULE_FIX,    /* carryover does it */
    RULE_TODO,   /* a comment at the place, for a person */
    RULE_REPORT, /* only in the report */
};

/* `$name` must be of one of these types ("Form*Control"), or of one that extends it. Special: "" is a type that nobody
 * knows, "(number)" a number that stands there. */
struct rule_type {
    const char *meta;
    const char *const *types; /* NULL-terminated */
};

struct rule_example {
    const char *before, *after; /* after == NULL: the rule finds it and changes nothing but the comment */
    const char *inside;         /* "statement" (default), "class", "method" or "form": what `before` is */
    const char *given;          /* other elements, as an export has them; `before` is of the class Test. NULL: none */
};

struct rule {
    const char *id, *title, *advice;
    enum rule_severity severity;
    enum rule_mode mode;
    double hours; /* of a person, for each method or property that has places for him */
    bool kernel;  /* not where the element has a method of the matched name itself */
    bool opt_in;  /* a fix that is only made when it is asked for */

    const char *const *matches;   /* patterns of expressions or statements, NULL-terminated */
    const char *const *types;     /* names of types: in declarations, `new`, `X::`, extends and intrinsic functions */
    const char *const *except;    /* members `X::m` of types for which another rule stands, or that are still there */
    const char *const *methods;   /* names of methods that are overridden or declared */
    const char *const *modifiers; /* of methods and classes: `client` */
    const char *const *nodes;     /* kinds of statements, by their names in lang/nodes.def: "window" */
    const char *const *macros;    /* libraries and macros that are used */
    const char *const *elements;  /* only in elements of these codes: "FRM"; NULL: in all */
    const char *check;            /* a check in C (rules/checks.def), or NULL */
    const char *fix;              /* what takes the place of the match; "" deletes it; NULL: nothing */
    const struct rule_type *where;
    size_t n_where;

    const struct rule_example *examples;
    size_t n_examples;
};

struct rulebook; /* opaque: rules and what finds them fast */

/* Compiles rules, which must live as long as the book. Fails with ERR_PACKAGE when a pattern or a fix is no X++, names
 * an unknown check, or a fix uses a `$name` that its pattern has not; two rules of one id are refused, too. */
bool rulebook_compile(const struct rule *rules, size_t n, struct rulebook **ret_book, struct err *err) MUST_CHECK;
void rulebook_free(struct rulebook *b);
DEFINE_SCOPED(rulebook)

size_t rulebook_count(const struct rulebook *b);
const struct rule *rulebook_at(const struct rulebook *b, size_t i);

/* NULL when there is none with this id (without case). */
const struct rule *rulebook_find(const struct rulebook *b, const char *id);

/* True when a rule says what became of a type of this name. */
bool rulebook_has_type(const struct rulebook *b, struct str name);

const char *rule_severity_name(enum rule_severity s);
const char *rule_mode_name(enum rule_mode m);

#endif
