/* Values against what version N and the stores can hold; sources with thousands of tables; fix scripts that fail. */
#include "analyze/analyze.h"
#include "analyze/fix.h"
#include "integration/pg.h"
#include "lens/probe.h"
#include "test.h"

static struct arena *own;

/* -- a package of two lenses -- */

static struct package_word item_words[] = {{"key", "id", 1}};
static struct package_word near_words[] = {{"key", "id", 1}};
static struct package_file up[] = {
    {.name = "item",
     .path = "up/item.sql",
     .words = item_words,
     .n_words = 1,
     .body = "select i.id, i.name, i.amount, i.n, i.code, i.must, hq_fn.x(i.name) as made from old.item i"},
    {.name = "near",
     .path = "up/near.sql",
     .words = near_words,
     .n_words = 1,
     .body = "select i.id, i.code from old.item i join old.other o on hq_fn.x(o.k) = i.code where i.n > 5"},
};
static struct package_file schema[] = {
    {.name = "10_tables",
     .path = "schema/10_tables.sql",
     .text = "create table hq.item (id bigint not null, name varchar(5) not null, amount numeric(6,2), n int,"
             " code text, must date not null, made text);"
             "create table hq.near (id bigint not null, code varchar(3));"},
    {.name = "20_indexes",
     .path = "schema/20_indexes.sql",
     .text = "alter table hq.item add primary key (id); create unique index item_code_ix on hq.item (code);"
             "create unique index item_part_ix on hq.item (name) where n > 0; create index item_n_ix on hq.item (n)"},
};
static struct package_word fix_words[] = {{"id", "F1", 1},   {"section", "cleanup", 2}, {"severity", "advice", 3},
                                          {"title", "t", 4}, {"why", "w", 5},           {"fix", "f", 6}};
static struct package_file rules[] = {
    {.name = "F1",
     .words = fix_words,
     .n_words = 6,
     .body =
         "select 'log' as subject, count(*)::text as detail, 0 as bytes, count(*) as rows from log having count(*) > 0",
     .fix = "delete from log where ctid = any (array(select ctid from log limit :chunk));"},
};
static struct package package = {.name = "p",
                                 .version = "1",
                                 .digest = "d",
                                 .source_schema = "dbo",
                                 .up = {up, 2},
                                 .schema = {schema, 2},
                                 .analyze = {rules, 1}};

static struct fit_column store_columns[] = {
    {.name = "code", .declared = "varchar", .kind = FIT_TEXT, .length = 2},
    {.name = "n", .declared = "int", .kind = FIT_INTEGER, .length = 4},
};
static const int64_t known[] = {1, 2};
static struct fit_lens store_lens = {.table = "item",
                                     .path = "channel/item.sql",
                                     .sql =
                                         "select case when id < 3 then 'north' else 'south' end as channel_group, id, "
                                         "code, n from dbo.item",
                                     .key = "channel_group, id",
                                     .by = "channel_group",
                                     .unchecked = "",
                                     .everywhere = "",
                                     .columns = store_columns,
                                     .n_columns = 2};
static struct fit_lenses stores = {&store_lens, 1};

static const char *make_source(const char *name)
{
    const char *uri = test_pg_database(own, name);
    struct pg *pg = test_pg_open(uri);
    test_pg_exec(pg,
                 "create schema dbo; create table dbo.item (id bigint primary key, name varchar(10), amount numeric,"
                 " n bigint, code varchar(10), must date); create table dbo.other (k text);"
                 "create table dbo.log (i int);"
                 "insert into dbo.item values (1, 'short', 9999.99, 1, 'A', '2026-01-01'),"
                 " (2, 'blank     ', 1, 2, 'B', '2026-01-01')");
    pg_free(pg);
    return uri;
}

static struct analysis run(const char *uri, const char *rule)
{
    struct err err;
    struct analysis r;
    struct fit_lenses lenses;
    must(probe_up(&package, own, &lenses, &err));
    package.n_enums = 1;
    struct analyze_opts o = {.uri = uri,
                             .package = &package,
                             .version_n = &lenses,
                             .stores = &stores,
                             .rule = rule,
                             .workers = 2,
                             .timeout_ms = 60000,
                             .most_rows = 20,
                             .copy_rate = 1};
    must(analyze_run(&o, own, &r, &err));
    return r;
}

static const struct analyze_finding *only(const struct analysis *r)
{
    if (r->findings[0].failure)
        fail_msg("%s", r->findings[0].failure);
    return &r->findings[0];
}

static void has(const struct analyze_finding *f, const char *subject, const char *detail)
{
    for (size_t i = 0; i < f->n_rows; i++)
        if (strcmp(f->rows[i].subject, subject) == 0 && strstr(f->rows[i].detail, detail))
            return;
    for (size_t i = 0; i < f->n_rows; i++)
        printf("# %s: %s\n", f->rows[i].subject, f->rows[i].detail);
    fail_msg("no evidence '%s: %s'", subject, detail);
}

