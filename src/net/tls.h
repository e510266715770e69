/*
 * tls: the server's side of TLS, over OpenSSL: version 1.2 or newer, a certificate chain and its key from PEM files, no
 * renegotiation, no compression, HTTP/1.1 only.
 *
 * A certificate that has ended is refused when it is opened. Later the files are watched: those that change and are
 * good are taken for new connections, those that are not are left alone with a warning, and the end is announced in the
 * log.
 */
#ifndef NET_TLS_H
#define NET_TLS_H
#include "base/err.h"
#include <openssl/ssl.h>
#include <stdint.h>

struct tls; /* opaque */

/* Reads the files, whose names are borrowed. Fails with ERR_TLS and OpenSSL's reason, or when the certificate is not
 * good now; the key itself is never shown. */
bool tls_open(const char *cert, const char *key, struct tls **ret, struct err *err) MUST_CHECK;
void tls_free(struct tls *t);
DEFINE_SCOPED(tls)

/* To be called often, by the thread that accepts: looks at the files every two seconds. */
void tls_watch(struct tls *t);

/* Whether the files can be used together, whenever. Fails like tls_open(). */
bool tls_check(const char *cert, const char *key, struct err *err) MUST_CHECK;

/* What stands in a certificate; times in seconds since 1970-01-01 UTC. */
struct tls_facts {
    int64_t begins_s, ends_s;
    bool names_host;
};

/* Reads the first certificate of the file; `host` is a name or an address. Fails with
 * ERR_TLS. */
bool tls_read(const char *cert, const char *host, struct tls_facts *ret, struct err *err) MUST_CHECK;

/* The state of one new connection; belongs to the caller. */
SSL *tls_accept(struct tls *t);

#endif
