#include "n1/shipment.h"
#include "base/clock.h"
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>

struct making {
    struct pg *pg;
    struct arena *a;
    const struct chain *chain;
    const struct subjobs *list;
    const char *spool;
    bool full;
    int64_t to;
    struct parcel parcel;
    size_t *subjob; /* of each table of the parcel */
};

char *chain_name(struct arena *a, const struct chain *c)
{
    return strcmp(c->scope, "group") == 0 ? arena_printf(a, "%s@%s", c->job, c->owner) : arena_dup(a, c->job);
}

/* --- rows --- */

static bool is_shipped(const struct making *m, const struct subjob *s)
{
    bool by_store = strcmp(m->chain->scope, "store") == 0;
    return by_store == (strcmp(s->scope, "store") == 0) && (m->full || s->touched);
}

static const char *whose(const struct making *m, const struct subjob *s)
{
    return s->owner_column ? arena_printf(m->a, "%s = %s", s->owner_column, pg_literal(m->a, m->chain->owner)) : "true";
}

typedef bool put_fn(struct parcel_writer *w, size_t i, struct str lines, struct err *err);

static bool pump(struct making *m, const char *query, struct parcel_writer *w, size_t i, put_fn *put, struct err *err)
{
    char *piece = NULL;
    size_t n = 0;
    if (!pg_copy_out(m->pg, arena_printf(m->a, "copy (%s) to stdout", query), err))
        return false;
    while (pg_copy_get(m->pg, &piece, &n, err)) {
        if (!piece)
            return true;
        bool ok = put(w, i, (struct str){piece, n}, err);
        PQfreemem(piece);
        if (!ok)
            return false;
    }
    return false;
}

static bool put_table(struct making *m, const struct subjob *s, struct parcel_writer *w, size_t i, struct err *err)
{
    const char *mine = whose(m, s);
    const char *from = m->full ? s->view : s->fresh;
    if (m->full && !subjob_check_keys(m->pg, s, mine, m->a, err))
        return false;
    if (!pump(m, arena_printf(m->a, "select %s from %s where %s", s->columns, from, mine), w, i, parcel_writer_rows,
              err))
        return false;
    return m->full || pump(m,
                           arena_printf(m->a, "select %s from (select %s from %s where %s except select %s from %s) x",
                                        s->key, s->whole_key, s->keys, mine, s->whole_key, s->fresh),
                           w, i, parcel_writer_keys, err);
}

static bool put_tables(struct making *m, struct parcel_writer *w, struct err *err)
{
    for (size_t i = 0; i < m->parcel.n_tables; i++)
        if (!put_table(m, &m->list->p[m->subjob[i]], w, i, err))
            return err_wrap(err, "the rows of %s", m->parcel.tables[i].name);
    return true;
}

/* --- the parcel --- */

static void describe(struct making *m)
{
    char *created = arena_alloc(m->a, 32);
    clock_iso(clock_wall_us(), created);
    m->parcel = (struct parcel){.kind = PARCEL_DOWNLOAD,
                                .job = m->chain->job,
                                .chain = chain_name(m->a, m->chain),
                                .from = m->full ? 0 : m->chain->version,
                                .to = m->to,
                                .full = m->full,
                                .created = created};
    if (strcmp(m->chain->scope, "store") == 0)
        m->parcel.store = m->chain->owner;
    m->parcel.tables = arena_new_array(m->a, struct parcel_table, m->list->n + 1);
    m->subjob = arena_new_array(m->a, size_t, m->list->n + 1);
    for (size_t i = 0; i < m->list->n; i++) {
        if (!is_shipped(m, &m->list->p[i]))
            continue;
        m->subjob[m->parcel.n_tables] = i;
        m->parcel.tables[m->parcel.n_tables] = m->list->p[i].shape;
        m->parcel.tables[m->parcel.n_tables++].replace = m->full;
    }
}

static void count(const struct making *m, struct shipment_made *ret)
{
    for (size_t i = 0; i < m->parcel.n_tables; i++) {
        ret->rows += m->parcel.tables[i].rows;
        ret->keys += m->parcel.tables[i].keys;
    }
}

/* --- keeping it --- */

