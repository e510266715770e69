#include "n1/download.h"
#include "base/json.h"
#include "conf/value.h"
#include "n1/registry.h"
#include "n1/shipment.h"
#include <stdlib.h>

/* --- what the store has --- */

/* A job, or a job and a group: see chain_name(). */
static bool is_chain(struct str s)
{
    bool has_group = memchr(s.p, '@', s.n) != NULL;
    struct str job = str_split(&s, '@');
    return registry_is_id(job) && (!has_group || registry_is_id(s));
}

bool download_parse(struct str text, struct arena *a, struct download_store *ret, struct err *err)
{
    struct download_at *list = arena_new_array(a, struct download_at, DOWNLOAD_CHAINS_MAX);
    ret->at = list;
    ret->n_at = 0;
    while (text.n) {
        struct str version = str_split(&text, ','), chain = str_split(&version, ':');
        int64_t n = 0;
        if (ret->n_at == DOWNLOAD_CHAINS_MAX || !is_chain(chain) || !value_number(version, &n))
            return err_set(err, ERR_REQUEST, "\"at\" has to be a list of up to %d entries CHAIN:VERSION",
                           DOWNLOAD_CHAINS_MAX);
        list[ret->n_at++] = (struct download_at){arena_dup_str(a, chain), n};
    }
    return true;
}

/* Two array literals; names of chains have no character that quotes do not hold. */
static void put_arrays(struct buf *chains, struct buf *versions, const struct download_store *s)
{
    buf_putc(chains, '{');
    buf_putc(versions, '{');
    for (size_t i = 0; i < s->n_at; i++) {
        buf_printf(chains, "%s\"%s\"", i ? "," : "", s->at[i].chain);
        buf_printf(versions, "%s%" PRId64, i ? "," : "", s->at[i].version);
    }
    buf_putc(chains, '}');
    buf_putc(versions, '}');
}

/* --- what comes next --- */

/* One row for each chain of the store, in the order of what it would get. `at` is null when a full package has to come;
 * a full one is good when what follows it is there, and when it is newer than what the store must not have again. */
static const char next_sql[] =
    "with kind as (select distinct s.job, case s.scope when 'store' then 'store' else 'group' end as scope,"
    "  j.schema from carryover.n1_subjob s join carryover.n1_job j on j.job = s.job and not j.paused),"
    " mine as (select k.job, k.scope, case k.scope when 'group' then t.group_name else t.store end as owner,"
    "  k.job || case k.scope when 'group' then '@' || t.group_name else '' end as name, r.behind"
    "  from carryover.n1_store t join kind k on k.schema = t.schema left join carryover.n1_resync r on r.store = "
    "t.store and r.job = "
    "k.job and r.scope = k.scope"
    "  where t.store = $1),"
    " have as (select m.*, c.version as head, case when m.behind is null and a.version <= c.version"
    "  and q.version = a.version then a.version end as at"
    "  from mine m left join carryover.n1_chain c on c.job = m.job and c.scope = m.scope and c.owner = m.owner"
    "  left join unnest($2::text[], $3::bigint[]) a(chain, version) on a.chain = m.name"
    "  left join carryover.n1_position q on q.store = $1 and q.job = m.job and q.scope = m.scope and q.owner = m.owner)"
    " select h.job, h.scope, h.owner, h.head, d.package, f.package, l.bytes, f.bytes, f.following"
    " from have h"
    " left join lateral (select p.package, p.to_version from carryover.n1_package p where p.job = h.job and p.scope = "
    "h.scope"
    "  and p.owner = h.owner and not p.is_full and p.from_version <= h.at and p.to_version > h.at"
    "  and not exists (select from carryover.n1_download x where x.store = $1 and x.package = p.package"
    "   and x.state = 'canceled') order by p.to_version limit 1) d on h.at < h.head"
    " left join lateral (select coalesce(sum(p.bytes), 0) as bytes from carryover.n1_package p where p.job = h.job"
    "  and p.scope = h.scope and p.owner = h.owner and not p.is_full and p.to_version > h.at) l on d.package is not "
    "null"
    " left join lateral (select p.package, p.to_version, p.bytes, (select coalesce(sum(q.bytes), 0)"
    "   from carryover.n1_package q where q.job = h.job and q.scope = h.scope and q.owner = h.owner and not q.is_full"
    "   and q.to_version > p.to_version) as following"
    "  from carryover.n1_package p where p.job = h.job and p.scope = h.scope and p.owner = h.owner and p.is_full"
    "  and p.package > coalesce(h.behind, 0) and p.to_version > coalesce(h.at, -1) and (p.to_version = h.head or "
    "exists (select from carryover.n1_package q"
    "   where q.job = h.job and q.scope = h.scope and q.owner = h.owner and not q.is_full"
    "   and q.from_version <= p.to_version and q.to_version > p.to_version))"
    "  and not exists (select from carryover.n1_download x where x.store = $1 and x.package = p.package"
    "   and x.state = 'canceled') order by p.package desc limit 1) f on true"
    " where h.head is null or h.at is null or h.at < h.head"
    " order by coalesce(d.package, f.package), h.job, h.scope";

