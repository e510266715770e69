#include "forward/claims.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/map.h"
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

/* So many files can be written at once; a power of two. */
enum { STRIPES = 64 };

struct owner {
    uint32_t unit;
    const char *path; /* as this element writes it */
};

/* The files whose names have one hash, more or less. */
struct stripe {
    pthread_mutex_t lock; /* held while a file is written, too: who comes second may have to write it anew */
    struct map *owners;   /* by path in lower case */
    struct map *folders;  /* that were made */
    struct arena *arena;
    claims_losses losses; /* `owner` is not known yet */
};

struct claims {
    struct stripe stripes[STRIPES];
};

struct claims *claims_new(void)
{
    struct claims *c = calloc(1, sizeof *c);
    if (!c)
        abort();
    for (size_t i = 0; i < STRIPES; i++) {
        pthread_mutex_init(&c->stripes[i].lock, NULL);
        c->stripes[i].owners = map_new();
        c->stripes[i].folders = map_new();
        c->stripes[i].arena = arena_new();
    }
    return c;
}

void claims_free(struct claims *c)
{
    for (size_t i = 0; c && i < STRIPES; i++) {
        pthread_mutex_destroy(&c->stripes[i].lock);
        map_free(c->stripes[i].owners);
        map_free(c->stripes[i].folders);
        arena_free(c->stripes[i].arena);
        vec_done(&c->stripes[i].losses);
    }
    free(c);
}

static bool make_folder(struct stripe *s, const char *folder, struct err *err)
{
    if (map_get(s->folders, str_of(folder)))
        return true;
    if (!file_make_dirs(folder, err))
        return false;
    map_put(s->folders, str_of(arena_dup(s->arena, folder)))->value = s;
    return true;
}

static bool put_file(struct stripe *s, const char *dir, const char *path, struct str text, struct err *err)
{
    SCOPED(arena) a = arena_new();
    char *whole = arena_printf(a, "%s/%s", dir, path);
    char *slash = strrchr(whole, '/');
    *slash = '\0';
    if (!make_folder(s, whole, err))
        return false;
    *slash = '/';
    return file_put(whole, text, err);
}

static void lose(struct stripe *s, uint32_t unit, const char *path)
{
    *vec_push(&s->losses) = (struct claims_loss){.unit = unit, .path = arena_dup(s->arena, path)};
}

/* Makes the element the owner; false when one before it, or this one itself, has the path. `ret_old` is the file that
 * it displaces, or NULL. */
static bool take(struct stripe *s, uint32_t unit, struct str key, const char *path, const char **ret_old)
{
    struct map_entry *entry = map_put(s->owners, key);
    struct owner *o = entry->value;
    *ret_old = NULL;
    if (o && o->unit <= unit) {
        lose(s, unit, path);
        return false;
    }
    if (o) {
        lose(s, o->unit, o->path);
        *ret_old = o->path;
    }
    entry->value = o ? o : arena_alloc(s->arena, sizeof *o);
    *(struct owner *)entry->value = (struct owner){unit, arena_dup(s->arena, path)};
    return true;
}

static struct str key_of(struct arena *a, const char *path)
{
    size_t n = strlen(path);
    return (struct str){str_lower(arena_dup(a, path), n), n};
}

/* Names that differ in case are two files here, and one elsewhere. */
static bool replace(struct stripe *s, const char *dir, const char *old, const char *path, struct str text,
                    struct err *err)
{
    SCOPED(arena) a = arena_new();
    if (old && strcmp(old, path) != 0 && unlink(arena_printf(a, "%s/%s", dir, old)) != 0)
        return err_os(err, ERR_FILE, errno, "replacing %s by %s", old, path);
    return put_file(s, dir, path, text, err);
}

bool claims_write(struct claims *c, uint32_t unit, const char *dir, const char *path, struct str text, struct err *err)
{
    SCOPED(arena) scratch = arena_new();
    const char *old;
    struct str key = key_of(scratch, path);
    struct stripe *s = &c->stripes[hash_bytes(key.p, key.n) & (STRIPES - 1)];
    pthread_mutex_lock(&s->lock);
    key.p = arena_dup_str(s->arena, key);
    bool ok = !take(s, unit, key, path, &old) || !dir || replace(s, dir, old, path, text, err);
    pthread_mutex_unlock(&s->lock);
    return ok;
}

static int compare(const void *a, const void *b)
{
    const struct claims_loss *x = a, *y = b;
    if (x->unit != y->unit)
        return x->unit < y->unit ? -1 : 1;
    return strcmp(x->path, y->path);
}

void claims_lost(const struct claims *c, claims_losses *ret)
{
    SCOPED(arena) a = arena_new();
    *ret = (claims_losses){0};
    for (size_t i = 0; i < STRIPES; i++) {
        const struct stripe *s = &c->stripes[i];
        vec_each (&s->losses, l) {
            l->owner = ((const struct owner *)map_get(s->owners, key_of(a, l->path)))->unit;
            *vec_push(ret) = *l;
        }
    }
    if (ret->n)
        qsort(ret->p, ret->n, sizeof *ret->p, compare);
}
