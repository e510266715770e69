/*
 * source: a live N-1 database, seen as what every kind of server can offer: a catalog, a consistent snapshot that is
 * read in chunks, and the changes since then in the order of their commits.
 *
 * The source is only ever read, plus what change capture needs (on PostgreSQL a publication and a replication slot).
 * Positions are numbers that grow with every commit; on PostgreSQL they are LSNs. One file per kind of server; this
 * header is all that the rest of carryover knows of them. A struct source belongs to one thread; readers and the stream
 * have connections of their own and may be used from other threads.
 */
#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H
#include "db/pg.h"
#include "model/table.h"

struct source_opts {
    const char *uri;
    const char *role;           /* what messages call it; NULL: "source" */
    const char *schema;         /* the schema of the N-1 tables */
    const char *home;           /* schema they get on the target */
    const char *const *also;    /* further schemas, which keep their names on the target; NULL-terminated, NULL: none */
    const char *slot;           /* name of the slot */
    const char *publication;    /* NULL or "": that of the slot */
    const char *const *exclude; /* patterns of table names, or of "schema.table"; NULL-terminated */
};

struct source;        /* opaque */
struct source_reader; /* opaque: one connection that sees a snapshot */
struct source_stream; /* opaque: the changes */

/* A consistent view of the source: everything that committed before `position`, nothing after. It lives as long as the
 * struct source that made it and is replaced by the next one. */
struct source_snapshot {
    char name[64];
    uint64_t position;
};

/* Something that the source lacks, found before anything starts. */
struct source_problem {
    enum err_code code;
    const char *what; /* one sentence */
    const char *mend; /* a statement or an action */
};

struct source_problems {
    struct source_problem *p;
    size_t n;
};

/* The name of the publication. */
static inline const char *source_publication(const struct source_opts *o)
{
    return o->publication && *o->publication ? o->publication : o->slot;
}

bool source_open(const struct source_opts *o, struct source **ret, struct err *err) MUST_CHECK;
void source_free(struct source *s);
DEFINE_SCOPED(source)

/* The ordinary connection, for queries of the same thread. */
struct pg *source_pg(struct source *s);

/* Identity of the server, to notice that another database stands behind the same address. */
bool source_identity(struct source *s, struct arena *a, char **ret_system, char **ret_database,
                     struct err *err) MUST_CHECK;

/* Everything that would stop replication, all at once; an empty list means it can start. Reads only. */
bool source_check(struct source *s, const struct table_list *tables, struct arena *a, struct source_problems *ret,
                  struct err *err) MUST_CHECK;

/* All tables of the schemas but the excluded ones, largest first. Fails with ERR_SOURCE_CATALOG when a type cannot be
 * carried. */
bool source_catalog(struct source *s, struct arena *a, struct table_list *ret, struct err *err) MUST_CHECK;

/* Statements that make the user-defined types and extensions which the tables use, for the target; may be "". */
bool source_types(struct source *s, const struct table_list *tables, struct arena *a, char **ret_sql,
                  struct err *err) MUST_CHECK;

/* Starts capturing changes of the tables that can be followed and gives the snapshot at which capturing began. What a
 * former attempt of the same `owner` left is replaced; a slot or publication of anybody else is ERR_GUARD. Waits until
 * the transactions that write now have ended. */
bool source_capture(struct source *s, const struct table_list *tables, const char *owner, struct source_snapshot *ret,
                    struct err *err) MUST_CHECK;

/* The position from which on the changes of a former source_capture() are still there, 0 when capturing does not go on.
 * Fails with ERR_SLOT_LOST when it was invalidated. */
bool source_capturing(struct source *s, uint64_t *ret_from, struct err *err) MUST_CHECK;

/* A snapshot of now, while capturing goes on. It has to wait for the transactions that write now; fails with
 * ERR_TIMEOUT when they take longer than `wait_ms` (0: no limit). */
bool source_snapshot(struct source *s, int wait_ms, struct source_snapshot *ret, struct err *err) MUST_CHECK;

/* Ends capturing and removes what it needed. No failure when there is nothing; ERR_GUARD when it is not the owner's. */
bool source_release(struct source *s, const char *owner, struct err *err) MUST_CHECK;

/* Makes a second slot `slot` that stands where ours stands and shares our publication, in place of one that is left of
 * that name; and takes it away. */
bool source_branch(struct source *s, const char *slot, struct err *err) MUST_CHECK;
bool source_unbranch(struct pg *source, const char *slot, struct err *err) MUST_CHECK;

