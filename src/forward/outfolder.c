#include "forward/outfolder.h"
#include "base/file.h"
#include <errno.h>
#include <stdio.h>

static bool is_empty(const char *dir, struct arena *a, bool *ret, struct err *err)
{
    char **names;
    size_t n;
    if (!file_list(dir, "", a, &names, &n, err))
        return false;
    *ret = n == 0;
    return true;
}

static bool may_replace(const char *out, struct arena *a, struct err *err)
{
    bool empty;
    if (!file_exists(out) || file_exists(arena_printf(a, "%s/" OUTFOLDER_REPORT, out)))
        return true;
    if (!file_is_dir(out))
        return err_set(err, ERR_GUARD, "%s is no folder", out) || err_hint(err, "Name another folder with --out.");
    if (!is_empty(out, a, &empty, err))
        return false;
    return empty || err_set(err, ERR_GUARD, "%s holds something that carryover has not written", out) ||
           err_hint(err, "Name an empty folder, or one that does not exist, with --out.");
}

bool outfolder_begin(const char *out, struct arena *a, const char **ret_partial, struct err *err)
{
    size_t n = strlen(out);
    while (n > 1 && out[n - 1] == '/')
        n--;
    char *partial = arena_printf(a, "%.*s.partial", (int)n, out);
    *ret_partial = partial;
    return may_replace(out, a, err) && file_remove_tree(partial, err) && file_make_dirs(partial, err);
}

bool outfolder_commit(const char *out, const char *partial, struct err *err)
{
    if (!file_remove_tree(out, err))
        return false;
    return rename(partial, out) == 0 || err_os(err, ERR_FILE, errno, "putting %s in the place of %s", partial, out);
}
