#include "cmd/fault.h"
#include "base/json.h"
#include "base/term.h"

static const char *next_of(const struct err *err)
{
    return err->hint[0] ? err->hint : err_info(err->code)->next;
}

/* Control characters that a server or a file put into a message must not reach the terminal. */
static void put_safe(struct buf *b, struct str line)
{
    for (size_t i = 0; i < line.n; i++) {
        unsigned char c = (unsigned char)line.p[i];
        buf_putc(b, c < 0x20 || c == 0x7F ? ' ' : (char)c);
    }
}

void fault_put_text(struct buf *b, const struct err *err, const char *style_on, const char *style_off)
{
    const char *name = err_info(err->code)->name;
    struct str rest = str_of(err->message);
    buf_printf(b, "%scarryover: error [%s]:%s ", style_on, name, style_off);
    put_safe(b, str_split(&rest, '\n'));
    buf_putc(b, '\n');
    while (rest.n) {
        struct str line = str_split(&rest, '\n');
        if (str_trim(line).n == 0)
            continue;
        buf_puts(b, "  ");
        put_safe(b, line);
        buf_putc(b, '\n');
    }
    buf_printf(b, "  next: %s\n  more: carryover explain %s\n", next_of(err), name);
}

static void put_field(struct buf *b, const char *name, const char *value)
{
    buf_printf(b, "\"%s\":", name);
    json_put_string(b, str_of(value));
    buf_putc(b, ',');
}

void fault_put_json(struct buf *b, const struct err *err)
{
    const struct err_info *info = err_info(err->code);
    buf_puts(b, "{\"error\":{");
    put_field(b, "code", info->name);
    put_field(b, "message", err->message);
    put_field(b, "meaning", info->title);
    put_field(b, "next", next_of(err));
    if (err->sqlstate[0])
        put_field(b, "sqlstate", err->sqlstate);
    put_field(b, "place", err->place);
    buf_printf(b, "\"status\":%d,\"retryable\":%s,\"outcome_unknown\":%s}}\n", info->status,
               info->retryable ? "true" : "false", info->outcome_unknown ? "true" : "false");
}

void fault_print(FILE *f, const struct err *err, bool as_json)
{
    SCOPED_BUF b = {0};
    if (as_json)
        fault_put_json(&b, err);
    else
        fault_put_text(&b, err, term_style(f, TERM_RED), term_style(f, TERM_PLAIN));
    fwrite(b.p, 1, b.n, f);
    fflush(f);
}
