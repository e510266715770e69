#include "verify/lenses.h"
#include "base/name.h"
#include "db/target.h"

#define TITLE "every row against a fresh evaluation of its lens"

static const char states_sql[] =
    "select l.name, array_to_string(l.key, e'\\x1f'), l.dirty, l.state,"
    " exists (select from carryover.lens_stale s where s.direction = l.direction and s.lens = l.name), l.error"
    " from carryover.lens l where l.direction = $1 order by l.name";

static bool exists(struct pg *pg, const char *relation, bool *ret, struct err *err)
{
    int64_t n = 0;
    if (!pg_value_i64(pg, "select (to_regclass($1) is not null)::int", PG_ARGS(relation), &n, err))
        return false;
    *ret = n == 1;
    return true;
}

static void take_key(const char *joined, struct arena *a, struct lens_state *l)
{
    size_t n = 1;
    for (const char *p = joined; *p; p++)
        n += *p == '\x1f';
    l->key = arena_new_array(a, const char *, n);
    for (struct str rest = str_of(joined); rest.n;)
        l->key[l->n_key++] = arena_dup_str(a, str_split(&rest, '\x1f'));
}

static bool take_log(struct pg *pg, const char *name, struct arena *a, const char **ret, struct err *err)
{
    bool there = false;
    char *quoted = pg_qualified(a, "carryover", name);
    if (!exists(pg, quoted, &there, err))
        return false;
    *ret = there ? quoted : NULL;
    return true;
}

static bool take_state(struct pg *pg, const PGresult *r, int row, bool up, struct arena *a, struct lens_state *ret,
                       struct err *err)
{
    const char *name = arena_dup(a, pg_text(r, row, 0));
    *ret = (struct lens_state){.name = name,
                               .view = pg_qualified(a, up ? "carryover_up" : "carryover_down", name),
                               .table = pg_qualified(a, up ? TARGET_NEW : TARGET_OLD, name),
                               .state = arena_dup(a, pg_text(r, row, 3)),
                               .is_stale = pg_bool(r, row, 4),
                               .error = arena_dup(a, pg_text(r, row, 5))};
    ret->is_loaded = strcmp(ret->state, "fresh") == 0;
    take_key(pg_text(r, row, 1), a, ret);
    return take_log(pg, pg_text(r, row, 2), a, &ret->dirty, err) &&
           take_log(pg, name_derived(a, "reloaded_", name), a, &ret->reloaded, err);
}

bool lenses_read(struct pg *pg, const char *direction, struct arena *a, struct lens_states *ret, struct err *err)
{
    bool there = false;
    SCOPED_RESULT r = NULL;
    *ret = (struct lens_states){0};
    if (!exists(pg, "carryover.lens", &there, err))
        return false;
    if (!there)
        return true;
    if (!pg_query(pg, states_sql, PG_ARGS(direction), &r, err))
        return err_wrap(err, "reading the state of the lenses");
    ret->p = arena_new_array(a, struct lens_state, (size_t)PQntuples(r) + 1);
    for (int i = 0; i < PQntuples(r); i++)
        if (!take_state(pg, r, i, strcmp(direction, "up") == 0, a, &ret->p[ret->n++], err))
            return false;
    return true;
}

const struct lens_state *lenses_find(const struct lens_states *l, const char *name)
{
    for (size_t i = 0; i < l->n; i++)
        if (strcmp(l->p[i].name, name) == 0)
            return &l->p[i];
    return NULL;
}

/* -- twins -- */

/* A value of a character type keeps its length (a lens that makes too long a text is a mistake of its own), everything
 * else is brought to the column's type as the load did it. */
static const char columns_sql[] =
    "select t.attname, format_type(t.atttypid, t.atttypmod), case"
    "  when t.atttypid in (25, 1043) and v.atttypid in (25, 1043) then null"
    "  when t.atttypid = v.atttypid and t.atttypmod = v.atttypmod then null"
    "  when t.atttypid = 1043 then 'text' else format_type(t.atttypid, t.atttypmod) end"
    ", v.attname is null"
    " from pg_attribute t left join pg_attribute v on v.attrelid = to_regclass($1) and v.attname = t.attname and "
    "v.attnum > 0"
    " where t.attrelid = to_regclass($2) and t.attnum > 0 and not t.attisdropped and t.attgenerated = ''"
    " order by t.attnum";

static const char size_sql[] =
    "select greatest(reltuples, 0)::bigint, pg_relation_size(oid) / current_setting('block_size')::int"
    " from pg_class where oid = to_regclass($1)";

