#include "conf/errorbook.h"
#include "base/err.h"

/* What an exit status says to a script. */
static const struct {
    enum exit_status status;
    const char *title, *text;
} groups[] = {
    {EXIT_FOUND, "Something is wrong in the data", "The command did its work, and what it found must not be so."},
    {EXIT_USAGE, "The command line, the project file or the package",
     "Nothing was done. The message names the option, or file, line and column."},
    {EXIT_CONNECT, "No connection", "A server could not be reached, or was lost."},
    {EXIT_INTERRUPTED, "Stopped", "Somebody asked for it; the same command goes on where it was."},
    {EXIT_REFUSED, "Refused by a guard",
     "Nothing was changed, because it would have been wrong or dangerous. The message names the reason."},
    {EXIT_FAILED, "Failed on the way",
     "What was done before is done and stays; mend the cause and run the same command again."},
};

static void put_code(struct buf *b, const struct err_info *e)
{
    buf_printf(b, "\n### %s\n\n%s\n\n**What to do.** %s\n", e->name, e->title, e->next);
    if (e->retryable)
        buf_puts(b, "\nTrying again later can succeed.\n");
    if (e->outcome_unknown)
        buf_puts(b, "\nWhat was being done may have taken effect all the same.\n");
}

void errorbook_put(struct buf *b)
{
    buf_puts(
        b,
        "# Errors\n\nMade from the program's own table by `carryover reference --errors`; do not edit.\n\n"
        "A failure is printed in three parts: `carryover: error [code]:` with what was tried on what and the cause, "
        "`next:` with what to do in this very case, and `more:` with the command that shows the text below. With "
        "`--json` it is one JSON object with `code`, `message`, `meaning`, `next`, `status`, `retryable` and "
        "`outcome_unknown`. Codes never change their meaning. The exit status of a command follows from the code.\n");
    for (size_t g = 0; g < ARRAY_LEN(groups); g++) {
        buf_printf(b, "\n## Status %d: %s\n\n%s\n", (int)groups[g].status, groups[g].title, groups[g].text);
        for (int code = 0; code < ERR_COUNT; code++)
            if (err_info((enum err_code)code)->status == groups[g].status)
                put_code(b, err_info((enum err_code)code));
    }
}
