#include "n1/rollout.h"
#include "n1/changelog.h"
#include "n1/listing.h"
#include "n1/registry.h"

static const char prepare_sql[] =
    "create table if not exists carryover.n1_move (id bigint generated always as identity primary key,"
    " store text not null references carryover.n1_store on delete cascade, from_group text not null, to_group text not "
    "null,"
    " at timestamptz not null default clock_timestamp(), who text not null);"
    "alter table carryover.n1_move add column if not exists devices jsonb not null default '[]';"
    /* Chains of a store with the version it has told. */
    "create or replace view carryover.n1_lag as select t.store, c.job, c.scope, c.version as head,"
    " coalesce(p.version, 0) as version, (select count(*) from carryover.n1_package x where x.job = c.job"
    "  and x.scope = c.scope and x.owner = c.owner and not x.is_full and x.to_version > coalesce(p.version, 0)) as "
    "packages"
    " from carryover.n1_store t join carryover.n1_chain c on c.scope = 'group' and c.owner = t.group_name"
    "  or c.scope = 'store' and c.owner = t.store join carryover.n1_job j on j.job = c.job and j.schema = t.schema"
    " left join carryover.n1_position p on p.store = t.store and p.job = c.job and p.scope = c.scope and p.owner = "
    "c.owner;";

bool rollout_prepare(struct pg *target, struct err *err)
{
    return pg_exec(target, prepare_sql, err) || err_wrap(err, "preparing the rollout");
}

bool rollout_report(struct pg *target, const char *store, const char *facts, struct err *err)
{
    return pg_run(target,
                  "insert into carryover.n1_report (store, facts) values ($1, $2::jsonb) on conflict (store)"
                  " do update set facts = excluded.facts, at = clock_timestamp()",
                  PG_ARGS(store, facts), NULL, err);
}

/* --- what keeps a store --- */

/* One row per reason; $1: the store or null for all of them, $2: seconds. */
#define BLOCKERS                                                                                                       \
    "select t.store, 1 as no, 'it is ' || t.state as why from carryover.n1_store t where t.state <> 'active'"          \
    " union all select t.store, 2, case when r.store is null then 'it has never reported what is under way there'"     \
    "  else 'its last report is of ' || to_char(r.at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC' end"       \
    "  from carryover.n1_store t left join carryover.n1_report r using (store)"                                        \
    "  where r.store is null or r.at < now() - $2::bigint * interval '1 s'"                                            \
    " union all select r.store, 3, f.key || ': ' || f.value from carryover.n1_report r, jsonb_each_text(r.facts) f"    \
    "  where f.value <> '0'"                                                                                           \
    " union all select l.store, 4, 'packages it has not applied: ' || sum(l.packages) from carryover.n1_lag l"         \
    "  where l.packages > 0 group by l.store"                                                                          \
    " union all select d.store, 5, 'package ' || d.package || ' failed: ' || d.message from carryover.n1_download d"   \
    "  where d.state = 'failed'"                                                                                       \
    " union all select s.store, 6, 'rows of its uploads that are set aside: ' || count(*) from carryover.n1_aside s"   \
    "  group by s.store"

bool rollout_blockers(struct pg *target, const char *store, int64_t fresh_s, struct arena *a,
                      struct rollout_blockers *ret, struct err *err)
{
    SCOPED_RESULT r = NULL;
    struct registry_store known;
    char fresh[24];
    snprintf(fresh, sizeof fresh, "%" PRId64, fresh_s);
    if (!registry_show(target, store, a, &known, err) ||
        !pg_query(target, "select why from (" BLOCKERS ") x where store = $1 order by no, why", PG_ARGS(store, fresh),
                  &r, err))
        return false;
    ret->n = (size_t)PQntuples(r);
    ret->p = arena_new_array(a, const char *, ret->n + 1);
    for (size_t i = 0; i < ret->n; i++)
        ret->p[i] = arena_dup(a, pg_text(r, (int)i, 0));
    return true;
}

