#include "xpp/d365/carry.h"
#include <assert.h>
#include <strings.h>

static const struct carry_row rows[] = {
#define PART(ID) {.kind = CARRY_PART},
#define FROM(name) .from = name, .from_n = sizeof(name) - 1
#define T(to_, from_) {.kind = CARRY_TEXT, .to = to_, FROM(from_)},
#define B(to_, from_, old_, new_) {.kind = CARRY_YES_NO, .to = to_, FROM(from_), .old = old_, .new = new_},
#define N(to_, from_, def) {.kind = CARRY_NUMBER, .to = to_, FROM(from_), .old = def, .new = def},
#define W(to_, from_, set_) {.kind = CARRY_WORD, .to = to_, FROM(from_), .set = SET_##set_},
#define H(to_, from_) {.kind = CARRY_HAND, .to = to_, FROM(from_)},
#define D(from_, rule_) {.kind = CARRY_DROP, FROM(from_), .rule = rule_},
#include "xpp/d365/properties_data.def"
#include "xpp/d365/properties_form.def"
#include "xpp/d365/properties_other.def"
    {.kind = CARRY_PART},
};

static const struct carry_value values[] = {
#define SET(ID, old_, new_)                                                                                            \
    {.head = true, .display = old_, .word = new_, .unlike = sizeof(new_) > 1 && __builtin_strcmp(old_, new_) != 0},
#define V(display_, word_, rule_) {.display = display_, .word = word_, .rule = rule_},
#include "xpp/d365/values.def"
    {.head = true},
};

const struct carry_row *carry_rows_of(enum carry_part part, size_t *ret_n)
{
    assert(rows[part].kind == CARRY_PART);
    size_t n = 0;
    while (rows[part + 1 + n].kind != CARRY_PART)
        n++;
    *ret_n = n;
    return &rows[part + 1];
}

const struct carry_value *carry_values_of(enum value_set set, size_t *ret_n)
{
    assert(values[set].head);
    size_t n = 0;
    while (!values[set + 1 + n].head)
        n++;
    *ret_n = n;
    return &values[set + 1];
}

static inline unsigned char lower(char c)
{
    return (unsigned char)(c | 0x20);
}

static inline uint64_t mark_of(const char *name, size_t n)
{
    return n > 0 ? (uint64_t)1 << ((lower(name[0]) + 7 * n) & 63) : 0;
}

/* The place of a property in the node, or -1. Most names differ in length or first letter: a row is looked for in
 * every node, and there are some sixty rows. */
static int find(const struct xpo_node *node, const char *name, size_t n)
{
    for (uint32_t i = 0; i < node->n_props; i++) {
        struct str have = node->props[i].name;
        if (have.n == n && lower(have.p[0]) == lower(name[0]) && strncasecmp(have.p, name, n) == 0)
            return (int)i;
    }
    return -1;
}

void carry_begin(struct carry *c, struct work *w, const struct xpo_node *node, struct str where)
{
    *c = (struct carry){.w = w, .node = node, .where = where, .attributes = ""};
    for (uint32_t i = 0; i < node->n_props; i++)
        c->seen |= mark_of(node->props[i].name.p, node->props[i].name.n);
    if (node->n_props > 0)
        c->taken = arena_new_array(w->arena, bool, node->n_props);
}

void carry_put(struct carry *c, const char *name, struct str value)
{
    if (value.n > 0)
        xml_leaf_with(c->w->xml, name, c->attributes, value);
}

void carry_puts(struct carry *c, const char *name, const char *value)
{
    carry_put(c, name, str_of(value));
}

void carry_tell(struct carry *c, const char *rule, enum finding_outcome outcome, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    const char *detail = arena_vprintf(c->w->arena, fmt, args);
    va_end(args);
    work_tell(c->w, rule, outcome, c->where, c->node->line, "%s", detail);
}

void carry_tell_value(struct carry *c, const char *name, struct str value)
{
    const struct xpo_prop *p = xpo_prop_find(c->node, name);
    work_tell(c->w, "VALUE", FINDING_TODO, c->where, p ? p->line : c->node->line, "property %s = %.*s", name,
              STR_ARG(value));
}

const char *carry_word(enum value_set set, struct str value, const char **ret_rule)
{
    for (const struct carry_value *v = &values[set] + 1; !v->head; v++) {
        if (!work_same(value, v->display))
            continue;
        *ret_rule = v->rule;
        return v->word;
    }
    *ret_rule = "";
    for (const struct carry_value *v = &values[set] + 1; !v->head; v++) {
        if (work_same(value, v->word))
            return v->word;
    }
    return NULL;
}

static void put_yes_no(struct carry *c, const struct carry_row *r, struct str value)
{
    bool yes = work_same(value, "Yes") || work_same(value, "1") || work_same(value, "true");
    bool no = work_same(value, "No") || work_same(value, "0") || work_same(value, "false");
    if (!yes && !no && value.n > 0) {
        carry_tell_value(c, r->from, value);
        return;
    }
    const char *word = yes ? "Yes" : no ? "No" : r->old;
    if (strcmp(word, r->new) != 0)
        carry_puts(c, r->to, word);
}