/* -- version N -- */

static void test_what_fits_is_no_finding(void **state)
{
    const char *uri = make_source("fits");
    struct analysis r = run(uri, "FIT*");
    (void)state;
    assert_int_equal(r.n_findings, 2);
    assert_int_equal(only(&r)->total, 0);
    assert_int_equal(r.findings[1].total, 0);
    assert_non_null(strstr(r.findings[0].note, "up/item.sql (made)"));
    assert_non_null(strstr(r.findings[0].note, "up/near.sql (columns of other tables than its first"));
}

static void test_each_kind_of_column_that_is_narrower(void **state)
{
    const char *uri = make_source("narrow");
    struct pg *pg = test_pg_open(uri);
    (void)state;
    test_pg_exec(pg, "insert into dbo.item values (3, 'too long', 9999.995, 3000000000, 'WIDE', null)");
    struct analysis r = run(uri, "FIT01");
    const struct analyze_finding *f = only(&r);
    has(f, "item.name", "1 value longer than 5 characters, the longest 8; first at id 3");
    has(f, "item.amount", "with more than 4 digits before the point");
    has(f, "item.n", "outside of -2147483648 and 2147483647");
    has(f, "item.must", "missing");
    has(f, "near.code", "longer than 3 characters");
    assert_int_equal(f->total, 5);
    assert_int_equal(f->severity, ANALYZE_BLOCKER);
    pg_free(pg);
}

static void test_keys_that_the_source_does_not_keep_unique(void **state)
{
    const char *uri = make_source("unique");
    struct pg *pg = test_pg_open(uri);
    (void)state;
    test_pg_exec(pg, "create index on dbo.item (code); insert into dbo.item values (3, 'x', 1, 1, 'A', '2026-01-01'), "
                     "(4, 'x', 1, 1, null, '2026-01-01'),"
                     " (5, 'x', 1, 1, null, '2026-01-01')");
    struct analysis r = run(uri, "FIT02");
    has(only(&r), "item (code)", "2 rows have A");
    assert_int_equal(only(&r)->total, 1);
    test_pg_exec(pg, "delete from dbo.item where id = 3; create unique index on dbo.item (code)");
    r = run(uri, "FIT02");
    assert_int_equal(only(&r)->total, 0);
    pg_free(pg);
}

/* -- stores -- */

static void test_stores_are_told_apart_by_group(void **state)
{
    const char *uri = make_source("stores");
    struct pg *pg = test_pg_open(uri);
    (void)state;
    store_columns[1].known = known;
    store_columns[1].n_known = 2;
    test_pg_exec(pg, "update dbo.item set code = 'LONG'; insert into dbo.item values (7, 'x', 1, 9, 'LONGER', now())");
    struct analysis r = run(uri, "STORE01");
    has(only(&r), "item.code",
        "2 values longer than 2 characters, the longest 4; first at channel_group, id north, 1; stores of the group "
        "north");
    has(only(&r), "item.code", "the longest 6; first at channel_group, id south, 7; stores of the group south");
    r = run(uri, "STORE02");
    has(only(&r), "item.n", "1 value that stores do not know: 9");
    assert_int_equal(only(&r)->total, 1);
    store_columns[1].n_known = 0;
    pg_free(pg);
}

static void test_columns_that_version_n_makes_wider(void **state)
{
    struct err err;
    static struct package_file down[] = {{.name = "item",
                                          .path = "down/item.sql",
                                          .body = "select i.id, i.code, i.n, upper(i.name) as name, i.amount, "
                                                  "i.name as short from hq.item i"}};
    struct fit_lenses lenses, back;
    const char *uri = make_source("wider");
    struct pg *pg = test_pg_open(uri);
    struct package with_down = package;
    struct analysis r;
    (void)state;
    with_down.down = (struct package_files){down, 1};
    test_pg_exec(pg, "alter table dbo.item alter n type smallint, add short varchar(3)");
    must(probe_up(&with_down, own, &lenses, &err));
    must(probe_down(&with_down, &lenses, own, &back, &err));
    struct analyze_opts o = {
        .uri = uri, .package = &with_down, .way_back = &back, .rule = "STORE03", .workers = 1, .most_rows = 20};
    must(analyze_run(&o, own, &r, &err));
    has(only(&r), "item.code", "any number of characters in version N, 10 in N-1");
    has(only(&r), "item.n", "4 bytes in version N, 2 in N-1");
    has(only(&r), "item.short", "5 characters in version N, 3 in N-1");
    assert_int_equal(r.findings[0].total, 3);
    pg_free(pg);
}

/* -- thousands of tables -- */

static int64_t statements_of(struct pg *pg, const char *uri)
{
    int64_t n = 0;
    struct err err;
    test_pg_exec(pg, "select pg_stat_statements_reset()");
    (void)run(uri, NULL);
    must(pg_value_i64(pg,
                      "select sum(calls)::bigint from pg_stat_statements s join pg_database d on d.oid = s.dbid where"
                      " d.datname = 'many'",
                      PG_NONE, &n, &err));
    return n;
}