static void take_columns(const PGresult *r, struct arena *a, struct twin *p)
{
    p->columns = arena_new_array(a, struct twin_column, (size_t)PQntuples(r) + 1);
    for (int i = 0; i < PQntuples(r); i++) {
        if (pg_bool(r, i, 3)) {
            p->n_left_out++;
            continue;
        }
        p->columns[p->n_columns++] =
            (struct twin_column){arena_dup(a, pg_text(r, i, 0)), arena_dup(a, pg_text(r, i, 1)),
                                 PQgetisnull(r, i, 2) ? NULL : arena_dup(a, pg_text(r, i, 2))};
    }
}

static bool take_twin_key(const struct lens_state *l, struct arena *a, struct twin *p, struct err *err)
{
    p->key = arena_new_array(a, size_t, l->n_key + 1);
    for (size_t i = 0; i < l->n_key; i++) {
        int at = twin_find(p, l->key[i]);
        if (at < 0)
            return err_set(err, ERR_PACKAGE, "the key column %s of the lens %s is not in %s", l->key[i], l->name,
                           l->table);
        p->key[p->n_key++] = (size_t)at;
    }
    return true;
}

bool lenses_twin(struct pg *pg, const struct lens_state *l, struct arena *a, struct twin *ret, struct err *err)
{
    SCOPED_RESULT columns = NULL;
    SCOPED_RESULT size = NULL;
    *ret = (struct twin){.name = l->name, .left = {.from = l->view}, .right = {.from = l->table}};
    if (!pg_query(pg, columns_sql, PG_ARGS(l->view, l->table), &columns, err) ||
        !pg_query(pg, size_sql, PG_ARGS(l->table), &size, err))
        return false;
    if (PQntuples(columns) == 0 || PQntuples(size) == 0)
        return err_set(err, ERR_TARGET_STATE, "the table %s or the view %s is missing in the target", l->table,
                       l->view);
    take_columns(columns, a, ret);
    ret->rows = pg_i64(size, 0, 0);
    ret->right.pages = pg_i64(size, 0, 1);
    return take_twin_key(l, a, ret, err);
}

/* -- dirty keys -- */

static void put_names(struct buf *b, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        buf_puts(b, i ? ", " : "");
        name_put(b, names[i]);
    }
}

bool lenses_dirty(struct pg *pg, const struct lens_state *l, int64_t *ret, struct err *err)
{
    SCOPED_BUF sql = {0};
    *ret = 0;
    if (!l->dirty)
        return true;
    buf_puts(&sql, "select count(*) from (select distinct ");
    put_names(&sql, l->key, l->n_key);
    buf_printf(&sql, " from %s) d", l->dirty);
    return pg_value_i64(pg, sql.p, PG_NONE, ret, err) || err_wrap(err, "counting the dirty keys of %s", l->name);
}

bool lenses_backlog(struct pg *pg, const struct lens_states *l, int64_t *ret, struct err *err)
{
    *ret = 0;
    for (size_t i = 0; i < l->n; i++) {
        int64_t n = 0;
        if (!lenses_dirty(pg, &l->p[i], &n, err))
            return false;
        *ret += n + l->p[i].is_stale;
    }
    return true;
}

static const char logs_sql[] =
    "select coalesce(string_agg(format('select from carryover.%I', c.relname), ' union all '), ''),"
    " exists (select from carryover.lens_stale where direction = 'up') from carryover.lens l"
    " join pg_class c on c.relname = l.dirty and c.relnamespace = 'carryover'::regnamespace where l.direction = 'up'";

static bool is_caught_up(struct pg *target, bool *ret, struct err *err)
{
    SCOPED_BUF sql = {0};
    SCOPED_RESULT r = NULL;
    int64_t dirty = 0;
    if (!pg_query(target, logs_sql, PG_NONE, &r, err))
        return false;
    if (*pg_text(r, 0, 0)) {
        buf_printf(&sql, "select exists (%s)::int", pg_text(r, 0, 0));
        if (!pg_value_i64(target, sql.p, PG_NONE, &dirty, err))
            return false;
    }
    *ret = dirty == 0 && !pg_bool(r, 0, 1);
    return true;
}

/* Nothing is waited for when nobody works off the backlog. */
bool lenses_settled(void *ctx, struct pg *target, bool *ret, struct err *err)
{
    bool upgrading = false, there = false;
    (void)ctx;
    if (!target_locked(target, TARGET_JOB_UPGRADE, &upgrading, err) || !exists(target, "carryover.lens", &there, err))
        return false;
    *ret = true;
    return !upgrading || !there || is_caught_up(target, ret, err);
}

