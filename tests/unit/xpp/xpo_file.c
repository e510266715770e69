#include "unit/folder.h"
#include "unit/xpp/tried.h"

#define HEAD "Exportfile for AOT version 1.0 or later\nFormatversion: 1\n\n"

static void fragments_without_header_are_known_by_their_block(void **state)
{
    (void)state;
    static const char text[] = "CLASS #A\n  METHODS\n  ENDMETHODS\nENDCLASS\n\nUSERTYPE #B\n  INT64\nENDUSERTYPE\n"
                               "SOURCE #C\n  ##define.X(1)\nENDSOURCE\nPROPERTIES\n  Origin #1\nENDPROPERTIES\n"
                               "FORM #D\n  FORM #Controls\n  ENDFORM\nENDFORM\n";
    static const char *const codes[] = {"CLS", "UTW", "MCR", "FRM"};
    for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
        SCOPED_TRY t = try_part(text, i);
        assert_int_equal(xpo_count(t.file), ARRAY_LEN(codes));
        assert_true(t.ok && t.problems.n == 0);
        assert_str(t.e.code, codes[i]);
    }
    SCOPED_TRY t = try_part(text, 2);
    assert_str(xpo_value(t.e.root, "Origin"), "1");
}

static void a_file_is_cut_at_its_elements_and_records(void **state)
{
    (void)state;
    SCOPED_TRY t = try_part(HEAD "***Element: DBE\n\nENUMTYPE #A\nENDENUMTYPE\n"
                                 "<Table:Record name=\"TmpSysLabel\">\n</Table:Record>\n"
                                 "***Element: JOB\nSOURCE #J\n  #***Element: X <Table:Record\nENDSOURCE\n"
                                 "***Element: END\n\n\xEF\xBB\xBF" HEAD "***Element: DBE\nENUMTYPE #B\nENDENUMTYPE\n"
                                 "***Element: END\n",
                            3);
    assert_int_equal(xpo_count(t.file), 4);
    assert_true(xpo_part(t.file, 1).records);
    assert_int_equal(xpo_part(t.file, 1).line, 8);
    assert_int_equal(xpo_part(t.file, 2).line, 10);
    assert_str(t.e.name, "B");
    assert_int_equal(t.e.root->line, 20);
    SCOPED_TRY empty = {.a = arena_new(), .file = xpo_of_text(STR(""))};
    assert_int_equal(xpo_count(empty.file), 0);
    SCOPED_TRY head = {.a = arena_new(), .file = xpo_of_text(STR(HEAD "***Element: END\n\n"))};
    assert_int_equal(xpo_count(head.file), 0);
}

static void put_bytes(const struct folder *f, const char *name, const void *p, size_t n)
{
    FILE *file = fopen(folder_path(f, name), "w");
    assert_non_null(file);
    assert_true(fwrite(p, 1, n, file) == n && fclose(file) == 0);
}

static void check_file(const struct folder *f, const char *codepage, const char *encoding, const char *label)
{
    struct err err;
    struct xpo_file *file = NULL;
    must(xpo_open(folder_path(f, "x.xpo"), codepage, &file, &err));
    struct tried t = {.a = arena_new(), .file = file};
    assert_string_equal(xpo_encoding(file), encoding);
    assert_int_equal(xpo_count(file), 1);
    assert_true(xpo_parse(xpo_part(file, 0), t.a, &t.e, &t.problems));
    assert_str(xpo_value(t.e.root, "Label"), label);
    tried_done(&t);
}

/* "ENUMTYPE #A" with the label "für" in all encodings. */
static void files_of_any_encoding_are_read(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    static const char latin[] =
        "***Element: DBE\nENUMTYPE #A\nPROPERTIES\n Label #f\xFCr\nENDPROPERTIES\nENDENUMTYPE\n";
    char utf16[2 * sizeof latin + 2];
    for (int big = 0; big < 2; big++) {
        memcpy(utf16, big ? "\xFE\xFF" : "\xFF\xFE", 2);
        for (size_t i = 0; i < sizeof latin - 1; i++) {
            utf16[2 + 2 * i + (size_t)big] = latin[i];
            utf16[2 + 2 * i + (size_t)!big] = '\0';
        }
        put_bytes(&f, "x.xpo", utf16, 2 * sizeof latin);
        check_file(&f, NULL, big ? "UTF-16BE" : "UTF-16LE", "f\xC3\xBCr");
        put_bytes(&f, "x.xpo", utf16 + 2, 2 * sizeof latin - 2);
        check_file(&f, NULL, big ? "UTF-16BE" : "UTF-16LE", "f\xC3\xBCr");
    }
    put_bytes(&f, "x.xpo", latin, sizeof latin - 1);
    check_file(&f, "CP1252", "CP1252", "f\xC3\xBCr");
    check_file(&f, "CP1251", "CP1251", "f\xD1\x8Cr");
    folder_put(&f, "x.xpo",
               "***Element: DBE\nENUMTYPE #A\nPROPERTIES\n Label #f\xC3\xBCr\nENDPROPERTIES\nENDENUMTYPE\n");
    check_file(&f, NULL, "UTF-8", "f\xC3\xBCr");
    folder_put(&f, "x.xpo",
               "\xEF\xBB\xBF\xEF\xBB\xBF***Element: DBE\nENUMTYPE #A\nPROPERTIES\n Label "
               "#f\xC3\xBCr\nENDPROPERTIES\nENDENUMTYPE\n");
    check_file(&f, NULL, "UTF-8 with mark", "f\xC3\xBCr");
}

