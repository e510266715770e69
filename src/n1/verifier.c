#include "n1/verifier.h"
#include "base/buf.h"
#include <sodium.h>
#include <strings.h>

#define DIGEST_MAX crypto_hash_sha512_BYTES
#define TEXT_MAX (2 * DIGEST_MAX + 1)

/* --- the functions --- */

struct function {
    const char *name;
    int (*digest)(unsigned char *out, const unsigned char *in, unsigned long long n);
    size_t bytes;
};

static const struct function functions[] = {
    {"sha256", crypto_hash_sha256, crypto_hash_sha256_BYTES},
    {"sha512", crypto_hash_sha512, crypto_hash_sha512_BYTES},
};

static const struct function *function_of(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(functions); i++)
        if (strcmp(functions[i].name, name) == 0)
            return &functions[i];
    return NULL;
}

/* --- the template --- */

enum piece { PIECE_TEXT, PIECE_STAFF, PIECE_PASSWORD, PIECE_SALT, PIECE_WRONG };

/* Cuts the next piece off a template. */
static enum piece next_piece(struct str *rest, struct str *ret)
{
    static const char *const names[] = {"", "{staff}", "{password}", "{salt}"};
    for (int i = PIECE_STAFF; i <= PIECE_SALT; i++) {
        if (!str_starts(*rest, names[i]))
            continue;
        size_t n = strlen(names[i]);
        *rest = (struct str){rest->p + n, rest->n - n};
        return (enum piece)i;
    }
    size_t n = 0;
    while (n < rest->n && rest->p[n] != '{')
        n++;
    *ret = (struct str){rest->p, n};
    *rest = (struct str){rest->p + n, rest->n - n};
    return n ? PIECE_TEXT : PIECE_WRONG;
}

static bool check_template(const char *template, struct err *err)
{
    struct str rest = str_of(template), text;
    bool has_password = false;
    while (rest.n) {
        enum piece p = next_piece(&rest, &text);
        if (p == PIECE_WRONG)
            return err_set(err, ERR_PACKAGE, "package.yaml: staff.of knows {staff}, {password} and {salt} only");
        has_password = has_password || p == PIECE_PASSWORD;
    }
    return has_password || err_set(err, ERR_PACKAGE, "package.yaml: staff.of lacks {password}");
}

static bool one_of(const char *what, const char *value, const char *a, const char *b, struct err *err)
{
    return strcmp(value, a) == 0 || strcmp(value, b) == 0 ||
           err_set(err, ERR_PACKAGE, "package.yaml: staff.%s is %s or %s, not '%s'", what, a, b, value);
}

bool verifier_check(const struct package_staff *s, struct err *err)
{
    return (function_of(s->hash) ||
            err_set(err, ERR_PACKAGE, "package.yaml: staff.hash is sha256 or sha512, not '%s'", s->hash)) &&
           check_template(s->of, err) && one_of("encoding", s->encoding, "utf-8", "utf-16le", err) &&
           one_of("form", s->form, "base64", "hex", err);
}

size_t verifier_length(const struct package_staff *s)
{
    size_t n = function_of(s->hash)->bytes;
    return strcmp(s->form, "hex") == 0 ? 2 * n : (n + 2) / 3 * 4;
}

/* --- matching --- */

static void put_u16le(struct buf *b, uint32_t unit)
{
    buf_putc(b, (char)(unit & 0xFF));
    buf_putc(b, (char)(unit >> 8));
}

/* The bytes are UTF-8: JSON came with them, or the database. */
static uint32_t next_point(const unsigned char **p)
{
    uint32_t c = *(*p)++;
    int more = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : c >= 0xC0 ? 1 : 0;
    c &= more == 3 ? 0x07u : more == 2 ? 0x0Fu : more == 1 ? 0x1Fu : 0x7Fu;
    for (; more > 0 && **p; more--)
        c = c << 6 | (*(*p)++ & 0x3Fu);
    return c;
}

static void put_utf16(struct buf *b, const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    while (*p) {
        uint32_t c = next_point(&p);
        if (c < 0x10000) {
            put_u16le(b, c);
            continue;
        }
        put_u16le(b, 0xD800 + ((c - 0x10000) >> 10));
        put_u16le(b, 0xDC00 + ((c - 0x10000) & 0x3FF));
    }
}

static void fill(struct buf *b, const char *template, const char *staff, const char *password, const char *salt)
{
    struct str rest = str_of(template), text = {0};
    while (rest.n) {
        switch (next_piece(&rest, &text)) {
        case PIECE_STAFF:
            buf_puts(b, staff);
            break;
        case PIECE_PASSWORD:
            buf_puts(b, password);
            break;
        case PIECE_SALT:
            buf_puts(b, salt);
            break;
        case PIECE_TEXT:
            buf_put(b, text.p, text.n);
            break;
        case PIECE_WRONG:
            abort(); /* verifier_check() has let it through */
        }
    }
}

static void digest_text(const struct package_staff *s, const struct buf *plain, char ret[TEXT_MAX])
{
    unsigned char digest[DIGEST_MAX];
    const struct function *f = function_of(s->hash);
    SCOPED_BUF wide = {0};
    bool utf16 = strcmp(s->encoding, "utf-16le") == 0;
    buf_room(&wide, plain->n * 2 + 1); /* at once, so that no copy is left behind by growing */
    if (utf16)
        put_utf16(&wide, buf_text(plain));
    const struct buf *in = utf16 ? &wide : plain;
    f->digest(digest, (const unsigned char *)buf_text(in), in->n);
    if (strcmp(s->form, "hex") == 0)
        sodium_bin2hex(ret, TEXT_MAX, digest, f->bytes);
    else
        sodium_bin2base64(ret, TEXT_MAX, digest, f->bytes, sodium_base64_VARIANT_ORIGINAL);
    sodium_memzero(digest, sizeof digest);
    sodium_memzero(wide.p, wide.cap);
}

/* Hexadecimal digits may be written either way; letters of base64 differ by case. */
static void fold(const struct package_staff *s, char text[TEXT_MAX])
{
    for (char *p = text; strcmp(s->form, "hex") == 0 && *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
}

bool verifier_matches(const struct package_staff *s, const char *staff, const char *password, const char *salt,
                      const char *hash)
{
    char made[TEXT_MAX] = {0}, kept[TEXT_MAX] = {0};
    SCOPED_BUF plain = {0};
    buf_room(&plain, strlen(s->of) + 4 * (strlen(staff) + strlen(password) + strlen(salt)) + 1);
    fill(&plain, s->of, staff, password, salt);
    digest_text(s, &plain, made);
    snprintf(kept, sizeof kept, "%s", hash);
    fold(s, made);
    fold(s, kept);
    bool same = sodium_memcmp(made, kept, sizeof made) == 0;
    sodium_memzero(plain.p, plain.cap);
    sodium_memzero(made, sizeof made);
    sodium_memzero(kept, sizeof kept);
    return same && strlen(hash) < TEXT_MAX;
}
