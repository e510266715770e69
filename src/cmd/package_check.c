#include "base/file.h"
#include "base/json.h"
#include "cmd/agenda.h"
#include "cmd/analysis.h"
#include "cmd/cmd.h"
#include "cmd/package_trial.h"
#include "conf/probes.h"
#include "forward/rulefile.h"
#include "store/channel.h"
#include "xpp/rules/example.h"

/* A law may be two files, one for each version. */
static size_t count_laws(const struct package *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->laws.n; i++) {
        const char *name = p->laws.p[i].name, *dot = strchr(name, '.');
        n += i == 0 || !dot || strncmp(name, p->laws.p[i - 1].name, (size_t)(dot - name) + 1) != 0;
    }
    return n;
}

static size_t count_scripts(const struct package *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->analyze.n; i++)
        n += p->analyze.p[i].fix != NULL;
    return n;
}

static void put_text(struct buf *b, const struct package *p, size_t code_rules, bool tried)
{
    buf_printf(b, "%s %s: %s\n", p->name, p->version, p->title);
    buf_printf(b, "  folder    %s\n", p->dir);
    buf_printf(b, "  from      %s %s (schema %s)\n", p->from_name, p->from_version, p->source_schema);
    buf_printf(b, "  to        %s %s\n", p->to_name, p->to_version);
    buf_printf(b, "  lenses    %zu up, %zu down, %zu channel\n", p->up.n, p->down.n, p->channel.n + p->channel_n.n);
    buf_printf(b, "  tables    %zu with a home, %zu dropped\n", p->n_homes, p->n_dropped);
    buf_printf(b, "  checks    %zu laws, %zu analyze rules (%zu with a script), %zu of settings for stores\n",
               count_laws(p), p->analyze.n, count_scripts(p), p->checks.n);
    if (p->sizing.n)
        buf_printf(b, "  sizing    %zu queries\n", p->sizing.n);
    buf_printf(b, "  checklist %zu items; %zu probes of the smoke test\n", p->checklist.n, p->smoke->n);
    buf_printf(b, "  uploads   %zu tables, %zu rules%s\n", p->uploads ? p->uploads->n_tables : 0, p->rules.n,
               p->totals ? ", totals" : "");
    buf_printf(b, "  scripts   %zu final, %zu sample", scripts_count(&p->scripts, SCRIPT_FINAL), p->sample.n);
    if (p->scripts.classic)
        buf_printf(b, ", %zu pre-sync, %zu post-sync", scripts_count(&p->scripts, SCRIPT_PRE_SYNC),
                   scripts_count(&p->scripts, SCRIPT_POST_SYNC));
    buf_putc(b, '\n');
    if (p->store.n)
        buf_printf(b, "  store     %zu scripts, %zu of them for its tills\n", p->store.n + p->till.n, p->till.n);
    if (code_rules)
        buf_printf(b, "  code      %zu rules on custom code\n", code_rules);
    buf_printf(b, "  digest    %s\n", p->digest);
    buf_printf(b, "no mistakes found%s\n", tried ? "" : "; its SQL was not tried on a server");
}

static void put_json(struct buf *b, const struct package *p, size_t code_rules, bool tried)
{
    json_put_text(b, "{", "name", p->name);
    json_put_text(b, ",", "version", p->version);
    json_put_text(b, ",", "title", p->title);
    json_put_text(b, ",", "dir", p->dir);
    json_put_text(b, ",", "digest", p->digest);
    buf_printf(b,
               ",\"up\":%zu,\"down\":%zu,\"channel\":%zu,\"homes\":%zu,\"dropped\":%zu,\"laws\":%zu,\"analyze\":%zu,"
               "\"fix_scripts\":%zu,\"sizing\":%zu,"
               "\"checks\":%zu,\"checklist\":%zu,\"probes\":%zu,"
               "\"final\":%zu,\"pre_sync\":%zu,\"post_sync\":%zu,\"sample\":%zu,\"store\":%zu,\"uploads\":%zu,"
               "\"rules\":%zu,\"code_rules\":%zu,\"tried_on_server\":%s}\n",
               p->up.n, p->down.n, p->channel.n + p->channel_n.n, p->n_homes, p->n_dropped, count_laws(p), p->analyze.n,
               count_scripts(p), p->sizing.n, p->checks.n, p->checklist.n, p->smoke->n,
               scripts_count(&p->scripts, SCRIPT_FINAL), scripts_count(&p->scripts, SCRIPT_PRE_SYNC),
               scripts_count(&p->scripts, SCRIPT_POST_SYNC), p->sample.n, p->store.n + p->till.n,
               p->uploads ? p->uploads->n_tables : 0, p->rules.n, code_rules, tried ? "true" : "false");
}

