#include "xpp/references.h"
#include <ctype.h>
#include <strings.h>

/* The intrinsic functions and what their first argument is; `member` when a second one names a part of it. */
static const struct intrinsic {
    const char *name;
    enum reference_kind kind, member;
} intrinsics[] = {
    {"classNum", REFERENCE_CLASS, REFERENCE_KINDS},
    {"classStr", REFERENCE_CLASS, REFERENCE_KINDS},
    {"methodStr", REFERENCE_CLASS, REFERENCE_METHOD},
    {"staticMethodStr", REFERENCE_CLASS, REFERENCE_METHOD},
    {"delegateStr", REFERENCE_CLASS, REFERENCE_METHOD},
    {"tableNum", REFERENCE_TABLE, REFERENCE_KINDS},
    {"tableStr", REFERENCE_TABLE, REFERENCE_KINDS},
    {"tableName", REFERENCE_TABLE, REFERENCE_KINDS},
    {"viewNum", REFERENCE_TABLE, REFERENCE_KINDS},
    {"viewStr", REFERENCE_TABLE, REFERENCE_KINDS},
    {"fieldNum", REFERENCE_TABLE, REFERENCE_FIELD},
    {"fieldStr", REFERENCE_TABLE, REFERENCE_FIELD},
    {"fieldPName", REFERENCE_TABLE, REFERENCE_FIELD},
    {"tableMethodStr", REFERENCE_TABLE, REFERENCE_METHOD},
    {"tableStaticMethodStr", REFERENCE_TABLE, REFERENCE_METHOD},
    {"enumNum", REFERENCE_ENUM, REFERENCE_KINDS},
    {"enumStr", REFERENCE_ENUM, REFERENCE_KINDS},
    {"enumCnt", REFERENCE_ENUM, REFERENCE_KINDS},
    {"extendedTypeNum", REFERENCE_EDT, REFERENCE_KINDS},
    {"extendedTypeStr", REFERENCE_EDT, REFERENCE_KINDS},
    {"typeStr", REFERENCE_EDT, REFERENCE_KINDS},
    {"formStr", REFERENCE_FORM, REFERENCE_KINDS},
    {"queryStr", REFERENCE_QUERY, REFERENCE_KINDS},
    {"ssrsReportStr", REFERENCE_REPORT, REFERENCE_KINDS},
    {"menuItemDisplayStr", REFERENCE_MENU_ITEM_DISPLAY, REFERENCE_KINDS},
    {"menuItemOutputStr", REFERENCE_MENU_ITEM_OUTPUT, REFERENCE_KINDS},
    {"menuItemActionStr", REFERENCE_MENU_ITEM_ACTION, REFERENCE_KINDS},
    {"resourceStr", REFERENCE_RESOURCE, REFERENCE_KINDS},
    {"configurationKeyNum", REFERENCE_CONFIGURATION_KEY, REFERENCE_KINDS},
    {"configurationKeyStr", REFERENCE_CONFIGURATION_KEY, REFERENCE_KINDS},
};

struct walk {
    const struct syntax *s;
    reference_fn *fn;
    void *ctx;
};

const char *reference_kind_name(enum reference_kind k)
{
    static const char *const names[REFERENCE_KINDS] = {"type",
                                                       "class",
                                                       "table",
                                                       "enum",
                                                       "extended data type",
                                                       "form",
                                                       "query",
                                                       "report",
                                                       "display menu item",
                                                       "output menu item",
                                                       "action menu item",
                                                       "resource",
                                                       "configuration key",
                                                       "label",
                                                       "field",
                                                       "method",
                                                       "value"};
    return names[k];
}

static void tell(const struct walk *w, enum reference_kind kind, struct str name, struct str member, uint32_t node)
{
    struct reference r = {kind, name, member, w->s->tokens.p[node_at(w->s, node)->token].off};
    w->fn(w->ctx, &r);
}

/* Types that the language has and that are no keywords. */
static bool is_built_in(struct str name)
{
    static const char *const names[] = {"boolean", "guid",    "utcDateTime", "timeOfDay", "date",
                                        "int64",   "anytype", "Common",      "Object"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == name.n && strncasecmp(names[i], name.p, name.n) == 0)
            return true;
    return false;
}

/* A plain name: no keyword (`str`), no macro, no name of .NET with its space. */
static bool is_plain(const struct walk *w, uint32_t node)
{
    const struct node *n = node_at(w->s, node);
    return n->token_end == n->token + 1 && w->s->tokens.p[n->token].kind == TOKEN_NAME &&
           !is_built_in(syntax_text(w->s, node));
}

