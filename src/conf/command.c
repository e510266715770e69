#include "conf/command.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/suggest.h"
#include "conf/value.h"
#include <assert.h>

#define ARGS_MAX 4096
#define NAME_WORDS_MAX 3 /* of a command */

struct given {
    enum option option; /* a row with the right name; which row is settled when the command is known */
    const char *text;   /* NULL for a flag */
};

struct command_call {
    struct arena *a;
    enum command_id id;
    struct given *given;
    size_t n_given;
    const char **words; /* everything that is no option */
    size_t n_words;
    size_t n_name; /* how many of them are the command's name */
    struct map *settings;
    struct project *project;
};

static const struct command commands[] = {
#define C(id, name, fn, least, most, args, flags, summary, text, examples)                                             \
    {name, least, most, args, flags, summary, text, examples},
#include "tables/commands.def"
#undef C
};

static const struct option_info options[] = {
#define O(id, name, letter, value, kind, commands, help) {name, letter, value, OPTION_KIND_##kind, commands, help},
#include "tables/options.def"
#undef O
};

const struct command *command_info(enum command_id id)
{
    assert(id < COMMAND_COUNT);
    return &commands[id];
}

const struct option_info *option_info(enum option o)
{
    assert(o < OPTION_COUNT);
    return &options[o];
}

enum command_id command_find(const char *name)
{
    int id = 0;
    while (id < COMMAND_COUNT && strcmp(commands[id].name, name) != 0)
        id++;
    return (enum command_id)id;
}

bool option_on_all(enum option o)
{
    return strcmp(options[o].commands, "*") == 0;
}

bool option_applies(enum option o, enum command_id id)
{
    for (struct str rest = str_of(options[o].commands); rest.n;) {
        char pattern[64];
        struct str one = str_trim(str_split(&rest, ','));
        snprintf(pattern, sizeof pattern, "%.*s", STR_ARG(one));
        bool fits = str_is(one, "@project") ? (commands[id].flags & COMMAND_PROJECT) != 0
                                            : str_glob(pattern, commands[id].name);
        if (fits)
            return true;
    }
    return false;
}

/* -- cutting argv into words and options -- */

static enum option find_long(struct str name)
{
    int o = 0;
    while (o < OPTION_COUNT && !str_is(name, options[o].name))
        o++;
    return (enum option)o;
}

static enum option find_letter(char letter)
{
    int o = 0;
    while (o < OPTION_COUNT && options[o].letter != letter)
        o++;
    return (enum option)o;
}

static bool is_flag(enum option o)
{
    return options[o].kind == OPTION_KIND_FLAG;
}

static void note(struct command_call *call, enum option o, const char *text)
{
    call->given[call->n_given++] = (struct given){o, text};
}

static bool refuse_option(struct str name, struct err *err)
{
    const char *names[OPTION_COUNT];
    for (int o = 0; o < OPTION_COUNT; o++)
        names[o] = options[o].name;
    const char *near = suggest_nearest(name, names, OPTION_COUNT);
    err_set(err, ERR_USAGE, "there is no option --%.*s", STR_ARG(name));
    return near && err_hint(err, "did you mean --%s?", near);
}

/* `--name`, `--name=value`, `--name value`; `*i` moves on when the value is the next word. */
static bool take_long(struct command_call *call, int argc, char *const argv[], int *i, struct err *err)
{
    struct str value = str_of(argv[*i] + 2);
    bool has_value = strchr(value.p, '=') != NULL;
    struct str name = str_split(&value, '=');
    enum option o = find_long(name);
    if (o == OPTION_COUNT)
        return refuse_option(name, err);
    if (is_flag(o) && has_value)
        return err_set(err, ERR_USAGE, "the option --%s takes no value", options[o].name);
    if (is_flag(o) || has_value) {
        note(call, o, is_flag(o) ? NULL : value.p);
        return true;
    }
    if (*i + 1 == argc)
        return err_set(err, ERR_USAGE, "the option --%s needs a value: %s", options[o].name, options[o].value);
    note(call, o, argv[++*i]);
    return true;
}

