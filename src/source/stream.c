#include "base/cancel.h"
#include "base/clock.h"
#include "base/map.h"
#include "source/internal.h"
#include "source/pgoutput.h"
#include <assert.h>
#include <poll.h>
#include <stdlib.h>

#define EPOCH_US 946684800000000 /* PostgreSQL counts from 2000-01-01 */
#define FEEDBACK_MS 1000
#define RELATIONS_MAX 65536

/* What the stream said of a relation: where its columns are in our table. */
struct relation {
    uint32_t oid;
    const struct table *table; /* NULL: not one of ours */
    size_t n;
    size_t *to; /* stream column to our column */
};

struct source_stream {
    struct pg *pg;
    const struct table_list *tables;
    struct arena *arena;   /* relations: as long as the stream */
    struct arena *message; /* one message */
    struct map *relations; /* by the bytes of the oid */
    char *piece;           /* the current message, from libpq */
    bool binary, in_transaction;
    uint64_t end; /* end of the source's log, as far as it said */
    uint64_t acknowledged;
    int64_t last_feedback_us;
    const struct pgoutput_message *truncate; /* a TRUNCATE of several tables, handed out one by one */
    size_t truncate_at;
    struct value *row, *old;
};

static bool start_stream(struct source *s, struct source_stream *st, uint64_t from, struct err *err)
{
    SCOPED(arena) a = arena_new();
    char lsn[24];
    pg_lsn_format(from, lsn);
    char *sql = arena_printf(a, "START_REPLICATION SLOT %s LOGICAL %s (proto_version '1', publication_names '%s'%s)",
                             pg_ident(a, s->opts.slot), lsn, pg_ident(a, s->opts.publication),
                             st->binary ? ", binary 'true'" : "");
    PGresult *r = PQexec(pg_raw(st->pg), sql);
    bool ok = PQresultStatus(r) == PGRES_COPY_BOTH;
    if (!ok)
        pg_fail(st->pg, r, sql, err);
    PQclear(r);
    if (!ok && strcmp(err->sqlstate, "55006") == 0)
        err_hint(
            err,
            "another process reads this slot; `select active_pid from pg_replication_slots` on the server names it");
    return ok || err_wrap(err, "starting the change stream");
}

bool source_stream_open(struct source *s, const struct table_list *tables, uint64_t from, bool binary,
                        struct source_stream **ret, struct err *err)
{
    struct source_stream *st = calloc(1, sizeof *st);
    if (!st)
        abort();
    *st = (struct source_stream){.tables = tables, .binary = binary, .acknowledged = from, .end = from};
    st->arena = arena_new();
    st->message = arena_new();
    st->relations = map_new();
    size_t widest = 1;
    for (size_t i = 0; i < tables->n; i++)
        widest = MAX(widest, tables->p[i].n_columns);
    st->row = arena_new_array(st->arena, struct value, widest);
    st->old = arena_new_array(st->arena, struct value, widest);
    if (pg_open_replication(s->opts.uri, s->opts.role, &st->pg, err) && start_stream(s, st, from, err)) {
        *ret = st;
        return true;
    }
    source_stream_free(st);
    return false;
}

void source_stream_free(struct source_stream *st)
{
    if (!st)
        return;
    PQfreemem(st->piece);
    map_free(st->relations);
    arena_free(st->message);
    arena_free(st->arena);
    pg_free(st->pg);
    free(st);
}

uint64_t source_stream_end(const struct source_stream *st)
{
    return st->end;
}

static bool send_feedback(struct source_stream *st, struct err *err)
{
    SCOPED_BUF b = {0};
    buf_putc(&b, 'r');
    buf_put_u64(&b, MAX(st->end, st->acknowledged));
    buf_put_u64(&b, st->acknowledged);
    buf_put_u64(&b, st->acknowledged);
    buf_put_u64(&b, (uint64_t)(clock_wall_us() - EPOCH_US));
    buf_putc(&b, 0);
    if (PQputCopyData(pg_raw(st->pg), b.p, (int)b.n) != 1 || PQflush(pg_raw(st->pg)) < 0)
        return pg_fail(st->pg, NULL, "acknowledging changes", err);
    st->last_feedback_us = clock_us();
    return true;
}

