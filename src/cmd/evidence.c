#include "runbook/evidence.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/vec.h"
#include "cmd/cmd.h"
#include "cmd/open.h"
#include "cmd/operator.h"
#include "db/uri.h"
#include "net/secret.h"
#include <time.h>

#define KEY_FILE "evidence.key"

typedef VEC(struct evidence_file) files;

/* --- what goes in --- */

/* The files of a folder, as they are now: logs may grow meanwhile. */
static bool add_folder(struct project *p, files *all, const char *dir, const char *suffix, struct arena *a,
                       struct err *err)
{
    char **names = NULL;
    size_t n = 0;
    const char *path = project_path(p, dir);
    if (!file_list(path, suffix, a, &names, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        const char *full = arena_printf(a, "%s/%s", path, names[i]);
        bool sealed = strcmp(dir, "reports") == 0 && strstr(names[i], ".tar.zst");
        if (!sealed && !file_is_dir(full))
            *vec_push(all) =
                (struct evidence_file){arena_printf(a, "%s%s%s", dir, *dir ? "/" : "", names[i]), full, {0}};
    }
    return true;
}

static bool is_uri(enum setting s)
{
    return s == SETTING_SOURCE || s == SETTING_TARGET;
}

/* Commands and files of steps may have secrets in them: of those the journal has digests, in every sign-off. */
static const char *value_shown(const struct project *p, enum setting s, struct arena *a)
{
    if (strncmp(setting_info(s)->key, "hooks.", strlen("hooks.")) == 0 && project_text(p, s)[0])
        return "(set)";
    return is_uri(s) ? uri_masked(a, project_text(p, s)) : project_text(p, s);
}

/* Every setting with its value and where that came from; passwords are masked. */
static struct str settings_text(const struct project *p, struct arena *a)
{
    SCOPED_BUF b = {0};
    buf_putc(&b, '{');
    for (int s = 0; s < SETTING_COUNT; s++) {
        buf_puts(&b, s ? ",\n" : "\n");
        json_put_string(&b, str_of(setting_info((enum setting)s)->key));
        buf_puts(&b, ":{\"value\":");
        json_put_string(&b, str_of(value_shown(p, (enum setting)s, a)));
        buf_puts(&b, ",\"from\":");
        json_put_string(&b, str_of(project_origin(p, (enum setting)s)));
        buf_putc(&b, '}');
    }
    buf_puts(&b, "\n}\n");
    return str_of(arena_dup(a, b.p));
}

static bool collect(struct project *p, files *all, struct arena *a, struct err *err)
{
    *vec_push(all) = (struct evidence_file){"settings.json", NULL, settings_text(p, a)};
    return add_folder(p, all, "reports", "", a, err) && add_folder(p, all, "logs", "", a, err) &&
           add_folder(p, all, "rehearsal/reports", "", a, err) && add_folder(p, all, "rehearsal/logs", "", a, err);
}

/* --- export --- */

static const char *archive_path(struct command_call *call, struct project *p)
{
    char stamp[32];
    struct tm t;
    time_t now = (time_t)(clock_wall_us() / 1000000);
    if (command_arg(call, 0))
        return command_arg(call, 0);
    gmtime_r(&now, &t);
    strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", &t);
    return project_path(p, arena_printf(command_arena(call), "reports/evidence-%s.tar.zst", stamp));
}

static bool seal(struct command_call *call, struct project *p, const char *path, files *all, char *ret_key,
                 struct err *err)
{
    struct arena *a = command_arena(call);
    const struct package *package = NULL;
    SCOPED(journal) j = NULL;
    SCOPED_SECRET seed = {0};
    if (!project_package(p, &package, err) || !open_journal(p, &j, err) ||
        !secret_file(project_path(p, KEY_FILE), &seed, err) || !collect(p, all, a, err))
        return false;
    struct evidence_about about = {.product = CARRYOVER_VERSION,
                                   .project = project_dir(p),
                                   .package = arena_printf(a, "%s %s", package->name, package->version),
                                   .by = operator_name(a),
                                   .created_us = clock_wall_us()};
    return evidence_seal(path, &about, j, all->p, all->n, seed.bytes, ret_key, err);
}

bool cmd_evidence_export(struct command_call *call, struct err *err)
{
    struct project *p = NULL;
    files all = {0};
    char key[EVIDENCE_KEY_HEX];
    SCOPED_BUF text = {0};
    if (!command_project(call, &p, err) || !file_make_dirs(project_path(p, "reports"), err))
        return false;
    const char *path = archive_path(call, p);
    bool ok = seal(call, p, path, &all, key, err);
    size_t n = all.n;
    vec_done(&all);
    if (!ok)
        return false;
    if (command_flag(call, OPTION_JSON)) {
        buf_puts(&text, "{\"file\":");
        json_put_string(&text, str_of(path));
        buf_printf(&text, ",\"files\":%zu,\"key\":\"%s\"}\n", n + 1, key);
    } else {
        buf_printf(&text,
                   "sealed %zu files into %s\n  key       %s\n  next      tell its readers this key, not in the same "
                   "letter; they check it with: carryover evidence verify FILE --key KEY\n",
                   n + 1, path, key);
    }
    return cmd_print(&text, err);
}

/* --- verify --- */

static void put_text(struct buf *b, const struct evidence_verdict *v, const char *wanted)
{
    char at[32];
    clock_iso(v->about.created_us, at);
    buf_printf(b, "evidence of %s, %s, made %s by %s with carryover %s\n", v->about.project, v->about.package, at,
               v->about.by, v->about.product);
    if (!v->key[0])
        buf_puts(b, "  signature not good\n");
    else
        buf_printf(b, "  signature good, by the key %s%s\n", v->key,
                   wanted ? "" : " (is it the one that you were told?)");
    buf_printf(b, "  files     %zu\n  journal   %zu events\n", v->files, v->events);
    for (size_t i = 0; i < v->n_problems; i++)
        buf_printf(b, "  problem   %s\n", v->problems[i]);
}

static void put_member(struct buf *b, const char *name, const char *value)
{
    buf_printf(b, "\"%s\":", name);
    json_put_string(b, str_of(value));
    buf_putc(b, ',');
}

static void put_json(struct buf *b, const struct evidence_verdict *v)
{
    char at[32];
    clock_iso(v->about.created_us, at);
    buf_printf(b, "{\"good\":%s,", v->n_problems ? "false" : "true");
    put_member(b, "project", v->about.project);
    put_member(b, "package", v->about.package);
    put_member(b, "by", v->about.by);
    put_member(b, "created", at);
    put_member(b, "key", v->key);
    buf_printf(b, "\"files\":%zu,\"events\":%zu,\"problems\":[", v->files, v->events);
    for (size_t i = 0; i < v->n_problems; i++) {
        buf_puts(b, i ? "," : "");
        json_put_string(b, str_of(v->problems[i]));
    }
    buf_puts(b, "]}\n");
}

bool cmd_evidence_verify(struct command_call *call, struct err *err)
{
    struct evidence_verdict v;
    SCOPED_BUF text = {0};
    const char *wanted = command_text(call, OPTION_EVIDENCE_KEY), *path = command_arg(call, 0);
    if (!evidence_verify(path, command_arena(call), &v, err))
        return false;
    if (command_flag(call, OPTION_JSON))
        put_json(&text, &v);
    else
        put_text(&text, &v, wanted);
    if (!cmd_print(&text, err))
        return false;
    if (v.n_problems)
        return err_set(err, ERR_EVIDENCE, "%s is not what was sealed: %s", path, v.problems[0]);
    return !wanted || strcmp(wanted, v.key) == 0 ||
           err_set(err, ERR_EVIDENCE, "%s is signed by the key %s, not by %s", path, v.key, wanted);
}