/* `-v`, `-vq`, `-C dir`, `-Cdir`. */
static bool take_short(struct command_call *call, int argc, char *const argv[], int *i, struct err *err)
{
    for (const char *p = argv[*i] + 1; *p; p++) {
        enum option o = find_letter(*p);
        if (o == OPTION_COUNT)
            return err_set(err, ERR_USAGE, "there is no option -%c", *p);
        if (is_flag(o)) {
            note(call, o, NULL);
            continue;
        }
        if (!p[1] && *i + 1 == argc)
            return err_set(err, ERR_USAGE, "the option -%c needs a value: %s", *p, options[o].value);
        note(call, o, p[1] ? p + 1 : argv[++*i]);
        return true;
    }
    return true;
}

/* A lone dash is a word, as everywhere. */
static bool take_all(struct command_call *call, int argc, char *const argv[], struct err *err)
{
    bool words_only = false;
    for (int i = 1; i < argc; i++) {
        const char *arg = argv[i];
        bool ok = true;
        if (!words_only && strcmp(arg, "--") == 0)
            words_only = true;
        else if (!words_only && arg[0] == '-' && arg[1] == '-')
            ok = take_long(call, argc, argv, &i, err);
        else if (!words_only && arg[0] == '-' && arg[1])
            ok = take_short(call, argc, argv, &i, err);
        else
            call->words[call->n_words++] = arg;
        if (!ok)
            return false;
    }
    return true;
}

/* An error about one word must not change the form in which errors are printed: --json counts wherever it stands. */
static void find_json(struct command_call *call, int argc, char *const argv[])
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--json") != 0)
            continue;
        call->n_given = 0;
        note(call, OPTION_JSON, NULL);
        return;
    }
}

/* -- which command -- */

/* Fits the name of a command to the first words; returns how many words it took, 0 when it does not fit. */
static size_t fits(const struct command_call *call, enum command_id id)
{
    size_t n = 0;
    for (struct str rest = str_of(commands[id].name); rest.n; n++) {
        struct str word = str_split(&rest, ' ');
        if (n == call->n_words || !str_is(word, call->words[n]))
            return 0;
    }
    return n;
}

/* The word that follows `words` in a command's name, or an empty view. */
static struct str word_behind(int id, const char *words, size_t n)
{
    const char *name = commands[id].name;
    struct str rest = {"", 0};
    if (strncmp(name, words, n) == 0 && name[n] == ' ')
        rest = str_of(name + n + 1);
    return str_split(&rest, ' ');
}

/* True when `words` begin a longer command's name; `ret_verbs` gets what may follow, for a message. */
static bool is_group(const char *words, struct buf *ret_verbs)
{
    size_t n = strlen(words);
    SCOPED(map) seen = map_new();
    for (int id = 0; id < COMMAND_COUNT; id++) {
        struct str word = word_behind(id, words, n);
        struct map_entry *slot = word.n ? map_put(seen, word) : NULL;
        if (!slot || slot->value)
            continue;
        slot->value = slot;
        buf_printf(ret_verbs, "%s%.*s", ret_verbs->n ? ", " : "", STR_ARG(word));
    }
    return ret_verbs->n > 0;
}

static size_t count_words(const char *name)
{
    size_t n = 1;
    for (const char *p = name; *p; p++)
        n += *p == ' ';
    return n;
}

/* The first `n` words that were typed. */
static const char *typed_words(const struct command_call *call, size_t n)
{
    const char *typed = call->words[0];
    for (size_t i = 1; i < n; i++)
        typed = arena_printf(call->a, "%s %s", typed, call->words[i]);
    return typed;
}

/* The nearest command to what was typed; a name is compared with as many words as it has. */
static const char *nearest_command(const struct command_call *call)
{
    const char *names[COMMAND_COUNT];
    for (size_t n = MIN(call->n_words, NAME_WORDS_MAX); n >= 1; n--) {
        for (int id = 0; id < COMMAND_COUNT; id++) {
            bool wanted = count_words(commands[id].name) == n && !(commands[id].flags & COMMAND_HIDDEN);
            names[id] = wanted ? commands[id].name : NULL;
        }
        const char *near = suggest_nearest(str_of(typed_words(call, n)), names, COMMAND_COUNT);
        if (near)
            return near;
    }
    return NULL;
}