/* Fails with ERR_SOURCE_DDL when a table that is followed is gone, or no longer captured: the stream is silent about
 * that. Cheap enough to be asked every few seconds. */
bool source_still_captured(struct source *s, const struct table_list *tables, struct err *err) MUST_CHECK;

/* The position of now: everything committed so far lies before it. */
bool source_position(struct source *s, uint64_t *ret, struct err *err) MUST_CHECK;

/* Changes of captured tables that committed behind `position`; nobody may be reading the stream meanwhile;
 * one that has just ended is waited for. */
bool source_changed_since(struct source *s, uint64_t position, int64_t *ret, struct err *err) MUST_CHECK;

/* Bytes of log that the source keeps for us, and the most it will keep (-1: no limit). */
bool source_retained(struct source *s, int64_t *ret_bytes, int64_t *ret_limit, struct err *err) MUST_CHECK;

/* Bounds that split a table into `n` ranges of its key of about the same size: at most n-1 rows of key values as text,
 * in key order. Each row has table->n_key values. */
bool source_split(struct source *s, const struct table *t, int n, struct arena *a, const char ****ret_bounds,
                  size_t *ret_n, struct err *err) MUST_CHECK;

/* A connection that sees `snapshot` (NULL: what is committed at its first read). */
bool source_reader_new(struct source *s, const struct source_snapshot *snapshot, struct source_reader **ret,
                       struct err *err) MUST_CHECK;
void source_reader_free(struct source_reader *r);
DEFINE_SCOPED(source_reader)

struct pg *source_reader_pg(struct source_reader *r);

/* Copies the rows with lo <= key < hi (NULL: open end; n_key values each) into `target`, as one COPY into the table of
 * the target, with `options` ("freeze"). Binary wherever the table allows it. */
bool source_copy(struct source_reader *r, const struct table *t, const char *const *lo, const char *const *hi,
                 struct pg *target, const char *options, int64_t *ret_rows, int64_t *ret_bytes,
                 struct err *err) MUST_CHECK;

/* -- changes -- */

/* One value. VALUE_UNCHANGED: a large value that the statement did not touch and that was not sent. */
enum value_kind { VALUE_NULL, VALUE_UNCHANGED, VALUE_DATA };

struct value {
    enum value_kind kind;
    uint32_t n;
    const char *p; /* valid until the next source_next() */
};

enum change_kind {
    CHANGE_NONE,     /* nothing within the waiting time */
    CHANGE_BEGIN,    /* a transaction starts; `position` is where it committed */
    CHANGE_INSERT,   /* `row` */
    CHANGE_UPDATE,   /* `row`, and `old` when the key changed or the table is TABLE_FULL */
    CHANGE_DELETE,   /* `old` */
    CHANGE_TRUNCATE, /* `table`; one change per table */
    CHANGE_COMMIT,   /* `position` is behind the transaction: going on from there misses nothing */
    CHANGE_IDLE,     /* nothing of ours before `position` is left */
};

struct change {
    enum change_kind kind;
    const struct table *table;
    const struct value *row; /* table->n_columns values in the table's column order; generated ones are VALUE_NULL */
    const struct value *old; /* as row; only key columns are set, or all for TABLE_FULL; NULL when there is none */
    uint64_t position;
    int64_t commit_us;    /* CHANGE_BEGIN: wall clock of the source */
    uint32_t transaction; /* CHANGE_BEGIN: its number there; on PostgreSQL the lower half of an xid8 */
};

/* Opens the stream at `from`. `tables` must outlive it. Values arrive in binary form when `binary`. */
bool source_stream_open(struct source *s, const struct table_list *tables, uint64_t from, bool binary,
                        struct source_stream **ret, struct err *err) MUST_CHECK;
void source_stream_free(struct source_stream *st);
DEFINE_SCOPED(source_stream)

/* The next change, waiting at most `timeout_ms` for it. Fails with ERR_SOURCE_DDL when a table changed its shape,
 * ERR_STREAM for anything that is not understood. */
bool source_next(struct source_stream *st, int timeout_ms, struct change *ret, struct err *err) MUST_CHECK;

/* Tells the source that everything before `position` is safe in the target. */
bool source_acknowledge(struct source_stream *st, uint64_t position, struct err *err) MUST_CHECK;

/* End of the source's log as far as the stream knows. */
uint64_t source_stream_end(const struct source_stream *st);

#endif
