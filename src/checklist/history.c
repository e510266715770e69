#include "checklist/history.h"
#include <jansson.h>

static json_t *load(const char *detail)
{
    json_t *root = json_loads(detail, 0, NULL);
    return root ? root : json_object();
}

const char *history_member(const char *detail, const char *name, struct arena *a)
{
    json_t *root = load(detail), *value = json_object_get(root, name);
    const char *text = json_string_value(value);
    char *dumped = value && !text ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    const char *ret = arena_dup(a, text ? text : dumped ? dumped : "");
    free(dumped);
    json_decref(root);
    return ret;
}

static const char *text_of(const json_t *map, const char *name, struct arena *a)
{
    const char *text = json_string_value(json_object_get(map, name));
    return arena_dup(a, text ? text : "");
}

struct check history_evidence(const char *detail, struct arena *a)
{
    json_t *root = load(detail), *list = json_object_get(root, "evidence");
    struct check k = {.found = json_integer_value(json_object_get(root, "found")), .n_evidence = json_array_size(list)};
    k.evidence = arena_new_array(a, struct check_evidence, k.n_evidence + 1);
    for (size_t i = 0; i < k.n_evidence; i++) {
        const json_t *e = json_array_get(list, i);
        k.evidence[i] = (struct check_evidence){text_of(e, "subject", a), text_of(e, "detail", a)};
    }
    json_decref(root);
    return k;
}

static struct history_word word_of(const struct history_event *e, const char *member, struct arena *a)
{
    return (struct history_word){.by = history_member(e->detail, "by", a),
                                 .text = history_member(e->detail, member, a),
                                 .who = e->who,
                                 .at_us = e->at_us};
}

static void take_result(struct history *h, const struct history_event *e)
{
    static const char *const names[] = {"never", "passed", "failed", "not-applicable", "asked"};
    for (size_t i = 1; i < ARRAY_LEN(names); i++) {
        if (strcmp(e->event, names[i]) != 0)
            continue;
        h->result = (enum history_result)i;
        h->at_us = e->at_us;
        h->detail = e->detail;
    }
}

static void take_word(struct history *h, const struct history_event *e, struct arena *a)
{
    if (strcmp(e->event, "confirmed") == 0) {
        h->is_confirmed = true;
        h->is_expired = false;
        h->confirmed = word_of(e, "note", a);
        h->rests = history_member(e->detail, "rests", a);
    } else if (strcmp(e->event, "expired") == 0) {
        h->is_expired = true;
        h->expired = history_member(e->detail, "why", a);
    } else if (strcmp(e->event, "overridden") == 0) {
        h->is_overridden = true;
        h->overridden = word_of(e, "reason", a);
    } else if (strcmp(e->event, "withdrawn") == 0) {
        h->is_confirmed = h->is_expired = h->is_overridden = false;
    }
}

void history_fold(const struct history_event *events, size_t n, const char *item, struct arena *a, struct history *ret)
{
    *ret = (struct history){.detail = "{}", .rests = "{}", .expired = ""};
    for (size_t i = 0; i < n; i++) {
        if (strcmp(events[i].item, item) != 0)
            continue;
        take_result(ret, &events[i]);
        take_word(ret, &events[i], a);
    }
}

/* --- where it stands --- */

/* What only a person can know. */
static enum item_state asked_state(const struct history *h)
{
    if (h->is_confirmed)
        return h->is_expired ? ITEM_EXPIRED : ITEM_CONFIRMED;
    return ITEM_OPEN;
}

static enum item_state own_state(const struct checklist_item *item, const struct history *h)
{
    if (item->kind == CHECKLIST_MANUAL)
        return h->result == HISTORY_NOT_APPLICABLE ? ITEM_NOT_APPLICABLE : asked_state(h);
    switch (h->result) {
    case HISTORY_NEVER:
        return ITEM_NEVER;
    case HISTORY_PASSED:
        return ITEM_PASSED;
    case HISTORY_FAILED:
        return ITEM_FAILED;
    case HISTORY_NOT_APPLICABLE:
        return ITEM_NOT_APPLICABLE;
    case HISTORY_ASKED:
        return asked_state(h);
    }
    abort();
}

bool history_is_open(enum item_state state)
{
    return state == ITEM_NEVER || state == ITEM_FAILED || state == ITEM_OPEN || state == ITEM_EXPIRED;
}

enum item_state history_state(const struct checklist_item *item, const struct history *h)
{
    enum item_state own = own_state(item, h);
    return h->is_overridden && history_is_open(own) ? ITEM_OVERRIDDEN : own;
}

const char *history_state_name(enum item_state state)
{
    static const char *const names[] = {[ITEM_NEVER] = "never run", [ITEM_PASSED] = "passed",
                                        [ITEM_FAILED] = "failed",   [ITEM_NOT_APPLICABLE] = "not applicable",
                                        [ITEM_OPEN] = "to confirm", [ITEM_CONFIRMED] = "confirmed",
                                        [ITEM_EXPIRED] = "expired", [ITEM_OVERRIDDEN] = "overridden"};
    return names[state];
}

/* --- what a confirmation rests on --- */

static const char *describe(const char *name, struct arena *a)
{
    if (strcmp(name, "package") == 0)
        return "the package has changed since";
    if (strcmp(name, "config") == 0)
        return "the configuration has changed since";
    return arena_printf(a, "what it rests on has changed since (%s)", name);
}

const char *history_changed(const char *rests, const char *now, struct arena *a)
{
    json_t *before = load(rests), *after = load(now), *value = NULL;
    const char *name = NULL, *why = NULL;
    json_object_foreach(after, name, value)
    {
        if (!why && !json_equal(value, json_object_get(before, name)))
            why = describe(name, a);
    }
    json_decref(before);
    json_decref(after);
    return why;
}
