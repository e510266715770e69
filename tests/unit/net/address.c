#include "net/address.h"
#include "test.h"

static void numbers_and_ports_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool loopback;
    } good[] = {{"127.0.0.1:8443", true}, {"127.1.2.3:0", true}, {"[::1]:1", true},
                {"0.0.0.0:65535", false}, {"[::]:80", false},    {"192.0.2.1:80", false}};
    static const char *const wrong[] = {"",           "127.0.0.1", "localhost:80",    "::1:80",       "[::1]",
                                        "127.0.0.1:", ":80",       "127.0.0.1:65536", "127.0.0.1:-1", "[127.0.0.1]:80",
                                        "1:2:3",      "[]:1"};
    struct address a;
    struct err err = {0};
    char text[ADDRESS_MAX];
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        must(address_parse(good[i].text, &a, &err));
        assert_int_equal(address_is_loopback(&a), good[i].loopback);
        address_text(&a, text);
        assert_string_equal(text, good[i].text);
    }
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        assert_false(address_parse(wrong[i], &a, &err));
}

static void neighbours_of_one_line_are_one(void **state)
{
    (void)state;
    char line[ADDRESS_MAX];
    address_line("2001:db8:1:2:3:4:5:6", line);
    assert_string_equal(line, "2001:db8:1:2::");
    address_line("192.0.2.7", line);
    assert_string_equal(line, "192.0.2.7");
    address_line("unknown", line);
    assert_string_equal(line, "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_and_ports_are_read),
        cmocka_unit_test(neighbours_of_one_line_are_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
