/* A package between stores and headquarters may be any bytes: lines as many as its manifest says, or a message. The
 * first byte says what the others are: the package, the tar in it, or its manifest. */
#include "net/parcel_manifest.h"
#include <assert.h>
#include <zstd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const struct parcel_limits limits = {.bytes_max = 1 << 20, .line_max = 1000};

static bool read_all(struct str bytes, struct arena *a, struct err *err)
{
    SCOPED(parcel_reader) r = NULL;
    struct parcel p;
    enum parcel_event event = PARCEL_ROWS;
    size_t i = 0;
    struct str line;
    if (!parcel_open_bytes(bytes, &limits, a, &p, &r, err))
        return false;
    for (;;) {
        int64_t lines = 0;
        if (!parcel_next(r, &event, &i, err))
            return false;
        if (event == PARCEL_END)
            return true;
        do {
            if (!parcel_line(r, &line, err))
                return false;
            assert(!line.p || (line.n <= limits.line_max && line.p[line.n] == '\0'));
            lines += line.p != NULL;
        } while (line.p);
        assert(i < p.n_tables && lines == (event == PARCEL_ROWS ? p.tables[i].rows : p.tables[i].keys));
    }
}

static bool read_manifest(struct str text, struct arena *a, struct err *err)
{
    struct parcel p, again;
    SCOPED_BUF b = {0};
    SCOPED_BUF b2 = {0};
    if (!parcel_manifest_read(text, a, &p, err))
        return false;
    parcel_manifest_put(&b, &p);
    bool ok = parcel_manifest_read(buf_str(&b), a, &again, err);
    assert(ok);
    parcel_manifest_put(&b2, &again);
    assert(str_eq(buf_str(&b), buf_str(&b2)));
    return true;
}

static bool read_tar(struct str tar, struct arena *a, struct err *err)
{
    size_t most = ZSTD_compressBound(tar.n);
    char *packed = arena_alloc(a, most);
    return read_all((struct str){packed, ZSTD_compress(packed, most, tar.p, tar.n, 1)}, a, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    SCOPED(arena) a = arena_new();
    struct err err = {0};
    if (n == 0)
        return 0;
    struct str rest = {(const char *)data + 1, n - 1};
    bool ok = data[0] % 3 == 0   ? read_all(rest, a, &err)
              : data[0] % 3 == 1 ? read_tar(rest, a, &err)
                                 : read_manifest(rest, a, &err);
    assert(ok || ((err.code == ERR_PARCEL || err.code == ERR_LIMIT) && err.message[0]));
    return 0;
}