enum next_column {
    NEXT_JOB,
    NEXT_SCOPE,
    NEXT_OWNER,
    NEXT_HEAD,
    NEXT_DELTA,
    NEXT_FULL,
    NEXT_DELTAS_BYTES,    /* of all deltas that the store needs */
    NEXT_FULL_BYTES,      /* of the full package alone */
    NEXT_FOLLOWING_BYTES, /* of the deltas that come after the full one */
};

struct choice {
    const char *package; /* NULL: a full one has to be made first */
    bool fold;           /* a new full package would be cheaper than what is there */
};

/* A delta where one leads on, unless all that follows is more than a full package with what follows that. A store that
 * has nothing does not get the history: it waits for a new full package where the last one is long ago. */
static struct choice choose(const PGresult *r, int row)
{
    bool has_delta = !PQgetisnull(r, row, NEXT_DELTA), has_full = !PQgetisnull(r, row, NEXT_FULL);
    int64_t deltas = pg_i64(r, row, NEXT_DELTAS_BYTES), full = pg_i64(r, row, NEXT_FULL_BYTES);
    int64_t following = pg_i64(r, row, NEXT_FOLLOWING_BYTES);
    if (has_delta && (!has_full || deltas <= full + following))
        return (struct choice){pg_text(r, row, NEXT_DELTA), has_full && deltas > full};
    if (has_full && following <= full)
        return (struct choice){pg_text(r, row, NEXT_FULL), false};
    return (struct choice){NULL, true};
}

static bool wish(struct pg *target, const PGresult *r, int row, struct err *err)
{
    struct pg_args args = PG_ARGS(pg_text(r, row, NEXT_JOB), pg_text(r, row, NEXT_SCOPE), pg_text(r, row, NEXT_OWNER));
    return (!PQgetisnull(r, row, NEXT_HEAD) ||
            pg_run(target,
                   "insert into carryover.n1_chain (job, scope, owner) values ($1, $2, $3) on conflict do nothing",
                   args, NULL, err)) &&
           pg_run(target,
                  "insert into carryover.n1_wish (job, scope, owner) values ($1, $2, $3) on conflict do nothing", args,
                  NULL, err);
}

/* What becomes of a package is noted without waiting for the disk: a store whose words a crash of the server took says
 * them again, with its next question at the latest. */
#define PACKAGE_GONE "23503" /* foreign_key_violation */
#define NO_WAIT "with s as materialized (select set_config('synchronous_commit', 'off', true))"

/* Notes that it is asked for; yields false in `*ret_offered` when it has failed too often. */
static bool offer(struct pg *target, const struct download_store *s, const char *package, bool *ret_offered,
                  struct err *err)
{
    SCOPED_RESULT r = NULL;
    char tries[16];
    snprintf(tries, sizeof tries, "%d", s->tries_max);
    if (!pg_again(target,
                  "select tries >= $3::int, state = 'failed' from carryover.n1_download where store = $1"
                  " and package = $2::bigint",
                  PG_ARGS(s->store, package, tries), &r, err))
        return false;
    bool known = PQntuples(r) != 0;
    *ret_offered = !known || !pg_bool(r, 0, 0);
    if (!*ret_offered || (known && !pg_bool(r, 0, 1)))
        return true;
    SCOPED_RESULT noted = NULL;
    bool ok =
        pg_again(target,
                 NO_WAIT " insert into carryover.n1_download (store, package, state) select $1, $2::bigint, 'requested'"
                         " from s on conflict (store, package) do update set state = 'requested'",
                 PG_ARGS(s->store, package), &noted, err);
    if (!ok && strcmp(err->sqlstate, PACKAGE_GONE) == 0)
        return err_set(err, ERR_GATEWAY_BUSY, "the package is just being replaced");
    return ok;
}

