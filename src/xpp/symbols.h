/*
 * symbols: the names of everything that is there to refer to: the inputs, the baseline, what version N has itself.
 *
 * Filled in a first pass over all elements, then only read, by any number of threads. Names compare without case. Only
 * names and the few facts that other elements need are kept, so that its size goes with the number of names.
 */
#ifndef XPP_SYMBOLS_H
#define XPP_SYMBOLS_H
#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"
#include "xpp/declaration.h"
#include "xpp/xpo/node.h"

enum symbol_kind {
#define S(ID, name, folder, codes) SYMBOL_##ID,
#include "xpp/symbols.def"
#undef S
    SYMBOL_KINDS
};

enum symbol_origin {
    SYMBOL_STANDARD, /* version N has it; a list that came with the package says so */
    SYMBOL_BASELINE, /* the export of standard objects that was given */
    SYMBOL_OURS,     /* an input: what is brought forward */
};

enum member_kind {
    MEMBER_METHOD,
    MEMBER_FIELD,
    MEMBER_VALUE,
    MEMBER_INDEX,
    MEMBER_RELATION,
    MEMBER_GROUP,
    MEMBER_VARIABLE,
    MEMBER_DELEGATE,
    MEMBER_SOURCE, /* a data source of a query; around it is the one before it that is its `parent` */
    MEMBER_FIXED   /* of an EDT's reference: a field and the value that it must have */
};

struct member {
    enum member_kind kind;
    struct str name;
    /* Of a field: its EDT or enum; of a variable: its type; of a relation: the related table; of a data source: its
     * table; of a fixed value: the value. */
    struct str type;
    uint64_t digest;             /* of a method's source without its white space; else 0 */
    struct str parameters;       /* of a method or delegate: their names, each with a blank behind it */
    bool is_static;              /* a method */
    enum declared_access access; /* of a method */
    /* Of a field: "STRING", "ENUM" ...; of a data source: its join mode when it is joined 1:1; of a fixed value:
     * "EXTERNFIXED" of a field of the related table, "THISFIXED" of the table's own. */
    struct str word;
    struct str parent; /* of a data source: the one that it is joined to */
};

/* A delete action that a table declares on another one: it becomes a property of that one's relation. */
struct delete_action {
    struct str table, related, relation, action; /* declared by, on, named, "Cascade" ... as in the export */
};

struct symbol {
    enum symbol_kind kind;
    enum symbol_origin origin;
    bool delta;              /* an export of one layer: it holds changes of a standard element, not the element */
    struct str name, base;   /* what it extends */
    struct str table, field; /* of an EDT: its reference; of a form part or menu item: the object in `table` */
    struct member *members;
    uint32_t n_members;
};

struct symbols; /* opaque */

struct symbols *symbols_new(void);
void symbols_free(struct symbols *s);
DEFINE_SCOPED(symbols)

/* Enters an element and what it declares. Several elements of one name: an input hides the baseline, which hides the
 * standard; the hidden one is found with symbols_find_from(). Not thread-safe. */
void symbols_add(struct symbols *s, const struct xpo_element *e, enum symbol_origin origin);

/* Enters a name alone: of the standard lists. */
void symbols_add_name(struct symbols *s, enum symbol_kind kind, struct str name, enum symbol_origin origin);

/* NULL when nobody has it. */
const struct symbol *symbols_find(const struct symbols *s, enum symbol_kind kind, struct str name);
const struct symbol *symbols_find_from(const struct symbols *s, enum symbol_kind kind, struct str name,
                                       enum symbol_origin origin);
const struct member *symbol_member(const struct symbol *s, enum member_kind kind, struct str name);

/* The delete actions that other tables declare on this one. */
size_t symbols_delete_actions(const struct symbols *s, struct str related, const struct delete_action **ret_list);

/* The kind of an element by its code in an export; SYMBOL_KINDS when it has none. A menu item's kind depends on its
 * type line. */
enum symbol_kind symbol_kind_of(const struct xpo_element *e);
const char *symbol_kind_name(enum symbol_kind k);

#endif
