/* The proof on real databases: every kind of damage that is planted is found and named, and nothing else is. */
#include "verify/verify.h"
#include "base/clock.h"
#include "base/file.h"
#include "integration/replicate/pair.h"
#include "lens/fresh.h"
#include "lens/install.h"
#include "lens/load.h"
#include "verify/digest.h"

/* -- a package of its own -- */

static const struct {
    const char *name, *text;
} package_files_text[] = {
    {"package.yaml", "name: tiny\ntitle: a tiny upgrade\nversion: 0.1.0\nfrom: {name: T, version: '1'}\n"
                     "to: {name: T, version: '2'}\nsource:\n  schema: dbo\n  require:\n    account: [id]\n"
                     "home:\n  hq: [account, line, total]\n  store: []\n"
                     "dropped:\n  bag: not needed\n  seen: not needed\n"
                     "settings:\n  tolerance: {default: '0.005', about: money}\n"},
    {"schema/10_tables.sql",
     "create table hq.account (id bigint not null, name varchar(30) not null, amount numeric(32,6) not null,"
     " passwordhash varchar(40), length int);\n"
     "create table hq.line (company varchar(4) not null, no int not null, amount numeric(32,6) not null);\n"
     "create table hq.total (company varchar(4) not null, amount numeric(32,6) not null, n bigint not null);\n"},
    {"schema/20_indexes.sql", "alter table hq.account add primary key (id);\n"
                              "alter table hq.line add primary key (company, no);\n"
                              "alter table hq.total add primary key (company);\n"},
    {"up/account.sql", "-- key: id\nselect a.id, a.name, round(a.amount, 6) as amount, a.passwordhash,"
                       " length(a.note) as length from old.account a\n"},
    {"up/line.sql", "-- key: company, no\nselect l.company, l.no, round(l.amount, 6) as amount from old.line l\n"},
    {"up/total.sql", "-- key: company\nselect l.company, round(sum(l.amount), 6) as amount, count(*) as n"
                     " from old.line l group by l.company\n"},
    {"down/account.sql",
     "-- key: id\n-- loses: note: its length is all that is left\n-- rounds: amount: to 6 decimals\n"
     "select a.id, a.name, a.amount::numeric(32,16) as amount, a.passwordhash, ''::text as note from hq.account a\n"},
    {"laws/C1.sql", "-- id: C1\n-- title: sum of lines per company\n-- kind: conservation\n-- key: company\n"
                    "-- compare: n exact, amount :tolerance\n-- area: ledger\n-- why: money\n"
                    "select company, count(*) as n, sum(amount) as amount from line group by company\n"},
    {"laws/C2.old.sql", "-- id: C2\n-- title: first and last name\n-- kind: conservation\n-- key: what\n"
                        "-- compare: name exact\n-- area: people\n-- why: text\n"
                        "select 'first' as what, min(name) as name from account\n"},
    {"laws/C2.hq.sql", "select 'first' as what, min(name) as name from account\n"},
    {"laws/I1.sql", "-- id: I1\n-- title: no negative line\n-- kind: invariant\n-- key: company, no\n-- area: ledger\n"
                    "-- why: nothing is sold for less than nothing\n"
                    "select company, no, amount from line where amount < 0\n"},
};

static const char source_sql[] =
    "create table dbo.account (id bigint primary key, name varchar(30) not null, amount numeric(32,16) not null,"
    " passwordhash varchar(40), note text);"
    "create table dbo.line (company varchar(4), no int, amount numeric(32,16) not null, primary key (company, no));"
    "create table dbo.bag (x int, y text); alter table dbo.bag replica identity full;"
    "create table dbo.seen (at int, what text);"
    "insert into dbo.account select i, 'name ' || i, i + 0.1234567, md5(i::text), case when i % 3 = 0 then repeat('n', "
    "i % 7)"
    "  end from generate_series(1, 3000) i;"
    "insert into dbo.line select 'c' || i % 5, i, i * 1.5 from generate_series(1, 500) i;"
    "insert into dbo.line values ('c1', 9000, -1);"
    "insert into dbo.bag select i % 10, 'y' || i % 3 from generate_series(1, 100) i;"
    "insert into dbo.seen select i, 'x' from generate_series(1, 10) i; analyze";

/* -- one world for all tests: made once, followed by a process of its own -- */

static struct pair *world;
static struct arena *own;
static struct package *package;
static struct lens_set lenses;

static void put_package(const char *dir)
{
    struct err err;
    for (size_t i = 0; i < ARRAY_LEN(package_files_text); i++) {
        char *path = arena_printf(own, "%s/%s", dir, package_files_text[i].name);
        char *folder = arena_dup(own, path);
        *strrchr(folder, '/') = '\0';
        must(file_make_dirs(folder, &err));
        must(file_write(path, str_of(package_files_text[i].text), &err));
    }
    must(package_load(dir, NULL, own, &package, &err));
}

