/*
 * conditional: what stands between #if or #ifnot and its #endif. Private to lang/.
 *
 * A compiler sees one branch, so that the text of the other one may be no X++, or both together may make no sense: two
 * heads of one method, prose in a branch that nobody ever takes. The parser sees both, and only where that makes no
 * tree it looks for a version of the source that does.
 */
#ifndef XPP_LANG_CONDITIONAL_H
#define XPP_LANG_CONDITIONAL_H
#include "xpp/lang/tree.h"

struct conditional {
    uint32_t off, n; /* from its directive to behind #endif; no other one is around it */
    bool negated;    /* #ifnot */
    bool has_problem;
};

typedef VEC(struct conditional) conditionals;

/* Which of them a version of the source leaves out. */
enum conditional_version { CONDITIONAL_NONE, CONDITIONAL_BROKEN, CONDITIONAL_IF, CONDITIONAL_IFNOT, CONDITIONAL_ALL };

/* Those that begin and end as the first words of a line; `problems` of the source mark the broken ones. */
void conditionals_find(const struct syntax *s, conditionals *ret);

/* Blanks in the copy of the source what the version leaves out, and notes it in `s`. False when that is nothing. */
bool conditionals_leave_out(const conditionals *c, enum conditional_version v, char *copy, struct syntax *s);

/* Takes the directives themselves, not what is between them, out of the tokens. */
void conditionals_drop_directives(struct syntax *s);

#endif
