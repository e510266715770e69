#include "base/log.h"
#include "cmd/open.h"
#include "cmd/replication.h"
#include "cmd/reversing.h"
#include "db/target.h"
#include "replicate/trail.h"
#include "verify/verify.h"

/* --- what has to be there --- */

static bool check_capture(struct reversing *r, struct table_list *ret_tables, struct err *err)
{
    struct source_problems found;
    if (!reversing_source(r, err) || !source_catalog(r->source, r->a, ret_tables, err) ||
        !source_check(r->source, ret_tables, r->a, &found, err))
        return false;
    if (found.n == 0)
        return true;
    err_set(err, found.p[0].code, "the reverse feed: %s", found.p[0].what);
    return err_hint(err, "On the server of the target: %s", found.p[0].mend);
}

static char *names_of(const struct table_list *tables, struct arena *a)
{
    SCOPED_BUF b = {0};
    for (size_t i = 0; i < tables->n; i++)
        buf_printf(&b, "%s%s", i ? "\n" : "", tables->p[i].name);
    return arena_dup(a, buf_text(&b));
}

static const char tables_sql[] =
    "select t.name, c.oid is null, current_user, format('GRANT SELECT, INSERT, DELETE, TRUNCATE ON %I.%I TO %I;',"
    " $2::text, t.name, current_user) from unnest(string_to_array($1, e'\\n')) t(name) left join pg_class c on"
    " c.relname = t.name and c.relnamespace = to_regnamespace(quote_ident($2)) and c.relkind in ('r', 'p')"
    " where c.oid is null or not (has_table_privilege(c.oid, 'SELECT') and has_table_privilege(c.oid, 'INSERT')"
    " and has_table_privilege(c.oid, 'DELETE') and has_table_privilege(c.oid, 'TRUNCATE')) order by 1 limit 1";

static bool check_tables(struct reversing *r, const struct table_list *tables, struct err *err)
{
    SCOPED_RESULT q = NULL;
    const char *schema = r->replicate.source.home;
    if (!pg_query(r->old, tables_sql, PG_ARGS(names_of(tables, r->a), schema), &q, err))
        return err_wrap(err, "looking at the tables of the old headquarters");
    if (PQntuples(q) == 0)
        return true;
    if (pg_bool(q, 0, 1))
        return err_set(err, ERR_SOURCE_DDL, "the old headquarters has no table %s.%s any more", schema,
                       pg_text(q, 0, 0));
    err_set(err, ERR_SOURCE_PRIVILEGE, "the role %s may not write to the table %s.%s of the old headquarters",
            pg_text(q, 0, 2), schema, pg_text(q, 0, 0));
    return err_hint(err, "On the server of the source: %s", pg_text(q, 0, 3));
}

/* Our state needs a schema of its own there, which must not be anybody else's. */
static bool check_schema(struct reversing *r, struct err *err)
{
    SCOPED_RESULT q = NULL;
    struct reversing_state s;
    const char *sql = "select has_database_privilege(current_database(), 'CREATE'), current_user,"
                      " format('GRANT CREATE ON DATABASE %I TO %I;', current_database(), current_user)";
    if (!reversing_state(r, &s, err) || !pg_query(r->old, sql, PG_NONE, &q, err))
        return false;
    if (s.exists && !s.ours) {
        err_set(err, ERR_GUARD, "the old headquarters has a schema carryover that this project has not made");
        return err_hint(err, "The feed keeps its state in a schema of that name. Rename or drop it there if nobody "
                             "needs it: ALTER SCHEMA carryover RENAME TO ...;");
    }
    if (pg_bool(q, 0, 0))
        return true;
    err_set(err, ERR_SOURCE_PRIVILEGE, "the role %s may not make a schema in the database of the old headquarters",
            pg_text(q, 0, 1));
    return err_hint(err, "On the server of the source: %s", pg_text(q, 0, 2));
}

static void tell_keyless(const struct table_list *tables, struct buf *detail)
{
    int n = 0;
    for (size_t i = 0; i < tables->n; i++)
        if (tables->p[i].mode == TABLE_CUTOVER)
            buf_printf(detail, "%s%s", n++ ? ", " : "; without key, copied only on return: ", tables->p[i].name);
}

bool reverse_check(struct reversing *r, struct buf *detail, struct err *err)
{
    struct table_list tables;
    if (!check_capture(r, &tables, err) || !check_tables(r, &tables, err) || !check_schema(r, err))
        return false;
    if (detail)
        tell_keyless(&tables, detail);
    return true;
}

/* --- beginning --- */

static const char mark_sql[] = "create table carryover.reverse (only_row boolean primary key default true check "
                               "(only_row), target text not null, proven timestamptz)";

static bool mark(struct reversing *r, struct err *err)
{
    char *owner = NULL;
    if (target_identity(r->target, r->a, &owner, err) && pg_begin(r->old, err) && target_prepare_scratch(r->old, err) &&
        pg_exec(r->old, mark_sql, err) &&
        pg_run(r->old, "insert into carryover.reverse (target) values ($1)", PG_ARGS(owner), NULL, err) &&
        pg_commit(r->old, err))
        return true;
    pg_rollback(r->old);
    return err_wrap(err, "keeping the state of the reverse feed in the old headquarters");
}

