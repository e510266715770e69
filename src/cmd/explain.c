#include "base/json.h"
#include "base/suggest.h"
#include "base/term.h"
#include "cmd/cmd.h"

static void put_json_code(struct buf *b, enum err_code code)
{
    const struct err_info *info = err_info(code);
    buf_puts(b, "{\"code\":");
    json_put_string(b, str_of(info->name));
    buf_puts(b, ",\"meaning\":");
    json_put_string(b, str_of(info->title));
    buf_puts(b, ",\"next\":");
    json_put_string(b, str_of(info->next));
    buf_printf(b, ",\"status\":%d,\"retryable\":%s,\"outcome_unknown\":%s}", info->status,
               info->retryable ? "true" : "false", info->outcome_unknown ? "true" : "false");
}

static void put_text_code(struct buf *b, enum err_code code, int width)
{
    const struct err_info *info = err_info(code);
    buf_printf(b, "%s (exit status %d)\n\n  ", info->name, info->status);
    term_put_wrapped(b, info->title, 2, 2, width);
    buf_puts(b, "\n\n  next: ");
    term_put_wrapped(b, info->next, 8, 8, width);
    buf_puts(b, "\n");
    if (info->retryable)
        buf_puts(b, "\n  Trying again later can succeed.\n");
    if (info->outcome_unknown)
        buf_puts(b, "\n  What was being done may have taken effect all the same.\n");
}

static void put_all_json(struct buf *b)
{
    buf_putc(b, '[');
    for (int code = 0; code < ERR_COUNT; code++) {
        buf_puts(b, code ? ",\n " : "");
        put_json_code(b, (enum err_code)code);
    }
    buf_puts(b, "]\n");
}

static void put_all_text(struct buf *b, struct arena *a)
{
    struct term_table *table = term_table_new(a, "code|>status|meaning");
    for (int code = 0; code < ERR_COUNT; code++) {
        const struct err_info *info = err_info((enum err_code)code);
        term_table_row(table, info->name, arena_printf(a, "%d", info->status), info->title);
    }
    term_table_put(table, b);
}

static bool refuse(const char *word, struct err *err)
{
    const char *names[ERR_COUNT];
    for (int code = 0; code < ERR_COUNT; code++)
        names[code] = err_info((enum err_code)code)->name;
    const char *near = suggest_nearest(str_of(word), names, ERR_COUNT);
    err_set(err, ERR_USAGE, "there is no error code '%s'", word);
    return near ? err_hint(err, "did you mean `carryover explain %s`?", near)
                : err_hint(err, "`carryover explain` lists all codes");
}

bool cmd_explain(struct command_call *call, struct err *err)
{
    const char *word = command_arg(call, 0);
    bool json = command_flag(call, OPTION_JSON);
    enum err_code code = word ? err_code_find(word) : ERR_COUNT;
    SCOPED_BUF text = {0};
    if (word && code == ERR_COUNT)
        return refuse(word, err);
    if (word && json) {
        put_json_code(&text, code);
        buf_putc(&text, '\n');
    } else if (word) {
        put_text_code(&text, code, MIN(term_width(stdout), 100));
    } else if (json) {
        put_all_json(&text);
    } else {
        put_all_text(&text, command_arena(call));
    }
    return cmd_print(&text, err);
}
