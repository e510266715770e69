#include "conf/manual.h"
#include "base/term.h"
#include "conf/help.h"
#include <ctype.h>

/* The day of the last release, for the foot of the pages. Fixed, so that the same tables give the same pages. */
#define MANUAL_DATE "2026-11-21"
#define LINE_COLUMNS 78

/* -- man(7), see groff_man(7) -- */

/* Text as roff shows it literally: no escapes, no requests, and hyphens that can be copied into a shell. */
static void put_roff(struct buf *b, struct str text)
{
    bool line_begins = b->n == 0 || b->p[b->n - 1] == '\n';
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (line_begins && (c == '.' || c == '\''))
            buf_puts(b, "\\&");
        line_begins = c == '\n' || c == ' '; /* prose is wrapped later, so any word may come to stand first */
        if (c == '\\')
            buf_puts(b, "\\e");
        else if (c == '-')
            buf_puts(b, "\\-");
        else if (c == '`')
            buf_puts(b, "\\(cq");
        else if (c == '\'')
            buf_puts(b, "\\(aq");
        else
            buf_putc(b, c);
    }
}

static void put_roff_text(struct buf *b, const char *text)
{
    put_roff(b, str_of(text));
}

/* A paragraph in lines of moderate length; words in `backquotes` become bold. */
static void put_prose(struct buf *b, const char *text)
{
    bool bold = false;
    SCOPED_BUF line = {0};
    for (struct str rest = str_of(text); rest.n; bold = !bold) {
        struct str part = str_split(&rest, '`');
        buf_puts(&line, bold ? "\\fB" : "");
        put_roff(&line, part);
        buf_puts(&line, bold ? "\\fP" : "");
    }
    term_put_wrapped(b, buf_text(&line), 0, 0, LINE_COLUMNS);
    buf_putc(b, '\n');
}

static void put_head(struct buf *b, const char *name, const char *summary)
{
    buf_puts(b, ".\\\" Made by `carryover reference --man` from the tables of the program.\n.TH ");
    for (const char *p = name; *p; p++)
        buf_putc(b, (char)toupper((unsigned char)*p));
    buf_printf(b, " 1 %s \"carryover %s\" \"carryover manual\"\n.SH NAME\n", MANUAL_DATE, CARRYOVER_VERSION);
    put_roff_text(b, name);
    buf_puts(b, " \\- ");
    put_roff_text(b, summary);
    buf_putc(b, '\n');
}

/* A term and what it means. */
static void put_item(struct buf *b, const char *term, const char *meaning)
{
    buf_puts(b, ".TP\n\\fB");
    put_roff_text(b, term);
    buf_puts(b, "\\fP\n");
    put_prose(b, meaning);
}

static void put_option_item(struct buf *b, enum option o)
{
    SCOPED_BUF term = {0}, meaning = {0};
    help_put_option(&term, o);
    buf_puts(&meaning, option_info(o)->help);
    buf_putc(&meaning, '.');
    meaning.p[0] = (char)toupper((unsigned char)meaning.p[0]);
    put_item(b, buf_text(&term), buf_text(&meaning));
}

static void put_options(struct buf *b, const char *heading, enum command_id id, bool shared)
{
    bool first = true;
    for (int o = 0; o < OPTION_COUNT; o++) {
        if (option_on_all((enum option)o) != shared || !option_applies((enum option)o, id))
            continue;
        if (first)
            buf_printf(b, ".SH %s\n", heading);
        put_option_item(b, (enum option)o);
        first = false;
    }
}

static void put_statuses(struct buf *b)
{
    buf_puts(b, ".SH \"EXIT STATUS\"\n");
    for (int i = 0; help_status(i); i++)
        buf_printf(b, ".TP\n\\fB%d\\fP\n%s.\n", i, help_status(i));
}

static void put_paragraphs(struct buf *b, const char *text)
{
    for (const char *p = text; *p;) {
        const char *end = strstr(p, "\n\n");
        SCOPED_BUF paragraph = {0};
        buf_put(&paragraph, p, end ? (size_t)(end - p) : strlen(p));
        buf_puts(b, p == text ? "" : ".PP\n");
        put_prose(b, buf_text(&paragraph));
        p = end ? end + 2 : p + strlen(p);
    }
}

static void put_examples(struct buf *b, const char *examples)
{
    if (!examples[0])
        return;
    buf_puts(b, ".SH EXAMPLES\n");
    for (struct str rest = str_of(examples); rest.n;) {
        struct str what = str_split(&rest, '\n');
        struct str line = str_trim(str_split(&what, '#'));
        buf_puts(b, ".TP\n\\fB");
        put_roff(b, line);
        buf_puts(b, "\\fP\n");
        put_roff(b, str_trim(what));
        buf_puts(b, ".\n");
    }
}

