/* runbook.yaml may be any bytes: steps that have all a step needs, or a message that names a place. */
#include "conf/tasks.h"
#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    SCOPED(arena) a = arena_new();
    struct tasks t;
    struct err err = {0};
    if (!tasks_parse((struct str){(const char *)data, n}, "f", "/", ERR_CONFIG, a, &t, &err)) {
        assert(err.code == ERR_CONFIG && strncmp(err.message, "f:", 2) == 0);
        return 0;
    }
    for (size_t i = 0; i < t.n; i++) {
        assert(t.p[i].name[0] && t.p[i].title && t.p[i].check && t.p[i].undo && t.p[i].place);
        assert(t.p[i].kind == TASK_HTTP ? t.p[i].url != NULL : t.p[i].run[0] != '\0');
    }
    return 0;
}
