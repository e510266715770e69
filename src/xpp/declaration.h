/*
 * declaration: the little of X++ that symbols need before anything is parsed: what a class extends, which variables it
 * declares, whether a method is a delegate.
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

/* True when the head of a method has the word `delegate`. */
bool declaration_is_delegate(struct str source);

#endif