static void test_the_catalog_is_asked_as_often_for_5000_tables_as_for_three(void **state)
{
    const char *uri = make_source("many");
    struct pg *pg = test_pg_open(uri);
    (void)state;
    test_pg_exec(pg, "create extension pg_stat_statements");
    int64_t few = statements_of(pg, uri);
    for (int i = 0; i < 10; i++)
        test_pg_exec(pg, arena_printf(own,
                                      "do $$ begin for i in 1..500 loop execute format('create table dbo.t%%s_%d (a "
                                      "int, b text)', i); end loop; end $$",
                                      i));
    int64_t many = statements_of(pg, uri);
    struct analysis r = run(uri, NULL);
    assert_int_equal(r.n_tables, 5003);
    assert_int_equal(few, many);
    pg_free(pg);
}

/* -- fix scripts -- */

static bool fix(const char *uri, struct fix_result *done, struct err *err)
{
    static int n;
    struct runs *runs = NULL;
    struct fix_opts o = {.uri = uri, .package = &package, .rule = "F1", .by = "test", .chunk = 10};
    if (!runs_open(arena_printf(own, "%s/runs-%d.db", test_folder(), n++), &runs, err))
        fail_msg("%s", err->message);
    bool ok = fix_apply(&o, runs, done, err);
    SCOPED_BUF json = {0};
    struct err second;
    if (!runs_put_json(runs, &json, &second))
        fail_msg("%s", second.message);
    char wanted[64];
    snprintf(wanted, sizeof wanted, "\"rows\":%lld,\"chunks\":%lld", (long long)done->rows, (long long)done->chunks);
    assert_non_null(strstr(json.p, wanted));
    runs_free(runs);
    return ok;
}

static void test_a_script_goes_on_chunk_by_chunk_until_nothing_is_left(void **state)
{
    struct err err;
    struct fix_result done;
    const char *uri = make_source("chunks");
    struct pg *pg = test_pg_open(uri);
    (void)state;
    test_pg_exec(pg, "insert into dbo.log select generate_series(1, 35)");
    must(fix(uri, &done, &err));
    assert_int_equal(done.rows, 35);
    assert_int_equal(done.chunks, 5); /* the last one finds nothing */
    assert_string_equal(test_pg_value(pg, "select count(*) from dbo.log"), "0");
    pg_free(pg);
}

static void test_a_chunk_that_fails_is_named_and_what_was_done_stays(void **state)
{
    struct err err = {0};
    struct fix_result done;
    const char *uri = make_source("refers");
    struct pg *pg = test_pg_open(uri);
    (void)state;
    test_pg_exec(pg, "alter table dbo.log add primary key (i); create table dbo.ref (i int references dbo.log);"
                     "insert into dbo.log select generate_series(1, 35); insert into dbo.ref values (25)");
    assert_false(fix(uri, &done, &err));
    assert_int_equal(err.code, ERR_FIX);
    assert_non_null(strstr(err.message, "mending F1 stopped at chunk 3, after 20 rows"));
    assert_non_null(strstr(err.hint, "Other rows refer to these"));
    assert_string_equal(test_pg_value(pg, "select count(*) from dbo.log"), "15");
    test_pg_exec(pg, "delete from dbo.ref");
    must(fix(uri, &done, &err));
    assert_int_equal(done.rows, 15);
    pg_free(pg);
}

static void test_a_lock_ends_a_script_soon(void **state)
{
    struct err err = {0};
    struct fix_result done;
    const char *uri = make_source("locked");
    struct pg *pg = test_pg_open(uri);
    (void)state;
    test_pg_exec(pg, "insert into dbo.log values (1)");
    test_pg_exec(pg, "begin; lock table dbo.log");
    assert_false(fix(uri, &done, &err));
    assert_int_equal(err.code, ERR_FIX);
    assert_non_null(strstr(err.hint, "Somebody else works on these rows"));
    pg_free(pg);
}

static int begin(void **state)
{
    static const char *const conf[] = {"shared_preload_libraries = 'pg_stat_statements'", NULL};
    (void)state;
    own = arena_new();
    test_pg_start(conf);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(own);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_fits_is_no_finding),
        cmocka_unit_test(test_each_kind_of_column_that_is_narrower),
        cmocka_unit_test(test_keys_that_the_source_does_not_keep_unique),
        cmocka_unit_test(test_stores_are_told_apart_by_group),
        cmocka_unit_test(test_columns_that_version_n_makes_wider),
        cmocka_unit_test(test_the_catalog_is_asked_as_often_for_5000_tables_as_for_three),
        cmocka_unit_test(test_a_script_goes_on_chunk_by_chunk_until_nothing_is_left),
        cmocka_unit_test(test_a_chunk_that_fails_is_named_and_what_was_done_stays),
        cmocka_unit_test(test_a_lock_ends_a_script_soon),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
