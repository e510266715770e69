#include "cmd/package_trial.h"
#include "analyze/fix.h"
#include "analyze/inventory.h"
#include "base/file.h"
#include "base/name.h"
#include "cmd/script_set.h"
#include "conf/checklist.h"
#include "conf/probes.h"
#include "db/cluster.h"
#include "db/pg.h"
#include "db/target.h"
#include "lens/install.h"
#include "n1/calls.h"
#include "n1/check.h"
#include "n1/verdict.h"
#include "sample/sample.h"
#include "script/attempt.h"
#include <errno.h>
#include <sys/stat.h>

#define SCALE "0.01" /* rows enough that every statement has something to do */

struct trial {
    const struct package *package;
    struct cluster_opts cluster;
    struct arena *arena;
    char *uri;
    struct pg *pg;
};

static bool make_server(struct trial *t, struct err *err)
{
    const char *tmp = getenv("TMPDIR");
    char *dir = arena_printf(t->arena, "%s/carryover-trial-XXXXXX", tmp && *tmp ? tmp : "/tmp");
    if (!mkdtemp(dir) || chmod(dir, 0755) != 0)
        return err_os(err, ERR_FILE, errno, "making a folder for the trial in %s", dir);
    t->cluster.dir = dir;
    t->cluster.name = "trial";
    return cluster_start(&t->cluster, t->arena, &t->uri, err);
}

static bool make_old(struct trial *t, struct err *err)
{
    struct sample_result made;
    struct sample_opts o = {.uri = t->uri, .package = t->package, .scale = SCALE, .seed = "1", .workers = 2};
    if (!sample_create(&o, &made, err) || !pg_open(t->uri, "trial server", &t->pg, err))
        return false;
    return pg_execf(t->pg, err, "alter schema %s rename to %s", pg_ident(t->arena, t->package->source_schema),
                    pg_ident(t->arena, TARGET_OLD)) &&
           target_prepare_scratch(t->pg, err);
}

static int line_at(const char *text, int position)
{
    int line = 1;
    for (int i = 0; i < position - 1 && text[i]; i++)
        line += text[i] == '\n';
    return line;
}

/* The statement is planned, which resolves every name and type, but not run. */
static bool plan_file(struct trial *t, const struct package_file *f, const char *schema, struct err *err)
{
    static const char explain[] = "explain ";
    int statement = 0, position = 0;
    if (!pg_execf(t->pg, err, "set search_path = %s, public", pg_ident(t->arena, schema)))
        return false;
    if (pg_exec(t->pg, arena_printf(t->arena, "%s%s", explain, f->body), err))
        return true;
    pg_failed_at(t->pg, &statement, &position);
    int line = f->body_line - 1 + line_at(f->body, MAX(position - (int)sizeof explain + 1, 1));
    char *why = arena_dup(t->arena, err->message);
    return err_set(err, ERR_PACKAGE, "%s:%d: with the tables of %s: %s", f->path, line, schema, why);
}

static bool is_for(const struct package_file *f, const char *schema)
{
    const char *dot = strchr(f->name, '.');
    return !dot || strcmp(dot + 1, schema) == 0;
}

static bool plan_all(struct trial *t, const struct package_files *files, const char *schema, struct err *err)
{
    for (size_t i = 0; i < files->n; i++)
        if (is_for(&files->p[i], schema) && !plan_file(t, &files->p[i], schema, err))
            return false;
    return true;
}

/* The script as it would begin: each statement once, for one row at most. Nothing of it stays. */
static bool try_fix(struct trial *t, const struct package_file *f, struct err *err)
{
    const char *script = NULL;
    if (!f->fix)
        return true;
    if (!fix_script(t->package, f->name, 1, t->arena, &script, err) || !pg_begin(t->pg, err))
        return false;
    bool ok = pg_exec(t->pg, script, err);
    pg_rollback(t->pg);
    if (ok)
        return true;
    char *why = arena_dup(t->arena, err->message);
    return err_set(err, ERR_PACKAGE, "%s: its fix script: %s", f->path, why);
}

/* Rules and queries of sizes. Those that say that they need a table which the sample does not have are not tried. */
static bool try_source(struct trial *t, const struct package_files *files, struct err *err)
{
    for (size_t i = 0; i < files->n; i++) {
        const char *tables = package_word(&files->p[i], "tables"), *missing = NULL;
        if (tables && !inventory_missing(t->pg, &tables, 1, t->arena, &missing, err))
            return false;
        if (!missing && (!plan_file(t, &files->p[i], TARGET_OLD, err) || !try_fix(t, &files->p[i], err)))
            return false;
    }
    return true;
}

static bool make_new(struct trial *t, struct err *err)
{
    static const char *const scripts[] = {"functions", "10_tables"};
    if (!pg_exec(t->pg, "create schema if not exists " TARGET_NEW, err))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(scripts); i++) {
        const struct package_file *f = package_find(&t->package->schema, scripts[i]);
        if (f && !pg_exec(t->pg, f->text, err))
            return err_wrap(err, "%s", f->path);
    }
    return true;
}

/* Passwords are not hashed here: the least that argon2id takes is enough. */
static bool try_calls(struct trial *t, struct err *err)
{
    struct calls_opts o = {.staff = {.hashing = {.memory = 8192, .passes = 1, .at_once = 1}}};
    SCOPED(calls) calls = NULL;
    return t->package->calls.n == 0 || (calls_open(t->package, &o, &calls, err) && calls_try(calls, t->pg, err));
}

/* --- the checklist and the smoke test --- */

