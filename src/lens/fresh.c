#include "lens/fresh.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/thread.h"
#include "db/target.h"
#include "lens/reload.h"

#define IDLE_MS 20
#define CONFLICT_TRIES 20 /* passes in which a unique key may be held by a row whose own mark comes later */
#define TIDY_PASSES 50    /* dirty logs are vacuumed every so many passes */

struct member_state {
    struct pg *pg;
    bool *prepared; /* per lens: temporary tables exist on this connection */
};

struct lens_fate {
    bool failed;
    int conflicts; /* passes in a row that met a row in the way */
    int passes;
};

struct fresh {
    struct arena *a;
    const struct lens_set *set;
    struct member_state *members;
    int n_members;
    struct lens_fate *fates;
    const char *pending_sql;
    /* of the running pass */
    const struct lens **todo;
    size_t n_todo;
    atomic_size_t next;
    atomic_llong keys, changed;
    atomic_size_t n_failed;
    bool tolerant;
};

/* Lenses that are loaded and have marks: one statement that looks into every log. */
static const char *pending_text(struct arena *a, const struct lens_set *set)
{
    SCOPED_BUF b = {0};
    const char *direction = lens_direction_name(set->direction);
    buf_puts(&b, "select x.n from (");
    for (size_t i = 0; i < set->n; i++) {
        const struct lens *l = &set->p[i];
        const char *name = pg_literal(a, l->name);
        buf_printf(
            &b, "%sselect %zu, %s where exists (select from carryover.lens_stale where direction = '%s' and lens = %s)",
            i ? " union all " : "", i, name, direction, name);
        if (l->kind != LENS_FULL)
            buf_printf(&b, " or exists (select from %s)", pg_qualified(a, "carryover", l->dirty));
    }
    buf_printf(&b,
               ") x(n, name) join carryover.lens l on l.direction = '%s' and l.name = x.name"
               " where l.state in ('fresh', 'failed') order by x.n",
               direction);
    return arena_dup(a, b.p);
}

bool fresh_open(const char *uri, const struct lens_set *set, int workers, struct fresh **ret, struct err *err)
{
    struct fresh *f = calloc(1, sizeof *f);
    if (!f)
        abort();
    f->a = arena_new();
    f->set = set;
    f->members = arena_new_array(f->a, struct member_state, (size_t)workers);
    f->fates = arena_new_array(f->a, struct lens_fate, set->n + 1);
    f->todo = arena_new_array(f->a, const struct lens *, set->n + 1);
    f->pending_sql = set->n ? pending_text(f->a, set) : "select 0 where false";
    for (int i = 0; i < workers; i++, f->n_members++) {
        f->members[i].prepared = arena_new_array(f->a, bool, set->n + 1);
        if (pg_open(uri, "target", &f->members[i].pg, err) && reload_session(f->members[i].pg, err))
            continue;
        f->n_members++;
        fresh_free(f);
        return false;
    }
    *ret = f;
    return true;
}

void fresh_free(struct fresh *f)
{
    for (int i = 0; i < f->n_members; i++)
        if (f->members[i].pg)
            pg_free(f->members[i].pg);
    arena_free(f->a);
    free(f);
}

/* -- one lens in one pass -- */

static bool prepare(struct fresh *f, struct member_state *m, const struct lens *l, struct err *err)
{
    bool *done = &m->prepared[l - f->set->p];
    *done = *done || reload_prepare(m->pg, l, err);
    return *done;
}

/* What a table of N-1 cannot hold is set aside; a table of version N that cannot be right is a failure. */
static bool reload_some(struct pg *pg, const struct lens *l, struct reload_result *ret, struct err *err)
{
    if (reload_lens(pg, l, true, RELOAD_KEYS_MAX, ret, err))
        return true;
    if (err->code != ERR_LENS_DATA || l->direction != LENS_DOWN || l->kind == LENS_FULL)
        return false;
    *err = (struct err){0};
    return reload_around(pg, l, ret, err);
}

static bool reload_all(struct fresh *f, struct pg *pg, const struct lens *l, struct err *err)
{
    struct reload_result r = {.more = true};
    while (r.more) {
        if (!cancel_check(err) || !reload_some(pg, l, &r, err))
            return false;
        atomic_fetch_add(&f->keys, r.keys);
        atomic_fetch_add(&f->changed, MAX(r.removed, r.added));
    }
    return true;
}

