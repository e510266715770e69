/*
 * narrow: from two sides that differ to the rows and columns in which they do.
 *
 * Keys and row hashes of both sides are compared as multisets; of the rows that differ the first ones are fetched and
 * named in the report, column by column, with both values. Rows of tables without a key are named by their values.
 */
#ifndef VERIFY_NARROW_H
#define VERIFY_NARROW_H
#include "verify/digest.h"
#include "verify/report.h"

/* One row of one side: its key values (NULL: SQL's NULL), and the hash of all its values. */
struct narrow_row {
    const char *const *key;
    int64_t hash;
};

struct narrow_rows {
    struct narrow_row *p;
    size_t n, cap;
};

enum narrow_kind { NARROW_CHANGED, NARROW_MISSING, NARROW_EXTRA, NARROW_TIMES };

struct narrow_difference {
    enum narrow_kind kind;
    const char *const *key;
    int64_t left_times, right_times; /* rows with this key */
};

struct narrow_differences {
    struct narrow_difference *p;
    size_t n, cap;
};

/* Compares two lists of rows (which it sorts) by their `n_key` key values. Pure. */
void narrow_diff(struct narrow_rows *left, struct narrow_rows *right, size_t n_key, struct narrow_differences *ret);

/* Where a twin is read and what becomes of it. */
struct narrow {
    struct report *report;
    struct report_check *check;
    const struct twin *twin;
    struct pg *left, *right;
    int most_rows; /* of evidence */
};

/* Looks into the buckets that differ and fills in the check: differences, evidence. */
bool narrow_buckets(const struct narrow *n, const struct digest *d, struct err *err) MUST_CHECK;

/* Compares the rows with these keys only: `keys` has one array literal ("{1,2,3}") for each key column. Adds to
 * check->expected_rows, found_rows, differences and the evidence. */
bool narrow_keys(const struct narrow *n, const char *const *keys, struct err *err) MUST_CHECK;

/* Appends values as an array literal. */
void narrow_put_array(struct buf *b, const char *const *values, size_t n);

/* The name of a row for people: "recid=5, dataareaid=usmf"; secrets masked. */
char *narrow_key_text(struct arena *a, const struct twin *p, const char *const *key);

#endif
