#include "../folder.h"
#include "net/parcel_manifest.h"
#include <archive.h>
#include <archive_entry.h>
#include <zstd.h>

static const struct parcel_limits limits = {.bytes_max = 1 << 20, .line_max = 1 << 16};

static const struct parcel_column columns[] = {{"ID", "bigint"}, {"NAME", "text"}};
static const char *const key[] = {"ID"};

static struct parcel upload(struct parcel_table *tables, size_t n)
{
    return (struct parcel){.kind = PARCEL_UPLOAD,
                           .job = "P-0001",
                           .store = "HOUSTON",
                           .number = 18,
                           .created = "2026-11-21T02:14:07Z",
                           .tables = tables,
                           .n_tables = n};
}

static struct parcel_table table(const char *name)
{
    return (struct parcel_table){.name = name, .columns = columns, .n_columns = 2, .key = key, .n_key = 1};
}

/* --- reading as text, so that parcels can be compared --- */

static bool read_all(struct str bytes, const struct parcel_limits *l, struct buf *ret, struct err *err)
{
    SCOPED(arena) a = arena_new();
    SCOPED(parcel_reader) r = NULL;
    struct parcel p;
    enum parcel_event event = PARCEL_ROWS;
    size_t table = 0;
    struct str line = {NULL, 0};
    if (!parcel_open_bytes(bytes, l, a, &p, &r, err))
        return false;
    parcel_manifest_put(ret, &p);
    for (;;) {
        if (!parcel_next(r, &event, &table, err))
            return false;
        if (event == PARCEL_END)
            return true;
        buf_printf(ret, "%s %s\n", p.tables[table].name, event == PARCEL_ROWS ? "rows" : "keys");
        do {
            if (!parcel_line(r, &line, err))
                return false;
            buf_printf(ret, "%s|\n", line.p ? line.p : "end");
        } while (line.p);
    }
}

static void reads_as(struct str bytes, const char *expected)
{
    struct err err;
    SCOPED_BUF got = {0};
    must(read_all(bytes, &limits, &got, &err));
    assert_string_equal(buf_text(&got), expected);
}

static void refused(struct str bytes, const struct parcel_limits *l, enum err_code code, const char *why)
{
    struct err err = {0};
    SCOPED_BUF got = {0};
    assert_false(read_all(bytes, l, &got, &err));
    if (!strstr(err.message, why) || err.code != code)
        fail_msg("expected \"%s\", got %s: %s", why, err_info(err.code)->name, err.message);
}

/* --- the writer --- */

static struct str write_parcel(const struct folder *f, struct parcel *p, const char *const *rows,
                               const char *const *keys)
{
    struct err err;
    SCOPED(parcel_writer) w = NULL;
    int64_t bytes = 0;
    char digest[PARCEL_DIGEST_MAX], again[PARCEL_DIGEST_MAX];
    struct str text;
    must(parcel_writer_new(f->path, p, &w, &err));
    for (size_t i = 0; i < p->n_tables; i++) {
        must(parcel_writer_rows(w, i, str_of(rows[i]), &err));
        must(parcel_writer_keys(w, i, str_of(keys[i]), &err));
    }
    char *path = folder_path(f, "parcel");
    must(parcel_writer_end(w, path, &bytes, digest, &err));
    must(file_read(path, f->a, &text, &err));
    assert_int_equal(text.n, bytes);
    sha256_of(text, again);
    assert_string_equal(digest, again);
    return text;
}

