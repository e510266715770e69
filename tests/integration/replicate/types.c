/* Values of every common type, and names of every kind, arrive as they are: in the copy and in the stream, in binary
 * and in text. */
#include "integration/replicate/pair.h"

/* One column of each type. Rows: plain values, other values, extremes, nulls. */
static const char all_types_sql[] =
    "create type dbo.mood as enum ('sad', 'it''s ok', 'Happy');"
    "create domain dbo.amount as numeric(12, 3) check (value > -1000);"
    "create domain dbo.amounts as dbo.amount;"
    "create table dbo.every ("
    " id int primary key, c_bool bool, c_int2 smallint, c_int8 bigint, c_num numeric, c_numf numeric(20, 6), c_f4 real,"
    " c_f8 double precision, c_money money, c_text text, c_char char(5), c_varchar varchar(20), c_chr \"char\", c_name "
    "name,"
    " c_bytea bytea, c_date date, c_time time(3), c_timetz timetz, c_ts timestamp, c_tstz timestamptz, c_iv interval,"
    " c_ivds interval day to second(2), c_uuid uuid, c_inet inet, c_cidr cidr, c_mac macaddr, c_mac8 macaddr8, c_bit "
    "bit(5),"
    " c_varbit varbit, c_json json, c_jsonb jsonb, c_path jsonpath, c_xml xml, c_tsv tsvector, c_tsq tsquery, c_point "
    "point,"
    " c_box box, c_poly polygon, c_circle circle, c_lseg lseg, c_line line, c_way path, c_r4 int4range, c_rn numrange,"
    " c_rts tstzrange, c_rd daterange, c_mr int4multirange, c_lsn pg_lsn, c_oid oid, c_snap pg_snapshot, c_ai int[],"
    " c_at text[], c_an numeric(8, 2)[], c_au uuid[], c_ats timestamptz[], c_mood %mood%, c_moods %mood%[],"
    " c_amount %amount%, c_amounts %amounts%, c_gen text generated always as (id || coalesce(c_text, '-')) stored,"
    " c_def int default 42, c_def2 text default 'a''b', c_def3 timestamptz default now());";

static const char values_sql[] =
    "insert into dbo.every values (%d, true, 32767, 9223372036854775807, 'NaN', 12345678901234.567891, '-0', "
    "'Infinity',"
    " '-1234.56', E'tab\\t nl\\n cr\\r back\\\\slash \\\\N \\\\. ', 'ab', '', 'x', 'a name', '\\x00ff0a0d5c', "
    "'infinity',"
    " '24:00:00', '12:34:56.789+05:30', '4713-01-01 00:00:00 BC', '294276-12-31 23:59:59.999999+00', '-1 mon 3 days "
    "-04:05:06.7',"
    " '1 day 02:03:04.567', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '10.1.2.3/8', '2001:db8::/32', '08:00:2b:01:02:03',"
    " '08:00:2b:01:02:03:04:05', B'10101', B'', '{\"b\":1, \"a\" : [ ]}', '{\"b\":1e400, \"a\":\"\\u00e9\"}',"
    " '$.a[*] ? (@ > 1)', '<a b=\"c\">&amp;</a>', $$'fat':2A 'cat'$$, 'fat & !cat <-> dog', '(1.5,-2)', "
    "'((0,0),(1,1))',"
    " '((0,0),(1,1),(2,0))', '<(1,2),3>', '[(0,0),(1,1)]', '{1,2,3}', '[(0,0),(1,1)]', '[1,5)', '(,1.50]', 'empty',"
    " '[2020-01-01,infinity)', '{[1,3),[7,9)}', '16/B374D848', 4294967295, '10:20:10,14', '[0:1]={1,NULL}',"
    " '{\"a,b\",NULL,\"\",\"\\\"\"}', '{{1.10,2.20},{3,4}}', '{}', '{2020-02-29 00:00:00+00}', 'it''s ok', "
    "'{Happy,NULL,sad}',"
    " -999.999, 1.5);"
    "insert into dbo.every (id, c_num, c_f4, c_f8, c_ts, c_tstz, c_text, c_def, c_def2, c_def3, c_iv)"
    " values (%d, '-Infinity', 'NaN', '-Infinity', '-infinity', 'infinity', 'äöü 漢字 🎉', null, null, null, '178000000 "
    "years');"
    "insert into dbo.every (id, c_num, c_f4, c_f8, c_money, c_numf, c_def3) values (%d, 1.000, 1.1754944e-38,"
    " 4.9406564584124654e-324, '92233720368547758.07', -0.000001, '2020-01-01 00:00:00.000001+00');";

