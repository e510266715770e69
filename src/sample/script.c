#include "sample/script.h"
#include "conf/sqltext.h"

static void name_place(struct pg *pg, const struct package_file *file, const char *sql, struct err *err)
{
    int statement, position;
    if (err->sqlstate[0] == '\0')
        return;
    pg_failed_at(pg, &statement, &position);
    if (err->code == ERR_SQL)
        err->code = ERR_PACKAGE;
    err_wrap(err, "%s:%d", file->path, sqltext_line(sql, statement, position));
}

bool script_run(struct pg *pg, const struct package_file *file, const struct map *values, struct err *err)
{
    SCOPED(arena) a = arena_new();
    char *sql = package_substitute(file->text, values, a);
    if (!pg_begin(pg, err))
        return err_wrap(err, "running %s", file->path);
    if (pg_script(pg, sql, err))
        return pg_commit(pg, err) || err_wrap(err, "committing %s", file->path);
    name_place(pg, file, sql, err);
    pg_rollback(pg);
    return false;
}