static void load(void)
{
    struct err err;
    struct pg *target = test_pg_open(world->opts.target_uri);
    must(install_up(target, package, INSTALL_KEEP, own, &lenses, &err));
    struct load_opts o = {.uri = world->opts.target_uri, .set = &lenses, .workers = 1, .chunk_bytes = 64 << 20};
    must(load_plan(target, &o, NULL, &err));
    must(load_run(&o, &err));
    pg_free(target);
}

static void reload(void)
{
    struct err err;
    struct fresh_result r;
    SCOPED(fresh) f = NULL;
    must(fresh_open(world->opts.target_uri, &lenses, 1, &f, &err));
    must(fresh_pass(f, false, &r, &err));
}

static int make_world(void **state)
{
    (void)state;
    own = arena_new();
    world = pair_new(own, "verify");
    pair_sql(world, source_sql);
    put_package(arena_printf(own, "%s/package", test_folder()));
    pair_start(world);
    pair_settle(world);
    load();
    return 0;
}

static int end_world(void **state)
{
    (void)state;
    pair_free(world);
    arena_free(own);
    return 0;
}

/* -- asking -- */

static struct verify_opts opts(unsigned parts)
{
    struct verify_opts o;
    verify_defaults(&o);
    o.source = world->opts.source;
    o.target_uri = world->opts.target_uri;
    o.package = package;
    o.parts = parts;
    return o;
}

static struct report *run(const struct verify_opts *o)
{
    struct err err = {0};
    struct report *r = NULL;
    must(verify_run(o, &r, &err));
    return r;
}

static struct report *prove(unsigned parts)
{
    struct verify_opts o = opts(parts);
    return run(&o);
}

static struct report_check *find(struct report *r, enum report_section s, const char *name)
{
    vec_each (&r->checks, c)
        if ((*c)->section == s && strcmp((*c)->name, name) == 0)
            return *c;
    fail_msg("there is no check %s", name);
    return NULL;
}

static void expect(const struct report_check *c, enum outcome outcome, int64_t differences)
{
    if (c->outcome == outcome && c->differences == differences)
        return;
    fail_msg("%s is %s with %d differences instead of %s with %d: %s", c->name, outcome_name(c->outcome),
             (int)c->differences, outcome_name(outcome), (int)differences, c->note);
}

/* The evidence has a row of this kind and key. */
static const struct report_row *row(const struct report_check *c, const char *what, const char *key)
{
    vec_each (&c->rows, r)
        if (strcmp((*r)->what, what) == 0 && strcmp((*r)->key, key) == 0)
            return *r;
    fail_msg("%s has no evidence '%s: %s'", c->name, what, key);
    return NULL;
}

static void differs(const struct report_row *r, const char *column, const char *expected, const char *found)
{
    vec_each (&r->values, v) {
        if (strcmp(v->column, column) != 0)
            continue;
        assert_string_equal(v->expected ? v->expected : "(null)", expected);
        assert_string_equal(v->found ? v->found : "(null)", found);
        return;
    }
    fail_msg("%s has no column %s", r->key, column);
}

static void target(const char *sql)
{
    test_pg_exec(world->target, sql);
}

/* All checks but this one are without difference. */
static void only_bad(struct report *r, const struct report_check *bad)
{
    vec_each (&r->checks, c)
        if (*c != bad && (*c)->outcome == OUTCOME_FAIL)
            fail_msg("%s failed, too: %s", (*c)->name, (*c)->note);
}

/* -- the replica against the source -- */

static void test_whole_proof_is_green(void **state)
{
    struct err err;
    struct verify_green green;
    SCOPED(report) r = prove(VERIFY_ALL);
    (void)state;
    only_bad(r, NULL);
    assert_true(r->live);
    assert_true(r->position > 0);
    assert_int_equal(report_outcome(r), OUTCOME_EXPLAINED);
    assert_int_equal(find(r, SECTION_REPLICA, "account")->found_rows, 3000);
    assert_int_equal(find(r, SECTION_REPLICA, "seen")->outcome, OUTCOME_SKIPPED);
    assert_int_equal(find(r, SECTION_LENSES, "total")->found_rows, 5);
    must(verify_last_green(world->target, &green, &err));
    assert_true(green.exists && green.is_full);
    assert_string_equal(green.id, r->id);
    assert_int_equal(green.position, r->position);
    assert_string_equal(green.laws_id, r->id);
}

struct damage {
    const char *plant, *mend, *table, *what, *key, *column, *expected, *found;
};

