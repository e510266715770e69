#include "sample/script.h"
#include "conf/sqltext.h"

static int lines_before(const char *sql, const char *at)
{
    int line = 1;
    for (; sql < at; sql++)
        line += *sql == '\n';
    return line;
}

/* The server counts characters, not bytes. */
static const char *character(const char *sql, int position)
{
    while (*sql && position > 1) {
        sql++;
        while (((unsigned char)*sql & 0xC0) == 0x80)
            sql++;
        position--;
    }
    return sql;
}

/* The first word of a statement; empty ones do not count, as the server answers nothing for them. */
static const char *statement_begin(const char *sql, int statement)
{
    struct str rest = str_of(sql);
    const char *begin = NULL;
    for (;;) {
        struct sqltext_token t = sqltext_next(&rest);
        if (t.kind == SQLTEXT_END)
            return begin ? begin : sql;
        if (t.kind == SQLTEXT_BLANK || t.kind == SQLTEXT_COMMENT)
            continue;
        if (t.kind != SQLTEXT_SEMICOLON) {
            begin = begin ? begin : t.text.p;
            continue;
        }
        if (begin && statement-- == 0)
            return begin;
        begin = NULL;
    }
}

int script_line(const char *sql, int statement, int position)
{
    return lines_before(sql, position > 0 ? character(sql, position) : statement_begin(sql, statement));
}

/* A whole script in the message would hide the reason: it ends where the statement begins, "[". */
static void name_place(struct pg *pg, const struct package_file *file, const char *sql, struct err *err)
{
    int statement, position;
    if (err->sqlstate[0] == '\0')
        return;
    pg_failed_at(pg, &statement, &position);
    char *shown = strstr(err->message, " [");
    if (shown)
        *shown = '\0';
    if (err->code == ERR_SQL)
        err->code = ERR_PACKAGE;
    err_wrap(err, "%s:%d", file->path, script_line(sql, statement, position));
}

bool script_run(struct pg *pg, const struct package_file *file, const struct map *values, struct err *err)
{
    SCOPED(arena) a = arena_new();
    char *sql = package_substitute(file->text, values, a);
    if (!pg_begin(pg, err))
        return err_wrap(err, "running %s", file->path);
    if (pg_exec(pg, sql, err))
        return pg_commit(pg, err) || err_wrap(err, "committing %s", file->path);
    name_place(pg, file, sql, err);
    pg_rollback(pg);
    return false;
}