char *manual_name(enum command_id id, struct arena *a)
{
    char *name = arena_printf(a, "carryover-%s", command_info(id)->name);
    for (char *p = name; *p; p++)
        if (*p == ' ')
            *p = '-';
    return name;
}

void manual_put_command(struct buf *b, enum command_id id)
{
    SCOPED(arena) a = arena_new();
    SCOPED_BUF usage = {0};
    const struct command *c = command_info(id);
    put_head(b, manual_name(id, a), c->summary);
    help_put_usage(&usage, id);
    buf_puts(b, ".SH SYNOPSIS\n\\fB");
    put_roff(b, buf_str(&usage));
    buf_puts(b, "\\fP\n.SH DESCRIPTION\n");
    put_paragraphs(b, c->text);
    put_options(b, "OPTIONS", id, false);
    put_options(b, "\"OPTIONS OF EVERY COMMAND\"", id, true);
    put_statuses(b);
    put_examples(b, c->examples);
    buf_puts(b, ".SH \"SEE ALSO\"\n.BR carryover (1)\n");
}

static void put_commands(struct buf *b)
{
    buf_puts(b, ".SH COMMANDS\n");
    for (int id = 0; id < COMMAND_COUNT; id++) {
        SCOPED_BUF term = {0};
        const struct command *c = command_info((enum command_id)id);
        if (c->flags & COMMAND_HIDDEN)
            continue;
        buf_printf(&term, "carryover %s%s%s", c->name, c->args[0] ? " " : "", c->args);
        put_item(b, buf_text(&term), c->summary);
    }
}

static void put_settings(struct buf *b)
{
    buf_puts(b, ".SH SETTINGS\n");
    put_prose(b,
              "A setting comes from the command line (`--set`), the environment, `carryover.yaml` or its default, in "
              "this order.");
    for (int s = 0; s < SETTING_COUNT; s++) {
        const struct setting_info *info = setting_info((enum setting)s);
        SCOPED_BUF meaning = {0};
        buf_printf(&meaning, "%s Kind: %s. Default: %s. Environment: %s.", info->help, help_kind(info->kind),
                   info->fallback[0] ? info->fallback : "empty", info->env);
        put_item(b, info->key, buf_text(&meaning));
    }
}

static void put_variables(struct buf *b)
{
    const char *name = NULL, *meaning = NULL;
    buf_puts(b, ".SH ENVIRONMENT\nBeside the variables of the settings above:\n");
    for (int i = 0; help_variable(i, &name, &meaning); i++)
        put_item(b, name, meaning);
}

static void put_files(struct buf *b)
{
    buf_puts(b, ".SH FILES\n");
    put_item(b, "carryover.yaml", "The settings of a project; its folder is the project folder.");
    put_item(b, ".env",
             "Lines NAME=value in the project folder that stand in for environment variables which are not set.");
    put_item(b, "reports/, logs/", "What commands wrote about their results and about their course.");
    put_item(b, "*.lock", "Held by a running command; each names its process.");
}

static void put_errors(struct buf *b)
{
    buf_puts(b, ".SH \"ERROR CODES\"\n");
    for (int code = 0; code < ERR_COUNT; code++) {
        const struct err_info *info = err_info((enum err_code)code);
        SCOPED_BUF meaning = {0};
        buf_printf(&meaning, "%s %s Exit status %d.", info->title, info->next, info->status);
        put_item(b, info->name, buf_text(&meaning));
    }
}

static void put_see_also(struct buf *b)
{
    SCOPED(arena) a = arena_new();
    buf_puts(b, ".SH \"SEE ALSO\"\n");
    bool first = true;
    for (int id = 0; id < COMMAND_COUNT; id++) {
        if (command_info((enum command_id)id)->flags & COMMAND_HIDDEN)
            continue;
        buf_puts(b, first ? "" : " ,\n");
        buf_puts(b, ".BR ");
        put_roff_text(b, manual_name((enum command_id)id, a));
        buf_puts(b, " (1)");
        first = false;
    }
    buf_putc(b, '\n');
}

void manual_put_overview(struct buf *b)
{
    put_head(b, "carryover", "take a headquarters database from version N-1 to version N");
    buf_puts(b, ".SH SYNOPSIS\n\\fBcarryover COMMAND [OPTIONS] [ARGUMENTS]\\fP\n.SH DESCRIPTION\n");
    put_paragraphs(b, "carryover copies a live database of version N-1, follows its changes, turns them into version N "
                      "with the lenses of an upgrade package, proves that nothing was lost, and moves over within "
                      "seconds. It works in a project folder, made with `carryover init`.\n\nResults go to standard "
                      "output, log lines, progress and errors to standard error. Interrupted commands go on where they "
                      "were when they are run again.");
    put_commands(b);
    put_options(b, "OPTIONS", COMMAND_ID_HELP, true);
    put_settings(b);
    put_variables(b);
    put_files(b);
    put_statuses(b);
    put_errors(b);
    put_see_also(b);
}

