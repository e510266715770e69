/* A line of rows may be any bytes: values inside of it that come back when they are put again, or false. The first byte
 * chooses how many values. */
#include "base/copytext.h"
#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    SCOPED_BUF line = {0};
    SCOPED_BUF again = {0};
    struct str values[9], same[9];
    if (n == 0)
        return 0;
    size_t count = data[0] % 9 + 1u;
    buf_put(&line, data + 1, n - 1);
    if (!copytext_split(line.p, n - 1, values, count))
        return 0;
    for (size_t i = 0; i < count; i++) {
        assert(!values[i].p || (values[i].p >= line.p && values[i].p + values[i].n <= line.p + n - 1));
        assert(!values[i].p || values[i].p[values[i].n] == '\0');
        if (i)
            buf_putc(&again, '\t');
        copytext_put(&again, values[i]);
    }
    bool ok = copytext_split(again.p, again.n, same, count);
    assert(ok);
    for (size_t i = 0; i < count; i++)
        assert(str_eq(values[i], same[i]) && !values[i].p == !same[i].p);
    return 0;
}
