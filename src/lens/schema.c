#include "lens/schema.h"
#include "lens/tree.h"
#include <pg_query.h>

static int line_of(const char *text, int byte)
{
    int line = 1;
    for (int i = 0; i < byte && text[i]; i++)
        line += text[i] == '\n';
    return line;
}

static void take_key(struct arena *a, const PgQuery__Constraint *c, struct schema_statement *ret)
{
    if (c->contype != PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY)
        return;
    ret->is_key = true;
    ret->key = arena_new_array(a, const char *, c->n_keys + 1);
    for (size_t i = 0; i < c->n_keys; i++)
        ret->key[ret->n_key++] = node_text(c->keys[i]);
}

static void take_alter(struct arena *a, const PgQuery__AlterTableStmt *s, struct schema_statement *ret)
{
    ret->table = s->relation->relname;
    for (size_t i = 0; i < s->n_cmds; i++) {
        const PgQuery__AlterTableCmd *cmd = s->cmds[i]->alter_table_cmd;
        if (NODE_IS(cmd->def, CONSTRAINT))
            take_key(a, cmd->def->constraint, ret);
    }
}

static struct schema_statement take(struct arena *a, const char *text, const PgQuery__RawStmt *raw)
{
    int start = raw->stmt_location;
    size_t n = raw->stmt_len ? (size_t)raw->stmt_len : strlen(text + start);
    struct str sql = str_trim((struct str){text + start, n});
    struct schema_statement s = {.sql = arena_dup_str(a, sql), .line = line_of(text, (int)(sql.p - text))};
    if (NODE_IS(raw->stmt, INDEX_STMT)) {
        s.table = raw->stmt->index_stmt->relation->relname;
        s.index = raw->stmt->index_stmt->idxname;
    }
    if (NODE_IS(raw->stmt, ALTER_TABLE_STMT))
        take_alter(a, raw->stmt->alter_table_stmt, &s);
    if (NODE_IS(raw->stmt, CREATE_STMT))
        s.table = raw->stmt->create_stmt->relation->relname;
    return s;
}

bool schema_split(const struct package_file *file, struct arena *a, struct schema_statements *ret, struct err *err)
{
    *ret = (struct schema_statements){0};
    if (!file)
        return true;
    PgQuery__ParseResult *parsed = NULL;
    if (!tree_parse_script(file->text, file->path, a, &parsed, err))
        return false;
    ret->p = arena_new_array(a, struct schema_statement, parsed->n_stmts + 1);
    for (size_t i = 0; i < parsed->n_stmts; i++)
        ret->p[ret->n++] = take(a, file->text, parsed->stmts[i]);
    return true;
}
