/*
 * rows: changes written as text, for the tests of fold and stage.
 *
 * A row is "1|abc|~": values between bars, ~ for one that was not sent because it did not change, - for NULL. The table
 * has the columns id (the key), name and big, and a generated one between them that never has a value.
 */
#ifndef TESTS_UNIT_REPLICATE_ROWS_H
#define TESTS_UNIT_REPLICATE_ROWS_H
#include "replicate/fold.h"
#include "test.h"

#define ROWS_COLUMNS 4

static struct column rows_columns[ROWS_COLUMNS] = {
    {.name = "id", .type = "int"},
    {.name = "made", .type = "int", .generated = "id"},
    {.name = "name", .type = "text", .toastable = true},
    {.name = "big", .type = "text", .toastable = true},
};
static size_t rows_key[] = {0};

static struct table rows_tables[] = {
    {.number = 0,
     .schema = "dbo",
     .name = "t",
     .label = "t",
     .home = "old",
     .columns = rows_columns,
     .n_columns = ROWS_COLUMNS,
     .key = rows_key,
     .n_key = 1},
    {.number = 1,
     .schema = "dbo",
     .name = "bag",
     .label = "bag",
     .home = "old",
     .columns = rows_columns,
     .n_columns = ROWS_COLUMNS,
     .mode = TABLE_FULL},
};
static const struct table_list rows_list = {rows_tables, 2};

static inline const struct value *rows_parse(const char *text, struct value *ret)
{
    if (!text)
        return NULL;
    struct str rest = str_of(text);
    for (size_t i = 0; i < ROWS_COLUMNS; i++) {
        struct str v = rows_columns[i].generated ? STR("-") : str_split(&rest, '|');
        ret[i] = str_is(v, "~")   ? (struct value){.kind = VALUE_UNCHANGED}
                 : str_is(v, "-") ? (struct value){.kind = VALUE_NULL}
                                  : (struct value){VALUE_DATA, (uint32_t)v.n, v.p};
    }
    return ret;
}

/* One change of the table with this number; NULL where there is no old or no new row. */
static inline void rows_change(struct fold *f, int table, enum change_kind kind, const char *old, const char *row)
{
    struct value old_values[ROWS_COLUMNS], row_values[ROWS_COLUMNS];
    struct change c = {.kind = kind, .table = &rows_tables[table]};
    c.old = rows_parse(old, old_values);
    c.row = rows_parse(row, row_values);
    fold_add(f, &c);
}

static inline void add(struct fold *f, const char *row)
{
    rows_change(f, 0, CHANGE_INSERT, NULL, row);
}

static inline void change(struct fold *f, const char *row)
{
    rows_change(f, 0, CHANGE_UPDATE, NULL, row);
}

static inline void move(struct fold *f, const char *old, const char *row)
{
    rows_change(f, 0, CHANGE_UPDATE, old, row);
}

static inline void drop(struct fold *f, const char *old)
{
    rows_change(f, 0, CHANGE_DELETE, old, NULL);
}

static inline void truncate_all(struct fold *f)
{
    rows_change(f, 0, CHANGE_TRUNCATE, NULL, NULL);
}

#endif
