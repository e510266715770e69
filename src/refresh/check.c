#include "refresh/check.h"
#include "base/term.h"
#include "refresh/schema.h"
#include <sys/statvfs.h>

struct checking {
    const struct check_opts *o;
    struct arena *a;
    struct checks *l;
    struct err *err;
};

void check_add(struct checks *l, const char *name, enum check_outcome outcome, enum err_code code, const char *found,
               const char *mend)
{
    if (l->n < CHECKS_MAX)
        l->p[l->n++] = (struct check_item){name, found, mend, outcome, code};
}

static void ok(struct checking *c, const char *name, const char *found)
{
    check_add(c->l, name, CHECK_OK, ERR_GUARD, found, "");
}

static void problem(struct checking *c, const char *name, enum err_code code, const char *found, const char *mend)
{
    check_add(c->l, name, CHECK_PROBLEM, code, found, mend);
}

/* --- versions and programs --- */

static bool versions(struct checking *c)
{
    int sandbox = pg_version(c->o->sandbox) / 10000, production = pg_version(c->o->admin) / 10000;
    const char *found = arena_printf(c->a, "PostgreSQL %d of the sandbox, %d of production", sandbox, production);
    const char *bin = NULL;
    struct err why;
    if (production < sandbox)
        problem(c, "versions", ERR_SOURCE_VERSION, found,
                "Production needs a server that is not older than the sandbox's.");
    else
        ok(c, "versions", found);
    if (schema_programs(c->o->bin, sandbox, c->a, &bin, &why))
        ok(c, "programs", bin);
    else
        problem(c, "programs", why.code, arena_dup(c->a, why.message), arena_dup(c->a, why.hint));
    return true;
}

/* --- settings of the region --- */

static const char region_sql[] = "select pg_encoding_to_char(encoding), datcollate, datctype,"
                                 " (select reset_val from pg_settings where name = 'TimeZone'),"
                                 " (select reset_val from pg_settings where name = 'lc_monetary')"
                                 " from pg_database where datname = current_database()";

static bool region(struct checking *c)
{
    static const char *const names[] = {"encoding", "collation", "character types", "time zone", "lc_monetary"};
    SCOPED_RESULT s = NULL;
    SCOPED_RESULT p = NULL;
    struct pg *production = c->o->production ? c->o->production : c->o->admin;
    if (!pg_query(c->o->sandbox, region_sql, PG_NONE, &s, c->err) ||
        !pg_query(production, region_sql, PG_NONE, &p, c->err))
        return false;
    c->l->region = (struct databases_region){arena_dup(c->a, pg_text(s, 0, 0)), arena_dup(c->a, pg_text(s, 0, 1)),
                                             arena_dup(c->a, pg_text(s, 0, 2))};
    for (int i = 0; i < (int)ARRAY_LEN(names); i++) {
        const char *was = pg_text(p, 0, i), *is = pg_text(s, 0, i);
        bool of_database = i < 3;
        if (strcmp(was, is) == 0 || (of_database && !c->o->production))
            ok(c, names[i], arena_dup(c->a, is));
        else
            problem(c, names[i], ERR_GUARD, arena_printf(c->a, "%s in the sandbox, %s in production", is, was),
                    "Texts and times would sort and show otherwise. Make both the same.");
    }
    return true;
}

/* --- lists of things that have to be there --- */

/* The first column of every row of `want_sql` (sandbox) that `have_sql` (production) does not have. */
static bool missing(struct checking *c, const char *want_sql, const char *have_sql, char **ret)
{
    SCOPED_RESULT want = NULL;
    SCOPED_RESULT have = NULL;
    SCOPED_BUF b = {0};
    if (!pg_query(c->o->sandbox, want_sql, PG_NONE, &want, c->err) ||
        !pg_query(c->o->admin, have_sql, PG_NONE, &have, c->err))
        return false;
    for (int i = 0; i < PQntuples(want); i++) {
        bool found = false;
        for (int k = 0; k < PQntuples(have) && !found; k++)
            found = strcmp(pg_text(want, i, 0), pg_text(have, k, 0)) == 0;
        if (!found)
            buf_printf(&b, "%s%s", b.n ? ", " : "", pg_text(want, i, 0));
    }
    *ret = b.n ? arena_dup(c->a, b.p) : NULL;
    return true;
}

static bool extensions(struct checking *c)
{
    char *lacks = NULL;
    if (!missing(c, "select extname from pg_extension order by 1", "select name from pg_available_extensions", &lacks))
        return false;
    if (lacks)
        problem(c, "extensions", ERR_GUARD, arena_printf(c->a, "not installed on production's server: %s", lacks),
                "Install their packages on that server.");
    else
        ok(c, "extensions", "all are there");
    return true;
}

/* Owners, and who was given rights. */
static bool roles(struct checking *c)
{
    char *lacks = NULL;
    const char *want =
        "select distinct r.rolname from pg_roles r where r.oid in (select relowner from pg_class where oid >= 16384"
        " union select proowner from pg_proc where oid >= 16384 union select nspowner from pg_namespace where oid >= "
        "16384"
        " union select x.grantee from pg_class c cross join aclexplode(c.relacl) x where c.oid >= 16384"
        " union select x.grantee from pg_namespace n cross join aclexplode(n.nspacl) x where n.oid >= 16384"
        " union select x.grantee from pg_proc f cross join aclexplode(f.proacl) x where f.oid >= 16384) order by 1";
    if (!missing(c, want, "select rolname from pg_roles", &lacks))
        return false;
    if (lacks)
        problem(c, "roles", ERR_TARGET_PRIVILEGE, arena_printf(c->a, "not on production's server: %s", lacks),
                "CREATE ROLE for each of them: they own objects of the sandbox, or have rights on them.");
    else
        ok(c, "roles", "all are there");
    return true;
}

