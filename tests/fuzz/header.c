/* The top of a package's SQL file may be any bytes: words that are inside the file, or a message with its line. The
 * first byte chooses the kind of file. */
#include "conf/header.h"
#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    SCOPED(arena) a = arena_new();
    SCOPED(map) settings = map_new();
    SCOPED(map) values = map_new();
    struct package_file f = {.name = "A1", .path = "x/A1.sql"};
    struct err err = {0};
    if (n == 0)
        return 0;
    map_put(settings, STR("tolerance"))->value = (void *)"0.005";
    enum header_kind kind = (enum header_kind)(data[0] % (HEADER_ITEM_SQL + 1));
    if (!header_read(&f, kind, (struct str){(const char *)data + 1, n - 1}, settings, a, &err)) {
        assert(err.code == ERR_PACKAGE && strncmp(err.message, "x/A1.sql:", 9) == 0);
        return 0;
    }
    for (size_t i = 0; i < f.n_words; i++)
        assert(f.words[i].line > 0 && f.words[i].word[0] && f.words[i].value[0]);
    header_thresholds(&f, values, a);
    return 0;
}
