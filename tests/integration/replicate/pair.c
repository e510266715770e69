#include "integration/replicate/pair.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define WAIT_MS 60000

static const char *const conf[] = {"wal_level = logical",  "max_replication_slots = 80",
                                   "max_wal_senders = 40", "max_prepared_transactions = 10",
                                   "autovacuum = off",     NULL};

static const struct replicate_watch silent;

struct pair *pair_of(struct arena *a, const char *name, const char *source_uri, const char *target_uri)
{
    struct pair *p = arena_new_one(a, struct pair);
    p->arena = a;
    p->opts = (struct replicate_opts){
        .source = {.uri = source_uri, .schema = "dbo", .home = "old", .slot = arena_printf(a, "slot_%s", name)},
        .target_uri = target_uri,
        .workers = 2,
        .chunk_bytes = 64 << 20,
        .batch_bytes = 64 << 20,
        .retry_ms = 30000};
    p->log = arena_printf(a, "%s/%s.log", test_folder(), name);
    p->outcome = arena_printf(a, "%s/%s.outcome", test_folder(), name);
    pair_reopen(p);
    return p;
}

struct pair *pair_new(struct arena *a, const char *name)
{
    test_pg_start(conf);
    const char *source = test_pg_database(a, arena_printf(a, "%s_s", name));
    struct pair *p = pair_of(a, name, source, test_pg_database(a, arena_printf(a, "%s_t", name)));
    pair_sql(p, "create schema dbo");
    return p;
}

void pair_reopen(struct pair *p)
{
    pg_free(p->source);
    pg_free(p->target);
    p->source = test_pg_open(p->opts.source.uri);
    p->target = test_pg_open(p->opts.target_uri);
}

void pair_free(struct pair *p)
{
    struct err err;
    if (p->pid)
        pair_kill(p);
    struct pg_args slot = PG_ARGS(p->opts.source.slot);
    const char *ended = "select from pg_replication_slots where slot_name = $1 and active";
    for (int i = 0; i < 500; i++) {
        SCOPED_RESULT r = NULL;
        must(pg_query(p->source, ended, slot, &r, &err));
        if (PQntuples(r) == 0)
            break;
        clock_sleep_ms(10);
    }
    must(pg_run(p->source, "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1",
                slot, NULL, &err));
    pg_free(p->source);
    pg_free(p->target);
    p->source = p->target = NULL;
}

void pair_sql(struct pair *p, const char *sql)
{
    test_pg_exec(p->source, sql);
}

/* -- the follower -- */

static void follow(struct pair *p)
{
    struct err err = {0};
    FILE *log = fopen(p->log, "a");
    if (!log)
        _exit(98);
    log_to(log, LOG_TEXT, LOG_INFO);
    cancel_install();
    /* cmocka's handlers would go on with the test in this process. */
    static const int fatal[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};
    for (size_t i = 0; i < ARRAY_LEN(fatal); i++)
        signal(fatal[i], SIG_DFL);
    bool ok = replicate_run(&p->opts, &silent, &err);
    FILE *f = fopen(p->outcome, "w");
    if (!f || (!ok && fwrite(&err, sizeof err, 1, f) != 1) || fclose(f) != 0)
        _exit(97);
    fclose(log);
    _exit(ok ? 0 : 1);
}

void pair_start(struct pair *p)
{
    assert_int_equal(p->pid, 0);
    p->pid = fork();
    assert_true(p->pid >= 0);
    if (p->pid == 0)
        follow(p);
}

static bool read_outcome(struct pair *p, struct err *ret)
{
    FILE *f = fopen(p->outcome, "r");
    assert_non_null(f);
    bool failed = fread(ret, sizeof *ret, 1, f) == 1;
    fclose(f);
    return failed;
}

static void reaped(struct pair *p, int status)
{
    p->pid = 0;
    if (!WIFEXITED(status) || WEXITSTATUS(status) > 1)
        fail_msg("the follower ended with status 0x%x", status);
}

