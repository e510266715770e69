#include "cmd/xpp.h"
#include "base/file.h"
#include "base/map.h"
#include <ctype.h>
#include <iconv.h>
#include <signal.h>
#include <unistd.h>

#define PACKAGE "ax2012r3-commerce"
#define WORKERS_MAX 256

static const char *setting(const struct command_call *call, const char *key, const char *fallback)
{
    const char *value = map_get(command_settings(call), str_of(key));
    return value ? value : fallback;
}

bool xpp_rules(const struct command_call *call, struct rulebook **ret_book, const char **ret_standard, struct err *err)
{
    struct arena *a = command_arena(call);
    char *dir;
    size_t n;
    const char *const *own = command_list(call, OPTION_RULES, &n);
    if (!project_find_package(setting(call, "package", PACKAGE), ".", a, &dir, err))
        return false;
    const char *standard = arena_printf(a, "%s/xpp/standard", dir);
    *ret_standard = file_is_dir(standard) ? standard : NULL;
    return rulefile_book(arena_printf(a, "%s/xpp/rules", dir), own, n, a, ret_book, err);
}

static bool workers_of(const struct command_call *call, int *ret, struct err *err)
{
    int64_t n = 0;
    const char *text = setting(call, "workers", "0");
    if (!str_to_i64(str_of(text), &n) || n < 0 || n > WORKERS_MAX)
        return err_set(err, ERR_USAGE, "--workers is a number from 0 to %d, not '%s'", WORKERS_MAX, text);
    *ret = (int)(n ? n : MIN(sysconf(_SC_NPROCESSORS_ONLN), WORKERS_MAX));
    return true;
}

/* What D365 takes for the name of a model or the beginning of a name. */
static bool check_name(const char *option, const char *name, struct err *err)
{
    bool ok = isalpha((unsigned char)name[0]) && strlen(name) <= 64;
    for (const char *c = name; *c; c++)
        ok = ok && (isalnum((unsigned char)*c) || *c == '_');
    return ok || err_set(err, ERR_USAGE, "%s is a name of letters, digits and _, not '%s'", option, name);
}

static bool check_codepage(const char *name, struct err *err)
{
    iconv_t cd = iconv_open("UTF-8", name);
    if (cd == (iconv_t)-1)
        return err_set(err, ERR_XPO_ENCODING, "nobody knows the code page %s", name) ||
               err_hint(err, "`iconv -l` lists all of them.");
    iconv_close(cd);
    return true;
}

static bool check_fixes(const struct rulebook *book, const char *const *ids, size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i++)
        if (!rulebook_find(book, ids[i]))
            return err_set(err, ERR_USAGE, "there is no rule '%s'", ids[i]) ||
                   err_hint(err, "`carryover xpp explain` lists all of them.");
    return true;
}

static bool add_inputs(const struct command_call *call, input_list *ret, struct err *err)
{
    size_t n;
    const char *const *baselines = command_list(call, OPTION_BASELINE, &n);
    for (size_t i = 0; i < n; i++)
        if (!inputs_add(baselines[i], true, command_arena(call), ret, err))
            return false;
    for (int i = 0; command_arg(call, i); i++)
        if (!inputs_add(command_arg(call, i), false, command_arena(call), ret, err))
            return false;
    for (size_t i = 0; i < ret->n; i++)
        if (!ret->p[i].baseline)
            return true;
    return err_set(err, ERR_FILE, "there is no export (.xpo) and no label file (.ald) in %s", command_arg(call, 0));
}

static const char *text_or(const struct command_call *call, enum option o, const char *fallback)
{
    const char *text = command_text(call, o);
    return text ? text : fallback;
}

bool xpp_options(const struct command_call *call, const struct rulebook *book, const char *standard,
                 struct forward_options *ret, struct err *err)
{
    size_t n;
    const char *const *fixes = command_list(call, OPTION_FIXES, &n);
    const char **opt_ins = arena_alloc(command_arena(call), (n + 1) * sizeof *opt_ins);
    if (n)
        memcpy(opt_ins, fixes, n * sizeof *opt_ins);
    *ret = (struct forward_options){.book = book,
                                    .opt_ins = opt_ins,
                                    .standard = standard,
                                    .model = text_or(call, OPTION_MODEL, "Custom"),
                                    .publisher = text_or(call, OPTION_PUBLISHER, ""),
                                    .codepage = text_or(call, OPTION_ENCODING, "CP1252")};
    ret->prefix = text_or(call, OPTION_PREFIX, ret->model);
    return check_name("--model", ret->model, err) && check_name("--prefix", ret->prefix, err) &&
           check_codepage(ret->codepage, err) && check_fixes(book, fixes, n, err) &&
           workers_of(call, &ret->workers, err) && add_inputs(call, &ret->inputs, err);
}

/* Whoever cuts off a file takes pages away that were mapped: nobody can go on from there. */
static void on_cut_off(int sig)
{
    static const char message[] = "carryover: error [xpo-changed]: an input was cut off while it was read\n"
                                  "  next: Wait until the export has ended, and run the command again.\n";
    (void)sig;
    (void)!write(STDERR_FILENO, message, sizeof message - 1);
    _exit(EXIT_FAILED);
}

bool xpp_run(const struct forward_options *o, struct forward_result *ret, struct err *err)
{
    struct sigaction before, guard = {.sa_handler = on_cut_off};
    sigaction(SIGBUS, &guard, &before);
    bool ok = forward_run(o, ret, err);
    sigaction(SIGBUS, &before, NULL);
    return ok;
}

void xpp_render(const struct forward_result *result, const struct rulebook *book, struct arena *a, struct display *ret)
{
    struct tally *t = arena_alloc(a, sizeof *t);
    tally_make(result, book, a, t);
    *ret = (struct display){.result = result, .tally = t, .book = book};
    ret->n_unknown = usage_unknown(result->usage, a, &ret->unknown);
}

bool xpp_files(const struct command_call *call, const struct display *r, struct err *err)
{
    static const struct {
        enum option option;
        void (*display)(const struct display *r, struct buf *b);
    } forms[] = {{OPTION_CSV, display_csv}, {OPTION_HTML, display_html}};
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        SCOPED_BUF b = {0};
        const char *path = command_text(call, forms[i].option);
        if (!path)
            continue;
        forms[i].display(r, &b);
        if (!file_write(path, buf_str(&b), err))
            return false;
    }
    return true;
}

uint64_t xpp_broken(const struct display *r)
{
    uint64_t n = 0;
    for (size_t i = 0; i < r->tally->n_rules; i++) {
        const struct tally_rule *x = &r->tally->rules[i];
        if (strcmp(x->rule->id, "XPO") == 0 || strcmp(x->rule->id, "XPP") == 0)
            n += x->count.reported;
    }
    return n;
}
