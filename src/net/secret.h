/*
 * secret: 32 random bytes that only their owner knows.
 *
 * A store's secret, an administrator's token, the key of a session. There is no way to print one but secret_text(),
 * which is for the one time that it is handed out. What is kept of a secret is its SHA-256: 256 random bits need no
 * slow hash. Comparisons take the same time whatever differs. Random bytes, hashes and comparisons are libsodium's.
 */
#ifndef NET_SECRET_H
#define NET_SECRET_H
#include "base/err.h"
#include "base/str.h"

#define SECRET_BYTES 32
#define SECRET_TEXT_MAX 44 /* 43 letters of base64url and a zero */
#define SECRET_HASH_MAX 65 /* 64 hexadecimal digits and a zero */
#define SECRET_ID_MAX 23   /* 22 letters of base64url and a zero */

struct secret {
    unsigned char bytes[SECRET_BYTES];
};

/* A fresh one. */
void secret_make(struct secret *ret);

/* Wipes it. Safe to call on one that was never set. */
void secret_done(struct secret *s);
#define SCOPED_SECRET __attribute__((cleanup(secret_done))) struct secret

/* Base64url without padding (RFC 4648, section 5), to be handed out once. Wipe the text after use. */
void secret_text(const struct secret *s, char ret_text[SECRET_TEXT_MAX]);

/* Reads the text of secret_text(); false when it is anything else. */
bool secret_parse(struct str text, struct secret *ret);

/* What is kept of it: SHA-256 in hexadecimal digits. */
void secret_hash(const struct secret *s, char ret_hex[SECRET_HASH_MAX]);

/* True when `hash` is the hash of `s`. */
bool secret_is(const struct secret *s, const char *hash);

/* Another secret that follows from this one, a purpose ("session") and a name: HMAC-SHA256 over purpose, a newline and
 * the name. */
void secret_derive(const struct secret *s, const char *purpose, struct str name, struct secret *ret);

/* A random name that nobody can guess: 16 bytes in base64url. */
void secret_id(char ret_id[SECRET_ID_MAX]);

/* The secret in a file that only its owner can read; made with a fresh one when it is missing. Fails with ERR_FILE when
 * it cannot be read, is no secret, or others may read it. */
bool secret_file(const char *path, struct secret *ret, struct err *err) MUST_CHECK;

#endif
