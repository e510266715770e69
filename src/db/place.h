/*
 * place: where a private cluster lives: its folders, its programs and the system user that runs it.
 *
 * Normally the home of a cluster is the folder its owner asked for. When this process is root the server runs as
 * another system user, and the way down to that folder may be closed to him (/root is); folders that are not ours are
 * never opened up. Then the home is below /var/lib/carryover and the folder holds a link `elsewhere` to it, which is
 * followed from then on. The home belongs to this process; only `data`, `s` and the log are handed to the server's
 * user.
 *
 *   <folder>/lock       held while the cluster is made, started or stopped
 *   <home>/server.conf  written at every start, included by data/postgresql.conf
 *   <home>/server.log   what the server says
 *   <home>/data         made by initdb
 *   <home>/s            the folder of the socket; /tmp/carryover-<hash> when the path is too long or has odd characters
 */
#ifndef DB_PLACE_H
#define DB_PLACE_H
#include "db/cluster.h"
#include <sys/types.h>

#define PLACE_PORT 5432 /* part of the socket's file name, no network port */

struct place {
    const char *name; /* of the cluster: "source" */
    const char *home, *data, *log, *conf, *sockets;
    const char *bin; /* folder of initdb and pg_ctl */
    uid_t uid;       /* user that runs the server; 0: the one that runs this process */
    gid_t gid;
};

/* Finds out all of it without changing anything. `ret_made` (may be NULL) says whether the cluster exists. Fails with
 * ERR_CLUSTER when the system user does not exist or may not enter the folder of an existing cluster. The programs are
 * not looked for. */
bool place_find(const struct cluster_opts *o, struct arena *a, struct place **ret, bool *ret_made,
                struct err *err) MUST_CHECK;

/* Finds the programs: those of the version that made the data, else the newest ones. Fails with ERR_SERVER_MISSING. */
bool place_find_programs(struct place *p, const struct cluster_opts *o, struct arena *a, struct err *err) MUST_CHECK;

/* Makes the home, the log and the folder of the socket, with the right owners and modes. The caller holds the lock. */
bool place_prepare(struct place *p, const struct cluster_opts *o, struct err *err) MUST_CHECK;

/* Makes a folder and its missing parents with mode 0755 whatever the umask says, so that the server's user can pass. */
bool place_make_passable(const char *path, struct err *err) MUST_CHECK;

/* The newest folder that has initdb and pg_ctl, of major version `major` when that is not NULL; NULL when there is
 * none. */
char *place_programs(struct arena *a, const char *major);

/* The folder that has the program `name` ("pg_dump") in the oldest version that is not older than `major`: its output
 * is then what servers of about that version understand. NULL when there is none on this machine. */
char *place_program_folder(struct arena *a, const char *name, int major);

/* The folder of the socket for a home: short enough, and plain enough for a list in postgresql.conf. */
char *place_sockets(struct arena *a, const char *home);

#endif
