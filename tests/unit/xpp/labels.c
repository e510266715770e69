#include "unit/folder.h"
#include "xpp/d365/label.h"

struct tried {
    struct arena *a;
    labels list;
    xpo_problems problems;
    struct findings findings;
};

static void tried_done(struct tried *t)
{
    arena_free(t->a);
    vec_done(&t->list);
    vec_done(&t->problems);
    vec_done(&t->findings.list);
}

#define SCOPED_TRY __attribute__((cleanup(tried_done))) struct tried

static struct tried begin(void)
{
    struct tried t = {.a = arena_new()};
    t.findings.arena = t.a;
    return t;
}

#define assert_str(s, z) assert_string_equal(arena_dup_str(t.a, s), z)

static void check(const struct tried *t, size_t i, const char *id, const char *text, const char *comment)
{
    assert_true(i < t->list.n);
    assert_string_equal(arena_dup_str(t->a, t->list.p[i].id), id);
    assert_string_equal(arena_dup_str(t->a, t->list.p[i].text), text);
    assert_string_equal(arena_dup_str(t->a, t->list.p[i].comment), comment);
}

static void a_label_file_has_texts_and_comments(void **state)
{
    (void)state;
    SCOPED_TRY t = begin();
    label_read(STR("; made by nobody\r\n\r\n@KSS1 Drawer\r\n ;of a till\r\n;\r\n; second\r\n@KSS2  two blanks \n"
                   "@KSS3\n@KSS10 first\n\nthird @KSS9 \n@KASSE is no id\n\n\n"),
               STR("en-us"), t.a, &t.list, &t.problems);
    assert_int_equal(t.problems.n, 0);
    assert_int_equal(t.list.n, 4);
    check(&t, 0, "@KSS1", "Drawer", "of a till\n\n second");
    check(&t, 1, "@KSS2", " two blanks ", "");
    check(&t, 2, "@KSS3", "", "");
    check(&t, 3, "@KSS10", "first\n\nthird @KSS9 \n@KASSE is no id", "");
    assert_int_equal(t.list.p[3].line, 9);
    assert_str(t.list.p[3].language, "en-us");
    label_read(STR("  stray\n@KSS1 x"), STR("de"), t.a, &t.list, &t.problems);
    assert_int_equal(t.problems.n, 1);
    assert_int_equal(t.problems.p[0].column, 3);
}

static void a_file_name_says_module_and_language(void **state)
{
    (void)state;
    SCOPED_TRY t = begin();
    struct str module, language;
    assert_true(label_file_name("/a/b/axKSSen-us.ald", &module, &language));
    assert_str(module, "KSS");
    assert_str(language, "en-us");
    assert_true(label_file_name("AxKssde.ALD", &module, &language));
    assert_str(language, "de");
    assert_false(label_file_name("axKSS.ald", &module, &language));
    assert_false(label_file_name("KSSen-us.ald", &module, &language));
    assert_false(label_file_name("axKSSen-us.txt", &module, &language));
}

static void files_are_opened_in_their_encoding(void **state)
{
    (void)state;
    SCOPED_TRY t = begin();
    SCOPED_FOLDER f = folder_make();
    struct err err;
    folder_put(&f, "axKSSde.ald", "@KSS1 M\xFCnze\n");
    folder_put(&f, "labels.ald", "@KSS1 x\n");
    must(label_open(folder_path(&f, "axKSSde.ald"), "CP1252", t.a, &t.list, &t.problems, &err));
    check(&t, 0, "@KSS1", "M\xC3\xBCnze", "");
    assert_str(t.list.p[0].language, "de");
    assert_false(label_open(folder_path(&f, "axKSSde.ald"), NULL, t.a, &t.list, &t.problems, &err));
    assert_int_equal(err.code, ERR_XPO_ENCODING);
    assert_false(label_open(folder_path(&f, "labels.ald"), NULL, t.a, &t.list, &t.problems, &err));
    assert_int_equal(err.code, ERR_FILE);
}

#define RECORD(fields)                                                                                                 \
    "<Table:Record name=\"TmpSysLabel\"\n  xmlns:Table='urn:www.microsoft.com/Formats/Table'>\n" fields                \
    "</Table:Record>\n"
#define FIELD(name, value) " <Table:Field name=\"" name "\">" value "</Table:Field>\n"

static struct tried read_records(const char *text)
{
    struct tried t = begin();
    struct xpo_part part = {str_of(text), 11, true};
    label_read_records(part, t.a, &t.list, &t.problems);
    return t;
}

static void records_of_an_export_are_labels(void **state)
{
    (void)state;
    SCOPED_TRY t = read_records(RECORD(
        FIELD("Language", "en-us") FIELD("Label", "A &lt;b&gt; &amp;c; &#252;&#x20AC; &nope; <![CDATA[<&x>]]>!\r\nnext")
            FIELD("Description", "why") FIELD("LabelId", "@KSS1") FIELD("recVersion", "0"))
                                    RECORD(FIELD("Language", "de") FIELD("LabelId", "17") FIELD("ModuleId", "KSS")
                                               FIELD("Label", "x") " <Table:Field name=\"Description\" />\n")
                                        RECORD(FIELD("Language", "de") FIELD("LabelId", "KSS18") FIELD("Label", "")));
    assert_int_equal(t.problems.n, 0);
    assert_int_equal(t.list.n, 3);
    check(&t, 0, "@KSS1", "A <b> &c; \xC3\xBC\xE2\x82\xAC &nope; <&x>!\nnext", "why");
    check(&t, 1, "@KSS17", "x", "");
    check(&t, 2, "@KSS18", "", "");
    assert_int_equal(t.list.p[1].line, 20);
}

