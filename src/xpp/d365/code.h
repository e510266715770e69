/*
 * code: the X++ of an element: methods, declarations, event handlers.
 *
 * Sources are written as the caller hands them over, indented as the vendor's serializer does, unless a string runs
 * over several lines: then nothing is moved.
 */
#ifndef XPP_D365_CODE_H
#define XPP_D365_CODE_H
#include "xpp/d365/carry.h"

/* The text of a SOURCE node after the rules. */
struct str code_text(struct work *w, const struct xpo_node *source);

/* One <Method>, indented by `indent` blanks. */
void code_put_method(struct work *w, struct str name, struct str text, unsigned indent);

/* The <Method>s of the METHODS block of `node`, without its declaration. */
void code_put_methods(struct work *w, const struct xpo_node *node, unsigned indent);

/* <Methods> with them. */
void code_put_list(struct work *w, const struct xpo_node *node, unsigned indent);

/* The SOURCE classDeclaration of a node, or NULL. */
const struct xpo_node *code_declaration(const struct xpo_node *node);

/* <SourceCode> of a class, table, view or map: its declaration, or `otherwise` when it has none, and its methods. */
void code_put(struct work *w, const struct xpo_node *node, struct str otherwise);

/* A declaration with another head: everything from its attributes to the brace becomes `head`; comments before it and
 * all members stay. An empty text makes an empty class. */
struct str code_new_head(struct work *w, struct str text, const char *head);

/* The head of the one method of `text`, up to its parameters, becomes `head`; an empty list of parameters becomes
 * `parameters`. What stands before the method stays. False when there is no method. */
bool code_new_method_head(struct work *w, struct str text, const char *head, const char *parameters, struct str *ret);

/* What handles the events of an element (EVENTS): told, because handlers name their event themselves now. */
void code_tell_events(struct work *w);

#endif
