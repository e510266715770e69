#include "store/files.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define PIECE 65536

bool files_fail(int os_errno, const char *doing, const char *path, struct err *err)
{
    bool full = os_errno == ENOSPC || os_errno == EFBIG || os_errno == EDQUOT;
    return err_os(err, full ? ERR_DISK_FULL : ERR_FILE, os_errno, "%s %s", doing, path);
}

bool files_digest(const char *path, int64_t *ret_bytes, char ret_hex[SHA256_HEX_MAX], struct err *err)
{
    char piece[PIECE];
    SCOPED(sha256) h = sha256_new();
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : 0;
    *ret_bytes = 0;
    while (fd >= 0 && (n = read(fd, piece, sizeof piece)) > 0) {
        sha256_add(h, piece, (size_t)n);
        *ret_bytes += n;
    }
    int why = errno;
    if (fd >= 0)
        close(fd);
    sha256_hex(h, ret_hex);
    return n == 0 || files_fail(why, "reading", path, err);
}