const char *lenses_except(struct arena *a, const struct lens_state *l)
{
    SCOPED_BUF b = {0};
    buf_printf(&b, "exists (select from %s d where ", l->dirty);
    for (size_t i = 0; i < l->n_key; i++) {
        buf_puts(&b, i ? " and d." : "d.");
        name_put(&b, l->key[i]);
        buf_puts(&b, " = t.");
        name_put(&b, l->key[i]);
    }
    buf_putc(&b, ')');
    return arena_dup(a, b.p);
}

/* -- plans -- */

bool lenses_plan_one(struct proof *p, const struct lens_state *l, const char *note, struct err *err)
{
    struct twin twin;
    struct pg *pg = moment_target(p->moment, 0);
    struct report_check *check = report_check(p->report, SECTION_LENSES, l->name, TITLE);
    if (!lenses_twin(pg, l, p->arena, &twin, err) || !lenses_dirty(pg, l, &check->in_flight, err))
        return false;
    if (check->in_flight) {
        twin.left.except = twin.right.except = lenses_except(p->arena, l);
        report_note(p->report, check, "%lld keys were being brought up to date and are left out",
                    (long long)check->in_flight);
    }
    if (twin.n_left_out)
        report_note(p->report, check, "%zu columns are not made by the lens", twin.n_left_out);
    if (*note)
        report_note(p->report, check, "%s", note);
    proof_compare(p, &twin, check);
    return true;
}

bool lenses_is_out(struct proof *p, const char *name, const struct lens_state *l)
{
    if (l && l->is_loaded && !l->is_stale)
        return false;
    struct report_check *check = report_check(p->report, SECTION_LENSES, name, TITLE);
    if (l && strcmp(l->state, "failed") == 0) {
        check->outcome = OUTCOME_FAIL;
        report_note(p->report, check, "the upgrade of this table failed: %s", l->error);
    } else if (l && l->is_loaded) {
        check->outcome = OUTCOME_IN_FLIGHT;
        report_note(p->report, check, "it waits for being made anew as a whole");
    } else {
        report_note(p->report, check, "not loaded yet: the upgrade is at %s", l ? l->state : "its beginning");
    }
    return true;
}

bool lenses_plan(struct proof *p, struct err *err)
{
    struct lens_states up;
    const struct package_files *files = &p->opts->package->up;
    if (!lenses_read(moment_target(p->moment, 0), "up", p->arena, &up, err))
        return false;
    for (size_t i = 0; i < files->n; i++) {
        const char *name = files->p[i].name;
        const struct lens_state *l = lenses_find(&up, name);
        if (!proof_wants(p, name) || lenses_is_out(p, name, l))
            continue;
        if (!lenses_plan_one(p, l, "", err))
            return err_wrap(err, "planning the proof of %s", name);
    }
    return true;
}

/* -- tables that go nowhere -- */

static bool is_read(const struct proof *p, const char *table)
{
    for (const char *const *t = p->opts->read_by_lenses; *t; t++)
        if (strcmp(*t, table) == 0)
            return true;
    return false;
}

static bool report_uncarried(struct proof *p, const struct table *t, struct err *err)
{
    SCOPED_BUF sql = {0};
    int64_t rows = 0;
    buf_puts(&sql, "select count(*) from ");
    table_put_target(&sql, t);
    if (!pg_value_i64(moment_target(p->moment, 0), sql.p, PG_NONE, &rows, err))
        return false;
    if (rows == 0)
        return true;
    struct report_check *c = report_check(p->report, SECTION_LENSES, t->name, "carried to version N, or dropped");
    c->outcome = OUTCOME_FAIL;
    c->differences = rows;
    report_note(
        p->report, c,
        "its rows go nowhere: no lens reads this table, and the package does not drop it; write a lens, or name "
        "it with the reason under `dropped:` in package.yaml, or leave it out with the setting replicate.exclude");
    return true;
}

bool lenses_plan_uncarried(struct proof *p, struct err *err)
{
    if (!p->opts->read_by_lenses)
        return true;
    for (size_t i = 0; i < p->tables.n; i++) {
        const struct table *t = &p->tables.p[i];
        if (proof_wants(p, t->name) && !is_read(p, t->name) && !package_drops(p->opts->package, t->name) &&
            !report_uncarried(p, t, err))
            return false;
    }
    return true;
}

bool lenses_all_loaded(struct proof *p, const struct lens_states *l, const char **ret_why)
{
    const struct package_files *files = &p->opts->package->up;
    for (size_t i = 0; i < files->n; i++) {
        const struct lens_state *s = lenses_find(l, files->p[i].name);
        if (s && s->is_loaded)
            continue;
        *ret_why = arena_printf(p->arena, "version N is not whole yet: %s is %s", files->p[i].name,
                                s ? s->state : "not installed");
        return false;
    }
    return true;
}
