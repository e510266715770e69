#include "net/tls.h"
#include "base/clock.h"
#include "base/log.h"
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <time.h>

#define LOOK_US INT64_C(2000000) /* between two looks at the files */
#define DAY_S 86400
#define WARN_DAYS 14 /* before the end; a certificate that is short-lived has a third of its life left by then */

/* What tells that a file is another one now. */
struct stamp {
    dev_t dev;
    ino_t ino;
    off_t size;
    struct timespec changed;
};

struct tls {
    SSL_CTX *ctx;
    const char *files[2]; /* certificate and key */
    struct stamp seen[2];
    time_t begins, ends;
    int64_t looked_us;
    time_t warned; /* when it was last said that the certificate ends, or has ended */
    bool ended;
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

/* --- when it is good --- */

static time_t seconds_of(const ASN1_TIME *at)
{
    struct tm tm = {0};
    return ASN1_TIME_to_tm(at, &tm) == 1 ? timegm(&tm) : 0;
}

/* Of the gateway's own certificate: clients find other ways around one of the chain that has ended. */
static void read_dates(struct tls *t)
{
    const X509 *own = SSL_CTX_get0_certificate(t->ctx);
    t->begins = seconds_of(X509_get0_notBefore(own));
    t->ends = seconds_of(X509_get0_notAfter(own));
}

static time_t now_s(void)
{
    return clock_wall_us() / 1000000;
}

static const char *date(time_t at, char text[32])
{
    struct tm tm;
    gmtime_r(&at, &tm);
    strftime(text, 32, "%Y-%m-%d %H:%M:%S UTC", &tm);
    return text;
}

static bool check_dates(const struct tls *t, struct err *err)
{
    char at[32];
    if (t->ends <= now_s())
        err_set(err, ERR_TLS, "the certificate %s was good until %s", t->files[0], date(t->ends, at));
    else if (t->begins > now_s())
        err_set(err, ERR_TLS, "the certificate %s is good only from %s on", t->files[0], date(t->begins, at));
    else
        return true;
    return err_hint(err, "No store would trust it: renew it, or correct the clock of this machine.");
}

/* Once a day, and when it happens: a certificate that nobody renews is how all stores are lost at the same moment. */
static void warn_of_end(struct tls *t)
{
    char at[32];
    time_t now = now_s();
    bool ended = t->ends <= now;
    if (t->ends - now > MIN(WARN_DAYS * DAY_S, (t->ends - t->begins) / 3) ||
        (ended == t->ended && now - t->warned < DAY_S))
        return;
    t->warned = now;
    t->ended = ended;
    if (ended)
        log_error("tls.ended", "the certificate %s was good until %s: stores refuse it; renew it", t->files[0],
                  date(t->ends, at));
    else
        log_warn("tls.ends", "the certificate %s is good until %s; a new one is taken as soon as it is there",
                 t->files[0], date(t->ends, at));
}

/* --- the files --- */

static struct stamp stamp_of(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return (struct stamp){0};
    return (struct stamp){st.st_dev, st.st_ino, st.st_size, st.st_mtim};
}

static bool is_same(const struct stamp *a, const struct stamp *b)
{
    return a->dev == b->dev && a->ino == b->ino && a->size == b->size && a->changed.tv_sec == b->changed.tv_sec &&
           a->changed.tv_nsec == b->changed.tv_nsec;
}

static bool load(struct tls *t, struct err *err)
{
    for (int i = 0; i < 2; i++) /* first: what is written meanwhile shows at the next look */
        t->seen[i] = stamp_of(t->files[i]);
    t->ctx = SSL_CTX_new(TLS_server_method());
    if (!t->ctx)
        abort();
    if (!set_up(t->ctx, t->files[0], t->files[1], err))
        return false;
    read_dates(t);
    return check_dates(t, err);
}

bool tls_open(const char *cert, const char *key, struct tls **ret, struct err *err)
{
    struct tls *t = calloc(1, sizeof *t);
    if (!t)
        abort();
    t->files[0] = cert;
    t->files[1] = key;
    *ret = t;
    if (load(t, err))
        return true;
    tls_free(t);
    *ret = NULL;
    return false;
}

/* Connections that are open keep the old context: they hold a reference to it. */
static void renew(struct tls *t)
{
    char at[32];
    struct err err = {0};
    struct tls fresh = {.files = {t->files[0], t->files[1]}, .looked_us = t->looked_us};
    if (load(&fresh, &err)) {
        SSL_CTX_free(t->ctx);
        *t = fresh;
        log_info("tls.renewed", "the certificate %s is another one now, good until %s", t->files[0], date(t->ends, at));
        return;
    }
    SSL_CTX_free(fresh.ctx);
    memcpy(t->seen, fresh.seen, sizeof t->seen);
    log_warn("tls.kept", "the certificate that was there is kept: %s", err.message);
}

void tls_watch(struct tls *t)
{
    if (clock_us() - t->looked_us < LOOK_US)
        return;
    t->looked_us = clock_us();
    for (int i = 0; i < 2; i++) {
        struct stamp now = stamp_of(t->files[i]);
        if (is_same(&now, &t->seen[i]))
            continue;
        renew(t);
        break;
    }
    warn_of_end(t);
}

bool tls_check(const char *cert, const char *key, struct err *err)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    if (!ctx)
        abort();
    bool ok = set_up(ctx, cert, key, err);
    SSL_CTX_free(ctx);
    return ok;
}

bool tls_read(const char *cert, const char *host, struct tls_facts *ret, struct err *err)
{
    struct tls t = {.ctx = SSL_CTX_new(TLS_server_method())};
    if (!t.ctx)
        abort();
    bool ok = SSL_CTX_use_certificate_chain_file(t.ctx, cert) == 1 || fail("reading the certificate", cert, err);
    if (ok) {
        X509 *first = SSL_CTX_get0_certificate(t.ctx);
        read_dates(&t);
        *ret = (struct tls_facts){.begins_s = t.begins,
                                  .ends_s = t.ends,
                                  .names_host = X509_check_host(first, host, strlen(host), 0, NULL) == 1 ||
                                                X509_check_ip_asc(first, host, 0) == 1};
    }
    SSL_CTX_free(t.ctx);
    return ok;
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
