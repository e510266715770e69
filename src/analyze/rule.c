#include "analyze/rule.h"
#include "analyze/builtin.h"
#include "base/clock.h"
#include "base/suggest.h"

static enum analyze_severity severity_of(const char *word)
{
    int s = 0;
    while (s < ANALYZE_INFO && strcmp(analyze_severity_name((enum analyze_severity)s), word) != 0)
        s++;
    return (enum analyze_severity)s;
}

static const char *word_of(const struct package_file *f, const char *word)
{
    const char *value = package_word(f, word);
    return value ? value : "";
}

static bool run_select(const struct rule_call *c, struct analyze_finding *f, struct err *err);

static struct rule rule_of(const struct package_file *f)
{
    struct analyze_finding about = {.id = package_word(f, "id"),
                                    .catalogue = word_of(f, "catalogue"),
                                    .section = package_word(f, "section"),
                                    .title = package_word(f, "title"),
                                    .why = package_word(f, "why"),
                                    .fix = word_of(f, "fix"),
                                    .change = "",
                                    .note = "",
                                    .total_before = -1,
                                    .has_fix = f->fix != NULL,
                                    .severity = severity_of(package_word(f, "severity"))};
    return (struct rule){.about = about, .tables = word_of(f, "tables"), .sql = f->body, .run = run_select};
}

static int by_severity(const void *a, const void *b)
{
    const struct analyze_finding *x = &((const struct rule *)a)->about, *y = &((const struct rule *)b)->about;
    return x->severity != y->severity ? (int)x->severity - (int)y->severity : strcmp(x->id, y->id);
}

struct rules rule_list(const struct analyze_opts *o, struct arena *a)
{
    const struct package_files *all = &o->package->analyze;
    struct rules r = {.p = arena_new_array(a, struct rule, all->n + BUILTIN_MOST)};
    for (size_t i = 0; i < all->n; i++)
        r.p[r.n++] = rule_of(&all->p[i]);
    r.n += builtin_list(o, r.p + r.n);
    qsort(r.p, r.n, sizeof *r.p, by_severity);
    return r;
}

static bool refuse(const struct analyze_opts *o, const struct rules *all, struct arena *a, struct err *err)
{
    const char **names = arena_new_array(a, const char *, all->n + 1);
    for (size_t i = 0; i < all->n; i++)
        names[i] = all->p[i].about.id;
    const char *near = suggest_nearest(str_of(o->rule), names, all->n);
    err_set(err, ERR_USAGE, "the package %s has no rule %s", o->package->name, o->rule);
    return near ? err_hint(err, "did you mean %s?", near) : err_hint(err, "`carryover analyze rules` lists them.");
}

bool rule_choose(const struct analyze_opts *o, struct arena *a, struct rules *ret, struct err *err)
{
    struct rules all = rule_list(o, a);
    *ret = (struct rules){.p = arena_new_array(a, struct rule, all.n + 1)};
    for (size_t i = 0; i < all.n && !o->only_sizing; i++)
        if (!o->rule || str_glob(o->rule, all.p[i].about.id))
            ret->p[ret->n++] = all.p[i];
    return ret->n || !o->rule || refuse(o, &all, a, err);
}

/* -- what a rule does -- */

void rule_add_row(const struct rule_call *c, struct analyze_finding *f, const char *subject, const char *detail,
                  int64_t bytes)
{
    if (!f->rows)
        f->rows = arena_new_array(c->a, struct analyze_row, (size_t)c->o->most_rows + 1);
    if (f->n_rows < (size_t)c->o->most_rows)
        f->rows[f->n_rows++] = (struct analyze_row){arena_dup(c->a, subject), arena_dup(c->a, detail), bytes};
    f->total++;
    f->bytes += bytes;
}

static void take_rows(const struct rule_call *c, const PGresult *r, struct analyze_finding *f)
{
    int subject = PQfnumber(r, "subject"), detail = PQfnumber(r, "detail"), bytes = PQfnumber(r, "bytes");
    int rows = PQfnumber(r, "rows");
    for (int i = 0; i < PQntuples(r); i++) {
        rule_add_row(c, f, subject >= 0 ? pg_text(r, i, subject) : "", detail >= 0 ? pg_text(r, i, detail) : "",
                     bytes >= 0 ? pg_i64(r, i, bytes) : 0);
        f->affected += rows >= 0 ? pg_i64(r, i, rows) : 0;
    }
}

static const char *too_long(const struct rule_call *c)
{
    return arena_printf(c->a, "it took longer than %d s (setting analyze.timeout)", c->o->timeout_ms / 1000);
}

bool rule_has_time(const struct rule_call *c, struct analyze_finding *f, bool *ret, struct err *err)
{
    int64_t left_ms = (c->deadline_us - clock_us()) / 1000;
    *ret = c->deadline_us == 0 || left_ms > 0;
    if (!*ret)
        f->failure = too_long(c);
    return c->deadline_us == 0 || !*ret ||
           pg_execf(c->pg, err, "set local statement_timeout = %lld", (long long)left_ms);
}

/* A lost connection or a request to stop ends the analysis; anything else is the rule's own failure. */
static bool ends_run(const struct err *err)
{
    return err->code == ERR_INTERRUPTED || err->code == ERR_CONNECTION_LOST;
}

bool rule_failed(const struct rule_call *c, const struct err *why, const char *what, struct analyze_finding *f,
                 struct err *err)
{
    if (ends_run(why)) {
        *err = *why;
        return err_wrap(err, "running the rule %s", f->id);
    }
    bool timed_out = strcmp(why->sqlstate, "57014") == 0;
    f->failure = arena_printf(c->a, "%s%s%s", what, *what ? ": " : "", timed_out ? too_long(c) : why->message);
    return pg_exec(c->pg, "rollback to savepoint rule", err);
}

bool rule_select(const struct rule_call *c, const char *sql, struct analyze_finding *f, struct err *err)
{
    struct err why = {0};
    SCOPED_RESULT r = NULL;
    bool has_time = false;
    if (!rule_has_time(c, f, &has_time, err) || !has_time)
        return f->failure != NULL;
    if (!pg_query(c->pg, sql, PG_NONE, &r, &why))
        return rule_failed(c, &why, "", f, err);
    take_rows(c, r, f);
    return true;
}

static bool run_select(const struct rule_call *c, struct analyze_finding *f, struct err *err)
{
    return rule_select(c, c->rule->sql, f, err);
}
