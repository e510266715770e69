#include "base/utf8.h"
#include "net/parcel_manifest.h"
#include <archive.h>
#include <archive_entry.h>
#include <assert.h>
#include <errno.h>
#include <zstd.h>

#define CHUNK ((size_t)1 << 17)
#define TAR_BLOCK 512
#define WINDOW_LOG_MOST 23 /* 8 MiB: what RFC 8878 asks of every decoder, and all levels up to 19 need */

struct parcel_reader {
    struct parcel_limits limits;
    const struct parcel_table *tables;
    size_t n_tables;

    /* compressed */
    FILE *file; /* NULL: all of it is in `in` */
    const char *path;
    char *in_buffer;
    ZSTD_inBuffer in;
    ZSTD_DCtx *zstd;
    size_t frame_left; /* 0: between frames */

    /* tar */
    struct archive *tar;
    char *out_buffer;
    int64_t out_total;
    int64_t nonzero_end;  /* behind the last byte that was not zero so far */
    int64_t contents_end; /* behind the last file */

    /* the file of rows that is being read */
    size_t step; /* how many of the possible files (rows and keys of each table) are done or were left out */
    bool in_file;
    int64_t lines, lines_expected;
    const char *digest_expected;
    struct sha256 *digest;
    struct buf text;
    size_t at; /* in text: where the next line begins */
    bool text_ended;

    bool failed;    /* for good, by `why` */
    struct err why; /* first of all below libarchive, which only knows that something failed */
};

/* --- decompressing --- */

static bool fail(struct parcel_reader *r, bool ignored)
{
    (void)ignored; /* what err_set() and the like return */
    r->failed = true;
    return false;
}

#define refuse(r, ...) fail(r, err_set(&(r)->why, ERR_PARCEL, __VA_ARGS__))

/* More compressed bytes; none at the end. */
static bool refill(struct parcel_reader *r)
{
    if (!r->file || r->in.pos < r->in.size)
        return true;
    size_t n = fread(r->in_buffer, 1, CHUNK, r->file);
    if (n == 0 && ferror(r->file))
        return fail(r, err_os(&r->why, ERR_FILE, errno, "reading %s", r->path));
    r->in = (ZSTD_inBuffer){r->in_buffer, n, 0};
    return true;
}

/* The next decompressed bytes, in out_buffer; none at the end. */
static bool decompress(struct parcel_reader *r, size_t *ret_n)
{
    ZSTD_outBuffer out = {r->out_buffer, CHUNK, 0};
    while (out.pos == 0) {
        if (!refill(r))
            return false;
        bool ended = r->in.pos == r->in.size;
        if (ended && r->frame_left == 0)
            break;
        r->frame_left = ZSTD_decompressStream(r->zstd, &out, &r->in);
        if (ZSTD_isError(r->frame_left))
            return refuse(r, "the package is not what zstd has compressed: %s", ZSTD_getErrorName(r->frame_left));
        if (ended && out.pos == 0 && r->frame_left)
            return refuse(r, "the package is cut: its end is missing");
    }
    size_t n = out.pos;
    while (n && r->out_buffer[n - 1] == '\0')
        n--;
    if (n)
        r->nonzero_end = r->out_total + (int64_t)n;
    r->out_total += (int64_t)out.pos;
    if (r->out_total > r->limits.bytes_max)
        return fail(r, err_set(&r->why, ERR_LIMIT, "the package has more than %" PRId64 " MiB unpacked",
                               r->limits.bytes_max >> 20));
    *ret_n = out.pos;
    return true;
}

static la_ssize_t give(struct archive *tar, void *ctx, const void **ret)
{
    struct parcel_reader *r = ctx;
    size_t n = 0;
    *ret = r->out_buffer;
    if (!r->failed && decompress(r, &n))
        return (la_ssize_t)n;
    archive_set_error(tar, EIO, "see above");
    return -1;
}

/* Behind the last file there is nothing but the zeros that a tar ends with, also where libarchive does not look. */
static bool read_rest(struct parcel_reader *r)
{
    size_t n = 0;
    do {
        if (!decompress(r, &n))
            return false;
    } while (n);
    return r->nonzero_end <= r->contents_end || refuse(r, "something comes after the last file");
}

/* --- entries of the tar --- */

static bool fail_tar(struct parcel_reader *r)
{
    const char *why = archive_error_string(r->tar);
    return r->failed ? false : refuse(r, "the package is no tar: %s", why ? why : "it is damaged");
}

