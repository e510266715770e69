#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "runbook/evidence.h"
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* The archive while it is written, and the manifest that grows with it. */
struct sealing {
    const char *path;
    int fd;
    struct archive *tar;
    struct buf manifest;
    size_t files;
};

static bool fail(struct sealing *s, struct err *err)
{
    int why = archive_errno(s->tar);
    return err_set(err, why == ENOSPC || why == EDQUOT ? ERR_DISK_FULL : ERR_FILE, "writing %s: %s", s->path,
                   archive_error_string(s->tar));
}

static bool put_entry(struct sealing *s, const char *name, struct str text, struct err *err)
{
    struct archive_entry *e = archive_entry_new();
    archive_entry_set_pathname(e, name);
    archive_entry_set_size(e, (int64_t)text.n);
    archive_entry_set_filetype(e, AE_IFREG);
    archive_entry_set_perm(e, 0644);
    archive_entry_set_mtime(e, clock_wall_us() / 1000000, 0);
    bool ok = archive_write_header(s->tar, e) == ARCHIVE_OK;
    archive_entry_free(e);
    ok = ok && (text.n == 0 || archive_write_data(s->tar, text.p, text.n) == (la_ssize_t)text.n);
    return ok || fail(s, err);
}

static void put_member(struct buf *b, const char *name, const char *value)
{
    buf_printf(b, "\"%s\":", name);
    json_put_string(b, str_of(value));
    buf_putc(b, ',');
}

static bool put_file(struct sealing *s, const char *name, struct str text, struct err *err)
{
    struct digest d;
    char hex[DIGEST_HEX];
    digest_init(&d);
    digest_bytes(&d, text.p, text.n);
    digest_hex(&d, hex);
    if (s->files == EVIDENCE_FILES_MAX)
        return err_set(err, ERR_LIMIT, "more than %d files", EVIDENCE_FILES_MAX);
    buf_puts(&s->manifest, s->files++ ? ",\n{" : "\n{");
    put_member(&s->manifest, "name", name);
    buf_printf(&s->manifest, "\"bytes\":%zu,\"digest\":\"%s\"}", text.n, hex);
    return put_entry(s, name, text, err);
}

/* --- the journal --- */

static void put_event(struct buf *b, const struct journal_event *e, const char *digest)
{
    buf_printf(b, "{\"seq\":%" PRId64 ",\"run\":%" PRId64 ",\"at_us\":%" PRId64 ",", e->seq, e->run, e->at_us);
    put_member(b, "who", e->who);
    put_member(b, "step", e->step);
    put_member(b, "event", e->event);
    put_member(b, "detail", e->detail);
    buf_printf(b, "\"digest\":\"%s\"}\n", digest);
}

static bool put_journal(struct sealing *s, struct journal *j, char ret_last[DIGEST_HEX], size_t *ret_n, struct err *err)
{
    SCOPED(arena) a = arena_new();
    SCOPED_BUF text = {0};
    struct journal_event *events = NULL;
    char before[DIGEST_HEX];
    int64_t broken = 0;
    if (!journal_check(j, &broken, ret_last, err))
        return false;
    if (broken)
        return err_set(err, ERR_EVIDENCE, "somebody has changed the journal: event %" PRId64 " is not what it was",
                       broken);
    ret_last[0] = '\0';
    if (!journal_events(j, 0, NULL, a, &events, ret_n, err))
        return false;
    for (size_t i = 0; i < *ret_n; i++) {
        memcpy(before, ret_last, sizeof before);
        journal_digest(&events[i], before, ret_last);
        put_event(&text, &events[i], ret_last);
    }
    return put_file(s, EVIDENCE_JOURNAL, buf_str(&text), err);
}

/* --- the manifest --- */

static void begin_manifest(struct sealing *s, const struct evidence_about *about)
{
    char at[32];
    clock_iso(about->created_us, at);
    buf_puts(&s->manifest, "{");
    put_member(&s->manifest, "format", EVIDENCE_FORMAT);
    put_member(&s->manifest, "product", about->product);
    put_member(&s->manifest, "project", about->project);
    put_member(&s->manifest, "package", about->package);
    put_member(&s->manifest, "by", about->by);
    put_member(&s->manifest, "created", at);
    buf_printf(&s->manifest, "\"created_us\":%" PRId64 ",\"files\":[", about->created_us);
}

static bool sign(struct sealing *s, const unsigned char *seed, const char *last, size_t events,
                 char ret_key[EVIDENCE_KEY_HEX], struct err *err)
{
    unsigned char public[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES], mark[crypto_sign_BYTES];
    char hex[2 * crypto_sign_BYTES + 2];
    crypto_sign_seed_keypair(public, secret, seed);
    sodium_bin2hex(ret_key, EVIDENCE_KEY_HEX, public, sizeof public);
    buf_printf(&s->manifest, "],\n\"events\":%zu,\"last\":\"%s\",\"key\":\"%s\"}\n", events, last, ret_key);
    crypto_sign_detached(mark, NULL, (const unsigned char *)s->manifest.p, s->manifest.n, secret);
    sodium_memzero(secret, sizeof secret);
    sodium_bin2hex(hex, sizeof hex, mark, sizeof mark);
    return put_entry(s, EVIDENCE_MANIFEST, buf_str(&s->manifest), err) &&
           put_entry(s, EVIDENCE_SIGNATURE, str_of(hex), err);
}

/* --- all of it --- */

static bool open_archive(struct sealing *s, struct err *err)
{
    s->fd = open(s->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (s->fd < 0)
        return err_os(err, errno == ENOSPC ? ERR_DISK_FULL : ERR_FILE, errno, "making %s", s->path);
    return (archive_write_set_format_pax_restricted(s->tar) == ARCHIVE_OK &&
            archive_write_add_filter_zstd(s->tar) == ARCHIVE_OK &&
            archive_write_open_fd(s->tar, s->fd) == ARCHIVE_OK) ||
           fail(s, err);
}

static bool put_all(struct sealing *s, const struct evidence_file *files, size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        SCOPED(arena) a = arena_new();
        struct str text = files[i].text;
        if ((files[i].path && !file_read(files[i].path, a, &text, err)) || !put_file(s, files[i].name, text, err))
            return false;
    }
    return true;
}

static bool write_archive(struct sealing *s, const struct evidence_about *about, struct journal *j,
                          const struct evidence_file *files, size_t n, const unsigned char *seed, char *ret_key,
                          struct err *err)
{
    char last[DIGEST_HEX];
    size_t events = 0;
    begin_manifest(s, about);
    if (!open_archive(s, err) || !put_journal(s, j, last, &events, err) || !put_all(s, files, n, err) ||
        !sign(s, seed, last, events, ret_key, err))
        return false;
    return (archive_write_close(s->tar) == ARCHIVE_OK && fsync(s->fd) == 0) || fail(s, err);
}

bool evidence_seal(const char *path, const struct evidence_about *about, struct journal *j,
                   const struct evidence_file *files, size_t n, const unsigned char seed[EVIDENCE_SEED],
                   char ret_key[EVIDENCE_KEY_HEX], struct err *err)
{
    struct sealing s = {.path = path, .fd = -1, .tar = archive_write_new()};
    if (!s.tar || sodium_init() < 0)
        abort();
    bool ok = write_archive(&s, about, j, files, n, seed, ret_key, err);
    archive_write_free(s.tar);
    if (s.fd >= 0) {
        close(s.fd);
        if (!ok)
            unlink(path);
    }
    buf_done(&s.manifest);
    return ok;
}