/* One row of the replica is damaged at a time; the source stays as it is. */
static const struct damage damages[] = {
    {"update old.account set amount = amount + 0.0000000000000001 where id = 1234",
     "update old.account set amount = amount - 0.0000000000000001 where id = 1234", "account", "changed", "id=1234",
     "amount", "1234.1234567000000000", "1234.1234567000000001"},
    {"delete from old.line where no = 77", "insert into old.line values ('c2', 77, 115.5)", "line", "missing",
     "company=c2, no=77", NULL, NULL, NULL},
    {"insert into old.line values ('c9', 1, 1)", "delete from old.line where company = 'c9'", "line", "extra",
     "company=c9, no=1", NULL, NULL, NULL},
    {"update old.account set name = name || ' ' where id = 5", "update old.account set name = rtrim(name) where id = 5",
     "account", "changed", "id=5", "name", "name 5", "name 5 "},
    {"update old.account set name = upper(name) where id = 6", "update old.account set name = lower(name) where id = 6",
     "account", "changed", "id=6", "name", "name 6", "NAME 6"},
    {"update old.account set note = '' where id = 1", "update old.account set note = null where id = 1", "account",
     "changed", "id=1", "note", "(null)", ""},
    {"alter table old.line drop constraint line_pkey; insert into old.line values ('c3', 8, 12)",
     "delete from old.line where ctid = (select max(ctid) from old.line where no = 8);"
     " alter table old.line add primary key (company, no)",
     "line", "2 times instead of 1", "company=c3, no=8", NULL, NULL, NULL},
};

static void try_damage(const struct damage *d)
{
    target(d->plant);
    SCOPED(report) r = prove(VERIFY_DIGESTS);
    target(d->mend);
    struct report_check *c = find(r, SECTION_REPLICA, d->table);
    expect(c, OUTCOME_FAIL, 1);
    only_bad(r, c);
    const struct report_row *evidence = row(c, d->what, d->key);
    if (d->column) {
        differs(evidence, d->column, d->expected, d->found);
        assert_int_equal(evidence->values.n, 1);
    }
}

static void test_each_damage_of_one_row_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(damages); i++)
        try_damage(&damages[i]);
    SCOPED(report) r = prove(VERIFY_DIGESTS);
    only_bad(r, NULL);
}

static void test_two_swapped_rows_are_found(void **state)
{
    (void)state;
    const char *swap = "update old.account a set amount = b.amount from old.account b"
                       " where (a.id, b.id) in ((10, 20), (20, 10))";
    target(swap);
    SCOPED(report) r = prove(VERIFY_DIGESTS);
    target(swap);
    struct report_check *c = find(r, SECTION_REPLICA, "account");
    expect(c, OUTCOME_FAIL, 2);
    differs(row(c, "changed", "id=10"), "amount", "10.1234567000000000", "20.1234567000000000");
    differs(row(c, "changed", "id=20"), "amount", "20.1234567000000000", "10.1234567000000000");
}

static void test_rows_without_key_are_compared_as_a_multiset(void **state)
{
    (void)state;
    target("update old.bag set y = 'z' where ctid = (select min(ctid) from old.bag where x = 3 and y = 'y0')");
    SCOPED(report) r = prove(VERIFY_DIGESTS);
    target("update old.bag set y = 'y0' where y = 'z'");
    struct report_check *c = find(r, SECTION_REPLICA, "bag");
    expect(c, OUTCOME_FAIL, 2);
    differs(row(c, "extra", "(no key)"), "y", "(null)", "z");
    SCOPED(report) again = prove(VERIFY_DIGESTS);
    only_bad(again, NULL);
}

static void test_secrets_are_never_shown(void **state)
{
    (void)state;
    target("update old.account set passwordhash = 'geheim' where id = 7");
    SCOPED(report) r = prove(VERIFY_DIGESTS);
    target("update old.account set passwordhash = md5('7') where id = 7");
    const struct report_row *e = row(find(r, SECTION_REPLICA, "account"), "changed", "id=7");
    assert_int_equal(e->values.n, 1);
    assert_non_null(strstr(e->values.p[0].found, "(secret, digest "));
    assert_non_null(strstr(e->values.p[0].expected, "(secret, digest "));
    assert_string_not_equal(e->values.p[0].found, e->values.p[0].expected);
}

static void test_many_differences_are_counted_and_some_shown(void **state)
{
    (void)state;
    target("update old.account set amount = amount + 1 where id % 2 = 0");
    struct verify_opts o = opts(VERIFY_DIGESTS);
    o.evidence = 3;
    SCOPED(report) r = run(&o);
    target("update old.account set amount = amount - 1 where id % 2 = 0");
    struct report_check *c = find(r, SECTION_REPLICA, "account");
    expect(c, OUTCOME_FAIL, 1500);
    assert_int_equal(c->rows.n, 3);
    assert_false(c->at_least);
}

