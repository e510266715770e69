/*
 * sha256: digests of bytes that come piece by piece, as lower-case hexadecimal digits. By OpenSSL, which uses what the
 * processor has for it. One thread per object.
 */
#ifndef NET_SHA256_H
#define NET_SHA256_H
#include "base/attr.h"
#include "base/str.h"

#define SHA256_HEX_MAX 65 /* 64 digits and a zero */

struct sha256; /* opaque */

struct sha256 *sha256_new(void);
void sha256_free(struct sha256 *h);
DEFINE_SCOPED(sha256)

void sha256_add(struct sha256 *h, const void *p, size_t n);

/* The digest of what was added since the start, or since the last call. */
void sha256_hex(struct sha256 *h, char ret_hex[SHA256_HEX_MAX]);

/* The digest of bytes that are all there. */
void sha256_of(struct str s, char ret_hex[SHA256_HEX_MAX]);

/* True when the text could be one: 64 lower-case hexadecimal digits. */
bool sha256_is_hex(struct str s);

#endif
