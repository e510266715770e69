#include "conf/package.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/suggest.h"
#include "conf/bindings.h"
#include "conf/checklist.h"
#include "conf/contract.h"
#include "conf/header.h"
#include "conf/manifest.h"
#include "conf/probes.h"
#include "conf/sqltext.h"
#include <dirent.h>

#define FIX_MARK "-- fix-script:" /* in an analyze rule: what follows mends what the rule finds */
#define TOTALS "totals"           /* below uploads/: no rule, but what headquarters counts */

struct loader {
    struct package *pkg;
    struct yaml *y;
    struct arena *a;
    struct bindings *bindings;
    struct buf digests; /* "path digest" of every file */
    struct buf core;    /* the same without scripts, checklist and smoke test */
};

const char *package_word(const struct package_file *f, const char *word)
{
    for (size_t i = 0; i < f->n_words; i++)
        if (strcmp(f->words[i].word, word) == 0)
            return f->words[i].value;
    return NULL;
}

const char *package_drops(const struct package *p, const char *table)
{
    for (size_t i = 0; i < p->n_dropped; i++)
        if (str_glob(p->dropped[i].table, table))
            return p->dropped[i].reason;
    return NULL;
}

const char *package_module_of(const struct package *p, const char *table)
{
    for (size_t i = 0; i < p->n_modules; i++)
        for (size_t k = 0; k < p->modules[i].n_patterns; k++)
            if (str_glob(p->modules[i].patterns[k], table))
                return p->modules[i].name;
    return NULL;
}

const struct package_file *package_find(const struct package_files *files, const char *name)
{
    size_t from = 0, to = files->n;
    while (from < to) {
        size_t mid = from + (to - from) / 2;
        int c = strcmp(files->p[mid].name, name);
        if (c == 0)
            return &files->p[mid];
        if (c < 0)
            from = mid + 1;
        else
            to = mid;
    }
    return NULL;
}

char *package_substitute(const char *sql, const struct map *values, struct arena *a)
{
    return sqltext_substitute(str_of(sql), values, a);
}

/* -- files -- */

static bool is_script(enum header_kind kind)
{
    return kind == HEADER_SCRIPT || kind == HEADER_FINAL;
}

/* What may be mended in the night: nothing that is in the tables already depends on it. */
static bool is_beside(enum header_kind kind)
{
    return is_script(kind) || kind == HEADER_ITEM || kind == HEADER_ITEM_SQL;
}

static void note_digest(struct loader *l, const char *path, enum header_kind kind, struct str text)
{
    char hex[33];
    hash_hex(text.p, text.n, hex);
    buf_printf(&l->digests, "%s %s\n", path, hex);
    if (!is_beside(kind))
        buf_printf(&l->core, "%s %s\n", path, hex);
}

static bool is_single(enum header_kind kind)
{
    return kind != HEADER_NONE && !is_script(kind);
}

static int line_at(struct str text, size_t offset)
{
    int line = 1;
    for (size_t i = 0; i < offset; i++)
        line += text.p[i] == '\n';
    return line;
}

/* A string or comment without an end swallows the rest of the file: say where it begins. */
static bool check_ended(const struct package_file *f, struct str text, struct err *err)
{
    struct str rest = text;
    for (;;) {
        struct sqltext_token t = sqltext_next(&rest);
        if (t.kind == SQLTEXT_END)
            return true;
        if (t.unended)
            return err_set(err, ERR_PACKAGE, "%s:%d: this %s has no end", f->path,
                           line_at(text, (size_t)(t.text.p - text.p)),
                           t.kind == SQLTEXT_COMMENT ? "comment" : "quoted text");
    }
}

static bool is_word(struct str s, const char *word)
{
    return s.n == strlen(word) && strncasecmp(s.p, word, s.n) == 0;
}

