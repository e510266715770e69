#include "refresh/schema.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/proc.h"
#include "db/place.h"
#include "db/uri.h"
#include <unistd.h>

#define OUR_OWN "carryover"

/* What the new database gets from its own replication, or what belongs to that of the sandbox. */
static const char *const left_out[] = {
    "replication",         "relation",    "chunk",   "index_job",       "control",      "identity", "environment",
    "environment_history", "maintenance", "tracker", "tracker_version", "verification", "trail",    "touched*"};

/* Version N-1, and the lenses between the versions. */
static const char *const of_n1[] = {"old", "carryover_up", "carryover_down", "carryover_channel",
                                    "carryover_channel_n"};

bool schema_programs(const char *bin, int major, struct arena *a, const char **ret, struct err *err)
{
    *ret = bin && bin[0] ? bin : place_program_folder(a, "pg_dump", major);
    if (*ret && access(arena_printf(a, "%s/pg_dump", *ret), X_OK) == 0 &&
        access(arena_printf(a, "%s/pg_restore", *ret), X_OK) == 0)
        return true;
    err_set(err, ERR_SERVER_MISSING, "pg_dump and pg_restore of PostgreSQL %d or newer were not found%s%s", major,
            *ret ? " in " : "", *ret ? *ret : "");
    return err_hint(err, "Install them (Debian: apt-get install postgresql-client-%d), or set `postgres_bin`.", major);
}

/* --- running the programs --- */

struct words {
    char *p[64];
    size_t n;
};

static void add(struct words *w, struct arena *a, const char *word)
{
    if (w->n + 1 < ARRAY_LEN(w->p))
        w->p[w->n++] = arena_dup(a, word);
}

static bool run(struct words *w, const struct schema_opts *o, struct arena *a, struct err *err)
{
    SCOPED_BUF output = {0};
    struct proc_opts how = {.env = uri_environment(a, o->uri)};
    w->p[w->n] = NULL;
    if (proc_run(w->p, &how, &output, err))
        return true;
    struct str said = str_trim(buf_str(&output));
    if (strcasestr(buf_text(&output), "No space left"))
        err->code = ERR_DISK_FULL;
    return err_wrap(err, "%.*s", (int)MIN(said.n, (size_t)400), said.p ? said.p : "");
}

static bool dump(const struct schema_dump *d, struct arena *a, struct err *err)
{
    struct words w = {0};
    const char *const first[] = {arena_printf(a, "%s/pg_dump", d->bin),
                                 "--schema-only",
                                 "--format=custom",
                                 "--no-publications",
                                 "--no-subscriptions",
                                 "--file"};
    for (size_t i = 0; i < ARRAY_LEN(first); i++)
        add(&w, a, first[i]);
    add(&w, a, d->archive);
    for (size_t i = 0; i < ARRAY_LEN(left_out); i++)
        add(&w, a, arena_printf(a, "--exclude-table=" OUR_OWN ".%s", left_out[i]));
    for (size_t i = 0; i < ARRAY_LEN(of_n1) && !d->opts->n1; i++)
        add(&w, a, arena_printf(a, "--exclude-schema=%s", of_n1[i]));
    return run(&w, d->opts, a, err);
}

/* pg_restore writes SQL (or the list of what is in the archive) into a file, which is read. */
static bool restore(const struct schema_dump *d, const char *const *args, struct arena *a, struct str *ret,
                    struct err *err)
{
    struct words w = {0};
    const char *path = arena_printf(a, "%s/schema.out", d->opts->dir);
    add(&w, a, arena_printf(a, "%s/pg_restore", d->bin));
    for (; *args; args++)
        add(&w, a, *args);
    add(&w, a, arena_printf(a, "--file=%s", path));
    add(&w, a, d->archive);
    return run(&w, d->opts, a, err) && file_read(path, a, ret, err);
}

/* --- what is in it --- */

/* What psql alone understands, and what other versions of the server do not. */
static bool is_for_psql(struct str line)
{
    return str_starts(line, "\\restrict ") || str_starts(line, "\\unrestrict ") ||
           str_starts(line, "SET transaction_timeout");
}

static char *sql_of(struct str text, struct arena *a)
{
    SCOPED_BUF b = {0};
    while (text.n) {
        struct str line = str_split(&text, '\n');
        if (!is_for_psql(line))
            buf_printf(&b, "%.*s\n", STR_ARG(line));
    }
    return arena_dup(a, buf_text(&b));
}

/* `n1 keep` sets replica identities and makes triggers while it runs: the schema is the same for all that. */
static bool counts(struct str line, struct arena *a)
{
    const char *z = arena_dup_str(a, line);
    return line.n && !str_starts(line, "--") && !is_for_psql(line) && !strstr(z, " REPLICA IDENTITY ") &&
           !strstr(z, "EXECUTE FUNCTION " OUR_OWN ".");
}

