/*
 * references: which names a source refers to.
 *
 * Types in declarations, `new` and attributes, `Type::member`, the intrinsic functions (tableNum, fieldStr,
 * menuItemDisplayStr
 * ...) and label ids in strings. Not what is bound late (methods of variables): nobody can tell without running it.
 */
#ifndef XPP_REFERENCES_H
#define XPP_REFERENCES_H
#include "xpp/lang/tree.h"
#include "xpp/xpo/node.h"

enum reference_kind {
    REFERENCE_TYPE, /* class, table, view, map, enum or extended data type */
    REFERENCE_CLASS,
    REFERENCE_TABLE, /* table, view or map */
    REFERENCE_ENUM,
    REFERENCE_EDT,
    REFERENCE_FORM,
    REFERENCE_QUERY,
    REFERENCE_REPORT,
    REFERENCE_MENU_ITEM_DISPLAY,
    REFERENCE_MENU_ITEM_OUTPUT,
    REFERENCE_MENU_ITEM_ACTION,
    REFERENCE_RESOURCE,
    REFERENCE_CONFIGURATION_KEY,
    REFERENCE_LABEL,  /* "@ABC123" */
    REFERENCE_FIELD,  /* `member` of the table `name` */
    REFERENCE_METHOD, /* `member` of the class or table `name` */
    REFERENCE_VALUE,  /* `member` of the enum, or static method or constant of the class, `name` */
    REFERENCE_KINDS
};

struct reference {
    enum reference_kind kind;
    struct str name, member; /* views of the source */
    uint32_t off;            /* in the source; of a property its line in the file */
};

typedef void reference_fn(void *ctx, const struct reference *r);

/* Calls `fn` for every reference, in the order of the tree's nodes. */
void references_of(const struct syntax *s, reference_fn *fn, void *ctx);

/* The same for the properties of an element: types of fields, tables of data sources, keys, labels. `off` is the line
 * in the file. */
void references_of_element(const struct xpo_element *e, reference_fn *fn, void *ctx);

const char *reference_kind_name(enum reference_kind k);

#endif
