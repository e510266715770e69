#include "conf/callbook.h"
#include "conf/param.h"

/* A bar would end the cell of a table; < begins HTML. */
static void put_escaped(struct buf *b, const char *text)
{
    for (const char *p = text; *p; p++) {
        if (*p == '|')
            buf_putc(b, '\\');
        if (*p == '<')
            buf_puts(b, "&lt;");
        else
            buf_putc(b, *p);
    }
}

static void put_parameters(struct buf *b, const struct package_file *f)
{
    bool first = true;
    SCOPED(arena) a = arena_new();
    for (size_t i = 0; i < f->n_words; i++) {
        struct param p;
        const char *why;
        if (strcmp(f->words[i].word, "parameter") != 0 || !param_declare(str_of(f->words[i].value), a, &p, &why))
            continue;
        buf_puts(b, first ? "\n| parameter | type | |\n| --- | --- | --- |\n" : "");
        first = false;
        buf_printf(b, "| `%s` | %s", p.name, param_type_name(p.type));
        if (p.max)
            buf_printf(b, " %zu", p.max);
        buf_printf(b, " | %s |\n", p.optional ? "optional" : "");
    }
}

static void put_code(struct buf *b, const char *value)
{
    struct str rest = str_of(value);
    struct str code = str_split(&rest, ':');
    buf_printf(b, "| `%.*s` | ", STR_ARG(code));
    put_escaped(b, str_trim(rest).p); /* the value ends where the sentence does */
    buf_puts(b, " |\n");
}

static void put_codes(struct buf *b, const struct package_file *f)
{
    static const char *const words[] = {"none", "many", "error"};
    bool first = true;
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        for (size_t j = 0; j < f->n_words; j++) {
            if (strcmp(f->words[j].word, words[i]) != 0)
                continue;
            buf_puts(b, first ? "\n| code | when |\n| --- | --- |\n" : "");
            first = false;
            put_code(b, f->words[j].value);
        }
}

static const char *effect(const struct package_file *f)
{
    const char *word = package_word(f, "effect");
    if (package_word(f, "password") || package_word(f, "secret"))
        return "Has to do with secrets, so its answer is not kept: a `key` is not looked at.";
    if (strcmp(word, "money") == 0)
        return "Moves money: needs a `key`.";
    return strcmp(word, "write") == 0 ? "Changes something: may have a `key`." : "Reads only.";
}

static void put_also(struct buf *b, const struct package_file *f)
{
    for (size_t i = 0; i < f->n_words; i++)
        if (strcmp(f->words[i].word, "also") == 0)
            buf_printf(b, " Also called `%s`.", f->words[i].value);
}

static void put_call(struct buf *b, const struct package_file *f)
{
    const char *form = package_word(f, "returns"), *payload = package_word(f, "payload");
    buf_printf(b, "\n### %s\n\n%s: ", f->name, package_word(f, "title"));
    put_escaped(b, package_word(f, "why"));
    buf_printf(b, ". %s", effect(f));
    put_also(b, f);
    buf_putc(b, '\n');
    put_parameters(b, f);
    if (payload)
        buf_printf(b, "\nPayload%s: %s.\n", strcmp(form, "rows") == 0 ? ", a list for each row" : "", payload);
    else
        buf_puts(b, "\nNo payload.\n");
    put_codes(b, f);
}

static void put_unsupported(struct buf *b, const struct package *p)
{
    if (p->n1_calls.n_unsupported == 0)
        return;
    buf_puts(b, "\n## Methods that are not supported\n\nThe answer is `NotSupported`.\n\n"
                "| method | why |\n| --- | --- |\n");
    for (size_t i = 0; i < p->n1_calls.n_unsupported; i++) {
        buf_printf(b, "| `%s` | ", p->n1_calls.unsupported[i].table);
        put_escaped(b, p->n1_calls.unsupported[i].reason);
        buf_puts(b, " |\n");
    }
}

void callbook_put(struct buf *b, const struct package *p)
{
    buf_printf(b,
               "# Real-time calls of %s\n\nMade from the package `%s` by `make docs`; how to send a call stands in "
               "[protocol.md](protocol.md#real-time-calls).\n\n## Methods\n",
               p->title, p->name);
    for (size_t i = 0; i < p->calls.n; i++)
        put_call(b, &p->calls.p[i]);
    put_unsupported(b, p);
}
