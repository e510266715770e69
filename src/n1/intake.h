/*
 * intake: the package of a store, unpacked into memory and checked as far as it can be without a database.
 *
 * Whoever wrote it is not trusted: it has to be an upload of this store with this number, of tables that the upgrade
 * package knows (see conf/uploads), each row has as many values as columns, names no other store, and belongs to a
 * transaction of the package when its table does not say whose it is; counters increase and end where they should.
 * What values mean is found out by the tables. Lines stay COPY text, in the order in which they came.
 */
#ifndef N1_INTAKE_H
#define N1_INTAKE_H
#include "conf/uploads.h"
#include "net/parcel.h"

#define INTAKE_BYTES_MAX (INT64_C(256) << 20) /* unpacked */
#define INTAKE_ROWS_MAX 2000000
#define INTAKE_LINE_MAX ((size_t)16 << 20)

struct intake_table {
    const struct uploads_table *conf;
    const struct parcel_table *manifest; /* NULL: rows that were kept, see rescue */
    const char **columns;                /* as PostgreSQL spells them */
    size_t n_columns;
    struct buf lines; /* each with its newline */
    size_t *starts;   /* of each line, and the end */
    size_t n;         /* how many lines */
};

struct intake {
    struct parcel p;
    struct intake_table *tables; /* in the order of conf; only those that have rows */
    size_t n_tables;
    int64_t rows;
};

/* Reads it all. Fails with ERR_UPLOAD_REFUSED, saying what is wrong, or ERR_UPLOAD_LARGE. Release it either way. */
bool intake_read(struct str body, const struct uploads *u, const char *store, int64_t number, struct arena *a,
                 struct intake *ret, struct err *err) MUST_CHECK;

void intake_done(struct intake *in);
#define SCOPED_INTAKE __attribute__((cleanup(intake_done))) struct intake

#endif
