#include "base/vec.h"
#include "net/parcel_manifest.h"
#include <archive.h>
#include <archive_entry.h>
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include <zstd.h>

#define LEVEL 3
#define PENDING_MAX ((size_t)1 << 20)
#define COPY_BYTES ((size_t)1 << 17)
#define USTAR_FILE_MOST ((int64_t)8 << 30) /* eleven octal digits */

/* A stretch of the spool file. */
struct extent {
    int64_t at, n;
};

/* One file of the parcel before it is written: where in the spool file its bytes are. */
struct spool {
    VEC(struct extent) extents;
    int64_t bytes, lines;
    struct sha256 *digest; /* NULL: nothing came */
};

struct parcel_writer {
    struct parcel *p;
    int fd; /* the spool file, which has no name */
    int64_t end;
    struct buf pending; /* not yet written, all of one spool */
    struct spool *pending_of;
    struct spool *spools; /* of table i: rows 2i, keys 2i + 1 */
    size_t n_spools;      /* of our own: `p` may be gone before the writer */
};

/* --- spooling --- */

static bool fail_file(int why, const char *doing, const char *path, struct err *err)
{
    return err_os(err, why == ENOSPC ? ERR_DISK_FULL : ERR_FILE, why, "%s %s", doing, path);
}

static bool write_all(int fd, const char *p, size_t n)
{
    while (n) {
        ssize_t done = write(fd, p, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        p += done;
        n -= (size_t)done;
    }
    return true;
}

bool parcel_writer_new(const char *dir, struct parcel *p, struct parcel_writer **ret, struct err *err)
{
    SCOPED_BUF name = {0};
    buf_printf(&name, "%s/parcel-XXXXXX", dir);
    int fd = mkostemp(name.p, O_CLOEXEC);
    if (fd < 0)
        return fail_file(errno, "making a temporary file in", dir, err);
    unlink(name.p);
    struct parcel_writer *w = calloc(1, sizeof *w);
    struct spool *spools = calloc(2 * p->n_tables + 1, sizeof *spools);
    if (!w || !spools)
        abort();
    *w = (struct parcel_writer){.p = p, .fd = fd, .spools = spools, .n_spools = 2 * p->n_tables};
    *ret = w;
    return true;
}

static bool flush(struct parcel_writer *w, struct err *err)
{
    struct spool *s = w->pending_of;
    int64_t n = (int64_t)w->pending.n;
    if (n == 0)
        return true;
    if (!write_all(w->fd, w->pending.p, w->pending.n))
        return fail_file(errno, "writing", "the temporary file of a package", err);
    struct extent *last = s->extents.n ? &s->extents.p[s->extents.n - 1] : NULL;
    if (last && last->at + last->n == w->end)
        last->n += n;
    else
        *vec_push(&s->extents) = (struct extent){w->end, n};
    w->end += n;
    buf_reset(&w->pending);
    return true;
}

static int64_t count_lines(struct str lines)
{
    int64_t n = 0;
    for (const char *p = lines.p, *end = p + lines.n; (p = memchr(p, '\n', (size_t)(end - p))); p++)
        n++;
    return n;
}

static bool spool(struct parcel_writer *w, struct spool *s, struct str lines, struct err *err)
{
    if (lines.n == 0)
        return true;
    assert(lines.p[lines.n - 1] == '\n');
    if ((w->pending_of != s || w->pending.n >= PENDING_MAX) && !flush(w, err))
        return false;
    w->pending_of = s;
    buf_put(&w->pending, lines.p, lines.n);
    if (!s->digest)
        s->digest = sha256_new();
    sha256_add(s->digest, lines.p, lines.n);
    s->bytes += (int64_t)lines.n;
    s->lines += count_lines(lines);
    return s->bytes < USTAR_FILE_MOST || err_set(err, ERR_LIMIT, "the rows of one table are more than 8 GB");
}

bool parcel_writer_rows(struct parcel_writer *w, size_t i, struct str lines, struct err *err)
{
    assert(i < w->p->n_tables);
    return spool(w, &w->spools[2 * i], lines, err);
}

bool parcel_writer_keys(struct parcel_writer *w, size_t i, struct str lines, struct err *err)
{
    assert(i < w->p->n_tables);
    return spool(w, &w->spools[2 * i + 1], lines, err);
}

void parcel_writer_free(struct parcel_writer *w)
{
    for (size_t i = 0; i < w->n_spools; i++) {
        vec_done(&w->spools[i].extents);
        if (w->spools[i].digest)
            sha256_free(w->spools[i].digest);
    }
    close(w->fd);
    buf_done(&w->pending);
    free(w->spools);
    free(w);
}

/* --- the file: tar, then zstd, then digest and disk --- */

struct output {
    const char *path;
    int fd;
    struct archive *tar;
    ZSTD_CCtx *zstd;
    struct sha256 *digest;
    int64_t bytes;
    char *buffer; /* for both directions: what was compressed, what was spooled */
    size_t size;
    bool failed; /* below libarchive, and err says how */
    struct err *err;
};

static bool fail(struct output *o, bool ignored)
{
    (void)ignored; /* what err_set() and the like return */
    o->failed = true;
    return false;
}

static bool compress(struct output *o, const void *p, size_t n, ZSTD_EndDirective mode)
{
    ZSTD_inBuffer in = {p, n, 0};
    for (;;) {
        ZSTD_outBuffer out = {o->buffer, o->size, 0};
        size_t left = ZSTD_compressStream2(o->zstd, &out, &in, mode);
        if (ZSTD_isError(left))
            return fail(o, err_set(o->err, ERR_FILE, "compressing %s: %s", o->path, ZSTD_getErrorName(left)));
        sha256_add(o->digest, o->buffer, out.pos);
        o->bytes += (int64_t)out.pos;
        if (!write_all(o->fd, o->buffer, out.pos))
            return fail(o, fail_file(errno, "writing", o->path, o->err));
        if (mode == ZSTD_e_end ? left == 0 : in.pos == in.size)
            return true;
    }
}

static la_ssize_t take(struct archive *tar, void *ctx, const void *p, size_t n)
{
    struct output *o = ctx;
    (void)tar;
    return !o->failed && compress(o, p, n, ZSTD_e_continue) ? (la_ssize_t)n : -1;
}

/* Passes on what a function of libarchive has returned. */
static bool check(struct output *o, la_ssize_t result)
{
    if (result >= ARCHIVE_OK)
        return true;
    return o->failed ? false
                     : fail(o, err_set(o->err, ERR_FILE, "writing %s: %s", o->path, archive_error_string(o->tar)));
}

static bool put_head(struct output *o, const char *name, int64_t bytes)
{
    struct archive_entry *e = archive_entry_new();
    archive_entry_set_pathname(e, name);
    archive_entry_set_size(e, bytes);
    archive_entry_set_filetype(e, AE_IFREG);
    archive_entry_set_perm(e, 0644);
    archive_entry_set_mtime(e, 0, 0);
    int result = archive_write_header(o->tar, e);
    archive_entry_free(e);
    return check(o, result);
}

static bool put_extent(struct output *o, int spool_fd, struct extent x)
{
    SCOPED_BUF b = {0};
    char *p = buf_room(&b, COPY_BYTES);
    while (x.n) {
        ssize_t n = pread(spool_fd, p, (size_t)MIN(x.n, (int64_t)COPY_BYTES), x.at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return fail(o, fail_file(n ? errno : EIO, "reading", "the temporary file of a package", o->err));
        if (!check(o, archive_write_data(o->tar, p, (size_t)n)))
            return false;
        x.at += n;
        x.n -= n;
    }
    return true;
}

static bool put_spool(struct output *o, int spool_fd, struct spool *s, int number, const char *suffix)
{
    SCOPED_BUF name = {0};
    if (s->bytes == 0)
        return true;
    buf_printf(&name, "%d.%s", number, suffix);
    if (!put_head(o, name.p, s->bytes))
        return false;
    vec_each (&s->extents, x)
        if (!put_extent(o, spool_fd, *x))
            return false;
    return true;
}

static bool put_manifest(struct output *o, const struct parcel *p)
{
    SCOPED_BUF text = {0};
    parcel_manifest_put(&text, p);
    if (text.n > PARCEL_MANIFEST_MAX)
        return fail(o, err_set(o->err, ERR_LIMIT, "the manifest of %s has more than %zu MB", o->path,
                               PARCEL_MANIFEST_MAX >> 20));
    return put_head(o, PARCEL_MANIFEST_NAME, (int64_t)text.n) && check(o, archive_write_data(o->tar, text.p, text.n));
}

static bool put_files(struct output *o, struct parcel_writer *w)
{
    int number = 0;
    if (!check(o, archive_write_set_format_ustar(o->tar)) || !check(o, archive_write_add_filter_none(o->tar)) ||
        !check(o, archive_write_open(o->tar, o, NULL, take, NULL)) || !put_manifest(o, w->p))
        return false;
    for (size_t i = 0; i < w->p->n_tables; i++) {
        if (!parcel_manifest_has(&w->p->tables[i]))
            continue;
        number++;
        if (!put_spool(o, w->fd, &w->spools[2 * i], number, "rows") ||
            !put_spool(o, w->fd, &w->spools[2 * i + 1], number, "keys"))
            return false;
    }
    return check(o, archive_write_close(o->tar)) && compress(o, "", 0, ZSTD_e_end);
}

static bool put_file(struct output *o, struct parcel_writer *w)
{
    o->tar = archive_write_new();
    o->zstd = ZSTD_createCCtx();
    o->size = ZSTD_CStreamOutSize();
    o->buffer = malloc(o->size);
    o->digest = sha256_new();
    if (!o->tar || !o->zstd || !o->buffer)
        abort();
    ZSTD_CCtx_setParameter(o->zstd, ZSTD_c_compressionLevel, LEVEL);
    ZSTD_CCtx_setParameter(o->zstd, ZSTD_c_checksumFlag, 1);
    bool ok = put_files(o, w);
    o->failed |= !ok; /* archive_write_free() would go on writing */
    archive_write_free(o->tar);
    ZSTD_freeCCtx(o->zstd);
    free(o->buffer);
    return ok;
}

/* Counts and digests go into the manifest, which comes first in the file. */
static bool settle(struct parcel_writer *w, struct err *err)
{
    if (!flush(w, err))
        return false;
    for (size_t i = 0; i < w->p->n_tables; i++) {
        struct parcel_table *t = &w->p->tables[i];
        struct spool *rows = &w->spools[2 * i], *keys = &w->spools[2 * i + 1];
        t->rows = rows->lines;
        t->keys = keys->lines;
        t->rows_sha256[0] = t->keys_sha256[0] = '\0';
        if (rows->digest)
            sha256_hex(rows->digest, t->rows_sha256);
        if (keys->digest)
            sha256_hex(keys->digest, t->keys_sha256);
    }
    return true;
}

static bool write_and_rename(struct parcel_writer *w, struct output *o, const char *tmp)
{
    o->fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (o->fd < 0)
        return fail_file(errno, "writing", o->path, o->err);
    bool ok = put_file(o, w);
    if (ok && fsync(o->fd) != 0)
        ok = fail_file(errno, "writing", o->path, o->err);
    if (close(o->fd) != 0 && ok)
        ok = fail_file(errno, "writing", o->path, o->err);
    if (ok && rename(tmp, o->path) != 0)
        ok = fail_file(errno, "writing", o->path, o->err);
    if (!ok)
        unlink(tmp);
    return ok;
}

bool parcel_writer_end(struct parcel_writer *w, const char *path, int64_t *ret_bytes,
                       char ret_sha256[PARCEL_DIGEST_MAX], struct err *err)
{
    struct output o = {.path = path, .err = err};
    SCOPED_BUF tmp = {0};
    buf_printf(&tmp, "%s.%d.tmp", path, (int)getpid());
    if (!settle(w, err))
        return false;
    bool ok = write_and_rename(w, &o, tmp.p);
    if (ok) {
        *ret_bytes = o.bytes;
        sha256_hex(o.digest, ret_sha256);
    }
    if (o.digest)
        sha256_free(o.digest);
    return ok;
}
