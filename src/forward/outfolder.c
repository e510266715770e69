#include "forward/outfolder.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/hash.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* In the folder in between, while it is ours. */
#define OUTFOLDER_MARK ".carryover-unfinished"

/* Of a file of any size: mapped, not read. */
static bool hash_of_file(const char *path, char ret_hex[33], struct err *err)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &st) != 0) {
        err_os(err, ERR_FILE, errno, "reading %s", path);
        if (fd >= 0)
            close(fd);
        return false;
    }
    size_t n = (size_t)st.st_size;
    void *p = n ? mmap(NULL, n, PROT_READ, MAP_PRIVATE, fd, 0) : NULL;
    close(fd);
    if (p == MAP_FAILED)
        return err_os(err, ERR_FILE, errno, "reading %s", path);
    hash_hex(n ? p : "", n, ret_hex);
    if (n)
        munmap(p, n);
    return true;
}

/* "HASH PATH" for every file but the list itself. */
static bool put_list(const char *dir, struct arena *a, struct buf *list, struct err *err)
{
    char **paths;
    size_t n;
    if (!file_tree(dir, a, &paths, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        SCOPED(arena) scratch = arena_new();
        char hex[33];
        if (strcmp(paths[i], OUTFOLDER_LIST) == 0 || strcmp(paths[i], OUTFOLDER_MARK) == 0)
            continue;
        if (!hash_of_file(arena_printf(scratch, "%s/%s", dir, paths[i]), hex, err))
            return false;
        buf_printf(list, "%s %s\n", hex, paths[i]);
    }
    return true;
}

/* The first line in which two lists differ. */
static struct str first_difference(struct str is, struct str was)
{
    while (is.n || was.n) {
        struct str a = str_split(&is, '\n'), b = str_split(&was, '\n');
        if (!str_eq(a, b))
            return a.n && (b.n == 0 || str_cmp((struct str){a.p + 33, a.n - 33}, (struct str){b.p + 33, b.n - 33}) <= 0)
                       ? a
                       : b;
    }
    return (struct str){NULL, 0};
}

static bool refuse(const char *out, struct str line, struct err *err)
{
    if (line.n > 33)
        err_set(err, ERR_GUARD, "%s holds what carryover has not written: %.*s", out, (int)(line.n - 33), line.p + 33);
    else
        err_set(err, ERR_GUARD, "%s holds what carryover has not written", out);
    return err_hint(err, "Name another folder with --out, or move this one away.");
}

static bool may_replace(const char *out, struct arena *a, struct err *err)
{
    SCOPED_BUF is = {0};
    struct str was = {NULL, 0};
    const char *list = arena_printf(a, "%s/" OUTFOLDER_LIST, out);
    if (!file_exists(out))
        return true;
    if (!file_is_dir(out))
        return err_set(err, ERR_GUARD, "%s is no folder", out) || err_hint(err, "Name another one with --out.");
    if (!put_list(out, a, &is, err) || (file_exists(list) && !file_read(list, a, &was, err)))
        return false;
    struct str line = first_difference(buf_str(&is), was);
    return line.p == NULL || refuse(out, line, err);
}

/* Without the slashes at its end. */
static const char *plain(const char *out, struct arena *a)
{
    size_t n = strlen(out);
    while (n > 1 && out[n - 1] == '/')
        n--;
    return arena_dup_str(a, (struct str){out, n});
}

/* Two folders change places in the end: a link would be replaced, and what it leads to would stay as it is. */
static bool is_no_link(const char *out, struct err *err)
{
    struct stat st;
    return lstat(out, &st) != 0 || !S_ISLNK(st.st_mode) || err_set(err, ERR_GUARD, "%s is a symbolic link", out) ||
           err_hint(err, "Name with --out the folder that it leads to, or another one.");
}

bool outfolder_begin(const char *out, struct arena *a, const char **ret_partial, struct err *err)
{
    out = plain(out, a);
    if (!is_no_link(out, err))
        return false;
    char *partial = arena_printf(a, "%s.partial", out);
    *ret_partial = partial;
    const char *mark = arena_printf(a, "%s/" OUTFOLDER_MARK, partial);
    /* Without the mark it is ours when it is empty, or the result that a killed run had just put aside. */
    struct err other;
    if (file_exists(partial) && !file_exists(mark) && !may_replace(partial, a, &other))
        return err_set(err, ERR_GUARD, "%s is there, and carryover has not made it", partial) ||
               err_hint(err, "Move it away, or name another folder with --out.");
    return may_replace(out, a, err) && file_remove_tree(partial, err) && file_make_dirs(partial, err) &&
           file_put(mark, str_of("a folder of carryover that is not finished\n"), err);
}

/* The two change places in one moment where the file system can do that; then the old one is removed. */
static bool exchange(const char *out, const char *partial, struct err *err)
{
    if (file_exists(out) && renameat2(AT_FDCWD, partial, AT_FDCWD, out, RENAME_EXCHANGE) == 0)
        return file_remove_tree(partial, err);
    if (!file_remove_tree(out, err))
        return false;
    return rename(partial, out) == 0 || err_os(err, ERR_FILE, errno, "putting %s in the place of %s", partial, out);
}

bool outfolder_commit(const char *out, const char *partial, struct arena *a, struct err *err)
{
    SCOPED_BUF list = {0};
    out = plain(out, a);
    const char *mark = arena_printf(a, "%s/" OUTFOLDER_MARK, partial);
    if (!put_list(partial, a, &list, err) ||
        !file_put(arena_printf(a, "%s/" OUTFOLDER_LIST, partial), buf_str(&list), err) || !may_replace(out, a, err))
        return false;
    /* From here on its list says that it is ours: what is put in the place of the old one has no mark. */
    if (unlink(mark) != 0)
        return err_os(err, ERR_FILE, errno, "finishing %s", partial);
    return exchange(out, partial, err);
}