/* Planned like plan_file(); tables that an item needs may not be in the sample, everything else is a mistake. */
static bool plan_sql(struct trial *t, const char *what, const char *sql, bool source, bool may_lack, struct err *err)
{
    if (!pg_execf(t->pg, err, "set search_path = %s", source ? pg_ident(t->arena, TARGET_OLD) : "pg_catalog"))
        return false;
    if (pg_exec(t->pg, arena_printf(t->arena, "explain %s", sql), err) ||
        (may_lack && strcmp(err->sqlstate, "42P01") == 0))
        return pg_exec(t->pg, "reset search_path", err);
    char *why = arena_dup(t->arena, err->message);
    return err_set(err, ERR_PACKAGE, "%s: %s", what, why);
}

static bool plan_rests(struct trial *t, const struct checklist_item *item, struct err *err)
{
    for (const char **name = item->rests_on; *name; name++) {
        struct str rest = str_of(*name);
        struct str side = str_split(&rest, ' ');
        if (rest.n && !plan_sql(t, arena_printf(t->arena, "%s: rests_on of %s", item->file->path, item->id), rest.p,
                                str_is(side, "source"), false, err))
            return false;
    }
    return true;
}

static bool try_checklist(struct trial *t, struct err *err)
{
    struct checklist_item *items = NULL;
    size_t n = 0;
    checklist_items(t->package, t->arena, &items, &n);
    for (size_t i = 0; i < n; i++) {
        const struct checklist_item *item = &items[i];
        if (item->kind == CHECKLIST_SQL &&
            !plan_sql(t, item->file->path, item->file->body, item->on_source, *item->needs != NULL, err))
            return false;
        if (!plan_rests(t, item, err))
            return false;
    }
    return true;
}

/* Final scripts find the tables of lenses filled, as they will be. */
static bool fill_lens(struct trial *t, const struct package_file *lens, struct err *err)
{
    char *columns = NULL, *table = pg_qualified(t->arena, TARGET_NEW, lens->name);
    const char *sql = "select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute"
                      " where attrelid = $1::regclass and attnum > 0 and not attisdropped";
    return pg_value(t->pg, sql, PG_ARGS(table), t->arena, &columns, err) &&
           pg_execf(t->pg, err, "insert into %s (%s) select %s from (%s) lens", table, columns, columns, lens->body);
}

static bool try_node(struct trial *t, const struct graph_node *n, struct err *err)
{
    struct attempt one = {.target = t->pg, .node = n, .a = t->arena};
    bool ok = attempt_text(&one, err);
    buf_done(&one.said);
    if (!ok && err->code == ERR_SQL)
        err->code = ERR_PACKAGE;
    return ok;
}

static bool try_phase(struct trial *t, enum script_phase phase, struct err *err)
{
    struct graph g;
    if (!script_set_read(t->pg, t->package, phase == SCRIPT_SYNC, NULL, t->arena, &g, err))
        return false;
    for (size_t level = 0, left = g.n; left; level++) {
        left = 0;
        for (size_t i = 0; i < g.n; i++) {
            left += g.p[i].phase == phase && (size_t)g.p[i].level > level;
            if (g.p[i].phase == phase && (size_t)g.p[i].level == level && !try_node(t, &g.p[i], err))
                return false;
        }
    }
    return true;
}

static bool try_probes(struct trial *t, struct err *err)
{
    for (size_t i = 0; i < t->package->smoke->n; i++) {
        const struct probe *p = &t->package->smoke->p[i];
        const char *what = arena_printf(t->arena, "smoke.yaml: %s", p->name);
        for (size_t k = 0; k < p->n_statements; k++)
            if (!plan_sql(t, what, p->statements[k], false, false, err))
                return false;
        if (p->sql[0] && !plan_sql(t, what, p->sql, p->on_source, false, err))
            return false;
    }
    return true;
}

/* In one transaction that is rolled back. */
static bool try_scripts(struct trial *t, struct err *err)
{
    bool ok = pg_begin(t->pg, err);
    for (size_t i = 0; ok && i < t->package->up.n && t->package->scripts.n; i++)
        ok = fill_lens(t, &t->package->up.p[i], err);
    for (int p = 0; ok && p < SCRIPT_PHASES; p++)
        ok = try_phase(t, (enum script_phase)p, err);
    pg_rollback(t->pg);
    return ok;
}

static bool try_all(struct trial *t, struct err *err)
{
    return make_server(t, err) && make_old(t, err) && install_check(t->pg, t->package, err) &&
           pg_execf(t->pg, err, "set search_path = %s, public", TARGET_OLD) &&
           try_source(t, &t->package->analyze, err) && try_source(t, &t->package->sizing, err) &&
           plan_all(t, &t->package->laws, TARGET_OLD, err) && make_new(t, err) &&
           plan_all(t, &t->package->laws, TARGET_NEW, err) && pg_exec(t->pg, "reset search_path", err) &&
           try_scripts(t, err) && verdict_check(t->pg, t->package, err) && try_calls(t, err) &&
           check_package_try(t->pg, t->package, err) && try_checklist(t, err) && try_probes(t, err);
}

bool package_trial(const struct package *p, const struct package_trial_opts *o, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct err second;
    struct trial t = {.package = p, .arena = a, .cluster = {.bin = o->bin, .run_as = o->run_as}};
    bool ok = try_all(&t, err);
    pg_free(t.pg);
    if (!t.cluster.dir)
        return false;
    bool removed = cluster_remove(&t.cluster, &second) && file_remove_tree(t.cluster.dir, &second);
    if (ok && !removed)
        *err = second;
    return ok && removed;
}
