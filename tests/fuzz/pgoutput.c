/* Whatever the source sends: a message is refused, or every view of it lies inside the bytes. */
#include "source/pgoutput.h"
#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_inside(struct str bytes, const char *p, size_t n)
{
    assert(n == 0 || (p >= bytes.p && p + n <= bytes.p + bytes.n));
}

static void check_tuple(struct str bytes, const struct pgoutput_tuple *t)
{
    for (size_t i = 0; i < t->n; i++)
        check_inside(bytes, t->fields[i].p, t->fields[i].n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    SCOPED(arena) a = arena_new();
    struct err err = {0};
    struct pgoutput_message m;
    struct str bytes = {(const char *)data, n};
    if (!pgoutput_decode(bytes, a, &m, &err)) {
        assert(err.code == ERR_STREAM && err.message[0]);
        return 0;
    }
    check_tuple(bytes, &m.old);
    check_tuple(bytes, &m.row);
    check_inside(bytes, m.schema.p, m.schema.n);
    check_inside(bytes, m.name.p, m.name.n);
    for (size_t i = 0; i < m.n_columns; i++)
        check_inside(bytes, m.columns[i].name.p, m.columns[i].name.n);
    return 0;
}