static bool check_entry(struct parcel_reader *r, struct archive_entry *e, const char *name)
{
    const char *found = archive_entry_pathname(e);
    if (archive_format(r->tar) != ARCHIVE_FORMAT_TAR_USTAR)
        return refuse(r, "the package is no tar in the POSIX format ustar");
    if (!found || strcmp(found, name) != 0)
        return refuse(r, "the package has another file where %s has to be", name);
    if (archive_entry_filetype(e) != AE_IFREG || archive_entry_hardlink(e) || archive_entry_symlink(e))
        return refuse(r, "%s is no regular file", name);
    r->contents_end = archive_read_header_position(r->tar) + TAR_BLOCK + archive_entry_size(e);
    return true;
}

static bool next_entry(struct parcel_reader *r, const char *name, struct archive_entry **ret)
{
    int result = archive_read_next_header(r->tar, ret);
    if (result == ARCHIVE_EOF)
        return r->failed ? false : refuse(r, "%s is missing", name);
    if (result != ARCHIVE_OK)
        return fail_tar(r);
    return check_entry(r, *ret, name);
}

static bool end_of_entries(struct parcel_reader *r)
{
    struct archive_entry *e = NULL;
    int result = archive_read_next_header(r->tar, &e);
    if (result == ARCHIVE_OK)
        return refuse(r, "the package has a file that its manifest does not name");
    return result == ARCHIVE_EOF && !r->failed ? read_rest(r) : fail_tar(r);
}

/* --- opening --- */

static bool read_manifest(struct parcel_reader *r, struct arena *a, struct parcel *ret)
{
    struct archive_entry *e = NULL;
    if (!next_entry(r, PARCEL_MANIFEST_NAME, &e))
        return false;
    if (archive_entry_size(e) > (int64_t)PARCEL_MANIFEST_MAX)
        return refuse(r, "the manifest has more than %zu MiB", PARCEL_MANIFEST_MAX >> 20);
    size_t size = (size_t)archive_entry_size(e);
    if (archive_read_data(r->tar, buf_room(&r->text, size), size) != (la_ssize_t)size)
        return fail_tar(r);
    struct str text = {r->text.p, size};
    return parcel_manifest_read(text, a, ret, &r->why) || fail(r, false);
}

/* The filter and the format are named, not guessed: libarchive knows many that have no business here. */
static bool open_tar(struct parcel_reader *r)
{
    return (archive_read_append_filter(r->tar, ARCHIVE_FILTER_NONE) == ARCHIVE_OK &&
            archive_read_set_format(r->tar, ARCHIVE_FORMAT_TAR_USTAR) == ARCHIVE_OK &&
            archive_read_open(r->tar, r, NULL, give, NULL) == ARCHIVE_OK) ||
           fail_tar(r);
}

static struct parcel_reader *make(const struct parcel_limits *l)
{
    struct parcel_reader *r = calloc(1, sizeof *r);
    if (!r)
        abort();
    r->limits = *l;
    r->in_buffer = malloc(CHUNK);
    r->out_buffer = malloc(CHUNK);
    r->zstd = ZSTD_createDCtx();
    r->tar = archive_read_new();
    r->digest = sha256_new();
    if (!r->in_buffer || !r->out_buffer || !r->zstd || !r->tar)
        abort();
    ZSTD_DCtx_setParameter(r->zstd, ZSTD_d_windowLogMax, WINDOW_LOG_MOST);
    return r;
}

static bool begin(struct parcel_reader *r, struct arena *a, struct parcel *ret_manifest, struct parcel_reader **ret,
                  struct err *err)
{
    if (!open_tar(r) || !read_manifest(r, a, ret_manifest)) {
        *err = r->why;
        parcel_reader_free(r);
        return false;
    }
    r->tables = ret_manifest->tables;
    r->n_tables = ret_manifest->n_tables;
    *ret = r;
    return true;
}

bool parcel_open_file(const char *path, const struct parcel_limits *l, struct arena *a, struct parcel *ret_manifest,
                      struct parcel_reader **ret, struct err *err)
{
    FILE *file = fopen(path, "rbe");
    if (!file)
        return err_os(err, ERR_FILE, errno, "reading %s", path);
    struct parcel_reader *r = make(l);
    r->file = file;
    r->path = arena_dup(a, path);
    return begin(r, a, ret_manifest, ret, err);
}

bool parcel_open_bytes(struct str bytes, const struct parcel_limits *l, struct arena *a, struct parcel *ret_manifest,
                       struct parcel_reader **ret, struct err *err)
{
    struct parcel_reader *r = make(l);
    r->in = (ZSTD_inBuffer){bytes.p, bytes.n, 0};
    return begin(r, a, ret_manifest, ret, err);
}

void parcel_reader_free(struct parcel_reader *r)
{
    r->failed = true; /* nothing more is worth decompressing */
    archive_read_free(r->tar);
    ZSTD_freeDCtx(r->zstd);
    sha256_free(r->digest);
    buf_done(&r->text);
    free(r->in_buffer);
    free(r->out_buffer);
    if (r->file)
        fclose(r->file);
    free(r);
}