static bool put_package(struct pg *target, const char *package, struct buf *b, struct err *err)
{
    SCOPED(arena) a = arena_new();
    SCOPED_RESULT r = NULL;
    if (!pg_again(target,
                  "select job, scope, owner, is_full, from_version, to_version, bytes, sha256, parts, package"
                  " from carryover.n1_package where package = $1::bigint",
                  PG_ARGS(package), &r, err))
        return false;
    if (PQntuples(r) == 0)
        return err_set(err, ERR_GATEWAY_BUSY, "the package is just being replaced");
    struct chain c = {pg_text(r, 0, 0), pg_text(r, 0, 1), pg_text(r, 0, 2), 0};
    buf_printf(b, "{\"package\":{\"id\":%s,\"job\":", package);
    json_put_string(b, str_of(c.job));
    buf_puts(b, ",\"chain\":");
    json_put_string(b, str_of(chain_name(a, &c)));
    buf_printf(b, ",\"full\":%s,\"from\":%s,\"to\":%s,\"bytes\":%s,\"sha256\":\"%s\",\"parts\":%s,\"part_bytes\":%d}",
               pg_bool(r, 0, 3) ? "true" : "false", pg_text(r, 0, 4), pg_text(r, 0, 5), pg_text(r, 0, 6),
               pg_text(r, 0, 7), pg_text(r, 0, 8), SHIPMENT_PART_BYTES);
    buf_puts(b, ",\"preparing\":false,\"poll_after\":0}\n");
    return true;
}

/* Where the store is, if it got there from here: a version that it was never offered comes from a headquarters that was
 * set back meanwhile, and then says nothing of what the store has. Rows change only when the store has moved. What it
 * has passed was applied, whether it said so or not. */
static bool keep_position(struct pg *target, const char *store, const char *chains, const char *versions,
                          struct err *err)
{
    static const char sql[] = NO_WAIT
        ", a as (select split_part(x.chain, '@', 1) as job, case when x.chain like '%@%' then 'group' else"
        " 'store' end as scope, case when x.chain like '%@%' then split_part(x.chain, '@', 2) else $1 end as owner,"
        " x.version from unnest($2::text[], $3::bigint[]) x(chain, version)),"
        " moved as (insert into carryover.n1_position as p (store, job, scope, owner, version)"
        "  select distinct on (a.job, a.scope, a.owner) $1, a.job, a.scope, a.owner, a.version from s, a"
        "  where exists (select from carryover.n1_chain c where c.job = a.job and c.scope = a.scope and c.owner = "
        "a.owner)"
        " and not exists (select from carryover.n1_position q where q.store = $1 and q.job = a.job"
        "   and q.scope = a.scope and q.owner = a.owner and q.version = a.version)"
        "  and exists (select from carryover.n1_download d join carryover.n1_package p on p.package = d.package"
        "   where d.store = $1 and p.job = a.job and p.scope = a.scope and p.owner = a.owner"
        "   and p.to_version = a.version)"
        "  order by a.job, a.scope, a.owner, a.version"
        "  on conflict (store, job, scope, owner) do update set version = excluded.version"
        "  returning p.job, p.scope, p.owner, p.version)"
        " update carryover.n1_download d set state = 'applied', applied = coalesce(d.applied, clock_timestamp()),"
        " message = '' from moved m join carryover.n1_package p on p.job = m.job and p.scope = m.scope"
        " and p.owner = m.owner and p.to_version <= m.version where d.store = $1 and d.package = p.package"
        " and d.state in ('requested', 'downloaded', 'failed')";
    SCOPED_RESULT r = NULL;
    return pg_again(target, sql, PG_ARGS(store, chains, versions), &r, err);
}

void download_put_nothing(struct buf *b, bool preparing, int64_t poll_s)
{
    buf_printf(b, "{\"package\":null,\"preparing\":%s,\"poll_after\":%" PRId64 "}\n", preparing ? "true" : "false",
               preparing ? MIN(poll_s, 1) : poll_s);
}

