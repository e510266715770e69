#include "forward/inputs.h"
#include "base/file.h"
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* Folders within folders, at most: a link that leads back up ends there. */
enum { FOLDERS_MAX = 64 };

static bool ends_with(const char *name, const char *suffix)
{
    size_t n = strlen(name), m = strlen(suffix);
    return n >= m && strcasecmp(name + n - m, suffix) == 0;
}

static bool add_file(const char *path, const struct input *like, input_list *ret, struct err *err)
{
    if (ret->n >= INPUTS_MAX)
        return err_set(err, ERR_LIMIT, "more than %d files to bring forward", INPUTS_MAX);
    struct input *added = vec_push(ret);
    *added = *like;
    added->path = path;
    added->labels = ends_with(path, ".ald");
    return true;
}

static int compare(const void *x, const void *y)
{
    return strcmp(*(char *const *)x, *(char *const *)y);
}

typedef VEC(char *) path_list;

static bool list_folder(const char *path, struct arena *a, path_list *ret, struct err *err)
{
    DIR *d = opendir(path);
    if (!d)
        return err_os(err, ERR_FILE, errno, "reading the folder %s", path);
    for (struct dirent *entry; (entry = readdir(d)) != NULL;)
        if (entry->d_name[0] != '.')
            *vec_push(ret) = arena_printf(a, "%s/%s", path, entry->d_name);
    closedir(d);
    if (ret->n)
        qsort(ret->p, ret->n, sizeof *ret->p, compare);
    return true;
}

static bool add_folder(const char *path, const struct input *like, int depth, struct arena *a, input_list *ret,
                       struct err *err)
{
    path_list names = {0};
    bool ok = depth < FOLDERS_MAX || err_set(err, ERR_LIMIT, "%s is below more than %d folders", path, FOLDERS_MAX);
    ok = ok && list_folder(path, a, &names, err);
    for (size_t i = 0; ok && i < names.n; i++) {
        const char *name = names.p[i];
        if (file_is_dir(name))
            ok = add_folder(name, like, depth + 1, a, ret, err);
        else if (ends_with(name, ".xpo") || ends_with(name, ".ald"))
            ok = add_file(name, like, ret, err);
    }
    vec_done(&names);
    return ok;
}

/* `Name=path`: a name is what D365 takes for one. */
static const char *split_model(const char *arg, struct arena *a, const char **ret_model)
{
    *ret_model = "";
    size_t n = 0;
    while (isalnum((unsigned char)arg[n]) || arg[n] == '_')
        n++;
    if (n == 0 || arg[n] != '=' || file_exists(arg))
        return arg;
    *ret_model = arena_dup_str(a, (struct str){arg, n});
    return arg + n + 1;
}

bool inputs_add(const char *arg, bool baseline, struct arena *a, input_list *ret, struct err *err)
{
    struct input like = {.baseline = baseline};
    const char *path = split_model(arg, a, &like.model);
    if (file_is_dir(path))
        return add_folder(path, &like, 0, a, ret, err);
    if (!file_exists(path))
        return err_set(err, ERR_FILE, "there is no file or folder %s", path);
    return add_file(arena_dup(a, path), &like, ret, err);
}
