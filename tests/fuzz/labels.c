/* Labels may be any bytes, as a file and as records: an id is one, a text survives the way into a label file and back.
 */
#include "xpp/d365/label.h"
#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check(labels *list, struct arena *a)
{
    struct findings findings = {.arena = a};
    vec_each (list, l)
        assert(label_id_length(l->id) == l->id.n && l->id.n > 4 && l->language.n && l->line > 0);
    size_t n = list->n, files = 0;
    for (const struct d365_file *f = d365_label_files("M", list, a, &findings); f; f = f->next)
        files++;
    assert((n == 0) == (files == 0) && files % 2 == 0);
    vec_done(&findings.list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    SCOPED(arena) a = arena_new();
    struct str text = {(const char *)data, n};
    labels file = {0}, records = {0};
    xpo_problems problems = {0};
    label_read(text, STR("en-us"), a, &file, &problems);
    check(&file, a);
    label_read_records((struct xpo_part){text, 1, true}, a, &records, &problems);
    check(&records, a);
    vec_done(&file);
    vec_done(&records);
    vec_done(&problems);
    return 0;
}
