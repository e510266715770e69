#include "net/sign.h"
#include "test.h"

/* Computed with Python's hmac and hashlib; it also stands in docs/n1/protocol.md. */
#define MAC "rzkIINCBX9nbZFNC3txCaUs532HcDNiJdSrZzgaDpH4"

static const struct sign_headers good = {STR("inbqCiZHZ2_7jy9XWL_58A"), STR("1767225600"),
                                         STR("AAAAAAAAAAAAAAAAAAAAAA"), STR(MAC)};
static const struct sign_request request = {STR("PUT"), STR("/v1/stores/HOUSTON/version?x=1"),
                                            STR("{\"version\":\"1\"}")};

static struct secret test_key(void)
{
    struct secret key;
    for (size_t i = 0; i < sizeof key.bytes; i++)
        key.bytes[i] = (unsigned char)i;
    return key;
}

static void the_example_of_the_protocol_is_signed_as_it_says(void **state)
{
    (void)state;
    struct secret key = test_key();
    struct sign s;
    struct err err;
    must(sign_read(&good, &s, &err));
    assert_int_equal(s.at_s, 1767225600);
    must(sign_check(&s, &request, &key, &err));
}

static void refused_with(const struct sign_headers *h, const struct sign_request *r, const struct secret *key)
{
    struct sign s;
    struct err err = {0};
    must(sign_read(h, &s, &err));
    assert_false(sign_check(&s, r, key, &err));
    assert_int_equal(err.code, ERR_SIGNATURE);
}

static void every_part_counts(void **state)
{
    (void)state;
    struct secret key = test_key(), other = test_key();
    other.bytes[31] ^= 1;
    refused_with(&good, &request, &other);
    struct sign_request r = request;
    r.method = STR("POST");
    refused_with(&good, &r, &key);
    r = request;
    r.target = STR("/v1/stores/HOUSTON/version");
    refused_with(&good, &r, &key);
    r = request;
    r.body = (struct str){NULL, 0};
    refused_with(&good, &r, &key);
    struct sign_headers h = good;
    h.session = STR("inbqCiZHZ2_7jy9XWL_58B");
    refused_with(&h, &request, &key);
    h = good;
    h.timestamp = STR("1767225601");
    refused_with(&h, &request, &key);
    h = good;
    h.nonce = STR("AAAAAAAAAAAAAAAAAAAAAB");
    refused_with(&h, &request, &key);
}

static void unreadable(struct sign_headers h, const char *header)
{
    struct sign s;
    struct err err = {0};
    assert_false(sign_read(&h, &s, &err));
    assert_int_equal(err.code, ERR_UNSIGNED);
    assert_non_null(strstr(err.message, header));
}

static void headers_have_one_spelling(void **state)
{
    (void)state;
    static const char *const names[] = {"", " ", "a b", "a\n", "a'b", "a.b", "é"};
    static const char *const times[] = {"", "x", "-1", "+1", "01", " 1", "1.5", "0x10", "9999999999999"};
    struct sign_headers h;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        h = good;
        h.session = str_of(names[i]);
        unreadable(h, SIGN_SESSION);
        h = good;
        h.nonce = str_of(names[i]);
        unreadable(h, SIGN_NONCE);
        h = good;
        h.signature = str_of(names[i]);
        unreadable(h, SIGN_SIGNATURE);
    }
    for (size_t i = 0; i < ARRAY_LEN(times); i++) {
        h = good;
        h.timestamp = str_of(times[i]);
        unreadable(h, SIGN_TIMESTAMP);
    }
    h = good;
    h.nonce = STR("fifteen-letters");
    unreadable(h, SIGN_NONCE);
    h = good;
    h.signature = STR(MAC "=");
    unreadable(h, SIGN_SIGNATURE);
}

static void clocks_may_be_five_minutes_off(void **state)
{
    (void)state;
    struct sign s;
    struct err err = {0};
    must(sign_read(&good, &s, &err));
    assert_true(sign_check_clock(&s, 1767225600 + 300, &err));
    assert_true(sign_check_clock(&s, 1767225600 - 300, &err));
    assert_false(sign_check_clock(&s, 1767225600 + 301, &err));
    assert_int_equal(err.code, ERR_CLOCK);
    assert_false(sign_check_clock(&s, 1767225600 - 301, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_protocol_is_signed_as_it_says),
        cmocka_unit_test(every_part_counts),
        cmocka_unit_test(headers_have_one_spelling),
        cmocka_unit_test(clocks_may_be_five_minutes_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
