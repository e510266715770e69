#include "base/hash.h"
#include <xxhash.h>

uint64_t hash_bytes(const void *p, size_t n)
{
    return XXH3_64bits(p, n);
}

void hash_hex(const void *p, size_t n, char ret_hex[33])
{
    XXH128_hash_t h = XXH3_128bits(p, n);
    snprintf(ret_hex, 33, "%016" PRIx64 "%016" PRIx64, (uint64_t)h.high64, (uint64_t)h.low64);
}
