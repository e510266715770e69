/*
 * parcel: what stores and headquarters send each other: a tar, compressed by zstd, with a manifest and files of rows.
 *
 * The first file is manifest.json; then, in the order of its tables, `N.rows` and, where rows went, `N.keys` (N counts
 * tables from 1). Both hold PostgreSQL's COPY text format in UTF-8: one line per row, tabs between values, \N for null.
 * docs/n1/protocol.md describes every field for who writes a client.
 *
 * A writer spools rows to temporary files, since the manifest comes first and tar wants sizes; it holds one buffer, not
 * the rows. A reader trusts nothing: names, sizes, counts and digests are checked as they pass, everything has a limit,
 * and a parcel is good only when parcel_next() has said that it ended. Rows that were read before a failure must be
 * thrown away with their transaction. One thread per object. Source: POSIX.1-1988 ustar, by libarchive; RFC 8878, by
 * libzstd, with a checksum, and with windows of 8 MiB at most, so that one parcel cannot take more memory than that.
 */
#ifndef NET_PARCEL_H
#define NET_PARCEL_H
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "net/sha256.h"
#include <stdint.h>

#define PARCEL_DIGEST_MAX SHA256_HEX_MAX
#define PARCEL_TABLES_MAX 400
#define PARCEL_COLUMNS_MAX 1600
#define PARCEL_TOTALS_MAX 10000

enum parcel_kind { PARCEL_DOWNLOAD, PARCEL_UPLOAD };

struct parcel_column {
    const char *name; /* as the table spells it */
    const char *type; /* PostgreSQL's name of it: "bigint", "numeric(32,16)", "text", ... */
};

/* Rows of one table. */
struct parcel_table {
    const char *name; /* "CUSTTABLE" */
    const struct parcel_column *columns;
    size_t n_columns;
    const char *const *key; /* names of the columns that identify a row; N.keys has these, in this order */
    size_t n_key;
    bool replace;                      /* download: rows that are not in this parcel go */
    const char *counter;               /* upload: the column that counts rows; NULL: none */
    int64_t counter_after, counter_to; /* rows have counters above the first, up to the second */
    int64_t rows, keys;                /* how many; the writer fills these in, and the digests */
    char rows_sha256[PARCEL_DIGEST_MAX], keys_sha256[PARCEL_DIGEST_MAX]; /* of the uncompressed files */
};

/* What a store says it has sold: one line of a terminal and day. */
struct parcel_total {
    const char *terminal, *day; /* "2026-11-21" */
    const char *const *names;   /* "transactions", "gross", ... */
    const char *const *values;  /* decimal numbers as text */
    size_t n;
};

struct parcel {
    enum parcel_kind kind;
    const char *job;     /* "1010", "P-0001" */
    const char *store;   /* whose upload it is; download: NULL unless it is for one store only */
    const char *chain;   /* download: what `from` and `to` count */
    int64_t from, to;    /* download: versions; `from` is 0 in a full one */
    bool full;           /* download */
    int64_t number;      /* upload: 1, 2, 3, ... of this store */
    const char *created; /* ISO 8601 in UTC */
    struct parcel_table *tables;
    size_t n_tables;
    const struct parcel_total *totals; /* upload */
    size_t n_totals;
};

/* --- writing --- */

struct parcel_writer; /* opaque */

/* Begins a parcel with the tables of `p`, whose counts and digests it will fill in; `p` is borrowed. Spools below
 * `dir`. Fails with ERR_FILE. */
bool parcel_writer_new(const char *dir, struct parcel *p, struct parcel_writer **ret, struct err *err) MUST_CHECK;

/* Appends whole lines of COPY text to the rows, or to the keys that went, of table `i`; tables in any order, best one
 * after the other. Fails with ERR_FILE or ERR_DISK_FULL. */
bool parcel_writer_rows(struct parcel_writer *w, size_t i, struct str lines, struct err *err) MUST_CHECK;
bool parcel_writer_keys(struct parcel_writer *w, size_t i, struct str lines, struct err *err) MUST_CHECK;

/* Writes the tar to the file `path`, so that a crash leaves what was there or all of it, and yields its size and
 * SHA-256. Tables without rows and keys, unless they replace, are left out of the manifest. Ends the writer: only free
 * it. The same contents make the same bytes. */
bool parcel_writer_end(struct parcel_writer *w, const char *path, int64_t *ret_bytes,
                       char ret_sha256[PARCEL_DIGEST_MAX], struct err *err) MUST_CHECK;

void parcel_writer_free(struct parcel_writer *w);
DEFINE_SCOPED(parcel_writer)

/* --- reading --- */

struct parcel_reader; /* opaque */

struct parcel_limits {
    int64_t bytes_max; /* uncompressed, all files together */
    size_t line_max;
};

enum parcel_event { PARCEL_ROWS, PARCEL_KEYS, PARCEL_END };

/* Reads the manifest, from a file or from memory (borrowed until free). Fails with ERR_PARCEL, naming what is wrong,
 * with ERR_LIMIT above `bytes_max`, or with ERR_FILE, as do the functions below: after a failure only free the reader.
 * The manifest lives in the arena, which has to outlive the reader. */
bool parcel_open_file(const char *path, const struct parcel_limits *l, struct arena *a, struct parcel *ret_manifest,
                      struct parcel_reader **ret, struct err *err) MUST_CHECK;
bool parcel_open_bytes(struct str bytes, const struct parcel_limits *l, struct arena *a, struct parcel *ret_manifest,
                       struct parcel_reader **ret, struct err *err) MUST_CHECK;

/* Goes on to the next file of rows, skipping what was not read of the last; `*ret_table` is an index into the
 * manifest's tables. PARCEL_END: everything was there and agreed with the manifest, also what was skipped, and nothing
 * came after. */
bool parcel_next(struct parcel_reader *r, enum parcel_event *ret, size_t *ret_table, struct err *err) MUST_CHECK;

/* The next line of this file without its newline, or a view with p NULL at its end; valid until the next call. It is
 * UTF-8 without zero bytes, a zero byte stands behind it, and its bytes may be written: copytext_split() can have it.
 */
bool parcel_line(struct parcel_reader *r, struct str *ret, struct err *err) MUST_CHECK;

void parcel_reader_free(struct parcel_reader *r);
DEFINE_SCOPED(parcel_reader)

#endif
