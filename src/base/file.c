#include "base/file.h"
#include "base/buf.h"
#include "base/vec.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* Folders within folders, at most. */
enum { TREE_DEPTH_MAX = 64 };

bool file_read(const char *path, struct arena *a, struct str *ret_text, struct err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_os(err, ERR_FILE, errno, "reading %s", path);
    SCOPED_BUF b = {0};
    ssize_t n;
    while ((n = read(fd, buf_room(&b, 65536), 65536)) > 0) {
        b.n += (size_t)n;
        if (b.n > FILE_MAX) {
            close(fd);
            return err_set(err, ERR_LIMIT, "%s is larger than %zu MB", path, FILE_MAX >> 20);
        }
    }
    int why = errno;
    close(fd);
    if (n < 0)
        return err_os(err, ERR_FILE, why, "reading %s", path);
    *ret_text = (struct str){arena_dup_str(a, buf_str(&b)), b.n};
    return true;
}

static bool write_all(int fd, struct str text, bool sync)
{
    while (text.n) {
        ssize_t n = write(fd, text.p, text.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        text.p += n;
        text.n -= (size_t)n;
    }
    return !sync || fsync(fd) == 0;
}

bool file_write(const char *path, struct str text, struct err *err)
{
    SCOPED_BUF tmp = {0};
    buf_printf(&tmp, "%s.%d.tmp", path, (int)getpid());
    int fd = open(tmp.p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0)
        return err_os(err, ERR_FILE, errno, "writing %s", path);
    bool ok = write_all(fd, text, true);
    int why = errno;
    if (close(fd) != 0 && ok) {
        ok = false;
        why = errno;
    }
    if (ok && rename(tmp.p, path) != 0) {
        ok = false;
        why = errno;
    }
    if (ok)
        return true;
    unlink(tmp.p);
    return err_os(err, why == ENOSPC ? ERR_DISK_FULL : ERR_FILE, why, "writing %s", path);
}

bool file_put(const char *path, struct str text, struct err *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0)
        return err_os(err, ERR_FILE, errno, "writing %s", path);
    bool ok = write_all(fd, text, false);
    int why = errno;
    if (close(fd) != 0 && ok) {
        ok = false;
        why = errno;
    }
    return ok || err_os(err, why == ENOSPC ? ERR_DISK_FULL : ERR_FILE, why, "writing %s", path);
}

bool file_make_dirs(const char *path, struct err *err)
{
    SCOPED_BUF b = {0};
    if (!path[0])
        return err_os(err, ERR_FILE, ENOENT, "making a folder without a name");
    buf_puts(&b, path);
    for (char *p = b.p + 1;; p++) {
        if (*p && *p != '/')
            continue;
        char keep = *p;
        *p = '\0';
        if (mkdir(b.p, 0755) != 0 && !file_is_dir(b.p))
            return err_os(err, ERR_FILE, errno, "making the folder %s", b.p);
        *p = keep;
        if (!keep)
            return true;
    }
}

bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

bool file_is_private(const char *path)
{
    struct stat st;
    return stat(path, &st) != 0 || (st.st_mode & 077) == 0;
}

bool file_is_dir(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool ends_with(const char *name, const char *suffix)
{
    size_t n = strlen(name), s = strlen(suffix);
    return n > s && strcmp(name + n - s, suffix) == 0;
}

bool file_list(const char *dir, const char *suffix, struct arena *a, char ***ret_names, size_t *ret_n, struct err *err)
{
    VEC(char *) names = {0};
    DIR *d = opendir(dir);
    if (!d && errno != ENOENT)
        return err_os(err, ERR_FILE, errno, "reading the folder %s", dir);
    for (struct dirent *e; d && (e = readdir(d));)
        if (e->d_name[0] != '.' && ends_with(e->d_name, suffix))
            *vec_push(&names) = arena_dup(a, e->d_name);
    if (d)
        closedir(d);
    if (names.n)
        qsort(names.p, names.n, sizeof *names.p, by_name);
    *ret_names = arena_new_array(a, char *, names.n + 1);
    for (size_t i = 0; i < names.n; i++)
        (*ret_names)[i] = names.p[i];
    *ret_n = names.n;
    vec_done(&names);
    return true;
}

struct tree_walk {
    struct arena *a;
    VEC(char *) paths;
};

/* `below` is "" or ends with a slash. */
static bool walk(struct tree_walk *w, const char *dir, const char *below, int depth, struct err *err)
{
    DIR *d = depth < TREE_DEPTH_MAX ? opendir(dir) : NULL;
    if (!d)
        return depth < TREE_DEPTH_MAX
                   ? err_os(err, ERR_FILE, errno, "reading the folder %s", dir)
                   : err_set(err, ERR_LIMIT, "%s is below more than %d folders", dir, TREE_DEPTH_MAX);
    bool ok = true;
    for (struct dirent *e; ok && (e = readdir(d));) {
        struct stat st;
        char *path = arena_printf(w->a, "%s/%s", dir, e->d_name);
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 || lstat(path, &st) != 0)
            continue;
        char *name = arena_printf(w->a, "%s%s", below, e->d_name);
        if (S_ISDIR(st.st_mode))
            ok = walk(w, path, arena_printf(w->a, "%s/", name), depth + 1, err);
        else
            *vec_push(&w->paths) = name;
    }
    closedir(d);
    return ok;
}

bool file_tree(const char *dir, struct arena *a, char ***ret_paths, size_t *ret_n, struct err *err)
{
    struct tree_walk w = {.a = a};
    bool ok = walk(&w, dir, "", 0, err);
    if (w.paths.n)
        qsort(w.paths.p, w.paths.n, sizeof *w.paths.p, by_name);
    *ret_paths = arena_new_array(a, char *, w.paths.n + 1);
    for (size_t i = 0; i < w.paths.n; i++)
        (*ret_paths)[i] = w.paths.p[i];
    *ret_n = w.paths.n;
    vec_done(&w.paths);
    return ok;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

bool file_remove_tree(const char *path, struct err *err)
{
    struct stat st;
    if (lstat(path, &st) != 0 && errno == ENOENT)
        return true;
    if (nftw(path, remove_one, 32, FTW_DEPTH | FTW_PHYS) != 0)
        return err_os(err, ERR_FILE, errno, "removing %s", path);
    return true;
}

char *file_absolute(struct arena *a, const char *path)
{
    char real[PATH_MAX];
    if (realpath(path, real))
        return arena_dup(a, real);
    if (path[0] == '/' || !getcwd(real, sizeof real))
        return arena_dup(a, path);
    return arena_printf(a, "%s/%s", real, path);
}

int64_t file_most_open(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return sysconf(_SC_OPEN_MAX);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    return files.rlim_cur == RLIM_INFINITY ? INT64_MAX : (int64_t)files.rlim_cur;
}
