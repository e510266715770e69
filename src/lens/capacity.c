#include "lens/capacity.h"
#include "lens/tree.h"
#include <pg_query.h>

static struct fit_lens *find_lens(struct fit_lenses *lenses, const char *table)
{
    for (size_t i = 0; i < lenses->n; i++)
        if (strcmp(lenses->p[i].table, table) == 0)
            return &lenses->p[i];
    return NULL;
}

/* -- types -- */

static int number_of(const Node *n)
{
    bool is_whole = NODE_IS(n, A_CONST) && n->a_const->val_case == PG_QUERY__A__CONST__VAL_IVAL;
    return is_whole ? n->a_const->ival->ival : 0;
}

static void take_column(const PgQuery__ColumnDef *d, struct fit_column *c)
{
    const PgQuery__TypeName *t = d->type_name;
    c->name = d->colname;
    c->not_null = d->is_not_null;
    for (size_t i = 0; i < d->n_constraints; i++)
        if (NODE_IS(d->constraints[i], CONSTRAINT) &&
            d->constraints[i]->constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL)
            c->not_null = true;
    if (t->n_names && t->n_array_bounds == 0)
        fit_take_type(c, node_text(t->names[t->n_names - 1]), t->n_typmods ? number_of(t->typmods[0]) : 0,
                      t->n_typmods > 1 ? number_of(t->typmods[1]) : 0);
}

static void take_table(const PgQuery__CreateStmt *s, struct arena *a, struct fit_lenses *lenses)
{
    struct fit_lens *l = find_lens(lenses, s->relation->relname);
    if (!l)
        return;
    l->columns = arena_new_array(a, struct fit_column, s->n_table_elts + 1);
    for (size_t i = 0; i < s->n_table_elts; i++)
        if (NODE_IS(s->table_elts[i], COLUMN_DEF))
            take_column(s->table_elts[i]->column_def, &l->columns[l->n_columns++]);
}

/* -- unique indexes and keys -- */

static void add_unique(struct arena *a, struct fit_lens *l, const struct fit_unique *u)
{
    struct fit_unique *grown = arena_new_array(a, struct fit_unique, l->n_uniques + 1);
    if (l->n_uniques)
        memcpy(grown, l->uniques, l->n_uniques * sizeof *grown);
    grown[l->n_uniques++] = *u;
    l->uniques = grown;
}

static void take_index(const PgQuery__IndexStmt *s, struct arena *a, struct fit_lenses *lenses)
{
    struct fit_lens *l = find_lens(lenses, s->relation->relname);
    if (!l || !s->unique || s->where_clause)
        return;
    struct fit_unique u = {.columns = arena_new_array(a, const char *, s->n_index_params + 1)};
    for (size_t i = 0; i < s->n_index_params; i++) {
        const char *name = s->index_params[i]->index_elem->name;
        if (!name || !*name)
            return;
        u.columns[u.n++] = name;
    }
    add_unique(a, l, &u);
}

static void take_constraint(const PgQuery__Constraint *c, struct arena *a, struct fit_lens *l)
{
    if (c->contype != PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY && c->contype != PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE)
        return;
    struct fit_unique u = {.columns = arena_new_array(a, const char *, c->n_keys + 1)};
    for (size_t i = 0; i < c->n_keys; i++)
        u.columns[u.n++] = node_text(c->keys[i]);
    add_unique(a, l, &u);
}

static void take_alter(const PgQuery__AlterTableStmt *s, struct arena *a, struct fit_lenses *lenses)
{
    struct fit_lens *l = find_lens(lenses, s->relation->relname);
    for (size_t i = 0; l && i < s->n_cmds; i++)
        if (NODE_IS(s->cmds[i]->alter_table_cmd->def, CONSTRAINT))
            take_constraint(s->cmds[i]->alter_table_cmd->def->constraint, a, l);
}

/* -- scripts -- */

static void take_statement(const Node *stmt, struct arena *a, struct fit_lenses *lenses)
{
    if (NODE_IS(stmt, CREATE_STMT))
        take_table(stmt->create_stmt, a, lenses);
    else if (NODE_IS(stmt, INDEX_STMT))
        take_index(stmt->index_stmt, a, lenses);
    else if (NODE_IS(stmt, ALTER_TABLE_STMT))
        take_alter(stmt->alter_table_stmt, a, lenses);
}

bool capacity_of_schema(const struct package *p, struct arena *a, struct fit_lenses *lenses, struct err *err)
{
    static const char *const scripts[] = {"10_tables", "20_indexes", "30_constraints"};
    for (size_t i = 0; i < ARRAY_LEN(scripts); i++) {
        const struct package_file *f = package_find(&p->schema, scripts[i]);
        PgQuery__ParseResult *parsed = NULL;
        if (f && !tree_parse_script(f->text, f->path, a, &parsed, err))
            return false;
        for (size_t k = 0; f && k < parsed->n_stmts; k++)
            take_statement(parsed->stmts[k]->stmt, a, lenses);
    }
    return true;
}
