#include "conf/scripts.h"
#include "base/hash.h"
#include "base/suggest.h"
#include "conf/package.h"
#include "conf/sqltext.h"
#include "conf/value.h"

#define RETRIES 2
#define RETRIES_MAX 100
#define TIMEOUT_MS (30 * 60 * 1000)
#define COMPANY "company"

static const char *const phases[SCRIPT_PHASES] = {"pre-sync", "sync", "post-sync", "final"};

const char *script_phase_name(enum script_phase p)
{
    return phases[p];
}

bool script_phase_find(const char *name, enum script_phase *ret)
{
    for (int i = 0; i < SCRIPT_PHASES; i++)
        if (strcmp(phases[i], name) == 0) {
            *ret = (enum script_phase)i;
            return true;
        }
    return false;
}

size_t scripts_count(const struct scripts *s, enum script_phase p)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++)
        n += s->p[i].phase == p;
    return n;
}

/* --- package.yaml --- */

bool scripts_read_section(const struct yaml *y, const struct yaml_node *node, struct scripts *s, struct err *err)
{
    static const char *const keys[] = {"companies"};
    if (!yaml_expect(y, node, YAML_MAP, "classic", err) ||
        !yaml_expect_keys(y, node, "classic", keys, ARRAY_LEN(keys), err))
        return false;
    const struct yaml_node *companies = yaml_get(node, "companies");
    s->classic = true;
    if (!companies)
        return true;
    if (!yaml_expect(y, companies, YAML_SCALAR, "companies", err))
        return false;
    struct str sql = str_trim(str_of(companies->text));
    if (sql.n < 6 || (strncasecmp(sql.p, "select", 6) != 0 && strncasecmp(sql.p, "with", 4) != 0))
        return yaml_fail(y, companies, err, "'companies' has to be a SELECT that lists them");
    s->companies = companies->text;
    return true;
}

/* --- the words of a header --- */

static bool fail_word(const struct package_file *f, const char *word, struct err *err, const char *why)
{
    int line = 1;
    for (size_t i = 0; i < f->n_words; i++)
        if (strcmp(f->words[i].word, word) == 0)
            line = f->words[i].line;
    return err_set(err, ERR_PACKAGE, "%s:%d: %s", f->path, line, why);
}

static bool read_phase(const struct package_file *f, struct script *s, struct err *err)
{
    const char *word = package_word(f, "phase");
    s->phase = SCRIPT_FINAL;
    if (!word || (script_phase_find(word, &s->phase) && s->phase != SCRIPT_SYNC))
        return true;
    return fail_word(f, "phase", err, "'phase' is pre-sync, post-sync or final");
}

static bool read_limits(const struct package_file *f, struct script *s, struct err *err)
{
    const char *retries = package_word(f, "retries"), *timeout = package_word(f, "timeout");
    int64_t n = RETRIES;
    s->timeout_ms = TIMEOUT_MS;
    if (retries && (!value_number(str_of(retries), &n) || n > RETRIES_MAX))
        return fail_word(f, "retries", err, "'retries' is a number from 0 to 100");
    s->retries = (int)n;
    return !timeout || (value_duration(str_of(timeout), &s->timeout_ms) && s->timeout_ms > 0) ||
           fail_word(f, "timeout", err, "'timeout' is a time such as 90s or 30m");
}

/* True when the text has :company or :'company' in it, or asks for the setting that has the same. */
static bool says_company(const char *text)
{
    struct str rest = str_of(text);
    for (;;) {
        struct sqltext_token t = sqltext_next(&rest);
        if (t.kind == SQLTEXT_END)
            return strstr(text, "carryover.company") != NULL;
        if ((t.kind == SQLTEXT_SETTING || t.kind == SQLTEXT_SETTING_QUOTED) && str_is(t.name, COMPANY))
            return true;
    }
}