static void a_download_comes_back(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    struct parcel_table tables[] = {table("CUSTTABLE"), table("EMPTY"), table("REPLACED"), table("GONE")};
    struct parcel p = {.kind = PARCEL_DOWNLOAD,
                       .job = "1010",
                       .store = "HOUSTON",
                       .chain = "1010@HOUSTON",
                       .from = 17,
                       .to = 19,
                       .created = "2026-11-21T02:14:07Z",
                       .tables = tables,
                       .n_tables = ARRAY_LEN(tables)};
    tables[2].replace = true;
    static const char *const rows[] = {"1\tone\n2\tt\\nwo \xE2\x82\xAC\n", "", "", ""}, *const keys[] = {"3\n", "", "",
                                                                                                         "4\n"};
    SCOPED_BUF expected = {0};
    struct str bytes = write_parcel(&f, &p, rows, keys);
    parcel_manifest_put(&expected, &p);
    assert_null(strstr(expected.p, "EMPTY"));
    assert_non_null(strstr(expected.p, "\"replace\":true"));
    buf_puts(&expected, "CUSTTABLE rows\n1\tone|\n2\tt\\nwo \xE2\x82\xAC|\nend|\n"
                        "CUSTTABLE keys\n3|\nend|\nGONE keys\n4|\nend|\n");
    reads_as(bytes, expected.p);
    assert_int_equal(tables[0].rows, 2);
    assert_string_equal(tables[0].keys_sha256, "1121cfccd5913f0a63fec40a6ffd44ea64f9dc135c66634ba001d10bcf4302a2");
    p.full = true;
    p.from = 0;
    p.store = NULL;
    reads_as(write_parcel(&f, &p, (const char *const[]){"", "", "", ""}, (const char *const[]){"", "", "", ""}),
             "{\"format\":1,\"kind\":\"download\",\"job\":\"1010\",\"chain\":\"1010@HOUSTON\",\"full\":true,\"from\":0,"
             "\"to\":19,\"created\":\"2026-11-21T02:14:07Z\",\"tables\":[\n{\"table\":\"REPLACED\",\"columns\":["
             "{\"name\":\"ID\",\"type\":\"bigint\"},{\"name\":\"NAME\",\"type\":\"text\"}],\"key\":[\"ID\"],"
             "\"replace\":true,\"rows\":0}]}\n");
}

/* An upload of one table with a counter and totals: what the tests of damage begin with. */
static struct str small_upload(const struct folder *f, struct buf *expected)
{
    static const char *const names[] = {"transactions", "gross"}, *const values[] = {"2", "-10.20"};
    static const struct parcel_total totals[] = {{"HOUSTON-01", "2026-11-21", names, values, 2}};
    struct parcel_table tables[] = {table("T")};
    struct parcel p = upload(tables, 1);
    p.totals = totals;
    p.n_totals = 1;
    tables[0].counter = "ID";
    tables[0].counter_after = 4;
    tables[0].counter_to = 6;
    struct str bytes = write_parcel(f, &p, (const char *const[]){"5\tfive\n6\t\\N\n"}, (const char *const[]){""});
    parcel_manifest_put(expected, &p);
    buf_puts(expected, "T rows\n5\tfive|\n6\t\\N|\nend|\n");
    return bytes;
}

static void an_upload_comes_back(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    SCOPED_BUF expected = {0};
    struct str bytes = small_upload(&f, &expected);
    assert_non_null(strstr(expected.p, "\"counter\":{\"column\":\"ID\",\"after\":4,\"to\":6}"));
    assert_non_null(strstr(expected.p, "\"values\":{\"transactions\":\"2\",\"gross\":\"-10.20\"}"));
    reads_as(bytes, expected.p);
}

static void rows_in_any_order_are_put_together(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    SCOPED(parcel_writer) w = NULL;
    SCOPED(parcel_reader) r = NULL;
    struct parcel_table tables[] = {table("A"), table("B")};
    struct parcel p = upload(tables, 2), got;
    struct err err;
    int64_t bytes = 0;
    char digest[PARCEL_DIGEST_MAX];
    must(parcel_writer_new(f.path, &p, &w, &err));
    for (int i = 0; i < 30000; i++)
        must(parcel_writer_rows(w, (size_t)i % 2, STR("1234567\tlonger than a buffer, all of them together\n"), &err));
    must(parcel_writer_end(w, folder_path(&f, "x"), &bytes, digest, &err));
    struct parcel_limits l = {.bytes_max = 1 << 24, .line_max = 100};
    enum parcel_event event = PARCEL_END;
    size_t i = 9;
    must(parcel_open_file(folder_path(&f, "x"), &l, f.a, &got, &r, &err));
    assert_int_equal(got.tables[1].rows, 15000);
    must(parcel_next(r, &event, &i, &err)); /* its rows are skipped, but counted and hashed */
    must(parcel_next(r, &event, &i, &err));
    assert_true(event == PARCEL_ROWS && i == 1);
    struct str line;
    must(parcel_line(r, &line, &err));
    assert_true(str_starts(line, "1234567\tlonger"));
    must(parcel_next(r, &event, &i, &err));
    assert_int_equal(event, PARCEL_END);
}

