/*
 * scope: of what type a name is, as far as the inputs tell.
 *
 * Three rings: what the element declares (members of a class declaration, data sources and controls of a form), what
 * the method declares (parameters and local variables, of the whole method: X++ before D365 has no smaller scope), and
 * what X++ gives (`element`, `this`). Nothing is guessed: a name that no ring has is of the type "". Names compare
 * without case. Borrowed from sources and nodes, which must live as long.
 */
#ifndef XPP_RULES_SCOPE_H
#define XPP_RULES_SCOPE_H
#include "base/attr.h"
#include "xpp/lang/tree.h"
#include "xpp/symbols.h"
#include "xpp/xpo/node.h"

struct scope; /* opaque */

struct scope *scope_new(const struct symbols *symbols);
void scope_free(struct scope *s);
DEFINE_SCOPED(scope)

/* Begins with an element: forgets all, and enters what the export says of it (data sources, controls). */
void scope_element(struct scope *s, const struct xpo_element *e);

/* Enters the members that a class declaration has. */
void scope_declaration(struct scope *s, const struct syntax *declaration);

/* Enters parameters and variables of a method and forgets those of the method before. `source` is the node it was read
 * from, which says whose method it is (of a control, of a data source); NULL: the element's. */
void scope_method(struct scope *s, const struct syntax *method, const struct xpo_node *source);

/* The type of an expression: a name, `this`, `element`, `new T()`, `T::construct()` of an input, a member of a table of
 * the inputs; "" when nobody knows. */
struct str scope_type(const struct scope *s, const struct syntax *syntax, uint32_t node);

/* True when `type`, or what it extends as far as the inputs tell, is one of `names` ("Form*"). */
bool scope_is_a(const struct scope *s, struct str type, const char *const *names);

#endif