/* Values for the package's own settings, given as --set settings.NAME=VALUE. */
static void take_overrides(const struct command_call *call, struct map *overrides)
{
    const struct map *settings = command_settings(call);
    for (size_t i = 0; i < map_count(settings); i++) {
        const struct map_entry *e = map_at(settings, i);
        if (str_starts(e->key, "settings."))
            map_put(overrides, (struct str){e->key.p + 9, e->key.n - 9})->value = e->value;
    }
}

static bool load(struct command_call *call, const struct package **ret, struct err *err)
{
    const char *spec = command_arg(call, 0);
    if (!spec) {
        struct project *project = NULL;
        return command_project(call, &project, err) && project_package(project, ret, err);
    }
    char *dir = NULL;
    struct package *package = NULL;
    SCOPED(map) overrides = map_new();
    take_overrides(call, overrides);
    if (!project_find_package(spec, ".", command_arena(call), &dir, err) ||
        !package_load(dir, overrides, command_arena(call), &package, err) ||
        !agenda_check_package(package, command_arena(call), err))
        return false;
    *ret = package;
    return true;
}

static bool try_on_server(struct command_call *call, const struct package *package, struct err *err)
{
    struct package_trial_opts o = {0};
    struct project *p = NULL;
    if (!command_arg(call, 0) && command_project(call, &p, err)) {
        o.bin = project_text(p, SETTING_POSTGRES_BIN);
        o.run_as = project_text(p, SETTING_POSTGRES_USER);
    }
    return package_trial(package, &o, err);
}

/* What the analysis compares values with can be read from the package alone. */
static bool check_capacities(struct command_call *call, const struct package *package, struct err *err)
{
    struct analyze_opts o = {.package = package};
    return analysis_capacities(&o, command_arena(call), err);
}

/* The rules on custom code, each with its examples; a package may have none. */
static bool check_rules(struct command_call *call, const struct package *package, size_t *ret_n, struct err *err)
{
    struct arena *a = command_arena(call);
    SCOPED(rulebook) book = NULL;
    const char *dir = arena_printf(a, "%s/xpp/rules", package->dir);
    *ret_n = 0;
    if (!file_is_dir(dir))
        return true;
    if (!rulefile_book(dir, NULL, 0, a, &book, err))
        return false;
    for (*ret_n = 0; *ret_n < rulebook_count(book); ++*ret_n)
        if (!example_try_all(book, rulebook_at(book, *ret_n), err))
            return false;
    return true;
}

bool cmd_package_check(struct command_call *call, struct err *err)
{
    const struct package *package = NULL;
    SCOPED_BUF text = {0};
    size_t code_rules;
    if (!load(call, &package, err) || !channel_try(package, err) || !check_capacities(call, package, err) ||
        !check_rules(call, package, &code_rules, err))
        return false;
    bool tried = !command_flag(call, OPTION_NO_SERVER) && package->n_stages > 0;
    if (tried && !try_on_server(call, package, err))
        return false;
    if (command_flag(call, OPTION_JSON))
        put_json(&text, package, code_rules, tried);
    else
        put_text(&text, package, code_rules, tried);
    return cmd_print(&text, err);
}