static void test_counts_alone(void **state)
{
    (void)state;
    target("delete from old.line where no = 78");
    SCOPED(report) r = prove(VERIFY_COUNTS);
    target("insert into old.line values ('c3', 78, 117)");
    struct report_check *c = find(r, SECTION_REPLICA, "line");
    expect(c, OUTCOME_FAIL, 1);
    assert_int_equal(c->expected_rows, 501);
    assert_int_equal(c->found_rows, 500);
    only_bad(r, c);
}

static void test_only_some_tables(void **state)
{
    struct err err = {0};
    struct report *none = NULL;
    static const char *const some[] = {"acc*", NULL}, *const nothing[] = {"nosuch", NULL};
    struct verify_opts o = opts(VERIFY_DIGESTS);
    (void)state;
    o.tables = some;
    SCOPED(report) r = run(&o);
    assert_int_equal(r->checks.n, 1);
    assert_string_equal(r->kind, "partial");
    o.tables = nothing;
    assert_false(verify_run(&o, &none, &err));
    assert_int_equal(err.code, ERR_USAGE);
}

/* Ranges of pages, in any order and by any side, add up to the whole. */
static void test_ranges_add_up(void **state)
{
    struct err err;
    struct twin_column columns[] = {{"id", "bigint", NULL}, {"name", "text", NULL}};
    size_t key[] = {0};
    struct twin t = {.name = "account", .columns = columns, .n_columns = 2, .key = key, .n_key = 1, .rows = 3000};
    (void)state;
    t.left.from = t.right.from = "old.account";
    SCOPED(digest) d = digest_new(&t);
    static const struct twin_range ranges[] = {{7, 0}, {0, 2}, {2, 7}};
    must(digest_scan(d, TWIN_LEFT, NULL, world->target, &err));
    for (size_t i = 0; i < ARRAY_LEN(ranges); i++)
        must(digest_scan(d, TWIN_RIGHT, &ranges[i], world->target, &err));
    assert_true(digest_equal(d));
    assert_int_equal(digest_rows(d, TWIN_LEFT), 3000);
    must(digest_scan(d, TWIN_RIGHT, &ranges[1], world->target, &err));
    assert_false(digest_equal(d));
}

/* The source is written to all the time: a proof sees one instant of it. */
static void test_proof_under_load(void **state)
{
    (void)state;
    struct pg *writer = test_pg_open(world->opts.source.uri);
    test_pg_exec(writer, "create table if not exists dbo_stop (x int)");
    assert_int_equal(PQsendQuery(pg_raw(writer),
                                 "do $$ begin for i in 1..3000 loop"
                                 " update dbo.account set amount = amount + 1 where id = i;"
                                 " update dbo.line set amount = amount + 1 where no = i % 500;"
                                 " insert into dbo.bag values (i, 'new'); commit; perform pg_sleep(0.0005);"
                                 " end loop; end $$"),
                     1);
    for (int i = 0; i < 3; i++) {
        SCOPED(report) r = prove(VERIFY_DIGESTS);
        only_bad(r, NULL);
        assert_int_equal(find(r, SECTION_REPLICA, "account")->outcome, OUTCOME_PASS);
    }
    for (PGresult *r; (r = PQgetResult(pg_raw(writer)));)
        PQclear(r);
    test_pg_exec(writer, "drop table dbo_stop; delete from dbo.bag where y = 'new';"
                         " update dbo.account set amount = id + 0.1234567;"
                         " update dbo.line set amount = no * 1.5 where no < 9000");
    pg_free(writer);
    pair_settle(world);
    reload();
}

/* -- version N against its lenses -- */

static void test_damage_of_version_n_is_named(void **state)
{
    (void)state;
    target("update hq.account set amount = amount + 0.000001 where id = 42; delete from hq.line where no = 3;"
           " insert into hq.total values ('x', 1, 1)");
    SCOPED(report) r = prove(VERIFY_LENSES);
    target("update hq.account set amount = amount - 0.000001 where id = 42; insert into hq.line values ('c3', 3, 4.5);"
           " delete from hq.total where company = 'x'");
    struct report_check *account = find(r, SECTION_LENSES, "account");
    expect(account, OUTCOME_FAIL, 1);
    differs(row(account, "changed", "id=42"), "amount", "42.123457", "42.123458");
    expect(find(r, SECTION_LENSES, "line"), OUTCOME_FAIL, 1);
    row(find(r, SECTION_LENSES, "line"), "missing", "company=c3, no=3");
    row(find(r, SECTION_LENSES, "total"), "extra", "company=x");
    SCOPED(report) again = prove(VERIFY_LENSES);
    only_bad(again, NULL);
    assert_int_equal(report_outcome(again), OUTCOME_PASS);
}

