#include "lens/install.h"
#include "base/json.h"
#include "base/name.h"
#include "lens/images.h"
#include "lens/schema.h"
#include "lens/state.h"
#include "lens/view.h"

struct install {
    struct pg *pg;
    const struct package *package;
    struct arena *a;
    struct catalog *old, *hq; /* for the up and the down lenses */
    struct schema_statements indexes, constraints;
};

/* -- schema scripts -- */

static const struct package_file *script(const struct install *in, const char *name)
{
    return package_find(&in->package->schema, name);
}

static bool run_script(struct install *in, const char *name, struct err *err)
{
    const struct package_file *f = script(in, name);
    return !f || pg_exec(in->pg, f->text, err) || err_wrap(err, "%s", f->path);
}

static bool make_tables(struct install *in, struct err *err)
{
    return pg_exec(in->pg,
                   "create schema if not exists hq; create schema carryover_up; create schema carryover_down;"
                   " create schema carryover_channel; create schema carryover_channel_n",
                   err) &&
           run_script(in, "functions", err) && run_script(in, "10_tables", err);
}

/* -- lenses -- */

static const struct package_files *files_of(const struct package *p, enum lens_direction d)
{
    const struct package_files *const files[] = {&p->up, &p->down, &p->channel, &p->channel_n};
    return files[d];
}

static bool read_lenses(struct install *in, enum lens_direction d, struct lens_set *ret, struct err *err)
{
    const struct package_files *files = files_of(in->package, d);
    *ret = (struct lens_set){d, in->package, arena_new_array(in->a, struct lens, files->n + 1), 0};
    for (size_t i = 0; i < files->n; i++)
        if (!lens_read(&files->p[i], d, in->a, &ret->p[ret->n++], err))
            return false;
    return true;
}

static bool make_views(struct install *in, const struct lens_set *set, struct err *err)
{
    const struct package_files *files = files_of(in->package, set->direction);
    for (size_t i = 0; i < set->n; i++)
        if (!view_create(in->pg, &set->p[i], &files->p[i], in->a, err))
            return false;
    return true;
}

static bool analyse(struct install *in, struct lens_set *set, const struct catalog *cat, struct err *err)
{
    const struct package_files *files = files_of(in->package, set->direction);
    for (size_t i = 0; i < set->n; i++)
        if (!lens_refuse(&files->p[i], &set->p[i], cat, in->a, err) ||
            !view_analyse(in->pg, &set->p[i], cat, in->a, err))
            return false;
    return true;
}

/* The server resolves every column of the statements that will fill the table. */
static bool check_types(struct install *in, const struct lens_set *set, struct err *err)
{
    for (size_t i = 0; i < set->n; i++) {
        const struct lens *l = &set->p[i];
        for (size_t k = 0; k < l->n_branches; k++) {
            if (pg_execf(in->pg, err, "prepare check_types as %s", l->branches[k].insert) &&
                pg_exec(in->pg, "deallocate check_types", err))
                continue;
            err->code = ERR_PACKAGE;
            return err_wrap(err, "%s", l->path);
        }
    }
    return true;
}

/* -- keys of version N: the key of a lens must be the primary key of its table -- */

static const struct schema_statement *find_key(const struct install *in, const char *table)
{
    for (size_t i = 0; i < in->indexes.n; i++)
        if (in->indexes.p[i].is_key && strcmp(in->indexes.p[i].table, table) == 0)
            return &in->indexes.p[i];
    return NULL;
}

