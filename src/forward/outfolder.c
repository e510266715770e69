#include "forward/outfolder.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/hash.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* In the folder in between, while it is ours. */
#define OUTFOLDER_MARK ".carryover-unfinished"
#define MARK_TEXT "a folder of carryover that is not finished\n"

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

/* The folder in between stands beside it, by its name. */
static bool is_named(const char *out, struct err *err)
{
    const char *slash = strrchr(out, '/'), *name = slash ? slash + 1 : out;
    if (name[0] && strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
        return true;
    return err_set(err, ERR_GUARD, "'%s' does not say what the folder is called", out) ||
           err_hint(err, "Name it with --out: a folder that is not there yet, or that carryover has written.");
}

/* Two folders change places in the end: a link would be replaced, and what it leads to would stay as it is. */
static bool is_no_link(const char *out, struct err *err)
{
    struct stat st;
    return lstat(out, &st) != 0 || !S_ISLNK(st.st_mode) || err_set(err, ERR_GUARD, "%s is a symbolic link", out) ||
           err_hint(err, "Name with --out the folder that it leads to, or another one.");
}

static bool refuse_busy(const char *partial, struct err *err)
{
    return err_set(err, ERR_GUARD, "another run of carryover writes %s now", partial) ||
           err_hint(err, "Wait for it, or name another folder with --out.");
}

/* A folder is locked as long as a run writes it; one that was killed holds nothing. Whoever makes or removes it between
 * two steps of this has it. */
static bool lock_folder(const char *partial, int *ret, struct err *err)
{
    struct stat ours, there;
    int fd = open(partial, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? refuse_busy(partial, err) : err_os(err, ERR_FILE, errno, "opening %s", partial);
    if (flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &ours) == 0 && stat(partial, &there) == 0 &&
        ours.st_ino == there.st_ino) {
        *ret = fd;
        return true;
    }
    close(fd);
    return refuse_busy(partial, err);
}

/* Without the mark it is ours when it is empty, or the result that a killed run had just put aside. */
static bool is_ours(const char *partial, const char *mark, struct arena *a, struct err *err)
{
    struct err other;
    if (file_exists(mark) || may_replace(partial, a, &other))
        return true;
    return err_set(err, ERR_GUARD, "%s is there, and carryover has not made it", partial) ||
           err_hint(err, "Move it away, or name another folder with --out.");
}

/* The old folder stays locked until the new one is. */
static bool make_anew(const char *partial, const char *mark, int *ret_lock, struct err *err)
{
    if (!file_remove_tree(partial, err))
        return false;
    if (mkdir(partial, 0755) != 0)
        return errno == EEXIST ? refuse_busy(partial, err) : err_os(err, ERR_FILE, errno, "making %s", partial);
    return lock_folder(partial, ret_lock, err) && file_put(mark, str_of(MARK_TEXT), err);
}

bool outfolder_begin(const char *out, struct arena *a, const char **ret_partial, int *ret_lock, struct err *err)
{
    int before = -1;
    *ret_lock = -1;
    out = plain(out, a);
    if (!is_named(out, err) || !is_no_link(out, err) || !may_replace(out, a, err))
        return false;
    char *partial = arena_printf(a, "%s.partial", out);
    *ret_partial = partial;
    const char *mark = arena_printf(a, "%s/" OUTFOLDER_MARK, partial);
    if (file_exists(partial) && !file_is_dir(partial))
        return is_ours(partial, mark, a, err);
    bool ok = file_make_dirs(partial, err) && lock_folder(partial, &before, err) && is_ours(partial, mark, a, err) &&
              make_anew(partial, mark, ret_lock, err);
    if (before >= 0)
        close(before);
    return ok;
}

/* The two change places in one moment where the file system can do that; then the old one is removed. */
static bool exchange(const char *out, const char *partial, const char *mark, struct err *err)
{
    /* What is half removed is ours by the mark, whenever this is killed. */
    if (file_exists(out) && renameat2(AT_FDCWD, partial, AT_FDCWD, out, RENAME_EXCHANGE) == 0)
        return file_put(mark, str_of(MARK_TEXT), err) && file_remove_tree(partial, err);
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
    return exchange(out, partial, mark, err);
}