bool source_acknowledge(struct source_stream *st, uint64_t position, struct err *err)
{
    bool moved = position > st->acknowledged;
    if (moved)
        st->acknowledged = position;
    if (clock_us() - st->last_feedback_us < FEEDBACK_MS * 1000)
        return true;
    return send_feedback(st, err);
}

/* -- relations -- */

static bool ddl_error(struct err *err, const struct table *t, const char *column, const char *what)
{
    return err_set(err, ERR_SOURCE_DDL, "the table %s changed while it was followed: column %s %s", t->name, column,
                   what);
}

static bool is_key(const struct table *t, size_t column)
{
    for (size_t k = 0; k < t->n_key; k++)
        if (t->key[k] == column)
            return true;
    return false;
}

/* Rows are told apart by what the source sends of the old ones, which must be what the plan was made for. */
static bool check_identity(const struct table *t, const struct pgoutput_message *m, const struct relation *rel,
                           struct err *err)
{
    bool whole = m->identity == 'f';
    if (t->mode == TABLE_FULL && !whole)
        return err_set(err, ERR_SOURCE_DDL,
                       "the table %s changed while it was followed: its replica identity is no longer FULL", t->name);
    if (whole)
        return true;
    for (size_t i = 0; i < m->n_columns; i++)
        if (m->columns[i].key != is_key(t, rel->to[i]))
            return ddl_error(err, t, t->columns[rel->to[i]].name,
                             m->columns[i].key ? "is part of its key now" : "is no longer part of its key");
    return true;
}

static bool find_missing(const struct table *t, const struct relation *rel, struct err *err)
{
    for (size_t c = 0; c < t->n_columns; c++) {
        bool there = t->columns[c].generated != NULL;
        for (size_t i = 0; i < rel->n && !there; i++)
            there = rel->to[i] == c;
        if (!there)
            return ddl_error(err, t, t->columns[c].name, "is gone");
    }
    return true;
}

static bool map_columns(struct source_stream *st, const struct pgoutput_message *m, struct relation *rel,
                        struct err *err)
{
    const struct table *t = rel->table;
    for (size_t i = 0; i < m->n_columns; i++) {
        const char *name = arena_dup_str(st->message, m->columns[i].name);
        const struct column *c = table_column(t, name);
        if (!c)
            return ddl_error(err, t, name, "is new");
        if (m->columns[i].type != c->type_oid || m->columns[i].modifier != c->modifier)
            return ddl_error(err, t, name, "has another type");
        rel->to[i] = (size_t)(c - t->columns);
    }
    return find_missing(t, rel, err) && check_identity(t, m, rel, err);
}

static const struct table *table_of_oid(const struct table_list *l, uint32_t oid)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->p[i].oid == oid)
            return &l->p[i];
    return NULL;
}

/* The publication has our tables only: what comes under another name was renamed or made anew. */
static bool find_table(struct source_stream *st, const struct pgoutput_message *m, const struct table **ret,
                       struct err *err)
{
    const char *schema = arena_dup_str(st->message, m->schema);
    const char *name = arena_dup_str(st->message, m->name);
    const struct table *by_name = table_find(st->tables, schema, name), *by_oid = table_of_oid(st->tables, m->relation);
    *ret = by_oid;
    if (by_oid && by_oid != by_name)
        return err_set(err, ERR_SOURCE_DDL, "the table %s changed while it was followed: its name is %s.%s now",
                       by_oid->name, schema, name);
    if (by_name && by_name != by_oid)
        return err_set(err, ERR_SOURCE_DDL, "the table %s changed while it was followed: it was dropped and made anew",
                       name);
    return true;
}

/* The source describes a table again after every change of its catalog entry, such as an ANALYZE: memory is reused. */
static struct relation *relation_slot(struct source_stream *st, const struct pgoutput_message *m)
{
    struct relation *rel = map_get(st->relations, (struct str){(const char *)&m->relation, sizeof m->relation});
    if (!rel) {
        rel = arena_new_one(st->arena, struct relation);
        rel->oid = m->relation;
        map_put(st->relations, (struct str){(char *)&rel->oid, sizeof rel->oid})->value = rel;
    }
    if (rel->n < m->n_columns || !rel->to)
        rel->to = arena_new_array(st->arena, size_t, m->n_columns + 1);
    rel->n = m->n_columns;
    return rel;
}