static bool has_name(const char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static bool check_keys(const struct install *in, const struct lens_set *set, struct err *err)
{
    for (size_t i = 0; i < set->n; i++) {
        const struct lens *l = &set->p[i];
        const struct schema_statement *key = find_key(in, l->name);
        bool same = key && key->n_key == l->n_key;
        for (size_t k = 0; same && k < l->n_key; k++)
            same = has_name(key->key, key->n_key, l->key[k]);
        if (!same)
            return err_set(err, ERR_PACKAGE,
                           "%s: schema/20_indexes.sql does not make this key the primary key of %s.%s", l->path,
                           l->schema, l->name);
    }
    return true;
}

/* In a package of scripts a table that N-1 has, and no lens fills, is copied in the cutover: its indexes come after
 * that (script/carry.h). */
static bool is_carried(const struct install *in, const char *table)
{
    return in->package->scripts.classic && catalog_table(in->old, "old", table);
}

/* What is about a table that no lens fills, or about no table, has no load to wait for. */
static bool run_the_rest(struct install *in, const struct lens_set *up, const struct schema_statements *list,
                         const char *name, struct err *err)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct schema_statement *s = &list->p[i];
        if (s->table && (lens_find(up, s->table) || is_carried(in, s->table)))
            continue;
        if (!pg_exec(in->pg, s->sql, err)) {
            err->code = ERR_PACKAGE;
            return err_wrap(err, "schema/%s.sql:%d", name, s->line);
        }
    }
    return true;
}

static bool read_catalogs(struct install *in, struct err *err)
{
    if (!schema_split(script(in, "20_indexes"), in->a, &in->indexes, err) ||
        !schema_split(script(in, "30_constraints"), in->a, &in->constraints, err) ||
        !catalog_read(in->old, in->pg, "old", err) || !catalog_read(in->hq, in->pg, "hq", err))
        return false;
    for (size_t i = 0; i < in->indexes.n; i++)
        if (in->indexes.p[i].is_key)
            catalog_set_key(in->hq, "hq", in->indexes.p[i].table, in->indexes.p[i].key, in->indexes.p[i].n_key);
    return true;
}

/* -- what the engine needs for each lens -- */

static void put_text_array(struct buf *b, const char *const *names, size_t n)
{
    buf_puts(b, "array[");
    for (size_t i = 0; i < n; i++) {
        buf_puts(b, i ? ", " : "");
        pg_put_literal(b, names[i]);
    }
    buf_puts(b, "]::text[]");
}

static void put_log(struct buf *b, const struct lens *l, const char *name, const char *more)
{
    buf_puts(b, "create table carryover.");
    name_put(b, name);
    for (size_t i = 0; i < l->n_key; i++) {
        buf_puts(b, i ? ", " : " (");
        name_put(b, l->key[i]);
        buf_printf(b, " %s", l->key_types[i]);
    }
    buf_printf(b, "%s) with (autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_scale_factor = 0);", more);
}

/* What is dirty, and what was reloaded since the last proof, which looks only at that. */
static void put_logs(struct buf *b, const struct lens *l)
{
    put_log(b, l, l->dirty, "");
    put_log(b, l, l->reloaded, ", xid xid8 not null default pg_current_xact_id()");
}

static void put_row(struct buf *b, const struct lens *l)
{
    const char *direction = lens_direction_name(l->direction);
    buf_printf(b,
               "insert into carryover.lens (direction, name, kind, key, dirty, reloaded, columns, keys_table, focused)"
               " values ('%s', ",
               direction);
    pg_put_literal(b, l->name);
    buf_printf(b, ", '%s', ", lens_kind_name(l->kind));
    put_text_array(b, l->key, l->n_key);
    buf_puts(b, ", ");
    pg_put_literal(b, l->dirty);
    buf_puts(b, ", ");
    pg_put_literal(b, l->reloaded);
    buf_puts(b, ", ");
    put_text_array(b, l->columns, l->n_columns);
    buf_puts(b, ", ");
    pg_put_literal(b, l->keys_table);
    buf_puts(b, ", ");
    pg_put_literal(b, l->focused);
    buf_puts(b, ");");
}

static void put_job(struct buf *b, const struct lens *l, const struct schema_statement *s, int no)
{
    buf_printf(b, "insert into carryover.lens_job (direction, lens, no, sql, line) values ('%s', ",
               lens_direction_name(l->direction));
    pg_put_literal(b, l->name);
    buf_printf(b, ", %d, ", no);
    pg_put_literal(b, s->sql);
    buf_printf(b, ", %d);", s->line);
}

