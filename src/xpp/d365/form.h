/*
 * form: the parts of a form: its tree of controls, its data sources, its design.
 */
#ifndef XPP_D365_FORM_H
#define XPP_D365_FORM_H
#include "xpp/d365/carry.h"

/* The file of a form. */
void form_write(struct work *w, const struct xpo_node *node);

/* What a control becomes. */
struct form_type {
    const char *from;     /* "STRINGEDIT" */
    const char *type;     /* "String": AxFormStringControl; NULL when D365 has none */
    enum carry_part part; /* of its own members */
    bool container, button;
};

struct form_control {
    const struct xpo_node *node;
    const struct form_type *type; /* NULL: unknown */
    struct str name;
    int64_t position;
    uint32_t index; /* in the file */
    struct form_control *parent, *first, *last, *next;
    bool gone;   /* deleted, with what is below it */
    bool lifted; /* deleted, its children stand in its place */
    uint8_t mark;
};

struct form_tree {
    struct form_control *all;
    uint32_t n;
    struct form_control root; /* the design */
};

/* Levels of controls, at most: deeper ones are put at the root. */
#define FORM_DEPTH_MAX 100

/* Makes the tree of a DESIGN: flat lists by HierarchyParent and ElementPosition, nested ones as they stand. */
void form_tree_build(struct work *w, const struct xpo_node *design, struct form_tree *ret_tree);

/* Applies the rules that remove controls, before anything is written. `dialog` deletes what names the form twice. */
void form_rules_apply(struct work *w, struct form_tree *tree, const struct xpo_node *design);

/* The text that stood as main instruction of a dialog and becomes its caption (F14); empty when there is none. */
struct str form_rules_caption(const struct form_tree *tree, const struct xpo_node *design);

/* Whether the form has the two buttons of a dialog (F13). */
bool form_rules_is_dialog(const struct form_tree *tree, const struct xpo_node *design);

/* The pattern that the style asks for and the form fulfils (F16), or NULL. */
const char *form_rules_pattern(const struct form_tree *tree, const struct xpo_node *design, const char **ret_version);

const struct form_type *form_type_of(struct str word);

/* <AxFormControl> with all that is below it; `element` is its name in another file. */
void form_put_control(struct work *w, const struct form_control *control, const char *element, const char *attributes);

/* <Controls> of a node of the tree. */
void form_put_controls(struct work *w, const struct form_control *parent, const char *attributes);

/* <Control>s of SourceCode for every control that has methods. */
void form_put_control_methods(struct work *w, const struct form_tree *tree);

/* <DataSources> of SourceCode and of the form, and one data source. */
void form_put_source_methods(struct work *w, const struct xpo_node *form);
void form_put_sources(struct work *w, const struct xpo_node *form);
void form_put_source(struct work *w, const struct xpo_node *form, const struct xpo_node *source);

/* The object pool of a data source: it has its properties and its fields. */
const struct xpo_node *form_pool_of(const struct xpo_node *source);

#endif
