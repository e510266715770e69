/*
 * carry: the copying of tables that version N has from N-1 as they are, in a package of scripts.
 *
 * Every table of hq.* that no lens fills, and that old.* has under the same name, gets the rows of that: like column to
 * like column. What would not fit is found before anything is copied. Indexes and keys of such tables are made behind
 * their rows, constraints when all tables are there.
 */
#ifndef SCRIPT_CARRY_H
#define SCRIPT_CARRY_H
#include "db/pg.h"
#include "script/graph.h"

/* A statement of the schema scripts, with the table it is about. */
struct carry_statement {
    const char *table, *sql;
    bool constraint;
};

struct carry_opts {
    const char *const *lenses; /* tables that lenses fill */
    size_t n_lenses;
    const struct carry_statement *statements;
    size_t n_statements;
};

/* The tables, with the statements that fill them. Fails with ERR_SCRIPT_FAILED where a NOT NULL column has neither a
 * source nor a default. All in the arena. */
bool carry_plan(struct pg *target, const struct carry_opts *o, struct arena *a, struct graph_table **ret, size_t *ret_n,
                struct err *err) MUST_CHECK;

/* Looks through all rows: fails with ERR_SCRIPT_FAILED, naming every table and column whose values would lose something
 * in version N, or are null where they may not be, and how many. */
bool carry_check(struct pg *target, const struct carry_opts *o, struct arena *a, struct err *err) MUST_CHECK;

#endif
