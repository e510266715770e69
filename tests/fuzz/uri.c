/* Any text may be shown as a connection string: no crash, and a password that libpq understands is never in the output.
 */
#include "db/uri.h"
#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* A needle that cannot be there by chance. */
static void check_secret(struct arena *a, const char *text)
{
    char *with = arena_printf(a, "%s%sassword=n33dle-in-a-haystack", text, strstr(text, "://") ? "&p" : " p");
    assert(!strstr(uri_masked(a, with), "n33dle-in-a-haystack"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    SCOPED(arena) a = arena_new();
    char *text = arena_dup_str(a, (struct str){(const char *)data, n});
    assert(uri_masked(a, text));
    if (!strstr(text, "n33dle"))
        check_secret(a, text);
    return 0;
}
