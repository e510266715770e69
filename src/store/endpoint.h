/*
 * endpoint: a gateway as numbers, so that many connections to it can be told apart.
 *
 * libcurl uses a connection again for whatever goes to the same host. Here each store gets a host name of its own,
 * which is the gateway's address under another name; certificates are compared with the name in the URL all the same.
 */
#ifndef STORE_ENDPOINT_H
#define STORE_ENDPOINT_H
#include "base/err.h"
#include <curl/curl.h>
#include <netdb.h>

struct endpoint {
    char address[NI_MAXHOST], port[NI_MAXSERV];
};

/* Looks up where the URL leads to. Fails with ERR_USAGE and ERR_HQ_CONNECT. */
bool endpoint_find(const char *url, struct endpoint *ret, struct err *err) MUST_CHECK;

/* Raises the limit of open files for so many connections. Fails with ERR_USAGE when that is not allowed. */
bool endpoint_allow(int64_t connections, struct err *err) MUST_CHECK;

/* What CURLOPT_CONNECT_TO and CURLOPT_RESOLVE take for the connection with this number; the second one is needed once
 * in a multi handle. Both are the caller's, until the request is over. */
struct curl_slist *endpoint_to(size_t number);
struct curl_slist *endpoint_address(const struct endpoint *e, size_t number);

#endif