static void put_number(struct carry *c, const struct carry_row *r, struct str value)
{
    int64_t number;
    if (value.n == 0 || work_same(value, "Auto") || str_is(value, r->new))
        return;
    if (str_to_i64(value, &number))
        carry_put(c, r->to, value);
    else
        carry_tell_value(c, r->from, value);
}

static void put_word(struct carry *c, const struct carry_row *r, struct str value)
{
    const struct carry_value *head = &values[r->set];
    const char *rule = "", *word = value.n > 0 ? carry_word(r->set, value, &rule) : head->display;
    if (!word) {
        carry_tell_value(c, r->from, value);
        return;
    }
    if (rule[0] != '\0')
        carry_tell(c, rule, FINDING_FIXED, "%s = %.*s is %s now", r->from, STR_ARG(value), word);
    /* Where D365 always writes a member, AX 2012 left its own default out: so nothing is said, nothing is written. */
    if (value.n == 0 && head->word[0] == '\0')
        return;
    if (strcmp(word, head->word) != 0)
        carry_puts(c, r->to, word);
}

/* A property that has a value for every element of an array: the first is the one of the field itself. */
static struct str first_item(struct carry *c, const struct xpo_prop *p)
{
    for (uint32_t i = 1; i < p->n_items; i++) {
        if (p->items[i].n > 0)
            work_tell(c->w, "PROPERTY", FINDING_REPORTED, c->where, p->line + i, "property %.*s of element %u = %.*s",
                      STR_ARG(p->name), i + 1, STR_ARG(p->items[i]));
    }
    return p->n_items > 0 ? p->items[0] : p->value;
}

/* What a property that is left out said: of an array the first item that says anything. */
static struct str said_by(const struct xpo_prop *p)
{
    struct str said = p->value;
    for (uint32_t i = 0; i < p->n_items && said.n == 0; i++)
        said = p->items[i];
    return said;
}

/* Whether a row writes something although its property is not there: the defaults of old and new differ. */
static bool is_written_unasked(const struct carry_row *r)
{
    if (r->kind == CARRY_YES_NO)
        return r->old[0] != r->new[0];
    return r->kind == CARRY_WORD && values[r->set].unlike;
}

static void carry_row(struct carry *c, const struct carry_row *r)
{
    if (r->kind == CARRY_HAND) {
        assert(c->hand);
        c->hand(c, r);
        return;
    }
    int at = c->seen & mark_of(r->from, r->from_n) ? find(c->node, r->from, r->from_n) : -1;
    if (at < 0 && !is_written_unasked(r))
        return;
    struct str value = {0};
    if (at >= 0 && r->kind == CARRY_DROP && c->taken[at])
        return;
    if (at >= 0) {
        c->taken[at] = true;
        value = r->kind == CARRY_DROP ? said_by(&c->node->props[at]) : first_item(c, &c->node->props[at]);
    }
    if (r->kind == CARRY_TEXT)
        carry_put(c, r->to, value);
    else if (r->kind == CARRY_YES_NO)
        put_yes_no(c, r, value);
    else if (r->kind == CARRY_NUMBER)
        put_number(c, r, value);
    else if (r->kind == CARRY_WORD)
        put_word(c, r, value);
    else if (at >= 0 && r->rule[0] != '\0' && value.n > 0)
        work_drop(c->w, r->rule, r->from, value, c->where, c->node->props[at].line);
}

void carry_rows(struct carry *c, enum carry_part part)
{
    for (const struct carry_row *r = &rows[part] + 1; r->kind != CARRY_PART; r++)
        carry_row(c, r);
}

struct str carry_take(struct carry *c, const char *name)
{
    int at = find(c->node, name, strlen(name));
    if (at < 0)
        return (struct str){0};
    c->taken[at] = true;
    return c->node->props[at].value;
}

struct str carry_name(struct carry *c)
{
    carry_take(c, "Name");
    struct str name = work_name(c->node);
    carry_put(c, "Name", name);
    return name;
}

static bool is_dropped(struct carry *c, const struct xpo_prop *p)
{
    for (const struct carry_row *r = &rows[PART_DROPPED] + 1; r->kind != CARRY_PART; r++) {
        if (!work_same(p->name, r->from))
            continue;
        work_drop(c->w, r->rule, r->from, said_by(p), c->where, p->line);
        return true;
    }
    return false;
}

void carry_end(struct carry *c)
{
    for (uint32_t i = 0; i < c->node->n_props; i++) {
        const struct xpo_prop *p = &c->node->props[i];
        if (c->taken[i] || said_by(p).n == 0 || is_dropped(c, p))
            continue;
        work_tell(c->w, "PROPERTY", FINDING_REPORTED, c->where, p->line, "property %.*s = %.*s", STR_ARG(p->name),
                  STR_ARG(said_by(p)));
    }
}

void carry_all(struct work *w, const struct xpo_node *node, struct str where, enum carry_part part)
{
    struct carry c;
    carry_begin(&c, w, node, where);
    carry_name(&c);
    carry_rows(&c, part);
    carry_end(&c);
}
