#include "runbook/freeze.h"
#include "base/file.h"
#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <sys/stat.h>

#define STEP "freeze"
#define FILES_MAX 100000

void freeze_init(struct freeze *f, struct arena *a)
{
    *f = (struct freeze){.a = a};
}

static void add(struct freeze *f, const char *name, const char *digest)
{
    if (f->n == f->cap) {
        size_t cap = f->cap ? 2 * f->cap : 64;
        struct freeze_item *p = arena_new_array(f->a, struct freeze_item, cap);
        if (f->n)
            memcpy(p, f->p, f->n * sizeof *p);
        f->p = p;
        f->cap = cap;
    }
    f->p[f->n++] = (struct freeze_item){arena_dup(f->a, name), arena_dup(f->a, digest)};
}

static void add_bytes(struct freeze *f, const char *name, struct str bytes)
{
    struct digest d;
    char hex[DIGEST_HEX];
    digest_init(&d);
    digest_bytes(&d, bytes.p, bytes.n);
    digest_hex(&d, hex);
    add(f, name, hex);
}

void freeze_text(struct freeze *f, const char *name, const char *text)
{
    add_bytes(f, name, str_of(text));
}

bool freeze_file(struct freeze *f, const char *name, const char *path, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct str text;
    if (!file_read(path, a, &text, err))
        return false;
    add_bytes(f, name, text);
    return true;
}

static bool add_entry(struct freeze *f, const char *prefix, const char *dir, const FTSENT *e, struct err *err)
{
    if (f->n > FILES_MAX)
        return err_set(err, ERR_LIMIT, "%s has more than %d files", dir, FILES_MAX);
    if (e->fts_info == FTS_DNR || e->fts_info == FTS_ERR || e->fts_info == FTS_NS)
        return err_os(err, ERR_FILE, e->fts_errno, "reading %s", e->fts_path);
    if (e->fts_info != FTS_F)
        return true;
    return freeze_file(f, arena_printf(f->a, "%s %s", prefix, e->fts_path + strlen(dir) + 1), e->fts_path, err);
}

bool freeze_folder(struct freeze *f, const char *prefix, const char *dir, struct err *err)
{
    char *const roots[] = {arena_dup(f->a, dir), NULL};
    FTS *walk = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, NULL);
    bool ok = walk != NULL || err_os(err, ERR_FILE, errno, "reading %s", dir);
    for (FTSENT *e; ok && (e = fts_read(walk));)
        ok = add_entry(f, prefix, dir, e, err);
    if (walk)
        fts_close(walk);
    return ok;
}

static int by_name(const void *a, const void *b)
{
    const struct freeze_item *x = a, *y = b;
    return strcmp(x->name, y->name);
}

void freeze_sort(struct freeze *f)
{
    if (f->n)
        qsort(f->p, f->n, sizeof *f->p, by_name);
}

static void say(struct buf *b, size_t found, size_t most, const char *name, const char *what)
{
    if (found == most)
        buf_puts(b, ", ...");
    if (found < most)
        buf_printf(b, "%s%s (%s)", found ? ", " : "", name, what);
}

size_t freeze_compare(const struct freeze *old, const struct freeze *now, size_t most, struct buf *ret)
{
    size_t found = 0, i = 0, k = 0;
    while (i < old->n || k < now->n) {
        int order = i == old->n ? 1 : k == now->n ? -1 : strcmp(old->p[i].name, now->p[k].name);
        if (order < 0)
            say(ret, found++, most, old->p[i].name, "is gone");
        else if (order > 0)
            say(ret, found++, most, now->p[k].name, "is new");
        else if (strcmp(old->p[i].digest, now->p[k].digest) != 0)
            say(ret, found++, most, now->p[k].name, "has changed");
        i += order <= 0;
        k += order >= 0;
    }
    return found;
}

/* --- in the journal: one event, a line for each item --- */

bool freeze_store(const struct freeze *f, struct journal *j, int64_t run, struct err *err)
{
    SCOPED_BUF text = {0};
    for (size_t i = 0; i < f->n; i++)
        buf_printf(&text, "%s %s\n", f->p[i].digest, f->p[i].name);
    return journal_add(j, run, STEP, "frozen", buf_text(&text), err);
}

bool freeze_load(struct freeze *f, struct journal *j, int64_t run, struct err *err)
{
    struct journal_event *events = NULL;
    size_t n = 0;
    if (!journal_events(j, run, STEP, f->a, &events, &n, err))
        return false;
    struct str rest = str_of(n ? events[n - 1].detail : "");
    while (rest.n) {
        struct str line = str_split(&rest, '\n');
        struct str digest = str_split(&line, ' ');
        add(f, arena_dup_str(f->a, line), arena_dup_str(f->a, digest));
    }
    return true;
}
