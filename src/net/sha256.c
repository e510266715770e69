#include "net/sha256.h"
#include <openssl/evp.h>
#include <stdlib.h>

struct sha256 {
    EVP_MD_CTX *ctx;
};

/* Failure means that the library has no SHA-256, or no memory: both end the program. */
static void start(struct sha256 *h)
{
    if (EVP_DigestInit_ex(h->ctx, EVP_sha256(), NULL) != 1)
        abort();
}

struct sha256 *sha256_new(void)
{
    struct sha256 *h = calloc(1, sizeof *h);
    if (!h || !(h->ctx = EVP_MD_CTX_new()))
        abort();
    start(h);
    return h;
}

void sha256_free(struct sha256 *h)
{
    EVP_MD_CTX_free(h->ctx);
    free(h);
}

void sha256_add(struct sha256 *h, const void *p, size_t n)
{
    if (n && EVP_DigestUpdate(h->ctx, p, n) != 1)
        abort();
}

void sha256_hex(struct sha256 *h, char ret_hex[SHA256_HEX_MAX])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned int n = 0;
    if (EVP_DigestFinal_ex(h->ctx, bytes, &n) != 1 || n != 32)
        abort();
    for (size_t i = 0; i < n; i++) {
        ret_hex[2 * i] = digits[bytes[i] >> 4];
        ret_hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    ret_hex[64] = '\0';
    start(h);
}

void sha256_of(struct str s, char ret_hex[SHA256_HEX_MAX])
{
    SCOPED(sha256) h = sha256_new();
    sha256_add(h, s.p, s.n);
    sha256_hex(h, ret_hex);
}

bool sha256_is_hex(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'f')))
            return false;
    return s.n == SHA256_HEX_MAX - 1;
}