/* A key that waits for its reload proves nothing, neither way; all others are compared. */
static void test_dirty_keys_are_in_flight(void **state)
{
    (void)state;
    pair_sql(world, "update dbo.account set name = 'renamed' where id = 99");
    pair_settle(world);
    SCOPED(report) r = prove(VERIFY_LENSES);
    struct report_check *c = find(r, SECTION_LENSES, "account");
    expect(c, OUTCOME_IN_FLIGHT, 0);
    assert_int_equal(c->in_flight, 1);
    assert_int_equal(c->found_rows, 2999);
    target("update hq.account set amount = 0 where id = 100");
    SCOPED(report) damaged = prove(VERIFY_LENSES);
    expect(find(damaged, SECTION_LENSES, "account"), OUTCOME_FAIL, 1);
    target("update hq.account set amount = 100.123457 where id = 100");
    pair_sql(world, "update dbo.account set name = 'name 99' where id = 99");
    pair_settle(world);
    reload();
    SCOPED(report) after = prove(VERIFY_LENSES);
    assert_int_equal(report_outcome(after), OUTCOME_PASS);
}

/* -- laws -- */

static void test_laws_have_tolerances(void **state)
{
    (void)state;
    target("update hq.line set amount = amount + 0.005 where no = 1");
    SCOPED(report) at_limit = prove(VERIFY_LAWS);
    expect(find(at_limit, SECTION_LAWS, "C1"), OUTCOME_PASS, 0);
    target("update hq.line set amount = amount + 0.000001 where no = 1");
    SCOPED(report) beyond = prove(VERIFY_LAWS);
    target("update hq.line set amount = 1.5 where no = 1");
    struct report_check *c = find(beyond, SECTION_LAWS, "C1");
    expect(c, OUTCOME_FAIL, 1);
    assert_int_equal(c->expected_rows, 5);
    const struct report_row *line = row(c, "changed", "company=c1");
    assert_int_equal(line->values.n, 1);
    assert_string_equal(line->values.p[0].column, "amount");
    assert_string_not_equal(line->values.p[0].expected, line->values.p[0].found);
}

static void test_laws_see_missing_lines_and_texts(void **state)
{
    (void)state;
    target("update hq.line set company = 'zz' where company = 'c4'; update hq.account set name = 'aaa' where id = 1");
    SCOPED(report) r = prove(VERIFY_LAWS);
    target(
        "update hq.line set company = 'c4' where company = 'zz'; update hq.account set name = 'name 1' where id = 1");
    struct report_check *c = find(r, SECTION_LAWS, "C1");
    expect(c, OUTCOME_FAIL, 2);
    row(c, "missing", "company=c4");
    row(c, "extra", "company=zz");
    differs(row(find(r, SECTION_LAWS, "C2"), "changed", "what=first"), "name", "name 1", "aaa");
}

/* What the source had already is explained; a new violation is a failure even beside it. */
static void test_invariants_know_what_the_source_had(void **state)
{
    (void)state;
    SCOPED(report) before = prove(VERIFY_LAWS);
    struct report_check *c = find(before, SECTION_LAWS, "I1");
    expect(c, OUTCOME_EXPLAINED, 0);
    assert_int_equal(c->explained, 1);
    target("update hq.line set amount = -2 where no = 2");
    SCOPED(report) r = prove(VERIFY_LAWS);
    target("update hq.line set amount = 3 where no = 2");
    c = find(r, SECTION_LAWS, "I1");
    expect(c, OUTCOME_FAIL, 1);
    assert_int_equal(c->explained, 1);
    differs(row(c, "violation", "company=c2, no=2"), "amount", "(null)", "-2.000000");
}

static void test_laws_can_be_asked_of_the_source(void **state)
{
    struct verify_opts o = opts(VERIFY_LAWS);
    (void)state;
    o.laws_on_source = true;
    target("update old.line set amount = amount + 1 where no = 4");
    SCOPED(report) r = run(&o);
    target("update old.line set amount = amount - 1 where no = 4");
    expect(find(r, SECTION_LAWS, "C1"), OUTCOME_PASS, 0);
    expect(find(r, SECTION_LAWS, "C2"), OUTCOME_PASS, 0);
    expect(find(r, SECTION_LAWS, "I1"), OUTCOME_EXPLAINED, 0);
}

/* A law that cannot be asked is a failure with its reason, and does not stop the others. */
static void test_laws_that_do_not_run(void **state)
{
    struct package_file *c1 = NULL;
    (void)state;
    for (size_t i = 0; i < package->laws.n; i++)
        if (strcmp(package->laws.p[i].name, "C1") == 0)
            c1 = &package->laws.p[i];
    assert_non_null(c1);
    struct package_file was = *c1;
    c1->body = "select company, 1 / 0 as n, sum(amount) as amount from line group by company";
    SCOPED(report) wrong = prove(VERIFY_LAWS);
    c1->body = "select company, count(*) as n, sum(amount) as amount, pg_sleep(5)::text from line group by company";
    struct verify_opts o = opts(VERIFY_LAWS);
    o.law_timeout_ms = 200;
    SCOPED(report) late = run(&o);
    *c1 = was;
    assert_int_equal(find(wrong, SECTION_LAWS, "C1")->outcome, OUTCOME_FAIL);
    assert_non_null(strstr(find(wrong, SECTION_LAWS, "C1")->note, "division by zero"));
    expect(find(wrong, SECTION_LAWS, "C2"), OUTCOME_PASS, 0);
    assert_int_equal(find(late, SECTION_LAWS, "C1")->outcome, OUTCOME_FAIL);
    assert_non_null(strstr(find(late, SECTION_LAWS, "C1")->note, "took longer"));
}

