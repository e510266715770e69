/* Any bytes may be the target of a request: segments that are plain text, or ERR_REQUEST; and one that was taken is
 * taken by a pattern of as many parameters. */
#include "net/route.h"
#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    SCOPED(arena) a = arena_new();
    struct route_target t;
    struct route_params params;
    struct err err = {0};
    if (!route_read((struct str){(const char *)data, n}, a, &t, &err)) {
        assert(err.code == ERR_REQUEST);
        return 0;
    }
    for (size_t i = 0; i < t.n_segments; i++) {
        assert(t.segments[i].n > 0 && route_is_text(t.segments[i]) && !memchr(t.segments[i].p, '/', t.segments[i].n));
        assert(!str_is(t.segments[i], ".."));
    }
    if (route_matches("/{a}/{b}", &t, &params))
        assert(t.n_segments == 2 && str_eq(route_param(&params, "b"), t.segments[1]));
    else
        assert(t.n_segments != 2);
    return 0;
}