static bool insert_package(struct making *m, const struct shipment_made *made, const char *sha256, char **ret,
                           struct err *err)
{
    const struct chain *c = m->chain;
    int64_t parts = (made->bytes + SHIPMENT_PART_BYTES - 1) / SHIPMENT_PART_BYTES;
    return pg_value(
        m->pg,
        "insert into carryover.n1_package (job, scope, owner, is_full, from_version, to_version, rows, keys,"
        " bytes, sha256, parts) values ($1, $2, $3, $4::boolean, $5::bigint, $6::bigint, $7::bigint,"
        " $8::bigint, $9::bigint, $10, $11::int) returning package",
        PG_ARGS(c->job, c->scope, c->owner, m->full ? "true" : "false", arena_printf(m->a, "%" PRId64, m->parcel.from),
                arena_printf(m->a, "%" PRId64, m->to), arena_printf(m->a, "%" PRId64, made->rows),
                arena_printf(m->a, "%" PRId64, made->keys), arena_printf(m->a, "%" PRId64, made->bytes), sha256,
                arena_printf(m->a, "%" PRId64, parts)),
        m->a, ret, err);
}

/* One line of COPY text for each part. */
static bool put_part(struct making *m, const char *package, int no, const unsigned char *part, size_t n, char *hex,
                     struct err *err)
{
    char head[64];
    int length = snprintf(head, sizeof head, "%s\t%d\t\\\\x", package, no);
    sodium_bin2hex(hex, 2 * SHIPMENT_PART_BYTES + 1, part, n);
    return pg_copy_put(m->pg, head, (size_t)length, err) && pg_copy_put(m->pg, hex, 2 * n, err) &&
           pg_copy_put(m->pg, "\n", 1, err);
}

static bool put_parts(struct making *m, const char *package, FILE *f, struct err *err)
{
    unsigned char *part = arena_alloc_raw(m->a, SHIPMENT_PART_BYTES);
    char *hex = arena_alloc_raw(m->a, 2 * SHIPMENT_PART_BYTES + 1);
    for (int no = 0;; no++) {
        size_t n = fread(part, 1, SHIPMENT_PART_BYTES, f);
        if (ferror(f))
            return err_os(err, ERR_FILE, errno, "reading a package below %s", m->spool);
        if (n && !put_part(m, package, no, part, n, hex, err))
            return false;
        if (n < SHIPMENT_PART_BYTES)
            return true;
    }
}

static bool keep(struct making *m, const char *path, const struct shipment_made *made, const char *sha256,
                 int64_t *ret_package, struct err *err)
{
    char *package = NULL;
    FILE *f = fopen(path, "rbe");
    if (!f)
        return err_os(err, ERR_FILE, errno, "reading %s", path);
    bool ok = insert_package(m, made, sha256, &package, err) &&
              pg_copy_in(m->pg, "copy carryover.n1_package_part (package, no, content) from stdin", err);
    if (ok && !put_parts(m, package, f, err)) {
        pg_copy_abort(m->pg);
        ok = false;
    } else {
        ok = ok && pg_copy_end(m->pg, NULL, err);
    }
    fclose(f);
    *ret_package = ok ? strtoll(package, NULL, 10) : 0;
    return ok;
}

/* A delta without a row and a key says nothing; an empty full package says that the tables are empty. */
static bool make(struct making *m, struct shipment_made *ret, struct err *err)
{
    SCOPED(parcel_writer) w = NULL;
    char sha256[PARCEL_DIGEST_MAX];
    const char *path = arena_printf(m->a, "%s/package", m->spool);
    *ret = (struct shipment_made){0};
    describe(m);
    if (!parcel_writer_new(m->spool, &m->parcel, &w, err) || !put_tables(m, w, err))
        return false;
    if (!parcel_writer_end(w, path, &ret->bytes, sha256, err))
        return false;
    count(m, ret);
    return (!m->full && ret->rows + ret->keys == 0) || keep(m, path, ret, sha256, &ret->package, err);
}

static bool make_in_arena(struct pg *target, const struct subjobs *list, const struct chain *c, int64_t to,
                          const char *spool, bool full, struct shipment_made *ret, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct making m = {.pg = target, .a = a, .chain = c, .list = list, .spool = spool, .full = full, .to = to};
    return make(&m, ret, err) || err_wrap(err, "the package of job %s for %s %s", c->job, c->scope, c->owner);
}

bool shipment_delta(struct pg *target, const struct subjobs *list, const struct chain *c, int64_t to, const char *spool,
                    struct shipment_made *ret, struct err *err)
{
    return make_in_arena(target, list, c, to, spool, false, ret, err);
}

bool shipment_full(struct pg *target, const struct subjobs *list, const struct chain *c, int64_t to, const char *spool,
                   struct shipment_made *ret, struct err *err)
{
    return make_in_arena(target, list, c, to, spool, true, ret, err);
}
