#include "forward/tally.h"
#include <stdlib.h>
#include <strings.h>

double tally_hours(const struct rule *rule, const struct finding *f)
{
    return rule && f->outcome != FINDING_FIXED && !f->again ? rule->hours : 0;
}

static void add(struct tally_count *c, const struct finding *f, double hours)
{
    c->fixed += f->outcome == FINDING_FIXED;
    c->todo += f->outcome == FINDING_TODO;
    c->reported += f->outcome == FINDING_REPORTED;
    c->hours += hours;
}

static int compare_rules(const void *x, const void *y)
{
    const struct tally_rule *a = x, *b = y;
    uint64_t n = a->count.fixed + a->count.todo + a->count.reported,
             m = b->count.fixed + b->count.todo + b->count.reported;
    if (a->count.hours != b->count.hours)
        return a->count.hours > b->count.hours ? -1 : 1;
    if (n != m)
        return n > m ? -1 : 1;
    return strcmp(a->rule->id, b->rule->id);
}

/* Equal ones in the order of the inputs: units stand in one array. */
static int compare_spots(const void *x, const void *y)
{
    const struct tally_spot *a = x, *b = y;
    if (a->count.hours != b->count.hours)
        return a->count.hours > b->count.hours ? -1 : 1;
    if (a->count.todo != b->count.todo)
        return a->count.todo > b->count.todo ? -1 : 1;
    return a->unit > b->unit ? 1 : -1;
}

struct adder {
    const struct rulebook *book;
    struct tally *t;
    struct tally_rule *rules;         /* one for each of the book */
    const struct forward_unit **last; /* the element that each rule was found in last */
};

static void add_finding(struct adder *x, const struct forward_unit *u, const struct finding *f,
                        struct tally_count *spot)
{
    const struct rule *rule = rulebook_find(x->book, f->rule);
    if (!rule)
        return;
    size_t i = (size_t)(rule - rulebook_at(x->book, 0));
    double hours = tally_hours(rule, f);
    add(&x->t->count, f, hours);
    add(&x->t->by_severity[rule->severity], f, hours);
    add(&x->t->kinds[u->kind].count, f, hours);
    add(&x->rules[i].count, f, hours);
    add(spot, f, hours);
    x->rules[i].elements += x->last[i] != u;
    x->last[i] = u;
}

static void add_unit(struct adder *x, const struct forward_unit *u)
{
    struct tally *t = x->t;
    struct tally_kind *k = &t->kinds[u->kind];
    struct tally_spot spot = {.unit = u};
    t->elements++;
    t->carried += u->files > 0;
    t->deltas += u->delta;
    t->methods += u->methods;
    t->lines += u->lines;
    t->files += u->files;
    k->elements++;
    k->carried += u->files > 0;
    k->methods += u->methods;
    k->lines += u->lines;
    for (size_t i = 0; i < u->n_findings; i++)
        add_finding(x, u, &u->findings[i], &spot.count);
    if (spot.count.todo + spot.count.reported)
        t->spots[t->n_spots++] = spot;
}

static void sort_rules(struct adder *x, size_t n)
{
    struct tally *t = x->t;
    t->rules = x->rules;
    for (size_t i = 0; i < n; i++) {
        const struct tally_count *c = &x->rules[i].count;
        if (c->fixed + c->todo + c->reported)
            t->rules[t->n_rules++] = x->rules[i];
    }
    if (t->n_rules)
        qsort(t->rules, t->n_rules, sizeof *t->rules, compare_rules);
}

void tally_make(const struct forward_result *r, const struct rulebook *book, struct arena *a, struct tally *ret)
{
    size_t n = rulebook_count(book);
    *ret = (struct tally){.spots = arena_alloc(a, (r->n_units + 1) * sizeof *ret->spots)};
    struct adder x = {book, ret, arena_alloc(a, (n + 1) * sizeof *x.rules), arena_alloc(a, (n + 1) * sizeof *x.last)};
    for (size_t i = 0; i <= SYMBOL_KINDS; i++)
        ret->kinds[i].kind = (enum symbol_kind)i;
    for (size_t i = 0; i < n; i++)
        x.rules[i].rule = rulebook_at(book, i);
    for (size_t i = 0; i < r->n_units; i++)
        add_unit(&x, &r->units[i]);
    sort_rules(&x, n);
    if (ret->n_spots)
        qsort(ret->spots, ret->n_spots, sizeof *ret->spots, compare_spots);
}
