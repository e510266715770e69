#include "checklist/overview.h"
#include "base/clock.h"
#include "base/html.h"
#include "base/json.h"

#define STATES (ITEM_OVERRIDDEN + 1)
#define GATES (GATE_OPEN + 1)

size_t overview_in(const struct overview *r, enum item_state state)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++)
        n += r->entries[i].state == state;
    return n;
}

size_t overview_open(const struct overview *r)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++)
        n += r->entries[i].item->blocks && history_is_open(r->entries[i].state);
    return n;
}

/* Gates in the order of an upgrade; items that keep nothing closed come last. */
static enum gate gate_at(int i)
{
    return i + 1 < GATES ? (enum gate)(i + 1) : GATE_NONE;
}

static const char *gate_title(enum gate gate)
{
    static const char *const titles[] = {[GATE_NONE] = "keeps nothing closed",
                                         [GATE_REPLICATE] = "before replication",
                                         [GATE_UPGRADE] = "before the upgrade",
                                         [GATE_CUTOVER] = "before the cutover",
                                         [GATE_OPEN] = "before users are let in"};
    return titles[gate];
}

static bool has_gate(const struct overview *r, enum gate gate)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->entries[i].item->gate == gate)
            return true;
    return false;
}

static bool is_waiting(const struct item_entry *e)
{
    return e->state == ITEM_OPEN || e->state == ITEM_EXPIRED;
}

/* "Ada on 2026-03-01T22:14:05.123Z: signed in the meeting" */
static const char *said(const struct history_word *w, struct arena *a)
{
    char at[32];
    clock_iso(w->at_us, at);
    return arena_printf(a, "%s on %s: %s", w->by, at, w->text);
}

/* Why it stands where it stands, one sentence, or "". */
static const char *remark(const struct item_entry *e, struct arena *a)
{
    const struct history *h = &e->history;
    switch (e->state) {
    case ITEM_CONFIRMED:
        return arena_printf(a, "confirmed by %s", said(&h->confirmed, a));
    case ITEM_EXPIRED:
        return arena_printf(a, "%s; it was confirmed by %s", h->expired, said(&h->confirmed, a));
    case ITEM_OVERRIDDEN:
        return arena_printf(a, "overridden by %s", said(&h->overridden, a));
    case ITEM_NOT_APPLICABLE:
        return history_member(h->detail, "reason", a);
    case ITEM_PASSED:
    case ITEM_FAILED:
        return history_member(h->detail, "summary", a);
    case ITEM_NEVER:
    case ITEM_OPEN:
        return "";
    }
    abort();
}

/* --- text --- */

static void put_entry(struct buf *b, const struct item_entry *e, struct arena *a)
{
    const char *why = remark(e, a);
    bool open = history_is_open(e->state);
    buf_printf(b, "  %-14s  %s: %s%s\n", history_state_name(e->state), e->item->id, e->item->title,
               open && !e->item->blocks ? " (warning)" : "");
    if (why[0])
        buf_printf(b, "                  %s\n", why);
    if (e->state == ITEM_FAILED || e->state == ITEM_OVERRIDDEN) {
        struct check found = history_evidence(e->history.detail, a);
        SCOPED_BUF lines = {0};
        check_put_evidence_text(&found, &lines);
        struct str rest = buf_str(&lines);
        while (rest.n) {
            struct str line = str_split(&rest, '\n');
            buf_printf(b, "         %.*s\n", STR_ARG(line));
        }
    }
    if (is_waiting(e))
        buf_printf(b, "                  question: %s\n", e->question);
    if (open && e->state != ITEM_NEVER)
        buf_printf(b, "                  fix: %s\n", e->item->fix);
    if (open && e->item->owner[0])
        buf_printf(b, "                  owner: %s\n", e->item->owner);
}

static void put_counts(struct buf *b, const struct overview *r)
{
    const char *separator = "";
    for (int s = 0; s < STATES; s++) {
        size_t n = overview_in(r, (enum item_state)s);
        if (n)
            buf_printf(b, "%s%zu %s", separator, n, history_state_name((enum item_state)s));
        separator = n ? ", " : separator;
    }
}

