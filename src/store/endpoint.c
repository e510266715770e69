#include "store/endpoint.h"
#include "base/buf.h"
#include "base/file.h"

#define SPARE_FILES 64 /* for everything that is no connection */

/* Brackets around an IPv6 address belong to the URL. */
static bool look_up(char *host, const char *port, struct endpoint *ret, struct err *err)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list = NULL;
    size_t n = strlen(host);
    bool bare = host[0] != '[';
    if (!bare)
        host[n - 1] = '\0';
    int rc = getaddrinfo(bare ? host : host + 1, port, &hints, &list);
    if (rc == 0)
        rc = getnameinfo(list->ai_addr, list->ai_addrlen, ret->address, sizeof ret->address, ret->port,
                         sizeof ret->port, NI_NUMERICHOST | NI_NUMERICSERV);
    if (list)
        freeaddrinfo(list);
    return rc == 0 || err_set(err, ERR_HQ_CONNECT, "looking up %s: %s", host, gai_strerror(rc));
}

bool endpoint_find(const char *url, struct endpoint *ret, struct err *err)
{
    char *host = NULL, *port = NULL;
    CURLU *u = curl_url();
    if (!u)
        abort();
    bool ok = curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK &&
              curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
              curl_url_get(u, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK;
    ok = ok ? look_up(host, port, ret, err) : err_set(err, ERR_USAGE, "'%s' is not the address of a gateway", url);
    curl_free(host);
    curl_free(port);
    curl_url_cleanup(u);
    return ok;
}

bool endpoint_allow(int64_t connections, struct err *err)
{
    int64_t most = file_most_open();
    if (most >= connections + SPARE_FILES)
        return true;
    err_set(err, ERR_USAGE, "%" PRId64 " connections need more open files than the %" PRId64 " that are allowed here",
            connections, most);
    return err_hint(err, "Raise the limit (`ulimit -Hn`), or take fewer stores (--stores).");
}

static struct curl_slist *list_of(const struct buf *text)
{
    struct curl_slist *list = curl_slist_append(NULL, text->p);
    if (!list)
        abort();
    return list;
}

struct curl_slist *endpoint_to(size_t number)
{
    SCOPED_BUF text = {0};
    buf_printf(&text, "::store-%zu.invalid:", number);
    return list_of(&text);
}

struct curl_slist *endpoint_address(const struct endpoint *e, size_t number)
{
    SCOPED_BUF text = {0};
    bool brackets = strchr(e->address, ':') != NULL;
    buf_printf(&text, "store-%zu.invalid:%s:%s%s%s", number, e->port, brackets ? "[" : "", e->address,
               brackets ? "]" : "");
    return list_of(&text);
}
