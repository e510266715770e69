/*
 * tls: the server's side of TLS, over OpenSSL: version 1.2 or newer, a certificate chain and its key from PEM files, no
 * renegotiation, no compression, HTTP/1.1 only.
 */
#ifndef NET_TLS_H
#define NET_TLS_H
#include "base/err.h"
#include <openssl/ssl.h>

struct tls; /* opaque */

/* Reads the files. Fails with ERR_TLS and OpenSSL's reason; the key itself is never shown. */
bool tls_open(const char *cert, const char *key, struct tls **ret, struct err *err) MUST_CHECK;
void tls_free(struct tls *t);
DEFINE_SCOPED(tls)

/* The state of one new connection; belongs to the caller. */
SSL *tls_accept(struct tls *t);

#endif
