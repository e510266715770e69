/* Any export becomes well-formed XML, or nothing; findings have texts, and paths stay below the model's folder. */
#include "xpp/d365/write.h"
#include "xpp/xpo/read.h"
#include <assert.h>
#include <libxml/parser.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_file(const struct d365_file *f)
{
    size_t length = strlen(f->path);
    assert(length > 2 && f->path[0] == 'A' && f->path[1] == 'x' && !strstr(f->path, "/.."));
    if (strncmp(f->path, "AxResource/ResourceContent/", 27) == 0)
        return;
    xmlDoc *doc =
        xmlReadMemory(f->text.p, (int)f->text.n, f->path, NULL, XML_PARSE_NONET | XML_PARSE_NOWARNING | XML_PARSE_HUGE);
    assert(doc);
    xmlFreeDoc(doc);
}

static void write_one(struct arena *a, const struct symbols *symbols, const struct xpo_element *e,
                      struct findings *list)
{
    struct d365_job job = {
        .element = e, .symbols = symbols, .model = "Contoso", .prefix = "CTS", .arena = a, .findings = list};
    d365_write(&job);
    for (const struct d365_file *f = job.files; f; f = f->next)
        check_file(f);
    job.standard = e; /* changed in nothing */
    d365_write(&job);
    for (const struct d365_file *f = job.files; f; f = f->next)
        check_file(f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    SCOPED(arena) a = arena_new();
    SCOPED(symbols) symbols = symbols_new();
    struct xpo_file *file = xpo_of_text((struct str){(const char *)data, n});
    struct findings list = {.arena = a};
    xpo_problems problems = {0};
    for (int pass = 0; pass < 3; pass++) {
        for (size_t i = 0; i < xpo_count(file); i++) {
            struct xpo_element e;
            if (xpo_part(file, i).records || !xpo_parse(xpo_part(file, i), a, &e, &problems))
                continue;
            if (pass == 0)
                symbols_add(symbols, &e, SYMBOL_OURS);
            else if (pass == 2)
                symbols_add(symbols, &e, SYMBOL_BASELINE);
            if (pass > 0)
                write_one(a, symbols, &e, &list);
        }
    }
    for (size_t i = 0; i < list.list.n; i++)
        assert(list.list.p[i].rule[0] && list.list.p[i].detail.n > 0);
    vec_done(&list.list);
    vec_done(&problems);
    xpo_free(file);
    return 0;
}
