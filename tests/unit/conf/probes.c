#include "conf/probes.h"
#include "test.h"

static struct package_setting settings[] = {{"branch", "7", ""}};
static const struct package package = {.settings = settings, .n_settings = 1};

static struct probe probe_of(struct arena *a, const char *text)
{
    struct probes list = {0};
    struct err err;
    must(probes_read(str_of(text), "smoke.yaml", ERR_CONFIG, &package, a, &list, &err));
    assert_int_equal(list.n, 1);
    return list.p[0];
}

/* The place, and a part of the message. */
#define refused(text, at, part)                                                                                        \
    do {                                                                                                               \
        SCOPED(arena) arena = arena_new();                                                                             \
        struct probes list;                                                                                            \
        struct err err = {0};                                                                                          \
        assert_false(probes_read(STR(text), "smoke.yaml", ERR_CONFIG, &package, arena, &list, &err));                  \
        assert_int_equal(err.code, ERR_CONFIG);                                                                        \
        assert_memory_equal(err.message, "smoke.yaml:" at ":", strlen("smoke.yaml:" at ":"));                          \
        assert_non_null(strstr(err.message, part));                                                                    \
    } while (0)

static void every_kind_has_its_keys_and_defaults(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    struct probe p = probe_of(a, "till: {tcp: 'hq:8443', timeout: 2s}");
    assert_int_equal(p.kind, PROBE_TCP);
    assert_int_equal(p.timeout_ms, 2000);
    assert_string_equal(p.title, "till");
    p = probe_of(a, "web: {http: 'https://hq/health', title: the web}");
    assert_int_equal(p.status, 200);
    assert_int_equal(p.timeout_ms, 10000);
    assert_string_equal(p.title, "the web");
    p = probe_of(a, "r: {read: select 1 where :branch = 7;, expect: value 1}");
    assert_string_equal(p.sql, "select 1 where 7 = 7");
    assert_int_equal(p.expect, PROBE_VALUE);
    assert_string_equal(p.value, "1");
    p = probe_of(a, "w: {write: [select 1, select ':branch'], proof: select 2, area: x}");
    assert_int_equal(p.n_statements, 2);
    assert_string_equal(p.statements[1], "select ':branch'");
    p = probe_of(a, "s: {sign_in: StaffLogOn, store: '1', file: f}");
    assert_null(p.answer);
    assert_null(probe_of(a, "n: {n1_round: yes}").method);
    assert_string_equal(probe_of(a, "n: {n1_round: IsAlive}").method, "IsAlive");
}

static void mistakes_are_named_with_their_place(void **state)
{
    (void)state;
    refused("x: {}", "1:1", "x has none");
    refused("x: {tcp: 'a:1', http: 'http://a'}", "1:1", "has several");
    refused("x: {tcp: a}", "1:10", "HOST:PORT");
    refused("x: {tcp: ':80'}", "1:10", "HOST:PORT");
    refused("x: {tcp: 'a:65536'}", "1:10", "HOST:PORT");
    refused("x: {http: 'ftp://a'}", "1:11", "address");
    refused("x:\n  http: https://a\n  status: 1000", "3:11", "status of HTTP");
    refused("x: {tcp: 'a:1', contains: y}", "1:17", "does not belong to a tcp probe");
    refused("x: {tcp: 'a:1', tiemout: 1s}", "1:17", "timeout");
    refused("x: {tcp: 'a:1', timeout: 1d}", "1:26", "from 1ms to 10m");
    refused("x: {write: [select 1], area: y}", "1:1", "lacks 'proof'");
    refused("x: {write: [], proof: select 1, area: y}", "1:12", "list of statements");
    refused("x: {read: select 1, expect: something}", "1:29", "rows, no rows");
    refused("x: {read: select 1, on: moon}", "1:25", "source or target");
    refused("x: {n1_round: no}", "1:15", "yes, or a method");
    refused("[x]", "1:1", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_has_its_keys_and_defaults),
        cmocka_unit_test(mistakes_are_named_with_their_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