/* Types of the schema are named with it: the session's search_path must not matter. */
static void make_types(struct pair *p, const char *qualify)
{
    SCOPED_BUF b = {0};
    for (const char *s = all_types_sql; *s; s++) {
        const char *name = *s == '%' ? s + 1 : NULL;
        if (!name) {
            buf_putc(&b, *s);
            continue;
        }
        s = strchr(name, '%');
        buf_printf(&b, "%s%.*s", qualify, (int)(s - name), name);
    }
    pair_sql(p, buf_text(&b));
}

static void put_values(struct pair *p, int first)
{
    SCOPED_BUF b = {0};
    buf_printf(&b, values_sql, first, first + 1, first + 2);
    pair_sql(p, buf_text(&b));
}

static void every_type_is_copied_and_followed(void **state)
{
    struct pair *p = pair_new(*state, "types");
    make_types(p, "dbo.");
    put_values(p, 1);
    pair_replicate(p);
    put_values(p, 11);
    pair_sql(p, "update dbo.every set id = id + 100 where id = 2; update dbo.every set c_mood = 'sad', c_bool = false"
                " where id = 1; delete from dbo.every where id = 3");
    pair_settle(p);
    pair_same(p);
    /* arrays of an own enum have no portable binary form */
    assert_string_equal(test_pg_value(p->target, "select binary_stream from carryover.replication"), "f");
    assert_string_equal(test_pg_value(p->target, "select count(*) from old.every"), "5");
    pair_stop(p);
    pair_free(p);
}

static void what_travels_in_binary_is_the_same(void **state)
{
    struct pair *p = pair_new(*state, "binary");
    make_types(p, "dbo.");
    pair_sql(p, "alter table dbo.every drop column c_moods, drop column c_amounts");
    pair_sql(p, "alter table dbo.every replica identity full");
    pair_replicate(p);
    assert_string_equal(test_pg_value(p->target, "select binary_stream from carryover.replication"), "t");
    SCOPED_BUF b = {0};
    buf_printf(&b, values_sql, 1, 2, 3);
    static const char *const gone[] = {" '{Happy,NULL,sad}',", ", 1.5"};
    for (size_t i = 0; i < ARRAY_LEN(gone); i++)
        memset(strstr(b.p, gone[i]), ' ', strlen(gone[i]));
    pair_sql(p, b.p);
    pair_settle(p);
    pair_same(p);
    pair_sql(p, "update dbo.every set id = -id; delete from dbo.every where id = -2");
    pair_settle(p);
    pair_same(p);
    pair_free(p);
}

static void rows_without_key_are_told_apart_by_all_types(void **state)
{
    struct pair *p = pair_new(*state, "whole");
    make_types(p, "dbo.");
    pair_sql(p, "alter table dbo.every drop constraint every_pkey; alter table dbo.every replica identity full");
    put_values(p, 1);
    put_values(p, 1);
    pair_replicate(p);
    pair_sql(p, "update dbo.every set c_text = 'new' where id < 3;"
                " delete from dbo.every where ctid = (select min(ctid) from dbo.every where id = 3)");
    put_values(p, 1);
    pair_settle(p);
    pair_same(p);
    assert_string_equal(test_pg_value(p->target, "select count(*) from old.every"), "8");
    pair_free(p);
}

static void types_of_extensions_come_with_them(void **state)
{
    struct pair *p = pair_new(*state, "extension");
    pair_sql(p, "create schema tools; create extension citext schema tools; create extension hstore schema dbo;"
                " create table dbo.e (k tools.citext primary key, h dbo.hstore, n int);"
                " insert into dbo.e values ('Abc', 'a=>1, b=>NULL', 1), ('def', '', 2)");
    pair_replicate(p);
    pair_sql(p, "update dbo.e set k = 'aBC' where k = 'abc'; update dbo.e set h = h operator(dbo.||) "
                "'z=>9'::dbo.hstore, n = n + 1;"
                " insert into dbo.e values ('ghi', null, 3); delete from dbo.e where k = 'DEF'");
    pair_settle(p);
    pair_same(p);
    pair_free(p);
}

