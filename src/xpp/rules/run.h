/*
 * run: the rules at work on one source. Private to rules/: what apply.c and the checks in C share.
 */
#ifndef XPP_RULES_RUN_H
#define XPP_RULES_RUN_H
#include "xpp/edit.h"
#include "xpp/rules/apply.h"
#include "xpp/rules/match.h"

struct rules_run {
    struct rules_options options;
    struct edits edits;
    VEC(uint32_t) line_starts; /* of the source at hand; made when the first place is asked for */
    VEC(struct {
        uint32_t off;
        const struct rule *rule;
    })
    comments;                  /* written already */
    uint32_t head[NODE_COUNT]; /* the first node of each kind, 0: none; the next one of its kind stands in `same` */
    VEC(uint32_t) same;
    VEC(uint32_t) nested; /* names of functions within methods, once `nested_listed` */
    bool nested_listed;
    struct arena *arena;          /* pieces of edits, of one source */
    const struct rule *last_rule; /* of the hit before, with its node: two patterns of a rule may fit one place */
    uint32_t last_node;
    const struct syntax *syntax;
    const struct rules_place *place;
    const struct scope *scope;
    struct findings *findings;
};

/* A check in C: looks at the whole source. */
struct check_call {
    struct rules_run *run;
    const struct rule *rule;
    const struct syntax *syntax;
};

/* Every node of one kind, in the order of their numbers. */
#define each_of_kind(run, i, kind) for (uint32_t i = (run)->head[kind]; i; i = (run)->same.p[i])

/* Records a hit of a rule at a node: a finding, and a comment or the given edit, as the rule's mode says. The range
 * [off, off + n) is replaced by `pieces` when it is a fix; pieces == NULL means that there is none, and the hit is left
 * to a person. The detail is the text of the node. */
void rules_hit(struct rules_run *r, const struct rule *rule, uint32_t node);
void rules_hit_edit(struct rules_run *r, const struct rule *rule, uint32_t node, uint32_t off, uint32_t n,
                    struct edit_piece *pieces, uint32_t n_pieces);

/* A text as the piece of an edit; of the run's arena. */
struct edit_piece *rules_piece(struct rules_run *r, struct str text);

/* Where the text of a node begins and ends. */
uint32_t rules_begin_of(const struct syntax *s, uint32_t node);
uint32_t rules_end_of(const struct syntax *s, uint32_t node);

/* White space within a line. */
bool rules_is_blank(char c);

/* The range that goes with a statement when it is deleted: its line too, when nothing else stands there; and what must
 * take its place ("" or "{}" where a statement has to be). */
void rules_deletion(const struct syntax *s, uint32_t node, uint32_t *ret_off, uint32_t *ret_n, struct str *ret_instead);

/* The statement, member or method around a node before which a comment may stand on a line of its own. */
uint32_t rules_statement(const struct syntax *s, uint32_t node);

#endif
