#include "n1/check_gateway.h"
#include "base/file.h"
#include "net/http.h"
#include "net/tls.h"
#include <time.h>

#define DAY_S 86400
#define SOON_DAYS 30 /* a certificate that ends sooner will end while stores still run N-1 */

static const char proxied[] = "plain HTTP on a loopback address, for a proxy that does TLS";

/* --- the address --- */

/* Opens it for a moment; what is wrong with the certificate is said by its own check. */
static void check_listen(struct checks *c, const struct check_gateway *g)
{
    struct http_opts o = {.listen = g->opts->listen,
                          .cert = g->opts->cert,
                          .key = g->opts->key,
                          .workers = 1,
                          .waiting_max = 1,
                          .connections_max = 1};
    SCOPED(http) h = NULL;
    struct err why;
    checks_begin(
        c, "listen", "the gateway can listen at its address",
        "Set n1.listen to a free address of this machine, with n1.cert and n1.key when it is not a loopback address.");
    if (!g->runs && !http_open(&o, &h, &why) && why.code != ERR_TLS)
        checks_found(c, CHECK_BLOCKER, g->opts->listen, "%s", why.message);
}

/* --- the certificate --- */

static bool has_certificate(struct checks *c, const struct check_gateway *g)
{
    if (g->opts->cert[0])
        return true;
    checks_skip(c, proxied);
    return false;
}

static bool is_read(struct checks *c, const struct check_gateway *g, const struct tls_facts *f)
{
    if (!has_certificate(c, g) || f)
        return f != NULL;
    checks_skip(c, "it could not be read");
    return false;
}

static void check_certificate(struct checks *c, const struct check_gateway *g)
{
    struct err why;
    checks_begin(
        c, "certificate", "the certificate can be read and belongs to its key",
        "Set n1.cert to a PEM file with the certificate and its chain, n1.key to its key without a passphrase.");
    if (has_certificate(c, g) && g->opts->key[0] && !tls_check(g->opts->cert, g->opts->key, &why))
        checks_found(c, CHECK_BLOCKER, g->opts->cert, "%s", why.message);
}

static void day(int64_t at_s, char ret[32])
{
    struct tm tm;
    time_t t = (time_t)at_s;
    gmtime_r(&t, &tm);
    strftime(ret, 32, "%Y-%m-%d", &tm);
}

static void check_time(struct checks *c, const struct check_gateway *g, const struct tls_facts *f)
{
    char at[32];
    checks_begin(c, "certificate-time", "the certificate is good now and for a while",
                 "Renew it; the gateway takes the new files as soon as they are there.");
    if (!is_read(c, g, f))
        return;
    day(g->now_s < f->begins_s ? f->begins_s : f->ends_s, at);
    if (g->now_s < f->begins_s)
        checks_found(c, CHECK_BLOCKER, g->opts->cert, "it is not good before %s", at);
    else if (g->now_s >= f->ends_s)
        checks_found(c, CHECK_BLOCKER, g->opts->cert, "it has ended on %s", at);
    else if (g->now_s + SOON_DAYS * DAY_S > f->ends_s)
        checks_found(c, CHECK_WARNING, g->opts->cert, "it ends on %s", at);
}

static void check_host(struct checks *c, const struct check_gateway *g, const struct tls_facts *f)
{
    checks_begin(c, "certificate-host", "the certificate is for the name that stores use",
                 "Set n1.url to the address that stores use, and use a certificate that has it.");
    if (!is_read(c, g, f))
        return;
    if (!g->host[0])
        checks_found(c, CHECK_WARNING, "n1.url", "it is not set, so the name could not be compared");
    else if (!f->names_host)
        checks_found(c, CHECK_BLOCKER, g->host, "%s is not for this name: stores would refuse it", g->opts->cert);
}

/* --- the key of sessions --- */

static void check_session_key(struct checks *c, const struct check_gateway *g)
{
    SCOPED_SECRET key = {{0}};
    struct err why;
    checks_begin(
        c, "session-key", "the key of sessions can be read by nobody else",
        "Give the file n1.session_key to the user of the gateway alone (chmod 600); all instances need the same one.");
    if (!file_exists(g->session_key))
        checks_skip(c, "the gateway makes it when it starts first");
    else if (!secret_file(g->session_key, &key, &why))
        checks_found(c, CHECK_BLOCKER, g->session_key, "%s", why.message);
}

void check_gateway(struct checks *c, const struct check_gateway *g)
{
    struct tls_facts facts;
    struct err why;
    bool read = g->opts->cert[0] && tls_read(g->opts->cert, g->host, &facts, &why);
    check_listen(c, g);
    check_certificate(c, g);
    check_time(c, g, read ? &facts : NULL);
    check_host(c, g, read ? &facts : NULL);
    check_session_key(c, g);
}
