#include "n1/timeline.h"
#include "base/log.h"
#include "n1/registry.h"

#define PLACE                                                                                                          \
    "(select (select system_identifier from pg_control_system()) || '/' ||"                                            \
    " left(pg_walfile_name(pg_current_wal_lsn()), 8) || '/' || d.oid from pg_database d"                               \
    " where d.datname = current_database())"

bool timeline_prepare(struct pg *target, struct err *err)
{
    return pg_exec(target, "create table if not exists carryover.n1_place (place text not null)", err);
}

static bool move(struct pg *target, const char *was, struct err *err)
{
    log_warn("n1.restored", "the target is not the database that it was (restored, failed over or copied): every store "
                            "gets full packages");
    return pg_run(target, "update carryover.n1_place set place = " PLACE, PG_NONE, NULL, err) &&
           pg_run(target,
                  "update carryover.n1_job set asked = snapshot is not null, asked_full = snapshot is not null,"
                  " version = greatest(version, extract(epoch from clock_timestamp())::bigint)",
                  PG_NONE, NULL, err) &&
           pg_run(
               target,
               "insert into carryover.n1_audit (who, what, detail) values ('carryover', 'target-moved', $1 || ' to ' "
               "|| " PLACE ")",
               PG_ARGS(was), NULL, err) &&
           pg_run(target, REGISTRY_EPOCH_SQL, PG_NONE, NULL, err);
}

static bool check(struct pg *target, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(target, "select place, place = " PLACE " from carryover.n1_place for update", PG_NONE, &r, err))
        return false;
    if (PQntuples(r) == 0)
        return pg_run(target, "insert into carryover.n1_place select " PLACE, PG_NONE, NULL, err);
    return pg_bool(r, 0, 1) || move(target, pg_text(r, 0, 0), err);
}

bool timeline_check(struct pg *target, struct err *err)
{
    if (!pg_begin(target, err))
        return false;
    if (check(target, err) && pg_commit(target, err))
        return true;
    pg_rollback(target);
    return err_wrap(err, "looking whether the target is the one that it was");
}
