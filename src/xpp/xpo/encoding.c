#include "xpp/xpo/encoding.h"
#include "base/utf8.h"
#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE ((size_t)64 << 10)

static const struct mark {
    struct str bytes;
    const char *name, *codepage; /* no code page: the bytes behind the mark are UTF-8 */
} marks[] = {
    {{"\xEF\xBB\xBF", 3}, "UTF-8 with mark", NULL},
    {{"\xFF\xFE", 2}, "UTF-16LE", "UTF-16LE"},
    {{"\xFE\xFF", 2}, "UTF-16BE", "UTF-16BE"},
    {{"", 0}, "UTF-8", NULL},
};

static struct mark find_mark(struct str text)
{
    for (size_t i = 0; i + 1 < ARRAY_LEN(marks); i++)
        if (text.n >= marks[i].bytes.n && memcmp(text.p, marks[i].bytes.p, marks[i].bytes.n) == 0)
            return marks[i];
    return marks[ARRAY_LEN(marks) - 1];
}

/* UTF-16 without a mark: an export begins with letters of ASCII, of which one byte is zero. */
static const char *guess_utf16(struct str text)
{
    size_t n = MIN(text.n, (size_t)32) & ~(size_t)1, zeros[2] = {0, 0};
    for (size_t i = 0; i < n; i++)
        zeros[i & 1] += text.p[i] == '\0';
    if (n == 0 || zeros[0] + zeros[1] != n / 2)
        return NULL;
    return zeros[1] == n / 2 ? "UTF-16LE" : zeros[0] == n / 2 ? "UTF-16BE" : NULL;
}

static bool map_fd(int fd, struct encoded *e)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return false;
    if (S_ISDIR(st.st_mode)) {
        errno = EISDIR;
        return false;
    }
    e->n_map = (size_t)st.st_size;
    if (e->n_map == 0)
        return true;
    void *p = mmap(NULL, e->n_map, PROT_READ, MAP_PRIVATE, fd, 0);
    if (p == MAP_FAILED)
        return false;
    madvise(p, e->n_map, MADV_SEQUENTIAL);
    e->map = p;
    e->text = (struct str){p, e->n_map};
    return true;
}

void encoding_done(struct encoded *e)
{
    if (e->map)
        munmap(e->map, e->n_map);
    *e = (struct encoded){0};
}

static bool put_piece(FILE *out, const char *p, size_t n, const char *path, struct err *err)
{
    return fwrite(p, 1, n, out) == n || err_os(err, ERR_DISK_FULL, errno, "converting %s", path);
}

/* The whole of `in` through an open converter. */
static bool convert_all(iconv_t cd, struct str in, const char *name, FILE *out, const char *path, struct err *err)
{
    char piece[PIECE], *from = (char *)(uintptr_t)in.p;
    size_t left = in.n;
    while (left > 0) {
        char *to = piece;
        size_t room = sizeof piece;
        size_t done = iconv(cd, &from, &left, &to, &room);
        int why = errno;
        if (!put_piece(out, piece, sizeof piece - room, path, err))
            return false;
        if (done == (size_t)-1 && why != E2BIG)
            return err_set(err, ERR_XPO_ENCODING, "%s is no %s: the byte at offset %zu has no meaning", path, name,
                           (size_t)(from - in.p));
    }
    return fflush(out) == 0 || err_os(err, ERR_DISK_FULL, errno, "converting %s", path);
}

/* Puts the text of `e` from its code page into a file without a name, and maps that one instead. */
static bool convert(struct encoded *e, const char *codepage, const char *path, struct err *err)
{
    iconv_t cd = iconv_open("UTF-8", codepage);
    if (cd == (iconv_t)-1)
        return err_set(err, ERR_XPO_ENCODING, "reading %s: nobody knows the code page %s", path, codepage);
    FILE *out = tmpfile();
    if (!out) {
        iconv_close(cd);
        return err_os(err, ERR_FILE, errno, "making a temporary file");
    }
    struct encoded made = {0};
    bool ok = convert_all(cd, e->text, codepage, out, path, err) &&
              (map_fd(fileno(out), &made) || err_os(err, ERR_FILE, errno, "converting %s", path));
    iconv_close(cd);
    fclose(out);
    if (!ok)
        return false;
    snprintf(made.name, sizeof made.name, "%s", codepage);
    encoding_done(e);
    *e = made;
    return true;
}

/* The mapped bytes as UTF-8. */
static bool decode(struct encoded *e, const char *codepage, const char *path, struct err *err)
{
    struct mark mark = find_mark(e->text);
    e->text = (struct str){e->text.p + mark.bytes.n, e->text.n - mark.bytes.n};
    snprintf(e->name, sizeof e->name, "%s", mark.name);
    if (mark.codepage)
        return convert(e, mark.codepage, path, err);
    const char *utf16 = mark.bytes.n ? NULL : guess_utf16(e->text);
    if (utf16)
        return convert(e, utf16, path, err);
    if (utf8_is_valid(e->text))
        return true;
    if (mark.bytes.n)
        return err_set(err, ERR_XPO_ENCODING, "%s has the mark of UTF-8, but is not UTF-8", path);
    if (!codepage)
        return err_set(err, ERR_XPO_ENCODING, "%s is not UTF-8, and no code page was named for it", path);
    return convert(e, codepage, path, err);
}

/* Tools that convert files leave the mark in the text and write another one before it. */
static void skip_marks(struct str *text)
{
    const struct str mark = marks[0].bytes;
    while (text->n >= mark.n && memcmp(text->p, mark.p, mark.n) == 0)
        *text = (struct str){text->p + mark.n, text->n - mark.n};
}

bool encoding_open(const char *path, const char *codepage, struct encoded *ret, struct err *err)
{
    *ret = (struct encoded){.name = "UTF-8"};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_os(err, ERR_FILE, errno, "reading %s", path);
    bool mapped = map_fd(fd, ret);
    int why = errno;
    close(fd);
    if (!mapped)
        return err_os(err, ERR_FILE, why, "reading %s", path);
    if (ret->n_map > 0 && !decode(ret, codepage, path, err)) {
        encoding_done(ret);
        return false;
    }
    skip_marks(&ret->text);
    return true;
}
