#include "conf/help.h"
#include "base/suggest.h"
#include "base/term.h"
#include "cmd/cmd.h"

/* The commands whose first word is this one, as a short list: `carryover help replicate`. */
static bool put_group(struct buf *b, const char *word, int width)
{
    size_t n = strlen(word), found = 0;
    for (int id = 0; id < COMMAND_COUNT; id++) {
        const char *name = command_info((enum command_id)id)->name;
        if (strncmp(name, word, n) != 0 || name[n] != ' ')
            continue;
        buf_puts(b, found++ ? "\n\n" : "");
        help_put_command(b, (enum command_id)id, width);
    }
    return found > 0;
}

static bool refuse(const char *topic, struct err *err)
{
    const char *names[COMMAND_COUNT + 1];
    for (int id = 0; id < COMMAND_COUNT; id++)
        names[id] = command_info((enum command_id)id)->name;
    names[COMMAND_COUNT] = "settings";
    const char *near = suggest_nearest(str_of(topic), names, COMMAND_COUNT + 1);
    err_set(err, ERR_USAGE, "there is no help about '%s'", topic);
    return near ? err_hint(err, "did you mean `carryover help %s`?", near)
                : err_hint(err, "`carryover help` lists the commands");
}

bool cmd_help(struct command_call *call, struct err *err)
{
    const char *first = command_arg(call, 0), *second = command_arg(call, 1);
    int width = term_width(stdout);
    SCOPED_BUF text = {0};
    char *topic =
        arena_printf(command_arena(call), "%s%s%s", first ? first : "", second ? " " : "", second ? second : "");
    enum command_id id = command_find(topic);
    if (!first)
        help_put_overview(&text, width);
    else if (id < COMMAND_COUNT)
        help_put_command(&text, id, width);
    else if (strcmp(topic, "settings") == 0)
        help_put_settings(&text, width);
    else if (second || !put_group(&text, first, width))
        return refuse(topic, err);
    return cmd_print(&text, err);
}