static bool refuse_command(const struct command_call *call, struct err *err)
{
    SCOPED_BUF verbs = {0};
    const char *first = call->words[0];
    const char *near = nearest_command(call);
    if (is_group(first, &verbs) && call->n_words == 1)
        return err_set(err, ERR_USAGE, "'%s' needs one of: %s", first, buf_text(&verbs));
    if (verbs.n)
        err_set(err, ERR_USAGE, "'%s' has no '%s'; it has: %s", first, call->words[1], buf_text(&verbs));
    else
        err_set(err, ERR_USAGE, "there is no command '%s'", first);
    return near ? err_hint(err, "did you mean `carryover %s`?", near)
                : err_hint(err, "`carryover help` lists the commands");
}

static bool choose(struct command_call *call, struct err *err)
{
    for (int id = 0; id < COMMAND_COUNT; id++) {
        size_t n = fits(call, (enum command_id)id);
        if (n <= call->n_name)
            continue;
        call->n_name = n;
        call->id = (enum command_id)id;
    }
    return call->n_name || call->n_words == 0 || refuse_command(call, err);
}

/* -- options against the command -- */

/* The row of this name that belongs to the command. */
static enum option row_for(enum option o, enum command_id id)
{
    for (int i = 0; i < OPTION_COUNT; i++)
        if (strcmp(options[i].name, options[o].name) == 0 && option_applies((enum option)i, id))
            return (enum option)i;
    return OPTION_COUNT;
}

static bool refuse_here(const struct command_call *call, enum option o, struct err *err)
{
    SCOPED_BUF owners = {0};
    for (int id = 0; id < COMMAND_COUNT; id++)
        if (row_for(o, (enum command_id)id) < OPTION_COUNT)
            buf_printf(&owners, "%s%s", owners.n ? ", " : "", commands[id].name);
    err_set(err, ERR_USAGE, "`carryover %s` has no option --%s", commands[call->id].name, options[o].name);
    return owners.n && err_hint(err, "it is an option of: %s", buf_text(&owners));
}

static bool is_choice(const char *choices, const char *text)
{
    for (struct str rest = str_of(choices); rest.n;)
        if (str_is(str_split(&rest, '|'), text))
            return true;
    return false;
}

static bool check_value(const struct given *g, struct err *err)
{
    const struct option_info *o = &options[g->option];
    int64_t number = 0;
    switch (o->kind) {
    case OPTION_KIND_NUMBER:
        return value_number(str_of(g->text), &number) ||
               err_set(err, ERR_USAGE, "--%s has to be a whole number, not '%s'", o->name, g->text);
    case OPTION_KIND_CHOICE:
        return is_choice(o->value, g->text) ||
               err_set(err, ERR_USAGE, "--%s has to be one of %s, not '%s'", o->name, o->value, g->text);
    case OPTION_KIND_FLAG:
    case OPTION_KIND_TEXT:
    case OPTION_KIND_LIST:
    case OPTION_KIND_SETTING:
        return true;
    }
    abort();
}

static bool take_set(struct command_call *call, const char *text, struct err *err)
{
    struct str value = str_of(text);
    bool assigned = strchr(text, '=') != NULL;
    struct str key = str_trim(str_split(&value, '='));
    if (!assigned || key.n == 0)
        return err_set(err, ERR_USAGE, "--set takes KEY=VALUE, not '%s'", text);
    map_put(call->settings, key)->value = (void *)value.p;
    return true;
}

/* `--help` is answered whatever else stands on the line. */
static bool settle_options(struct command_call *call, struct err *err)
{
    for (size_t i = 0; i < call->n_given; i++) {
        struct given *g = &call->given[i];
        enum option row = row_for(g->option, call->id);
        if (row == OPTION_COUNT)
            return refuse_here(call, g->option, err);
        g->option = row;
        if (!check_value(g, err))
            return false;
        if (options[row].kind == OPTION_KIND_SETTING)
            map_put(call->settings, str_of(options[row].name))->value = (void *)g->text;
        if (row == OPTION_SET && !take_set(call, g->text, err))
            return false;
    }
    return true;
}