static void put_jobs(struct buf *b, const struct install *in, const struct lens *l)
{
    const struct schema_statements *lists[] = {&in->indexes, &in->constraints};
    int no = 0;
    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        for (size_t k = 0; k < lists[i]->n; k++)
            if (lists[i]->p[k].table && strcmp(lists[i]->p[k].table, l->name) == 0)
                put_job(b, l, &lists[i]->p[k], no++);
}

static void put_channel_trackers(struct buf *b, const struct lens *l)
{
    for (size_t i = 0; i < l->trackers.n; i++) {
        const struct tracker *t = &l->trackers.p[i];
        buf_puts(b, "insert into carryover.channel_tracker (direction, lens, rel_schema, rel_name, n, sql) values (");
        buf_printf(b, "'%s', ", lens_direction_name(l->direction));
        pg_put_literal(b, l->name);
        buf_puts(b, ", ");
        pg_put_literal(b, t->table->schema);
        buf_puts(b, ", ");
        pg_put_literal(b, t->table->name);
        buf_printf(b, ", %zu, ", i);
        pg_put_literal(b, t->sql);
        buf_puts(b, ");");
    }
}

static void put_trackers(struct buf *b, const struct lens *l, struct arena *a)
{
    if (l->direction >= LENS_CHANNEL) {
        put_channel_trackers(b, l);
        return;
    }
    const char *direction = lens_direction_name(l->direction);
    const char *stale = arena_printf(a, "insert into carryover.lens_stale (direction, lens) values ('%s', %s)",
                                     direction, pg_literal(a, l->name));
    for (size_t i = 0; i < l->trackers.n; i++) {
        const struct tracker *t = &l->trackers.p[i];
        const char *when = !t->sql ? "after" : t->is_direct ? "before" : "both";
        buf_puts(
            b, "insert into carryover.tracker (rel_schema, rel_name, lens, n, when_to_run, sql, on_truncate) values (");
        pg_put_literal(b, t->table->schema);
        buf_puts(b, ", ");
        pg_put_literal(b, t->table->name);
        buf_puts(b, ", ");
        pg_put_literal(b, l->name);
        buf_printf(b, ", %zu, '%s', ", i, when);
        pg_put_literal(b, t->sql ? t->sql : stale);
        buf_puts(b, ", ");
        pg_put_literal(b, stale);
        buf_puts(b, ");");
    }
}

static bool register_lenses(struct install *in, const struct lens_set *set, struct err *err)
{
    SCOPED_BUF b = {0};
    for (size_t i = 0; i < set->n; i++) {
        const struct lens *l = &set->p[i];
        put_row(&b, l);
        put_jobs(&b, in, l);
        if (l->kind != LENS_FULL)
            put_logs(&b, l);
        put_trackers(&b, l, in->a);
    }
    buf_printf(&b, "insert into carryover.lens_package (direction, package, digest) values ('%s', ",
               lens_direction_name(set->direction));
    pg_put_literal(&b, in->package->name);
    buf_printf(&b, ", '%s');", in->package->core);
    return pg_exec(in->pg, b.p, err);
}

/* -- all together -- */

/* Waits for the batch that replication is applying; the next one waits for us and runs the new trackers. Comes before
 * anything that a tracker of replication could wait for. */
static bool publish(struct install *in, struct err *err)
{
    return pg_exec(in->pg,
                   "select version from carryover.tracker_version for update;"
                   "update carryover.tracker_version set version = version + 1",
                   err);
}

/* Whatever version of carryover made it. Trackers of others (their lens begins with @) stay. */
static bool drop_all(struct install *in, struct err *err)
{
    static const char sql[] =
        "drop schema if exists carryover_up cascade; drop schema if exists carryover_down cascade;"
        "drop schema if exists carryover_channel cascade; drop schema if exists carryover_channel_n cascade;"
        "drop schema if exists hq cascade; drop schema if exists hq_call cascade;"
        "do $$ declare t text; begin for t in select c.relname from pg_class c where c.relkind = 'r' and"
        " c.relnamespace = 'carryover'::regnamespace and (c.relname like 'dirty\\_%' or c.relname like 'reloaded\\_%') "
        "loop"
        " execute format('drop table carryover.%I', t); end loop; end $$;"
        "delete from carryover.tracker where lens not like '@%';"
        "drop table carryover.lens, carryover.lens_chunk, carryover.lens_job, carryover.lens_stale,"
        " carryover.lens_package, carryover.channel_tracker";
    return publish(in, err) && pg_exec(in->pg, sql, err) && state_prepare(in->pg, err);
}

