#include "conf/help.h"
#include "base/suggest.h"
#include "base/term.h"
#include "cmd/cmd.h"

/* The commands whose names begin with these words: `carryover help replicate`. */
static bool put_group(struct buf *b, const char *words, int width)
{
    size_t n = strlen(words), found = 0;
    for (int id = 0; id < COMMAND_COUNT; id++) {
        const char *name = command_info((enum command_id)id)->name;
        if (strncmp(name, words, n) != 0 || name[n] != ' ')
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
    const char *first = command_arg(call, 0), *word;
    const char *topic = first ? first : "";
    int width = term_width(stdout);
    SCOPED_BUF text = {0};
    for (int i = 1; (word = command_arg(call, i)); i++)
        topic = arena_printf(command_arena(call), "%s %s", topic, word);
    enum command_id id = command_find(topic);
    if (!first)
        help_put_overview(&text, width);
    else if (id < COMMAND_COUNT)
        help_put_command(&text, id, width);
    else if (strcmp(topic, "settings") == 0)
        help_put_settings(&text, width);
    else if (!put_group(&text, topic, width))
        return refuse(topic, err);
    return cmd_print(&text, err);
}
