/*
 * open: the databases of a project, ready to be connected to.
 *
 * `embedded` stands for a private server in the project folder (servers/source, servers/target): it is made and started
 * when it is needed and goes on running until `carryover server stop`; `embedded/NAME` is another database of it.
 * Anything else is a connection string and taken as it is. The private source is set up for logical decoding; the
 * private target writes as little WAL as it can, because whatever a crash could lose there is copied or applied again,
 * until its own changes have to be followed.
 */
#ifndef CMD_OPEN_H
#define CMD_OPEN_H
#include "conf/project.h"
#include "db/cluster.h"
#include "db/pg.h"
#include "runbook/journal.h"

enum open_side { OPEN_SOURCE, OPEN_TARGET };

/* "source", "target". */
const char *open_name(enum open_side side);

/* True when the project's setting for this side is a private server. */
bool open_is_embedded(const struct project *p, enum open_side side);

/* The private cluster of a side, whether the setting names it or not. Strings belong to the project. */
struct cluster_opts open_cluster(const struct project *p, enum open_side side);

/* The connection string that `value` stands for at this side, in the arena; starts the private server when it is on
 * one. */
bool open_value(const struct project *p, enum open_side side, const char *value, struct arena *a, char **ret_uri,
                struct err *err) MUST_CHECK;

/* That of the project's setting. */
bool open_uri(const struct project *p, enum open_side side, struct arena *a, char **ret_uri,
              struct err *err) MUST_CHECK;

/* Makes the private target one whose changes can be followed: starts it anew with wal_level = logical, once. Sessions
 * on it end. Does nothing for a server of the user's. */
bool open_follow_target(const struct project *p, struct err *err) MUST_CHECK;

/* A connection to a side. */
bool open_pg(const struct project *p, enum open_side side, struct pg **ret, struct err *err) MUST_CHECK;

/* The project's journal; what is added names the operator who runs this command. */
bool open_journal(const struct project *p, struct journal **ret, struct err *err) MUST_CHECK;

#endif
