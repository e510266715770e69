#include "base/file.h"
#include "base/log.h"
#include "base/progress.h"
#include "cmd/cmd.h"
#include "cmd/proof.h"
#include "verify/report_html.h"
#include "verify/report_json.h"
#include "verify/report_text.h"

static bool read_parts(const struct command_call *call, unsigned *ret, struct err *err)
{
    static const struct {
        const char *word;
        unsigned parts;
    } words[] = {{"counts", VERIFY_COUNTS},
                 {"digests", VERIFY_DIGESTS},
                 {"lenses", VERIFY_LENSES},
                 {"laws", VERIFY_LAWS},
                 {"roundtrip", VERIFY_ROUNDTRIP}};
    const char *only = command_text(call, OPTION_ONLY);
    if (!only)
        return true;
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (strcmp(words[i].word, only) == 0)
            *ret = words[i].parts;
    if (command_flag(call, OPTION_SINCE_LAST))
        return err_set(err, ERR_USAGE, "--only and --since-last do not go together");
    return true;
}

static bool read_options(struct command_call *call, struct project *p, struct verify_opts *o, struct err *err)
{
    size_t n = 0;
    const char *const *tables = command_list(call, OPTION_TABLE, &n);
    if (!proof_opts(p, command_arena(call), o, err) || !read_parts(call, &o->parts, err))
        return false;
    if (n) {
        const char **list = arena_new_array(command_arena(call), const char *, n + 1);
        memcpy(list, tables, n * sizeof *list);
        o->tables = list;
    }
    o->since_last = command_flag(call, OPTION_SINCE_LAST);
    o->laws_on_source = command_flag(call, OPTION_SOURCE_LAWS);
    return true;
}

static bool write_page(const struct command_call *call, const struct report *r, struct err *err)
{
    const char *path = command_text(call, OPTION_HTML);
    SCOPED_BUF page = {0};
    if (!path)
        return true;
    report_html_put(&page, r);
    return file_write(path, buf_str(&page), err);
}

static bool print(const struct command_call *call, const struct report *r, const char *path, struct err *err)
{
    SCOPED_BUF text = {0};
    progress_hide();
    if (command_flag(call, OPTION_JSON)) {
        report_json_put(&text, r);
    } else {
        report_text_put(&text, r, command_flag(call, OPTION_VERBOSE), stdout);
        buf_printf(&text, "\nreport    %s\n", path);
    }
    return cmd_print(&text, err);
}

bool cmd_verify(struct command_call *call, struct err *err)
{
    struct project *p = NULL;
    struct verify_opts o;
    SCOPED(report) r = NULL;
    char *path = NULL;
    if (!command_project(call, &p, err) || !read_options(call, p, &o, err) || !verify_run(&o, &r, err) ||
        !verify_store(r, project_path(p, "reports"), command_arena(call), &path, err) || !write_page(call, r, err) ||
        !print(call, r, path, err))
        return false;
    int failed = 0;
    for (int s = 0; s < SECTION_COUNT; s++)
        failed += report_count(r, (enum report_section)s, OUTCOME_FAIL);
    if (failed)
        return err_set(err, ERR_VERIFY_FAILED, "%d of %zu checks failed; evidence is in %s", failed, r->checks.n, path);
    if (report_outcome(r) == OUTCOME_SKIPPED)
        return err_set(err, ERR_TARGET_STATE, "nothing was proven: every check was skipped, for the reasons above");
    return true;
}
