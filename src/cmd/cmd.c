#include "cmd/cmd.h"
#include "base/cancel.h"
#include "base/log.h"
#include "base/progress.h"
#include "base/term.h"
#include "cmd/fault.h"
#include "conf/help.h"
#include <errno.h>

typedef bool cmd_fn(struct command_call *call, struct err *err);

static cmd_fn *const functions[] = {
#define C(id, name, fn, least, most, args, flags, summary, text, examples) fn,
#include "tables/commands.def"
#undef C
};

bool cmd_print(const struct buf *text, struct err *err)
{
    bool ok = text->n == 0 || fwrite(text->p, 1, text->n, stdout) == text->n;
    if (fflush(stdout) != 0 || !ok)
        return err_os(err, ERR_FILE, errno, "writing to standard output");
    return true;
}

/* With --json everything on standard error is JSON lines, unless --log-format says otherwise. */
static void set_up_output(const struct command_call *call)
{
    bool quiet = command_flag(call, OPTION_QUIET), verbose = command_flag(call, OPTION_VERBOSE);
    const char *format = command_text(call, OPTION_LOG_FORMAT);
    bool json = format ? strcmp(format, "json") == 0 : command_flag(call, OPTION_JSON);
    log_to(stderr, json ? LOG_JSON : LOG_TEXT, quiet ? LOG_WARN : verbose ? LOG_DEBUG : LOG_INFO);
    if (command_flag(call, OPTION_NO_COLOR))
        term_no_colour();
    if (!quiet && !command_flag(call, OPTION_NO_PROGRESS) && !json)
        progress_show(stderr);
}

static bool run(struct command_call *call, struct err *err)
{
    if (command_flag(call, OPTION_VERSION))
        return cmd_version(call, err);
    if (command_flag(call, OPTION_HELP)) {
        SCOPED_BUF text = {0};
        help_put_command(&text, command_id(call), term_width(stdout));
        return cmd_print(&text, err);
    }
    return functions[command_id(call)](call, err);
}

int cmd_main(int argc, char *const argv[])
{
    struct err err = {0};
    SCOPED(arena) a = arena_new();
    SCOPED(command_call) call = NULL;
    cancel_install();
    bool ok = command_parse(argc, argv, a, &call, &err);
    if (ok) {
        set_up_output(call);
        ok = run(call, &err);
        progress_hide();
    }
    if (ok)
        return EXIT_DONE;
    fault_print(stderr, &err, command_flag(call, OPTION_JSON));
    return err_info(err.code)->status;
}