/* --- moving --- */

static bool check_move(struct pg *target, const char *store, const char *group, const char *schema, struct arena *a,
                       char **ret_from, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_run(target, "insert into carryover.n1_group (name, schema) values ($1, $2) on conflict do nothing",
                PG_ARGS(group, schema), NULL, err) ||
        !pg_query(target,
                  "select t.group_name, t.schema, g.schema from carryover.n1_store t, carryover.n1_group g"
                  " where t.store = $1 and g.name = $2 for update of t",
                  PG_ARGS(store, group), &r, err))
        return false;
    if (PQntuples(r) == 0)
        return err_set(err, ERR_STORE_UNKNOWN, "there is no store %s", store);
    if (strcmp(pg_text(r, 0, 2), schema) != 0)
        return err_set(err, ERR_GUARD, "the stores of the group %s run version %s: packages of two versions never mix",
                       group, pg_text(r, 0, 2));
    if (strcmp(pg_text(r, 0, 1), schema) == 0)
        return err_set(err, ERR_GUARD, "the store %s runs version %s already", store, schema);
    *ret_from = arena_dup(a, pg_text(r, 0, 0));
    return true;
}

/* New software activates them anew; what they had comes back when the store does. */
static bool move_devices(struct pg *target, const struct rollout_move *m, const char *schema, struct arena *a,
                         char **ret_saved, struct err *err)
{
    char *saved = NULL;
    if (strcmp(schema, "N") == 0)
        return devices_leave(m->devices, target, m->store, a, ret_saved, err);
    *ret_saved = arena_dup(a, "[]");
    return pg_value(target, "select devices from carryover.n1_move where store = $1 order by id desc limit 1",
                    PG_ARGS(m->store), a, &saved, err) &&
           (!saved || devices_return(m->devices, target, saved, err));
}

/* Everything that the new group gives a store has to be made: packages of the other version do not lead there. */
static bool move_rows(struct pg *target, const struct rollout_move *m, const char *schema, struct err *err)
{
    SCOPED(arena) a = arena_new();
    char *from = NULL, *devices = NULL;
    const char *who = m->who, *store = m->store, *group = m->group;
    return check_move(target, store, group, schema, a, &from, err) &&
           move_devices(target, m, schema, a, &devices, err) &&
           pg_run(target, "update carryover.n1_store set group_name = $2, schema = $3 where store = $1",
                  PG_ARGS(store, group, schema), NULL, err) &&
           pg_run(target, "update carryover.n1_member set channel_group = $2 where store = $1", PG_ARGS(store, group),
                  NULL, err) &&
           pg_run(
               target,
               "insert into carryover.n1_resync (store, job, scope, behind) select $1, j.job, c.scope, coalesce((select"
               " max(package) from carryover.n1_package), 0) from carryover.n1_job j cross join (values ('group'),"
               " ('store')) c(scope) where j.schema = $2 on conflict (store, job, scope) do update set behind ="
               " excluded.behind",
               PG_ARGS(store, schema), NULL, err) &&
           pg_run(target,
                  "insert into carryover.n1_move (store, from_group, to_group, who, devices) values ($1, $2, $3, $4, "
                  "$5::jsonb)",
                  PG_ARGS(store, from, group, who, devices), NULL, err) &&
           pg_run(target,
                  "insert into carryover.n1_audit (who, what, store, detail) values ($1, 'store-moved', $2, $3)",
                  PG_ARGS(who, store, arena_printf(a, "from %s to %s, version %s", from, group, schema)), NULL, err) &&
           pg_run(target, REGISTRY_EPOCH_SQL, PG_NONE, NULL, err) && changelog_install(target, err);
}

static bool check_group(const char *group, struct err *err)
{
    return registry_is_id(str_of(group)) ||
           err_set(err, ERR_USAGE, "a group's name has 1 to %d letters, digits, dots, - and _", REGISTRY_ID_MAX);
}