/* Lenses, laws, rules and calls are one SELECT; what changes a credential may be an UPDATE. */
static bool check_single(const struct package_file *f, enum header_kind kind, struct str body, struct err *err)
{
    struct str rest = body;
    bool first = true;
    for (;;) {
        struct sqltext_token t = sqltext_next(&rest);
        int line = f->body_line + line_at(body, (size_t)(t.text.p - body.p)) - 1;
        if (t.kind == SQLTEXT_END)
            return !first || err_set(err, ERR_PACKAGE, "%s:%d: there is no SELECT here", f->path, f->body_line);
        if (t.kind == SQLTEXT_BLANK || t.kind == SQLTEXT_COMMENT)
            continue;
        bool selects = is_word(t.text, "select") || is_word(t.text, "with") || t.text.p[0] == '(' ||
                       (kind == HEADER_STAFF && is_word(t.text, "update"));
        if (first && !selects)
            return err_set(err, ERR_PACKAGE, "%s:%d: the statement has to be a SELECT, not '%.*s'", f->path, line,
                           STR_ARG(t.text));
        if (t.kind == SQLTEXT_SEMICOLON)
            return err_set(err, ERR_PACKAGE, "%s:%d: only one statement may stand here", f->path, line);
        first = false;
    }
}

/* Ends `*all` at the mark and yields what follows it. */
static const char *cut_fix(struct str *all, struct arena *a)
{
    struct str rest = *all;
    for (;;) {
        struct sqltext_token t = sqltext_next(&rest);
        if (t.kind == SQLTEXT_END)
            return NULL;
        if (t.kind != SQLTEXT_COMMENT || !str_starts(t.text, FIX_MARK))
            continue;
        all->n = (size_t)(t.text.p - all->p);
        return arena_dup_str(a, str_trim(rest));
    }
}

static void cut_body(struct package_file *f, struct arena *a, enum header_kind kind)
{
    struct str all = str_of(f->text);
    f->fix = kind == HEADER_RULE ? cut_fix(&all, a) : NULL;
    size_t from = is_single(kind) ? sqltext_header_length(all) : 0;
    while (from < all.n && (all.p[from] == '\n' || all.p[from] == '\r'))
        from++;
    f->body_line = line_at(all, from);
    f->body = arena_dup_str(a, sqltext_strip((struct str){all.p + from, all.n - from}));
}

static bool load_file(struct loader *l, const char *folder, const char *file_name, enum header_kind kind,
                      struct package_file *f, struct err *err)
{
    f->name = arena_dup_str(l->a, (struct str){file_name, strlen(file_name) - 4});
    f->path = arena_printf(l->a, "%s/%s", folder, file_name);
    struct str raw = {0};
    if (!file_read(arena_printf(l->a, "%s/%s", l->pkg->dir, f->path), l->a, &raw, err))
        return false;
    note_digest(l, f->path, kind, raw);
    if (raw.n && memchr(raw.p, '\0', raw.n))
        return err_set(err, ERR_PACKAGE, "%s: holds a zero byte; SQL files are text in UTF-8", f->path);
    if (str_starts(raw, "\xEF\xBB\xBF"))
        raw = (struct str){raw.p + 3, raw.n - 3};
    if (!header_read(f, kind, raw, bindings_settings(l->bindings), l->a, err) || !check_ended(f, raw, err))
        return false;
    f->text = bindings_substitute(l->bindings, f, raw);
    cut_body(f, l->a, kind);
    return !is_single(kind) || check_single(f, kind, str_of(f->body), err);
}

static enum header_kind kind_of(const char *folder, const char *file_name)
{
    if (strcmp(folder, "up") == 0)
        return HEADER_UP;
    if (strcmp(folder, "down") == 0)
        return HEADER_DOWN;
    if (strcmp(folder, "channel") == 0 || strcmp(folder, "channel_n") == 0)
        return HEADER_CHANNEL;
    if (strcmp(folder, "estate") == 0)
        return HEADER_ESTATE;
    if (strcmp(folder, "analyze") == 0)
        return HEADER_RULE;
    if (strcmp(folder, "sizing") == 0)
        return HEADER_SIZING;
    if (strcmp(folder, "checks") == 0)
        return HEADER_CHECK;
    if (strcmp(folder, "checklist") == 0)
        return HEADER_ITEM_SQL;
    if (strcmp(folder, "calls") == 0)
        return HEADER_CALL;
    if (strcmp(folder, "staff") == 0)
        return HEADER_STAFF;
    if (strcmp(folder, "scripts") == 0)
        return HEADER_SCRIPT;
    if (strcmp(folder, "final") == 0)
        return HEADER_FINAL;
    if (strcmp(folder, "uploads") == 0)
        return strcmp(file_name, TOTALS ".sql") == 0 ? HEADER_TOTALS : HEADER_UPLOAD;
    if (strcmp(folder, "laws") != 0)
        return HEADER_NONE;
    size_t n = strlen(file_name);
    return n > 7 && strcmp(file_name + n - 7, ".hq.sql") == 0 ? HEADER_LAW_HQ : HEADER_LAW;
}

