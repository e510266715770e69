#include "net/client.h"
#include "test.h"

static void must_be(const char *url, enum err_code code)
{
    struct err err = {0};
    bool ok = client_check_url(url, &err);
    if (ok ? code != ERR_COUNT : err.code != code)
        fail_msg("'%s': %s", url, ok ? "taken" : err.message);
}

static void addresses_are_https_or_of_this_machine(void **state)
{
    (void)state;
    must_be("https://hq.example.com:8443", ERR_COUNT);
    must_be("https://hq.example.com", ERR_COUNT);
    must_be("http://127.0.0.1:8080", ERR_COUNT);
    must_be("http://[::1]:8080", ERR_COUNT);
    must_be("http://localhost", ERR_COUNT);
    must_be("http://hq.example.com", ERR_GUARD);
    must_be("http://127.0.0.1.example.com", ERR_GUARD);
    must_be("http://localhost.example.com", ERR_GUARD);
}

static void addresses_have_no_path_and_no_tricks(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "hq.example.com",
                                      "ftp://x",
                                      "https://",
                                      "https://x/",
                                      "https://u:p@x",
                                      "http://127.0.0.1@x",
                                      "https://x?y",
                                      "file:///x",
                                      "https://x\r\nA: b",
                                      "https://x y"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        must_be(bad[i], ERR_USAGE);
}

static void nobody_there_is_no_connection(void **state)
{
    (void)state;
    struct err err = {0};
    struct client_opts o = {"http://127.0.0.1:1", "", 1000, 1000};
    struct client_request r = {.method = "GET", .target = "/", .answer_max = 100};
    SCOPED_CLIENT_ANSWER got = {0};
    SCOPED(client) c = NULL;
    must(client_new(&o, &c, &err));
    assert_false(client_send(c, &r, &got, &err));
    assert_int_equal(err.code, ERR_HQ_CONNECT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_https_or_of_this_machine),
        cmocka_unit_test(addresses_have_no_path_and_no_tricks),
        cmocka_unit_test(nobody_there_is_no_connection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
