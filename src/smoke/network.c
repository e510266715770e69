#include "smoke/network.h"
#include "base/clock.h"
#include "net/client.h"
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWER_MAX ((size_t)1 << 20)

/* --- TCP --- */

/* Waits until the connection stands or has failed. */
static bool wait_connected(int fd, const struct probe *p, int64_t until_us, struct err *err)
{
    int why = 0;
    socklen_t n = sizeof why;
    struct pollfd wait = {.fd = fd, .events = POLLOUT};
    int left = (int)MAX((until_us - clock_us()) / 1000, 1);
    if (poll(&wait, 1, left) == 0)
        return err_set(err, ERR_TIMEOUT, "nobody answers at %s within %d ms", p->address, p->timeout_ms);
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &why, &n) != 0)
        why = errno;
    return why == 0 || err_os(err, ERR_PROBE_CONNECT, why, "connecting to %s", p->address);
}

static bool try_address(const struct addrinfo *i, const struct probe *p, int64_t until_us, struct err *err)
{
    int fd = socket(i->ai_family, i->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, i->ai_protocol);
    if (fd < 0)
        return err_os(err, ERR_PROBE_CONNECT, errno, "making a socket for %s", p->address);
    bool ok = connect(fd, i->ai_addr, i->ai_addrlen) == 0;
    if (!ok && errno != EINPROGRESS)
        err_os(err, ERR_PROBE_CONNECT, errno, "connecting to %s", p->address);
    else
        ok = ok || wait_connected(fd, p, until_us, err);
    close(fd);
    return ok;
}

/* "host:port", "[::1]:port". */
static bool find_addresses(const struct probe *p, struct addrinfo **ret, struct err *err)
{
    SCOPED(arena) a = arena_new();
    const char *colon = strrchr(p->address, ':');
    struct str host = {p->address, (size_t)(colon - p->address)};
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    if (host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']')
        host = (struct str){host.p + 1, host.n - 2};
    int why = getaddrinfo(arena_dup_str(a, host), colon + 1, &hints, ret);
    return why == 0 || err_set(err, ERR_PROBE_CONNECT, "finding %s: %s", p->address, gai_strerror(why));
}

bool network_tcp(const struct probe *p, struct buf *said, struct err *err)
{
    struct addrinfo *list = NULL;
    int64_t until_us = clock_us() + (int64_t)p->timeout_ms * 1000;
    bool ok = false;
    if (!find_addresses(p, &list, err))
        return false;
    for (const struct addrinfo *i = list; i && !ok; i = i->ai_next)
        ok = try_address(i, p, until_us, err);
    freeaddrinfo(list);
    if (ok)
        buf_printf(said, "%s is open", p->address);
    return ok;
}

/* --- HTTP --- */

static bool judge(const struct probe *p, const struct client_answer *answer, struct err *err)
{
    if (answer->status != p->status)
        return err_set(err, ERR_SMOKE, "%s answers with status %d, not %" PRId64, p->address, answer->status,
                       p->status);
    return !p->contains[0] || strstr(buf_text(&answer->body), p->contains) ||
           err_set(err, ERR_SMOKE, "the answer of %s does not contain '%s'", p->address, p->contains);
}

bool network_http(const struct probe *p, const char *ca, struct arena *a, struct buf *said, struct err *err)
{
    SCOPED(client) client = NULL;
    SCOPED_CLIENT_ANSWER answer = {0};
    const char *path = strchr(strstr(p->address, "://") + 3, '/');
    struct client_opts o = {.url = path ? arena_dup_str(a, (struct str){p->address, (size_t)(path - p->address)})
                                        : p->address,
                            .ca = ca,
                            .connect_ms = p->timeout_ms,
                            .stall_ms = p->timeout_ms,
                            .total_ms = p->timeout_ms};
    struct client_request r = {.method = "GET", .target = path ? path : "/", .answer_max = ANSWER_MAX};
    if (!client_new(&o, &client, err) || !client_send(client, &r, &answer, err) || !judge(p, &answer, err))
        return false;
    buf_printf(said, "status %d, %zu bytes", answer.status, answer.body.n);
    return true;
}