static void a_broken_record_spoils_only_itself(void **state)
{
    (void)state;
    SCOPED_TRY t = read_records(
        "<Table:Record name=\"TmpSysLabel\">\n <Table:Field name=\"LabelId\">@KSS1\n" RECORD(FIELD("Language", "de"))
            RECORD(FIELD("LabelId", "@KSS2") " <Table:Field name=\"Label\">x\n") "<Table:Record "
                                                                                 "name=\"Other\">\n</"
                                                                                 "Table:Record>\n" RECORD(
                                                                                     FIELD("LabelId", "@KSS3")
                                                                                         FIELD("Language",
                                                                                               "de")) "<Table:Record");
    static const char *const messages[] = {
        "a record does not end", "a record of a label without its id or language", "a field of a record does not end",
        "a record of another table than TmpSysLabel is left out", "a record does not end"};
    assert_int_equal(t.list.n, 1);
    check(&t, 0, "@KSS3", "", "");
    for (size_t i = 0; i < ARRAY_LEN(messages) && i < t.problems.n; i++)
        assert_string_equal(t.problems.p[i].message, messages[i]);
    assert_int_equal(t.problems.p[1].line, 13);
}

static struct str file_of(const struct d365_file *f, const char *path)
{
    while (f && strcmp(f->path, path) != 0)
        f = f->next;
    return f ? f->text : (struct str){NULL, 0};
}

static void labels_become_a_file_for_each_language(void **state)
{
    (void)state;
    SCOPED_TRY t = begin();
    label_read(STR("@KSS2 two\n;a\n;b\n@KSS10 ten\n@KSS2 two\n@KSS10 other\n@KSS1 a\nb\n"), STR("EN-us"), t.a, &t.list,
               &t.problems);
    label_read(STR("@KSS1 eins\n@ABC1 A\n"), STR("de"), t.a, &t.list, &t.problems);
    const struct d365_file *files = d365_label_files("Kasse", &t.list, t.a, &t.findings);
    assert_str(file_of(files, "AxLabelFile/LabelResources/en-US/KSS.en-US.label.txt"),
               "\xEF\xBB\xBF@KSS1=a\\nb\r\n@KSS10=ten\r\n@KSS2=two\r\n ;a\r\n ;b\r\n");
    assert_str(file_of(files, "AxLabelFile/LabelResources/de/KSS.de.label.txt"), "\xEF\xBB\xBF@KSS1=eins\r\n");
    assert_str(file_of(files, "AxLabelFile/LabelResources/de/ABC.de.label.txt"), "\xEF\xBB\xBF@ABC1=A\r\n");
    const char *xml = arena_dup_str(t.a, file_of(files, "AxLabelFile/KSS_en-US.xml"));
    assert_non_null(
        strstr(xml, "\t<Name>KSS_en-US</Name>\n\t<LabelContentFileName>KSS.en-US.label.txt</LabelContentFileName>\n"
                    "\t<LabelFileId>KSS</LabelFileId>\n\t<Language>en-US</Language>\n"
                    "\t<RelativeUriInModelStore>Kasse\\Kasse\\AxLabelFile\\LabelResources\\en-US\\"
                    "KSS.en-US.label.txt</RelativeUriInModelStore>\n</AxLabelFile>"));
    size_t n = 0;
    for (const struct d365_file *f = files; f; f = f->next, n++)
        assert_true(!f->next || strcmp(f->path, f->next->path) < 0);
    assert_int_equal(n, 6);
    assert_int_equal(t.findings.list.n, 2);
    assert_str(t.findings.list.p[0].where, "@KSS1");
    assert_str(t.findings.list.p[1].where, "@KSS10");
    assert_int_equal(t.findings.list.p[1].line, 6);
}

static void languages_are_written_as_d365_does(void **state)
{
    (void)state;
    SCOPED_TRY t = begin();
    static const char *const names[][2] = {
        {"en-us", "en-US"}, {"DE", "de"}, {"zh-hans", "zh-Hans"}, {"pt_BR", "pt-BR"}, {"", ""}};
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        assert_str(d365_language(t.a, str_of(names[i][0])), names[i][1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_label_file_has_texts_and_comments), cmocka_unit_test(a_file_name_says_module_and_language),
        cmocka_unit_test(files_are_opened_in_their_encoding),  cmocka_unit_test(records_of_an_export_are_labels),
        cmocka_unit_test(a_broken_record_spoils_only_itself),  cmocka_unit_test(labels_become_a_file_for_each_language),
        cmocka_unit_test(languages_are_written_as_d365_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
