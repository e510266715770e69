/*
 * files: digests of whole files, and files that are gone for good.
 */
#ifndef STORE_FILES_H
#define STORE_FILES_H
#include "base/err.h"
#include "net/sha256.h"
#include <stdint.h>

/* Size and SHA-256 of a file, read in pieces. Fails with ERR_FILE. */
bool files_digest(const char *path, int64_t *ret_bytes, char ret_hex[SHA256_HEX_MAX], struct err *err) MUST_CHECK;

/* ERR_DISK_FULL when that is what `os_errno` means, else ERR_FILE. Returns false. */
bool files_fail(int os_errno, const char *doing, const char *path, struct err *err);

#endif
