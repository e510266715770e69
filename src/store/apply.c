#include "store/apply.h"
#include "base/clock.h"
#include "store/exchange.h"

#define UNPACKED_MAX (INT64_C(16) << 30)
#define LINE_MAX_BYTES ((size_t)16 << 20)

/* --- is it what was offered? --- */

static bool check_version(struct channel *c, const struct offer *o, bool *ret_was_there, struct err *err)
{
    int64_t at = 0;
    if (!sqlite_number(c->db, "select version from carryover_version where chain = ?1", SQLITE_ARGS(o->chain), 0, &at,
                       err))
        return false;
    *ret_was_there = !o->full && o->to <= at;
    return o->full || *ret_was_there || o->from == at ||
           err_set(err, ERR_APPLY_FAILED,
                   "the package leads from version %" PRId64 " of %s, but this store has %" PRId64, o->from, o->chain,
                   at);
}

static bool check_manifest(const struct parcel *p, const struct offer *o, struct err *err)
{
    bool same = p->kind == PARCEL_DOWNLOAD && strcmp(p->job, o->job) == 0 && strcmp(p->chain, o->chain) == 0 &&
                p->full == o->full && p->from == o->from && p->to == o->to;
    return same || err_set(err, ERR_PARCEL, "the package says that it is another one than was offered");
}

/* --- rows --- */

static bool take_file(struct parcel_reader *r, struct exchange *s, enum parcel_event what, int64_t *ret_lines,
                      struct err *err)
{
    struct str line = {"", 0};
    for (;;) {
        if (!parcel_line(r, &line, err))
            return false;
        if (!line.p)
            return true;
        if (!(what == PARCEL_ROWS ? exchange_row(s, line, err) : exchange_key(s, line, err)))
            return false;
        *ret_lines += 1;
    }
}

/* Files of one table follow each other, and a table may have none: every one of the manifest is staged in its turn. */
struct turn {
    struct channel *c;
    const struct parcel *p;
    struct exchange *stage;
    size_t next; /* table of the manifest that has not begun */
};

static bool end_table(struct turn *t, struct err *err)
{
    bool ok = !t->stage || exchange_finish(t->stage, err);
    if (t->stage)
        exchange_free(t->stage);
    t->stage = NULL;
    return ok || err_wrap(err, "%s", t->p->tables[t->next - 1].name);
}

static bool begin_table(struct turn *t, size_t table, struct err *err)
{
    while (t->next <= table)
        if (!end_table(t, err) || !exchange_new(t->c, &t->p->tables[t->next++], &t->stage, err))
            return false;
    return true;
}

static bool take_rows(struct turn *t, struct parcel_reader *r, struct apply_result *ret, struct err *err)
{
    for (;;) {
        enum parcel_event what = PARCEL_END;
        size_t table = 0;
        if (!parcel_next(r, &what, &table, err))
            return false;
        if (what == PARCEL_END)
            return (t->p->n_tables == 0 || begin_table(t, t->p->n_tables - 1, err)) && end_table(t, err);
        if (!begin_table(t, table, err) ||
            !take_file(r, t->stage, what, what == PARCEL_ROWS ? &ret->rows : &ret->keys, err))
            return false;
    }
}

/* --- the version --- */

/* A full package of a group takes the place of what came for another group. */
static bool forget_others(struct channel *c, const struct offer *o, struct arena *a, struct err *err)
{
    const char *at = strchr(o->chain, '@');
    if (!o->full || !at)
        return true;
    return sqlite_run(c->db, "delete from carryover_version where chain <> ?1 and substr(chain, 1, length(?2)) = ?2",
                      SQLITE_ARGS(o->chain, arena_dup_str(a, (struct str){o->chain, (size_t)(at - o->chain) + 1})),
                      err);
}

static bool set_version(struct channel *c, const struct offer *o, struct arena *a, struct err *err)
{
    char now[32];
    clock_iso(clock_wall_us(), now);
    return forget_others(c, o, a, err) &&
           sqlite_run(c->db,
                      "insert or replace into carryover_version (chain, job, version, applied) values (?1, ?2, ?3, ?4)",
                      SQLITE_ARGS(o->chain, o->job, arena_printf(a, "%" PRId64, o->to), now), err);
}

static bool fill(struct channel *c, const struct parcel *p, struct parcel_reader *r, struct apply_result *ret,
                 struct err *err)
{
    struct turn turn = {.c = c, .p = p};
    bool ok = take_rows(&turn, r, ret, err);
    if (turn.stage)
        exchange_free(turn.stage);
    /* Whatever the database says of the rows is said of the package. */
    if (!ok && err->code == ERR_SQL)
        err->code = ERR_APPLY_FAILED;
    return ok;
}

bool apply_package(struct channel *c, const struct offer *o, const char *path, struct apply_result *ret,
                   struct err *err)
{
    struct parcel_limits limits = {UNPACKED_MAX, LINE_MAX_BYTES};
    struct parcel manifest;
    SCOPED(arena) a = arena_new();
    SCOPED(parcel_reader) r = NULL;
    *ret = (struct apply_result){0};
    if (!parcel_open_file(path, &limits, a, &manifest, &r, err) || !check_manifest(&manifest, o, err))
        return false;
    ret->tables = (int)manifest.n_tables;
    if (!sqlite_begin(c->db, err))
        return false;
    bool ok = check_version(c, o, &ret->was_there, err) &&
              (ret->was_there || (fill(c, &manifest, r, ret, err) && set_version(c, o, a, err)));
    if (ok)
        return sqlite_commit(c->db, err);
    sqlite_rollback(c->db);
    return false;
}
