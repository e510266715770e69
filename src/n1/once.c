#include "n1/once.h"
#include "db/target.h"

const char once_prepare_sql[] =
    "create table if not exists carryover.n1_call (store text not null, key text not null, method text not null,"
    " digest text not null, answer text not null default '', at timestamptz not null default clock_timestamp(),"
    " primary key (store, key));"
    "create index if not exists n1_call_at on carryover.n1_call (at);";

static bool read_first(struct pg *pg, const struct once *o, struct answer *w, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(pg, "select digest, answer from carryover.n1_call where store = $1 and key = $2",
                  PG_ARGS(o->store, o->key), &r, err))
        return false;
    if (PQntuples(r) == 0)
        return err_set(err, ERR_GATEWAY_BUSY, "the first call with this key has just been forgotten");
    if (strcmp(pg_text(r, 0, 0), o->digest) != 0)
        return err_set(err, ERR_CALL_DIFFERS, "this key was used for another method or other parameters");
    buf_reset(&w->body);
    buf_puts(&w->body, pg_text(r, 0, 1));
    return true;
}

/* An insert that meets an unfinished one waits for its end. */
static bool claim(struct pg *pg, const struct once *o, bool *ret_mine, struct err *err)
{
    int64_t n = 0;
    if (!pg_run(pg,
                "insert into carryover.n1_call (store, key, method, digest) values ($1, $2, $3, $4)"
                " on conflict do nothing",
                PG_ARGS(o->store, o->key, o->method, o->digest), &n, err))
        return false;
    *ret_mine = n == 1;
    return true;
}

bool once_begin(struct pg *pg, const struct once *o, bool *ret_mine, struct answer *w, struct err *err)
{
    if (!pg_begin(pg, err))
        return false;
    if (!target_admit_writer(pg, err) || !claim(pg, o, ret_mine, err)) {
        pg_rollback(pg);
        return false;
    }
    if (*ret_mine)
        return true;
    pg_rollback(pg);
    return read_first(pg, o, w, err);
}

bool once_finish(struct pg *pg, const struct once *o, const struct answer *w, struct err *err)
{
    return pg_run(pg, "update carryover.n1_call set answer = $3 where store = $1 and key = $2",
                  PG_ARGS(o->store, o->key, buf_text(&w->body)), NULL, err) &&
           pg_commit(pg, err);
}

bool once_purge(struct pg *pg, int64_t keep_s, struct err *err)
{
    char keep[24];
    snprintf(keep, sizeof keep, "%" PRId64, keep_s);
    return pg_run(pg, "delete from carryover.n1_call where at < now() - $1::bigint * interval '1 s'", PG_ARGS(keep),
                  NULL, err);
}
