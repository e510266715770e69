#include "db/checkrows.h"
#include "n1/check.h"
#include "n1/jobs.h"
#include "n1/registry.h"

struct look {
    struct checks *c;
    struct pg *target;
    const struct package *p;
    struct arena *a;
    bool registered, jobs; /* the tables of the registry and of jobs are there */
};

static bool ask(struct look *l, enum check_state state, const char *sql, struct err *err)
{
    return checkrows_query(l->c, state, l->target, sql, PG_NONE, err);
}

/* --- stores --- */

static bool check_stores(struct look *l, struct err *err)
{
    const struct package_file *f = package_find(&l->p->estate, "stores");
    const char *known =
        l->registered ? "select store from carryover.n1_store" : "select null::text as store where false";
    checks_begin(l->c, "stores-registered", "every store of headquarters is registered",
                 "`carryover n1 stores add ID --group GROUP` registers one and prints its secret.");
    if (!f) {
        checks_skip(l->c, "the package has no estate/stores.sql");
        return true;
    }
    const char *with = arena_printf(l->a, "with e(store, what) as (%s), k as (%s) ", f->body, known);
    return ask(l, CHECK_BLOCKER,
               arena_printf(
                   l->a,
                   "%sselect e.store, 'nobody has registered it' from e where e.store not in (select store from"
                   " k) order by 1",
                   with),
               err) &&
           ask(l, CHECK_WARNING,
               arena_printf(l->a,
                            "%sselect k.store, 'it is registered, and headquarters has no such store' from k"
                            " where k.store not in (select store from e) order by 1",
                            with),
               err);
}

static bool check_secrets(struct look *l, struct err *err)
{
    checks_begin(
        l->c, "stores-secrets", "every store has a secret of its own, and is let in",
        "`carryover n1 stores rotate ID` gives a store a new secret, `carryover n1 stores resume ID` lets it in.");
    return ask(l, CHECK_BLOCKER,
               "select store, 'it has no secret that could be right' from carryover.n1_store"
               " where secret_hash !~ '^[0-9a-f]{64}$' order by 1",
               err) &&
           ask(l, CHECK_BLOCKER,
               "select string_agg(store, ', ' order by store), 'they have the same secret' from carryover.n1_store"
               " where secret_hash ~ '^[0-9a-f]{64}$' group by secret_hash having count(*) > 1 order by 1",
               err) &&
           ask(l, CHECK_WARNING,
               "select store, 'it is paused' from carryover.n1_store where state = 'paused' order by 1", err);
}

/* --- N-1 and N --- */

static const char groups_sql[] =
    "select t.store, format('it runs %s, and its group %s is for %s', t.schema, g.name, g.schema)"
    " from carryover.n1_store t join carryover.n1_group g on g.name = t.group_name where t.schema <> g.schema"
    " union all select t.store, format('its packages are those of the group %s, its rows those of %s', t.group_name,"
    " coalesce(m.channel_group, 'none')) from carryover.n1_store t left join carryover.n1_member m using (store)"
    " where m.channel_group is distinct from t.group_name order by 1, 2";

/* What a store was given last, of jobs of the other version, since it moved. */
static const char offered_sql[] =
    "select d.store, format('package %s of the job %s is for version %s, the store runs %s', d.package, p.job, "
    "j.schema,"
    " t.schema) from carryover.n1_download d join carryover.n1_package p using (package) join carryover.n1_job j"
    " using (job) join carryover.n1_store t using (store) where j.schema <> t.schema and d.requested > coalesce((select"
    " max(m.at) from carryover.n1_move m where m.store = d.store), '-infinity') order by 1, 2";

/* "(job, version, lens)" of everything in the package. */
static const char *wanted(struct look *l)
{
    SCOPED_BUF b = {0};
    for (size_t i = 0; i < l->p->n_jobs; i++)
        for (size_t k = 0; k < l->p->jobs[i].n_lenses; k++)
            buf_printf(&b, "%s(%s, '%s', %s)", b.n ? ", " : "", pg_literal(l->a, l->p->jobs[i].id),
                       l->p->jobs[i].is_new ? "N" : "N-1", pg_literal(l->a, l->p->jobs[i].lenses[k]->name));
    return arena_printf(l->a, "with w(job, schema, lens) as (values %s) ", buf_text(&b));
}

static bool check_versions(struct look *l, struct err *err)
{
    checks_begin(
        l->c, "versions-apart", "no store, group or job mixes N-1 and N",
        "Move the store with `carryover n1 promote`, with --undo back; both sides of a group are of one version.");
    return ask(l, CHECK_BLOCKER, groups_sql, err) &&
           (!l->jobs ||
            (ask(l, CHECK_BLOCKER, offered_sql, err) &&
             ask(l, CHECK_BLOCKER,
                 arena_printf(l->a,
                              "%sselect distinct 'job ' || j.job, format('it makes packages for version %%s, and the"
                              " package says %%s', j.schema, w.schema) from carryover.n1_job j join w using"
                              " (job) where j.schema <> w.schema order by 1",
                              wanted(l)),
                 err)));
}

/* --- jobs --- */

static bool check_jobs(struct look *l, struct err *err)
{
    checks_begin(l->c, "jobs", "the jobs of the package are those that run, and none of them fails",
                 "Start `carryover n1 keep` anew after the package has changed; `carryover n1 jobs` shows reasons, "
                 "pauses and runs.");
    if (!l->jobs) {
        checks_skip(l->c, "nothing has made packages yet: `carryover n1 keep` does after the cutover");
        return true;
    }
    return ask(l, CHECK_BLOCKER,
               arena_printf(
                   l->a,
                   "%sselect 'job ' || w.job, w.lens || ' is not part of what is installed' from w where not exists"
                   " (select from carryover.n1_subjob s where s.job = w.job and s.lens = w.lens) order by 1, 2",
                   wanted(l)),
               err) &&
           ask(l, CHECK_BLOCKER,
               arena_printf(
                   l->a,
                   "%sselect 'job ' || s.job, s.lens || ' is sent, and the package does not have it there' from"
                   " carryover.n1_subjob s where not exists (select from w where w.job = s.job and w.lens ="
                   " s.lens) order by 1, 2",
                   wanted(l)),
               err) &&
           ask(l, CHECK_BLOCKER, "select 'job ' || job, error from carryover.n1_job where error <> '' order by job",
               err) &&
           ask(l, CHECK_WARNING, "select 'job ' || job, 'it is paused' from carryover.n1_job where paused order by job",
               err);
}

bool check_registry(struct checks *c, struct pg *target, const struct package *p, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct look l = {.c = c, .target = target, .p = p, .a = a};
    if (!registry_prepared(target, &l.registered, err) || !jobs_prepared(target, &l.jobs, err) ||
        !check_stores(&l, err))
        return false;
    l.jobs = l.jobs && l.registered && p->n_jobs > 0;
    return !l.registered || (check_secrets(&l, err) && check_versions(&l, err) && check_jobs(&l, err));
}