/* -- round trips -- */

static void test_round_trip_counts_what_is_lost(void **state)
{
    (void)state;
    SCOPED(report) r = prove(VERIFY_ROUNDTRIP);
    struct report_check *c = find(r, SECTION_ROUNDTRIP, "account");
    expect(c, OUTCOME_EXPLAINED, 0);
    assert_int_equal(r->losses.n, 2);
    assert_string_equal(r->losses.p[0].column, "note");
    assert_false(r->losses.p[0].rounded);
    assert_int_equal(r->losses.p[0].rows, 3000 - 3000 / 21);
    assert_true(r->losses.p[1].rounded);
    assert_int_equal(r->losses.p[1].rows, 3000);
}

static void test_round_trip_names_what_does_not_come_back(void **state)
{
    (void)state;
    target("update hq.account set name = name || ' ' where id = 11; delete from hq.account where id = 12;"
           " update hq.account set amount = amount + 0.000001 where id = 13; insert into hq.account values (-1, '', 0);"
           " update hq.account set passwordhash = null where id = 14");
    SCOPED(report) r = prove(VERIFY_ROUNDTRIP);
    target("update hq.account set name = rtrim(name) where id = 11; delete from hq.account where id = -1;"
           " update hq.account set amount = amount - 0.000001 where id = 13;"
           " insert into hq.account values (12, 'name 12', 12.123457, md5('12'), 5);"
           " update hq.account set passwordhash = md5('14') where id = 14");
    struct report_check *c = find(r, SECTION_ROUNDTRIP, "account");
    expect(c, OUTCOME_FAIL, 5);
    differs(row(c, "changed", "id=11"), "name", "name 11", "name 11 ");
    row(c, "missing", "id=12");
    differs(row(c, "changed", "id=13"), "amount", "13.1234567000000000", "13.1234580000000000");
    row(c, "extra", "id=-1");
    assert_non_null(strstr(row(c, "changed", "id=14")->values.p[0].expected, "secret"));
    SCOPED(report) again = prove(VERIFY_ALL);
    only_bad(again, NULL);
}

/* -- since the last green proof -- */

static struct report *since_last(void)
{
    struct verify_opts o = opts(VERIFY_ALL);
    o.since_last = true;
    return run(&o);
}

static void make_green(void)
{
    reload();
    SCOPED(report) r = prove(VERIFY_ALL);
    assert_int_equal(report_outcome(r), OUTCOME_EXPLAINED);
}

static void test_since_last_reads_touched_rows_only(void **state)
{
    (void)state;
    make_green();
    pair_sql(world,
             "update dbo.account set amount = amount + 5 where id between 200 and 219;"
             " delete from dbo.line where no = 300; insert into dbo.account values (5000, 'new', 1, null, null)");
    pair_settle(world);
    reload();
    SCOPED(report) r = since_last();
    only_bad(r, NULL);
    assert_int_equal(report_outcome(r), OUTCOME_PASS);
    assert_int_equal(find(r, SECTION_REPLICA, "account")->found_rows, 21);
    struct report_check *line = find(r, SECTION_REPLICA, "line");
    assert_int_equal(line->found_rows, 0);
    assert_int_equal(line->outcome, OUTCOME_PASS);
    struct report_check *lens = find(r, SECTION_LENSES, "account");
    assert_string_equal(lens->title, "rows reloaded since the last proof, against their lens");
    assert_int_equal(lens->found_rows, 21);
    assert_int_equal(find(r, SECTION_LENSES, "total")->found_rows, 1);
    assert_string_equal(find(r, SECTION_REPLICA, "bag")->title,
                        "rows touched since the last proof, against the source");
    /* The next one goes on from this one. */
    SCOPED(report) next = since_last();
    assert_int_equal(find(next, SECTION_REPLICA, "account")->found_rows, 0);
}

