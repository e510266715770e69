/* carryover.yaml and package.yaml may be any bytes: a tree with places inside the text, or a message that names one. */
#include "conf/yaml.h"
#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check(const struct yaml_node *node, int depth)
{
    assert(depth <= YAML_DEPTH_MAX + 1 && node->line > 0 && node->column > 0 && node->text);
    for (size_t i = 0; i < node->n; i++) {
        assert((node->kind == YAML_MAP) == (node->items[i].key != NULL));
        check(node->items[i].value, depth + 1);
        if (node->kind == YAML_MAP)
            assert(yaml_get(node, node->items[i].key) == node->items[i].value);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    SCOPED(arena) a = arena_new();
    struct yaml *y = NULL;
    struct err err = {0};
    if (yaml_parse((struct str){(const char *)data, n}, "f", ERR_CONFIG, a, &y, &err))
        check(y->root, 1);
    else
        assert(err.code == ERR_CONFIG && strncmp(err.message, "f:", 2) == 0);
    return 0;
}
