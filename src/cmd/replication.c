#include "cmd/replication.h"
#include "cmd/open.h"
#include "cmd/operator.h"
#include "db/target.h"
#include <unistd.h>

#define WORKERS_MAX 64

int replication_workers(const struct project *p)
{
    int64_t n = project_number(p, SETTING_WORKERS);
    if (n == 0)
        n = sysconf(_SC_NPROCESSORS_ONLN);
    return (int)MAX(1, MIN(n, WORKERS_MAX));
}

bool replication_source(struct project *p, struct arena *a, struct source_opts *ret, struct err *err)
{
    const struct package *package = NULL;
    char *uri = NULL;
    if (!project_package(p, &package, err) || !open_uri(p, OPEN_SOURCE, a, &uri, err))
        return false;
    *ret = (struct source_opts){.uri = uri,
                                .role = open_name(OPEN_SOURCE),
                                .schema = package->source_schema,
                                .home = TARGET_OLD,
                                .slot = project_text(p, SETTING_SLOT),
                                .publication = project_text(p, SETTING_PUBLICATION),
                                .exclude = project_list(p, SETTING_EXCLUDE)};
    return true;
}

bool replication_opts(struct project *p, struct arena *a, struct replicate_opts *ret, struct err *err)
{
    char *target = NULL;
    *ret = (struct replicate_opts){.workers = replication_workers(p),
                                   .chunk_bytes = project_number(p, SETTING_CHUNK_SIZE),
                                   .batch_bytes = project_number(p, SETTING_BATCH_SIZE),
                                   .retry_ms = project_number(p, SETTING_RETRY_FOR),
                                   .who = operator_name(a)};
    if (!replication_source(p, a, &ret->source, err) || !open_uri(p, OPEN_TARGET, a, &target, err))
        return false;
    ret->target_uri = target;
    return true;
}

static bool check_columns(const struct package_require *r, const struct table *t, struct err *err)
{
    for (size_t i = 0; i < r->n_columns; i++)
        if (!table_column(t, r->columns[i]))
            return err_set(err, ERR_FINGERPRINT, "the source table %s has no column %s", r->table, r->columns[i]);
    return true;
}

bool replication_check_fingerprint(const struct package *package, const struct table_list *tables, struct err *err)
{
    for (size_t i = 0; i < package->n_require; i++) {
        const struct table *t = table_find(tables, package->source_schema, package->require[i].table);
        if (!t)
            return err_set(err, ERR_FINGERPRINT, "the source has no table %s.%s", package->source_schema,
                           package->require[i].table);
        if (!check_columns(&package->require[i], t, err))
            return false;
    }
    return true;
}