static void put_overrides(struct buf *b, const struct overview *r, struct arena *a)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->entries[i].history.is_overridden)
            buf_printf(b, "  override of %s: %s\n", r->entries[i].item->id, said(&r->entries[i].history.overridden, a));
}

void overview_put_text(const struct overview *r, struct buf *b)
{
    SCOPED(arena) a = arena_new();
    buf_printf(b, "checklist of %s %s%s%s: ", r->package, r->version, r->phase[0] ? ", " : "", r->phase);
    put_counts(b, r);
    buf_puts(b, r->n ? "\n" : "it has no such items\n");
    put_overrides(b, r, a);
    for (int g = 0; g < GATES; g++) {
        if (!has_gate(r, gate_at(g)))
            continue;
        buf_printf(b, "\n%s\n", gate_title(gate_at(g)));
        for (size_t i = 0; i < r->n; i++)
            if (r->entries[i].item->gate == gate_at(g))
                put_entry(b, &r->entries[i], a);
    }
}

/* --- JSON --- */

static void put_string(struct buf *b, const char *name, const char *value)
{
    buf_printf(b, "\"%s\":", name);
    json_put_string(b, str_of(value));
    buf_putc(b, ',');
}

static void put_time(struct buf *b, const char *name, int64_t at_us)
{
    char at[32] = "";
    if (at_us)
        clock_iso(at_us, at);
    put_string(b, name, at);
}

static void put_word(struct buf *b, const char *name, const struct history_word *w, const char *text)
{
    buf_printf(b, "\"%s\":{", name);
    put_string(b, "by", w->by);
    put_time(b, "at", w->at_us);
    put_string(b, "account", w->who);
    buf_printf(b, "\"%s\":", text);
    json_put_string(b, str_of(w->text));
    buf_puts(b, "},");
}

static void put_json_entry(struct buf *b, const struct item_entry *e, struct arena *a)
{
    const struct history *h = &e->history;
    struct check found = history_evidence(h->detail, a);
    buf_putc(b, '{');
    put_string(b, "id", e->item->id);
    put_string(b, "title", e->item->title);
    put_string(b, "phase", checklist_phase_name(e->item->phase));
    put_string(b, "gate", checklist_gate_name(e->item->gate));
    put_string(b, "severity", e->item->blocks ? "blocker" : "warning");
    put_string(b, "state", history_state_name(e->state));
    put_string(b, "owner", e->item->owner);
    put_string(b, "why", e->item->why);
    put_string(b, "fix", e->item->fix);
    put_string(b, "question", e->question);
    put_string(b, "remark", remark(e, a));
    put_time(b, "looked_at", h->at_us);
    if (h->is_confirmed)
        put_word(b, "confirmation", &h->confirmed, "note");
    if (h->is_overridden)
        put_word(b, "override", &h->overridden, "reason");
    buf_printf(b, "\"open\":%s,", history_is_open(e->state) ? "true" : "false");
    check_put_evidence_json(&found, b);
    buf_putc(b, '}');
}

void overview_put_json(const struct overview *r, struct buf *b)
{
    SCOPED(arena) a = arena_new();
    buf_putc(b, '{');
    put_string(b, "package", r->package);
    put_string(b, "package_version", r->version);
    put_string(b, "phase", r->phase);
    put_time(b, "at", r->at_us);
    buf_printf(b, "\"open_blockers\":%zu,\"overridden\":%zu,\"items\":[", overview_open(r),
               overview_in(r, ITEM_OVERRIDDEN));
    for (size_t i = 0; i < r->n; i++) {
        buf_puts(b, i ? "," : "");
        put_json_entry(b, &r->entries[i], a);
    }
    buf_puts(b, "]}\n");
}

/* --- HTML --- */