static void check_refused(const struct folder *f, const char *name, const char *codepage, enum err_code code)
{
    struct err err;
    struct xpo_file *file = NULL;
    assert_false(xpo_open(folder_path(f, name), codepage, &file, &err));
    assert_int_equal(err.code, code);
}

static void files_without_meaning_are_refused(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    struct err err;
    struct xpo_file *file = NULL;
    put_bytes(&f, "bad", "abc\xFC", 4);
    put_bytes(&f, "marked", "\xEF\xBB\xBF\xFC", 4);
    put_bytes(&f, "odd",
              "\xFF\xFE"
              "a\0b",
              5);
    put_bytes(&f, "hole", "ab\x81", 3);
    put_bytes(&f, "empty", "", 0);
    check_refused(&f, "bad", NULL, ERR_XPO_ENCODING);
    check_refused(&f, "bad", "NOSUCH", ERR_XPO_ENCODING);
    check_refused(&f, "marked", "CP1252", ERR_XPO_ENCODING);
    check_refused(&f, "odd", "CP1252", ERR_XPO_ENCODING);
    check_refused(&f, "hole", "CP1252", ERR_XPO_ENCODING);
    check_refused(&f, "none", "CP1252", ERR_FILE);
    check_refused(&f, ".", "CP1252", ERR_FILE);
    must(xpo_open(folder_path(&f, "empty"), NULL, &file, &err));
    assert_int_equal(xpo_count(file), 0);
    xpo_free(file);
}

/* One for each byte, and the rest of the file is read. */
static void bytes_without_meaning_are_counted(void **state)
{
    static const struct {
        const char *text;
        size_t n_bad;
        uint32_t line;
        const char *label;
    } files[] = {
        {"ENUMTYPE #A\nPROPERTIES\n Label #a\x81z\nENDPROPERTIES\nENDENUMTYPE\n", 1, 3, "a\xEF\xBF\xBDz"},
        {"\xEF\xBB\xBF"
         "ENUMTYPE #A\nPROPERTIES\n Label #a\xFC\xFCz\nENDPROPERTIES\nENDENUMTYPE\n",
         2, 3, "a\xEF\xBF\xBD\xEF\xBF\xBDz"},
        {"ENUMTYPE #A\rPROPERTIES\r Label #az\rENDPROPERTIES\rENDENUMTYPE\r", 0, 1, "az"},
        {"ENUMTYPE #A\r\r\nPROPERTIES\r\r\n Label #az\r\r\nENDPROPERTIES\r\r\nENDENUMTYPE\r\r\n", 0, 1, "az"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        SCOPED_FOLDER f = folder_make();
        struct err err;
        struct xpo_file *file;
        uint32_t line;
        folder_put(&f, "x.xpo", files[i].text);
        must(xpo_open(folder_path(&f, "x.xpo"), "CP1252", &file, &err));
        assert_int_equal(xpo_bad_bytes(file, &line), files[i].n_bad);
        assert_int_equal(line, files[i].line);
        struct xpo_element e;
        xpo_problems problems = {0};
        assert_int_equal(xpo_count(file), 1);
        assert_true(xpo_parse(xpo_part(file, 0), f.a, &e, &problems));
        assert_int_equal(problems.n, 0);
        assert_true(str_is(xpo_value(e.root, "Label"), files[i].label));
        xpo_free(file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fragments_without_header_are_known_by_their_block),
        cmocka_unit_test(a_file_is_cut_at_its_elements_and_records),
        cmocka_unit_test(files_of_any_encoding_are_read),
        cmocka_unit_test(bytes_without_meaning_are_counted),
        cmocka_unit_test(files_without_meaning_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
