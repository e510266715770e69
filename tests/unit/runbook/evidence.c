#include "runbook/evidence.h"
#include "test.h"
#include "unit/folder.h"
#include <archive.h>
#include <archive_entry.h>

static const unsigned char seed[EVIDENCE_SEED] = {1, 2, 3};

/* A sealed night with three events and two files; its path. */
static char *sealed(struct folder *f)
{
    struct err err = {0};
    char key[EVIDENCE_KEY_HEX], *path = folder_path(f, "e.tar.zst");
    int64_t run = 0;
    SCOPED(journal) j = NULL;
    folder_put(f, "reports/cutover.json", "{\"downtime\": 1}\n");
    const struct evidence_file files[] = {{"reports/cutover.json", folder_path(f, "reports/cutover.json"), {0}},
                                          {"settings.json", NULL, STR("{}")}};
    const struct evidence_about about = {"1.0", "shop", "bookshop 0.1", "ada", 1700000000000000};
    must(journal_open(folder_path(f, "state.db"), "ada", &j, &err));
    must(journal_begin(j, "cutover", &run, &err));
    must(journal_add(j, run, "drain", "done", "7 of them, \"all\" \xC3\xA9, broken \xC3", &err));
    must(journal_add(j, run, "", "ended", "", &err));
    must(evidence_seal(path, &about, j, files, 2, seed, key, &err));
    return path;
}

/* --- an archive, changed --- */

struct change {
    const char *name; /* of the entry; NULL: none */
    const char *from, *to;
    bool drop;
    const char *add; /* one more file */
};

static void put(struct archive *out, const char *name, const char *p, size_t n)
{
    struct archive_entry *e = archive_entry_new();
    archive_entry_set_pathname(e, name);
    archive_entry_set_size(e, (int64_t)n);
    archive_entry_set_filetype(e, AE_IFREG);
    archive_entry_set_perm(e, 0644);
    assert_int_equal(archive_write_header(out, e), ARCHIVE_OK);
    assert_int_equal(archive_write_data(out, p, n), n);
    archive_entry_free(e);
}

static void put_changed(struct archive *out, const char *name, char *text, size_t n, const struct change *c)
{
    char *at = c->name && strcmp(c->name, name) == 0 && c->from ? strstr(text, c->from) : NULL;
    if (c->name && strcmp(c->name, name) == 0 && c->drop)
        return;
    if (at) {
        assert_int_equal(strlen(c->from), strlen(c->to));
        memcpy(at, c->to, strlen(c->to));
    }
    put(out, name, text, n);
}

static char *changed(struct folder *f, const char *path, const struct change *c)
{
    char *to = folder_path(f, "changed.tar.zst");
    struct archive *in = archive_read_new(), *out = archive_write_new();
    struct archive_entry *e = NULL;
    archive_read_append_filter(in, ARCHIVE_FILTER_ZSTD);
    archive_read_set_format(in, ARCHIVE_FORMAT_TAR);
    assert_int_equal(archive_read_open_filename(in, path, 10240), ARCHIVE_OK);
    archive_write_set_format_pax_restricted(out);
    archive_write_add_filter_zstd(out);
    assert_int_equal(archive_write_open_filename(out, to), ARCHIVE_OK);
    while (archive_read_next_header(in, &e) == ARCHIVE_OK) {
        char *text = arena_alloc(f->a, (size_t)archive_entry_size(e) + 1);
        char *name = arena_dup(f->a, archive_entry_pathname(e));
        la_ssize_t n = archive_read_data(in, text, (size_t)archive_entry_size(e));
        put_changed(out, name, text, (size_t)n, c);
    }
    if (c->add)
        put(out, c->add, "x", 1);
    archive_read_free(in);
    assert_int_equal(archive_write_close(out), ARCHIVE_OK);
    archive_write_free(out);
    return to;
}

/* --- tests --- */

static void what_was_sealed_is_good(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    struct err err = {0};
    struct evidence_verdict v;
    must(evidence_verify(sealed(&f), f.a, &v, &err));
    for (size_t i = 0; i < v.n_problems; i++)
        fail_msg("%s", v.problems[i]);
    assert_int_equal(v.files, 3);
    assert_int_equal(v.events, 3);
    assert_string_equal(v.about.by, "ada");
    assert_string_equal(v.about.project, "shop");
    assert_int_equal(strlen(v.key), 64);
}

static void whatever_is_changed_shows(void **state)
{
    (void)state;
    static const struct {
        struct change change;
        const char *says;
    } cases[] = {
        {{"reports/cutover.json", "1", "2", false, NULL}, "reports/cutover.json is not what was sealed"},
        {{"settings.json", NULL, NULL, true, NULL}, "settings.json is missing"},
        {{NULL, NULL, NULL, false, "reports/more.json"}, "reports/more.json was not sealed"},
        {{EVIDENCE_JOURNAL, "7 of them", "8 of them", false, NULL}, "the journal is broken at event 2"},
        {{EVIDENCE_JOURNAL, "\"who\":\"ada\"", "\"who\":\"eve\"", false, NULL}, "the journal is broken at event 1"},
        {{EVIDENCE_MANIFEST, "\"by\":\"ada\"", "\"by\":\"eve\"", false, NULL},
         "the signature is not that of this manifest"},
        {{EVIDENCE_MANIFEST, "\"events\":3", "\"events\":2", false, NULL}, "the journal does not end where it ended"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        SCOPED_FOLDER f = folder_make();
        struct err err = {0};
        struct evidence_verdict v;
        bool said = false;
        must(evidence_verify(changed(&f, sealed(&f), &cases[i].change), f.a, &v, &err));
        for (size_t k = 0; k < v.n_problems; k++)
            said |= strncmp(v.problems[k], cases[i].says, strlen(cases[i].says)) == 0;
        if (!said)
            fail_msg("nothing says <%s>: %s", cases[i].says, v.n_problems ? v.problems[0] : "no problem");
    }
}

static void what_is_no_evidence_is_refused(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    struct err err = {0};
    struct evidence_verdict v;
    const struct change no_manifest = {EVIDENCE_MANIFEST, NULL, NULL, true, NULL};
    folder_put(&f, "garbage", "this is none");
    folder_put(&f, "empty", "");
    const char *paths[] = {folder_path(&f, "garbage"), folder_path(&f, "empty"), folder_path(&f, "nowhere"),
                           changed(&f, sealed(&f), &no_manifest)};
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        assert_false(evidence_verify(paths[i], f.a, &v, &err));
        assert_int_equal(err.code, ERR_EVIDENCE);
    }
}

static void nothing_is_overwritten_and_nothing_half_is_left(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    struct err err = {0};
    char key[EVIDENCE_KEY_HEX], *path = folder_path(&f, "new.tar.zst");
    SCOPED(journal) j = NULL;
    const struct evidence_about about = {"1.0", "shop", "bookshop 0.1", "ada", 1};
    const struct evidence_file gone = {"x", folder_path(&f, "gone"), {0}};
    must(journal_open(folder_path(&f, "other.db"), "ada", &j, &err));
    assert_false(evidence_seal(sealed(&f), &about, j, NULL, 0, seed, key, &err));
    assert_int_equal(err.code, ERR_FILE);
    assert_false(evidence_seal(path, &about, j, &gone, 1, seed, key, &err));
    assert_false(file_exists(path));
    must(evidence_seal(path, &about, j, NULL, 0, seed, key, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_sealed_is_good),
        cmocka_unit_test(whatever_is_changed_shows),
        cmocka_unit_test(what_is_no_evidence_is_refused),
        cmocka_unit_test(nothing_is_overwritten_and_nothing_half_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