static enum html_tone tone_of(const struct item_entry *e)
{
    if (e->state == ITEM_OVERRIDDEN)
        return HTML_WARN;
    if (history_is_open(e->state))
        return e->item->blocks ? HTML_BAD : HTML_WARN;
    return e->state == ITEM_NOT_APPLICABLE ? HTML_MUTED : HTML_GOOD;
}

static void put_html_evidence(struct buf *b, const struct item_entry *e, struct arena *a)
{
    struct check found = history_evidence(e->history.detail, a);
    if (!found.n_evidence)
        return;
    html_table_begin(b, "what|detail");
    for (size_t i = 0; i < found.n_evidence; i++) {
        html_row_begin(b);
        html_cell(b, found.evidence[i].subject);
        html_cell(b, found.evidence[i].detail);
        html_row_end(b);
    }
    html_table_end(b);
    if (found.found > (int64_t)found.n_evidence)
        html_paragraph(b, HTML_MUTED, arena_printf(a, "and %" PRId64 " more", found.found - (int64_t)found.n_evidence));
}

static void put_html_entry(struct buf *b, const struct item_entry *e, struct arena *a)
{
    html_heading(b, 3, arena_printf(a, "%s %s", e->item->id, e->item->title));
    html_badge(b, tone_of(e), history_state_name(e->state));
    html_paragraph(b, HTML_MUTED, e->item->why);
    if (remark(e, a)[0])
        html_paragraph(b, HTML_PLAIN, remark(e, a));
    if (is_waiting(e))
        html_paragraph(b, HTML_PLAIN, arena_printf(a, "Question: %s", e->question));
    if (history_is_open(e->state))
        html_paragraph(b, HTML_PLAIN, arena_printf(a, "What to do: %s", e->item->fix));
    if (e->item->owner[0])
        html_paragraph(b, HTML_MUTED, arena_printf(a, "Owner: %s", e->item->owner));
    put_html_evidence(b, e, a);
}

static void put_html_overrides(struct buf *b, const struct overview *r, struct arena *a)
{
    bool any = false;
    for (size_t i = 0; i < r->n; i++)
        any = any || r->entries[i].history.is_overridden;
    if (!any)
        return;
    html_heading(b, 2, "Overrides");
    for (size_t i = 0; i < r->n; i++)
        if (r->entries[i].history.is_overridden)
            html_paragraph(
                b, HTML_WARN,
                arena_printf(a, "%s: %s", r->entries[i].item->id, said(&r->entries[i].history.overridden, a)));
}

static void put_html_figures(struct buf *b, const struct overview *r, struct arena *a)
{
    size_t open = overview_open(r);
    html_figures_begin(b);
    html_figure(b, open ? HTML_BAD : HTML_GOOD, arena_printf(a, "%zu", open), "blocking items are open");
    for (int s = 0; s < STATES; s++) {
        size_t n = overview_in(r, (enum item_state)s);
        if (n)
            html_figure(b, HTML_PLAIN, arena_printf(a, "%zu", n), history_state_name((enum item_state)s));
    }
    html_figures_end(b);
}

void overview_put_html(const struct overview *r, struct buf *b)
{
    SCOPED(arena) a = arena_new();
    char at[32];
    clock_iso(r->at_us, at);
    html_page_begin(b, arena_printf(a, "carryover check %s", at));
    html_heading(b, 1, arena_printf(a, "Checklist of %s %s", r->package, r->version));
    html_paragraph(b, HTML_MUTED, arena_printf(a, "As of %s. %s", at, r->phase[0] ? r->phase : "Both phases."));
    put_html_figures(b, r, a);
    put_html_overrides(b, r, a);
    for (int g = 0; g < GATES; g++) {
        if (!has_gate(r, gate_at(g)))
            continue;
        html_heading(b, 2, gate_title(gate_at(g)));
        for (size_t i = 0; i < r->n; i++)
            if (r->entries[i].item->gate == gate_at(g))
                put_html_entry(b, &r->entries[i], a);
    }
    html_page_end(b);
}
