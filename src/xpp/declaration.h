/*
 * declaration: the little of X++ that symbols need before anything is parsed: what a class extends, which variables it
 * declares, what the head of a method says.
 *
 * Reads words and skips what it does not understand; never fails. lang/ has the whole language.
 */
#ifndef XPP_DECLARATION_H
#define XPP_DECLARATION_H
#include "base/str.h"
#include "base/vec.h"

struct declared {
    struct str name, type; /* borrowed from the source */
};

typedef VEC(struct declared) declareds;

/* The variables of a classDeclaration, appended; returns what the class extends, empty when it says nothing. */
struct str declaration_read(struct str source, declareds *ret_variables);

enum declared_access { DECLARED_PUBLIC, DECLARED_PROTECTED, DECLARED_PRIVATE };

struct declared_head {
    bool is_delegate, is_static;
    enum declared_access access;
};

/* How many names a text has in which each has a blank behind it, as symbols keep those of parameters. */
size_t declared_count(struct str names);

/* What the head of a method says; the names of its parameters are appended, without types. */
struct declared_head declaration_read_head(struct str source, declareds *ret_parameters);

#endif
