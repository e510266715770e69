#include "base/digest.h"
#include <stdlib.h>

#define BYTES 32

void digest_init(struct digest *d)
{
    if (sodium_init() < 0 || crypto_generichash_init(&d->state, NULL, 0, BYTES) != 0)
        abort();
}

void digest_bytes(struct digest *d, const void *p, size_t n)
{
    if (n)
        crypto_generichash_update(&d->state, p, n);
}

void digest_field(struct digest *d, struct str field)
{
    unsigned char length[8];
    for (size_t i = 0; i < sizeof length; i++)
        length[i] = (unsigned char)((uint64_t)field.n >> (8 * i));
    digest_bytes(d, length, sizeof length);
    digest_bytes(d, field.p, field.n);
}

void digest_hex(struct digest *d, char ret_hex[DIGEST_HEX])
{
    unsigned char bytes[BYTES];
    crypto_generichash_final(&d->state, bytes, sizeof bytes);
    sodium_bin2hex(ret_hex, DIGEST_HEX, bytes, sizeof bytes);
}
