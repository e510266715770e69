#include "forward/handlers.h"
#include "base/map.h"
#include "base/vec.h"
#include "xpp/events.h"
#include <assert.h>
#include <stdlib.h>

/* Of the names of a class and a method, at most: longer ones than AX lets anybody write. */
enum { KEY_MAX = 256 };

typedef VEC(struct event_handler) event_handlers;

struct handlers {
    struct map *events; /* "class.method": its event_handlers */
    struct map *calls;  /* the same names: not NULL */
    VEC(event_handlers *) lists;
    struct arena *arena;
};

struct handlers *handlers_new(void)
{
    struct handlers *h = calloc(1, sizeof *h);
    assert(h);
    h->events = map_new();
    h->calls = map_new();
    h->arena = arena_new();
    return h;
}

void handlers_free(struct handlers *h)
{
    if (!h)
        return;
    vec_each (&h->lists, list)
        vec_done(*list);
    vec_done(&h->lists);
    map_free(h->events);
    map_free(h->calls);
    arena_free(h->arena);
    free(h);
}

/* Empty when the names are too long. */
static struct str key_of(struct str class, struct str method, char text[KEY_MAX])
{
    size_t n = 0;
    if (class.n + 1 + method.n > KEY_MAX)
        return (struct str){text, 0};
    if (class.n)
        memcpy(text, class.p, class.n);
    n = class.n;
    text[n++] = '.';
    if (method.n)
        memcpy(text + n, method.p, method.n);
    n += method.n;
    return (struct str){str_lower(text, n), n};
}

static bool is_same(const struct event_handler *a, const struct event_handler *b)
{
    return a->kind == b->kind && a->delegate == b->delegate && a->post == b->post &&
           xpo_same_name(a->owner, b->owner) && xpo_same_name(a->event, b->event);
}

static struct str keep(struct handlers *h, struct str s)
{
    return (struct str){arena_dup_str(h->arena, s), s.n};
}

static void learn_one(void *ctx, const struct event_handler *e)
{
    struct handlers *h = ctx;
    char text[KEY_MAX];
    struct str key = key_of(e->class, e->method, text);
    if (key.n == 0)
        return;
    event_handlers *list = map_get(h->events, key);
    if (!list) {
        *vec_push(&h->lists) = list = arena_new_one(h->arena, event_handlers);
        map_put(h->events, keep(h, key))->value = list;
    }
    vec_each (list, known)
        if (is_same(known, e))
            return;
    struct event_handler *fresh = vec_push(list);
    *fresh = *e;
    fresh->owner = keep(h, e->owner);
    fresh->event = keep(h, e->event);
    fresh->class = keep(h, e->class);
    fresh->method = keep(h, e->method);
}

void handlers_learn(struct handlers *h, const struct xpo_element *e)
{
    events_of(e, learn_one, h);
}

/* `#` begins the lines of a source in an export. */
static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '#';
}

static struct str word_before(const char *begin, const char *end)
{
    while (end > begin && is_blank(end[-1]))
        end--;
    const char *p = end;
    while (p > begin && xpo_is_name_char(p[-1]))
        p--;
    return (struct str){p, (size_t)(end - p)};
}

static struct str word_behind(const char *begin, const char *end)
{
    while (begin < end && is_blank(*begin))
        begin++;
    const char *p = begin;
    while (p < end && xpo_is_name_char(*p))
        p++;
    return (struct str){begin, (size_t)(p - begin)};
}

/* True when the whole line of a place is a comment. `line` is the beginning of a line before the place, and becomes
 * that of its own. */
static bool is_comment(const char **line, const char *at)
{
    for (const char *lf; (lf = memchr(*line, '\n', (size_t)(at - *line))) != NULL;)
        *line = lf + 1;
    const char *p = *line;
    while (p < at && is_blank(*p))
        p++;
    return p + 1 < at && p[0] == '/' && p[1] == '/';
}

void handlers_learn_calls(struct handlers *h, struct str text)
{
    const char *begin = text.p, *end = text.p + text.n, *line = begin;
    char key[KEY_MAX];
    for (const char *at = begin; at < end && (at = memchr(at, ':', (size_t)(end - at))); at++) {
        if (at + 1 == end || at[1] != ':')
            continue;
        struct str class = word_before(begin, at), method = word_behind(at + 2, end);
        if (class.n == 0 || method.n == 0 || is_comment(&line, at))
            continue;
        struct str both = key_of(class, method, key);
        if (both.n > 0 && !map_get(h->calls, both))
            map_put(h->calls, keep(h, both))->value = h;
    }
}

static struct handler_event event_of(const struct event_handler *e, const struct symbols *s, struct arena *a)
{
    const struct member *m = event_member(e, s);
    return (struct handler_event){.attribute = event_attribute(e, s, a),
                                  .delegate = e->delegate,
                                  .known = m != NULL,
                                  .parameters = m ? m->parameters : STR("")};
}

bool handlers_change(const struct handlers *h, const struct symbols *s, struct str class, struct str method,
                     struct str text, struct arena *a, struct handler_change *ret)
{
    char key[KEY_MAX];
    const event_handlers *list = map_get(h->events, key_of(class, method, key));
    if (!list)
        return false;
    struct handler_event *events = arena_new_array(a, struct handler_event, list->n);
    for (size_t i = 0; i < list->n; i++)
        events[i] = event_of(&list->p[i], s, a);
    handler_change(text, events, list->n, map_get(h->calls, key_of(class, method, key)) != NULL, a, ret);
    return true;
}
