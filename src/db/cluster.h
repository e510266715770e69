/*
 * cluster: a private PostgreSQL server that belongs to a project.
 *
 * Made with initdb in a folder, reached over a unix socket only, started and stopped by carryover. PostgreSQL refuses
 * to run as root: then the server runs as the system user `postgres` (or the one named in the settings), the folder is
 * handed to him, and folders that have to be made on the way are passable for him. Existing folders that are closed to
 * him (/root) are left as they are: then the data lives below /var/lib/carryover, and a link `elsewhere` in the folder
 * says where. Socket folders have short names (a unix socket path holds 107 bytes) and mode 0700, which is why local
 * connections need no password: nobody but the server's user and root gets there. Several processes may start and stop
 * one cluster at the same time. Starting a running cluster and stopping a stopped one are no failures; a cluster that
 * was killed recovers by itself when it is started again.
 */
#ifndef DB_CLUSTER_H
#define DB_CLUSTER_H
#include "base/arena.h"
#include "base/err.h"

struct cluster_opts {
    const char *dir;         /* folder of the cluster, made when it is missing */
    const char *name;        /* "source", "target": for messages and the log */
    const char *bin;         /* folder of initdb and pg_ctl; NULL: found on this machine, newest first */
    const char *run_as;      /* system user when this process is root; NULL: postgres */
    const char *const *conf; /* "name = value" lines for postgresql.conf, NULL-terminated */
};

/* Makes (once) and starts (if needed) the cluster and gives a URI of its database `name` with the superuser
 * `carryover`. Fails with ERR_CLUSTER or ERR_SERVER_MISSING. */
bool cluster_start(const struct cluster_opts *o, struct arena *a, char **ret_uri, struct err *err) MUST_CHECK;

/* Stops it (mode fast); no failure when it does not run. */
bool cluster_stop(const struct cluster_opts *o, struct err *err) MUST_CHECK;

/* True when it runs and accepts connections. */
bool cluster_running(const struct cluster_opts *o);

/* The URI that cluster_start() gives, whether the cluster runs or not. */
bool cluster_uri(const struct cluster_opts *o, struct arena *a, char **ret_uri, struct err *err) MUST_CHECK;

/* The folder with its data and its log, for messages; it may not exist yet. */
bool cluster_home(const struct cluster_opts *o, struct arena *a, char **ret_home, struct err *err) MUST_CHECK;

/* Stops it and removes all of it, data included. No failure when there is none. */
bool cluster_remove(const struct cluster_opts *o, struct err *err) MUST_CHECK;

#endif
