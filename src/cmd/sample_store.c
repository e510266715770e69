#include "cmd/cmd.h"
#include "cmd/open.h"
#include "db/target.h"
#include "lens/install.h"
#include "n1/jobs.h"
#include "n1/registry.h"
#include "n1/shipment.h"
#include "store/apply.h"
#include <unistd.h>

#define NUMBERS_FROM "1000000000" /* rows and receipts of the sample and its workload are numbered below */

/* What this makes in the target is rolled back, but for the tables of the registry. */
struct filling {
    struct arena *a;
    const struct package *package;
    struct pg *target;
    struct channel *store;
    const char *spool, *group;
    int64_t rows;
    int packages;
};

static bool open_filling(struct command_call *call, struct filling *f, struct err *err)
{
    struct project *p = NULL;
    bool ours = false;
    *f = (struct filling){.a = command_arena(call)};
    if (!command_project(call, &p, err) || !project_package(p, &f->package, err) ||
        !channel_open(command_arg(call, 0), &f->store, err) || !open_pg(p, OPEN_TARGET, &f->target, err) ||
        !target_prepared(f->target, &ours, err))
        return false;
    f->spool = channel_path(f->store, "download");
    if (ours)
        return target_check_not_live(f->target, err);
    err_set(err, ERR_TARGET_STATE, "there is no replica of the old headquarters yet");
    return err_hint(err, "Run `carryover replicate start` and `carryover upgrade --once` first.");
}

/* Its versions were those of the old headquarters: the new one has never heard of them. */
static bool forget_versions(struct filling *f, struct err *err)
{
    return sqlite_run(f->store->db, "delete from carryover_version", SQLITE_NONE, err);
}

static bool fill(struct filling *f, const struct subjobs *list, const struct chain *c, struct err *err)
{
    struct shipment_made made;
    struct apply_result applied;
    const char *path = channel_path(f->store, "download/package");
    struct offer offer = {.id = 1, .job = c->job, .chain = chain_name(f->a, c), .full = true, .to = 1};
    if (!shipment_full(f->target, list, c, 1, f->spool, &made, err))
        return false;
    bool ok = apply_package(f->store, &offer, path, &applied, err) && forget_versions(f, err);
    unlink(path);
    f->rows += made.rows;
    f->packages++;
    return ok;
}

static bool has_scope(const struct subjobs *list, bool by_store)
{
    for (size_t i = 0; i < list->n; i++)
        if ((strcmp(list->p[i].scope, "store") == 0) == by_store)
            return true;
    return false;
}

static bool fill_job(struct filling *f, const char *job, struct err *err)
{
    struct subjobs list;
    struct chain of_group = {job, "group", f->group, 0}, own = {job, "store", f->store->id, 0};
    return subjobs_read(f->target, job, f->a, &list, err) &&
           (!has_scope(&list, false) || fill(f, &list, &of_group, err)) &&
           (!has_scope(&list, true) || fill(f, &list, &own, err));
}

static bool fill_all(struct filling *f, struct err *err)
{
    struct registry_store s;
    if (!registry_show(f->target, f->store->id, f->a, &s, err) || !install_channel(f->target, f->package, err) ||
        !jobs_take(f->target, f->package, err))
        return false;
    f->group = s.group;
    for (size_t i = 0; i < f->package->n_jobs; i++)
        if (!f->package->jobs[i].is_new && !fill_job(f, f->package->jobs[i].id, err))
            return false;
    return true;
}

/* It has sold for years: its numbers go on, out of the way of the receipts that the workload gives in its name to the
 * old headquarters. */
static bool go_on_counting(struct filling *f, struct err *err)
{
    return sqlite_exec(f->store->db,
                       "update carryover_upload set last = " NUMBERS_FROM ", sent = " NUMBERS_FROM
                       ", marked = " NUMBERS_FROM " where last < " NUMBERS_FROM,
                       err);
}

static bool check_unsold(struct filling *f, struct err *err)
{
    int64_t waiting = 0;
    if (!sqlite_number(f->store->db, "select count(*) from carryover_upload where last > sent", SQLITE_NONE, 0,
                       &waiting, err))
        return false;
    return !waiting || err_set(err, ERR_STORE_STATE, "the store %s has sold something that headquarters does not have",
                               f->store->id);
}

static bool fill_store(struct filling *f, struct err *err)
{
    if (!check_unsold(f, err))
        return false;
    if (!registry_prepare(f->target, err) || !channel_lock(f->store, "sync", err) || !pg_begin(f->target, err))
        return false;
    bool ok = fill_all(f, err) && go_on_counting(f, err);
    pg_rollback(f->target);
    return ok;
}

static bool print_filled(struct command_call *call, const struct filling *f, struct err *err)
{
    SCOPED_BUF text = {0};
    if (command_flag(call, OPTION_JSON))
        buf_printf(&text, "{\"store\":\"%s\",\"packages\":%d,\"rows\":%" PRId64 "}\n", f->store->id, f->packages,
                   f->rows);
    else
        buf_printf(&text, "the store %s has what the old headquarters gave it: %" PRId64 " rows\n", f->store->id,
                   f->rows);
    return cmd_print(&text, err);
}

bool cmd_sample_store(struct command_call *call, struct err *err)
{
    struct filling f;
    bool ok = open_filling(call, &f, err) && fill_store(&f, err) && print_filled(call, &f, err);
    pg_free(f.target);
    channel_free(f.store);
    return ok;
}