static bool check_installed(const struct package *p, const char *digest, struct err *err)
{
    if (strcmp(digest, p->core) == 0)
        return true;
    err_set(err, ERR_TARGET_STATE, "the package %s has changed since its tables were loaded", p->name);
    return err_hint(err, "Run `carryover upgrade --reset` to drop the tables of the new version and load them again, "
                         "or go back to the package as it was.");
}

static bool install_new(struct install *in, struct lens_set *up, struct err *err)
{
    struct lens_set down;
    return make_tables(in, err) && read_catalogs(in, err) && read_lenses(in, LENS_UP, up, err) &&
           read_lenses(in, LENS_DOWN, &down, err) && make_views(in, up, err) && make_views(in, &down, err) &&
           check_keys(in, up, err) && run_the_rest(in, up, &in->indexes, "20_indexes", err) &&
           run_the_rest(in, up, &in->constraints, "30_constraints", err) &&
           pg_exec(in->pg, "set local search_path = ''", err) && analyse(in, up, in->old, err) &&
           check_types(in, up, err) && register_lenses(in, up, err) && publish(in, err);
}

static bool read_installed(struct install *in, struct lens_set *up, struct err *err)
{
    return read_catalogs(in, err) && read_lenses(in, LENS_UP, up, err) &&
           pg_exec(in->pg, "set local search_path = ''", err) && analyse(in, up, in->old, err);
}

static bool install_inside(struct install *in, enum install_mode mode, struct lens_set *ret, struct err *err)
{
    char *digest = NULL;
    if (!state_prepare(in->pg, err) || !state_installed(in->pg, LENS_UP, in->a, &digest, err))
        return false;
    bool anew =
        *digest == '\0' || mode == INSTALL_RESET || (mode == INSTALL_PLAN && strcmp(digest, in->package->core) != 0);
    if (!anew)
        return check_installed(in->package, digest, err) && read_installed(in, ret, err);
    return (*digest == '\0' || drop_all(in, err)) && install_new(in, ret, err);
}

static struct install begin(struct pg *pg, const struct package *p, struct arena *a)
{
    return (struct install){pg, p, a, catalog_new(a), catalog_new(a), {0}, {0}};
}

static void end(struct install *in)
{
    catalog_free(in->old);
    catalog_free(in->hq);
}

/* The keys are those that the tables of version N really have by now. */
static bool install_down_inside(struct install *in, struct lens_set *ret, struct err *err)
{
    char *digest = NULL;
    if (!state_prepare(in->pg, err) || !state_installed(in->pg, LENS_DOWN, in->a, &digest, err) ||
        !catalog_read(in->hq, in->pg, "hq", err) || !read_lenses(in, LENS_DOWN, ret, err) ||
        !pg_exec(in->pg, "set local search_path = ''", err) || !analyse(in, ret, in->hq, err))
        return false;
    if (*digest)
        return check_installed(in->package, digest, err);
    return register_lenses(in, ret, err) &&
           pg_exec(in->pg, "update carryover.lens set state = 'fresh' where direction = 'down'", err);
}

bool install_down(struct pg *target, const struct package *p, struct arena *a, struct lens_set *ret, struct err *err)
{
    struct install in = begin(target, p, a);
    bool ok = pg_begin(target, err) && install_down_inside(&in, ret, err) && pg_commit(target, err);
    end(&in);
    if (!ok)
        pg_rollback(target);
    return ok;
}

