/*
 * body: the SOURCE blocks of an element.
 *
 * A block named classDeclaration holds the declaration and the members of its element, the others hold a method each;
 * the only block of a macro holds anything.
 */
#ifndef XPP_BODY_H
#define XPP_BODY_H
#include "xpp/lang/parse.h"
#include "xpp/xpo/node.h"

/* False for pages of documentation, whose SOURCE is prose. */
bool body_is_code(const struct xpo_element *e);

bool body_is_source(const struct xpo_node *n);
bool body_is_declaration(const struct xpo_node *source);

/* What the text of a source is to be parsed as. */
enum parse_what body_grammar(const struct xpo_element *e, const struct xpo_node *source);

#endif