/* --- lines --- */

/* More text behind what is left of it. */
static bool read_text(struct parcel_reader *r)
{
    size_t left = r->text.n - r->at;
    if (r->at && left)
        memmove(r->text.p, r->text.p + r->at, left);
    r->text.n = left;
    r->at = 0;
    if (left > r->limits.line_max)
        return refuse(r, "a line has more than %zu bytes", r->limits.line_max);
    la_ssize_t n = archive_read_data(r->tar, buf_room(&r->text, CHUNK), CHUNK);
    if (n < 0)
        return fail_tar(r);
    sha256_add(r->digest, r->text.p + left, (size_t)n);
    r->text.n += (size_t)n;
    r->text_ended = n == 0;
    return true;
}

static bool finish_file(struct parcel_reader *r)
{
    char digest[PARCEL_DIGEST_MAX];
    sha256_hex(r->digest, digest);
    if (r->at < r->text.n)
        return refuse(r, "the last line of a file has no end");
    if (r->lines != r->lines_expected)
        return refuse(r, "a file has %" PRId64 " lines, its manifest says %" PRId64, r->lines, r->lines_expected);
    if (strcmp(digest, r->digest_expected) != 0)
        return refuse(r, "a file has another SHA-256 than its manifest says");
    r->in_file = false;
    return true;
}

static bool check_line(struct parcel_reader *r, struct str line)
{
    if (line.n > r->limits.line_max)
        return refuse(r, "a line has more than %zu bytes", r->limits.line_max);
    if (memchr(line.p, '\0', line.n) || !utf8_is_valid(line))
        return refuse(r, "a line is not UTF-8, or has a zero byte");
    return ++r->lines <= r->lines_expected ||
           refuse(r, "a file has more lines than the %" PRId64 " of its manifest", r->lines_expected);
}

static bool next_line(struct parcel_reader *r, struct str *ret)
{
    size_t searched = 0;
    *ret = (struct str){NULL, 0};
    for (;;) {
        char *start = r->text.p + r->at;
        char *end = memchr(start + searched, '\n', r->text.n - r->at - searched);
        if (end) {
            *end = '\0';
            r->at += (size_t)(end - start) + 1;
            *ret = (struct str){start, (size_t)(end - start)};
            return check_line(r, *ret);
        }
        searched = r->text.n - r->at;
        if (r->text_ended)
            return finish_file(r);
        if (!read_text(r))
            return false;
    }
}

/* What fails once fails from then on. */
static bool report(const struct parcel_reader *r, bool ok, struct err *err)
{
    if (!ok)
        *err = r->why;
    return ok;
}

bool parcel_line(struct parcel_reader *r, struct str *ret, struct err *err)
{
    *ret = (struct str){NULL, 0};
    if (!r->failed && !r->in_file) /* asked again behind the last line */
        return true;
    return report(r, !r->failed && next_line(r, ret), err);
}

/* --- files of rows --- */

static bool skip_file(struct parcel_reader *r)
{
    struct str line;
    while (r->in_file)
        if (!next_line(r, &line))
            return false;
    return true;
}

static bool open_file(struct parcel_reader *r, size_t step)
{
    const struct parcel_table *t = &r->tables[step / 2];
    bool keys = step % 2;
    char name[32];
    struct archive_entry *e = NULL;
    snprintf(name, sizeof name, "%zu.%s", step / 2 + 1, keys ? "keys" : "rows");
    if (!next_entry(r, name, &e))
        return false;
    r->lines = 0;
    r->lines_expected = keys ? t->keys : t->rows;
    r->digest_expected = keys ? t->keys_sha256 : t->rows_sha256;
    r->text_ended = false;
    r->in_file = true;
    buf_reset(&r->text);
    r->at = 0;
    return true;
}

static bool next_file(struct parcel_reader *r, enum parcel_event *ret, size_t *ret_table)
{
    if (!skip_file(r))
        return false;
    while (r->step < 2 * r->n_tables) {
        size_t step = r->step++;
        const struct parcel_table *t = &r->tables[step / 2];
        if ((step % 2 ? t->keys : t->rows) == 0)
            continue;
        *ret = step % 2 ? PARCEL_KEYS : PARCEL_ROWS;
        *ret_table = step / 2;
        return open_file(r, step);
    }
    *ret = PARCEL_END;
    return end_of_entries(r);
}

bool parcel_next(struct parcel_reader *r, enum parcel_event *ret, size_t *ret_table, struct err *err)
{
    return report(r, !r->failed && next_file(r, ret, ret_table), err);
}
