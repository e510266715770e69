#include "base/clock.h"
#include "checklist/overview.h"
#include "cmd/checkup.h"
#include "cmd/cmd.h"
#include "cmd/filing.h"

/* --- which items --- */

static bool is_wanted(const struct command_call *call, const struct checklist_item *item)
{
    size_t n = 0;
    const char *phase = command_text(call, OPTION_PHASE);
    const char *const *ids = command_list(call, OPTION_ITEM, &n);
    bool wanted = n == 0;
    for (size_t i = 0; i < n; i++)
        wanted = wanted || str_glob(ids[i], item->id);
    return wanted && (!phase || strcmp(phase, checklist_phase_name(item->phase)) == 0);
}

/* --- looking --- */

static bool collect(const struct command_call *call, struct checkup *c, bool run, struct overview *ret, struct err *err)
{
    const char *phase = command_text(call, OPTION_PHASE);
    size_t asked = 0;
    *ret = (struct overview){.package = c->package->name,
                             .version = c->package->version,
                             .phase = phase ? phase : "",
                             .at_us = clock_wall_us(),
                             .entries = arena_new_array(c->a, struct item_entry, c->n_items + 1)};
    for (size_t i = 0; i < c->n_items; i++) {
        struct item_entry *e = &ret->entries[ret->n];
        if (!is_wanted(call, &c->items[i]))
            continue;
        ret->n++;
        if (!run)
            item_run_read(&c->run, &c->items[i], e);
        else if (!item_run_one(&c->run, &c->items[i], false, e, err))
            return false;
    }
    command_list(call, OPTION_ITEM, &asked);
    return ret->n > 0 || asked == 0 || err_set(err, ERR_ITEM_UNKNOWN, "no item has such an id");
}

static bool file_report(struct checkup *c, const struct overview *o, char **ret_page, struct err *err)
{
    SCOPED_BUF json = {0}, html = {0};
    const char *name = arena_printf(c->a, "check%s%s", o->phase[0] ? "-" : "", o->phase);
    overview_put_json(o, &json);
    overview_put_html(o, &html);
    return filing_write(c->project, name, o->at_us, buf_str(&json), buf_str(&html), c->a, ret_page, err);
}

static bool print(const struct command_call *call, const struct overview *o, const char *page, struct err *err)
{
    SCOPED_BUF text = {0};
    if (command_flag(call, OPTION_JSON))
        overview_put_json(o, &text);
    else
        overview_put_text(o, &text);
    if (page && !command_flag(call, OPTION_JSON))
        buf_printf(&text, "\nreport    %s\n", page);
    return cmd_print(&text, err);
}

static bool judge(const struct overview *o, struct err *err)
{
    size_t open = overview_open(o);
    return open == 0 || err_set(err, ERR_FINDINGS, "%zu blocking items of the checklist are open", open);
}

static bool look(struct command_call *call, struct checkup *c, struct err *err)
{
    struct overview o;
    char *page = NULL;
    return collect(call, c, true, &o, err) && file_report(c, &o, &page, err) && print(call, &o, page, err) &&
           judge(&o, err);
}

static bool list(struct command_call *call, struct checkup *c, struct err *err)
{
    struct overview o;
    return collect(call, c, false, &o, err) && print(call, &o, NULL, err);
}

static bool with_checkup(struct command_call *call, bool (*fn)(struct command_call *, struct checkup *, struct err *),
                         struct err *err)
{
    struct project *p = NULL;
    struct checkup c;
    if (!command_project(call, &p, err))
        return false;
    bool ok = checkup_open(&c, p, command_arena(call), err) && fn(call, &c, err);
    checkup_done(&c);
    return ok;
}

bool cmd_check(struct command_call *call, struct err *err)
{
    return with_checkup(call, look, err);
}

bool cmd_check_list(struct command_call *call, struct err *err)
{
    return with_checkup(call, list, err);
}

/* --- what people say --- */

/* A name and a text that are worth writing down. */
static bool read_word(const struct command_call *call, enum option text, const char **ret_by, const char **ret_text,
                      struct err *err)
{
    *ret_by = command_text(call, OPTION_BY);
    *ret_text = command_text(call, text);
    if (!*ret_by || str_trim(str_of(*ret_by)).n == 0)
        return err_set(err, ERR_USAGE, "say who says so: --by NAME");
    if (!*ret_text || str_trim(str_of(*ret_text)).n == 0)
        return err_set(err, ERR_USAGE, "say why: --%s TEXT", option_info(text)->name);
    return true;
}

static bool say(struct command_call *call, struct checkup *c, const char *event, enum option option, struct err *err)
{
    const struct checklist_item *item = NULL;
    const char *by = NULL, *text = NULL;
    struct overview o = {.package = c->package->name, .version = c->package->version, .phase = "", .n = 1};
    struct item_entry e;
    if (!read_word(call, option, &by, &text, err) || !checkup_item(c, command_arg(call, 0), &item, err) ||
        !item_run_say(&c->run, item, event, by, text, err))
        return false;
    item_run_read(&c->run, item, &e);
    o.entries = &e;
    o.at_us = clock_wall_us();
    return print(call, &o, NULL, err);
}

static bool confirm(struct command_call *call, struct checkup *c, struct err *err)
{
    return say(call, c, "confirmed", OPTION_NOTE, err);
}

static bool withdraw(struct command_call *call, struct checkup *c, struct err *err)
{
    return say(call, c, "withdrawn", OPTION_REASON, err);
}

static bool override(struct command_call *call, struct checkup *c, struct err *err)
{
    return say(call, c, "overridden", OPTION_REASON, err);
}

bool cmd_check_confirm(struct command_call *call, struct err *err)
{
    return with_checkup(call, confirm, err);
}

bool cmd_check_withdraw(struct command_call *call, struct err *err)
{
    return with_checkup(call, withdraw, err);
}

bool cmd_check_override(struct command_call *call, struct err *err)
{
    return with_checkup(call, override, err);
}
