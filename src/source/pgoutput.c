#include "source/pgoutput.h"

#define EPOCH_US 946684800000000 /* PostgreSQL counts from 2000-01-01 */
#define COLUMNS_MAX 1664         /* MaxTupleAttributeNumber */

/* What is left to read. After `bad` every read yields zeroes, and the end reports it once. */
struct reader {
    const unsigned char *p;
    size_t n;
    bool bad;
    struct arena *arena;
};

static const unsigned char *take(struct reader *r, size_t n)
{
    static const unsigned char zeroes[8];
    if (r->bad || r->n < n) {
        r->bad = true;
        return zeroes;
    }
    const unsigned char *p = r->p;
    r->p += n;
    r->n -= n;
    return p;
}

static uint64_t number(struct reader *r, size_t bytes)
{
    const unsigned char *p = take(r, bytes);
    uint64_t v = 0;
    for (size_t i = 0; i < bytes; i++)
        v = v << 8 | p[i];
    return v;
}

static struct str text(struct reader *r)
{
    const unsigned char *end = r->n ? memchr(r->p, 0, r->n) : NULL;
    if (!end) {
        r->bad = true;
        return (struct str){"", 0};
    }
    size_t n = (size_t)(end - r->p);
    return (struct str){(const char *)take(r, n + 1), n};
}

/* A count that stands before that many items: never more than bytes are left. */
static size_t count(struct reader *r, size_t bytes, size_t max)
{
    size_t n = (size_t)number(r, bytes);
    if (n > max || n > r->n) {
        r->bad = true;
        return 0;
    }
    return n;
}

static void read_field(struct reader *r, struct pgoutput_field *f)
{
    f->kind = (char)number(r, 1);
    switch (f->kind) {
    case 'n':
    case 'u':
        return;
    case 't':
    case 'b':
        f->n = (uint32_t)number(r, 4);
        if (f->n > r->n)
            r->bad = true;
        else
            f->p = (const char *)take(r, f->n);
        return;
    default:
        r->bad = true;
    }
}

static void read_tuple(struct reader *r, struct pgoutput_tuple *t)
{
    t->n = count(r, 2, COLUMNS_MAX);
    t->fields = arena_new_array(r->arena, struct pgoutput_field, t->n + 1);
    t->present = true;
    for (size_t i = 0; i < t->n && !r->bad; i++)
        read_field(r, &t->fields[i]);
}

static void read_begin(struct reader *r, struct pgoutput_message *m)
{
    m->lsn = number(r, 8);
    m->commit_us = (int64_t)number(r, 8) + EPOCH_US;
    m->xid = (uint32_t)number(r, 4);
}

static void read_commit(struct reader *r, struct pgoutput_message *m)
{
    number(r, 1);
    number(r, 8);
    m->lsn = number(r, 8);
    m->commit_us = (int64_t)number(r, 8) + EPOCH_US;
}

static void read_relation(struct reader *r, struct pgoutput_message *m)
{
    m->relation = (uint32_t)number(r, 4);
    m->schema = text(r);
    m->name = text(r);
    m->identity = (char)number(r, 1);
    m->n_columns = count(r, 2, COLUMNS_MAX);
    m->columns = arena_new_array(r->arena, struct pgoutput_column, m->n_columns + 1);
    for (size_t i = 0; i < m->n_columns && !r->bad; i++) {
        m->columns[i].key = number(r, 1) & 1;
        m->columns[i].name = text(r);
        m->columns[i].type = (uint32_t)number(r, 4);
        m->columns[i].modifier = (int32_t)number(r, 4);
    }
}

static void read_old(struct reader *r, struct pgoutput_message *m, char mark)
{
    m->old_is_key = mark == 'K';
    read_tuple(r, &m->old);
}

static void read_update(struct reader *r, struct pgoutput_message *m)
{
    m->relation = (uint32_t)number(r, 4);
    char mark = (char)number(r, 1);
    if (mark == 'K' || mark == 'O') {
        read_old(r, m, mark);
        mark = (char)number(r, 1);
    }
    if (mark != 'N')
        r->bad = true;
    else
        read_tuple(r, &m->row);
}

static void read_insert(struct reader *r, struct pgoutput_message *m)
{
    m->relation = (uint32_t)number(r, 4);
    if (number(r, 1) != 'N')
        r->bad = true;
    else
        read_tuple(r, &m->row);
}

static void read_delete(struct reader *r, struct pgoutput_message *m)
{
    m->relation = (uint32_t)number(r, 4);
    char mark = (char)number(r, 1);
    if (mark != 'K' && mark != 'O')
        r->bad = true;
    else
        read_old(r, m, mark);
}

static void read_truncate(struct reader *r, struct pgoutput_message *m)
{
    m->n_truncated = (size_t)number(r, 4);
    number(r, 1);
    if (m->n_truncated > r->n / 4) {
        r->bad = true;
        m->n_truncated = 0;
    }
    m->truncated = arena_new_array(r->arena, uint32_t, m->n_truncated + 1);
    for (size_t i = 0; i < m->n_truncated; i++)
        m->truncated[i] = (uint32_t)number(r, 4);
}

static bool read_body(struct reader *r, struct pgoutput_message *m)
{
    switch (m->kind) {
    case PGOUTPUT_BEGIN:
        read_begin(r, m);
        return true;
    case PGOUTPUT_COMMIT:
        read_commit(r, m);
        return true;
    case PGOUTPUT_RELATION:
        read_relation(r, m);
        return true;
    case PGOUTPUT_INSERT:
        read_insert(r, m);
        return true;
    case PGOUTPUT_UPDATE:
        read_update(r, m);
        return true;
    case PGOUTPUT_DELETE:
        read_delete(r, m);
        return true;
    case PGOUTPUT_TRUNCATE:
        read_truncate(r, m);
        return true;
    case PGOUTPUT_ORIGIN:
    case PGOUTPUT_TYPE:
    case PGOUTPUT_MESSAGE:
        take(r, r->n);
        return true;
    }
    return false;
}

bool pgoutput_decode(struct str bytes, struct arena *a, struct pgoutput_message *ret, struct err *err)
{
    struct reader r = {.p = (const unsigned char *)bytes.p, .n = bytes.n, .arena = a};
    *ret = (struct pgoutput_message){0};
    ret->kind = (enum pgoutput_kind)number(&r, 1);
    bool known = read_body(&r, ret);
    if (!known)
        return err_set(err, ERR_STREAM, "the change stream has a message of unknown type 0x%02x", (unsigned)ret->kind);
    if (r.bad || r.n)
        return err_set(err, ERR_STREAM, "the change stream has a '%c' message of %zu bytes that is %s", (char)ret->kind,
                       bytes.n, r.bad ? "cut short or malformed" : "too long");
    return true;
}