/* A package of rows is made of keys: a table without one cannot say which of its rows went. */
static bool check_channel(const struct lens_set *set, struct err *err)
{
    for (size_t i = 0; i < set->n; i++) {
        const struct lens *l = &set->p[i];
        for (size_t k = 0; k < l->trackers.n; k++)
            if (!l->trackers.p[k].sql)
                return err_set(err, ERR_PACKAGE, "%s: the table %s.%s has no key, so its changes cannot be followed",
                               l->path, l->trackers.p[k].table->schema, l->trackers.p[k].table->name);
    }
    return true;
}

/* Those of N-1 read old.*, those of N read hq.*; both may read which store is in which group. */
static bool analyse_channel(struct install *in, struct lens_set *ret, struct err *err)
{
    bool is_new = ret->direction == LENS_CHANNEL_N;
    struct catalog *cat = is_new ? in->hq : in->old;
    return catalog_read(cat, in->pg, is_new ? "hq" : "old", err) && catalog_read(cat, in->pg, "carryover", err) &&
           pg_exec(in->pg, "set local search_path = ''", err) && analyse(in, ret, cat, err) && check_channel(ret, err);
}

static bool install_channel_set(struct install *in, enum lens_direction d, struct lens_set *ret, struct err *err)
{
    return read_lenses(in, d, ret, err) && make_views(in, ret, err) && analyse_channel(in, ret, err) &&
           register_lenses(in, ret, err);
}

static bool install_channel_inside(struct install *in, struct err *err)
{
    struct lens_set old, new;
    char *digest = NULL;
    if (!state_prepare(in->pg, err) || !state_installed(in->pg, LENS_CHANNEL, in->a, &digest, err))
        return false;
    if (*digest)
        return check_installed(in->package, digest, err);
    return pg_exec(in->pg,
                   "create schema if not exists carryover_channel; create schema if not exists carryover_channel_n",
                   err) &&
           install_channel_set(in, LENS_CHANNEL, &old, err) && install_channel_set(in, LENS_CHANNEL_N, &new, err);
}

bool install_channel(struct pg *target, const struct package *p, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct install in = begin(target, p, a);
    bool ok = install_channel_inside(&in, err);
    end(&in);
    return ok;
}

bool install_up(struct pg *target, const struct package *p, enum install_mode mode, struct arena *a,
                struct lens_set *ret, struct err *err)
{
    struct install in = begin(target, p, a);
    bool ok = pg_begin(target, err) && install_inside(&in, mode, ret, err);
    end(&in);
    if (!ok || mode == INSTALL_PLAN) {
        pg_rollback(target);
        return ok;
    }
    return pg_commit(target, err);
}

/* -- checking a package -- */

static bool run_statements(struct install *in, const struct lens_set *up, const char *name,
                           const struct schema_statements *list, struct err *err)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct schema_statement *s = &list->p[i];
        if (s->table && lens_find(up, s->table) && !pg_exec(in->pg, s->sql, err))
            return err_wrap(err, "schema/%s.sql:%d", name, s->line);
    }
    return true;
}

static bool explain(struct install *in, const char *sql, struct err *err)
{
    return pg_execf(in->pg, err, "explain %s", sql);
}

/* Both versions have tables of one name: each lens gets its own. */
static bool make_stage(struct install *in, const char *name, const struct catalog_table *t, struct err *err)
{
    char *quoted = pg_ident(in->a, name);
    return pg_execf(in->pg, err, "drop table if exists pg_temp.%s; create temp table %s (like %s) on commit drop",
                    quoted, quoted, pg_qualified(in->a, t->schema, t->name));
}

static bool make_stages(struct install *in, const struct lens *l, struct err *err)
{
    for (size_t i = 0; i < l->trackers.n; i++) {
        const struct catalog_table *t = l->trackers.p[i].table;
        if (!make_stage(in, name_derived(in->a, "changed:", t->name), t, err) ||
            !make_stage(in, images_table(in->a, t->name), t, err))
            return false;
    }
    return pg_execf(in->pg, err, "create temp table %s (like carryover.%s) on commit drop",
                    pg_ident(in->a, l->keys_table), pg_ident(in->a, l->dirty));
}