static bool answer(struct pg *target, const struct download_store *s, const PGresult *r, int64_t poll_s, struct buf *b,
                   bool *ret_nothing, struct err *err)
{
    bool preparing = false;
    *ret_nothing = false;
    for (int i = 0; i < PQntuples(r); i++) {
        struct choice c = choose(r, i);
        bool offered = false;
        preparing = preparing || !c.package;
        if ((c.fold && !wish(target, r, i, err)) || (c.package && !offer(target, s, c.package, &offered, err)))
            return false;
        if (offered)
            return put_package(target, c.package, b, err);
    }
    *ret_nothing = !preparing;
    download_put_nothing(b, preparing, poll_s);
    return true;
}

bool download_next(struct pg *target, const struct download_store *s, int64_t poll_s, struct buf *b, bool *ret_nothing,
                   struct err *err)
{
    SCOPED_RESULT r = NULL;
    SCOPED_BUF chains = {0};
    SCOPED_BUF versions = {0};
    put_arrays(&chains, &versions, s);
    return keep_position(target, s->store, chains.p, versions.p, err) &&
           pg_again(target, next_sql, PG_ARGS(s->store, chains.p, versions.p), &r, err) &&
           answer(target, s, r, poll_s, b, ret_nothing, err);
}

/* --- bytes --- */

#define IS_FOR_STORE                                                                                                   \
    " (p.scope = 'store' and p.owner = $1 or p.scope = 'group' and p.owner = (select group_name from"                  \
    " carryover.n1_store where store = $1))"

bool download_part(struct pg *target, const char *store, int64_t package, int64_t no, struct buf *b, struct err *err)
{
    SCOPED_RESULT r = NULL;
    char id[24], part[24];
    snprintf(id, sizeof id, "%" PRId64, package);
    snprintf(part, sizeof part, "%" PRId64, no);
    if (!pg_again(target,
                  "select x.content from carryover.n1_package_part x join carryover.n1_package p using (package)"
                  " where x.package = $2::bigint and x.no = $3::bigint and" IS_FOR_STORE,
                  PG_ARGS(store, id, part), &r, err))
        return false;
    if (PQntuples(r) == 0)
        return err_set(err, ERR_NOT_FOUND, "there is no such part, or the package is gone: ask again what comes next");
    size_t n = 0;
    unsigned char *bytes = PQunescapeBytea((const unsigned char *)PQgetvalue(r, 0, 0), &n);
    if (!bytes)
        abort();
    buf_put(b, bytes, n);
    PQfreemem(bytes);
    return true;
}

/* --- what the store says --- */

static bool is_state(const char *state)
{
    return strcmp(state, "downloaded") == 0 || strcmp(state, "applied") == 0 || strcmp(state, "failed") == 0;
}

/* What ends a resync is a full package that was made after the operator asked. */
static bool end_resync(struct pg *target, const char *store, const char *package, struct err *err)
{
    return pg_run(target,
                  "delete from carryover.n1_resync r using carryover.n1_package p where r.store = $1 and p.package ="
                  " $2::bigint and p.is_full and r.job = p.job and r.scope = p.scope and p.package > r.behind",
                  PG_ARGS(store, package), NULL, err);
}

bool download_note(struct pg *target, const char *store, int64_t package, const char *state, const char *message,
                   struct err *err)
{
    static const char sql[] = NO_WAIT
        " update carryover.n1_download set tries = tries + case when $3 = 'failed' and state <> 'failed' then 1 else 0 "
        "end,"
        " state = case when state in ('applied', 'canceled') and $3 <> 'applied' then state else $3 end,"
        " downloaded = case when $3 = 'failed' then downloaded else coalesce(downloaded, clock_timestamp()) end,"
        " applied = case when $3 = 'applied' then coalesce(applied, clock_timestamp()) else applied end,"
        " message = case when $3 = 'failed' then $4 else '' end from s where store = $1 and package = $2::bigint";
    SCOPED_RESULT r = NULL;
    char id[24];
    snprintf(id, sizeof id, "%" PRId64, package);
    if (!is_state(state))
        return err_set(err, ERR_REQUEST, "\"state\" is one of downloaded, applied and failed");
    if (!pg_again(target, sql, PG_ARGS(store, id, state, message), &r, err))
        return false;
    if (strcmp(PQcmdTuples(r), "0") == 0)
        return err_set(err, ERR_NOT_FOUND, "this store has not asked for such a package");
    return strcmp(state, "applied") != 0 || end_resync(target, store, id, err);
}
