#include "xpp/d365/work.h"
#include <strings.h>

#define NAME_MAX_BYTES 200 /* of a file's name, without its end */

void work_begin(struct work *w, struct d365_job *job)
{
    *w = (struct work){.job = job, .element = job->element, .arena = job->arena};
    w->xml = &w->document;
    job->files = NULL;
}

static void tell_drops(struct work *w)
{
    for (const struct work_drop *d = w->drops; d; d = d->next) {
        if (d->count == 1)
            work_tell(w, d->rule, FINDING_FIXED, d->where, d->line, "property %s = %.*s", d->name, STR_ARG(d->value));
        else
            work_tell(w, d->rule, FINDING_FIXED, d->where, d->line, "property %s = %.*s, and %u more", d->name,
                      STR_ARG(d->value), d->count - 1);
    }
}

void work_end(struct work *w)
{
    tell_drops(w);
    if (w->document.bad > 0)
        work_tell(w, "XML", FINDING_TODO, STR(""), w->element->line, "%u bytes that XML cannot hold", w->document.bad);
    buf_done(&w->out);
}

void work_open(struct work *w, const char *root, const char *attributes)
{
    uint32_t bad = w->document.bad;
    buf_reset(&w->out);
    xml_begin(w->xml, &w->out);
    w->xml->bad = bad;
    const char *glue = attributes[0] == '\0' || attributes[0] == '\n' ? "" : " ";
    xml_open(w->xml, root,
             arena_printf(w->arena, "xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"%s%s", glue, attributes));
}

struct str work_file_name(struct work *w, struct str name)
{
    struct str s = {arena_dup_str(w->arena, name), MIN(name.n, (size_t)NAME_MAX_BYTES)};
    char *p = (char *)s.p;
    for (size_t i = 0; i < s.n; i++) {
        if (p[i] == '/' || p[i] == '\\' || p[i] == ':' || (unsigned char)p[i] < 0x20 || (i == 0 && p[i] == '.'))
            p[i] = '_';
    }
    return s.n > 0 ? s : STR("_");
}

void work_close(struct work *w, const char *folder, struct str name)
{
    xml_close(w->xml);
    xml_end(w->xml);
    struct str text = {arena_dup_str(w->arena, buf_str(&w->out)), w->out.n};
    struct str file = work_file_name(w, name);
    work_add_file(w, arena_printf(w->arena, "%s/%.*s.xml", folder, STR_ARG(file)), text);
}

void work_add_file(struct work *w, const char *path, struct str text)
{
    struct d365_file *f = arena_new_one(w->arena, struct d365_file);
    *f = (struct d365_file){.path = path, .text = text};
    struct d365_file **at = &w->job->files;
    while (*at && strcmp((*at)->path, path) < 0)
        at = &(*at)->next;
    f->next = *at;
    *at = f;
}

void work_drop(struct work *w, const char *rule, const char *name, struct str value, struct str where, uint32_t line)
{
    struct work_drop **at = &w->drops;
    for (; *at; at = &(*at)->next) {
        if (strcmp((*at)->name, name) == 0 && strcmp((*at)->rule, rule) == 0) {
            (*at)->count++;
            return;
        }
    }
    *at = arena_new_one(w->arena, struct work_drop);
    **at = (struct work_drop){.rule = rule, .name = name, .value = value, .where = where, .line = line, .count = 1};
}

void work_tell(struct work *w, const char *rule, enum finding_outcome outcome, struct str where, uint32_t line,
               const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    const char *detail = arena_vprintf(w->arena, fmt, args);
    va_end(args);
    finding_add(w->job->findings, rule, outcome, where, line, 0, "%s", detail);
}

struct str work_path(struct work *w, const char *folder, struct str name)
{
    size_t n = strlen(folder);
    char *p = arena_alloc_raw(w->arena, n + 1 + name.n + 1);
    memcpy(p, folder, n);
    p[n] = '/';
    if (name.n)
        memcpy(p + n + 1, name.p, name.n);
    p[n + 1 + name.n] = '\0';
    return (struct str){p, n + 1 + name.n};
}

static bool is_word_of(struct str word, const char *list)
{
    for (struct str rest = str_of(list), one = str_split(&rest, ' '); one.n > 0; one = str_split(&rest, ' ')) {
        if (work_same_str(one, word))
            return true;
    }
    return false;
}

void work_known(struct work *w, const struct xpo_node *node, struct str where, const char *known)
{
    for (const struct xpo_node *n = node->first; n; n = n->next) {
        /* The number of an element in exports before LegacyId: `Id 4251`. */
        if (work_same(n->keyword, "Id")) {
            work_drop(w, "M10", "Id", n->word, where, n->line);
            continue;
        }
        bool something = n->first || n->n_props > 0 || n->text.n > 0 || n->name.n > 0 || n->word.n > 0;
        if (!something || is_word_of(n->keyword, known))
            continue;
        work_tell(w, "PROPERTY", FINDING_REPORTED, where, n->line, "block %.*s %.*s%s%.*s is not carried",
                  STR_ARG(n->keyword), STR_ARG(n->word), n->name.n ? "#" : "", STR_ARG(n->name));
    }
}

/* Most names differ in their first letter. */
bool work_same(struct str a, const char *b)
{
    if (a.n == 0 || b[0] == '\0')
        return a.n == 0 && b[0] == '\0';
    return ((a.p[0] ^ b[0]) & ~0x20) == 0 && work_same_str(a, str_of(b));
}

bool work_same_str(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || strncasecmp(a.p, b.p, a.n) == 0);
}

struct str work_name(const struct xpo_node *n)
{
    struct str name = xpo_value(n, "Name");
    return name.n > 0 ? name : n->name.n > 0 ? n->name : n->word;
}

struct str work_text(struct work *w, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    const char *text = arena_vprintf(w->arena, fmt, args);
    va_end(args);
    return str_of(text);
}

void work_empty(struct work *w, const char *name)
{
    xml_empty(w->xml, name, "");
}

struct str work_folded(struct work *w, struct str name)
{
    return (struct str){str_lower(arena_dup_str(w->arena, name), name.n), name.n};
}
