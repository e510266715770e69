#include "net/address.h"
#include "base/str.h"
#include <arpa/inet.h>
#include <netinet/in.h>

/* "127.0.0.1" or "::1" without its brackets. */
static bool parse_host(const char *host, in_port_t port, struct address *ret)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)&ret->sa;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&ret->sa;
    if (inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = port;
        ret->n = (int)sizeof *v4;
        return true;
    }
    if (inet_pton(AF_INET6, host, &v6->sin6_addr) != 1)
        return false;
    v6->sin6_family = AF_INET6;
    v6->sin6_port = port;
    ret->n = (int)sizeof *v6;
    return true;
}

static bool parse(struct str text, struct address *ret)
{
    char host[ADDRESS_MAX];
    const char *colon = memrchr(text.p, ':', text.n);
    int64_t port = -1;
    if (!colon || !str_to_i64((struct str){colon + 1, (size_t)(text.p + text.n - colon - 1)}, &port) || port < 0 ||
        port > UINT16_MAX)
        return false;
    struct str name = {text.p, (size_t)(colon - text.p)};
    bool bracketed = name.n > 2 && name.p[0] == '[' && name.p[name.n - 1] == ']';
    if (bracketed)
        name = (struct str){name.p + 1, name.n - 2};
    if (name.n >= sizeof host || bracketed != (memchr(name.p, ':', name.n) != NULL))
        return false;
    snprintf(host, sizeof host, "%.*s", STR_ARG(name));
    return parse_host(host, htons((in_port_t)port), ret);
}

bool address_parse(const char *text, struct address *ret, struct err *err)
{
    *ret = (struct address){0};
    if (parse(str_of(text), ret))
        return true;
    err_set(err, ERR_USAGE, "'%s' is no address to listen on", text);
    return err_hint(err, "Write numbers and a port: 127.0.0.1:8443, 0.0.0.0:8443, [::]:8443.");
}

bool address_is_loopback(const struct address *a)
{
    if (a->sa.ss_family == AF_INET)
        return ntohl(((const struct sockaddr_in *)&a->sa)->sin_addr.s_addr) >> 24 == 127;
    return a->sa.ss_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)&a->sa)->sin6_addr);
}

void address_host(const struct address *a, char ret_text[ADDRESS_MAX])
{
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)&a->sa;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)&a->sa;
    bool is_v6 = a->sa.ss_family == AF_INET6;
    snprintf(ret_text, ADDRESS_MAX, "?");
    inet_ntop(a->sa.ss_family, is_v6 ? (const void *)&v6->sin6_addr : (const void *)&v4->sin_addr, ret_text,
              ADDRESS_MAX);
}

void address_text(const struct address *a, char ret_text[ADDRESS_MAX])
{
    char host[ADDRESS_MAX];
    bool is_v6 = a->sa.ss_family == AF_INET6;
    in_port_t port =
        is_v6 ? ((const struct sockaddr_in6 *)&a->sa)->sin6_port : ((const struct sockaddr_in *)&a->sa)->sin_port;
    address_host(a, host);
    snprintf(ret_text, ADDRESS_MAX, is_v6 ? "[%.50s]:%d" : "%.50s:%d", host, ntohs(port));
}

void address_line(const char *text, char ret_line[ADDRESS_MAX])
{
    struct in6_addr v6;
    snprintf(ret_line, ADDRESS_MAX, "%s", text);
    if (inet_pton(AF_INET6, text, &v6) != 1 || IN6_IS_ADDR_V4MAPPED(&v6))
        return;
    memset(v6.s6_addr + 8, 0, 8);
    inet_ntop(AF_INET6, &v6, ret_line, ADDRESS_MAX);
}