static void other_programs_can_read_it(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    SCOPED_BUF expected = {0};
    char got[200] = "";
    small_upload(&f, &expected);
    char *command =
        arena_printf(f.a, "cd %s && zstd -qdc <parcel | tar t && zstd -qdc <parcel | tar xO 1.rows", f.path);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t n = fread(got, 1, sizeof got - 1, pipe);
    assert_int_equal(pclose(pipe), 0);
    got[n] = '\0';
    assert_string_equal(got, "manifest.json\n1.rows\n5\tfive\n6\t\\N\n");
}

/* --- parcels that nobody should have written --- */

struct entry {
    const char *name, *text;
    int type; /* 0: a regular file */
    const char *link;
};

static struct str compress(struct arena *a, struct str s)
{
    size_t most = ZSTD_compressBound(s.n);
    char *out = arena_alloc(a, most);
    return (struct str){out, ZSTD_compress(out, most, s.p, s.n, 1)};
}

static struct str make_tar(struct arena *a, const struct entry *entries, size_t n, int format)
{
    size_t used = 0, most = 1 << 16;
    char *out = arena_alloc(a, most);
    struct archive *tar = archive_write_new();
    assert_int_equal(archive_write_set_format(tar, format), ARCHIVE_OK);
    assert_int_equal(archive_write_open_memory(tar, out, most, &used), ARCHIVE_OK);
    for (size_t i = 0; i < n; i++) {
        const struct entry *x = &entries[i];
        struct archive_entry *e = archive_entry_new();
        archive_entry_set_pathname(e, x->name);
        archive_entry_set_filetype(e, x->type ? (unsigned)x->type : AE_IFREG);
        archive_entry_set_size(e, x->link ? 0 : (int64_t)strlen(x->text));
        if (x->link && x->type == AE_IFLNK)
            archive_entry_set_symlink(e, x->link);
        else if (x->link)
            archive_entry_set_hardlink(e, x->link);
        assert_int_equal(archive_write_header(tar, e), ARCHIVE_OK);
        archive_write_data(tar, x->text, x->link ? 0 : strlen(x->text));
        archive_entry_free(e);
    }
    archive_write_close(tar);
    archive_write_free(tar);
    return (struct str){out, used};
}

static struct str make(struct arena *a, const struct entry *entries, size_t n)
{
    return compress(a, make_tar(a, entries, n, ARCHIVE_FORMAT_TAR_USTAR));
}

/* The manifest of one table T with `n` rows that are `text`. */
static const char *manifest_of(struct arena *a, const char *text, int n)
{
    struct parcel_table tables[] = {table("T")};
    struct parcel p = upload(tables, 1);
    SCOPED_BUF b = {0};
    tables[0].rows = n;
    sha256_of(str_of(text), tables[0].rows_sha256);
    parcel_manifest_put(&b, &p);
    return arena_dup(a, b.p);
}