static bool read_per(const struct scripts *all, const struct package_file *f, struct script *s, struct err *err)
{
    const char *per = package_word(f, "per");
    bool says = says_company(f->text);
    s->per_company = per != NULL;
    if (per && strcmp(per, "companies") != 0)
        return fail_word(f, "per", err, "'per' is companies");
    if (per && !all->companies)
        return fail_word(f, "per", err,
                         "package.yaml does not say which companies there are: `classic: {companies: select ...}`");
    if (per && !says)
        return fail_word(f, "per", err,
                         "the script is run for each company, and says neither :'company' nor carryover.company");
    return per || !says || fail_word(f, "per", err, ":'company' needs `-- per: companies` in the header");
}

/* --- text --- */

static bool is_word(struct str s, const char *word)
{
    return s.n == strlen(word) && strncasecmp(s.p, word, s.n) == 0;
}

static bool ends_transaction(struct str word)
{
    static const char *const words[] = {"begin", "commit", "rollback", "abort", "start", "savepoint", "release", "end"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (is_word(word, words[i]))
            return true;
    return false;
}

static bool check_quoted(const struct package_file *f, struct sqltext_token t, struct err *err)
{
    static const char what[] = ":'" COMPANY "'";
    return t.kind != SQLTEXT_QUOTED || t.text.p[0] != '$' || !memmem(t.text.p, t.text.n, what, strlen(what)) ||
           err_set(err, ERR_PACKAGE,
                   "%s:%d: nothing is replaced between dollar signs; say current_setting('carryover.company')", f->path,
                   sqltext_line_of(f->text, t.text.p));
}

/* A script is one transaction together with the note that it is done, so it may not end it. The body of an SQL function
 * may: that is what BEGIN ATOMIC begins. */
static bool check_text(const struct package_file *f, struct err *err)
{
    struct str rest = str_of(f->text);
    bool first = true, any = false, atomic = false;
    for (;;) {
        struct sqltext_token t = sqltext_next(&rest);
        if (t.kind == SQLTEXT_END)
            return any || err_set(err, ERR_PACKAGE, "%s:1: there is no statement here", f->path);
        if (t.kind == SQLTEXT_BLANK || t.kind == SQLTEXT_COMMENT)
            continue;
        if (first && !atomic && t.kind == SQLTEXT_WORD && ends_transaction(t.text))
            return err_set(err, ERR_PACKAGE,
                           "%s:%d: a script is one transaction and can not say %.*s; make two scripts of it", f->path,
                           sqltext_line_of(f->text, t.text.p), STR_ARG(t.text));
        if (!check_quoted(f, t, err))
            return false;
        atomic = (atomic || is_word(t.text, "atomic")) && !(first && is_word(t.text, "end"));
        first = t.kind == SQLTEXT_SEMICOLON;
        any |= !first;
    }
}

static bool read_script(const struct scripts *all, const struct package_file *f, struct script *s, struct err *err)
{
    const char *title = package_word(f, "title");
    *s = (struct script){.name = f->name, .title = title ? title : f->name, .file = f};
    hash_hex(f->text, strlen(f->text), s->digest);
    return read_phase(f, s, err) && read_limits(f, s, err) && read_per(all, f, s, err) && check_text(f, err);
}

/* --- who comes after whom --- */

static const struct script *find(const struct scripts *all, struct str name)
{
    for (size_t i = 0; i < all->n; i++)
        if (str_is(name, all->p[i].name))
            return &all->p[i];
    return NULL;
}

static bool refuse_name(const struct scripts *all, const struct package_file *f, struct str name, struct arena *a,
                        struct err *err)
{
    const char **names = arena_new_array(a, const char *, all->n);
    for (size_t i = 0; i < all->n; i++)
        names[i] = all->p[i].name;
    const char *near = suggest_nearest(name, names, all->n);
    fail_word(f, "after", err, arena_printf(a, "there is no script %.*s", STR_ARG(name)));
    return near ? err_hint(err, "did you mean %s?", near) : false;
}

static bool link_script(const struct scripts *all, struct script *s, struct arena *a, struct err *err)
{
    const char *word = package_word(s->file, "after");
    struct str list = str_of(word ? word : "");
    s->after = arena_new_array(a, size_t, list.n + 1);
    while (list.n) {
        struct str name = str_trim(str_split(&list, ','));
        const struct script *other = find(all, name);
        if (!other)
            return refuse_name(all, s->file, name, a, err);
        if (other->phase > s->phase)
            return fail_word(s->file, "after", err,
                             arena_printf(a, "%s (%s) can not come after %s (%s)", s->name, phases[s->phase],
                                          other->name, phases[other->phase]));
        s->after[s->n_after++] = (size_t)(other - all->p);
    }
    return true;
}

/* --- circles --- */

enum mark { MARK_NEW, MARK_OPEN, MARK_CLOSED };

struct walk {
    const struct scripts *all;
    enum mark *marks;
    size_t *path; /* the open ones, in their order */
    size_t depth;
};

static bool refuse_circle(const struct walk *w, size_t first, struct err *err)
{
    SCOPED_BUF names = {0};
    size_t from = 0;
    while (w->path[from] != first)
        from++;
    for (size_t i = from; i < w->depth; i++)
        buf_printf(&names, "%s after ", w->all->p[w->path[i]].name);
    return fail_word(w->all->p[first].file, "after", err, "scripts wait for each other") ||
           err_wrap(err, "%s%s", buf_text(&names), w->all->p[first].name);
}

static bool visit(struct walk *w, size_t i, struct err *err)
{
    const struct script *s = &w->all->p[i];
    if (w->marks[i] == MARK_CLOSED)
        return true;
    if (w->marks[i] == MARK_OPEN)
        return refuse_circle(w, i, err);
    w->marks[i] = MARK_OPEN;
    w->path[w->depth++] = i;
    for (size_t k = 0; k < s->n_after; k++)
        if (!visit(w, s->after[k], err))
            return false;
    w->depth--;
    w->marks[i] = MARK_CLOSED;
    return true;
}

static bool check_circles(const struct scripts *all, struct arena *a, struct err *err)
{
    struct walk w = {all, arena_new_array(a, enum mark, all->n + 1), arena_new_array(a, size_t, all->n + 1), 0};
    for (size_t i = 0; i < all->n; i++)
        if (!visit(&w, i, err))
            return false;
    return true;
}

/* --- all of them --- */

static bool read_all(struct scripts *s, const struct package_files *files, const struct package_files *final,
                     struct err *err)
{
    for (size_t i = 0; i < files->n + final->n; i++) {
        const struct package_file *f = i < files->n ? &files->p[i] : &final->p[i - files->n];
        const struct script *same = find(s, str_of(f->name));
        if (same)
            return err_set(err, ERR_PACKAGE, "%s: %s has the same name", f->path, same->file->path);
        if (!read_script(s, f, &s->p[s->n], err))
            return false;
        s->n++;
        if (s->p[s->n - 1].phase != SCRIPT_FINAL && !s->classic)
            return err_set(err, ERR_PACKAGE, "%s: package.yaml has no section 'classic'", f->path);
    }
    return true;
}

bool scripts_link(struct scripts *s, const struct package_files *files, const struct package_files *final,
                  struct arena *a, struct err *err)
{
    s->p = arena_new_array(a, struct script, files->n + final->n + 1);
    s->n = 0;
    if (!read_all(s, files, final, err))
        return false;
    for (size_t i = 0; i < s->n; i++) {
        if (!link_script(s, &s->p[i], a, err))
            return false;
        if (i > files->n && !package_word(s->p[i].file, "after"))
            s->p[i].after[s->p[i].n_after++] = i - 1;
    }
    return check_circles(s, a, err);
}
