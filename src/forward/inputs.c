#include "forward/inputs.h"
#include "base/file.h"
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

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

/* Hidden files and folders are somebody's tools'. */
static bool is_hidden(const char *path)
{
    return path[0] == '.' || strstr(path, "/.") != NULL;
}

/* No pipe, and no link that leads nowhere. */
static bool is_regular(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static bool add_folder(const char *path, const struct input *like, struct arena *a, input_list *ret, struct err *err)
{
    char **names;
    size_t n;
    if (!file_tree(path, a, &names, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        const char *file = arena_printf(a, "%s/%s", path, names[i]);
        bool wanted = ends_with(names[i], ".xpo") || ends_with(names[i], ".ald");
        if (wanted && !is_hidden(names[i]) && is_regular(file) && !add_file(file, like, ret, err))
            return false;
    }
    return true;
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
        return add_folder(path, &like, a, ret, err);
    if (!file_exists(path))
        return err_set(err, ERR_FILE, "there is no file or folder %s", path);
    return add_file(arena_dup(a, path), &like, ret, err);
}
