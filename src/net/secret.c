#include "net/secret.h"
#include "base/arena.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#define ENCODING sodium_base64_VARIANT_URLSAFE_NO_PADDING

static void random_bytes(void *p, size_t n)
{
    if (sodium_init() < 0)
        abort();
    randombytes_buf(p, n);
}

void secret_make(struct secret *ret)
{
    random_bytes(ret->bytes, sizeof ret->bytes);
}

void secret_done(struct secret *s)
{
    sodium_memzero(s, sizeof *s);
}

void secret_text(const struct secret *s, char ret_text[SECRET_TEXT_MAX])
{
    sodium_bin2base64(ret_text, SECRET_TEXT_MAX, s->bytes, sizeof s->bytes, ENCODING);
}

bool secret_parse(struct str text, struct secret *ret)
{
    size_t n = 0;
    const char *end = NULL;
    if (text.n != SECRET_TEXT_MAX - 1)
        return false;
    return sodium_base642bin(ret->bytes, sizeof ret->bytes, text.p, text.n, NULL, &n, &end, ENCODING) == 0 &&
           n == sizeof ret->bytes && end == text.p + text.n;
}

void secret_hash(const struct secret *s, char ret_hex[SECRET_HASH_MAX])
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, s->bytes, sizeof s->bytes);
    sodium_bin2hex(ret_hex, SECRET_HASH_MAX, hash, sizeof hash);
}

bool secret_is(const struct secret *s, const char *hash)
{
    char mine[SECRET_HASH_MAX];
    secret_hash(s, mine);
    return strlen(hash) == sizeof mine - 1 && sodium_memcmp(mine, hash, sizeof mine - 1) == 0;
}

void secret_derive(const struct secret *s, const char *purpose, struct str name, struct secret *ret)
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, s->bytes, sizeof s->bytes);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)purpose, strlen(purpose));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)"\n", 1);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)name.p, name.n);
    crypto_auth_hmacsha256_final(&state, ret->bytes);
    sodium_memzero(&state, sizeof state);
}

void secret_id(char ret_id[SECRET_ID_MAX])
{
    unsigned char bytes[16];
    random_bytes(bytes, sizeof bytes);
    sodium_bin2base64(ret_id, SECRET_ID_MAX, bytes, sizeof bytes, ENCODING);
}

/* --- in a file --- */

static bool write_whole(int fd, const char *text)
{
    ssize_t n = (ssize_t)strlen(text);
    return write(fd, text, (size_t)n) == n && fsync(fd) == 0;
}

/* Under another name first: another process must never see half of it, and the first one that links it wins. */
static bool make_file(const char *path, struct err *err)
{
    SCOPED(arena) a = arena_new();
    char *temporary = arena_printf(a, "%s.XXXXXX", path), text[SECRET_TEXT_MAX + 1];
    SCOPED_SECRET fresh = {{0}};
    int fd = mkostemp(temporary, O_CLOEXEC); /* mode 0600, mkstemp(3) */
    if (fd < 0)
        return err_os(err, ERR_FILE, errno, "making %s", path);
    secret_make(&fresh);
    secret_text(&fresh, text);
    text[SECRET_TEXT_MAX - 1] = '\n';
    text[SECRET_TEXT_MAX] = 0;
    bool ok = write_whole(fd, text) || err_os(err, ERR_FILE, errno, "writing %s", path);
    sodium_memzero(text, sizeof text);
    close(fd);
    if (ok && link(temporary, path) != 0 && errno != EEXIST)
        ok = err_os(err, ERR_FILE, errno, "making %s", path);
    unlink(temporary);
    return ok;
}

static bool read_file(int fd, const char *path, struct secret *ret, struct err *err)
{
    struct stat st;
    char text[SECRET_TEXT_MAX + 8];
    if (fstat(fd, &st) != 0)
        return err_os(err, ERR_FILE, errno, "reading %s", path);
    if (st.st_mode & (S_IRWXG | S_IRWXO)) {
        err_set(err, ERR_FILE, "others may read %s, which holds a secret", path);
        return err_hint(err, "Run: chmod 600 %s", path);
    }
    ssize_t n = read(fd, text, sizeof text);
    bool ok = n > 0 && secret_parse(str_trim((struct str){text, (size_t)n}), ret);
    sodium_memzero(text, sizeof text);
    return ok || err_set(err, ERR_FILE, "%s does not hold a secret of %d letters", path, SECRET_TEXT_MAX - 1);
}

bool secret_file(const char *path, struct secret *ret, struct err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 && errno == ENOENT) {
        if (!make_file(path, err))
            return false;
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    }
    if (fd < 0)
        return err_os(err, ERR_FILE, errno, "reading %s", path);
    bool ok = read_file(fd, path, ret, err);
    close(fd);
    return ok;
}
