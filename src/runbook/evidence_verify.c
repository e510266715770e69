#include "base/map.h"
#include "base/vec.h"
#include "runbook/evidence.h"
#include <archive.h>
#include <archive_entry.h>
#include <jansson.h>

#define CHUNK ((size_t)1 << 17)
#define KEPT_MAX ((size_t)512 << 20) /* of journal, manifest and signature, each */

static void free_json(json_t **root)
{
    json_decref(*root);
}
#define SCOPED_JSON __attribute__((cleanup(free_json))) json_t

/* A file of the archive. */
struct found {
    int64_t bytes;
    char digest[DIGEST_HEX];
    bool named; /* by the manifest */
};

struct reading {
    const char *path;
    struct archive *tar;
    struct arena *a;
    char *chunk;       /* CHUNK bytes */
    struct map *files; /* name to struct found */
    struct buf journal, manifest, signature;
    int64_t total;
    VEC(const char *) problems;
    struct evidence_verdict *verdict;
};

static void problem(struct reading *r, const char *fmt, ...) PRINTF_LIKE(2, 3);
static void problem(struct reading *r, const char *fmt, ...)
{
    SCOPED_BUF b = {0};
    va_list args;
    va_start(args, fmt);
    buf_vprintf(&b, fmt, args);
    va_end(args);
    *vec_push(&r->problems) = arena_dup(r->a, buf_text(&b));
}

/* --- the archive --- */

static bool refuse(struct reading *r, const char *why, struct err *err)
{
    return err_set(err, ERR_EVIDENCE, "%s is no evidence of carryover, or damaged: %s", r->path, why);
}

static bool refuse_tar(struct reading *r, struct err *err)
{
    const char *why = archive_error_string(r->tar);
    return refuse(r, why ? why : "it can not be read", err);
}

/* What is looked into is kept; of the rest the digest is enough. */
static struct buf *kept_of(struct reading *r, const char *name)
{
    if (strcmp(name, EVIDENCE_JOURNAL) == 0)
        return &r->journal;
    if (strcmp(name, EVIDENCE_MANIFEST) == 0)
        return &r->manifest;
    return strcmp(name, EVIDENCE_SIGNATURE) == 0 ? &r->signature : NULL;
}

static bool read_entry(struct reading *r, struct buf *keep, struct found *f, struct err *err)
{
    struct digest d;
    la_ssize_t n;
    digest_init(&d);
    while ((n = archive_read_data(r->tar, r->chunk, CHUNK)) > 0) {
        digest_bytes(&d, r->chunk, (size_t)n);
        f->bytes += n;
        r->total += n;
        if (keep)
            buf_put(keep, r->chunk, (size_t)n);
        if (r->total > EVIDENCE_BYTES_MAX || (keep && keep->n > KEPT_MAX))
            return refuse(r, "it is larger than evidence is", err);
    }
    digest_hex(&d, f->digest);
    return n == 0 || refuse_tar(r, err);
}

static bool take_entry(struct reading *r, struct archive_entry *e, struct err *err)
{
    const char *name = archive_entry_pathname(e);
    if (!name || archive_entry_filetype(e) != AE_IFREG)
        return refuse(r, "it has something in it that is no file", err);
    name = arena_dup(r->a, name);
    struct map_entry *slot = map_put(r->files, str_of(name));
    if (slot->value)
        return refuse(r, "it has two files of one name", err);
    if (map_count(r->files) > EVIDENCE_FILES_MAX)
        return refuse(r, "it has too many files", err);
    struct found *f = slot->value = arena_new_one(r->a, struct found);
    return read_entry(r, kept_of(r, name), f, err);
}

static bool read_archive(struct reading *r, struct err *err)
{
    struct archive_entry *e = NULL;
    int rc;
    if (archive_read_append_filter(r->tar, ARCHIVE_FILTER_ZSTD) != ARCHIVE_OK ||
        archive_read_set_format(r->tar, ARCHIVE_FORMAT_TAR) != ARCHIVE_OK ||
        archive_read_open_filename(r->tar, r->path, CHUNK) != ARCHIVE_OK)
        return refuse_tar(r, err);
    while ((rc = archive_read_next_header(r->tar, &e)) == ARCHIVE_OK)
        if (!take_entry(r, e, err))
            return false;
    if (rc != ARCHIVE_EOF)
        return refuse_tar(r, err);
    return (r->manifest.n && r->signature.n) || refuse(r, "it has no manifest", err);
}

/* --- manifest and signature --- */

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static void check_signature(struct reading *r, const char *key)
{
    unsigned char public[crypto_sign_PUBLICKEYBYTES], mark[crypto_sign_BYTES];
    size_t n_key = 0, n_mark = 0;
    bool good = sodium_hex2bin(public, sizeof public, key, strlen(key), NULL, &n_key, NULL) == 0 &&
                sodium_hex2bin(mark, sizeof mark, r->signature.p, r->signature.n, NULL, &n_mark, NULL) == 0 &&
                n_key == sizeof public && n_mark == sizeof mark &&
                crypto_sign_verify_detached(mark, (const unsigned char *)r->manifest.p, r->manifest.n, public) == 0;
    if (good)
        snprintf(r->verdict->key, sizeof r->verdict->key, "%s", key);
    else
        problem(r, "the signature is not that of this manifest");
}

