#include "replicate/extras.h"
#include <pg_query.h>
#include <pg_query/pg_query.pb-c.h>

static int line_of(const struct package_file *f, int offset)
{
    int line = 1;
    for (int i = 0; i < offset && f->text[i]; i++)
        line += f->text[i] == '\n';
    return line;
}

static bool add_index(const struct package_file *f, const PgQuery__RawStmt *raw, struct arena *a, struct plan_extras *ret,
                      struct err *err)
{
    const PgQuery__IndexStmt *x =
        raw->stmt->node_case == PG_QUERY__NODE__NODE_INDEX_STMT ? raw->stmt->index_stmt : NULL;
    struct str text = {f->text + raw->stmt_location, raw->stmt_len ? (size_t)raw->stmt_len : strlen(f->text + raw->stmt_location)};
    if (!x || !x->idxname[0])
        return err_set(err, ERR_PACKAGE, "%s:%d: only CREATE INDEX statements with a name belong here", f->path,
                       line_of(f, raw->stmt_location));
    ret->p[ret->n++] = (struct plan_extra){.table = arena_dup(a, x->relation->relname),
                                           .name = arena_dup(a, x->idxname),
                                           .ddl = arena_dup_str(a, str_trim(text))};
    return true;
}

static bool add_all(const struct package_file *f, const PgQueryProtobufParseResult *parsed, struct arena *a,
                    struct plan_extras *ret, struct err *err)
{
    PgQuery__ParseResult *tree =
        pg_query__parse_result__unpack(NULL, parsed->parse_tree.len, (const uint8_t *)parsed->parse_tree.data);
    if (!tree)
        return err_set(err, ERR_PACKAGE, "%s: the statements could not be read", f->path);
    ret->p = arena_new_array(a, struct plan_extra, tree->n_stmts + 1);
    bool ok = true;
    for (size_t i = 0; ok && i < tree->n_stmts; i++)
        ok = add_index(f, tree->stmts[i], a, ret, err);
    pg_query__parse_result__free_unpacked(tree, NULL);
    return ok;
}

bool extras_read(const struct package *p, struct arena *a, struct plan_extras *ret, struct err *err)
{
    *ret = (struct plan_extras){0};
    const struct package_file *f = package_find(&p->schema, "old_indexes");
    if (!f)
        return true;
    PgQueryProtobufParseResult parsed = pg_query_parse_protobuf(f->text);
    bool ok;
    if (parsed.error)
        ok = err_set(err, ERR_PACKAGE, "%s:%d: %s", f->path, line_of(f, parsed.error->cursorpos - 1), parsed.error->message);
    else
        ok = add_all(f, &parsed, a, ret, err);
    pg_query_free_protobuf_parse_result(parsed);
    return ok;
}
