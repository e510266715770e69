/* The headers of a signature may be any bytes, one a line: a time and names that are what they should be, or
 * ERR_UNSIGNED; and nobody guesses a signature. */
#include "net/sign.h"
#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str rest = {(const char *)data, n};
    struct sign_headers h = {.session = str_split(&rest, '\n')};
    h.timestamp = str_split(&rest, '\n');
    h.nonce = str_split(&rest, '\n');
    h.signature = str_split(&rest, '\n');
    struct sign_request r = {STR("GET"), STR("/v1/store"), rest};
    struct sign s;
    struct err err = {0};
    struct secret key;
    if (!sign_read(&h, &s, &err)) {
        assert(err.code == ERR_UNSIGNED);
        return 0;
    }
    assert(s.at_s > 0 && s.nonce.n >= 16 && s.nonce.n <= 64 && s.session.n > 0 && s.session.n <= 64);
    if (!sign_check_clock(&s, 1767225600, &err))
        assert(err.code == ERR_CLOCK);
    secret_make(&key);
    assert(!sign_check(&s, &r, &key, &err) && err.code == ERR_SIGNATURE);
    return 0;
}
