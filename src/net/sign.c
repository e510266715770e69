#include "net/sign.h"
#include <sodium.h>

#define VERSION_LINE "carryover-1"
#define MAC_LETTERS 43
#define NONCE_LEAST 16
#define NAME_MOST 64

/* Letters, digits, - and _: what base64url is made of. */
static bool is_name(struct str s, size_t least)
{
    if (s.n < least || s.n > NAME_MOST)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        if (!fits)
            return false;
    }
    return true;
}

/* Digits only: one time has one spelling. */
static bool read_time(struct str s, int64_t *ret)
{
    if (s.n == 0 || s.n > 12 || s.p[0] == '0' || s.p[0] == '+' || s.p[0] == '-')
        return false;
    return str_to_i64(s, ret);
}

static bool read_mac(struct str s, unsigned char ret_mac[SIGN_MAC_BYTES])
{
    size_t n = 0;
    return s.n == MAC_LETTERS &&
           sodium_base642bin(ret_mac, SIGN_MAC_BYTES, s.p, s.n, NULL, &n, NULL,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
           n == SIGN_MAC_BYTES;
}

static bool refuse(const char *header, struct str value, const char *form, struct err *err)
{
    return err_set(err, ERR_UNSIGNED, value.n ? "the header %s is not %s" : "the header %s is missing: %s", header,
                   form);
}

bool sign_read(const struct sign_headers *headers, struct sign *ret, struct err *err)
{
    const struct sign_headers *h = headers;
    *ret = (struct sign){.session = h->session, .timestamp = h->timestamp, .nonce = h->nonce};
    if (!is_name(h->session, 1))
        return refuse(SIGN_SESSION, h->session, "the id of a session", err);
    if (!read_time(h->timestamp, &ret->at_s))
        return refuse(SIGN_TIMESTAMP, h->timestamp, "seconds since 1970", err);
    if (!is_name(h->nonce, NONCE_LEAST))
        return refuse(SIGN_NONCE, h->nonce, "16 to 64 letters, digits, - and _", err);
    if (!read_mac(h->signature, ret->mac))
        return refuse(SIGN_SIGNATURE, h->signature, "43 letters of base64url", err);
    return true;
}

bool sign_check_clock(const struct sign *s, int64_t now_s, struct err *err)
{
    int64_t off = s->at_s > now_s ? s->at_s - now_s : now_s - s->at_s;
    return off <= SIGN_WINDOW_S ||
           err_set(err, ERR_CLOCK,
                   "the request is of %" PRId64 ", but here it is %" PRId64 ": more than %d seconds apart", s->at_s,
                   now_s, SIGN_WINDOW_S);
}

static void add_line(crypto_auth_hmacsha256_state *state, struct str line)
{
    crypto_auth_hmacsha256_update(state, (const unsigned char *)line.p, line.n);
    crypto_auth_hmacsha256_update(state, (const unsigned char *)"\n", 1);
}

void sign_make(const struct sign *s, const struct sign_request *r, const struct secret *key,
               unsigned char ret_mac[SIGN_MAC_BYTES])
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    char hex[sizeof digest * 2 + 1];
    crypto_auth_hmacsha256_state state;
    crypto_hash_sha256(digest, (const unsigned char *)(r->body.n ? r->body.p : ""), r->body.n);
    sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
    crypto_auth_hmacsha256_init(&state, key->bytes, sizeof key->bytes);
    add_line(&state, STR(VERSION_LINE));
    add_line(&state, r->method);
    add_line(&state, r->target);
    add_line(&state, s->session);
    add_line(&state, s->timestamp);
    add_line(&state, s->nonce);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)hex, sizeof hex - 1);
    crypto_auth_hmacsha256_final(&state, ret_mac);
    sodium_memzero(&state, sizeof state);
}

bool sign_check(const struct sign *s, const struct sign_request *r, const struct secret *key, struct err *err)
{
    unsigned char mac[SIGN_MAC_BYTES];
    sign_make(s, r, key, mac);
    return sodium_memcmp(mac, s->mac, sizeof mac) == 0 ||
           err_set(err, ERR_SIGNATURE, "the signature is not the one of this request and session");
}
