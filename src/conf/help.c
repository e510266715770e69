#include "conf/help.h"
#include "base/term.h"

#define NAME_COLUMN 24 /* where explanations begin */
#define WIDTH_MAX 100

static const char *const statuses[] = {
    "done",
    "something is wrong in the data: differences, findings",
    "the command line, carryover.yaml or the package has a mistake",
    "a database could not be reached",
    "interrupted; the same command goes on where it was",
    "a guard refused",
    "anything else that failed on the way",
};

static const struct {
    const char *name, *meaning;
} variables[] = {
    {"CARRYOVER_PROJECT", "The project folder, when --project is not given."},
    {"CARRYOVER_PACKAGES", "Folders in which packages are looked up by name, separated by colons."},
    {"NO_COLOR", "When set and not empty: no colours."},
    {"COLUMNS", "Width of help and tables when the output is no terminal."},
    {"PGPASSFILE, PGSERVICE, PGSSLMODE, ...",
     "What libpq understands holds for every connection to PostgreSQL; passwords belong into ~/.pgpass or PGPASSFILE."},
};

const char *help_status(int status)
{
    return status >= 0 && status < (int)ARRAY_LEN(statuses) ? statuses[status] : NULL;
}

bool help_variable(int i, const char **ret_name, const char **ret_meaning)
{
    if (i < 0 || i >= (int)ARRAY_LEN(variables))
        return false;
    *ret_name = variables[i].name;
    *ret_meaning = variables[i].meaning;
    return true;
}

const char *help_kind(enum setting_kind kind)
{
    static const char *const names[] = {"text", "number", "size", "duration", "true or false", "list"};
    return names[kind];
}

void help_put_option(struct buf *b, enum option o)
{
    const struct option_info *info = option_info(o);
    if (info->letter)
        buf_printf(b, "-%c, ", info->letter);
    buf_printf(b, "--%s", info->name);
    if (info->value[0])
        buf_printf(b, " %s", info->value);
}

void help_put_usage(struct buf *b, enum command_id id)
{
    const struct command *c = command_info(id);
    buf_printf(b, "carryover %s [OPTIONS]%s%s", c->name, c->args[0] ? " " : "", c->args);
}

/* `name` at the left, `text` wrapped in the column beside it. */
static void put_entry(struct buf *b, const char *name, const char *text, int width)
{
    buf_printf(b, "  %-*s", NAME_COLUMN - 2, name);
    if (strlen(name) >= NAME_COLUMN - 2)
        buf_printf(b, "\n%*s", NAME_COLUMN, "");
    term_put_wrapped(b, text, NAME_COLUMN, NAME_COLUMN, width);
    buf_putc(b, '\n');
}

static void put_option_entry(struct buf *b, enum option o, int width)
{
    SCOPED_BUF name = {0};
    if (!option_info(o)->letter)
        buf_puts(&name, "    ");
    help_put_option(&name, o);
    put_entry(b, buf_text(&name), option_info(o)->help, width);
}

static void put_shared_options(struct buf *b, int width)
{
    for (int o = 0; o < OPTION_COUNT; o++)
        if (option_on_all((enum option)o))
            put_option_entry(b, (enum option)o, width);
}

void help_put_overview(struct buf *b, int width)
{
    width = MIN(width, WIDTH_MAX);
    buf_puts(b, "carryover takes a headquarters database from version N-1 to version N with seconds of downtime.\n\n"
                "usage: carryover COMMAND [OPTIONS] [ARGUMENTS]\n\ncommands:\n");
    for (int id = 0; id < COMMAND_COUNT; id++) {
        const struct command *c = command_info((enum command_id)id);
        if (!(c->flags & COMMAND_HIDDEN))
            put_entry(b, c->name, c->summary, width);
    }
    buf_puts(b, "\noptions of every command:\n");
    put_shared_options(b, width);
    buf_puts(b, "\nexit status:\n");
    for (int i = 0; help_status(i); i++)
        buf_printf(b, "  %d  %s\n", i, help_status(i));
    buf_puts(b, "\n`carryover COMMAND --help` says more about a command, `carryover explain CODE` about an error.\n");
}

static void put_examples(struct buf *b, const char *examples)
{
    if (!examples[0])
        return;
    buf_puts(b, "\nexamples:\n");
    for (struct str rest = str_of(examples); rest.n;) {
        struct str what = str_split(&rest, '\n');
        struct str line = str_trim(str_split(&what, '#'));
        if (what.n)
            buf_printf(b, "  # %.*s\n", STR_ARG(str_trim(what)));
        buf_printf(b, "  %.*s\n", STR_ARG(line));
    }
}

void help_put_command(struct buf *b, enum command_id id, int width)
{
    const struct command *c = command_info(id);
    width = MIN(width, WIDTH_MAX);
    buf_puts(b, "usage: ");
    help_put_usage(b, id);
    buf_puts(b, "\n\n");
    term_put_wrapped(b, c->text, 0, 0, width);
    bool first = true;
    for (int o = 0; o < OPTION_COUNT; o++) {
        if (option_on_all((enum option)o) || !option_applies((enum option)o, id))
            continue;
        buf_puts(b, first ? "\n\noptions:\n" : "");
        put_option_entry(b, (enum option)o, width);
        first = false;
    }
    buf_puts(b, first ? "\n\noptions of every command:\n" : "\noptions of every command:\n");
    put_shared_options(b, width);
    put_examples(b, c->examples);
}

void help_put_settings(struct buf *b, int width)
{
    width = MIN(width, WIDTH_MAX);
    buf_puts(b, "Settings come from the command line (--set KEY=VALUE), the environment, carryover.yaml, the default,\n"
                "in this order.\n");
    for (int s = 0; s < SETTING_COUNT; s++) {
        const struct setting_info *info = setting_info((enum setting)s);
        buf_printf(b, "\n%s (%s, $%s, default %s)\n    ", info->key, help_kind(info->kind), info->env,
                   info->fallback[0] ? info->fallback : "empty");
        term_put_wrapped(b, info->help, 4, 4, width);
        buf_putc(b, '\n');
    }
}
