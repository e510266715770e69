#include "base/file.h"
#include "cmd/cmd.h"
#include "conf/callbook.h"
#include "conf/errorbook.h"
#include "conf/manual.h"

static bool write_page(struct arena *a, const char *dir, const char *name, const struct buf *page, struct err *err)
{
    return file_write(arena_printf(a, "%s/%s.1", dir, name), buf_str(page), err);
}

static bool write_pages(struct arena *a, const char *dir, struct err *err)
{
    SCOPED_BUF page = {0};
    manual_put_overview(&page);
    if (!file_make_dirs(dir, err) || !write_page(a, dir, "carryover", &page, err))
        return false;
    for (int id = 0; id < COMMAND_COUNT; id++) {
        if (command_info((enum command_id)id)->flags & COMMAND_HIDDEN)
            continue;
        buf_reset(&page);
        manual_put_command(&page, (enum command_id)id);
        if (!write_page(a, dir, manual_name((enum command_id)id, a), &page, err))
            return false;
    }
    return true;
}

bool cmd_reference(struct command_call *call, struct err *err)
{
    const char *dir = command_text(call, OPTION_MAN);
    bool markdown = command_flag(call, OPTION_MARKDOWN), errors = command_flag(call, OPTION_ERRORS);
    const char *calls = command_text(call, OPTION_CALLS);
    struct package *package = NULL;
    if (!dir && !markdown && !errors && !calls)
        return err_set(err, ERR_USAGE, "nothing to write: give --man DIR, --markdown, --errors or --calls DIR");
    if (dir && !write_pages(command_arena(call), dir, err))
        return false;
    SCOPED_BUF text = {0};
    if (markdown)
        manual_put_markdown(&text);
    if (errors)
        errorbook_put(&text);
    if (calls && !package_load(calls, NULL, command_arena(call), &package, err))
        return false;
    if (calls)
        callbook_put(&text, package);
    return cmd_print(&text, err);
}