static void test_since_last_finds_damage_of_touched_rows(void **state)
{
    (void)state;
    make_green();
    pair_sql(world, "update dbo.account set amount = amount + 5 where id in (300, 301, 302);"
                    " delete from dbo.account where id = 303; insert into dbo.bag values (1, 'more')");
    pair_settle(world);
    reload();
    target("update old.account set amount = 0 where id = 300; delete from old.account where id = 301;"
           " insert into old.account values (303, 'back', 0); delete from old.bag where y = 'more'");
    SCOPED(report) r = since_last();
    struct report_check *c = find(r, SECTION_REPLICA, "account");
    expect(c, OUTCOME_FAIL, 3);
    differs(row(c, "changed", "id=300"), "amount", "305.1234567000000000", "0.0000000000000000");
    row(c, "missing", "id=301");
    row(c, "extra", "id=303");
    assert_int_equal(find(r, SECTION_REPLICA, "bag")->outcome, OUTCOME_FAIL);
    target("update old.account set amount = 305.1234567 where id = 300;"
           " insert into old.account values (301, 'name 301', 306.1234567, md5('301'), null);"
           " delete from old.account where id = 303; insert into old.bag values (1, 'more')");
    /* A failed proof is no base: the same rows are looked at again. */
    SCOPED(report) again = since_last();
    only_bad(again, NULL);
    assert_int_equal(find(again, SECTION_REPLICA, "account")->found_rows, 3);
}

static void test_since_last_finds_damage_of_reloaded_rows(void **state)
{
    (void)state;
    make_green();
    pair_sql(world, "update dbo.account set amount = amount + 5 where id in (400, 401)");
    pair_settle(world);
    reload();
    pair_sql(world, "update dbo.account set amount = amount + 5 where id = 402");
    pair_settle(world);
    target("update hq.account set amount = 1 where id = 400");
    SCOPED(report) r = since_last();
    struct report_check *c = find(r, SECTION_LENSES, "account");
    expect(c, OUTCOME_FAIL, 1);
    differs(row(c, "changed", "id=400"), "amount", "405.123457", "1.000000");
    assert_int_equal(c->in_flight, 1);
    assert_int_equal(c->found_rows, 2);
    target("update hq.account set amount = 405.123457 where id = 400");
    reload();
    SCOPED(report) again = since_last();
    assert_int_equal(report_outcome(again), OUTCOME_PASS);
}

/* Rows that were in flight in a green proof are looked at by the next one. */
static void test_since_last_takes_up_what_was_in_flight(void **state)
{
    (void)state;
    make_green();
    pair_sql(world, "update dbo.account set amount = amount + 5 where id = 500");
    pair_settle(world);
    SCOPED(report) r = prove(VERIFY_ALL);
    assert_int_equal(find(r, SECTION_LENSES, "account")->in_flight, 1);
    assert_int_equal(report_outcome(r), OUTCOME_IN_FLIGHT);
    reload();
    target("update hq.account set amount = 1 where id = 500");
    SCOPED(report) next = since_last();
    target("update hq.account set amount = 505.123457 where id = 500");
    expect(find(next, SECTION_LENSES, "account"), OUTCOME_FAIL, 1);
}

static void test_failed_upgrade_is_a_failure(void **state)
{
    (void)state;
    target("update carryover.lens set state = 'failed', error = 'too long' where name = 'line'");
    SCOPED(report) r = prove(VERIFY_LENSES | VERIFY_LAWS);
    target("update carryover.lens set state = 'fresh', error = '' where name = 'line'");
    struct report_check *c = find(r, SECTION_LENSES, "line");
    assert_int_equal(c->outcome, OUTCOME_FAIL);
    assert_non_null(strstr(c->note, "too long"));
    assert_int_equal(find(r, SECTION_LAWS, "C1")->outcome, OUTCOME_SKIPPED);
}

static void test_since_last_compares_emptied_tables_whole(void **state)
{
    (void)state;
    make_green();
    pair_sql(world,
             "truncate dbo.line; insert into dbo.line select 'c' || i % 5, i, i * 1.5 from generate_series(1, 500) i;"
             " insert into dbo.line values ('c1', 9000, -1)");
    pair_settle(world);
    reload();
    SCOPED(report) r = since_last();
    only_bad(r, NULL);
    assert_int_equal(find(r, SECTION_REPLICA, "line")->found_rows, 501);
}

static void test_since_last_needs_a_green_proof(void **state)
{
    struct err err = {0};
    struct report *r = NULL;
    struct verify_opts o = opts(VERIFY_ALL);
    (void)state;
    o.since_last = true;
    target("update carryover.verification set kind = 'was ' || kind");
    assert_false(verify_run(&o, &r, &err));
    assert_int_equal(err.code, ERR_TARGET_STATE);
    assert_non_null(strstr(err.hint, "carryover verify"));
    target("update carryover.verification set kind = substr(kind, 5)");
}

/* -- what no row tells of -- */

