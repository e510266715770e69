#include "verify/report.h"
#include <pthread.h>

struct report *report_new(void)
{
    struct report *r = calloc(1, sizeof *r);
    if (!r || !(r->lock = calloc(1, sizeof(pthread_mutex_t))) || pthread_mutex_init(r->lock, NULL) != 0)
        abort();
    r->arena = arena_new();
    r->id = r->kind = r->package = r->version = "";
    return r;
}

void report_free(struct report *r)
{
    if (!r)
        return;
    vec_each (&r->checks, c) {
        vec_each (&(*c)->rows, row)
            vec_done(&(*row)->values);
        vec_done(&(*c)->rows);
    }
    vec_done(&r->checks);
    vec_done(&r->losses);
    vec_done(&r->remarks);
    arena_free(r->arena);
    pthread_mutex_destroy(r->lock);
    free(r->lock);
    free(r);
}

const char *outcome_name(enum outcome o)
{
    switch (o) {
    case OUTCOME_PASS:
        return "pass";
    case OUTCOME_EXPLAINED:
        return "explained";
    case OUTCOME_SKIPPED:
        return "skipped";
    case OUTCOME_IN_FLIGHT:
        return "in-flight";
    case OUTCOME_FAIL:
        return "fail";
    }
    return "?";
}

const char *report_section_name(enum report_section s)
{
    static const char *const names[] = {"replica", "lenses", "laws", "roundtrip"};
    return s < SECTION_COUNT ? names[s] : "?";
}

const char *report_section_title(enum report_section s)
{
    static const char *const titles[] = {"Replica against the source", "Version N against its lenses", "Laws",
                                         "Round trips"};
    return s < SECTION_COUNT ? titles[s] : "?";
}

static void *copied(struct report *r, const char *text)
{
    return text ? arena_dup(r->arena, text) : NULL;
}

struct report_check *report_check(struct report *r, enum report_section s, const char *name, const char *title)
{
    pthread_mutex_lock(r->lock);
    struct report_check *c = arena_new_one(r->arena, struct report_check);
    *c = (struct report_check){.section = s,
                               .name = copied(r, name),
                               .title = copied(r, title),
                               .note = "",
                               .outcome = OUTCOME_SKIPPED,
                               .expected_rows = -1,
                               .found_rows = -1};
    *vec_push(&r->checks) = c;
    pthread_mutex_unlock(r->lock);
    return c;
}

void report_note(struct report *r, struct report_check *c, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    pthread_mutex_lock(r->lock);
    const char *more = arena_vprintf(r->arena, fmt, args);
    c->note = *c->note ? arena_printf(r->arena, "%s; %s", c->note, more) : more;
    pthread_mutex_unlock(r->lock);
    va_end(args);
}

struct report_row *report_row(struct report *r, struct report_check *c, const char *what, const char *key)
{
    pthread_mutex_lock(r->lock);
    struct report_row *row = arena_new_one(r->arena, struct report_row);
    row->what = copied(r, what);
    row->key = copied(r, key);
    *vec_push(&c->rows) = row;
    pthread_mutex_unlock(r->lock);
    return row;
}

void report_value(struct report *r, struct report_row *row, const char *column, const char *expected, const char *found)
{
    pthread_mutex_lock(r->lock);
    *vec_push(&row->values) = (struct report_value){copied(r, column), copied(r, expected), copied(r, found)};
    pthread_mutex_unlock(r->lock);
}

void report_lose(struct report *r, const char *table, const char *column, const char *reason, bool rounded,
                 int64_t rows)
{
    pthread_mutex_lock(r->lock);
    *vec_push(&r->losses) = (struct report_loss){copied(r, table), copied(r, column), copied(r, reason), rounded, rows};
    pthread_mutex_unlock(r->lock);
}

void report_remark(struct report *r, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    pthread_mutex_lock(r->lock);
    *vec_push(&r->remarks) = arena_vprintf(r->arena, fmt, args);
    pthread_mutex_unlock(r->lock);
    va_end(args);
}

void report_spent(struct report *r, struct report_check *c, int64_t us)
{
    pthread_mutex_lock(r->lock);
    c->elapsed_us += us;
    pthread_mutex_unlock(r->lock);
}

static enum outcome worse(enum outcome a, enum outcome b)
{
    if (a == OUTCOME_SKIPPED || b == OUTCOME_SKIPPED)
        return a == OUTCOME_SKIPPED ? b : a;
    return MAX(a, b);
}

enum outcome report_section_outcome(const struct report *r, enum report_section s)
{
    enum outcome worst = OUTCOME_SKIPPED;
    vec_each (&r->checks, c)
        if ((*c)->section == s)
            worst = worse(worst, (*c)->outcome);
    return worst;
}

enum outcome report_outcome(const struct report *r)
{
    enum outcome worst = OUTCOME_SKIPPED;
    for (int s = 0; s < SECTION_COUNT; s++)
        worst = worse(worst, report_section_outcome(r, (enum report_section)s));
    return worst;
}

int report_count(const struct report *r, enum report_section s, enum outcome o)
{
    int n = 0;
    vec_each (&r->checks, c)
        n += (*c)->section == s && (*c)->outcome == o;
    return n;
}
