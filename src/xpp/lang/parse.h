/*
 * parse: X++ of AX 2012 and of D365 into a tree.
 *
 * One call parses one SOURCE of an export: a class declaration, a method, a job, or a macro library. Macros are not
 * expanded: a use may stand wherever a type, a declaration, a statement, a clause of a select or an expression may.
 * Both branches of `#if` are parsed, unless the source makes sense only without one: see `skipped`. The parser never
 * gives up: what it does not understand becomes an ERROR node and a problem with its place, and it goes on at the next
 * statement. It takes time in proportion to the source. Nesting deeper than PARSE_DEPTH_MAX is a problem, too, and
 * never a crash. Source: the X++ grammar of the AX 2012 and D365 language references.
 */
#ifndef XPP_LANG_PARSE_H
#define XPP_LANG_PARSE_H
#include "xpp/lang/lex.h"
#include "xpp/lang/tree.h"

#define PARSE_DEPTH_MAX 400    /* of statements and expressions in one another */
#define PARSE_CHAIN_MAX 1000   /* of operators, dots and calls that follow each other: a + b + c, a.b().c() */
#define PARSE_PROBLEMS_MAX 100 /* that are kept; the rest of such a source is hardly worth a look */

enum parse_what {
    PARSE_ANY,        /* finds out: a class declaration, one or more methods, or statements */
    PARSE_CLASS,      /* classDeclaration: members, macros; a table's or form's, too */
    PARSE_METHOD,     /* attributes, modifiers, type, name, parameters, body; what follows it as well */
    PARSE_STATEMENTS, /* the body of a macro, the pattern of a rule */
    PARSE_EXPRESSION,
};

/* Parses into `s` (reset first), which borrows `source`. True when there is no problem. */
bool parse(struct str source, enum parse_what what, enum lex_mode mode, struct syntax *s);

#endif