static void test_changed_and_new_tables_are_failures(void **state)
{
    (void)state;
    pair_sql(world, "alter table dbo.line add note text; create table dbo.later (id int primary key);"
                    " alter table dbo.seen add primary key (at)");
    pair_settle(world);
    SCOPED(report) r = prove(VERIFY_DIGESTS);
    assert_non_null(strstr(find(r, SECTION_REPLICA, "line")->note, "column \"note\" is new"));
    assert_non_null(strstr(find(r, SECTION_REPLICA, "later")->note, "is not replicated"));
    assert_non_null(strstr(find(r, SECTION_REPLICA, "seen")->note, "column \"at\" was"));
    expect(find(r, SECTION_REPLICA, "line"), OUTCOME_FAIL, 1);
    expect(find(r, SECTION_REPLICA, "later"), OUTCOME_FAIL, 1);
    expect(find(r, SECTION_REPLICA, "seen"), OUTCOME_FAIL, 1);
    expect(find(r, SECTION_REPLICA, "account"), OUTCOME_PASS, 0);
    pair_sql(world, "alter table dbo.seen drop constraint seen_pkey, alter at drop not null;"
                    " alter table dbo.line drop column note; drop table dbo.later");
    pair_settle(world);
    SCOPED(report) again = prove(VERIFY_DIGESTS);
    only_bad(again, NULL);
}

/* -- when the source is silent; last, because it ends the following -- */

static void test_silent_source_is_compared_as_it_is(void **state)
{
    (void)state;
    pair_settle(world);
    pair_stop(world);
    SCOPED(report) r = prove(VERIFY_DIGESTS);
    assert_false(r->live);
    only_bad(r, NULL);
    assert_int_equal(find(r, SECTION_REPLICA, "seen")->outcome, OUTCOME_PASS);
    pair_sql(world, "insert into dbo.seen values (11, 'late')");
    SCOPED(report) late = prove(VERIFY_DIGESTS);
    struct report_check *c = find(late, SECTION_REPLICA, "seen");
    expect(c, OUTCOME_FAIL, 1);
    differs(row(c, "missing", "(no key)"), "what", "late", "(null)");
}

static void test_a_source_that_went_on_is_refused(void **state)
{
    struct err err = {0};
    struct verify_opts o = opts(VERIFY_DIGESTS);
    SCOPED(report) r = NULL;
    (void)state;
    pair_sql(world, "insert into dbo.account values (90001, 'late', 1)");
    assert_false(verify_run(&o, &r, &err));
    assert_int_equal(err.code, ERR_NOT_FOLLOWING);
    assert_non_null(strstr(err.message, "lacks 1 changes"));
}

static void test_reports_are_stored(void **state)
{
    struct err err;
    char *path = NULL;
    SCOPED(arena) a = arena_new();
    SCOPED(report) r = prove(VERIFY_LAWS);
    (void)state;
    must(verify_store(r, arena_printf(a, "%s/reports/new", test_folder()), a, &path, &err));
    assert_true(file_exists(path));
    memcpy(strrchr(path, '.'), ".json", 6);
    assert_true(file_exists(path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_proof_is_green),
        cmocka_unit_test(test_each_damage_of_one_row_is_named),
        cmocka_unit_test(test_two_swapped_rows_are_found),
        cmocka_unit_test(test_rows_without_key_are_compared_as_a_multiset),
        cmocka_unit_test(test_secrets_are_never_shown),
        cmocka_unit_test(test_many_differences_are_counted_and_some_shown),
        cmocka_unit_test(test_counts_alone),
        cmocka_unit_test(test_only_some_tables),
        cmocka_unit_test(test_ranges_add_up),
        cmocka_unit_test(test_proof_under_load),
        cmocka_unit_test(test_damage_of_version_n_is_named),
        cmocka_unit_test(test_dirty_keys_are_in_flight),
        cmocka_unit_test(test_laws_have_tolerances),
        cmocka_unit_test(test_laws_see_missing_lines_and_texts),
        cmocka_unit_test(test_invariants_know_what_the_source_had),
        cmocka_unit_test(test_laws_can_be_asked_of_the_source),
        cmocka_unit_test(test_laws_that_do_not_run),
        cmocka_unit_test(test_round_trip_counts_what_is_lost),
        cmocka_unit_test(test_round_trip_names_what_does_not_come_back),
        cmocka_unit_test(test_since_last_reads_touched_rows_only),
        cmocka_unit_test(test_since_last_finds_damage_of_touched_rows),
        cmocka_unit_test(test_since_last_finds_damage_of_reloaded_rows),
        cmocka_unit_test(test_since_last_takes_up_what_was_in_flight),
        cmocka_unit_test(test_failed_upgrade_is_a_failure),
        cmocka_unit_test(test_since_last_compares_emptied_tables_whole),
        cmocka_unit_test(test_since_last_needs_a_green_proof),
        cmocka_unit_test(test_changed_and_new_tables_are_failures),
        cmocka_unit_test(test_silent_source_is_compared_as_it_is),
        cmocka_unit_test(test_a_source_that_went_on_is_refused),
        cmocka_unit_test(test_reports_are_stored),
    };
    return cmocka_run_group_tests(tests, make_world, end_world);
}
