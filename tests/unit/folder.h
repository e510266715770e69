/*
 * folder: a temporary folder with files in it, for tests.
 */
#ifndef UNIT_FOLDER_H
#define UNIT_FOLDER_H
#include "base/arena.h"
#include "base/file.h"
#include "test.h"

struct folder {
    struct arena *a;
    char *path;
};

static inline struct folder folder_make(void)
{
    struct folder f = {.a = arena_new()};
    f.path = arena_dup(f.a, "/tmp/carryover-test-XXXXXX");
    assert_non_null(mkdtemp(f.path));
    return f;
}

static inline void folder_done(struct folder *f)
{
    struct err err;
    must(file_remove_tree(f->path, &err));
    arena_free(f->a);
}

static inline char *folder_path(const struct folder *f, const char *name)
{
    return arena_printf(f->a, "%s/%s", f->path, name);
}

/* Writes a file; its folder is made. Without file_write(), whose fsync costs more than a whole test. */
static inline void folder_put(const struct folder *f, const char *name, const char *text)
{
    struct err err;
    char *path = folder_path(f, name), *slash = strrchr(path, '/');
    *slash = '\0';
    must(file_make_dirs(path, &err));
    *slash = '/';
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0 && fclose(file) == 0);
}

#define SCOPED_FOLDER __attribute__((cleanup(folder_done))) struct folder

#endif
