/*
 * hash: XXH3 for tables, XXH3-128 for digests of files and packages (not cryptographic).
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H
#include "base/buf.h"
#include <stddef.h>
#include <stdint.h>

uint64_t hash_bytes(const void *p, size_t n);

/* The 128-bit digest of the bytes as 32 lower-case hexadecimal digits and a zero. */
void hash_hex(const void *p, size_t n, char ret_hex[33]);

#endif
