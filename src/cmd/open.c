#include "cmd/open.h"
#include "base/file.h"
#include "base/log.h"
#include "cmd/operator.h"
#include "db/uri.h"
#include <assert.h>

#define EMBEDDED "embedded"

/* Tables that were just loaded are all vacuumed at once, and with the server's defaults that takes a core for minutes,
 * in the downtime too. */
#define GENTLE_VACUUM "autovacuum_vacuum_cost_delay = 20ms"

/* Data that is loaded into a table made in the same transaction is not written to WAL at all (wal_level = minimal,
 * manual section 14.4.7); nothing replicates from the target while the upgrade is made. */
static const char *const target_conf[] = {"wal_level = minimal", "max_wal_senders = 0", GENTLE_VACUUM, NULL};

/* Logical decoding, and room for the snapshot workers' and the followers' connections. */
static const char *const followed_conf[] = {"wal_level = logical", "max_replication_slots = 20", "max_wal_senders = 20",
                                            GENTLE_VACUUM, NULL};

/* A mark that outlives the process: every start of the server has to agree. */
static const char *followed_mark(const struct project *p)
{
    return project_path(p, "servers/target.followed");
}

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

/* Behind "embedded" or "embedded/": the name of a database, "" for that of the side; NULL for any other value. */
static const char *embedded_name(const char *value)
{
    size_t n = strlen(EMBEDDED);
    if (!str_starts(str_of(value), EMBEDDED) || (value[n] && value[n] != '/'))
        return NULL;
    return value[n] ? value + n + 1 : value + n;
}

bool open_is_embedded(const struct project *p, enum open_side side)
{
    return embedded_name(setting(p, side)) != NULL;
}

struct cluster_opts open_cluster(const struct project *p, enum open_side side)
{
    return (struct cluster_opts){
        .dir = project_path(p, side == OPEN_SOURCE ? "servers/source" : "servers/target"),
        .name = open_name(side),
        .bin = project_text(p, SETTING_POSTGRES_BIN),
        .run_as = project_text(p, SETTING_POSTGRES_USER),
        .conf = side == OPEN_SOURCE || file_exists(followed_mark(p)) ? followed_conf : target_conf,
    };
}

bool open_value(const struct project *p, enum open_side side, const char *value, struct arena *a, char **ret_uri,
                struct err *err)
{
    const char *database = embedded_name(value);
    if (!database) {
        *ret_uri = arena_dup(a, value);
        return true;
    }
    struct cluster_opts o = open_cluster(p, side);
    return cluster_start(&o, a, ret_uri, err) && (!*database || uri_with_database(a, *ret_uri, database, ret_uri, err));
}

bool open_uri(const struct project *p, enum open_side side, struct arena *a, char **ret_uri, struct err *err)
{
    return open_value(p, side, setting(p, side), a, ret_uri, err);
}

/* The mark may be there and the server not started anew yet: whoever wrote it was killed. */
static bool is_followed(const struct project *p, bool *ret, struct err *err)
{
    SCOPED(pg) pg = NULL;
    SCOPED(arena) a = arena_new();
    char *level = NULL;
    if (!open_pg(p, OPEN_TARGET, &pg, err) || !pg_value(pg, "show wal_level", PG_NONE, a, &level, err))
        return false;
    *ret = strcmp(level, "logical") == 0;
    return true;
}

bool open_follow_target(const struct project *p, struct err *err)
{
    SCOPED(arena) a = arena_new();
    char *uri = NULL;
    bool followed = false;
    if (!open_is_embedded(p, OPEN_TARGET))
        return true;
    if (!is_followed(p, &followed, err) || followed)
        return followed;
    log_info("server.restart", "the private target is started anew with wal_level = logical");
    if (!file_write(followed_mark(p), STR("its changes are followed: wal_level = logical\n"), err))
        return false;
    struct cluster_opts o = open_cluster(p, OPEN_TARGET);
    return cluster_stop(&o, err) && cluster_start(&o, a, &uri, err);
}

bool open_pg(const struct project *p, enum open_side side, struct pg **ret, struct err *err)
{
    SCOPED(arena) a = arena_new();
    char *uri = NULL;
    return open_uri(p, side, a, &uri, err) && pg_open(uri, open_name(side), ret, err);
}

bool open_journal(const struct project *p, struct journal **ret, struct err *err)
{
    SCOPED(arena) a = arena_new();
    return journal_open(project_path(p, "state.db"), operator_name(a), ret, err);
}
