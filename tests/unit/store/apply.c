#include "store/apply.h"
#include "net/parcel.h"
#include "unit/folder.h"
#include <signal.h>
#include <sys/resource.h>

static const char channel_sql[] =
    "create table item (id int not null, code varchar(9) not null unique, price numeric text(12,4) not null,"
    " shelf varchar(9) not null default 'none', primary key (id));"
    "create table sale (id int primary key, counter int not null default 0);"
    "insert into carryover_upload (position, job, name, counter) values (1, 'up', 'sale', 'counter');";

struct shop {
    struct folder f;
    struct channel *c;
};

static struct shop open_shop(void)
{
    struct err err;
    struct shop s = {.f = folder_make()};
    struct package_file file = {.name = "channel", .path = "store/channel.sql", .text = channel_sql};
    struct package p = {.name = "test", .store = {&file, 1}};
    struct secret secret = {{1}};
    struct channel_make m = {folder_path(&s.f, "shop"), "A", "http://127.0.0.1:1", "", &secret, &p};
    must(channel_make(&m, &err));
    must(channel_open(m.dir, &s.c, &err));
    return s;
}

static void close_shop(struct shop *s)
{
    channel_free(s->c);
    folder_done(&s->f);
}

/* A package of one table "item" or another. */
static const char *package(struct shop *s, const struct offer *o, const char *table, bool replace, const char *rows,
                           const char *keys)
{
    struct err err;
    static const struct parcel_column columns[] = {
        {"ID", "bigint"}, {"CODE", "text"}, {"PARTITION", "bigint"}, {"PRICE", "numeric(12,4)"}};
    static const char *const key[] = {"ID"};
    static char hex[PARCEL_DIGEST_MAX];
    int64_t bytes = 0;
    struct parcel_table t = {
        .name = table, .columns = columns, .n_columns = 4, .key = key, .n_key = 1, .replace = replace};
    struct parcel p = {.kind = PARCEL_DOWNLOAD,
                       .job = o->job,
                       .chain = o->chain,
                       .from = o->from,
                       .to = o->to,
                       .full = o->full,
                       .created = "2026-01-01T00:00:00Z",
                       .tables = &t,
                       .n_tables = 1};
    SCOPED(parcel_writer) w = NULL;
    const char *path = folder_path(&s->f, "package");
    must(parcel_writer_new(s->f.path, &p, &w, &err));
    must(parcel_writer_rows(w, 0, str_of(rows), &err));
    must(parcel_writer_keys(w, 0, str_of(keys), &err));
    must(parcel_writer_end(w, path, &bytes, hex, &err));
    return path;
}

static void is(struct shop *s, const char *sql, const char *wanted)
{
    struct err err;
    const char *got = NULL;
    must(sqlite_word(s->c->db, sql, SQLITE_NONE, s->f.a, &got, &err));
    assert_string_equal(got ? got : "null", wanted);
}

static const char all[] = "select group_concat(id || code || price || shelf) from (select * from item order by id)";
static const struct offer full = {.job = "10", .chain = "10@A", .full = true, .to = 3};
static const struct offer delta = {.job = "10", .chain = "10@A", .from = 3, .to = 4};

static void rows_keys_and_version_come_together(void **state)
{
    (void)state;
    struct err err;
    struct apply_result r;
    struct shop s = open_shop();
    must(apply_package(s.c, &full, package(&s, &full, "ITEM", true, "1\ta\t9\t1.10\n2\tb\t9\t2.20\n", ""), &r, &err));
    is(&s, all, "1a1.10none,2b2.20none");
    must(sqlite_exec(s.c->db, "update item set shelf = 'top' where id = 2", &err));
    /* Two rows swap their unique code, one goes, one comes. */
    must(apply_package(s.c, &delta, package(&s, &delta, "item", false, "2\ta\t9\t2.50\n3\tb\t9\t3.00\n", "1\n"), &r,
                       &err));
    is(&s, all, "2a2.50top,3b3.00none");
    is(&s, "select version from carryover_version", "4");
    assert_int_equal(r.rows, 2);
    assert_int_equal(r.keys, 1);
    close_shop(&s);
}

static void a_package_that_is_known_changes_nothing(void **state)
{
    (void)state;
    struct err err;
    struct apply_result r;
    struct shop s = open_shop();
    must(apply_package(s.c, &full, package(&s, &full, "item", false, "1\ta\t9\t1\n", ""), &r, &err));
    must(apply_package(s.c, &delta, package(&s, &delta, "item", false, "1\tb\t9\t1\n", ""), &r, &err));
    must(sqlite_exec(s.c->db, "update item set code = 'later'", &err));
    must(apply_package(s.c, &delta, package(&s, &delta, "item", false, "1\tb\t9\t1\n", ""), &r, &err));
    assert_true(r.was_there);
    is(&s, "select code from item", "later");
    close_shop(&s);
}

