#include "source/internal.h"

bool source_unbranch(struct pg *source, const char *slot, struct err *err)
{
    const char *sql = "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1"
                      " and database = current_database()";
    return pg_run(source, sql, PG_ARGS(slot), NULL, err) ||
           err_wrap(err, "dropping the replication slot %s on the source", slot);
}

bool source_branch(struct source *s, const char *slot, struct err *err)
{
    const char *sql = "select pg_copy_logical_replication_slot($1, $2)";
    return source_unbranch(s->pg, slot, err) &&
           (pg_run(s->pg, sql, PG_ARGS(s->opts.slot, slot), NULL, err) ||
            err_wrap(err, "copying the replication slot %s on the %s", s->opts.slot, s->opts.role));
}