/* -- Markdown -- */

/* A cell of a table: no pipes, no line ends. */
static void put_cell(struct buf *b, const char *text)
{
    for (const char *p = text; *p; p++) {
        if (*p == '|')
            buf_puts(b, "\\|");
        else
            buf_putc(b, *p == '\n' ? ' ' : *p);
    }
    buf_puts(b, " |");
}

static void put_md_option(struct buf *b, enum option o)
{
    SCOPED_BUF name = {0};
    help_put_option(&name, o);
    buf_puts(b, "| `");
    for (const char *p = buf_text(&name); *p; p++)
        buf_printf(b, "%s%c", *p == '|' ? "\\" : "", *p);
    buf_puts(b, "` | ");
    put_cell(b, option_info(o)->help);
    buf_putc(b, '\n');
}

static void put_md_options(struct buf *b, enum command_id id, bool shared)
{
    bool first = true;
    for (int o = 0; o < OPTION_COUNT; o++) {
        if (option_on_all((enum option)o) != shared || !option_applies((enum option)o, id))
            continue;
        buf_puts(b, first ? "\n| option | |\n| --- | --- |\n" : "");
        put_md_option(b, (enum option)o);
        first = false;
    }
}

static void put_md_command(struct buf *b, enum command_id id)
{
    const struct command *c = command_info(id);
    buf_printf(b, "\n### carryover %s\n\n```\n", c->name);
    help_put_usage(b, id);
    buf_puts(b, "\n```\n\n");
    term_put_wrapped(b, c->text, 0, 0, 120);
    buf_putc(b, '\n');
    put_md_options(b, id, false);
    if (!c->examples[0])
        return;
    buf_puts(b, "\n```sh\n");
    for (struct str rest = str_of(c->examples); rest.n;) {
        struct str what = str_split(&rest, '\n');
        struct str line = str_trim(str_split(&what, '#'));
        buf_printf(b, "%.*s    # %.*s\n", STR_ARG(line), STR_ARG(str_trim(what)));
    }
    buf_puts(b, "```\n");
}

static void put_md_settings(struct buf *b)
{
    buf_puts(b,
             "\n## Settings\n\nFrom the command line (`--set KEY=VALUE`), the environment, `carryover.yaml` or the "
             "default, in this order.\n\n| key | kind | default | environment | |\n| --- | --- | --- | --- | --- |\n");
    for (int s = 0; s < SETTING_COUNT; s++) {
        const struct setting_info *info = setting_info((enum setting)s);
        buf_printf(b, "| `%s` | %s | %s%s%s | `%s` | ", info->key, help_kind(info->kind), info->fallback[0] ? "`" : "",
                   info->fallback, info->fallback[0] ? "`" : "", info->env);
        put_cell(b, info->help);
        buf_putc(b, '\n');
    }
}

static void put_md_rest(struct buf *b)
{
    const char *name = NULL, *meaning = NULL;
    buf_puts(b, "\n## Environment\n\n| variable | |\n| --- | --- |\n");
    for (int i = 0; help_variable(i, &name, &meaning); i++) {
        buf_printf(b, "| `%s` | ", name);
        put_cell(b, meaning);
        buf_putc(b, '\n');
    }
    buf_puts(b, "\n## Exit statuses\n\n| status | |\n| ---: | --- |\n");
    for (int i = 0; help_status(i); i++)
        buf_printf(b, "| %d | %s |\n", i, help_status(i));
    buf_puts(b, "\n## Error codes\n\n| code | status | meaning | what to do |\n| --- | ---: | --- | --- |\n");
    for (int code = 0; code < ERR_COUNT; code++) {
        const struct err_info *info = err_info((enum err_code)code);
        buf_printf(b, "| `%s` | %d | ", info->name, info->status);
        put_cell(b, info->title);
        buf_putc(b, ' ');
        put_cell(b, info->next);
        buf_putc(b, '\n');
    }
}

void manual_put_markdown(struct buf *b)
{
    buf_puts(b, "<!-- Made by `make docs` from src/tables; edit those. -->\n# Reference\n\n## Commands\n");
    for (int id = 0; id < COMMAND_COUNT; id++)
        if (!(command_info((enum command_id)id)->flags & COMMAND_HIDDEN))
            put_md_command(b, (enum command_id)id);
    buf_puts(b, "\n### Options of every command\n");
    put_md_options(b, COMMAND_ID_HELP, true);
    put_md_settings(b);
    put_md_rest(b);
}
