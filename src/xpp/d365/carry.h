/*
 * carry: the properties of one node of an export, carried row by row.
 *
 * The rows (properties_*.def) say for every part of an element which property becomes which member of D365, in its
 * order. A carry notes what it has taken, so that at its end every property that nobody took is told. Macros of the
 * rows:
 *
 *   PART(ID)                  what follows are the rows of this part
 *   T(to, from)               text, as it is; not written when it is empty
 *   B(to, from, old, new)     yes or no; old and new are the defaults of AX 2012 and of D365. new is "" where that of
 *                             D365 is not known, so that any value is written, old where that of AX 2012 depends, so
 *                             that only what the export says is
 *   N(to, from, default)      a whole number; not written when it is the default
 *   W(to, from, SET)          a word of a closed set of values.def
 *   H(to, from)               written by hand: the family's code is called at this place
 *   D(from, rule)             D365 has no such thing; "" when the tree says it already
 */
#ifndef XPP_D365_CARRY_H
#define XPP_D365_CARRY_H
#include "xpp/d365/work.h"

enum carry_kind { CARRY_TEXT, CARRY_YES_NO, CARRY_NUMBER, CARRY_WORD, CARRY_HAND, CARRY_DROP, CARRY_PART };

/* Numbers every row and every head of a part, so that the name of a part is the place of its head. */
enum carry_part {
#define PART(ID) PART_##ID,
#define CARRY_PASTE(a, b) a##b
#define CARRY_NAME(a, b) CARRY_PASTE(a, b)
#define CARRY_ROW CARRY_NAME(CARRY_ROW_, __COUNTER__),
#define T(to, from) CARRY_ROW
#define B(to, from, old, new) CARRY_ROW
#define N(to, from, def) CARRY_ROW
#define W(to, from, set) CARRY_ROW
#define H(to, from) CARRY_ROW
#define D(from, rule) CARRY_ROW
#include "xpp/d365/properties_data.def"
#include "xpp/d365/properties_form.def"
#include "xpp/d365/properties_other.def"
#undef PART
#undef T
#undef B
#undef N
#undef W
#undef H
#undef D
    CARRY_ROWS
};

enum value_set {
#define SET(ID, old, new) SET_##ID,
#define V(display, word, rule) CARRY_ROW
#include "xpp/d365/values.def"
#undef SET
#undef V
    CARRY_VALUES
};

struct carry_row {
    const char *to, *from; /* `from` is "" when no property stands behind it */
    const char *old, *new; /* defaults */
    const char *rule;      /* of a drop */
    uint16_t from_n;
    uint16_t set; /* enum value_set */
    enum carry_kind kind;
};

struct carry_value {
    const char *display, *word, *rule; /* the head of a set has its defaults in the first two */
    bool head, unlike;                 /* whether its defaults differ */
};

struct carry {
    struct work *w;
    const struct xpo_node *node;
    struct str where;
    const char *attributes; /* of every member: "" or xmlns="" */
    void (*hand)(struct carry *c, const struct carry_row *row);
    const void *ctx; /* for `hand` */
    bool *taken;     /* by the place of the property in the node */
    uint64_t seen;   /* marks of the names that the node has: most rows are absent, and seen to be at once */
};

/* Begins to carry a node. `where` is its path in findings: "fields/Amount", or "" of the element itself. */
void carry_begin(struct carry *c, struct work *w, const struct xpo_node *node, struct str where);

/* Carries the properties of a part, in the order of its rows. */
void carry_rows(struct carry *c, enum carry_part part);

/* Tells every property that no row took. */
void carry_end(struct carry *c);

/* All three for a node that needs nothing by hand. */
void carry_all(struct work *w, const struct xpo_node *node, struct str where, enum carry_part part);

/* The value of a property, which counts as taken; p is NULL when it is not there. */
struct str carry_take(struct carry *c, const char *name);

/* <Name>: the property, else what stands at the block. Returns it. */
struct str carry_name(struct carry *c);

/* A member, left out when it is empty. */
void carry_put(struct carry *c, const char *name, struct str value);
void carry_puts(struct carry *c, const char *name, const char *value);

/* The word of D365 for a value, or NULL; `ret_rule` becomes the rule that changed it, or "". */
const char *carry_word(enum value_set set, struct str value, const char **ret_rule);

/* Tells a value that is in no set. */
void carry_tell_value(struct carry *c, const char *name, struct str value);

/* A finding at the node's line, and at a property's. */
void carry_tell(struct carry *c, const char *rule, enum finding_outcome outcome, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

/* The rows of a part, for tests and for extensions. */
const struct carry_row *carry_rows_of(enum carry_part part, size_t *ret_n);
const struct carry_value *carry_values_of(enum value_set set, size_t *ret_n);

#endif
