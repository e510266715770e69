/* Every file of tests/golden/xpp/d365: an export, what becomes of it, what is told; each output is read by libxml2. */
#include "xpp/d365/write.h"
#include "base/file.h"
#include "test.h"
#include "unit/xpp/d365/golden.h"
#include <dirent.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <unistd.h>

#define MARK "==== "

struct golden {
    struct str input, baseline, want;
};

/* "==== input", "==== baseline", then everything that is expected as written_put() writes it. */
static struct golden cut(struct str text)
{
    struct golden g = {.baseline = STR("")};
    const char *base = memmem(text.p, text.n, MARK "baseline\n", strlen(MARK "baseline\n"));
    const char *want = memmem(text.p, text.n, MARK "output\n", strlen(MARK "output\n"));
    size_t head = strlen(MARK "input\n");
    assert_non_null(want);
    g.input = (struct str){text.p + head, (size_t)((base ? base : want) - text.p) - head};
    if (base)
        g.baseline = (struct str){base + strlen(MARK "baseline\n"), (size_t)(want - base) - strlen(MARK "baseline\n")};
    want += strlen(MARK "output\n");
    g.want = (struct str){want, (size_t)(text.p + text.n - want)};
    return g;
}

static bool is_xml(const char *path)
{
    size_t n = strlen(path);
    return n > 4 && strcmp(path + n - 4, ".xml") == 0;
}

static void put_written(struct buf *b, const struct written *w)
{
    static const char *const outcomes[] = {"fixed", "todo", "told"};
    for (size_t i = 0; i < w->n; i++) {
        buf_printf(b, MARK "%s\n", w->files[i]->path);
        buf_put(b, w->files[i]->text.p, w->files[i]->text.n);
        buf_putc(b, '\n');
    }
    buf_puts(b, MARK "findings\n");
    for (size_t i = 0; i < w->findings.list.n; i++) {
        const struct finding *f = &w->findings.list.p[i];
        buf_printf(b, "%u %s %s %.*s: %.*s\n", f->line, f->rule, outcomes[f->outcome], STR_ARG(f->where),
                   STR_ARG(f->detail));
    }
}

static void check_well_formed(const struct written *w)
{
    for (size_t i = 0; i < w->n; i++) {
        const struct d365_file *f = w->files[i];
        if (!is_xml(f->path))
            continue;
        xmlDoc *doc = xmlReadMemory(f->text.p, (int)f->text.n, f->path, NULL, XML_PARSE_NONET | XML_PARSE_NOWARNING);
        if (!doc)
            fail_msg("%s is not well-formed", f->path);
        xmlFreeDoc(doc);
    }
}

static void rewrite(const char *path, struct str input, struct str baseline, struct str output)
{
    FILE *f = fopen(path, "w");
    fprintf(f, MARK "input\n%.*s", STR_ARG(input));
    if (baseline.n > 0)
        fprintf(f, MARK "baseline\n%.*s", STR_ARG(baseline));
    fprintf(f, MARK "output\n%.*s", STR_ARG(output));
    fclose(f);
}

static void check_file(const char *path, bool renew)
{
    SCOPED_BUF got = {0};
    SCOPED(arena) a = arena_new();
    struct str text;
    struct err err = {0};
    struct written w;
    must(file_read(path, a, &text, &err));
    struct golden g = cut(text);
    written_make(&w, g.input, g.baseline);
    put_written(&got, &w);
    check_well_formed(&w);
    if (renew)
        rewrite(path, g.input, g.baseline, buf_str(&got));
    else if (!str_eq(buf_str(&got), g.want))
        fail_msg("%s differs; got:\n%s", path, got.p);
    written_done(&w);
}

