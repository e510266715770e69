#include "cmd/check_files.h"
#include "base/file.h"
#include "checklist/usermap.h"
#include "cmd/n1_opts.h"
#include "db/target.h"
#include "n1/credential.h"
#include "n1/verifier.h"
#include <errno.h>
#include <unistd.h>

static const char *digest_of(struct str text, struct arena *a)
{
    struct digest d;
    char *hex = arena_alloc(a, DIGEST_HEX);
    digest_init(&d);
    digest_bytes(&d, text.p, text.n);
    digest_hex(&d, hex);
    return hex;
}

/* --- the user mapping --- */

static bool read_users(struct checkup *c, const char *sql, struct usermap_user **ret, size_t *ret_n, struct err *err)
{
    SCOPED_RESULT r = NULL;
    struct pg *pg = NULL;
    if (!c->run.connect(c, true, &pg, err) || !pg_begin(pg, err))
        return false;
    bool ok = pg_execf(pg, err, "set local search_path = %s", pg_ident(c->a, c->package->source_schema)) &&
              pg_query(pg, sql, PG_NONE, &r, err);
    pg_rollback(pg);
    if (!ok)
        return err_wrap(err, "asking for the users of the source");
    if (PQnfields(r) != 2)
        return err_set(err, ERR_PACKAGE,
                       "user-map: the SELECT has two columns, the id and whether the user may sign in");
    *ret_n = (size_t)PQntuples(r);
    *ret = arena_new_array(c->a, struct usermap_user, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = (struct usermap_user){arena_dup(c->a, pg_text(r, (int)i, 0)), pg_bool(r, (int)i, 1)};
    return true;
}

/* A file of an earlier look would mislead once nothing is rejected any more. */
static bool write_rejected(struct checkup *c, const struct usermap *m, struct err *err)
{
    SCOPED_BUF b = {0};
    const char *path = project_path(c->project, "reports/user-map-rejected.csv");
    if (m->n_rejected == 0)
        return unlink(path) == 0 || errno == ENOENT || err_os(err, ERR_FILE, errno, "removing %s", path);
    usermap_put_rejected(m, &b);
    return file_make_dirs(project_path(c->project, "reports"), err) && file_write(path, buf_str(&b), err);
}

static void tell_users(struct item_call *x, const struct usermap *m, struct str text)
{
    x->summary = arena_printf(x->a, "%zu rows%s, %zu accepted, %zu rejected, %zu users without one; BLAKE2b %s%s",
                              m->rows, m->header ? " below a line of names" : "", m->accepted, m->n_rejected,
                              m->n_missing, digest_of(text, x->a),
                              m->n_rejected ? "; rejected rows are in reports/user-map-rejected.csv" : "");
    for (size_t i = 0; i < m->n_rejected; i++)
        checks_found(x->found, CHECK_BLOCKER, arena_printf(x->a, "line %d", m->rejected[i].line), "%s: %s",
                     m->rejected[i].user, m->rejected[i].reason);
    for (size_t i = 0; i < m->n_missing; i++)
        checks_found(x->found, CHECK_BLOCKER, m->missing[i], "may sign in and has no row");
}

bool check_user_map(struct checkup *c, struct item_call *x, struct err *err)
{
    struct usermap_user *users = NULL;
    struct usermap m;
    struct str text;
    size_t n = 0;
    const char *path = n1_file(c->project, SETTING_CHECK_USER_MAP);
    if (!read_users(c, x->item->argument, &users, &n, err))
        return false;
    if (!path[0]) {
        checks_found(x->found, CHECK_BLOCKER, "check.user_map", "it is not set, and the source has %zu users", n);
        return true;
    }
    if (!file_read(path, c->a, &text, err))
        return false;
    usermap_read(text, users, n, c->a, &m);
    tell_users(x, &m, text);
    return write_rejected(c, &m, err);
}

/* --- the salt --- */

static const char *setting_of(const struct package *p, const char *name)
{
    for (size_t i = 0; i < p->n_settings; i++)
        if (strcmp(p->settings[i].name, name) == 0)
            return p->settings[i].value;
    return NULL;
}

/* With the table of version N, because only there the salt and the hash stand side by side. */
static bool prove(struct checkup *c, struct item_call *x, const char *staff, const char *password, const char *salt,
                  struct err *err)
{
    struct pg *target = NULL;
    struct credential_sql sql;
    struct credential k;
    int64_t tables = 0;
    if (!c->run.connect(c, false, &target, err) || !credential_load(c->package, c->a, &sql, err) ||
        !pg_value_i64(target, "select count(*) from pg_tables where schemaname = '" TARGET_NEW "'", PG_NONE, &tables,
                      err))
        return false;
    if (tables == 0) {
        x->summary =
            arena_printf(x->a, "%s; the worker of its second line is tried when version N is loaded", x->summary);
        return true;
    }
    if (!credential_find(&sql, target, staff, c->a, &k, err))
        return false;
    if (!k.old_hash[0])
        checks_found(x->found, CHECK_BLOCKER, staff, "version N has no hash of N-1 of this worker");
    else if (!verifier_matches(&c->package->n1_staff, staff, password, salt, k.old_hash))
        checks_found(x->found, CHECK_BLOCKER, staff, "the password is not proven with this salt and algorithm");
    else
        x->summary = arena_printf(x->a, "%s; the hash of worker %s is proven with it", x->summary, staff);
    return true;
}

/* The second line: STAFF PASSWORD. */
static bool prove_line(struct checkup *c, struct item_call *x, struct str line, const char *salt, struct err *err)
{
    const char *staff = arena_dup_str(c->a, str_split(&line, ' '));
    char *password = arena_dup_str(c->a, str_trim(line));
    bool ok = prove(c, x, staff, password, salt, err);
    sodium_memzero(password, strlen(password));
    return ok;
}

static void ask_whether_salted(struct item_call *x, const char *set)
{
    if (set[0]) {
        checks_found(x->found, CHECK_BLOCKER, "check.salt_file", "it is not set: the salt is in settings.%s only",
                     x->item->argument);
        return;
    }
    x->question =
        arena_printf(x->a,
                     "there is no archived salt (check.salt_file) and settings.%s is empty: were the passwords "
                     "of workers never salted?",
                     x->item->argument);
    x->rests = "no salt";
}

bool check_salt_archive(struct checkup *c, struct item_call *x, struct err *err)
{
    struct str text;
    const char *path = n1_file(c->project, SETTING_CHECK_SALT_FILE), *set = setting_of(c->package, x->item->argument);
    if (!set)
        return err_set(err, ERR_PACKAGE, "salt-archive: the package has no setting '%s'", x->item->argument);
    if (!path[0]) {
        ask_whether_salted(x, set);
        return true;
    }
    if (!file_read(path, c->a, &text, err))
        return false;
    if (!file_is_private(path)) /* not even the group: who has the salt and the hashes can try passwords */
        checks_found(x->found, CHECK_BLOCKER, path, "others may read it: chmod 600");
    x->summary = arena_printf(x->a, "BLAKE2b %s", digest_of(text, c->a));
    struct str salt = str_trim(str_split(&text, '\n')), line = str_trim(text);
    if (!str_is(salt, set))
        checks_found(x->found, CHECK_BLOCKER, path, "its first line is not what settings.%s says", x->item->argument);
    return line.n == 0 || prove_line(c, x, line, arena_dup_str(c->a, salt), err);
}