static void files_have_the_names_that_are_expected(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    const char *rows = "1\ta\n", *m = manifest_of(a, rows, 1);
    struct entry good[] = {{"manifest.json", m}, {"1.rows", rows}};
    SCOPED_BUF got = {0};
    struct err err;
    must(read_all(make(a, good, 2), &limits, &got, &err)); /* so that what follows fails for one reason only */
    static const char *const names[] = {"/1.rows",  "../1.rows", "./1.rows", "1.rows/",
                                        "x/1.rows", "1.keys",    "2.rows",   "01.rows"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct entry other[] = {{"manifest.json", m}, {names[i], rows}};
        refused(make(a, other, 2), &limits, ERR_PARCEL, "another file where 1.rows has to be");
    }
    struct entry swapped[] = {{"1.rows", rows}, {"manifest.json", m}};
    refused(make(a, swapped, 2), &limits, ERR_PARCEL, "another file where manifest.json has to be");
    struct entry twice[] = {{"manifest.json", m}, {"1.rows", rows}, {"1.rows", rows}};
    refused(make(a, twice, 3), &limits, ERR_PARCEL, "does not name");
    refused(make(a, good, 1), &limits, ERR_PARCEL, "1.rows is missing");
    refused(make(a, good, 0), &limits, ERR_PARCEL, "manifest.json is missing");
    struct entry symbolic[] = {{"manifest.json", m}, {"1.rows", rows, AE_IFLNK, "/etc/passwd"}};
    refused(make(a, symbolic, 2), &limits, ERR_PARCEL, "no regular file");
    struct entry hard[] = {{"manifest.json", m}, {"1.rows", rows, 0, "manifest.json"}};
    refused(make(a, hard, 2), &limits, ERR_PARCEL, "no regular file");
    struct entry fifo[] = {{"manifest.json", m}, {"1.rows", "", AE_IFIFO, NULL}};
    refused(make(a, fifo, 2), &limits, ERR_PARCEL, "no regular file");
}

static void only_ustar_and_zstd_are_read(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    const char *rows = "1\ta\n", *m = manifest_of(a, rows, 1);
    struct entry good[] = {{"manifest.json", m}, {"1.rows", rows}};
    struct str tar = make_tar(a, good, 2, ARCHIVE_FORMAT_TAR_USTAR);
    refused(tar, &limits, ERR_PARCEL, "not what zstd has compressed");
    refused(compress(a, compress(a, tar)), &limits, ERR_PARCEL, "no tar");
    refused(compress(a, make_tar(a, good, 2, ARCHIVE_FORMAT_TAR_GNUTAR)), &limits, ERR_PARCEL, "no tar");
    refused(compress(a, make_tar(a, good, 2, ARCHIVE_FORMAT_CPIO)), &limits, ERR_PARCEL, "no tar");
    refused(compress(a, make_tar(a, good, 2, ARCHIVE_FORMAT_ZIP)), &limits, ERR_PARCEL, "no tar");
    struct entry pax[] = {{"manifest.json", m}, {arena_printf(a, "%0200d", 1), rows}}; /* too long for ustar */
    refused(compress(a, make_tar(a, pax, 2, ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE)), &limits, ERR_PARCEL, "no tar");
}

