/*
 * address: where a server listens and who speaks to it, as numbers; names are never looked up.
 */
#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H
#include "base/err.h"
#include <sys/socket.h>

#define ADDRESS_MAX 64

struct address {
    struct sockaddr_storage sa;
    int n; /* bytes of `sa` that count */
};

/* Reads "127.0.0.1:8443", "[::1]:8443". Fails with ERR_USAGE. */
bool address_parse(const char *text, struct address *ret, struct err *err) MUST_CHECK;

/* True when only this machine can reach it. */
bool address_is_loopback(const struct address *a);

/* "127.0.0.1:8443". */
void address_text(const struct address *a, char ret_text[ADDRESS_MAX]);

/* "127.0.0.1", "::1": without the port. */
void address_host(const struct address *a, char ret_text[ADDRESS_MAX]);

/* What one customer's line has: the whole IPv4 address, the first 64 bits of an IPv6 one. Text that is no address is
 * taken as it is, cut to fit. */
void address_line(const char *text, char ret_line[ADDRESS_MAX]);

#endif
