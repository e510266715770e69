#include "cmd/open.h"
#include <assert.h>

/* Logical decoding, and room for the snapshot workers' and the followers' connections. */
static const char *const source_conf[] = {"wal_level = logical", "max_replication_slots = 20", "max_wal_senders = 20",
                                          NULL};

/* Data that is loaded into a table made in the same transaction is not written to WAL at all (wal_level = minimal,
 * manual section 14.4.7); nothing replicates from the target while the upgrade is made. */
static const char *const target_conf[] = {"wal_level = minimal", "max_wal_senders = 0", NULL};

const char *open_name(enum open_side side)
{
    switch (side) {
    case OPEN_SOURCE:
        return "source";
    case OPEN_TARGET:
        return "target";
    }
    assert(!"a side");
    return "";
}

static const char *setting(const struct project *p, enum open_side side)
{
    return project_text(p, side == OPEN_SOURCE ? SETTING_SOURCE : SETTING_TARGET);
}

bool open_is_embedded(const struct project *p, enum open_side side)
{
    return strcmp(setting(p, side), "embedded") == 0;
}

struct cluster_opts open_cluster(const struct project *p, enum open_side side)
{
    return (struct cluster_opts){
        .dir = project_path(p, side == OPEN_SOURCE ? "servers/source" : "servers/target"),
        .name = open_name(side),
        .bin = project_text(p, SETTING_POSTGRES_BIN),
        .run_as = project_text(p, SETTING_POSTGRES_USER),
        .conf = side == OPEN_SOURCE ? source_conf : target_conf,
    };
}

bool open_uri(const struct project *p, enum open_side side, struct arena *a, char **ret_uri, struct err *err)
{
    if (open_is_embedded(p, side)) {
        struct cluster_opts o = open_cluster(p, side);
        return cluster_start(&o, a, ret_uri, err);
    }
    *ret_uri = arena_dup(a, setting(p, side));
    return true;
}

bool open_pg(const struct project *p, enum open_side side, struct pg **ret, struct err *err)
{
    SCOPED(arena) a = arena_new();
    char *uri = NULL;
    return open_uri(p, side, a, &uri, err) && pg_open(uri, open_name(side), ret, err);
}
