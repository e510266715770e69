#include "base/checks.h"
#include "base/json.h"
#include "base/vec.h"
#include <assert.h>
#include <stdlib.h>

#define KEPT 20 /* findings of one check that are kept as evidence */

struct checks {
    struct arena *a;
    VEC(struct check) list;
};

struct checks *checks_new(struct arena *a)
{
    struct checks *c = calloc(1, sizeof *c);
    if (!c)
        abort();
    c->a = a;
    return c;
}

void checks_free(struct checks *c)
{
    if (!c)
        return;
    vec_done(&c->list);
    free(c);
}

size_t checks_count(const struct checks *c)
{
    return c->list.n;
}

const struct check *checks_at(const struct checks *c, size_t i)
{
    assert(i < c->list.n);
    return &c->list.p[i];
}

int64_t checks_in(const struct checks *c, enum check_state state)
{
    int64_t n = 0;
    for (size_t i = 0; i < c->list.n; i++)
        n += c->list.p[i].state == state;
    return n;
}

/* --- findings --- */

static struct check *last(struct checks *c)
{
    assert(c->list.n > 0);
    return &c->list.p[c->list.n - 1];
}

void checks_begin(struct checks *c, const char *id, const char *what, const char *fix)
{
    *vec_push(&c->list) = (struct check){.id = arena_dup(c->a, id),
                                         .what = arena_dup(c->a, what),
                                         .fix = arena_dup(c->a, fix),
                                         .reason = "",
                                         .evidence = arena_new_array(c->a, struct check_evidence, KEPT)};
}

void checks_skip(struct checks *c, const char *reason)
{
    last(c)->state = CHECK_SKIPPED;
    last(c)->reason = arena_dup(c->a, reason);
}

void checks_found(struct checks *c, enum check_state state, const char *subject, const char *fmt, ...)
{
    struct check *k = last(c);
    va_list args;
    k->state = MAX(k->state, state);
    if (k->found++ >= KEPT)
        return;
    va_start(args, fmt);
    k->evidence[k->n_evidence++] = (struct check_evidence){arena_dup(c->a, subject), arena_vprintf(c->a, fmt, args)};
    va_end(args);
}

/* --- as text and JSON --- */

static const char *state_name(enum check_state state)
{
    switch (state) {
    case CHECK_OK:
        return "ok";
    case CHECK_SKIPPED:
        return "skipped";
    case CHECK_WARNING:
        return "warning";
    case CHECK_BLOCKER:
        return "blocker";
    }
    abort();
}

static void put_member(struct buf *b, const char *name, const char *value)
{
    buf_printf(b, "\"%s\":", name);
    json_put_string(b, str_of(value));
}

void check_put_evidence_json(const struct check *k, struct buf *b)
{
    buf_printf(b, "\"found\":%" PRId64 ",\"evidence\":[", k->found);
    for (size_t i = 0; i < k->n_evidence; i++) {
        buf_puts(b, i ? ",{" : "{");
        put_member(b, "subject", k->evidence[i].subject);
        buf_putc(b, ',');
        put_member(b, "detail", k->evidence[i].detail);
        buf_putc(b, '}');
    }
    buf_putc(b, ']');
}

static void put_check(struct buf *b, const struct check *k)
{
    buf_putc(b, '{');
    put_member(b, "id", k->id);
    buf_printf(b, ",\"state\":\"%s\",", state_name(k->state));
    put_member(b, "what", k->what);
    buf_putc(b, ',');
    put_member(b, "fix", k->fix);
    buf_putc(b, ',');
    put_member(b, "reason", k->reason);
    buf_putc(b, ',');
    check_put_evidence_json(k, b);
    buf_putc(b, '}');
}

void checks_put_json(const struct checks *c, struct buf *b)
{
    buf_printf(b, "{\"blockers\":%" PRId64 ",\"warnings\":%" PRId64 ",\"checks\":[", checks_in(c, CHECK_BLOCKER),
               checks_in(c, CHECK_WARNING));
    for (size_t i = 0; i < checks_count(c); i++) {
        buf_puts(b, i ? "," : "");
        put_check(b, checks_at(c, i));
    }
    buf_puts(b, "]}\n");
}

void check_put_evidence_text(const struct check *k, struct buf *b)
{
    for (size_t j = 0; j < k->n_evidence; j++)
        buf_printf(b, "         %s: %s\n", k->evidence[j].subject, k->evidence[j].detail);
    if (k->found > (int64_t)k->n_evidence)
        buf_printf(b, "         and %" PRId64 " more\n", k->found - (int64_t)k->n_evidence);
}

void checks_put_text(const struct checks *c, struct buf *b)
{
    for (size_t i = 0; i < checks_count(c); i++) {
        const struct check *k = checks_at(c, i);
        buf_printf(b, "%-8s %s: %s", state_name(k->state), k->id, k->what);
        buf_printf(b, k->reason[0] ? " (%s)\n" : "\n", k->reason);
        check_put_evidence_text(k, b);
        if (k->found)
            buf_printf(b, "         fix: %s\n", k->fix);
    }
}
