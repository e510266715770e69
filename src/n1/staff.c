#include "n1/staff.h"
#include "db/target.h"
#include "n1/verifier.h"
#include <sodium.h>

#define TEMPORARY_LENGTH 12

#define REFUSED "AuthenticationFailed: the worker or the password is not known"
#define LOCKED "AccountLocked: too many wrong passwords; try again later or ask an administrator"
#define BLOCKED "AuthorizationFailed: the worker is blocked"
#define CHANGE "ChangePasswordRequired: the password has to be changed first"
#define SAME "PasswordRejected: the new password is the old one"

struct staff {
    const struct package *package;
    struct staff_opts o;
    struct hashing *hashing;
    struct credential_sql sql;
};

bool staff_open(const struct package *p, const struct staff_opts *o, struct arena *a, struct staff **ret,
                struct err *err)
{
    struct staff *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    *s = (struct staff){.package = p, .o = *o};
    if (verifier_check(&p->n1_staff, err) && credential_load(p, a, &s->sql, err) &&
        hashing_open(&o->hashing, &s->hashing, err)) {
        *ret = s;
        return true;
    }
    staff_free(s);
    return false;
}

void staff_free(struct staff *s)
{
    if (!s)
        return;
    hashing_free(s->hashing);
    free(s);
}

const struct credential_sql *staff_sql(const struct staff *s)
{
    return &s->sql;
}

/* --- one attempt --- */

enum verdict { VERDICT_WRONG, VERDICT_OLD, VERDICT_RIGHT };

struct attempt {
    struct staff *s;
    struct pg *pg;
    const struct method *m;
    const char *store;
    const struct map *values;
    struct arena *a;
    const char *id, *password, *fresh; /* what the client sent */
    struct credential credential;
    enum verdict verdict;
    bool locked;
    char hash[HASHING_TEXT_MAX]; /* of `fresh`; or of the old password, made anew with other parameters; or "" */
};

static bool note(struct attempt *t, const char *what, struct err *err)
{
    const char *staff = t->credential.staff[0] ? t->credential.staff : "somebody unknown";
    return pg_run(t->pg, "insert into carryover.n1_audit (who, what, store, detail) values ($1, $2, $3, $4)",
                  PG_ARGS(t->store, what, t->store, staff), NULL, err);
}

/* One hash of each kind, whatever there is to compare. */
static bool compare(struct attempt *t, struct err *err)
{
    const struct credential *c = &t->credential;
    bool right = false;
    bool old =
        verifier_matches(&t->s->package->n1_staff, c->staff[0] ? c->staff : t->id, t->password, c->salt, c->old_hash) &&
        c->old_hash[0];
    if (!hashing_matches(t->s->hashing, t->password, c->hash, &right, err))
        return false;
    t->verdict = right ? VERDICT_RIGHT : old && !c->hash[0] ? VERDICT_OLD : VERDICT_WRONG;
    return true;
}

/* What needs a place among those that hash. */
static bool look(struct attempt *t, struct err *err)
{
    if (!credential_attempt(t->pg, &t->s->o.limit, t->id, &t->locked, err))
        return false;
    if (t->locked)
        return true;
    if (!credential_find(&t->s->sql, t->pg, t->id, t->a, &t->credential, err) || !compare(t, err))
        return false;
    bool renew = t->verdict == VERDICT_RIGHT && !hashing_is_current(t->s->hashing, t->credential.hash);
    const char *keep = t->fresh ? t->fresh : renew ? t->password : NULL;
    return t->verdict == VERDICT_WRONG || !keep || hashing_make(t->s->hashing, keep, t->hash, err);
}

static bool prove(struct attempt *t, struct err *err)
{
    if (!hashing_enter(t->s->hashing, err))
        return false;
    bool ok = look(t, err);
    hashing_leave(t->s->hashing);
    return ok;
}

typedef bool work_fn(struct attempt *t, struct answer *w, struct err *err);