/* Names were sorted with ".sql" at the end; without it a prefix has to come first. */
static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct package_file *)a)->name, ((const struct package_file *)b)->name);
}

/* Anything but .sql in a folder is most likely a slip of the pen, and would be silently without effect. */
static bool check_suffixes(struct loader *l, const char *folder, struct err *err)
{
    char **names = NULL;
    size_t n = 0;
    if (!file_list(arena_printf(l->a, "%s/%s", l->pkg->dir, folder), "", l->a, &names, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        const char *dot = strrchr(names[i], '.');
        bool known = dot && (strcmp(dot, ".sql") == 0 || strcmp(dot, ".md") == 0);
        known = known || (strcmp(folder, "store") == 0 && strcmp(names[i], "till") == 0);
        known = known || (strcmp(folder, "checklist") == 0 && dot && strcmp(dot, ".yaml") == 0);
        if (!known && names[i][strlen(names[i]) - 1] != '~')
            return err_set(err, ERR_PACKAGE, "%s/%s: only .sql files belong into this folder", folder, names[i]);
    }
    return true;
}

static bool load_folder(struct loader *l, const char *folder, struct package_files *ret, struct err *err)
{
    char **names = NULL;
    size_t n = 0;
    if (!check_suffixes(l, folder, err) ||
        !file_list(arena_printf(l->a, "%s/%s", l->pkg->dir, folder), ".sql", l->a, &names, &n, err))
        return false;
    ret->p = arena_new_array(l->a, struct package_file, n);
    for (size_t i = 0; i < n; i++)
        if (!load_file(l, folder, names[i], kind_of(folder, names[i]), &ret->p[i], err))
            return false;
    ret->n = n;
    if (n)
        qsort(ret->p, n, sizeof *ret->p, by_name);
    return true;
}

static bool append_items(struct loader *l, const char *name, struct err *err)
{
    struct package_files more, *all = &l->pkg->checklist;
    struct str text;
    const char *path = arena_printf(l->a, "checklist/%s", name);
    if (!file_read(arena_printf(l->a, "%s/%s", l->pkg->dir, path), l->a, &text, err))
        return false;
    note_digest(l, path, HEADER_ITEM, text);
    if (!checklist_read(text, path, l->a, &more, err))
        return false;
    struct package_file *both = arena_new_array(l->a, struct package_file, all->n + more.n + 1);
    if (all->n)
        memcpy(both, all->p, all->n * sizeof *both);
    memcpy(both + all->n, more.p, more.n * sizeof *both);
    *all = (struct package_files){both, all->n + more.n};
    return true;
}

/* Items with SQL are files of their own; the others stand together in YAML files. */
static bool load_checklist(struct loader *l, struct err *err)
{
    struct package_files *all = &l->pkg->checklist;
    char **names = NULL;
    size_t n = 0;
    if (!load_folder(l, "checklist", all, err) ||
        !file_list(arena_printf(l->a, "%s/checklist", l->pkg->dir), ".yaml", l->a, &names, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!append_items(l, names[i], err))
            return false;
    if (all->n)
        qsort(all->p, all->n, sizeof *all->p, by_name);
    for (size_t i = 1; i < all->n; i++)
        if (strcmp(all->p[i].name, all->p[i - 1].name) == 0)
            return err_set(err, ERR_PACKAGE, "%s: the item %s is in %s already", all->p[i].path, all->p[i].name,
                           all->p[i - 1].path);
    return true;
}

static bool load_smoke(struct loader *l, struct err *err)
{
    struct str text;
    struct probes *probes = arena_new_one(l->a, struct probes);
    const char *path = arena_printf(l->a, "%s/smoke.yaml", l->pkg->dir);
    l->pkg->smoke = probes;
    if (!file_exists(path))
        return true;
    if (!file_read(path, l->a, &text, err))
        return false;
    note_digest(l, "smoke.yaml", HEADER_ITEM, text);
    return probes_read(text, "smoke.yaml", ERR_PACKAGE, l->pkg, l->a, probes, err);
}

/* A folder whose name is nearly that of a known one holds files that nobody would read. */
static bool check_folders(struct loader *l, struct err *err)
{
    static const char *const known[] = {"schema",  "up",      "down",    "channel", "channel_n", "estate",
                                        "final",   "laws",    "analyze", "sample",  "checklist", "n1",
                                        "reports", "docs",    "tests",   "calls",   "staff",     "store",
                                        "uploads", "devices", "checks",  "sizing",  "scripts",   "xpp"};
    char **names = NULL;
    size_t n = 0;
    if (!file_list(l->pkg->dir, "", l->a, &names, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        bool is_known = !file_is_dir(arena_printf(l->a, "%s/%s", l->pkg->dir, names[i]));
        for (size_t j = 0; j < ARRAY_LEN(known); j++)
            is_known = is_known || strcmp(names[i], known[j]) == 0;
        const char *near = is_known ? NULL : suggest_nearest(str_of(names[i]), known, ARRAY_LEN(known));
        if (near)
            return err_set(err, ERR_PACKAGE, "%s/: unknown folder; did you mean %s/?", names[i], near);
    }
    return true;
}

static bool load_folders(struct loader *l, struct err *err)
{
    struct package *pkg = l->pkg;
    return check_folders(l, err) && load_folder(l, "schema", &pkg->schema, err) &&
           load_folder(l, "up", &pkg->up, err) && load_folder(l, "down", &pkg->down, err) &&
           load_folder(l, "channel", &pkg->channel, err) && load_folder(l, "channel_n", &pkg->channel_n, err) &&
           load_folder(l, "estate", &pkg->estate, err) && load_folder(l, "final", &pkg->final, err) &&
           load_folder(l, "laws", &pkg->laws, err) && load_folder(l, "analyze", &pkg->analyze, err) &&
           load_folder(l, "sample", &pkg->sample, err) && load_folder(l, "calls", &pkg->calls, err) &&
           load_folder(l, "staff", &pkg->staff, err) && load_folder(l, "devices", &pkg->devices, err) &&
           load_folder(l, "store", &pkg->store, err) && load_folder(l, "store/till", &pkg->till, err) &&
           load_folder(l, "uploads", &pkg->rules, err) && load_folder(l, "checks", &pkg->checks, err) &&
           load_folder(l, "sizing", &pkg->sizing, err) && load_folder(l, "scripts", &pkg->script_files, err) &&
           load_checklist(l, err) && load_smoke(l, err);
}

/* -- what only the whole can tell -- */

static bool check_schema(struct loader *l, struct err *err)
{
    static const char *const known[] = {"10_tables",   "20_indexes", "30_constraints",
                                        "old_indexes", "functions",  "calls"};
    const struct package_files *files = &l->pkg->schema;
    for (size_t i = 0; i < files->n; i++) {
        const char *name = files->p[i].name;
        bool found = false;
        for (size_t j = 0; j < ARRAY_LEN(known); j++)
            found = found || strcmp(name, known[j]) == 0;
        const char *near = found ? NULL : suggest_nearest(str_of(name), known, ARRAY_LEN(known));
        if (!found)
            return err_set(err, ERR_PACKAGE, "%s: unknown schema file; %s %s.sql", files->p[i].path,
                           near ? "did you mean" : "the first one is", near ? near : known[0]);
    }
    return package_find(files, "10_tables") ||
           err_set(err, ERR_PACKAGE, "schema/10_tables.sql is missing: it makes the tables of the new version");
}

static const struct package_table_home *find_home(const struct package *pkg, const char *table)
{
    for (size_t i = 0; i < pkg->n_homes; i++)
        if (strcmp(pkg->homes[i].table, table) == 0)
            return &pkg->homes[i];
    return NULL;
}

/* True when the text has the words `hq . table` outside of strings and comments. */
static bool mentions(const char *text, const char *table)
{
    struct str rest = str_of(text);
    struct str before[2] = {0};
    for (;;) {
        struct sqltext_token t = sqltext_next(&rest);
        if (t.kind == SQLTEXT_END)
            return false;
        if (str_is(before[0], "hq") && str_is(before[1], ".") && str_is(t.text, table))
            return true;
        before[0] = before[1];
        before[1] = t.text;
    }
}

static const struct yaml_node *home_node(struct loader *l, const char *table)
{
    const struct yaml_node *home = yaml_get(l->y->root, "home");
    for (size_t i = 0; i < home->n; i++)
        for (size_t j = 0; j < home->items[i].value->n; j++)
            if (strcmp(home->items[i].value->items[j].value->text, table) == 0)
                return home->items[i].value->items[j].value;
    return home;
}

/* Every table that a lens fills has a home, and every home is of a table that exists. */
static bool check_homes(struct loader *l, struct err *err)
{
    const struct package *pkg = l->pkg;
    for (size_t i = 0; i < pkg->up.n; i++)
        if (!find_home(pkg, pkg->up.p[i].name))
            return yaml_fail(l->y, yaml_get(l->y->root, "home"), err,
                             "the table '%s' of %s has no home; add it to 'hq' or 'store'", pkg->up.p[i].name,
                             pkg->up.p[i].path);
    const char **names = arena_new_array(l->a, const char *, pkg->up.n);
    for (size_t i = 0; i < pkg->up.n; i++)
        names[i] = pkg->up.p[i].name;
    for (size_t i = 0; i < pkg->n_homes; i++) {
        const char *table = pkg->homes[i].table;
        if (package_find(&pkg->up, table) || mentions(package_find(&pkg->schema, "10_tables")->text, table))
            continue;
        const char *near = suggest_nearest(str_of(table), names, pkg->up.n);
        return yaml_fail(l->y, home_node(l, table), err,
                         "there is no table '%s': neither a lens nor the schema has it%s%s%s", table,
                         near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    }
    return true;
}

static const struct package_file *law_form(struct loader *l, const char *law, size_t n, const char *form)
{
    return package_find(&l->pkg->laws, arena_printf(l->a, "%.*s%s", (int)n, law, form));
}

/* A law in two forms has both, and no third. */
static bool check_laws(struct loader *l, struct err *err)
{
    for (size_t i = 0; i < l->pkg->laws.n; i++) {
        const struct package_file *f = &l->pkg->laws.p[i];
        const char *dot = strchr(f->name, '.');
        if (!dot)
            continue;
        size_t n = (size_t)(dot - f->name);
        if (strcmp(dot, ".old") != 0 && strcmp(dot, ".hq") != 0)
            return err_set(err, ERR_PACKAGE, "%s: a law is ID.sql, or ID.old.sql and ID.hq.sql", f->path);
        const char *other = strcmp(dot, ".old") == 0 ? ".hq" : ".old";
        if (!law_form(l, f->name, n, other))
            return err_set(err, ERR_PACKAGE, "%s: the other form laws/%.*s%s.sql is missing", f->path, (int)n, f->name,
                           other);
        if (law_form(l, f->name, n, ""))
            return err_set(err, ERR_PACKAGE, "%s: laws/%.*s.sql says the same law again", f->path, (int)n, f->name);
    }
    return true;
}

/* -- jobs -- */

static bool next_job(struct str *list, struct str *ret)
{
    *ret = str_trim(str_split(list, ','));
    return ret->n > 0;
}

bool package_file_has_job(const struct package_file *f, const char *job)
{
    struct str list = str_of(package_word(f, "jobs")), id;
    while (next_job(&list, &id))
        if (str_is(id, job))
            return true;
    return false;
}

static bool has_job(const struct package *pkg, struct str id, bool is_new)
{
    for (size_t i = 0; i < pkg->n_jobs; i++)
        if (str_is(id, pkg->jobs[i].id) && pkg->jobs[i].is_new == is_new)
            return true;
    return false;
}

static bool check_job_names(const struct package *pkg, const struct package_files *files, bool is_new, struct err *err)
{
    for (size_t i = 0; i < files->n; i++) {
        struct str list = str_of(package_word(&files->p[i], "jobs")), id;
        while (next_job(&list, &id))
            if (!has_job(pkg, id, is_new))
                return err_set(err, ERR_PACKAGE, "%s: package.yaml has no job '%.*s' for stores of version %s",
                               files->p[i].path, STR_ARG(id), is_new ? "N" : "N-1");
    }
    return true;
}

/* A job and its lenses know each other. */
static bool check_jobs(struct loader *l, struct err *err)
{
    struct package *pkg = l->pkg;
    if (!check_job_names(pkg, &pkg->channel, false, err) || !check_job_names(pkg, &pkg->channel_n, true, err))
        return false;
    for (size_t i = 0; i < pkg->n_jobs; i++) {
        struct package_job *j = &pkg->jobs[i];
        const struct package_files *files = j->is_new ? &pkg->channel_n : &pkg->channel;
        j->lenses = arena_new_array(l->a, const struct package_file *, files->n);
        for (size_t k = 0; k < files->n; k++)
            if (package_file_has_job(&files->p[k], j->id))
                j->lenses[j->n_lenses++] = &files->p[k];
        if (j->n_lenses == 0)
            return err_set(err, ERR_PACKAGE, "package.yaml: no file of %s/ belongs to the job '%s'",
                           j->is_new ? "channel_n" : "channel", j->id);
    }
    return true;
}

/* Splits the folder: rules, and what is counted. */
static bool check_uploads(struct loader *l, struct err *err)
{
    struct package *pkg = l->pkg;
    size_t n = 0;
    if (pkg->rules.n && !pkg->uploads)
        return err_set(err, ERR_PACKAGE, "%s: package.yaml has no section 'uploads'", pkg->rules.p[0].path);
    for (size_t i = 0; i < pkg->rules.n; i++)
        if (strcmp(pkg->rules.p[i].name, TOTALS) != 0)
            n++;
    struct package_file *rules = arena_new_array(l->a, struct package_file, n);
    pkg->totals = package_find(&pkg->rules, TOTALS);
    n = 0;
    for (size_t i = 0; i < pkg->rules.n; i++)
        if (&pkg->rules.p[i] != pkg->totals)
            rules[n++] = pkg->rules.p[i];
    pkg->rules = (struct package_files){rules, n};
    return true;
}

/* -- the estate of stores -- */

static bool check_estate(struct loader *l, struct err *err)
{
    static const char *const known[] = {"stores", "shifts", "suspended", "uploads"};
    for (size_t i = 0; i < l->pkg->estate.n; i++) {
        bool found = false;
        for (size_t k = 0; k < ARRAY_LEN(known); k++)
            found = found || strcmp(l->pkg->estate.p[i].name, known[k]) == 0;
        if (!found)
            return err_set(err, ERR_PACKAGE, "%s: a check of the estate is stores, shifts, suspended or uploads",
                           l->pkg->estate.p[i].path);
    }
    return true;
}

static bool check_final(struct loader *l, struct err *err)
{
    for (size_t i = 0; i < l->pkg->final.n; i++) {
        const char *name = l->pkg->final.p[i].name;
        bool ordered = strspn(name, "0123456789") >= 2 && name[strspn(name, "0123456789")] == '_';
        if (!ordered)
            return err_set(err, ERR_PACKAGE,
                           "%s: the name has to begin with its place in the order, like 10_numbers.sql",
                           l->pkg->final.p[i].path);
    }
    return true;
}

/* The sample script with this file name ("10_schema.sql"), or NULL. */
static const struct package_file *script(struct loader *l, const char *file_name)
{
    size_t n = strlen(file_name);
    if (n < 5 || strcmp(file_name + n - 4, ".sql") != 0)
        return NULL;
    return package_find(&l->pkg->sample, arena_dup_str(l->a, (struct str){file_name, n - 4}));
}

static bool check_script(struct loader *l, const struct yaml_node *node, struct map *used, struct err *err)
{
    const struct package_file *f = script(l, node->text);
    if (f) {
        map_put(used, str_of(f->name))->value = (void *)f;
        return true;
    }
    const char **names = arena_new_array(l->a, const char *, l->pkg->sample.n);
    for (size_t i = 0; i < l->pkg->sample.n; i++)
        names[i] = arena_printf(l->a, "%s.sql", l->pkg->sample.p[i].name);
    const char *near = suggest_nearest(str_of(node->text), names, l->pkg->sample.n);
    if (near)
        return yaml_fail(l->y, node, err, "there is no sample/%s; did you mean %s?", node->text, near);
    return yaml_fail(l->y, node, err, "there is no sample/%s", node->text);
}

/* Every script that is named exists, and every script that exists is named. */
static bool check_sample(struct loader *l, struct err *err)
{
    const struct yaml_node *sample = yaml_get(l->y->root, "sample");
    if (!sample)
        return true;
    SCOPED(map) used = map_new();
    const struct yaml_node *stages = yaml_get(sample, "stages"), *workload = yaml_get(sample, "workload");
    for (size_t i = 0; i < stages->n; i++)
        for (size_t j = 0; j < stages->items[i].value->n; j++)
            if (!check_script(l, stages->items[i].value->items[j].value, used, err))
                return false;
    if (workload && !check_script(l, workload, used, err))
        return false;
    for (size_t i = 0; i < l->pkg->sample.n; i++)
        if (!map_get(used, str_of(l->pkg->sample.p[i].name)))
            return yaml_fail(l->y, stages, err, "%s is in no stage", l->pkg->sample.p[i].path);
    return true;
}

static bool load_refresh(struct loader *l, struct err *err)
{
    struct str text = {0};
    const char *path = arena_printf(l->a, "%s/refresh.yaml", l->pkg->dir);
    if (!file_exists(path))
        return true;
    if (!file_read(path, l->a, &text, err))
        return false;
    note_digest(l, "refresh.yaml", HEADER_ITEM, text);
    return refresh_read(path, NULL, l->a, &l->pkg->refresh, err);
}

static bool load_all(struct loader *l, const struct map *overrides, struct err *err)
{
    struct str text = {0};
    if (!manifest_read(l->pkg, l->a, &l->y, err) ||
        !file_read(arena_printf(l->a, "%s/package.yaml", l->pkg->dir), l->a, &text, err))
        return false;
    bindings_take(l->bindings, overrides);
    note_digest(l, "package.yaml", HEADER_NONE, text);
    if (!load_folders(l, err) || !bindings_check(l->bindings, err) || !check_schema(l, err) || !check_homes(l, err) ||
        !check_laws(l, err) || !check_jobs(l, err) || !check_estate(l, err) || !check_uploads(l, err) ||
        !check_final(l, err) || !scripts_link(&l->pkg->scripts, &l->pkg->script_files, &l->pkg->final, l->a, err) ||
        !check_sample(l, err) || !load_refresh(l, err) || !contract_check(l->pkg, err))
        return false;
    hash_hex(l->digests.p, l->digests.n, l->pkg->digest);
    hash_hex(l->core.p, l->core.n, l->pkg->core);
    return true;
}

bool package_load(const char *dir, const struct map *overrides, struct arena *a, struct package **ret, struct err *err)
{
    if (!file_is_dir(dir))
        return err_set(err, ERR_PACKAGE_MISSING, "there is no folder %s", dir);
    struct loader l = {.a = a, .pkg = arena_new_one(a, struct package)};
    l.pkg->dir = file_absolute(a, dir);
    l.bindings = bindings_new(l.pkg, a);
    bool ok = load_all(&l, overrides, err);
    bindings_free(l.bindings);
    buf_done(&l.digests);
    buf_done(&l.core);
    if (ok)
        *ret = l.pkg;
    return ok;
}
