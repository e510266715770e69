/* A user mapping may be any bytes: every record is accepted or rejected with its line and a reason, none is lost, and
 * the file of rejected rows has as many records. */
#include "checklist/usermap.h"
#include "base/csv.h"
#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static size_t count_records(struct str text, struct arena *a)
{
    struct csv c;
    struct csv_record r;
    size_t count = 0;
    int line = 0;
    csv_init(&c, text);
    while (csv_next(&c, a, &r)) {
        assert(r.line > line);
        line = r.line;
        for (size_t i = 0; i < r.n; i++)
            assert(r.fields[i].p[r.fields[i].n] == '\0');
        count++;
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const struct usermap_user users[] = {{"ada", true}, {"bob", true}, {"gone", false}};
    SCOPED(arena) a = arena_new();
    SCOPED_BUF rejected = {0};
    struct str text = {(const char *)data, n};
    struct usermap m;
    usermap_read(text, users, 3, a, &m);
    assert(m.rows + m.header == count_records(text, a));
    assert(m.accepted + m.n_rejected == m.rows && m.accepted <= 3 && m.n_missing <= 2);
    for (size_t i = 0; i < m.n_rejected; i++)
        assert(m.rejected[i].line > 0 && m.rejected[i].reason[0]);
    usermap_put_rejected(&m, &rejected);
    assert(count_records(buf_str(&rejected), a) == m.n_rejected + 1);
    return 0;
}
