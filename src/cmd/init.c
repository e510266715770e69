#include "base/file.h"
#include "base/json.h"
#include "base/term.h"
#include "cmd/cmd.h"
#include "db/uri.h"

#define PROJECT_FILE "carryover.yaml"

/* What is made on this machine while working, and what may hold a secret. */
static const char ignored[] = "/state.db*\n/logs/\n/reports/\n/servers/\n/*.lock\n/.env\n";

/* True when plain YAML text means exactly this string. */
static bool is_plain(const char *text)
{
    size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-");
    return text[0] && text[0] != '-' && !text[n];
}

static void put_value(struct buf *b, const char *text)
{
    if (is_plain(text))
        buf_puts(b, text);
    else
        json_put_string(b, str_of(text)); /* JSON strings are YAML's double-quoted scalars (YAML 1.2, section 7.3.1) */
}

static void put_comment(struct buf *b, const char *indent, const char *text)
{
    SCOPED_BUF wrapped = {0};
    term_put_wrapped(&wrapped, text, 0, 0, 96);
    for (struct str rest = buf_str(&wrapped); rest.n;) {
        struct str line = str_split(&rest, '\n');
        buf_printf(b, "%s# %.*s\n", indent, STR_ARG(line));
    }
}

/* One setting: its help, then its line; a comment when nobody has said a value. */
static void put_setting(struct buf *b, enum setting s, const char *name, const char *indent, const char *given)
{
    const struct setting_info *info = setting_info(s);
    bool said = given || s == SETTING_PACKAGE || s == SETTING_SOURCE || s == SETTING_TARGET;
    SCOPED_BUF help = {0};
    buf_printf(&help, "%s ($%s)", info->help, info->env);
    put_comment(b, indent, buf_text(&help));
    buf_printf(b, "%s%s%s: ", indent, said ? "" : "# ", name);
    put_value(b, given ? given : info->fallback);
    buf_putc(b, '\n');
}

/* "replicate." of "replicate.slot", "" of "workers". */
static struct str group_of(const char *key)
{
    const char *dot = strchr(key, '.');
    return (struct str){key, dot ? (size_t)(dot - key) + 1 : 0};
}

static void put_settings(struct buf *b, const struct map *given)
{
    struct str group = {0};
    for (int s = 0; s < SETTING_COUNT; s++) {
        const char *key = setting_info((enum setting)s)->key;
        struct str in = group_of(key);
        bool opens = in.n && !str_eq(in, group);
        buf_putc(b, '\n');
        if (opens)
            buf_printf(b, "%.*s:\n", (int)in.n - 1, in.p);
        group = in;
        put_setting(b, (enum setting)s, key + in.n, in.n ? "  " : "", map_get(given, str_of(key)));
    }
}

/* Values for the package's own settings. */
static void put_package_settings(struct buf *b, const struct map *given)
{
    bool first = true;
    for (size_t i = 0; i < map_count(given); i++) {
        const struct map_entry *e = map_at(given, i);
        if (!str_starts(e->key, "settings."))
            continue;
        if (first)
            buf_puts(b, "\n# Values for settings of the package.\nsettings:\n");
        buf_printf(b, "  %.*s: ", (int)e->key.n - 9, e->key.p + 9);
        put_value(b, e->value);
        buf_putc(b, '\n');
        first = false;
    }
}

static void put_project_file(struct buf *b, const struct map *given)
{
    buf_puts(
        b, "# A carryover project. Every setting is here with its default; `carryover help settings` says the same.\n"
           "# The command line (--set KEY=VALUE) and the environment go before this file.\n"
           "# Passwords do not belong here: use ~/.pgpass, PGPASSFILE, a service, or the file .env beside this one.\n");
    put_settings(b, given);
    put_package_settings(b, given);
}

