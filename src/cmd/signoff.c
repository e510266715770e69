#include "cmd/signoff.h"
#include "base/clock.h"
#include "base/file.h"
#include "cmd/cmd.h"
#include "cmd/open.h"
#include "db/shape.h"
#include "db/target.h"
#include "db/uri.h"

#define NAMES_SHOWN 8
#define SIGNED "signed"

/* --- what it is about --- */

/* Where things are and how fast they go decides nothing; passwords stay out of the journal. */
static const char *value_of(const struct project *p, enum setting s, struct arena *a)
{
    if (s == SETTING_SOURCE || s == SETTING_TARGET)
        return uri_masked(a, project_text(p, s));
    return project_text(p, s);
}

static void freeze_settings(struct freeze *f, const struct project *p)
{
    for (int s = 0; s < SETTING_COUNT; s++)
        freeze_text(f, arena_printf(f->a, "setting %s", setting_info((enum setting)s)->key),
                    value_of(p, (enum setting)s, f->a));
}

/* What the project says beside its settings: runbook.yaml and the like. */
static bool freeze_project_files(struct freeze *f, const struct project *p, struct err *err)
{
    char **names = NULL;
    size_t n = 0;
    if (!file_list(project_dir(p), ".yaml", f->a, &names, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], "carryover.yaml") != 0 &&
            !freeze_file(f, arena_printf(f->a, "project %s", names[i]), project_path(p, names[i]), err))
            return false;
    return true;
}

static bool freeze_target(struct freeze *f, struct pg *target, struct err *err)
{
    struct shape_object *objects = NULL;
    size_t n = 0;
    if (!shape_read(target, TARGET_NEW, f->a, &objects, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        freeze_text(f, arena_printf(f->a, "target %s", objects[i].name), objects[i].digest);
    return true;
}

static void freeze_package_settings(struct freeze *f, const struct package *package)
{
    for (size_t i = 0; i < package->n_settings; i++)
        freeze_text(f, arena_printf(f->a, "setting settings.%s", package->settings[i].name),
                    package->settings[i].value);
}

bool signoff_freeze(struct project *p, struct pg *target, struct arena *a, struct freeze *ret, struct err *err)
{
    const struct package *package = NULL;
    freeze_init(ret, a);
    if (!project_package(p, &package, err) || !freeze_folder(ret, "package", package->dir, err) ||
        !freeze_file(ret, "binary carryover", "/proc/self/exe", err) || !freeze_project_files(ret, p, err) ||
        (target && !freeze_target(ret, target, err)))
        return err_wrap(err, "reading what a sign-off is about");
    freeze_settings(ret, p);
    freeze_package_settings(ret, package);
    freeze_sort(ret);
    return true;
}

/* --- is it still the same? --- */

static bool last_good(struct journal *j, const char *kind, struct arena *a, int64_t *ret, struct err *err)
{
    struct journal_run *runs = NULL;
    size_t n = 0;
    *ret = 0;
    if (!journal_runs(j, kind, a, &runs, &n, err))
        return false;
    if (n && runs[n - 1].ended && !runs[n - 1].abandoned)
        *ret = runs[n - 1].id;
    return true;
}

/* Since when nothing that was rehearsed counts any more: the last rehearsal, whatever came of it. */
static bool last_tried(struct journal *j, struct arena *a, int64_t *ret, struct err *err)
{
    struct journal_run *runs = NULL;
    size_t n = 0;
    bool ok = journal_runs(j, SIGNOFF_REHEARSAL, a, &runs, &n, err);
    *ret = ok && n ? runs[n - 1].id : 0;
    return ok;
}

static bool check_chain(struct journal *j, struct err *err)
{
    char last[DIGEST_HEX];
    int64_t broken = 0;
    return journal_check(j, &broken, last, err) &&
           (!broken ||
            err_set(err, ERR_GUARD, "somebody has changed the journal: event %" PRId64 " is not what it was", broken));
}

static bool refuse(struct err *err, const char *hint, const char *what)
{
    err_set(err, ERR_SIGNOFF, "%s", what);
    return err_hint(err, "%s", hint);
}

static const char *const how =
    "Rehearse it with `carryover cutover --mock`, then `carryover cutover signoff --by NAME`.";

static void forget_target(struct freeze *f)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++)
        if (strncmp(f->p[i].name, "target ", strlen("target ")) != 0)
            f->p[n++] = f->p[i];
    f->n = n;
}

