#include "base/map.h"
#include "xpp/d365/form.h"

enum mark { UNSEEN, ON_PATH, DONE };

static uint32_t count_controls(const struct xpo_node *n)
{
    uint32_t count = 0;
    for (const struct xpo_node *c = n->first; c; c = c->next)
        count += work_same(c->keyword, "CONTROL") + count_controls(c);
    return count;
}

static void add_control(struct form_tree *t, const struct xpo_node *node, struct form_control *parent)
{
    struct form_control *c = &t->all[t->n];
    int64_t position = 0;
    (void)str_to_i64(xpo_value(node, "ElementPosition"), &position);
    *c = (struct form_control){.node = node,
                               .type = form_type_of(node->word),
                               .name = work_name(node),
                               .position = position,
                               .index = t->n++,
                               .parent = parent};
}

/* In old exports a CONTAINER holds the controls of the CONTROL around it, or of the one before it. */
static void collect(struct form_tree *t, const struct xpo_node *list, struct form_control *parent)
{
    struct form_control *before = parent;
    for (const struct xpo_node *n = list->first; n; n = n->next) {
        if (work_same(n->keyword, "CONTROL")) {
            before = &t->all[t->n];
            add_control(t, n, parent);
            collect(t, n, before);
        } else if (work_same(n->keyword, "CONTAINER")) {
            collect(t, n, before);
        }
    }
}

static void find_parents(struct work *w, struct form_tree *t)
{
    SCOPED(map) by_name = map_new();
    for (uint32_t i = 0; i < t->n; i++) {
        struct map_entry *e = map_put(by_name, work_folded(w, t->all[i].name));
        if (!e->value)
            e->value = &t->all[i];
    }
    for (uint32_t i = 0; i < t->n; i++) {
        struct form_control *c = &t->all[i];
        struct str parent = xpo_value(c->node, "HierarchyParent");
        if (parent.n == 0)
            continue;
        c->parent = map_get(by_name, work_folded(w, parent));
        if (c->parent)
            continue;
        c->parent = &t->root;
        work_tell(w, "VALUE", FINDING_TODO, work_path(w, "controls", c->name), c->node->line,
                  "parent %.*s is not there: it stands in the design", STR_ARG(parent));
    }
}

/* Walks up from a control; a circle, or more levels than can be written, ends at the design. */
static void settle(struct work *w, struct form_tree *t, struct form_control *start)
{
    unsigned depth = 0;
    struct form_control *c = start;
    for (; c != &t->root && c->mark == UNSEEN; c = c->parent, depth++)
        c->mark = ON_PATH;
    struct form_control *circle = c != &t->root && c->mark == ON_PATH ? c : NULL;
    for (c = start; c != &t->root && c->mark == ON_PATH; c = c->parent)
        c->mark = DONE;
    if (!circle)
        return;
    work_tell(w, "VALUE", FINDING_TODO, work_path(w, "controls", circle->name), circle->node->line,
              "parents form a circle: it stands in the design");
    circle->parent = &t->root;
}

static unsigned depth_of(const struct form_tree *t, const struct form_control *c)
{
    unsigned depth = 0;
    for (; c != &t->root && depth <= FORM_DEPTH_MAX; c = c->parent)
        depth++;
    return depth;
}

static void limit_depth(struct work *w, struct form_tree *t)
{
    for (uint32_t i = 0; i < t->n; i++) {
        struct form_control *c = &t->all[i];
        if (depth_of(t, c) <= FORM_DEPTH_MAX)
            continue;
        work_tell(w, "VALUE", FINDING_TODO, work_path(w, "controls", c->name), c->node->line,
                  "more than %d levels of controls: it stands in the design", FORM_DEPTH_MAX);
        c->parent = &t->root;
    }
}

/* By position among siblings; the order of the file decides between equals. */
static int by_position(const void *a, const void *b)
{
    const struct form_control *x = *(struct form_control *const *)a, *y = *(struct form_control *const *)b;
    if (x->position != y->position)
        return x->position < y->position ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

static void link_children(struct work *w, struct form_tree *t, bool sorted)
{
    struct form_control **list = arena_new_array(w->arena, struct form_control *, t->n + 1);
    for (uint32_t i = 0; i < t->n; i++)
        list[i] = &t->all[i];
    if (sorted)
        qsort(list, t->n, sizeof *list, by_position);
    for (uint32_t i = 0; i < t->n; i++) {
        struct form_control *c = list[i], *p = c->parent;
        if (p->last)
            p->last->next = c;
        else
            p->first = c;
        p->last = c;
    }
}

void form_tree_build(struct work *w, const struct xpo_node *design, struct form_tree *ret_tree)
{
    *ret_tree = (struct form_tree){0};
    uint32_t n = count_controls(design);
    bool flat = !str_is(w->element->version, "FRMVERSION 5");
    ret_tree->all = arena_new_array(w->arena, struct form_control, n + 1);
    collect(ret_tree, design, &ret_tree->root);
    find_parents(w, ret_tree);
    for (uint32_t i = 0; i < ret_tree->n; i++)
        settle(w, ret_tree, &ret_tree->all[i]);
    limit_depth(w, ret_tree);
    link_children(w, ret_tree, flat);
}
