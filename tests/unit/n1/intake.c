#include "n1/intake.h"
#include "../folder.h"

static const char *ids[] = {"id"}, *sale_ids[] = {"sale"};
static struct uploads_table tables[] = {{"sale", "branch", "id", {ids, 1}}, {"sale_line", NULL, NULL, {sale_ids, 1}}};
static const struct uploads conf = {.job = "SALES", .tables = tables, .n_tables = 2, .transactions = &tables[0]};

static const struct parcel_column sale[] = {{"ID", "bigint"}, {"BRANCH", "int"}};
static const struct parcel_column line[] = {{"SALE", "bigint"}, {"AMOUNT", "numeric"}};
static const char *const sale_key[] = {"ID"}, *const line_key[] = {"SALE"};

struct parts {
    const char *sales, *lines;
    int64_t after, to;
};

static struct str pack(const struct folder *f, struct parts x, const struct parcel *like)
{
    struct err err;
    SCOPED(parcel_writer) w = NULL;
    struct parcel_table t[] = {{.name = "Sale_Line", .columns = line, .n_columns = 2, .key = line_key, .n_key = 1},
                               {.name = "SALE",
                                .columns = sale,
                                .n_columns = 2,
                                .key = sale_key,
                                .n_key = 1,
                                .counter = "ID",
                                .counter_after = x.after,
                                .counter_to = x.to}};
    struct parcel p = *like;
    int64_t bytes = 0;
    char digest[PARCEL_DIGEST_MAX];
    struct str text;
    p.tables = t;
    p.n_tables = 2;
    must(parcel_writer_new(f->path, &p, &w, &err));
    must(parcel_writer_rows(w, 0, str_of(x.lines), &err));
    must(parcel_writer_rows(w, 1, str_of(x.sales), &err));
    must(parcel_writer_end(w, folder_path(f, "p"), &bytes, digest, &err));
    must(file_read(folder_path(f, "p"), f->a, &text, &err));
    return text;
}

static const struct parcel of_seven = {
    .kind = PARCEL_UPLOAD, .job = "SALES", .store = "7", .number = 3, .created = "now"};

static void rows_come_in_the_order_of_the_package(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    SCOPED_INTAKE in = {0};
    struct err err;
    struct str body = pack(&f, (struct parts){"11\t7\n12\t7\n", "12\t1\n11\ta\\tb\n11\t\\N\n", 10, 12}, &of_seven);
    must(intake_read(body, &conf, "7", 3, f.a, &in, &err));
    assert_int_equal(in.n_tables, 2);
    assert_int_equal(in.rows, 5);
    assert_string_equal(in.tables[0].conf->name, "sale");
    assert_string_equal(in.tables[0].columns[1], "branch");
    assert_int_equal(in.tables[0].n, 2);
    assert_string_equal(in.tables[0].lines.p, "11\t7\n12\t7\n");
    assert_int_equal(in.tables[1].n, 3);
    assert_string_equal(in.tables[1].lines.p, "12\t1\n11\ta\\tb\n11\t\\N\n");
    assert_int_equal(in.tables[1].starts[3], in.tables[1].lines.n);
}

static void refused_with(const struct folder *f, struct parts x, const struct parcel *like, const char *why)
{
    SCOPED_INTAKE in = {0};
    struct err err = {0};
    assert_false(intake_read(pack(f, x, like), &conf, "7", 3, f->a, &in, &err));
    assert_int_equal(err.code, ERR_UPLOAD_REFUSED);
    if (!strstr(err.message, why))
        fail_msg("expected \"%s\", got \"%s\"", why, err.message);
}

static void what_is_not_the_stores_is_refused(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    struct parcel other = of_seven;
    other.store = "8";
    refused_with(&f, (struct parts){"11\t7\n", "", 10, 11}, &other, "of the store 8");
    refused_with(&f, (struct parts){"11\t7\n12\t8\n", "", 10, 12}, &of_seven, "row 2 of SALE is of another store");
    refused_with(&f, (struct parts){"11\t\\N\n", "", 10, 11}, &of_seven, "of another store");
    refused_with(&f, (struct parts){"11\t7\n", "11\t1\n12\t1\n", 10, 11}, &of_seven,
                 "row 2 of Sale_Line is of no transaction");
    refused_with(&f, (struct parts){"11\t7\n", "\\N\t1\n", 10, 11}, &of_seven, "of no transaction");
    other = of_seven;
    other.number = 4;
    refused_with(&f, (struct parts){"11\t7\n", "", 10, 11}, &other, "has the number 4");
    other = of_seven;
    other.job = "X";
    refused_with(&f, (struct parts){"11\t7\n", "", 10, 11}, &other, "of the job X");
}

static void counters_increase_to_the_last_one(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    refused_with(&f, (struct parts){"12\t7\n11\t7\n", "", 10, 12}, &of_seven, "row 2 of SALE does not go on from 12");
    refused_with(&f, (struct parts){"11\t7\n11\t7\n", "", 10, 12}, &of_seven, "does not go on");
    refused_with(&f, (struct parts){"10\t7\n", "", 10, 12}, &of_seven, "does not go on");
    refused_with(&f, (struct parts){"13\t7\n", "", 10, 12}, &of_seven, "does not go on");
    refused_with(&f, (struct parts){"11\t7\n", "", 10, 12}, &of_seven, "the last counter");
    refused_with(&f, (struct parts){"x\t7\n", "", 10, 12}, &of_seven, "does not go on");
    refused_with(&f, (struct parts){"11\t7\t1\n", "", 10, 11}, &of_seven, "has not 2 values");
    refused_with(&f, (struct parts){"11\t7\\\n", "", 10, 11}, &of_seven, "has not 2 values");
}

static void downloads_and_garbage_are_refused(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    SCOPED_INTAKE in = {0};
    struct err err = {0};
    struct parcel down = {.kind = PARCEL_DOWNLOAD, .job = "1", .chain = "1", .to = 1, .full = true, .created = "now"};
    refused_with(&f, (struct parts){"11\t7\n", "", 0, 0}, &down, "is no upload");
    assert_false(intake_read(STR("garbage"), &conf, "7", 3, f.a, &in, &err));
    assert_int_equal(err.code, ERR_UPLOAD_REFUSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_in_the_order_of_the_package),
        cmocka_unit_test(what_is_not_the_stores_is_refused),
        cmocka_unit_test(counters_increase_to_the_last_one),
        cmocka_unit_test(downloads_and_garbage_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