bool pair_ended(struct pair *p)
{
    int status = 0;
    if (waitpid(p->pid, &status, WNOHANG) != p->pid)
        return false;
    reaped(p, status);
    return true;
}

static void wait_for_end(struct pair *p)
{
    for (int64_t start = clock_us(); !pair_ended(p); clock_sleep_ms(10))
        if (clock_us() - start > WAIT_MS * 1000LL)
            fail_msg("the follower did not end");
}

void pair_failure(struct pair *p, struct err *ret)
{
    wait_for_end(p);
    if (!read_outcome(p, ret))
        fail_msg("the follower ended without an error");
}

void pair_expect(struct pair *p, enum err_code code, ...)
{
    struct err err;
    va_list args;
    pair_failure(p, &err);
    if (err.code != code)
        fail_msg("%s instead of %s: %s", err_info(err.code)->name, err_info(code)->name, err.message);
    va_start(args, code);
    for (const char *text; (text = va_arg(args, const char *));)
        if (!strstr(err.message, text) && !strstr(err.hint, text))
            fail_msg("<%s> is not in <%s> <%s>", text, err.message, err.hint);
    va_end(args);
}

void pair_stop(struct pair *p)
{
    struct err err;
    kill(p->pid, SIGTERM);
    pair_failure(p, &err);
    if (err.code != ERR_INTERRUPTED)
        fail_msg("%s: %s", err_info(err.code)->name, err.message);
}

void pair_kill(struct pair *p)
{
    int status;
    kill(p->pid, SIGKILL);
    assert_int_equal(waitpid(p->pid, &status, 0), p->pid);
    p->pid = 0;
}

void pair_logged(struct pair *p, const char *text)
{
    struct err err;
    SCOPED(arena) a = arena_new();
    for (int64_t start = clock_us(); clock_us() - start < WAIT_MS * 1000LL; clock_sleep_ms(20)) {
        struct str log = {"", 0};
        arena_reset(a);
        if (file_exists(p->log))
            must(file_read(p->log, a, &log, &err));
        if (strstr(log.p, text))
            return;
    }
    fail_msg("<%s> is not in the log", text);
}

/* -- equality -- */

/* What a stuck follower does: the end of its log and what its sessions wait for. */
static void put_state(struct pair *p)
{
    struct err err;
    SCOPED_RESULT r = NULL;
    SCOPED(arena) a = arena_new();
    struct str log = {"", 0};
    if (file_read(p->log, a, &log, &err))
        print_message("# log: ...%s\n", log.n > 1500 ? log.p + log.n - 1500 : log.p);
    const char *sql = "select concat_ws(' ', pid, datname, state, backend_type, wait_event_type, wait_event,"
                      " pg_blocking_pids(pid)::text, left(query, 150)) from pg_stat_activity"
                      " where backend_type in ('client backend', 'walsender') order by 1";
    for (int side = 0; side < 2; side++) {
        must(pg_query(side ? p->target : p->source, sql, PG_NONE, &r, &err));
        for (int i = 0; i < PQntuples(r); i++)
            print_message("# %s: %s\n", side ? "target" : "source", pg_text(r, i, 0));
        pg_clear(&r);
    }
}

static void stuck(struct pair *p, const char *what)
{
    put_state(p);
    fail_msg("%s", what);
}

static bool is_following(struct pair *p)
{
    struct err err;
    struct target_position at;
    must(target_position(p->target, &at, &err));
    return at.exists && strcmp(at.state, "following") == 0;
}

static void fail_if_ended(struct pair *p)
{
    struct err err;
    if (p->pid && pair_ended(p))
        fail_msg("the follower ended: %s", read_outcome(p, &err) ? err.message : "done");
}

