#include "net/tls.h"
#include <openssl/err.h>

struct tls {
    SSL_CTX *ctx;
};

static bool fail(const char *what, const char *path, struct err *err)
{
    char why[256];
    ERR_error_string_n(ERR_get_error(), why, sizeof why);
    ERR_clear_error();
    return err_set(err, ERR_TLS, "%s %s: %s", what, path, why);
}

/* The one protocol that is spoken; a client that offers others only is refused (RFC 7301, section 3.2). */
static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_n, const unsigned char *in,
                           unsigned in_n, void *arg)
{
    static const unsigned char ours[] = "\x08http/1.1";
    (void)ssl;
    (void)arg;
    unsigned char *chosen = NULL;
    if (SSL_select_next_proto(&chosen, out_n, ours, sizeof ours - 1, in, in_n) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

/* A key with a passphrase is refused: nobody is there to type it. */
static int no_passphrase(char *buf, int size, int writing, void *arg)
{
    (void)buf;
    (void)size;
    (void)writing;
    (void)arg;
    return -1;
}

static bool set_up(SSL_CTX *ctx, const char *cert, const char *key, struct err *err)
{
    SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_default_passwd_cb(ctx, no_passphrase);
    SSL_CTX_set_alpn_select_cb(ctx, choose_protocol, NULL);
    if (!SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION))
        return fail("setting up", "TLS 1.2", err);
    if (SSL_CTX_use_certificate_chain_file(ctx, cert) != 1)
        return fail("reading the certificate", cert, err);
    if (SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) != 1)
        return fail("reading the key", key, err);
    return SSL_CTX_check_private_key(ctx) == 1 || fail("comparing the certificate with the key", key, err);
}

bool tls_open(const char *cert, const char *key, struct tls **ret, struct err *err)
{
    struct tls *t = calloc(1, sizeof *t);
    if (!t)
        abort();
    t->ctx = SSL_CTX_new(TLS_server_method());
    if (!t->ctx)
        abort();
    *ret = t;
    if (set_up(t->ctx, cert, key, err))
        return true;
    tls_free(t);
    *ret = NULL;
    return false;
}

void tls_free(struct tls *t)
{
    if (!t)
        return;
    SSL_CTX_free(t->ctx);
    free(t);
}

SSL *tls_accept(struct tls *t)
{
    SSL *ssl = SSL_new(t->ctx);
    if (!ssl)
        abort();
    return ssl;
}