static void rows_are_what_the_manifest_says(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    static const struct {
        const char *said, *sent;
        int rows;
        const char *why;
    } cases[] = {
        {"1\ta\n", "1\ta\n", 2, "has 1 lines, its manifest says 2"},
        {"1\ta\n2\tb\n", "1\ta\n2\tb\n", 1, "more lines than the 1"},
        {"1\ta\n", "1\tb\n", 1, "another SHA-256"},
        {"1\ta", "1\ta", 1, "last line of a file has no end"},
        {"1\ta\n2", "1\ta\n2", 1, "last line of a file has no end"},
        {"1\t\xFF\n", "1\t\xFF\n", 1, "not UTF-8"},
        {"1\ta\n", "", 1, "has 0 lines"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct entry e[] = {{"manifest.json", manifest_of(a, cases[i].said, cases[i].rows)}, {"1.rows", cases[i].sent}};
        refused(make(a, e, 2), &limits, ERR_PARCEL, cases[i].why);
    }
    struct parcel_limits short_lines = {.bytes_max = 1 << 20, .line_max = 3};
    struct entry good[] = {{"manifest.json", manifest_of(a, "1\taa\n", 1)}, {"1.rows", "1\taa\n"}};
    refused(make(a, good, 2), &short_lines, ERR_PARCEL, "a line has more than 3 bytes");
    short_lines.line_max = 4;
    SCOPED_BUF got = {0};
    struct err err;
    must(read_all(make(a, good, 2), &short_lines, &got, &err));
}

static void bombs_end_at_the_limit(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    size_t n = (size_t)64 << 20;
    char *zeros = calloc(1, n);
    struct entry e[] = {{"manifest.json", manifest_of(a, "", 1)}, {"1.rows", "1\ta\n"}};
    struct str tar = make_tar(a, e, 2, ARCHIVE_FORMAT_TAR_USTAR);
    memcpy(zeros, tar.p, tar.n);
    struct str bomb = compress(a, (struct str){zeros, n});
    free(zeros);
    assert_true(bomb.n < 20000);
    refused(bomb, &limits, ERR_PARCEL, "another SHA-256");
    e[0].text = manifest_of(a, "1\ta\n", 1); /* now only the zeros behind the tar are wrong: far too many */
    tar = make_tar(a, e, 2, ARCHIVE_FORMAT_TAR_USTAR);
    zeros = calloc(1, n);
    memcpy(zeros, tar.p, tar.n);
    bomb = compress(a, (struct str){zeros, n});
    free(zeros);
    refused(bomb, &limits, ERR_LIMIT, "more than 1 MiB unpacked");
}

static void windows_are_at_most_8_megabytes(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    const char *rows = "1\ta\n";
    struct entry e[] = {{"manifest.json", manifest_of(a, rows, 1)}, {"1.rows", rows}};
    struct str tar = make_tar(a, e, 2, ARCHIVE_FORMAT_TAR_USTAR);
    size_t most = ZSTD_compressBound(tar.n);
    char *out = arena_alloc(a, most);
    for (int window = 23; window <= 24; window++) {
        ZSTD_CCtx *c = ZSTD_createCCtx();
        ZSTD_CCtx_setParameter(c, ZSTD_c_windowLog, window);
        ZSTD_inBuffer in = {tar.p, tar.n, 0};
        ZSTD_outBuffer o = {out, most, 0};
        while (in.pos < in.size) /* in two steps, so that the size is not known and the window stands as it is */
            assert_false(ZSTD_isError(ZSTD_compressStream2(c, &o, &in, ZSTD_e_continue)));
        assert_int_equal(ZSTD_compressStream2(c, &o, &in, ZSTD_e_end), 0);
        ZSTD_freeCCtx(c);
        struct err err;
        SCOPED_BUF got = {0};
        if (window == 23)
            must(read_all((struct str){out, o.pos}, &limits, &got, &err));
        else
            refused((struct str){out, o.pos}, &limits, ERR_PARCEL, "zstd");
    }
}

static void nothing_may_follow(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    const char *rows = "1\ta\n";
    struct entry e[] = {{"manifest.json", manifest_of(a, rows, 1)}, {"1.rows", rows}};
    struct str tar = make_tar(a, e, 2, ARCHIVE_FORMAT_TAR_USTAR), packed = compress(a, tar);
    static const char *const tails[] = {"x", "1234567890", "\x28\xB5\x2F\xFD"};
    for (size_t i = 0; i < ARRAY_LEN(tails); i++) {
        char *text = arena_printf(a, "%*s%s", (int)packed.n, "", tails[i]);
        memcpy(text, packed.p, packed.n);
        refused((struct str){text, packed.n + strlen(tails[i])}, &limits, ERR_PARCEL, i < 2 ? "" : "cut");
    }
    char *inside = arena_alloc(a, tar.n + 1);
    memcpy(inside, tar.p, tar.n);
    inside[tar.n] = 'x';
    refused(compress(a, (struct str){inside, tar.n + 1}), &limits, ERR_PARCEL, "after the last file");
    inside[tar.n] = '\0';
    inside[tar.n - 1] = 'x';
    refused(compress(a, (struct str){inside, tar.n}), &limits, ERR_PARCEL, "after the last file");
}

static void every_cut_is_noticed(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    SCOPED_BUF expected = {0};
    struct str bytes = small_upload(&f, &expected);
    for (size_t n = 0; n < bytes.n; n++)
        refused((struct str){bytes.p, n}, &limits, ERR_PARCEL, "");
}

static void no_flipped_bit_goes_unnoticed(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    SCOPED_BUF expected = {0};
    struct str bytes = small_upload(&f, &expected);
    char *copy = arena_dup_str(f.a, bytes);
    size_t refusals = 0;
    for (size_t i = 0; i < bytes.n * 8; i++) {
        struct err err = {0};
        SCOPED_BUF got = {0};
        copy[i / 8] ^= (char)(1 << i % 8);
        if (read_all((struct str){copy, bytes.n}, &limits, &got, &err))
            assert_string_equal(buf_text(&got), expected.p);
        else
            refusals++;
        copy[i / 8] ^= (char)(1 << i % 8);
    }
    assert_true(refusals > bytes.n * 8 * 9 / 10); /* some bits of zstd's own tables say nothing */
}

static void bytes_of_the_tar_may_not_change_rows(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    const char *rows = "1\ta\n2\tbb\n";
    struct entry e[] = {{"manifest.json", manifest_of(a, rows, 2)}, {"1.rows", rows}};
    struct str tar = make_tar(a, e, 2, ARCHIVE_FORMAT_TAR_USTAR);
    char *copy = arena_dup_str(a, tar);
    for (size_t i = 0; i < tar.n; i++) {
        struct err err = {0};
        SCOPED_BUF got = {0};
        copy[i] ^= 1;
        struct str packed = compress(a, (struct str){copy, tar.n});
        if (read_all(packed, &limits, &got, &err))
            assert_non_null(strstr(got.p, "rows\n1\ta|\n2\tbb|\nend|\n"));
        copy[i] ^= 1;
    }
}

/* --- manifests --- */

static void refused_manifest(const char *text, const char *why)
{
    SCOPED(arena) a = arena_new();
    struct parcel p;
    struct err err = {0};
    assert_false(parcel_manifest_read(str_of(text), a, &p, &err));
    assert_int_equal(err.code, ERR_PARCEL);
    if (!strstr(err.message, why))
        fail_msg("expected \"%s\", got \"%s\" for %s", why, err.message, text);
}

#define HEAD "{\"format\":1,\"kind\":\"upload\",\"job\":\"P\",\"store\":\"S\",\"number\":1,\"created\":\"now\","
#define COLUMNS "\"columns\":[{\"name\":\"A\",\"type\":\"text\"},{\"name\":\"B\",\"type\":\"text\"}],"
#define DOWN "{\"format\":1,\"kind\":\"download\",\"job\":\"P\",\"chain\":\"P\",\"created\":\"now\",\"tables\":[],"

static void manifests_that_are_wrong_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *why;
    } cases[] = {
        {"", "no JSON document"},
        {"[]", "no JSON object"},
        {"{\"format\":1,\"format\":1}", "no JSON document"},
        {"{}", "\"format\" is not 1"},
        {"{\"format\":\"1\"}", "\"format\" is not 1"},
        {"{\"format\":2}", "\"format\" is not 1"},
        {"{\"format\":1,\"kind\":\"x\"}", "neither upload nor download"},
        {"{\"format\":1,\"kind\":\"upload\",\"job\":\"\"}", "\"job\" has to be text"},
        {"{\"format\":1,\"kind\":\"upload\",\"job\":\"a\\u0001\"}", "\"job\" has to be text"},
        {"{\"format\":1,\"kind\":\"upload\",\"job\":\"a\\u0000\"}", "no JSON document"},
        {"{\"format\":1,\"kind\":\"upload\",\"job\":\"P\",\"created\":\"now\",\"store\":\"S\",\"number\":0}",
         "\"number\""},
        {"{\"format\":1,\"kind\":\"upload\",\"job\":\"P\",\"created\":\"now\",\"store\":\"S\",\"number\":1.0}",
         "\"number\""},
        {"{\"format\":1,\"kind\":\"upload\",\"job\":\"P\",\"created\":\"now\",\"store\":\"S\",\"number\":"
         "9007199254740993}",
         "\"number\""},
        {"{\"format\":1,\"kind\":\"upload\",\"job\":\"P\",\"created\":\"now\",\"store\":\"S\",\"number\":"
         "99999999999999999999}",
         "no JSON"},
        {HEAD "\"x\":1}", "\"tables\" has to be a list"},
        {HEAD "\"tables\":{}}", "\"tables\" has to be a list"},
        {HEAD "\"tables\":[1]}", "\"table\" has to be text"},
        {HEAD "\"tables\":[{\"table\":\"T\"}]}", "T \"columns\" has to be a list"},
        {HEAD "\"tables\":[{\"table\":\"T\",\"columns\":[]}]}", "T \"columns\" has to be a list"},
        {HEAD "\"tables\":[{\"table\":\"T\",\"columns\":[{\"name\":\"A\"}]}]}", "T \"type\""},
        {HEAD "\"tables\":[{\"table\":\"T\",\"columns\":[{\"name\":\"A\",\"type\":\"x\"},{\"name\":\"A\",\"type\":"
              "\"x\"}]}]}",
         "T \"A\" is a column twice"},
        {HEAD "\"tables\":[{\"table\":\"T\"," COLUMNS "\"key\":[]}]}", "T \"key\" has to be a list"},
        {HEAD "\"tables\":[{\"table\":\"T\"," COLUMNS "\"key\":[\"C\"]}]}", "T \"key\" names"},
        {HEAD "\"tables\":[{\"table\":\"T\"," COLUMNS "\"key\":[\"A\",\"A\"]}]}", "T \"key\" names"},
        {HEAD "\"tables\":[{\"table\":\"T\"," COLUMNS "\"key\":[\"A\"],\"rows\":-1}]}", "T \"rows\""},
        {HEAD "\"tables\":[{\"table\":\"T\"," COLUMNS "\"key\":[\"A\"],\"rows\":1}]}", "T \"rows_sha256\""},
        {HEAD "\"tables\":[{\"table\":\"T\"," COLUMNS "\"key\":[\"A\"],\"rows\":1,\"rows_sha256\":\"AB\"}]}",
         "T \"rows_sha256\""},
        {HEAD "\"tables\":[{\"table\":\"T\"," COLUMNS "\"key\":[\"A\"]},{\"table\":\"T\"," COLUMNS "\"key\":[\"A\"]}]}",
         "\"T\" is a table twice"},
        {HEAD "\"tables\":[{\"table\":\"T\"," COLUMNS "\"key\":[\"A\"],\"counter\":1}]}", "T \"column\""},
        {HEAD "\"tables\":[{\"table\":\"T\"," COLUMNS
              "\"key\":[\"A\"],\"counter\":{\"column\":\"C\",\"after\":0,\"to\":0}}]}",
         "T \"counter\" names"},
        {HEAD "\"tables\":[{\"table\":\"T\"," COLUMNS
              "\"key\":[\"A\"],\"counter\":{\"column\":\"A\",\"after\":0,\"to\":1}}]}",
         "T \"counter\" has not as many"},
        {HEAD "\"tables\":[{\"table\":\"T\"," COLUMNS
              "\"key\":[\"A\"],\"counter\":{\"column\":\"A\",\"after\":5,\"to\":1}}]}",
         "T \"counter\" has not as many"},
        {HEAD "\"tables\":[],\"totals\":{}}", "\"totals\" has to be a list"},
        {HEAD "\"tables\":[],\"totals\":[{}]}", "\"terminal\""},
        {HEAD "\"tables\":[],\"totals\":[{\"terminal\":\"1\",\"day\":\"2026-1-1\",\"values\":{}}]}", "\"day\""},
        {HEAD "\"tables\":[],\"totals\":[{\"terminal\":\"1\",\"day\":\"2026-02-29\",\"values\":{}}]}", "\"day\""},
        {HEAD "\"tables\":[],\"totals\":[{\"terminal\":\"1\",\"day\":\"2026-13-01\",\"values\":{}}]}", "\"day\""},
        {HEAD "\"tables\":[],\"totals\":[{\"terminal\":\"1\",\"day\":\"2026-00-10\",\"values\":{}}]}", "\"day\""},
        {HEAD "\"tables\":[],\"totals\":[{\"terminal\":\"1\",\"day\":\"2026-04-31\",\"values\":{}}]}", "\"day\""},
        {HEAD "\"tables\":[],\"totals\":[{\"terminal\":\"1\",\"day\":\"0000-01-01\",\"values\":{}}]}", "\"day\""},
        {HEAD "\"tables\":[],\"totals\":[{\"terminal\":\"1\",\"day\":\"2026-01-01\",\"values\":{\"a\":\"007\"}}]}",
         "decimal numbers"},
        {HEAD "\"tables\":[],\"totals\":[{\"terminal\":\"1\",\"day\":\"2026-01-01\",\"values\":{\"a\":1}}]}",
         "\"values\""},
        {HEAD "\"tables\":[],\"totals\":[{\"terminal\":\"1\",\"day\":\"2026-01-01\",\"values\":{\"a\":\"1e5\"}}]}",
         "\"values\""},
        {HEAD "\"tables\":[],\"totals\":[{\"terminal\":\"1\",\"day\":\"2026-01-01\",\"values\":{\"a\":\"1.\"}}]}",
         "\"values\""},
        {HEAD "\"tables\":[],\"totals\":[{\"terminal\":\"1\",\"day\":\"2026-01-01\",\"values\":{\"a\":\"-\"}}]}",
         "\"values\""},
        {DOWN "\"from\":0,\"to\":1}", "\"full\""},
        {DOWN "\"full\":1,\"from\":0,\"to\":1}", "\"full\""},
        {DOWN "\"full\":true,\"from\":1,\"to\":2}", "\"from\""},
        {DOWN "\"full\":false,\"from\":0,\"to\":1}", "\"from\""},
        {DOWN "\"full\":false,\"from\":2,\"to\":2}", "\"from\""},
        {DOWN "\"full\":true,\"from\":0,\"to\":0}", "\"to\""},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        refused_manifest(cases[i].text, cases[i].why);
}

