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
    if (!S_ISREG(st.st_mode)) {
        errno = S_ISDIR(st.st_mode) ? EISDIR : ESPIPE;
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

/* More than this, and the text is written in something else. */
static bool is_too_bad(const struct encoded *e)
{
    return e->n_bad > 8 + e->text.n / 100 || e->n_bad * 4 > e->text.n;
}

/* Bytes without a meaning become U+FFFD, one for each. */
static bool put_bad(struct encoded *e, FILE *out, size_t n_done, const char *path, struct err *err)
{
    if (e->n_bad++ == 0)
        e->bad_off = n_done;
    return put_piece(out, "\xEF\xBF\xBD", 3, path, err);
}

/* The whole text through an open converter. `unit` is how many bytes a character has at least. */
static bool convert_all(struct encoded *e, iconv_t cd, size_t unit, const char *name, FILE *out, const char *path,
                        struct err *err)
{
    char piece[PIECE], *from = (char *)(uintptr_t)e->text.p;
    size_t left = e->text.n, n_done = 0;
    while (left > 0) {
        char *to = piece;
        size_t room = sizeof piece;
        size_t done = iconv(cd, &from, &left, &to, &room);
        int why = errno;
        n_done += sizeof piece - room;
        if (!put_piece(out, piece, sizeof piece - room, path, err))
            return false;
        if (done != (size_t)-1 || why == E2BIG)
            continue;
        if (!put_bad(e, out, n_done, path, err))
            return false;
        if (is_too_bad(e))
            return err_set(err, ERR_XPO_ENCODING, "%s is no %s: the byte at offset %zu has no meaning", path, name,
                           (size_t)(from - e->text.p));
        n_done += 3;
        from += MIN(unit, left);
        left -= MIN(unit, left);
    }
    return true;
}

static bool put_converted(struct encoded *e, const char *codepage, FILE *out, const char *path, struct err *err)
{
    iconv_t cd = iconv_open("UTF-8", codepage);
    if (cd == (iconv_t)-1)
        return err_set(err, ERR_XPO_ENCODING, "reading %s: nobody knows the code page %s", path, codepage);
    bool ok = convert_all(e, cd, strncmp(codepage, "UTF-16", 6) == 0 ? 2 : 1, codepage, out, path, err);
    iconv_close(cd);
    return ok;
}

/* Lines that end with a carriage return alone. */
static bool put_lines(struct encoded *e, const char *codepage, FILE *out, const char *path, struct err *err)
{
    (void)codepage;
    for (struct str rest = e->text; rest.n > 0;) {
        const char *cr = memchr(rest.p, '\r', rest.n);
        size_t n = cr ? (size_t)(cr - rest.p) : rest.n;
        if (!put_piece(out, rest.p, n, path, err) || (cr && !put_piece(out, "\n", 1, path, err)))
            return false;
        rest = (struct str){rest.p + n + (cr != NULL), rest.n - n - (cr != NULL)};
    }
    return true;
}

typedef bool put_fn(struct encoded *e, const char *codepage, FILE *out, const char *path, struct err *err);

/* Puts the text of `e` in another form into a file without a name, and maps that one instead. */
static bool through_file(struct encoded *e, put_fn *put, const char *codepage, const char *path, struct err *err)
{
    FILE *out = tmpfile();
    if (!out)
        return err_os(err, ERR_FILE, errno, "making a temporary file");
    struct encoded made = {0};
    bool ok = put(e, codepage, out, path, err) &&
              (fflush(out) == 0 || err_os(err, ERR_DISK_FULL, errno, "converting %s", path)) &&
              (map_fd(fileno(out), &made) || err_os(err, ERR_FILE, errno, "converting %s", path));
    fclose(out);
    if (!ok)
        return false;
    memcpy(made.name, e->name, sizeof made.name);
    made.n_bad = e->n_bad;
    made.bad_off = e->bad_off;
    encoding_done(e);
    *e = made;
    return true;
}

static bool convert(struct encoded *e, const char *codepage, const char *path, struct err *err)
{
    snprintf(e->name, sizeof e->name, "%s", codepage);
    return through_file(e, put_converted, codepage, path, err);
}

/* Text of a code page hardly ever holds sequences of UTF-8: a few bytes between many of them are damage. */
static bool is_nearly_utf8(struct str s)
{
    size_t good = 0, bad = 0;
    for (size_t i = 0; i < s.n;) {
        size_t n = utf8_length(s.p + i, s.n - i);
        good += n > 1;
        bad += n == 0;
        i += n ? n : 1;
    }
    return good > 4 * bad;
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
    if (mark.bytes.n || is_nearly_utf8(e->text))
        return through_file(e, put_converted, "UTF-8", path, err);
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

static bool has_only_returns(struct str text)
{
    return memchr(text.p, '\r', text.n) && !memchr(text.p, '\n', text.n);
}

bool encoding_open(const char *path, const char *codepage, struct encoded *ret, struct err *err)
{
    *ret = (struct encoded){.name = "UTF-8"};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe would wait for ever */
    if (fd < 0)
        return err_os(err, ERR_FILE, errno, "reading %s", path);
    bool mapped = map_fd(fd, ret);
    int why = errno;
    close(fd);
    if (!mapped && why == ESPIPE)
        return err_set(err, ERR_FILE, "%s is no file", path);
    if (!mapped)
        return err_os(err, ERR_FILE, why, "reading %s", path);
    bool ok = ret->n_map == 0 || decode(ret, codepage, path, err);
    if (ok && ret->text.n > 0 && has_only_returns(ret->text))
        ok = through_file(ret, put_lines, NULL, path, err);
    if (!ok) {
        encoding_done(ret);
        return false;
    }
    skip_marks(&ret->text);
    return true;
}

uint32_t encoding_bad_line(const struct encoded *e)
{
    uint32_t line = 1;
    for (size_t i = 0; e->n_bad && i < e->bad_off && i < e->text.n; i++)
        line += e->text.p[i] == '\n';
    return line;
}
