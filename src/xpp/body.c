#include "xpp/body.h"

bool body_is_code(const struct xpo_element *e)
{
    return !e->root || !xpo_same_name(e->root->keyword, STR("DOC"));
}

bool body_is_source(const struct xpo_node *n)
{
    return xpo_same_name(n->keyword, STR("SOURCE"));
}

bool body_is_declaration(const struct xpo_node *source)
{
    return xpo_same_name(source->name, STR("classDeclaration"));
}

enum parse_what body_grammar(const struct xpo_element *e, const struct xpo_node *source)
{
    if (body_is_declaration(source))
        return PARSE_CLASS;
    return str_is(e->code, "MCR") ? PARSE_ANY : PARSE_METHOD;
}