static void fields_that_are_not_known_are_left_alone(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    struct parcel p;
    struct err err;
    must(parcel_manifest_read(
        STR(HEAD "\"new\":[{\"a\":1}],\"tables\":[{\"new\":2,\"table\":\"T\"," COLUMNS "\"key\":[\"B\",\"A\"]}]}"), a,
        &p, &err));
    assert_int_equal(p.n_tables, 1);
    assert_string_equal(p.tables[0].key[0], "B");
    assert_int_equal(p.number, 1);
}

static void a_failed_reader_stays_failed(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    struct entry e[] = {{"manifest.json", manifest_of(a, "1\ta\n", 1)}, {"1.rows", "1\tb\n"}};
    SCOPED(parcel_reader) r = NULL;
    struct parcel p;
    struct err err = {0};
    struct str line;
    enum parcel_event event = PARCEL_END;
    size_t i = 0;
    must(parcel_open_bytes(make(a, e, 2), &limits, a, &p, &r, &err));
    must(parcel_next(r, &event, &i, &err));
    must(parcel_line(r, &line, &err));
    assert_false(parcel_line(r, &line, &err));
    assert_false(parcel_line(r, &line, &err));
    assert_false(parcel_next(r, &event, &i, &err));
    assert_int_equal(err.code, ERR_PARCEL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_download_comes_back),
        cmocka_unit_test(an_upload_comes_back),
        cmocka_unit_test(rows_in_any_order_are_put_together),
        cmocka_unit_test(other_programs_can_read_it),
        cmocka_unit_test(files_have_the_names_that_are_expected),
        cmocka_unit_test(only_ustar_and_zstd_are_read),
        cmocka_unit_test(rows_are_what_the_manifest_says),
        cmocka_unit_test(bombs_end_at_the_limit),
        cmocka_unit_test(windows_are_at_most_8_megabytes),
        cmocka_unit_test(nothing_may_follow),
        cmocka_unit_test(every_cut_is_noticed),
        cmocka_unit_test(no_flipped_bit_goes_unnoticed),
        cmocka_unit_test(bytes_of_the_tar_may_not_change_rows),
        cmocka_unit_test(manifests_that_are_wrong_are_refused),
        cmocka_unit_test(fields_that_are_not_known_are_left_alone),
        cmocka_unit_test(a_failed_reader_stays_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