/* CARRYOVER_GOLDEN=write writes the outputs anew: to be looked at before they are kept. */
static void every_export_becomes_what_is_expected(void **state)
{
    (void)state;
    const char *root = getenv("CARRYOVER_ROOT"), *renew = getenv("CARRYOVER_GOLDEN");
    char folder[1024], path[2048];
    snprintf(folder, sizeof folder, "%s/tests/golden/xpp/d365", root ? root : ".");
    DIR *d = opendir(folder);
    assert_non_null(d);
    int n = 0;
    for (struct dirent *e = readdir(d); e; e = readdir(d)) {
        if (e->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        check_file(path, renew && strcmp(renew, "write") == 0);
        n++;
    }
    closedir(d);
    assert_true(n > 0);
}

/* One class of a standard one, with what the comparison made of its methods. */
static void methods_of_an_extension_go_to_a_class_for_each_owner(void **state)
{
    (void)state;
    static const struct d365_method methods[] = {
        {D365_ADDED, STR(""), STR("ours"), STR("void ours()\n{\n}"), 4},
        {D365_CONFLICT, STR(""), STR("run"), STR("/* run: two versions */"), 9},
        {D365_CHAINED, STR("control/Ok"), STR("clicked"), STR("void clicked()\n{\n    next clicked();\n}"), 12}};
    struct written w;
    written_make(&w, STR("***Element: FRM\nFRMVERSION 12\nFORM #Ask\nENDFORM\n"),
                 STR("***Element: FRM\nFRMVERSION 12\nFORM #Ask\nENDFORM\n"));
    struct xpo_element e;
    xpo_problems problems = {0};
    assert_true(xpo_parse(xpo_part(w.file, 0), w.arena, &e, &problems));
    struct d365_job job = {.element = &e, .symbols = w.symbols, .model = "Contoso", .prefix = "CTS", .arena = w.arena};
    job.findings = &w.findings;
    job.methods = methods;
    job.n_methods = 3;
    assert_true(d365_is_extension(&job));
    d365_write(&job);
    assert_string_equal(job.files->path, "AxClass/AskFormCTS_Extension.xml");
    assert_non_null(strstr(job.files->text.p, "[ExtensionOf(formStr(Ask))]\nfinal class AskFormCTS_Extension\n{\n"
                                              "/* run: two versions */\n}"));
    assert_non_null(strstr(job.files->text.p, "<Name>ours</Name>"));
    assert_null(strstr(job.files->text.p, "<Name>run</Name>"));
    assert_string_equal(job.files->next->path, "AxClass/AskFormOkCTS_Extension.xml");
    assert_non_null(strstr(job.files->next->text.p, "[ExtensionOf(formControlStr(Ask, Ok))]"));
    assert_int_equal(written_count(&w, "EXTENSION"), 1); /* of methods the comparison tells */
    vec_done(&problems);
    written_done(&w);
}

static void a_name_does_not_lead_out_of_the_folder(void **state)
{
    (void)state;
    struct written w;
    written_make(&w, STR("***Element: DBE\nENUMTYPEVERSION 1\nENUMTYPE #../../etc/x\nENDENUMTYPE\n"), STR(""));
    assert_int_equal(w.n, 1);
    assert_string_equal(w.files[0]->path, "AxEnum/_._.._etc_x.xml");
    written_done(&w);
}

static void a_descriptor_names_its_model_and_modules(void **state)
{
    (void)state;
    SCOPED_BUF b = {0};
    static const char *const modules[] = {"ApplicationPlatform", "ApplicationSuite", NULL};
    struct d365_model m = {.name = "Contoso", .display_name = "Contoso & Sons", .id = 895000001, .references = modules};
    d365_put_descriptor(&b, &m);
    xmlDoc *doc = xmlReadMemory(b.p, (int)b.n, "descriptor", NULL, XML_PARSE_NONET);
    assert_non_null(doc);
    xmlFreeDoc(doc);
    assert_non_null(strstr(b.p, "<DisplayName>Contoso &amp; Sons</DisplayName>\n\t<Id>895000001</Id>"));
    assert_non_null(strstr(b.p, "<d2p1:string>ApplicationSuite</d2p1:string>"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(methods_of_an_extension_go_to_a_class_for_each_owner),
        cmocka_unit_test(a_name_does_not_lead_out_of_the_folder),
        cmocka_unit_test(a_descriptor_names_its_model_and_modules),
        cmocka_unit_test(every_export_becomes_what_is_expected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
