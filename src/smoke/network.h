/*
 * network: does somebody answer? Probes of the smoke test that need no database.
 *
 * Each ends within the probe's time. A probe that fails says why with the code of its cause: ERR_PROBE_CONNECT,
 * ERR_TIMEOUT, ERR_SMOKE when the answer is not the one expected, and those of net/client.h.
 */
#ifndef SMOKE_NETWORK_H
#define SMOKE_NETWORK_H
#include "base/buf.h"
#include "base/err.h"
#include "conf/probes.h"

/* Opens a connection and closes it. `said` gets what was seen. */
bool network_tcp(const struct probe *p, struct buf *said, struct err *err) MUST_CHECK;

/* Asks with GET. `ca` is an absolute path, or "". */
bool network_http(const struct probe *p, const char *ca, struct arena *a, struct buf *said, struct err *err) MUST_CHECK;

#endif
