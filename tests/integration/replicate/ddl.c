/* A table that changes its shape on the source stops the replication with an error that names table and column, at the
 * next row of the stream or at the next start. */
#include "integration/replicate/pair.h"

struct ddl {
    const char *change, *rows; /* what happens on the source, and what makes the stream tell */
    const char *live, *again;  /* must be in the messages: while it runs, and at the next start */
};

static const struct ddl changes[] = {
    {"alter table dbo.t add added int", "insert into dbo.t (id, n) values (5, 5)", "column added is new",
     "column \"added\" is new"},
    {"alter table dbo.t drop column b", "insert into dbo.t (id, n) values (5, 5)", "column b is gone",
     "column \"b\" is gone"},
    {"alter table dbo.t alter n type bigint", "update dbo.t set n = 1", "column n has another type", "column \"n\""},
    {"alter table dbo.t alter v type varchar(30)", "update dbo.t set n = 1", "column v has another type",
     "column \"v\""},
    {"alter table dbo.t rename b to c", "update dbo.t set n = 1", "column c is new", "column \"b\" is gone"},
    {"alter table dbo.t rename to renamed", "update dbo.renamed set n = 1", "its name is dbo.renamed now",
     "gone from the source"},
    {"alter table dbo.t drop constraint t_pkey; alter table dbo.t add primary key (n)", "update dbo.t set b = 'x'",
     "part of its key", "key"},
    {"alter table dbo.t drop constraint t_pkey; alter table dbo.t add primary key (n, id)", "update dbo.t set b = 'x'",
     "column n is part of its key now", "key"},
    {"alter table dbo.t replica identity nothing", "insert into dbo.t (id, n) values (5, 5)",
     "column id is no longer part of its key", "cutover"},
    {"alter table dbo.t drop column b, add b text", NULL, NULL, "column \"b\""},
    {"alter table dbo.t alter n drop not null", NULL, NULL, "column \"n\""},
    {"drop table dbo.t", NULL, NULL, "the table t is gone"},
    {"drop table dbo.t; create table dbo.t (id int primary key, n int not null, b text, v varchar(20))", NULL, NULL,
     ""},
    {"alter publication %s drop table dbo.t", NULL, NULL, "publication"},
    {"alter table dbo.bag replica identity default", "insert into dbo.bag values (1)", "no longer FULL", "cutover"},
};

static void prepare(struct pair *p)
{
    pair_sql(p, "drop schema dbo cascade; create schema dbo;"
                " create table dbo.t (id int primary key, n int not null, b text, v varchar(20));"
                " insert into dbo.t values (1, 1, 'b', 'v'); create table dbo.u (id int primary key);"
                " create table dbo.bag (x int); alter table dbo.bag replica identity full");
    pair_replicate(p);
}

static void change(struct pair *p, const struct ddl *d)
{
    SCOPED_BUF b = {0};
    const char *at = strstr(d->change, "%s");
    if (at)
        buf_printf(&b, "%.*s%s%s", (int)(at - d->change), d->change, p->opts.source.slot, at + 2);
    else
        buf_puts(&b, d->change);
    pair_sql(p, b.p);
}

static void start_over(struct pair *p)
{
    struct err err;
    must(replicate_reset(&p->opts, &err));
    assert_string_equal(
        test_pg_value(p->target, "select count(*) from pg_namespace where nspname in ('old', 'carryover')"), "0");
}

static void ddl_is_named_while_it_runs(void **state)
{
    struct pair *p = pair_new(*state, "ddl");
    for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
        const struct ddl *d = &changes[i];
        if (!d->live)
            continue;
        print_message("# %s\n", d->change);
        prepare(p);
        change(p, d);
        pair_sql(p, d->rows);
        pair_expect(p, ERR_SOURCE_DDL, strstr(d->change, "bag") ? "table bag" : "table t", d->live, NULL);
        start_over(p);
    }
    pair_free(p);
}

static void ddl_is_named_at_the_next_start(void **state)
{
    struct pair *p = pair_new(*state, "ddlstart");
    for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
        const struct ddl *d = &changes[i];
        print_message("# %s\n", d->change);
        prepare(p);
        pair_stop(p);
        change(p, d);
        pair_start(p);
        pair_expect(p, ERR_SOURCE_DDL, strstr(d->change, "bag") ? "table bag" : "table t", d->again, NULL);
        start_over(p);
    }
    pair_free(p);
}

/* No row tells of it: the catalog is looked at now and then. */
static void a_table_that_is_dropped_is_noticed_while_it_runs(void **state)
{
    struct pair *p = pair_new(*state, "dropped");
    prepare(p);
    pair_sql(p, "drop table dbo.t");
    pair_expect(p, ERR_SOURCE_DDL, "the table t is gone from the source", NULL);
    pair_free(p);
}

static void what_does_not_matter_is_let_pass(void **state)
{
    struct pair *p = pair_new(*state, "harmless");
    prepare(p);
    pair_sql(
        p, "alter table dbo.t alter b set default 'x'; create index on dbo.t (b); alter table dbo.t add check (n > 0);"
           " alter table dbo.u rename constraint u_pkey to another; comment on table dbo.t is 'x'; analyze dbo.t;"
           " alter table dbo.t replica identity full; create view dbo.view as select * from dbo.t;"
           " insert into dbo.t (id, n) values (2, 2)");
    pair_sql(p, "vacuum full dbo.t");
    pair_settle(p);
    pair_same(p);
    pair_stop(p);
    pair_replicate(p);
    pair_free(p);
}

/* What is copied at the cutover must still be what it was: with a key it would be left out in silence. */
static void a_table_without_key_that_changed_is_not_copied(void **state)
{
    struct err err;
    int n = 0;
    struct pair *p = pair_new(*state, "keyless");
    pair_sql(p, "create table dbo.log (at int not null); insert into dbo.log values (1)");
    pair_replicate(p);
    pair_stop(p);
    pair_sql(p, "insert into dbo.log values (2)");
    must(replicate_copy_keyless(&p->opts, NULL, &n, &err));
    assert_int_equal(n, 1);
    pair_sql(p, "create table dbo.later (at int); alter table dbo.log add primary key (at)");
    assert_false(replicate_copy_keyless(&p->opts, NULL, &n, &err));
    assert_int_equal(err.code, ERR_SOURCE_DDL);
    assert_non_null(strstr(err.message, "the table log changed"));
    pair_sql(p, "alter table dbo.log drop constraint log_pkey");
    must(replicate_copy_keyless(&p->opts, NULL, &n, &err));
    assert_int_equal(n, 1);
    pair_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ddl_is_named_while_it_runs),
        cmocka_unit_test(ddl_is_named_at_the_next_start),
        cmocka_unit_test(a_table_that_is_dropped_is_noticed_while_it_runs),
        cmocka_unit_test(what_does_not_matter_is_let_pass),
        cmocka_unit_test(a_table_without_key_that_changed_is_not_copied),
    };
    return pair_tests(tests);
}
