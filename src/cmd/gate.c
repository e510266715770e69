#include "cmd/gate.h"
#include "base/json.h"
#include "base/log.h"
#include "cmd/checkup.h"

struct judging {
    struct buf open;    /* "  ID: title (state)" lines */
    struct buf next;    /* what to do about the first ones */
    struct buf verdict; /* JSON of the items that are open or overridden */
    size_t n_open;
};

static void judge(struct judging *j, const struct item_entry *e)
{
    const struct checklist_item *i = e->item;
    if (e->state == ITEM_OVERRIDDEN)
        log_warn("gate.override", "%s is open; %s let it go: %s", i->id, e->history.overridden.by,
                 e->history.overridden.text);
    if (e->state == ITEM_OVERRIDDEN || history_is_open(e->state)) {
        buf_puts(&j->verdict, j->verdict.n > 1 ? "," : "");
        json_put_string(&j->verdict, str_of(i->id));
        buf_puts(&j->verdict, e->state == ITEM_OVERRIDDEN ? ":\"overridden\"" : ":\"open\"");
    }
    if (!history_is_open(e->state))
        return;
    bool asks = e->state == ITEM_OPEN || e->state == ITEM_EXPIRED;
    buf_printf(&j->open, "\n  %s (%s): %s", i->id, history_state_name(e->state), i->title);
    if (j->n_open++ == 0)
        buf_printf(&j->next,
                   asks ? "`carryover check confirm %s --by NAME --note TEXT` when it is so (%s)."
                        : "`carryover check --item %s` shows what it found. %s.",
                   i->id, asks ? e->question : i->fix);
}

/* Only what is new: gates are asked again whenever a command is. */
static bool write_verdict(struct checkup *c, enum gate gate, const struct judging *j, struct err *err)
{
    const char *step = arena_printf(c->a, "gate:%s", checklist_gate_name(gate)), *event = j->n_open ? "closed" : "open";
    const struct history_event *last = NULL;
    for (size_t i = 0; i < c->run.n_events; i++)
        last = strcmp(c->run.events[i].item, step) == 0 ? &c->run.events[i] : last;
    return (last && strcmp(last->event, event) == 0 && strcmp(last->detail, buf_text(&j->verdict)) == 0) ||
           checkup_note(c, step, event, buf_text(&j->verdict), err);
}

static bool refuse(enum gate gate, const struct judging *j, struct err *err)
{
    err_set(err, ERR_GATE, "%zu blocking item%s of the checklist %s open before `%s`:%s", j->n_open,
            j->n_open == 1 ? "" : "s", j->n_open == 1 ? "is" : "are", checklist_gate_name(gate), buf_text(&j->open));
    return err_hint(err, "%s", buf_text(&j->next));
}

static bool look(struct checkup *c, enum gate gate, struct judging *j, struct err *err)
{
    buf_putc(&j->verdict, '{');
    for (size_t i = 0; i < c->n_items; i++) {
        struct item_entry e;
        if (c->items[i].gate != gate || !c->items[i].blocks)
            continue;
        if (!item_run_one(&c->run, &c->items[i], true, &e, err))
            return false;
        judge(j, &e);
    }
    buf_putc(&j->verdict, '}');
    return true;
}

static bool has_items(const struct package *p, struct arena *a, enum gate gate)
{
    struct checklist_item *items = NULL;
    size_t n = 0;
    checklist_items(p, a, &items, &n);
    for (size_t i = 0; i < n; i++)
        if (items[i].gate == gate && items[i].blocks)
            return true;
    return false;
}

bool gate_check(struct project *p, struct arena *a, enum gate gate, struct err *err)
{
    const struct package *package = NULL;
    struct checkup c = {0};
    struct judging j = {0};
    if (!project_package(p, &package, err) || !has_items(package, a, gate))
        return package != NULL;
    bool ok = checkup_open(&c, p, a, err) && look(&c, gate, &j, err) && write_verdict(&c, gate, &j, err) &&
              (j.n_open == 0 || refuse(gate, &j, err));
    checkup_done(&c);
    buf_done(&j.open);
    buf_done(&j.next);
    buf_done(&j.verdict);
    return ok;
}

bool gate_overrides(struct project *p, struct arena *a, struct gate_override **ret, size_t *ret_n, struct err *err)
{
    struct checkup c;
    *ret_n = 0;
    bool ok = checkup_open(&c, p, a, err);
    *ret = arena_new_array(a, struct gate_override, c.n_items + 1);
    for (size_t i = 0; ok && i < c.n_items; i++) {
        const struct checklist_item *item = &c.items[i];
        struct history h;
        history_fold(c.run.events, c.run.n_events, item->id, a, &h);
        if (h.is_overridden)
            (*ret)[(*ret_n)++] =
                (struct gate_override){item->id,        item->title,       checklist_gate_name(item->gate),
                                       h.overridden.by, h.overridden.text, h.overridden.at_us};
    }
    checkup_done(&c);
    return ok;
}