static bool record_failure(struct fresh *f, struct pg *pg, const struct lens *l, const struct err *cause,
                           struct err *err)
{
    bool *failed = &f->fates[l - f->set->p].failed;
    atomic_fetch_add(&f->n_failed, 1);
    log_event(*failed ? LOG_DEBUG : LOG_WARN, "upgrade.failed", "%s", cause->message);
    *failed = true;
    return pg_run(pg, "update carryover.lens set state = 'failed', error = $3 where direction = $1 and name = $2",
                  PG_ARGS(lens_direction_name(l->direction), l->name, cause->message), NULL, err);
}

/* A row in the way of a unique index may be one whose own change is applied with the next batch. */
static bool may_settle(struct lens_fate *fate, const struct err *err)
{
    return strcmp(err->sqlstate, "23505") == 0 && ++fate->conflicts < CONFLICT_TRIES;
}

static bool do_lens(struct fresh *f, struct member_state *m, const struct lens *l, struct err *err)
{
    struct lens_fate *fate = &f->fates[l - f->set->p];
    struct err cause = {0};
    if (!prepare(f, m, l, err))
        return false;
    if (reload_all(f, m->pg, l, &cause)) {
        fate->conflicts = 0;
        fate->failed = false;
        return true;
    }
    if (cause.code == ERR_SERVER_BUSY || may_settle(fate, &cause))
        return true;
    if (cause.code == ERR_LENS_DATA && !record_failure(f, m->pg, l, &cause, err))
        return false;
    if (cause.code == ERR_LENS_DATA && f->tolerant)
        return true;
    *err = cause;
    return false;
}

/* -- a pass -- */

static bool pass_member(struct crew *crew, void *ctx, int member, struct err *err)
{
    struct fresh *f = ctx;
    while (!crew_stopping(crew)) {
        size_t i = atomic_fetch_add(&f->next, 1);
        if (i >= f->n_todo)
            return true;
        if (!do_lens(f, &f->members[member], f->todo[i], err))
            return false;
    }
    return true;
}

static bool find_todo(struct fresh *f, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(f->members[0].pg, f->pending_sql, PG_NONE, &r, err))
        return false;
    f->n_todo = 0;
    for (int i = 0; i < PQntuples(r); i++)
        f->todo[f->n_todo++] = &f->set->p[pg_i64(r, i, 0)];
    /* From then on the rows of version N are its users'. */
    return f->n_todo == 0 || f->set->direction != LENS_UP || target_check_not_live(f->members[0].pg, err);
}

/* Reloads leave dead marks behind, which every look into the log has to step over. */
static bool tidy(struct fresh *f, struct err *err)
{
    SCOPED(arena) a = arena_new();
    for (size_t i = 0; i < f->n_todo; i++) {
        const struct lens *l = f->todo[i];
        if (l->kind == LENS_FULL || ++f->fates[l - f->set->p].passes % TIDY_PASSES)
            continue;
        if (!pg_execf(f->members[0].pg, err, "vacuum %s", pg_qualified(a, "carryover", l->dirty)))
            return false;
    }
    return true;
}

bool fresh_pass(struct fresh *f, bool tolerant, struct fresh_result *ret, struct err *err)
{
    *ret = (struct fresh_result){0};
    if (!find_todo(f, err))
        return false;
    atomic_store(&f->next, 0);
    atomic_store(&f->keys, 0);
    atomic_store(&f->changed, 0);
    atomic_store(&f->n_failed, 0);
    f->tolerant = tolerant;
    int crew = (int)MIN((size_t)f->n_members, f->n_todo);
    if (crew && (!crew_run(crew, pass_member, f, err) || !tidy(f, err)))
        return false;
    *ret = (struct fresh_result){atomic_load(&f->keys), atomic_load(&f->changed), f->n_todo, atomic_load(&f->n_failed)};
    return true;
}

bool fresh_loop(struct fresh *f, struct crew *crew, void (*each)(void *ctx, const struct fresh_result *r), void *ctx,
                struct err *err)
{
    while (!crew || !crew_stopping(crew) || cancel_requested()) {
        struct fresh_result r;
        if (!cancel_check(err) || !fresh_pass(f, true, &r, err))
            return false;
        if (r.lenses && each)
            each(ctx, &r);
        if (r.lenses == 0 || r.failed == r.lenses)
            clock_sleep_ms(IDLE_MS);
    }
    return true;
}