static bool learn_relation(struct source_stream *st, const struct pgoutput_message *m, struct err *err)
{
    if (map_count(st->relations) >= RELATIONS_MAX)
        return err_set(err, ERR_LIMIT, "the change stream names more than %d tables", RELATIONS_MAX);
    struct relation *rel = relation_slot(st, m);
    return find_table(st, m, &rel->table, err) && (!rel->table || map_columns(st, m, rel, err));
}

static const struct relation *relation_of(struct source_stream *st, uint32_t oid)
{
    return map_get(st->relations, (struct str){(char *)&oid, sizeof oid});
}

/* -- rows -- */

static void spread(const struct relation *rel, const struct pgoutput_tuple *from, struct value *to)
{
    for (size_t i = 0; i < rel->table->n_columns; i++)
        to[i] = (struct value){.kind = VALUE_NULL};
    for (size_t i = 0; i < from->n; i++) {
        const struct pgoutput_field *f = &from->fields[i];
        struct value *v = &to[rel->to[i]];
        if (f->kind == 'u')
            v->kind = VALUE_UNCHANGED;
        else if (f->kind != 'n')
            *v = (struct value){VALUE_DATA, f->n, f->p};
    }
}

/* What the new row left out may stand in the old one: everything with REPLICA IDENTITY FULL, else large key values. */
static void complete(const struct relation *rel, struct value *row, const struct value *old)
{
    for (size_t i = 0; i < rel->table->n_columns; i++)
        if (row[i].kind == VALUE_UNCHANGED && old[i].kind == VALUE_DATA)
            row[i] = old[i];
}

static bool row_change(struct source_stream *st, const struct pgoutput_message *m, struct change *ret, struct err *err)
{
    const struct relation *rel = relation_of(st, m->relation);
    if (!rel)
        return err_set(err, ERR_STREAM, "the change stream has a row of a table it did not describe");
    ret->kind = CHANGE_NONE;
    if (!rel->table)
        return true;
    if ((m->row.present && m->row.n != rel->n) || (m->old.present && m->old.n != rel->n))
        return err_set(err, ERR_STREAM, "the change stream has a row of %s with a wrong number of columns",
                       rel->table->name);
    ret->table = rel->table;
    if (m->old.present) {
        spread(rel, &m->old, st->old);
        ret->old = st->old;
    }
    if (m->row.present) {
        spread(rel, &m->row, st->row);
        ret->row = st->row;
    }
    if (m->row.present && m->old.present)
        complete(rel, st->row, st->old);
    ret->kind = m->kind == PGOUTPUT_INSERT ? CHANGE_INSERT : m->kind == PGOUTPUT_UPDATE ? CHANGE_UPDATE : CHANGE_DELETE;
    return true;
}

static bool next_truncated(struct source_stream *st, struct change *ret)
{
    while (st->truncate && st->truncate_at < st->truncate->n_truncated) {
        const struct relation *rel = relation_of(st, st->truncate->truncated[st->truncate_at++]);
        if (rel && rel->table) {
            *ret = (struct change){.kind = CHANGE_TRUNCATE, .table = rel->table};
            return true;
        }
    }
    st->truncate = NULL;
    return false;
}

static bool to_change(struct source_stream *st, const struct pgoutput_message *m, struct change *ret, struct err *err)
{
    switch (m->kind) {
    case PGOUTPUT_BEGIN:
        st->in_transaction = true;
        *ret =
            (struct change){.kind = CHANGE_BEGIN, .position = m->lsn, .commit_us = m->commit_us, .transaction = m->xid};
        return true;
    case PGOUTPUT_COMMIT:
        st->in_transaction = false;
        *ret = (struct change){.kind = CHANGE_COMMIT, .position = m->lsn, .commit_us = m->commit_us};
        return true;
    case PGOUTPUT_RELATION:
        return learn_relation(st, m, err);
    case PGOUTPUT_INSERT:
    case PGOUTPUT_UPDATE:
    case PGOUTPUT_DELETE:
        return row_change(st, m, ret, err);
    case PGOUTPUT_TRUNCATE:
        st->truncate = m;
        st->truncate_at = 0;
        next_truncated(st, ret);
        return true;
    case PGOUTPUT_ORIGIN:
    case PGOUTPUT_TYPE:
    case PGOUTPUT_MESSAGE:
        return true;
    }
    return true;
}