/* A password in carryover.yaml would end up under version control. */
static bool check_secret(const struct map *given, const char *key, struct arena *a, struct err *err)
{
    const char *uri = map_get(given, str_of(key));
    if (!uri || strstr(uri, "***") || !strstr(uri_masked(a, uri), "***"))
        return true;
    err_set(err, ERR_USAGE, "--%s holds a password, which must not be written into %s", key, PROJECT_FILE);
    return err_hint(err, "leave it out of the URI and put it into ~/.pgpass, or as PGPASSWORD into the file .env");
}

/* What will be written where; the same plan is shown by --dry-run and carried out. */
struct plan {
    char *dir, *file, *ignore;
    struct map *settings; /* as given, the package as a path that holds from anywhere */
    bool has_ignore;
    struct buf text;
};

/* A package's folder is named as seen from here, but the project looks for it from its own folder. */
static bool take_settings(const struct map *given, struct arena *a, struct map *ret, struct err *err)
{
    for (size_t i = 0; i < map_count(given); i++)
        map_put(ret, map_at(given, i)->key)->value = map_at(given, i)->value;
    const char *spec = map_get(given, STR("package"));
    char *dir = NULL;
    if (!spec)
        return true;
    if (!project_find_package(spec, ".", a, &dir, err))
        return false;
    if (strchr(spec, '/'))
        map_put(ret, STR("package"))->value = file_absolute(a, dir);
    return true;
}

static bool make_plan(struct command_call *call, struct plan *plan, struct err *err)
{
    struct arena *a = command_arena(call);
    const struct map *given = command_settings(call);
    const char *dir = command_arg(call, 0);
    plan->dir = file_absolute(a, dir ? dir : command_dir(call));
    plan->file = arena_printf(a, "%s/%s", plan->dir, PROJECT_FILE);
    plan->ignore = arena_printf(a, "%s/.gitignore", plan->dir);
    plan->has_ignore = file_exists(plan->ignore);
    if (file_exists(plan->file)) {
        err_set(err, ERR_GUARD, "%s exists already", plan->file);
        return err_hint(err, "change that file, or make the project in another folder");
    }
    if (!project_check_flags(given, a, err) || !check_secret(given, "source", a, err) ||
        !check_secret(given, "target", a, err))
        return false;
    if (!take_settings(given, a, plan->settings, err))
        return false;
    put_project_file(&plan->text, plan->settings);
    return true;
}

static bool carry_out(const struct plan *plan, struct arena *a, struct err *err)
{
    return file_make_dirs(arena_printf(a, "%s/reports", plan->dir), err) &&
           file_make_dirs(arena_printf(a, "%s/logs", plan->dir), err) &&
           (plan->has_ignore || file_write(plan->ignore, str_of(ignored), err)) &&
           file_write(plan->file, buf_str(&plan->text), err);
}

static void put_result(struct buf *b, const struct plan *plan, bool dry, bool json)
{
    if (json) {
        buf_puts(b, "{\"dir\":");
        json_put_string(b, str_of(plan->dir));
        buf_puts(b, ",\"file\":");
        json_put_string(b, str_of(plan->file));
        buf_printf(b, ",\"dry_run\":%s}\n", dry ? "true" : "false");
        return;
    }
    if (dry) {
        buf_printf(b, "would make %s/ with reports/, logs/%s and %s:\n\n", plan->dir,
                   plan->has_ignore ? "" : ", .gitignore", PROJECT_FILE);
        buf_put(b, plan->text.p, plan->text.n);
        return;
    }
    buf_printf(b, "made the project %s\n  next: look at %s, then run `carryover package check`\n", plan->dir,
               plan->file);
}

bool cmd_init(struct command_call *call, struct err *err)
{
    SCOPED(map) settings = map_new();
    struct plan plan = {.settings = settings};
    bool dry = command_flag(call, OPTION_DRY_RUN);
    SCOPED_BUF text = {0};
    bool ok = make_plan(call, &plan, err) && (dry || carry_out(&plan, command_arena(call), err));
    if (ok)
        put_result(&text, &plan, dry, command_flag(call, OPTION_JSON));
    buf_done(&plan.text);
    return ok && cmd_print(&text, err);
}