static void at_static(const struct walk *w, uint32_t node)
{
    uint32_t type = node_child(w->s, node, 0), member = node_child(w->s, node, 1);
    if (!type || !member || !is_plain(w, type))
        return;
    tell(w, REFERENCE_TYPE, syntax_text(w->s, type), (struct str){NULL, 0}, type);
    tell(w, REFERENCE_VALUE, syntax_text(w->s, type), syntax_text(w->s, member), member);
}

static const struct intrinsic *intrinsic_of(struct str name)
{
    for (size_t i = 0; i < sizeof intrinsics / sizeof *intrinsics; i++)
        if (strlen(intrinsics[i].name) == name.n && strncasecmp(intrinsics[i].name, name.p, name.n) == 0)
            return &intrinsics[i];
    return NULL;
}

static void at_call(const struct walk *w, uint32_t node)
{
    uint32_t callee = node_child(w->s, node, 0), first = node_child(w->s, node, 1), second = node_child(w->s, node, 2);
    if (!first || node_at(w->s, callee)->kind != NODE_NAME || !is_plain(w, first))
        return;
    const struct intrinsic *x = intrinsic_of(syntax_text(w->s, callee));
    if (!x)
        return;
    tell(w, x->kind, syntax_text(w->s, first), (struct str){NULL, 0}, first);
    if (x->member != REFERENCE_KINDS && second && is_plain(w, second))
        tell(w, x->member, syntax_text(w->s, first), syntax_text(w->s, second), second);
}

/* @ABC123: letters and digits, nothing else. */
static bool is_label(struct str t)
{
    size_t letters = 1;
    while (letters < t.n && isalpha((unsigned char)t.p[letters]))
        letters++;
    size_t digits = letters;
    while (digits < t.n && isdigit((unsigned char)t.p[digits]))
        digits++;
    return t.n && t.p[0] == '@' && letters > 2 && digits > letters && digits == t.n;
}

static void at_literal(const struct walk *w, uint32_t node)
{
    struct str t = syntax_text(w->s, node);
    if (t.n < 3 || (t.p[0] != '"' && t.p[0] != '\''))
        return;
    struct str inner = {t.p + 1, t.n - 2};
    if (is_label(inner))
        tell(w, REFERENCE_LABEL, inner, (struct str){NULL, 0}, node);
}

/* Properties that name another element. */
static const struct {
    const char *name;
    enum reference_kind kind;
} properties[] = {
    {"ExtendedDataType", REFERENCE_EDT},   {"EnumType", REFERENCE_ENUM},
    {"EnumTypeParameter", REFERENCE_ENUM}, {"ConfigurationKey", REFERENCE_CONFIGURATION_KEY},
    {"RelatedTable", REFERENCE_TABLE},     {"Table", REFERENCE_TABLE},
};

static void at_property(const struct xpo_prop *p, reference_fn *fn, void *ctx)
{
    struct reference r = {REFERENCE_LABEL, p->value, {NULL, 0}, p->line};
    if (is_label(p->value)) {
        fn(ctx, &r);
        return;
    }
    for (size_t i = 0; p->value.n && i < sizeof properties / sizeof *properties; i++) {
        if (p->name.n != strlen(properties[i].name) || strncasecmp(p->name.p, properties[i].name, p->name.n) != 0)
            continue;
        r.kind = properties[i].kind;
        fn(ctx, &r);
    }
}

static void at_xpo_node(const struct xpo_node *n, reference_fn *fn, void *ctx)
{
    for (; n; n = n->next) {
        for (uint32_t i = 0; i < n->n_props; i++)
            at_property(&n->props[i], fn, ctx);
        at_xpo_node(n->first, fn, ctx);
    }
}

void references_of_element(const struct xpo_element *e, reference_fn *fn, void *ctx)
{
    at_xpo_node(e->root, fn, ctx);
}

void references_of(const struct syntax *s, reference_fn *fn, void *ctx)
{
    struct walk w = {s, fn, ctx};
    for (uint32_t i = 1; i < s->nodes.n; i++) {
        enum node_kind kind = s->nodes.p[i].kind;
        if (kind == NODE_TYPE && is_plain(&w, i))
            tell(&w, REFERENCE_TYPE, syntax_text(s, i), (struct str){NULL, 0}, i);
        else if (kind == NODE_STATIC)
            at_static(&w, i);
        else if (kind == NODE_CALL)
            at_call(&w, i);
        else if (kind == NODE_LITERAL)
            at_literal(&w, i);
    }
}