/* The work in a transaction of its own. */
static bool transact(struct attempt *t, work_fn *work, struct answer *w, struct err *err)
{
    if (!pg_begin(t->pg, err))
        return false;
    if (target_admit_writer(t->pg, err) && work(t, w, err) && pg_commit(t->pg, err))
        return true;
    pg_rollback(t->pg);
    return false;
}

/* The package's statement; what a refusal has done is taken back, what was noted before stays. */
static bool run_body(struct attempt *t, struct answer *w, struct err *err)
{
    return pg_exec(t->pg, "savepoint call", err) && method_run(t->m, t->pg, t->values, t->a, w, err) &&
           (!w->refused || pg_exec(t->pg, "rollback to savepoint call", err));
}

static bool refuse_wrong(struct attempt *t, struct answer *w, struct err *err)
{
    bool locked = false;
    answer_refuse(w, REFUSED);
    return credential_failed(t->pg, &t->s->o.limit, t->id, &locked, err) &&
           note(t, locked ? "staff-locked" : "staff-refused", err);
}

static bool refuse_blocked(struct attempt *t, struct answer *w, struct err *err)
{
    answer_refuse(w, BLOCKED);
    return note(t, "staff-blocked", err);
}

static bool refuse_change(struct attempt *t, struct answer *w, struct err *err)
{
    answer_refuse(w, CHANGE);
    return credential_proven(t->pg, t->id, err) && note(t, "staff-must-change", err);
}

/* --- sign-in --- */

static bool sign_in(struct attempt *t, struct answer *w, struct err *err)
{
    bool renews = t->hash[0] != '\0';
    return credential_proven(t->pg, t->id, err) &&
           (!renews || credential_set(&t->s->sql, t->pg, &t->credential, t->hash, false, t->a, err)) &&
           run_body(t, w, err) && note(t, w->refused ? "staff-not-let-in" : "staff-signed-in", err);
}

static bool answer_check(struct attempt *t, struct answer *w, struct err *err)
{
    bool change = t->verdict == VERDICT_OLD || t->credential.change;
    return transact(t, change ? refuse_change : sign_in, w, err);
}

/* --- another password --- */

static size_t characters(const char *text)
{
    size_t n = 0;
    for (const char *p = text; *p; p++)
        n += ((unsigned char)*p & 0xC0) != 0x80;
    return n;
}

/* Why the new password will not do, or NULL. */
static const char *objection(const struct attempt *t)
{
    size_t n = characters(t->fresh);
    if (n < (size_t)t->s->o.length || strlen(t->fresh) > VERIFIER_PASSWORD_MAX)
        return arena_printf(t->a,
                            "PasswordRejected: a password has %" PRId64 " characters at least and %d bytes at most",
                            t->s->o.length, VERIFIER_PASSWORD_MAX);
    if (t->password && strcmp(t->fresh, t->password) == 0)
        return SAME;
    return strcmp(t->fresh, t->id) == 0 ? "PasswordRejected: the password is the worker's id" : NULL;
}

static bool change(struct attempt *t, struct answer *w, struct err *err)
{
    if (!run_body(t, w, err))
        return false;
    if (w->refused)
        return note(t, "staff-not-let-in", err);
    return credential_set(&t->s->sql, t->pg, &t->credential, t->hash, false, t->a, err) &&
           credential_changed(t->pg, t->id, t->store, err) && note(t, "staff-changed-password", err);
}

/* Somebody else's: the statement of the package says whether that may be. */
static bool reset(struct attempt *t, struct answer *w, struct err *err)
{
    if (!run_body(t, w, err) || !credential_find(&t->s->sql, t->pg, t->id, t->a, &t->credential, err))
        return false;
    if (!w->refused && !t->credential.staff[0])
        answer_refuse(w, "ResetPasswordFailed: there is no such worker");
    if (w->refused)
        return note(t, "staff-reset-refused", err);
    return credential_set(&t->s->sql, t->pg, &t->credential, t->hash, true, t->a, err) &&
           credential_changed(t->pg, t->id, "", err) && note(t, "staff-reset", err);
}

