#include "verify/mask.h"
#include "base/hash.h"
#include <pthread.h>
#include <strings.h>
#include <sys/random.h>

#define SHOWN_MAX 200

static unsigned char salt[16];
static pthread_once_t salted = PTHREAD_ONCE_INIT;

static void make_salt(void)
{
    if (getrandom(salt, sizeof salt, 0) != (ssize_t)sizeof salt)
        abort();
}

bool mask_is_secret(const char *column)
{
    static const char *const words[] = {"password", "passwd", "secret", "hash", "salt", "token", "privatekey"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (strcasestr(column, words[i]))
            return true;
    return false;
}

static void digest_of(const char *value, char ret_hex[33])
{
    SCOPED_BUF b = {0};
    pthread_once(&salted, make_salt);
    buf_put(&b, salt, sizeof salt);
    buf_puts(&b, value);
    hash_hex(b.p, b.n, ret_hex);
}

const char *mask_value(struct arena *a, const char *column, const char *value)
{
    char hex[33];
    if (!value)
        return NULL;
    digest_of(value, hex);
    if (mask_is_secret(column))
        return arena_printf(a, "(secret, digest %.8s)", hex);
    size_t n = strlen(value);
    if (n <= SHOWN_MAX)
        return arena_dup(a, value);
    size_t cut = SHOWN_MAX;
    while (cut > 0 && ((unsigned char)value[cut] & 0xC0) == 0x80)
        cut--;
    return arena_printf(a, "%.*s... (%zu bytes, digest %.8s)", (int)cut, value, n, hex);
}