static bool partitions(struct checking *c)
{
    char *names = NULL;
    const char *sql = "select string_agg(n.nspname || '.' || c.relname, ', ') from pg_class c join pg_namespace n"
                      " on n.oid = c.relnamespace where c.relkind = 'p'";
    if (!pg_value(c->o->sandbox, sql, PG_NONE, c->a, &names, c->err))
        return false;
    if (names)
        problem(c, "partitions", ERR_GUARD, arena_printf(c->a, "partitioned tables: %s", names),
                "A refresh does not carry them yet; make them plain tables in the sandbox.");
    return true;
}

/* --- privileges --- */

static bool privileges(struct checking *c)
{
    SCOPED_RESULT r = NULL;
    const char *sql =
        "select u.rolsuper or u.rolcreatedb, u.rolsuper or coalesce((select pg_has_role(datdba, 'USAGE') from"
        " pg_database where datname = $1), true), u.rolsuper or current_setting('server_version_num')::int >= 150000,"
        " current_user, u.rolsuper from pg_roles u where u.rolname = current_user";
    const char *user = NULL;
    if (!pg_query(c->o->admin, sql, PG_ARGS(c->o->production_name), &r, c->err))
        return false;
    user = arena_dup(c->a, pg_text(r, 0, 3));
    if (!pg_bool(r, 0, 0))
        problem(c, "privileges", ERR_TARGET_PRIVILEGE, arena_printf(c->a, "the role %s may not make databases", user),
                arena_printf(c->a, "ALTER ROLE %s CREATEDB;", pg_ident(c->a, user)));
    else if (!pg_bool(r, 0, 1))
        problem(c, "privileges", ERR_TARGET_PRIVILEGE,
                arena_printf(c->a, "the role %s may not rename the database %s", user, c->o->production_name),
                "Give the role membership in the owner's role.");
    else if (!pg_bool(r, 0, 4))
        problem(c, "privileges", ERR_TARGET_PRIVILEGE,
                arena_printf(c->a, "the role %s may not put triggers and foreign keys to sleep while rows come", user),
                "Use a superuser of production's server for the refresh.");
    else
        ok(c, "privileges", user);
    return true;
}

/* --- room --- */

static bool connections(struct checking *c)
{
    SCOPED_RESULT r = NULL;
    const char *sql =
        "select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')"
        "::int - (select count(*) from pg_stat_activity where backend_type = 'client backend')";
    if (!pg_query(c->o->admin, sql, PG_NONE, &r, c->err))
        return false;
    const char *found = arena_printf(c->a, "%d free, %d are needed", (int)pg_i64(r, 0, 0), c->o->sessions);
    if (pg_i64(r, 0, 0) < c->o->sessions)
        problem(c, "connections", ERR_SERVER_BUSY, found, "Raise max_connections, or use fewer workers.");
    else
        ok(c, "connections", found);
    return true;
}

/* The folder of the data is known to privileged roles, and only on this machine there is something to see in it. */
static bool space(struct checking *c)
{
    char *dir = NULL, size[16], free[16];
    struct statvfs v;
    const char *dir_sql = "select setting from pg_settings where name = 'data_directory'";
    if (!pg_value_i64(c->o->sandbox, "select pg_database_size(current_database())", PG_NONE, &c->l->bytes, c->err) ||
        !pg_value(c->o->admin, dir_sql, PG_NONE, c->a, &dir, c->err))
        return false;
    term_size(c->l->bytes, size);
    if (!dir || statvfs(dir, &v) != 0) {
        check_add(c->l, "space", CHECK_WARNING, ERR_DISK_FULL,
                  "the disk of production's server cannot be seen from here",
                  arena_printf(c->a, "Make sure that it has room for another %s and for its log.", size));
        return true;
    }
    int64_t left = (int64_t)v.f_bavail * (int64_t)v.f_frsize;
    term_size(left, free);
    const char *found = arena_printf(c->a, "%s free, about %s are needed, and room for the log", free, size);
    if (left < c->l->bytes + c->l->bytes / 4)
        problem(c, "space", ERR_DISK_FULL, found, "Free space on production's server, or add some.");
    else
        ok(c, "space", found);
    return true;
}

bool check_refresh(const struct check_opts *o, struct arena *a, struct checks *ret, struct err *err)
{
    *ret = (struct checks){.p = arena_new_array(a, struct check_item, CHECKS_MAX)};
    struct checking c = {o, a, ret, err};
    return (versions(&c) && region(&c) && extensions(&c) && roles(&c) && partitions(&c) && privileges(&c) &&
            connections(&c) && space(&c)) ||
           err_wrap(err, "the pre-flight of the refresh");
}

bool check_refuse(const struct checks *l, struct err *err)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->p[i].outcome == CHECK_PROBLEM) {
            err_set(err, l->p[i].code, "%s: %s", l->p[i].name, l->p[i].found);
            return err_hint(err, "%s", l->p[i].mend);
        }
    return true;
}
