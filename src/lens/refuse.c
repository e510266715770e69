#include "lens/refuse.h"
#include "lens/shape.h"

struct check {
    const struct catalog *cat;
    struct refusal *found;
};

static void refuse(struct check *c, int location, const char *construct, const char *instead)
{
    if (!c->found->construct)
        *c->found = (struct refusal){construct, instead, location};
}

/* -- what no query may have, wherever it stands -- */

static bool is_system_column(const char *name)
{
    static const char *const names[] = {"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static void check_column(struct check *c, const ColumnRef *ref)
{
    if (is_system_column(node_text(ref->fields[ref->n_fields - 1])))
        refuse(c, ref->location, "a system column", "use a column of the table");
}

static void check_join(struct check *c, const JoinExpr *j)
{
    if (j->is_natural || j->n_using_clause)
        refuse(c, -1, j->is_natural ? "NATURAL JOIN" : "JOIN ... USING", "write the condition with ON");
    if (j->alias)
        refuse(c, -1, "a name for a whole join", "give each table its own name");
}

static void check_function(struct check *c, const PgQuery__RangeFunction *f)
{
    for (size_t i = 0; i < f->n_functions; i++)
        if (shape_has_sublink(f->functions[i]))
            refuse(c, -1, "a query inside a function in FROM", "put the query into FROM itself");
}

static bool anywhere_visit(void *ctx, Message *m)
{
    struct check *c = ctx;
    if (MESSAGE_IS(m, column_ref))
        check_column(c, (ColumnRef *)m);
    if (MESSAGE_IS(m, join_expr))
        check_join(c, (JoinExpr *)m);
    if (MESSAGE_IS(m, range_function))
        check_function(c, (PgQuery__RangeFunction *)m);
    if (MESSAGE_IS(m, with_clause) && ((PgQuery__WithClause *)m)->recursive)
        refuse(c, ((PgQuery__WithClause *)m)->location, "WITH RECURSIVE", "write the levels as joins");
    if (MESSAGE_IS(m, locking_clause))
        refuse(c, -1, "FOR UPDATE or FOR SHARE", "leave it out");
    if (MESSAGE_IS(m, range_table_sample))
        refuse(c, ((PgQuery__RangeTableSample *)m)->location, "TABLESAMPLE", "read the whole table");
    if (MESSAGE_IS(m, grouping_set))
        refuse(c, ((PgQuery__GroupingSet *)m)->location, "GROUPING SETS, ROLLUP or CUBE",
               "write one GROUP BY per set and join them with UNION ALL");
    if (MESSAGE_IS(m, sqlvalue_function))
        refuse(c, ((PgQuery__SQLValueFunction *)m)->location, "the current date, time or user",
               "use a setting of the package (:name)");
    return !c->found->construct;
}

/* -- what depends on where the query stands -- */

enum place { PLACE_TOP, PLACE_FROM, PLACE_LATERAL, PLACE_SUBLINK };

static void check_select(struct check *c, const SelectStmt *q, enum place place);

static void check_windows(struct check *c, const SelectStmt *q)
{
    struct nodes partition = {0};
    bool same = true;
    if (!shape_window(q, &partition, &same))
        return;
    if (partition.n == 0)
        refuse(c, -1, "a window function over all rows", "give it PARTITION BY with the columns that belong together");
    if (!same)
        refuse(c, -1, "window functions with different PARTITION BY in one query",
               "put those with another partition into a subquery in FROM");
    if (shape_is_grouped(c->cat, q))
        refuse(c, -1, "window functions and GROUP BY in one query", "put the GROUP BY into a subquery in FROM");
}

static void check_limits(struct check *c, const SelectStmt *q, enum place place)
{
    if (shape_is_limited(q) && place != PLACE_SUBLINK && place != PLACE_LATERAL)
        refuse(c, -1, "LIMIT or OFFSET", "use DISTINCT ON (...) ... ORDER BY, or a LATERAL subquery for each row");
    if (shape_is_distinct_on(q) && (shape_is_grouped(c->cat, q) || shape_has_window(q)))
        refuse(c, -1, "DISTINCT ON together with GROUP BY or window functions",
               "put one of them into a subquery in FROM");
}

struct below {
    struct check *check;
};

/* Finds the next queries below one query and checks each in its place. */
static bool below_visit(void *ctx, Message *m)
{
    struct below *b = ctx;
    if (MESSAGE_IS(m, sub_link)) {
        tree_walk(((SubLink *)m)->testexpr, below_visit, ctx);
        check_select(b->check, ((SubLink *)m)->subselect->select_stmt, PLACE_SUBLINK);
        return false;
    }
    if (MESSAGE_IS(m, range_subselect)) {
        const RangeSubselect *r = (RangeSubselect *)m;
        check_select(b->check, r->subquery->select_stmt, r->lateral ? PLACE_LATERAL : PLACE_FROM);
        return false;
    }
    if (MESSAGE_IS(m, select_stmt)) { /* a query of WITH */
        check_select(b->check, (SelectStmt *)m, PLACE_FROM);
        return false;
    }
    return true;
}

static void check_below(struct check *c, const void *part)
{
    struct below b = {c};
    tree_walk(part, below_visit, &b);
}

static void check_lists(struct check *c, const SelectStmt *q)
{
    Node *const *const lists[] = {q->distinct_clause, q->target_list, q->from_clause,
                                  q->group_clause,    q->sort_clause, q->window_clause};
    const size_t counts[] = {q->n_distinct_clause, q->n_target_list, q->n_from_clause,
                             q->n_group_clause,    q->n_sort_clause, q->n_window_clause};
    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        for (size_t k = 0; k < counts[i]; k++)
            check_below(c, lists[i][k]);
    check_below(c, q->where_clause);
    check_below(c, q->having_clause);
    check_below(c, q->with_clause);
}

static void check_select(struct check *c, const SelectStmt *q, enum place place)
{
    if (q->op == PG_QUERY__SET_OPERATION__SETOP_INTERSECT || q->op == PG_QUERY__SET_OPERATION__SETOP_EXCEPT)
        refuse(c, -1, q->op == PG_QUERY__SET_OPERATION__SETOP_EXCEPT ? "EXCEPT" : "INTERSECT",
               "write it with EXISTS or NOT EXISTS");
    check_limits(c, q, place);
    if (place != PLACE_SUBLINK)
        check_windows(c, q);
    check_lists(c, q);
    if (shape_is_union(q)) {
        check_select(c, q->larg, place);
        check_select(c, q->rarg, place);
    }
}

struct refusal refuse_check(const SelectStmt *q, const struct catalog *cat)
{
    struct refusal found = {NULL, NULL, -1};
    struct check c = {cat, &found};
    tree_walk(q, anywhere_visit, &c);
    check_select(&c, q, PLACE_TOP);
    return found;
}