static bool explain_lens(struct install *in, const struct lens *l, struct err *err)
{
    if (l->kind == LENS_FULL)
        return true;
    bool ok = make_stages(in, l, err) && explain(in, l->focused, err) && explain(in, l->whole, err);
    for (size_t i = 0; ok && i < l->trackers.n; i++)
        ok = !l->trackers.p[i].sql || explain(in, l->trackers.p[i].sql, err);
    return ok || err_wrap(err, "%s", l->path);
}

static bool explain_all(struct install *in, const struct lens_set *set, struct err *err)
{
    for (size_t i = 0; i < set->n; i++)
        if (!explain_lens(in, &set->p[i], err))
            return false;
    return true;
}

static bool check_inside(struct install *in, struct err *err)
{
    struct lens_set up, down, channel, channel_n;
    if (!state_prepare(in->pg, err) || !install_new(in, &up, err) ||
        !run_statements(in, &up, "20_indexes", &in->indexes, err) ||
        !run_statements(in, &up, "30_constraints", &in->constraints, err) || !read_lenses(in, LENS_DOWN, &down, err) ||
        !analyse(in, &down, in->hq, err) || !register_lenses(in, &down, err) ||
        !install_channel_set(in, LENS_CHANNEL, &channel, err) ||
        !install_channel_set(in, LENS_CHANNEL_N, &channel_n, err))
        return false;
    return explain_all(in, &up, err) && explain_all(in, &down, err) && explain_all(in, &channel, err) &&
           explain_all(in, &channel_n, err);
}

bool install_check(struct pg *scratch, const struct package *p, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct install in = begin(scratch, p, a);
    bool ok = pg_begin(scratch, err) && check_inside(&in, err);
    end(&in);
    pg_rollback(scratch);
    return ok;
}

/* -- the plan, for people and programs -- */

static void put_tracker_text(struct buf *b, const struct tracker *t)
{
    if (!t->sql)
        buf_printf(b, "    %s.%s: any change makes the whole lens anew\n", t->table->schema, t->table->name);
    else if (t->is_direct)
        buf_printf(b, "    %s.%s: its own keys\n", t->table->schema, t->table->name);
    else
        buf_printf(b, "    %s.%s: through the lens, %zu way%s\n", t->table->schema, t->table->name, t->n_covers,
                   t->n_covers == 1 ? "" : "s");
}

void install_put_text(struct buf *b, const struct lens_set *set)
{
    for (size_t i = 0; i < set->n; i++) {
        const struct lens *l = &set->p[i];
        buf_printf(b, "%s (%s), key ", l->name, lens_kind_name(l->kind));
        for (size_t k = 0; k < l->n_key; k++)
            buf_printf(b, "%s%s", k ? ", " : "", l->key[k]);
        buf_putc(b, '\n');
        for (size_t k = 0; k < l->trackers.n; k++)
            put_tracker_text(b, &l->trackers.p[k]);
    }
}

static void put_tracker_json(struct buf *b, const struct tracker *t)
{
    buf_puts(b, "{\"table\":");
    json_put_string(b, str_of(t->table->name));
    buf_printf(b, ",\"direct\":%s,\"full\":%s,\"ways\":%zu}", t->is_direct ? "true" : "false",
               t->sql ? "false" : "true", t->n_covers);
}

void install_put_json(struct buf *b, const struct lens_set *set)
{
    buf_putc(b, '[');
    for (size_t i = 0; i < set->n; i++) {
        const struct lens *l = &set->p[i];
        buf_puts(b, i ? ",{\"lens\":" : "{\"lens\":");
        json_put_string(b, str_of(l->name));
        buf_printf(b, ",\"kind\":\"%s\",\"key\":[", lens_kind_name(l->kind));
        for (size_t k = 0; k < l->n_key; k++) {
            buf_puts(b, k ? "," : "");
            json_put_string(b, str_of(l->key[k]));
        }
        buf_puts(b, "],\"reads\":[");
        for (size_t k = 0; k < l->trackers.n; k++) {
            buf_puts(b, k ? "," : "");
            put_tracker_json(b, &l->trackers.p[k]);
        }
        buf_puts(b, "]}");
    }
    buf_putc(b, ']');
}