static bool answer_reset(struct attempt *t, struct answer *w, struct err *err)
{
    if (!hashing_enter(t->s->hashing, err))
        return false;
    bool made = hashing_make(t->s->hashing, t->fresh, t->hash, err);
    hashing_leave(t->s->hashing);
    return made && transact(t, reset, w, err);
}

/* --- calls --- */

static bool answer_proven(struct attempt *t, struct answer *w, struct err *err)
{
    if (t->locked) {
        answer_refuse(w, LOCKED);
        return true;
    }
    if (t->verdict == VERDICT_WRONG)
        return transact(t, refuse_wrong, w, err);
    if (t->credential.blocked)
        return transact(t, refuse_blocked, w, err);
    return t->fresh ? transact(t, change, w, err) : answer_check(t, w, err);
}

static const char *value_of(const struct map *values, const char *name)
{
    const char *value = name ? map_get(values, str_of(name)) : NULL;
    return name ? (value ? value : "") : NULL;
}

static bool answer(struct attempt *t, struct answer *w, struct err *err)
{
    const char *why = t->fresh ? objection(t) : NULL;
    if (why) {
        answer_refuse(w, why);
        return true;
    }
    if (t->m->passwords.kind == PASSWORD_RESET)
        return answer_reset(t, w, err);
    return prove(t, err) && answer_proven(t, w, err);
}

bool staff_answer(struct staff *s, struct pg *pg, const struct method *m, const char *store, const struct args *args,
                  struct arena *a, struct answer *w, struct err *err)
{
    struct attempt t = {.s = s, .pg = pg, .m = m, .store = store, .values = args->values, .a = a};
    t.credential = (struct credential){.staff = "", .hash = "", .old_hash = "", .salt = ""};
    t.id = value_of(args->values, m->passwords.staff);
    t.password = value_of(args->values, m->passwords.password);
    t.fresh = value_of(args->values, m->passwords.fresh);
    bool ok = answer(&t, w, err);
    sodium_memzero(&t.hash, sizeof t.hash);
    return ok;
}

/* --- an administrator's reset --- */

/* Letters and digits that nobody takes for each other; about five bits each. */
static void make_temporary(char *ret, size_t n)
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";
    for (size_t i = 0; i < n; i++)
        ret[i] = letters[randombytes_uniform(sizeof letters - 1)];
    ret[n] = '\0';
}

struct give {
    struct staff *s;
    const char *who, *id, *hash;
    struct arena *a;
};

static bool give_hash(struct pg *pg, const struct give *g, struct err *err)
{
    struct credential c;
    if (!credential_find(&g->s->sql, pg, g->id, g->a, &c, err))
        return false;
    if (!c.staff[0])
        return err_set(err, ERR_STAFF_UNKNOWN, "there is no worker %s", g->id);
    return credential_set(&g->s->sql, pg, &c, g->hash, true, g->a, err) && credential_changed(pg, c.staff, "", err) &&
           pg_run(pg, "insert into carryover.n1_audit (who, what, detail) values ($1, 'staff-reset', $2)",
                  PG_ARGS(g->who, c.staff), NULL, err);
}

bool staff_reset(struct staff *s, struct pg *pg, const char *who, const char *id, struct arena *a, char **ret_password,
                 struct err *err)
{
    char hash[HASHING_TEXT_MAX];
    size_t n = MAX((size_t)s->o.length, TEMPORARY_LENGTH);
    struct give g = {s, who, id, hash, a};
    *ret_password = arena_alloc(a, n + 1);
    make_temporary(*ret_password, n);
    if (!s->sql.find.sql || !s->sql.set.sql)
        return err_set(err, ERR_PACKAGE, "the package %s knows nothing of workers: it has no staff/", s->package->name);
    if (!hashing_make(s->hashing, *ret_password, hash, err) || !pg_begin(pg, err))
        return false;
    if (give_hash(pg, &g, err) && pg_commit(pg, err))
        return true;
    pg_rollback(pg);
    return false;
}