void pair_settle(struct pair *p)
{
    struct err err = {0};
    uint64_t lsn = 0;
    SCOPED(source) s = NULL;
    int64_t start = clock_us();
    for (; !is_following(p); clock_sleep_ms(5)) {
        fail_if_ended(p);
        if (clock_us() - start > WAIT_MS * 1000LL)
            stuck(p, "it does not follow");
    }
    must(source_open(&p->opts.source, &s, &err));
    must(source_position(s, &lsn, &err));
    while (!target_wait(p->target, lsn, 2000, &err)) {
        fail_if_ended(p);
        if (clock_us() - start > WAIT_MS * 1000LL)
            stuck(p, err.message);
    }
}

static char *digest(struct pg *pg, struct arena *a, const char *schema, const char *table)
{
    struct err err;
    char *value = NULL;
    const char *name = pg_qualified(a, schema, table);
    const char *sql =
        arena_printf(a,
                     "select concat_ws(' ', count(*), sum(hashtextextended(x::text, 0)),"
                     " sum(hashtextextended(x::text, 1)), bit_xor(hashtextextended(x::text, 2))) from %s x",
                     name);
    must(pg_value(pg, sql, PG_NONE, a, &value, &err));
    return value;
}

#define SHOWN 8

static PGresult *rows_of(struct pg *pg, struct arena *a, const char *schema, const char *table)
{
    struct err err;
    PGresult *r = NULL;
    const char *sql = arena_printf(a,
                                   "select md5(x::text) || ' ' || left(x::text, 60) || ' ..' || right(x::text, 60)"
                                   " from %s x order by 1 collate \"C\"",
                                   pg_qualified(a, schema, table));
    must(pg_query(pg, sql, PG_NONE, &r, &err));
    return r;
}

/* Rows of x that y has not, both in order. */
static void put_missing(const char *title, const PGresult *x, const PGresult *y)
{
    for (int i = 0, k = 0, shown = 0; i < PQntuples(x) && shown < SHOWN;) {
        int order = k < PQntuples(y) ? strcmp(pg_text(x, i, 0), pg_text(y, k, 0)) : -1;
        if (order < 0 && ++shown)
            print_message("# only on the %s: %s\n", title, pg_text(x, i, 0) + 33);
        i += order <= 0;
        k += order >= 0;
    }
}

static void explain(struct pair *p, const char *table)
{
    SCOPED_RESULT source = rows_of(p->source, p->arena, "dbo", table);
    SCOPED_RESULT target = rows_of(p->target, p->arena, "old", table);
    put_missing("source", source, target);
    put_missing("target", target, source);
}

void pair_same(struct pair *p)
{
    struct err err;
    SCOPED_RESULT r = NULL;
    const char *sql = "select c.relname from pg_class c where c.relnamespace = 'dbo'::regnamespace"
                      " and c.relkind in ('r', 'p') and not c.relispartition order by 1";
    must(pg_query(p->source, sql, PG_NONE, &r, &err));
    for (int i = 0; i < PQntuples(r); i++) {
        const char *table = pg_text(r, i, 0);
        char *source = digest(p->source, p->arena, "dbo", table), *target = digest(p->target, p->arena, "old", table);
        if (strcmp(source, target) == 0)
            continue;
        explain(p, table);
        fail_msg("%s differs: <%s> on the source, <%s> on the target", table, source, target);
    }
}

void pair_replicate(struct pair *p)
{
    pair_start(p);
    pair_settle(p);
    pair_same(p);
}

/* -- running -- */

static int set_up(void **state)
{
    *state = arena_new();
    return 0;
}

static int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

int pair_run(const char *group, const struct CMUnitTest *tests, size_t n)
{
    struct CMUnitTest all[32];
    assert_true(n <= ARRAY_LEN(all));
    for (size_t i = 0; i < n; i++) {
        all[i] = tests[i];
        all[i].setup_func = set_up;
        all[i].teardown_func = tear_down;
    }
    cmocka_set_test_filter(getenv("CARRYOVER_TEST"));
    return _cmocka_run_group_tests(group, all, n, NULL, NULL);
}
