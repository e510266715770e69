/* Any bytes may be in a package's SQL: tokens must add up to the text, and replacing nothing must change nothing. */
#include "conf/sqltext.h"
#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    SCOPED(arena) a = arena_new();
    SCOPED(map) none = map_new();
    struct str sql = {arena_dup_str(a, (struct str){(const char *)data, n}), n}, rest = sql;
    size_t total = 0;
    for (;;) {
        struct sqltext_token t = sqltext_next(&rest);
        if (t.kind == SQLTEXT_END)
            break;
        assert(t.text.n > 0 && t.text.p == sql.p + total);
        total += t.text.n;
    }
    assert(total == n && sqltext_header_length(sql) <= n && sqltext_strip(sql).n <= n);
    if (!memchr(sql.p, 0, n))
        assert(strcmp(sqltext_substitute(sql, none, a), sql.p) == 0);
    return 0;
}
