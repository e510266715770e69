/*
 * probes: what the smoke test tries, from smoke.yaml of the package and of the project, as plain data.
 *
 * A file is a mapping of names to probes. Each probe does one thing: opens a connection, asks an address, reads,
 * writes and rolls back, signs a worker in, or takes a throw-away store through a round. The format is described in
 * docs/package.md.
 */
#ifndef CONF_PROBES_H
#define CONF_PROBES_H
#include "conf/package.h"

enum probe_kind { PROBE_TCP, PROBE_HTTP, PROBE_READ, PROBE_WRITE, PROBE_SIGN_IN, PROBE_ROUND };

enum probe_expect { PROBE_ROWS, PROBE_NO_ROWS, PROBE_VALUE };

struct probe {
    const char *name, *title;
    enum probe_kind kind;
    int timeout_ms;
    const char *address; /* "host:port" of PROBE_TCP, the URL of PROBE_HTTP */
    int64_t status;      /* PROBE_HTTP: what it has to answer */
    const char *contains, *ca;
    const char *sql; /* PROBE_READ; of PROBE_WRITE what finds what was written */
    bool on_source;
    enum probe_expect expect;
    const char *value;
    const char *area; /* PROBE_WRITE */
    const char **statements;
    size_t n_statements;
    const char *method; /* PROBE_SIGN_IN; of PROBE_ROUND the call that is made, or NULL */
    const char *store, *file;
    const char *answer; /* what the answer begins with; NULL: success */
};

struct probes {
    struct probe *p;
    size_t n;
};

/* "tcp", "http", "read", "write", "sign-in", "n1-round". */
const char *probe_kind_name(enum probe_kind kind);

/* Reads a smoke.yaml; `code` is what its mistakes are (ERR_PACKAGE, ERR_CONFIG). SQL gets the package's settings. */
bool probes_read(struct str text, const char *path, enum err_code code, const struct package *p, struct arena *a,
                 struct probes *ret, struct err *err) MUST_CHECK;

#endif