static void check_file(struct reading *r, const json_t *line)
{
    const char *name = text_of(line, "name");
    struct found *f = map_get(r->files, str_of(name));
    if (!f) {
        problem(r, "%s is missing", name);
        return;
    }
    f->named = true;
    if (json_integer_value(json_object_get(line, "bytes")) != f->bytes ||
        strcmp(text_of(line, "digest"), f->digest) != 0)
        problem(r, "%s is not what was sealed", name);
    r->verdict->files++;
}

static void check_files(struct reading *r, const json_t *files)
{
    size_t i;
    json_t *line;
    json_array_foreach(files, i, line) check_file(r, line);
    for (i = 0; i < map_count(r->files); i++) {
        const struct map_entry *e = map_at(r->files, i);
        const struct found *f = e->value;
        const struct buf *kept = kept_of(r, e->key.p);
        if (!f->named && kept != &r->manifest && kept != &r->signature)
            problem(r, "%s was not sealed", e->key.p);
    }
}

/* --- the journal --- */

static struct journal_event event_of(const json_t *line)
{
    return (struct journal_event){.seq = json_integer_value(json_object_get(line, "seq")),
                                  .run = json_integer_value(json_object_get(line, "run")),
                                  .at_us = json_integer_value(json_object_get(line, "at_us")),
                                  .who = text_of(line, "who"),
                                  .step = text_of(line, "step"),
                                  .event = text_of(line, "event"),
                                  .detail = text_of(line, "detail")};
}

/* Takes one line; false when the chain is broken there. */
static bool check_event(struct reading *r, struct str text, char last[DIGEST_HEX])
{
    json_error_t ignored;
    SCOPED_JSON *line = json_loadb(text.p, text.n, 0, &ignored);
    char digest[DIGEST_HEX];
    struct journal_event e = event_of(line);
    journal_digest(&e, last, digest);
    bool good = line && e.seq == (int64_t)r->verdict->events + 1 && strcmp(text_of(line, "digest"), digest) == 0;
    if (!good)
        problem(r, "the journal is broken at event %zu", r->verdict->events + 1);
    r->verdict->events++;
    memcpy(last, digest, DIGEST_HEX);
    return good;
}

static void check_journal(struct reading *r, const json_t *manifest)
{
    char last[DIGEST_HEX] = "";
    struct str rest = buf_str(&r->journal);
    while (rest.n)
        if (!check_event(r, str_split(&rest, '\n'), last))
            return;
    if (strcmp(last, text_of(manifest, "last")) != 0 ||
        json_integer_value(json_object_get(manifest, "events")) != (json_int_t)r->verdict->events)
        problem(r, "the journal does not end where it ended when it was sealed");
}

/* --- all of it --- */

static bool judge(struct reading *r, struct err *err)
{
    json_error_t ignored;
    SCOPED_JSON *manifest = json_loadb(r->manifest.p, r->manifest.n, JSON_REJECT_DUPLICATES, &ignored);
    if (!manifest || strcmp(text_of(manifest, "format"), EVIDENCE_FORMAT) != 0)
        return refuse(r, "its manifest is not one that this version knows", err);
    r->verdict->about =
        (struct evidence_about){.product = arena_dup(r->a, text_of(manifest, "product")),
                                .project = arena_dup(r->a, text_of(manifest, "project")),
                                .package = arena_dup(r->a, text_of(manifest, "package")),
                                .by = arena_dup(r->a, text_of(manifest, "by")),
                                .created_us = json_integer_value(json_object_get(manifest, "created_us"))};
    check_signature(r, text_of(manifest, "key"));
    check_files(r, json_object_get(manifest, "files"));
    check_journal(r, manifest);
    return true;
}

static void keep_problems(struct reading *r)
{
    r->verdict->n_problems = r->problems.n;
    r->verdict->problems = arena_new_array(r->a, const char *, r->problems.n + 1);
    for (size_t i = 0; i < r->problems.n; i++)
        r->verdict->problems[i] = r->problems.p[i];
}

bool evidence_verify(const char *path, struct arena *a, struct evidence_verdict *ret, struct err *err)
{
    SCOPED(map) files = map_new();
    struct reading r = {.path = path, .a = a, .files = files, .tar = archive_read_new(), .verdict = ret};
    *ret = (struct evidence_verdict){0};
    if (!r.tar || sodium_init() < 0)
        abort();
    r.chunk = arena_alloc(a, CHUNK);
    bool ok = read_archive(&r, err) && judge(&r, err);
    keep_problems(&r);
    archive_read_free(r.tar);
    vec_done(&r.problems);
    buf_done(&r.journal);
    buf_done(&r.manifest);
    buf_done(&r.signature);
    return ok;
}