static bool check_arguments(const struct command_call *call, struct err *err)
{
    const struct command *c = &commands[call->id];
    size_t n = call->n_words - call->n_name;
    if (n < (size_t)c->least)
        return err_set(err, ERR_USAGE, "`carryover %s` needs %s", c->name, c->args);
    if (c->most < 0 || n <= (size_t)c->most)
        return true;
    const char *extra = call->words[call->n_name + (size_t)c->most];
    SCOPED_BUF verbs = {0};
    if (is_group(c->name, &verbs)) {
        err_set(err, ERR_USAGE, "`carryover %s` has no '%s'; it has: %s", c->name, call->words[call->n_name],
                buf_text(&verbs));
        const char *near = nearest_command(call);
        if (near && count_words(near) > call->n_name)
            err_hint(err, "did you mean `carryover %s`?", near);
        return false;
    }
    if (c->most == 0)
        return err_set(err, ERR_USAGE, "`carryover %s` takes no argument, but got '%s'", c->name, extra);
    return err_set(err, ERR_USAGE, "`carryover %s` takes %s only; '%s' is too many", c->name, c->args, extra);
}

bool command_parse(int argc, char *const argv[], struct arena *a, struct command_call **ret, struct err *err)
{
    struct command_call *call = arena_new_one(a, struct command_call);
    *call = (struct command_call){.a = a, .id = COMMAND_ID_HELP, .settings = map_new()};
    *ret = call;
    if (argc > ARGS_MAX)
        return err_set(err, ERR_USAGE, "more than %d words on the command line", ARGS_MAX);
    size_t letters = 0; /* no word can be more options than it has letters */
    for (int i = 1; i < argc; i++)
        letters += strlen(argv[i]) + 1;
    call->given = arena_new_array(a, struct given, letters + 1);
    call->words = arena_new_array(a, const char *, (size_t)MAX(argc, 1));
    if (!take_all(call, argc, argv, err)) {
        find_json(call, argc, argv);
        return false;
    }
    if (!choose(call, err))
        return false;
    if (command_flag(call, OPTION_HELP) || command_flag(call, OPTION_VERSION))
        return true;
    return settle_options(call, err) && check_arguments(call, err);
}

void command_call_free(struct command_call *call)
{
    if (call)
        map_free(call->settings);
}

/* -- what commands ask -- */

enum command_id command_id(const struct command_call *call)
{
    return call->id;
}

struct arena *command_arena(const struct command_call *call)
{
    return call->a;
}

static const struct given *last_given(const struct command_call *call, enum option o)
{
    for (size_t i = call->n_given; i-- > 0;)
        if (call->given[i].option == o)
            return &call->given[i];
    return NULL;
}

bool command_flag(const struct command_call *call, enum option o)
{
    assert(is_flag(o));
    return last_given(call, o) != NULL;
}

const char *command_text(const struct command_call *call, enum option o)
{
    assert(!is_flag(o));
    const struct given *g = last_given(call, o);
    return g ? g->text : NULL;
}

int64_t command_number(const struct command_call *call, enum option o, int64_t fallback)
{
    assert(options[o].kind == OPTION_KIND_NUMBER);
    const char *text = command_text(call, o);
    int64_t number = fallback;
    bool ok = !text || value_number(str_of(text), &number);
    assert(ok);
    return number;
}

const char *const *command_list(const struct command_call *call, enum option o, size_t *ret_n)
{
    assert(options[o].kind == OPTION_KIND_LIST);
    const char **list = arena_new_array(call->a, const char *, call->n_given + 1);
    *ret_n = 0;
    for (size_t i = 0; i < call->n_given; i++)
        if (call->given[i].option == o)
            list[(*ret_n)++] = call->given[i].text;
    return list;
}

const char *command_arg(const struct command_call *call, int i)
{
    size_t at = call->n_name + (size_t)i;
    return at < call->n_words ? call->words[at] : NULL;
}

const char *command_dir(const struct command_call *call)
{
    const char *given = command_text(call, OPTION_PROJECT);
    const char *env = getenv("CARRYOVER_PROJECT");
    return given ? given : env && env[0] ? env : ".";
}

const struct map *command_settings(const struct command_call *call)
{
    return call->settings;
}

bool command_project(struct command_call *call, struct project **ret, struct err *err)
{
    if (!call->project) {
        if (!project_open(command_dir(call), call->settings, call->a, &call->project, err))
            return false;
        project_set_command(call->project, arena_printf(call->a, "carryover %s", commands[call->id].name));
    }
    *ret = call->project;
    return true;
}