/* Fails when `run` of the journal was about something else than what is there now. */
static bool same_as(struct project *p, struct pg *target, struct journal *j, int64_t run, struct arena *a,
                    const char *said, struct err *err)
{
    struct freeze now, then;
    SCOPED_BUF differ = {0};
    freeze_init(&then, a);
    if (!signoff_freeze(p, target, a, &now, err) || !freeze_load(&then, j, run, err))
        return false;
    if (!target)
        forget_target(&then);
    size_t n = freeze_compare(&then, &now, NAMES_SHOWN, &differ);
    return n == 0 ||
           refuse(err, how, arena_printf(a, "%zu things differ from what was %s: %s", n, said, buf_text(&differ)));
}

static bool signed_event(struct journal *j, int64_t run, struct arena *a, const struct journal_event **ret,
                         struct err *err)
{
    struct journal_event *events = NULL;
    size_t n = 0;
    if (!journal_events(j, run, SIGNED, a, &events, &n, err))
        return false;
    *ret = n ? &events[n - 1] : NULL;
    return true;
}

bool signoff_check(struct project *p, struct pg *target, struct journal *j, struct arena *a, struct buf *detail,
                   struct err *err)
{
    int64_t signed_off = 0, rehearsed = 0;
    const struct journal_event *e = NULL;
    char at[32];
    if (!check_chain(j, err) || !last_good(j, SIGNOFF, a, &signed_off, err) || !last_tried(j, a, &rehearsed, err))
        return false;
    if (!signed_off && strcmp(project_text(p, SETTING_SIGNOFF), "optional") == 0) {
        buf_puts(detail, "nobody has signed off, as cutover.signoff allows");
        return true;
    }
    if (!signed_off)
        return refuse(err, how, "nobody has signed off this cutover");
    if (rehearsed > signed_off)
        return refuse(err, "Look at its report, then `carryover cutover signoff --by NAME`.",
                      "there was a rehearsal after the sign-off");
    if (!same_as(p, target, j, signed_off, a, "signed off", err) || !signed_event(j, signed_off, a, &e, err))
        return false;
    clock_iso(e ? e->at_us : 0, at);
    buf_printf(detail, "signed off by %s at %s", e ? e->who : "?", at);
    return true;
}

/* --- the command --- */

static bool sign(struct project *p, struct pg *target, struct journal *j, const char *note, struct arena *a,
                 size_t *ret_n, struct err *err)
{
    struct freeze now;
    int64_t rehearsed = 0, run = 0;
    if (!last_good(j, SIGNOFF_REHEARSAL, a, &rehearsed, err))
        return false;
    if (!rehearsed)
        return refuse(err, how, "the last rehearsal has not come to its end: there is nothing to sign off");
    if (!same_as(p, target, j, rehearsed, a, "rehearsed", err) || !signoff_freeze(p, target, a, &now, err))
        return false;
    *ret_n = now.n;
    return journal_begin(j, SIGNOFF, &run, err) && freeze_store(&now, j, run, err) &&
           journal_add(j, run, SIGNED, "done", note, err) && journal_add(j, run, "", "ended", "", err);
}

bool cmd_cutover_signoff(struct command_call *call, struct err *err)
{
    struct project *p = NULL;
    SCOPED(journal) j = NULL;
    SCOPED(pg) target = NULL;
    SCOPED_BUF text = {0};
    size_t n = 0;
    const char *by = command_text(call, OPTION_BY), *note = command_text(call, OPTION_NOTE);
    if (!by || !*by)
        return err_set(err, ERR_USAGE, "who signs off? name a person with --by NAME");
    if (!command_project(call, &p, err) || !open_journal(p, &j, err) || !open_pg(p, OPEN_TARGET, &target, err))
        return false;
    journal_set_who(j, by);
    if (!sign(p, target, j, note ? note : "", command_arena(call), &n, err))
        return false;
    if (command_flag(call, OPTION_JSON))
        buf_printf(&text, "{\"signed_off\":true,\"things\":%zu}\n", n);
    else
        buf_printf(&text,
                   "signed off by %s: %zu files, settings and tables are frozen until the next rehearsal\n"
                   "  next: carryover cutover --yes\n",
                   by, n);
    return cmd_print(&text, err);
}