static void a_type_that_cannot_be_carried_is_named(void **state)
{
    struct pair *p = pair_new(*state, "composite");
    pair_sql(p, "create type dbo.pair as (a int, b text); create table dbo.good (id int primary key);"
                " create table dbo.bad (id int primary key, v dbo.pair)");
    pair_start(p);
    pair_expect(p, ERR_SOURCE_CATALOG, "pair", NULL);
    static const char *const exclude[] = {"bad", NULL};
    p->opts.source.exclude = exclude;
    pair_start(p);
    pair_settle(p);
    pair_free(p);
}

static void names_are_taken_as_they_are(void **state)
{
    struct pair *p = pair_new(*state, "names");
    pair_sql(p, "create table dbo.\"Order\" (\"Select\" int, \"from\" text, \"a\"\"b\" text, \"c d\" text, \"é\" int,"
                "  primary key (\"Select\", \"from\"));"
                " create index \"My \"\"Index\" on dbo.\"Order\" (\"c d\");"
                " create table dbo.\"user's; drop table x --\" (\"id\" int primary key, \"%s $1 \\n\" text);"
                " create table dbo.\"b234567890_234567890_234567890_234567890_234567890_234567890_ab\" ("
                "  \"c234567890_234567890_234567890_234567890_234567890_234567890_ab\" int primary key,"
                "  \"c234567890_234567890_234567890_234567890_234567890_234567890_ac\" text);"
                " create table dbo.\"b234567890_234567890_234567890_234567890_234567890_234567890_ac\" (id int primary "
                "key, x text);"
                " create table dbo.\"changed:Order\" (\"carryover\" int primary key, ctid_ int);"
                " create table dbo.\"UPPER\" (id int primary key); create table dbo.upper (id int primary key);"
                " insert into dbo.\"UPPER\" values (1); insert into dbo.upper values (2)");
    pair_replicate(p);
    pair_sql(
        p,
        "insert into dbo.\"Order\" select i, 'f', 'x', 'y', i from generate_series(1, 5) i;"
        " update dbo.\"Order\" set \"Select\" = 10, \"a\"\"b\" = null where \"Select\" = 1;"
        " insert into dbo.\"user's; drop table x --\" values (1, 'v'); insert into dbo.\"changed:Order\" values (1, 2);"
        " insert into dbo.\"b234567890_234567890_234567890_234567890_234567890_234567890_ab\" values (1, 'long');"
        " insert into dbo.\"b234567890_234567890_234567890_234567890_234567890_234567890_ac\" values (1, 'other');"
        " insert into dbo.\"UPPER\" values (3); delete from dbo.upper");
    pair_settle(p);
    pair_same(p);
    pair_free(p);
}

static void put_wide(struct buf *b, int columns)
{
    buf_puts(b, "create table dbo.wide (id int primary key");
    for (int i = 1; i < columns; i++)
        buf_printf(b, ", c%d %s", i, i % 50 == 0 ? "text" : "smallint");
    buf_puts(b, ")");
}

static void wide_tables_arrive(void **state)
{
    struct pair *p = pair_new(*state, "wide");
    SCOPED_BUF b = {0};
    put_wide(&b, 1500);
    pair_sql(p, b.p);
    pair_sql(p, "alter table dbo.wide alter c1450 set storage external");
    pair_sql(
        p,
        "insert into dbo.wide (id, c1, c1450, c1499) select i, i, repeat('x', 3000), 7 from generate_series(1, 20) i");
    pair_replicate(p);
    pair_sql(p, "update dbo.wide set c1499 = c1499 + id; update dbo.wide set id = id + 100 where id % 3 = 0;"
                " delete from dbo.wide where id = 1; insert into dbo.wide (id, c700) values (0, -1)");
    pair_settle(p);
    pair_same(p);
    pair_free(p);
}

static void a_table_that_is_too_wide_to_follow_is_named(void **state)
{
    struct pair *p = pair_new(*state, "toowide");
    SCOPED_BUF b = {0};
    put_wide(&b, 1599);
    pair_sql(p, b.p);
    pair_start(p);
    pair_expect(p, ERR_SOURCE_CATALOG, "wide", "columns", NULL);
    pair_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_is_copied_and_followed),
        cmocka_unit_test(what_travels_in_binary_is_the_same),
        cmocka_unit_test(rows_without_key_are_told_apart_by_all_types),
        cmocka_unit_test(types_of_extensions_come_with_them),
        cmocka_unit_test(a_type_that_cannot_be_carried_is_named),
        cmocka_unit_test(names_are_taken_as_they_are),
        cmocka_unit_test(wide_tables_arrive),
        cmocka_unit_test(a_table_that_is_too_wide_to_follow_is_named),
    };
    return pair_tests(tests);
}