/* -- the copy stream of the replication protocol: 'w' carries data, 'k' keeps alive (manual 55.4) -- */

static uint64_t be64(const char *p)
{
    uint64_t v = 0;
    for (int i = 0; i < 8; i++)
        v = v << 8 | (unsigned char)p[i];
    return v;
}

static bool keepalive(struct source_stream *st, struct str s, struct change *ret, struct err *err)
{
    if (s.n < 18)
        return err_set(err, ERR_STREAM, "the change stream has a keepalive that is too short");
    st->end = MAX(st->end, be64(s.p + 1));
    if (!st->in_transaction)
        *ret = (struct change){.kind = CHANGE_IDLE, .position = be64(s.p + 1)};
    return s.p[17] == 0 || send_feedback(st, err);
}

static bool data(struct source_stream *st, struct str s, struct change *ret, struct err *err)
{
    if (s.n < 26)
        return err_set(err, ERR_STREAM, "the change stream has a message that is too short");
    st->end = MAX(st->end, be64(s.p + 9));
    struct pgoutput_message *m = arena_new_one(st->message, struct pgoutput_message);
    return pgoutput_decode((struct str){s.p + 25, s.n - 25}, st->message, m, err) && to_change(st, m, ret, err);
}

/* The server's decoder fails on its own log (15 does so now and then with a TRUNCATE in a savepoint that is rolled
 * back). Reading again from where the slot is may help; if not, the log is of no use. */
static void judge_defect(struct err *err)
{
    err->code = ERR_SERVER_BUSY;
    err_wrap(err, "the server cannot decode its own log");
    err_hint(err, "Run it again; if the server fails at the same place, start over with `carryover replicate reset`.");
}

/* Takes one piece out of libpq without waiting; *ret_n is 0 when there is none yet. */
static bool fetch(struct source_stream *st, size_t *ret_n, struct err *err)
{
    PQfreemem(st->piece);
    st->piece = NULL;
    arena_reset(st->message);
    int n = PQgetCopyData(pg_raw(st->pg), &st->piece, 1);
    *ret_n = n > 0 ? (size_t)n : 0;
    if (n >= 0)
        return true;
    PGresult *r = n == -1 ? PQgetResult(pg_raw(st->pg)) : NULL;
    pg_fail(st->pg, r, "reading the change stream", err);
    PQclear(r);
    if (err->code == ERR_SQL && !err->sqlstate[0])
        err->code = ERR_CONNECTION_LOST;
    if (strncmp(err->sqlstate, "XX", 2) == 0)
        judge_defect(err);
    return false;
}

static bool wait_input(struct source_stream *st, int timeout_ms, struct err *err)
{
    struct pollfd p = {.fd = PQsocket(pg_raw(st->pg)), .events = POLLIN};
    if (poll(&p, 1, timeout_ms) > 0 && !PQconsumeInput(pg_raw(st->pg)))
        return pg_fail(st->pg, NULL, "reading the change stream", err);
    return true;
}

bool source_next(struct source_stream *st, int timeout_ms, struct change *ret, struct err *err)
{
    *ret = (struct change){.kind = CHANGE_NONE};
    if (next_truncated(st, ret))
        return true;
    for (bool waited = false;;) {
        size_t n = 0;
        if (!fetch(st, &n, err))
            return false;
        if (n == 0) {
            if (waited || cancel_requested())
                return true;
            waited = true;
            if (!wait_input(st, timeout_ms, err))
                return false;
            continue;
        }
        struct str s = {st->piece, n};
        if (!(s.p[0] == 'w' ? data(st, s, ret, err) : s.p[0] == 'k' ? keepalive(st, s, ret, err) : true))
            return false;
        if (ret->kind != CHANGE_NONE)
            return true;
    }
}