static void refused(struct shop *s, const struct offer *o, const char *table, const char *rows, enum err_code code)
{
    struct err err = {0};
    struct apply_result r;
    assert_false(apply_package(s->c, o, package(s, o, table, true, rows, ""), &r, &err));
    if (err.code != code)
        fail_msg("%s: [%s] %s", table, err_info(err.code)->name, err.message);
    is(s, all, "1a1none");
    is(s, "select group_concat(version) from carryover_version", "3");
}

static void what_cannot_be_applied_leaves_all_as_it_was(void **state)
{
    (void)state;
    struct err err;
    struct apply_result r;
    struct shop s = open_shop();
    struct offer gap = delta;
    must(apply_package(s.c, &full, package(&s, &full, "item", false, "1\ta\t9\t1\n", ""), &r, &err));
    refused(&s, &delta, "item", "2\tx\t9\t1\n3\tx\t9\t1\n", ERR_APPLY_FAILED); /* not unique */
    refused(&s, &delta, "item", "2\t\\N\t9\t1\n", ERR_APPLY_FAILED);           /* not null */
    refused(&s, &delta, "item", "2\tx\t9\t1\n2\ty\t9\t1\n", ERR_APPLY_FAILED); /* one key twice */
    refused(&s, &delta, "item", "2\tx\t9\n", ERR_APPLY_FAILED);                /* a value is missing */
    refused(&s, &delta, "nothing", "2\tx\t9\t1\n", ERR_APPLY_FAILED);
    refused(&s, &delta, "sale", "2\tx\t9\t1\n", ERR_APPLY_FAILED);
    refused(&s, &delta, "carryover_note", "2\tx\t9\t1\n", ERR_APPLY_FAILED);
    gap.from = 2;
    refused(&s, &gap, "item", "2\tx\t9\t1\n", ERR_APPLY_FAILED);
    gap = delta;
    package(&s, &delta, "item", false, "2\tx\t9\t1\n", "");
    gap.to = 9;
    assert_false(apply_package(s.c, &gap, folder_path(&s.f, "package"), &r, &err));
    assert_int_equal(err.code, ERR_PARCEL);
    close_shop(&s);
}

static void counters_rise_without_gaps(void **state)
{
    (void)state;
    struct err err;
    struct shop s = open_shop();
    must(sqlite_exec(s.c->db, "insert into sale (id) values (7), (9)", &err));
    must(sqlite_begin(s.c->db, &err));
    must(sqlite_exec(s.c->db, "insert into sale (id) values (11)", &err));
    sqlite_rollback(s.c->db);
    must(sqlite_exec(s.c->db, "insert into sale (id) values (12)", &err));
    is(&s, "select group_concat(id || ':' || counter) from (select * from sale order by id)", "7:1,9:2,12:3");
    close_shop(&s);
}

static void a_full_disk_is_called_so(void **state)
{
    (void)state;
    struct err err = {0};
    struct rlimit old, small = {200000, RLIM_INFINITY};
    struct shop s = open_shop();
    must(sqlite_exec(s.c->db, "insert into item (id, code, price) values (1, 'a', '1')", &err));
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old);
    small.rlim_max = old.rlim_max;
    setrlimit(RLIMIT_FSIZE, &small);
    must(sqlite_begin(s.c->db, &err));
    bool ok = sqlite_exec(s.c->db,
                          "with recursive n (i) as (select 2 union all select i + 1 from n where i < 40000)"
                          " insert into item (id, code, price) select i, 'c' || i, '1' from n",
                          &err);
    ok = ok && sqlite_commit(s.c->db, &err);
    sqlite_rollback(s.c->db);
    setrlimit(RLIMIT_FSIZE, &old);
    assert_false(ok);
    assert_int_equal(err.code, ERR_DISK_FULL);
    is(&s, all, "1a1none");
    close_shop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_keys_and_version_come_together),
        cmocka_unit_test(a_package_that_is_known_changes_nothing),
        cmocka_unit_test(what_cannot_be_applied_leaves_all_as_it_was),
        cmocka_unit_test(counters_rise_without_gaps),
        cmocka_unit_test(a_full_disk_is_called_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
