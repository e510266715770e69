/*
 * sign: signatures of requests, made with the key of a session.
 *
 * Who has opened a session signs every request: HMAC-SHA256 with the session's key over these lines, joined by single
 * newlines, without one at the end:
 *
 *     carryover-1
 *     GET                                the method
 *     /v1/store?x=1                      path and query, exactly as they are sent
 *     the session's id
 *     1767225600                         seconds since 1970-01-01 UTC, decimal
 *     the nonce                          16 to 64 letters, digits, - and _; never used twice
 *     e3b0c442...                        SHA-256 of the body, lower-case hexadecimal; also when it is empty
 *
 * It travels in four headers: Carryover-Session, Carryover-Timestamp, Carryover-Nonce and Carryover-Signature
 * (base64url without padding). That a nonce was seen before is for the caller to know: see replay. Pure: any thread.
 * Source: RFC 2104, FIPS 180-4, RFC 4648 section 5.
 */
#ifndef NET_SIGN_H
#define NET_SIGN_H
#include "net/secret.h"
#include <stdint.h>

#define SIGN_SESSION "Carryover-Session"
#define SIGN_TIMESTAMP "Carryover-Timestamp"
#define SIGN_NONCE "Carryover-Nonce"
#define SIGN_SIGNATURE "Carryover-Signature"

#define SIGN_WINDOW_S 300 /* how far a client's clock may be off */
#define SIGN_MAC_BYTES 32

/* The headers of a request, as they were sent; an empty view is one that is missing. */
struct sign_headers {
    struct str session, timestamp, nonce, signature;
};

/* What they say. Views are borrowed from the headers. */
struct sign {
    struct str session, timestamp, nonce;
    int64_t at_s;
    unsigned char mac[SIGN_MAC_BYTES];
};

/* What is signed besides the headers. */
struct sign_request {
    struct str method, target, body;
};

/* Reads the headers. Fails with ERR_UNSIGNED, naming the header that is missing or no such thing. */
bool sign_read(const struct sign_headers *headers, struct sign *ret, struct err *err) MUST_CHECK;

/* Fails with ERR_CLOCK, with both times in the message, when the request is further than SIGN_WINDOW_S from `now_s`. */
bool sign_check_clock(const struct sign *s, int64_t now_s, struct err *err) MUST_CHECK;

/* Fails with ERR_SIGNATURE when the request was not signed with this key. */
bool sign_check(const struct sign *s, const struct sign_request *r, const struct secret *key,
                struct err *err) MUST_CHECK;

/* The signature itself, from the session, timestamp and nonce of `s`. */
void sign_make(const struct sign *s, const struct sign_request *r, const struct secret *key,
               unsigned char ret_mac[SIGN_MAC_BYTES]);

#endif
