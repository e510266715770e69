/*
 * check_gateway: can the gateway start as it is set, and will stores trust it? Needs no database.
 */
#ifndef N1_CHECK_GATEWAY_H
#define N1_CHECK_GATEWAY_H
#include "n1/check.h"
#include "n1/gateway.h"

struct check_gateway {
    const struct gateway_opts *opts;
    const char *host;        /* the name that stores use, or "" */
    const char *session_key; /* the file */
    int64_t now_s;           /* seconds since 1970-01-01 UTC */
    bool runs;               /* then its address is taken, and by itself */
};

/* Looks at the address, the certificate and the file of the session key. */
void check_gateway(struct checks *c, const struct check_gateway *g);

#endif
