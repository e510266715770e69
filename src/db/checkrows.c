#include "db/checkrows.h"

void checkrows_take(struct checks *c, enum check_state state, const PGresult *r)
{
    for (int i = 0; i < PQntuples(r); i++)
        checks_found(c, state, pg_text(r, i, 0), "%s", pg_text(r, i, 1));
}

bool checkrows_query(struct checks *c, enum check_state state, struct pg *pg, const char *sql, struct pg_args args,
                     struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(pg, sql, args, &r, err))
        return false;
    checkrows_take(c, state, r);
    return true;
}