static bool digest(struct schema_dump *d, struct arena *a, struct err *err)
{
    SCOPED_BUF b = {0};
    struct str text = {0};
    const char *args[ARRAY_LEN(of_n1) + 2] = {arena_printf(a, "--exclude-schema=" OUR_OWN)};
    for (size_t i = 1; i < ARRAY_LEN(of_n1); i++)
        args[i] = arena_printf(a, "--exclude-schema=%s", of_n1[i]);
    if (!restore(d, args, a, &text, err))
        return false;
    while (text.n) {
        struct str line = str_split(&text, '\n');
        if (counts(line, a))
            buf_printf(&b, "%.*s\n", STR_ARG(line));
    }
    hash_hex(buf_text(&b), b.n, d->digest);
    return true;
}

bool schema_take(const struct schema_opts *o, int major, struct arena *a, struct schema_dump *ret, struct err *err)
{
    *ret = (struct schema_dump){.opts = o, .archive = arena_printf(a, "%s/schema.dump", o->dir)};
    return (file_make_dirs(o->dir, err) && schema_programs(o->bin, major, a, &ret->bin, err) && dump(ret, a, err) &&
            digest(ret, a, err)) ||
           err_wrap(err, "taking the schema of the sandbox");
}

/* --- making it --- */

bool schema_make_before(const struct schema_dump *d, struct pg *next, struct arena *a, struct err *err)
{
    struct str text = {0};
    const char *args[] = {"--section=pre-data", NULL};
    return (restore(d, args, a, &text, err) && pg_exec(next, sql_of(text, a), err)) ||
           err_wrap(err, "making the schema of the next production database");
}

/* Entries of the archive are named by the numbers that their objects have in the sandbox. */
static bool find_made(struct pg *sandbox, struct pg *next, struct arena *a, struct map *ret, struct err *err)
{
    SCOPED(map) there = map_new();
    SCOPED_RESULT made = NULL;
    SCOPED_RESULT all = NULL;
    const char *made_sql = "select n.nspname || '.' || c.relname from pg_class c join pg_namespace n"
                           " on n.oid = c.relnamespace where c.relkind in ('i', 'I')";
    const char *all_sql = "select n.nspname || '.' || c.relname, '1259 ' || c.oid, '2606 ' || coalesce(k.oid, 0)"
                          " from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_constraint k"
                          " on k.conindid = c.oid and k.contype in ('p', 'u', 'x') where c.relkind in ('i', 'I')";
    if (!pg_query(next, made_sql, PG_NONE, &made, err) || !pg_query(sandbox, all_sql, PG_NONE, &all, err))
        return false;
    for (int i = 0; i < PQntuples(made); i++)
        map_put(there, str_of(pg_text(made, i, 0)))->value = there;
    for (int i = 0; i < PQntuples(all); i++)
        for (int k = 1; k <= 2 && map_get(there, str_of(pg_text(all, i, 0))); k++)
            map_put(ret, str_of(arena_dup(a, pg_text(all, i, k))))->value = ret;
    return true;
}

/* "3298; 2606 16448 CONSTRAINT hq ...": the two numbers behind the semicolon. */
static struct str entry_object(struct str line)
{
    struct str rest = line;
    str_split(&rest, ';');
    rest = str_trim(rest);
    struct str start = rest;
    str_split(&rest, ' ');
    struct str number = str_split(&rest, ' ');
    return number.p ? (struct str){start.p, (size_t)(number.p + number.n - start.p)} : (struct str){0};
}

static bool write_list(const struct schema_dump *d, const struct map *made, const char *path, struct arena *a,
                       struct err *err)
{
    SCOPED_BUF b = {0};
    struct str text = {0};
    const char *args[] = {"--list", NULL};
    if (!restore(d, args, a, &text, err))
        return false;
    while (text.n) {
        struct str line = str_split(&text, '\n');
        if (!str_starts(line, ";") && !map_get(made, entry_object(line)))
            buf_printf(&b, "%.*s\n", STR_ARG(line));
    }
    return file_write(path, buf_str(&b), err);
}

bool schema_make_after(const struct schema_dump *d, struct pg *sandbox, struct pg *next, struct arena *a,
                       struct err *err)
{
    SCOPED(map) made = map_new();
    struct str text = {0};
    const char *path = arena_printf(a, "%s/schema.list", d->opts->dir);
    const char *args[] = {"--section=post-data", arena_printf(a, "--use-list=%s", path), NULL};
    return (find_made(sandbox, next, a, made, err) && write_list(d, made, path, a, err) &&
            restore(d, args, a, &text, err) && pg_exec(next, sql_of(text, a), err)) ||
           err_wrap(err, "making what comes after the rows in the next production database");
}