/* The slot is marked with a name that is in the old database before the slot is made: a crash in between leaves
 * nothing that nobody knows. */
bool reverse_adopt(struct reversing *r, struct err *err)
{
    static const struct replicate_watch silent = {0};
    struct reversing_state s;
    struct replicate_opts o = r->replicate;
    o.only_copy = true;
    return check_schema(r, err) && reversing_state(r, &s, err) && (s.ours || mark(r, err)) &&
           (replicate_run(&o, &silent, err) || err_wrap(err, "beginning the reverse feed"));
}

bool reverse_note_proven(struct reversing *r, struct err *err)
{
    return pg_exec(r->old, "update carryover.reverse set proven = coalesce(proven, clock_timestamp())", err);
}

/* --- proving --- */

bool reverse_prove(struct reversing *r, bool since_last, bool silent, struct buf *detail, struct err *err)
{
    struct verify_opts o;
    struct package rows_only = {.name = r->package->name, .version = r->package->version};
    SCOPED(report) report = NULL;
    char *path = NULL;
    verify_defaults(&o);
    o.source = r->replicate.source;
    o.target_uri = r->old_uri;
    o.package = &rows_only;
    o.workers = r->replicate.workers;
    o.since_last = since_last;
    o.keyless_copied = silent;
    if (!verify_run(&o, &report, err) || !verify_store(report, project_path(r->project, "reports"), r->a, &path, err))
        return false;
    buf_printf(detail, "%s: %d tables; %s", outcome_name(report_outcome(report)),
               report_count(report, SECTION_REPLICA, OUTCOME_PASS), path);
    if (report_outcome(report) != OUTCOME_FAIL)
        return true;
    err_set(err, ERR_VERIFY_FAILED, "the old headquarters differs from old.* of the target: %s", path);
    return err_hint(err, "Somebody may have written to the old headquarters. Take that back there and run it again.");
}

/* --- beginning late --- */

/* `n1 keep` makes old.* another than the old headquarters: from then on nobody can tell any more. */
static bool refuse_kept(struct reversing *r, struct err *err)
{
    struct trail_position at;
    if (!trail_position(r->target, &at, err))
        return false;
    if (!at.exists)
        return true;
    err_set(err, ERR_GUARD, "`n1 keep` has changed old.* since the cutover, so the old headquarters is behind");
    return err_hint(err, "A reverse feed begins in the cutover (setting cutover.reverse), or before `carryover n1 keep`"
                         " first runs. There is no way to begin it now.");
}

static bool prove_equal(struct reversing *r, struct err *err)
{
    SCOPED_BUF detail = {0};
    bool equal = reverse_prove(r, false, true, &detail, err);
    if (equal || err->code != ERR_VERIFY_FAILED)
        return equal;
    return err_hint(err, "A reverse feed begins on equal tables. If the old headquarters was written to since the "
                         "cutover, take that back there; else there is no way to begin it now.");
}

/* Captured first and compared then: what changes in between is not missed. */
static bool adopt_equal(struct reversing *r, struct err *err)
{
    struct err second;
    bool any = false;
    if (reverse_adopt(r, err) && prove_equal(r, err) && reverse_note_proven(r, err))
        return true;
    if (!reverse_release(r, &any, &second))
        return err_wrap(err, "%s; and", second.message);
    return false;
}

bool reverse_begin_late(struct reversing *r, struct err *err)
{
    bool any = false;
    if (!refuse_kept(r, err))
        return false;
    reversing_disconnect(r);
    if (!open_follow_target(r->project, err) || !reversing_connect(r, err) ||
        !target_lock(r->target, TARGET_JOB_KEEP, err) || !refuse_kept(r, err) || !reverse_release(r, &any, err) ||
        !reverse_check(r, NULL, err) || !adopt_equal(r, err))
        return false;
    reversing_disconnect(r); /* `n1 keep` may begin now */
    return reversing_connect(r, err);
}

/* --- ending --- */

/* The lock, and what it guards, belong to a session of its own: it ends with it. */
static bool drop_ours(struct reversing *r, struct err *err)
{
    SCOPED(pg) old = NULL;
    char *owner = NULL;
    return pg_open(r->old_uri, "old headquarters", &old, err) && target_lock(old, TARGET_JOB_REPLICATE, err) &&
           target_identity(old, r->a, &owner, err) && reversing_source(r, err) &&
           source_release(r->source, owner, err) &&
           pg_exec(r->target, "drop table if exists carryover." REVERSE_BASELINE, err) &&
           pg_exec(old, "drop schema carryover cascade", err);
}

bool reverse_release(struct reversing *r, bool *ret_any, struct err *err)
{
    struct reversing_state s;
    *ret_any = false;
    if (!reversing_state(r, &s, err))
        return false;
    *ret_any = s.ours;
    return !s.ours || drop_ours(r, err) || err_wrap(err, "ending the reverse feed");
}