/* From here on neither a report nor a state of a package can come between the question and the move. */
static bool ask_again(struct pg *target, const char *store, int64_t fresh_s, struct arena *a,
                      struct rollout_blockers *ret, struct err *err)
{
    return pg_run(target, "select from carryover.n1_store where store = $1 for update", PG_ARGS(store), NULL, err) &&
           pg_run(target, "select from carryover.n1_report where store = $1 for update", PG_ARGS(store), NULL, err) &&
           pg_run(target, "select from carryover.n1_download where store = $1 for update", PG_ARGS(store), NULL, err) &&
           rollout_blockers(target, store, fresh_s, a, ret, err);
}

bool rollout_promote(struct pg *target, const struct rollout_move *m, int64_t fresh_s, struct arena *a,
                     struct rollout_blockers *ret, struct err *err)
{
    if (!check_group(m->group, err) || !pg_begin(target, err))
        return false;
    bool ok = ask_again(target, m->store, fresh_s, a, ret, err);
    if (ok && ret->n == 0 && move_rows(target, m, "N", err) && pg_commit(target, err))
        return true;
    pg_rollback(target);
    return ok && ret->n > 0;
}

bool rollout_return(struct pg *target, const struct rollout_move *m, struct err *err)
{
    if (!check_group(m->group, err) || !pg_begin(target, err))
        return false;
    if (move_rows(target, m, "N-1", err) && pg_commit(target, err))
        return true;
    pg_rollback(target);
    return false;
}

bool rollout_came_from(struct pg *target, const char *store, struct arena *a, char **ret, struct err *err)
{
    *ret = NULL;
    if (!pg_value(target, "select from_group from carryover.n1_move where store = $1 order by id desc limit 1",
                  PG_ARGS(store), a, ret, err))
        return false;
    return *ret || err_set(err, ERR_GUARD, "the store %s has never moved", store);
}

/* --- the fleet --- */

static const char fleet_sql[] =
    "with b as (select store, string_agg(why, '; ' order by no, why) as why from (" BLOCKERS ") x"
    "  where $1::text is null group by store),"
    " l as (select store, count(*) as chains, count(*) filter (where version < head or head = 0) as behind,"
    "  sum(packages) as packages from carryover.n1_lag group by store)"
    " select t.store, t.name, t.group_name as \"group\", t.schema as runs, case when t.state <> 'active' then t.state"
    "  when l.chains is null or l.behind > 0 then case when exists (select from carryover.n1_move m where m.store = "
    "t.store)"
    "   then 'moving' else 'behind' end else 'current' end as state, t.version as client,"
    " " LISTING_ISO(
        "t.last_contact") " as last_contact, coalesce(l.packages, 0) as waiting, coalesce(b.why, '') as keeps"
                          " from carryover.n1_store t left join b using (store) left join l using (store) "
                          "order by t.store collate \"C\"";

bool rollout_put_fleet(struct pg *target, int64_t fresh_s, bool json, struct buf *b, struct err *err)
{
    char fresh[24];
    snprintf(fresh, sizeof fresh, "%" PRId64, fresh_s);
    struct listing l = {fleet_sql, PG_ARGS(NULL, fresh), "fleet",
                        "store|name|group|runs|state|client|last contact|>waiting|keeps it from moving"};
    return listing_put(target, &l, json, b, err);
}

bool rollout_promoted(struct pg *target, struct arena *a, char **ret, struct err *err)
{
    int64_t there = 0;
    const char *sql = "select string_agg(store, ', ' order by store) from carryover.n1_store where schema = 'N'";
    *ret = NULL;
    return pg_value_i64(target, "select (to_regclass('carryover.n1_store') is not null)::int", PG_NONE, &there, err) &&
           (!there || pg_value(target, sql, PG_NONE, a, ret, err));
}
