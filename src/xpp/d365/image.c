#include "xpp/d365/image.h"

/* A picture in the application's own resources stays what it is. */
static bool is_resource(struct carry *c)
{
    struct str location = xpo_value(c->node, "ImageLocation");
    return work_same(location, "AOTResource") || work_same(location, "AOT Resource");
}

static const char *symbol_of(struct carry *c)
{
    const char *rule;
    struct str image = xpo_value(c->node, "NormalImage");
    if (image.n == 0)
        image = xpo_value(c->node, "NormalResource");
    return image.n > 0 ? carry_word(SET_SYMBOL, image, &rule) : NULL;
}

static void put_name(struct carry *c, const struct carry_row *row)
{
    struct str image = carry_take(c, "NormalImage"), resource = carry_take(c, "NormalResource");
    struct str value = image.n > 0 ? image : resource;
    const char *symbol = symbol_of(c);
    if (value.n == 0 || str_is(value, "0"))
        return;
    if (is_resource(c)) {
        carry_put(c, row->to, value);
        return;
    }
    carry_puts(c, row->to, symbol ? symbol : "");
    if (symbol)
        carry_tell(c, "F18", FINDING_FIXED, "picture %.*s is the symbol %s now", STR_ARG(value), symbol);
    else
        carry_tell(c, "F18", FINDING_TODO, "no symbol is known for picture %.*s", STR_ARG(value));
}

bool image_put(struct carry *c, const struct carry_row *row)
{
    if (row->to[0] != 'N' && row->to[0] != 'I')
        return false;
    if (strcmp(row->to, "NormalImage") == 0) {
        put_name(c, row);
        return true;
    }
    if (strcmp(row->to, "ImageLocation") != 0)
        return false;
    carry_take(c, row->from);
    if (is_resource(c))
        carry_puts(c, row->to, "AOTResource");
    else if (symbol_of(c))
        carry_puts(c, row->to, "Symbol");
    return true;
}
