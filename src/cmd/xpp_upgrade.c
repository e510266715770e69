#include "base/file.h"
#include "cmd/xpp.h"
#include "forward/outfolder.h"

static bool write_report(const struct display *r, const char *folder, struct arena *a, struct err *err)
{
    static const struct {
        const char *name;
        void (*display)(const struct display *r, struct buf *b);
    } forms[] = {{"xpp-report.json", display_json}, {"xpp-report.csv", display_csv}, {"xpp-report.html", display_html}};
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        SCOPED_BUF b = {0};
        forms[i].display(r, &b);
        if (!file_put(arena_printf(a, "%s/%s", folder, forms[i].name), buf_str(&b), err))
            return false;
    }
    return true;
}

static bool print(const struct command_call *call, const struct display *r, struct err *err)
{
    SCOPED_BUF b = {0};
    if (command_flag(call, OPTION_JSON))
        display_json(r, &b);
    else
        display_text(r, &b);
    return cmd_print(&b, err);
}

static bool finish(const struct command_call *call, const struct forward_options *o,
                   const struct forward_result *result, struct err *err)
{
    struct display r;
    struct arena *a = command_arena(call);
    xpp_render(result, o->book, a, &r);
    r.out = o->out;
    if (!xpp_files(call, &r, err))
        return false;
    if (o->out && (!write_report(&r, result->folder, a, err) || !outfolder_commit(o->out, result->folder, a, err)))
        return false;
    uint64_t broken = xpp_broken(&r);
    return print(call, &r, err) &&
           (broken == 0 || err_set(err, ERR_FINDINGS, "%lu places could not be read; everything else was", broken) ||
            err_hint(err,
                     "look for the rules XPO and XPP in the report; `carryover xpp parse FILE` shows a file's places"));
}

bool cmd_xpp_upgrade(struct command_call *call, struct err *err)
{
    SCOPED(rulebook) book = NULL;
    struct forward_options o = {0};
    struct forward_result result = {0};
    const char *standard, *out = command_text(call, OPTION_OUT);
    bool estimate = command_flag(call, OPTION_ESTIMATE);
    if (!out && !estimate)
        return err_set(err, ERR_USAGE, "where to? the models are written into a folder") ||
               err_hint(err, "--out DIR names it; --estimate reports without writing");
    bool ok = xpp_rules(call, &book, &standard, err) && xpp_options(call, book, standard, &o, err);
    o.out = estimate ? NULL : out;
    ok = ok && xpp_run(&o, &result, err) && finish(call, &o, &result, err);
    forward_done(&result);
    vec_done(&o.inputs);
    return ok;
}
