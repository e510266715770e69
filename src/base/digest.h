/*
 * digest: BLAKE2b-256 (RFC 7693, by libsodium), for what somebody may want to forge: the journal, sign-offs, evidence.
 *
 * Fields are fed with their length before them, so that no two lists of fields have the same bytes. base/hash.h is the
 * faster one for tables and files that nobody forges.
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H
#include "base/str.h"
#include <sodium.h>

#define DIGEST_HEX (2 * 32 + 1)

struct digest {
    crypto_generichash_state state;
};

void digest_init(struct digest *d);

/* One field: its length, then its bytes. */
void digest_field(struct digest *d, struct str field);

/* The bytes as they are, for a file that comes in parts. */
void digest_bytes(struct digest *d, const void *p, size_t n);

/* 64 lower-case hexadecimal digits and a zero. Ends the digest. */
void digest_hex(struct digest *d, char ret_hex[DIGEST_HEX]);

#endif
