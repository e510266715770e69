#include "n1/hasher.h"
#include "base/log.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define NICE 10
#define CHILD_SOCKET 3

struct hasher {
    pid_t pid; /* 0: none */
    int socket;
};

/* A hasher_order as it goes through the socket, as one packet. */
struct packet {
    bool makes;
    int64_t passes, memory;
    char hash[crypto_pwhash_STRBYTES];
    char password[HASHER_PASSWORD_MAX];
};

/* --- the process --- */

static void compute(const struct packet *p, struct hasher_answer *ret)
{
    size_t n = strlen(p->password);
    errno = 0;
    ret->ok = p->makes
                  ? crypto_pwhash_str(ret->hash, p->password, n, (unsigned long long)p->passes, (size_t)p->memory) == 0
                  : crypto_pwhash_str_verify(p->hash, p->password, n) == 0;
    ret->failed = !ret->ok && (p->makes || errno != EINVAL); /* libsodium's word for another password */
}

/* Who stops the gateway means this process, too, but answers come first: it ends with the socket. */
static _Noreturn void live(int socket)
{
    struct packet p;
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    setsid(); /* Linux gives a session a share of the processors of its own (sched(7), autogroup) */
    setpriority(PRIO_PROCESS, 0, NICE);
    if (dup2(socket, CHILD_SOCKET) < 0 || close_range(CHILD_SOCKET + 1, ~0u, 0) != 0)
        _exit(1);
    while (recv(CHILD_SOCKET, &p, sizeof p, 0) == sizeof p) {
        struct hasher_answer answer = {0};
        compute(&p, &answer);
        sodium_memzero(&p, sizeof p);
        if (send(CHILD_SOCKET, &answer, sizeof answer, MSG_NOSIGNAL) != sizeof answer)
            break;
    }
    _exit(0);
}

/* --- this side --- */

static bool start(struct hasher *h, struct err *err)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return err_set(err, ERR_GATEWAY_BUSY, "making a socket for a process that hashes: %s", strerror(errno));
    pid_t pid = fork();
    if (pid == 0)
        live(pair[1]);
    close(pair[1]);
    if (pid < 0) {
        close(pair[0]);
        return err_set(err, ERR_GATEWAY_BUSY, "starting a process that hashes: %s", strerror(errno));
    }
    h->pid = pid;
    h->socket = pair[0];
    return true;
}

static void stop(struct hasher *h)
{
    if (!h->pid)
        return;
    close(h->socket);
    while (waitpid(h->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    h->pid = 0;
}

struct hasher *hasher_new(void)
{
    struct hasher *h = calloc(1, sizeof *h);
    struct err why;
    if (!h)
        abort();
    if (!start(h, &why))
        log_warn("n1.hasher", "%s; it is tried again when a password comes", why.message);
    return h;
}

void hasher_free(struct hasher *h)
{
    if (!h)
        return;
    stop(h);
    free(h);
}

static bool exchange(struct hasher *h, const struct packet *p, struct hasher_answer *ret)
{
    ssize_t n;
    if (send(h->socket, p, sizeof *p, MSG_NOSIGNAL) != sizeof *p)
        return false;
    while ((n = recv(h->socket, ret, sizeof *ret, 0)) < 0 && errno == EINTR)
        ;
    return n == sizeof *ret;
}

bool hasher_run(struct hasher *h, const struct hasher_order *o, struct hasher_answer *ret, struct err *err)
{
    struct packet p = {.makes = !o->hash, .passes = o->passes, .memory = o->memory};
    snprintf(p.password, sizeof p.password, "%s", o->password);
    snprintf(p.hash, sizeof p.hash, "%s", o->hash ? o->hash : "");
    bool ok = false;
    for (int tries = 0; !ok && tries < 2 && (h->pid || start(h, err)); tries++) {
        ok = exchange(h, &p, ret);
        if (!ok) {
            stop(h);
            err_set(err, ERR_GATEWAY_BUSY, "a process that hashes passwords has ended");
        }
    }
    sodium_memzero(&p, sizeof p);
    return ok && (!ret->failed || err_set(err, ERR_GATEWAY_BUSY, "there is no memory to hash a password"));
}
