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

/* The <Method>s of the METHODS block of `node`, without its declaration: one for each name; what else has that name is
 * a comment before it, and a source without code is told. */
void code_put_methods(struct work *w, const struct xpo_node *node, unsigned indent);

/* <Methods> with them. */
void code_put_list(struct work *w, const struct xpo_node *node, unsigned indent);

/* Writes a text that has no method of its own, because its name is taken, as lines of comment; told as M20. */
void code_again(struct work *w, struct buf *b, struct str name, struct str text, uint32_t line);

/* The first SOURCE classDeclaration of a node that has code, or NULL; and its text, with that of others as comments
 * before it. */
const struct xpo_node *code_declaration(const struct xpo_node *node);
struct str code_declaration_text(struct work *w, const struct xpo_node *node);

/* <SourceCode> of a class, table, view or map: its declaration, or `otherwise` when it has none, and its methods. */
void code_put(struct work *w, const struct xpo_node *node, struct str otherwise);

/* A declaration with another head: everything from its attributes to the brace becomes `head`; comments, which stand
 * before it then, and all members stay. An empty text makes an empty class. */
struct str code_new_head(struct work *w, struct str text, const char *head);

/* The head of the one method of `text`, up to its parameters, becomes `head`; an empty list of parameters becomes
 * `parameters`. What stands before the method stays, and so do its attributes and all comments. False when there is no
 * method. */
bool code_new_method_head(struct work *w, struct str text, const char *head, const char *parameters, struct str *ret);

/* What handles the events of an element (EVENTS): told, because handlers name their event themselves now. */
void code_tell_events(struct work *w);

#endif
