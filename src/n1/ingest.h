/*
 * ingest: rows of stores on their way into the target: into old.*, and through the up lenses into hq.*.
 *
 * One object is one connection with what it needs made once: temporary tables in which rows are staged, as replication
 * stages them ("changed:<table>"), and prepared statements. The lenses are those that the upgrade has installed, as
 * carryover.lens and carryover.tracker describe them; only those count whose table has its home in the stores. Rows are
 * inserted and never changed, neither in old.* nor in hq.*, but for sums (`recount` of the package).
 *
 * The caller has a transaction open, and rolls it back after a failure. ingest_rows() is for packages in which every
 * row is new and fits; when it fails with an error about data, roll back and let rescue_rows() do it (see rescue).
 */
#ifndef N1_INGEST_H
#define N1_INGEST_H
#include "conf/package.h"
#include "db/pg.h"
#include "n1/intake.h"

struct ingest_table {
    const struct uploads_table *conf;
    const char *name, *stage; /* old."x" and pg_temp."changed:x", quoted */
    const char **columns;     /* of old.x, but for generated ones */
    size_t n_columns;
    const char **key;
    size_t n_key;
    const char *insert; /* statement: all staged rows into old.x */
};

struct ingest_tracker {
    size_t table; /* whose changed rows it reads */
    const char *sql;
};

struct ingest_lens {
    const char *name, *keys, *dirty; /* the last two quoted: temporary table of keys, log of dirty keys */
    bool recount;                    /* its rows are sums: they are made anew */
    struct ingest_tracker *trackers;
    size_t n_trackers;
    const char *up;   /* statement: rows of these keys into hq.x */
    const char *lock; /* statement: nobody else counts at the same time; NULL */
};

struct ingest {
    struct pg *pg;
    struct arena *a;
    const struct package *package;
    const struct uploads *u;
    struct ingest_table *tables; /* as in u->tables */
    struct ingest_lens *lenses;  /* in the order of the package's homes */
    size_t n_lenses;
    struct buf
        clear;       /* statements: empties all temporary tables; emptying them for good comes after many rows, since */
    struct buf anew; /* it makes the server plan every statement again */
    int64_t dead;    /* rows that were deleted from them so far, about */
};

/* Connects and makes everything. Fails with ERR_GATEWAY_BUSY when headquarters takes no uploads (yet), saying why. */
bool ingest_open(const char *uri, const struct package *p, struct ingest **ret, struct err *err) MUST_CHECK;

void ingest_free(struct ingest *in);
DEFINE_SCOPED(ingest)

/* At the beginning of a transaction: temporary tables are empty. */
bool ingest_begin(struct ingest *in, struct err *err) MUST_CHECK;

/* For whoever makes one more of them. */
void ingest_add_temporary(struct ingest *in, const char *name);

/* The package names only columns that the tables have, and every column of their keys that has no default. Fails with
 * ERR_UPLOAD_REFUSED. */
bool ingest_check(const struct ingest *in, const struct intake *rows, struct err *err) MUST_CHECK;

/* Stages lines `from` to `to` of a table; `numbered`: with their numbers in the column "carryover:n". */
bool ingest_stage(struct ingest *in, const struct intake_table *t, size_t from, size_t to, bool numbered,
                  struct err *err) MUST_CHECK;

/* The table's place in ingest.tables. */
size_t ingest_place(const struct ingest *in, const struct intake_table *t);

/* Appends the statements that take the staged rows of some tables up through one lens; nothing when none of the tables
 * feeds it. */
void ingest_put_up(const struct ingest *in, const struct ingest_lens *l, const struct intake *rows, struct buf *b);

/* Everything at once. */
bool ingest_rows(struct ingest *in, const struct intake *rows, struct err *err) MUST_CHECK;

/* True when the error is about the values of some rows. */
bool ingest_is_about_data(const struct err *err);

#endif
