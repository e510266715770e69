#include "conf/checklist.h"
#include "base/buf.h"
#include "conf/header.h"
#include "conf/value.h"
#include "conf/yaml.h"
#include <ctype.h>

static const char *const gates[] = {"none", "replicate", "upgrade", "cutover", "open"};
static const char *const phases[] = {"pre", "post"};
static const char *const sides[] = {"target", "source"};

static const char *const engines[] = {
#define ENGINE(name, fn) name,
#include "tables/engines.def"
#undef ENGINE
};

const char *checklist_phase_name(enum checklist_phase phase)
{
    return phases[phase];
}

const char *checklist_gate_name(enum gate gate)
{
    return gates[gate];
}

static int place_of(const char *text, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], text) == 0)
            return (int)i;
    return -1;
}

static const char *one_of(const struct package_word *w, const char *value, const char *const *names, size_t n,
                          struct arena *a)
{
    SCOPED_BUF all = {0};
    if (place_of(value, names, n) >= 0)
        return NULL;
    for (size_t i = 0; i < n; i++)
        buf_printf(&all, "%s%s", i ? ", " : "", names[i]);
    return arena_printf(a, "'%s' is one of: %s; not '%s'", w->word, buf_text(&all), value);
}

/* --- words --- */

static const char *rests_mistake(const struct package_word *w)
{
    struct str rest = str_of(w->value);
    struct str first = str_split(&rest, ' ');
    if ((str_is(first, "package") || str_is(first, "config")) && str_trim(rest).n == 0)
        return NULL;
    bool asks = str_is(first, "source") || str_is(first, "target");
    struct str verb = str_trim(rest);
    return asks && verb.n > 7 && strncasecmp(verb.p, "select ", 7) == 0
               ? NULL
               : "'rests_on' is package, config, or a SELECT behind the word source or target";
}

const char *checklist_mistake(const struct package_word *w, struct arena *a)
{
    struct str engine = str_of(w->value);
    int64_t ms = 0;
    if (strcmp(w->word, "phase") == 0)
        return one_of(w, w->value, phases, ARRAY_LEN(phases), a);
    if (strcmp(w->word, "gate") == 0)
        return one_of(w, w->value, gates, ARRAY_LEN(gates), a);
    if (strcmp(w->word, "on") == 0)
        return one_of(w, w->value, sides, ARRAY_LEN(sides), a);
    if (strcmp(w->word, "engine") == 0)
        return one_of(w, arena_dup_str(a, str_split(&engine, ' ')), engines, ARRAY_LEN(engines), a);
    if (strcmp(w->word, "rests_on") == 0)
        return rests_mistake(w);
    if (strcmp(w->word, "valid_for") == 0 && (!value_duration(str_of(w->value), &ms) || ms == 0))
        return "'valid_for' is a duration such as 12h or 30d";
    return NULL;
}

/* --- items --- */

static const char *text_of(const struct package_file *f, const char *word)
{
    const char *value = package_word(f, word);
    return value ? value : "";
}

static int choice_of(const struct package_file *f, const char *word, const char *const *names, size_t n)
{
    const char *value = package_word(f, word);
    return value ? MAX(place_of(value, names, n), 0) : 0;
}

/* The values of a word that may be repeated, or the members of a comma list; NULL-terminated. */
static const char **values_of(const struct package_file *f, const char *word, bool list, struct arena *a)
{
    size_t n = 0, most = f->n_words + 1;
    struct str rest = list ? str_of(text_of(f, word)) : (struct str){NULL, 0};
    for (size_t i = 0; i < rest.n; i++)
        most += rest.p[i] == ',';
    const char **ret = arena_new_array(a, const char *, most + 1);
    for (size_t i = 0; !list && i < f->n_words; i++)
        if (strcmp(f->words[i].word, word) == 0)
            ret[n++] = f->words[i].value;
    while (rest.n) {
        struct str member = str_trim(str_split(&rest, ','));
        if (member.n)
            ret[n++] = arena_dup_str(a, member);
    }
    return ret;
}

static void set_kind(struct checklist_item *i, const struct package_file *f, struct arena *a)
{
    struct str argument = str_of(text_of(f, "engine"));
    i->kind = f->body ? CHECKLIST_SQL : argument.n ? CHECKLIST_ENGINE : CHECKLIST_MANUAL;
    i->engine = arena_dup_str(a, str_split(&argument, ' '));
    i->argument = arena_dup_str(a, str_trim(argument));
}

static struct checklist_item item_of(const struct package_file *f, struct arena *a)
{
    struct checklist_item i = {.id = f->name,
                               .title = text_of(f, "title"),
                               .why = text_of(f, "why"),
                               .fix = text_of(f, "fix"),
                               .owner = text_of(f, "owner"),
                               .phase = (enum checklist_phase)choice_of(f, "phase", phases, ARRAY_LEN(phases)),
                               .gate = (enum gate)choice_of(f, "gate", gates, ARRAY_LEN(gates)),
                               .blocks = strcmp(text_of(f, "severity"), "blocker") == 0,
                               .file = f,
                               .on_source = strcmp(text_of(f, "on"), "source") == 0,
                               .question = text_of(f, "question"),
                               .needs = values_of(f, "needs", true, a),
                               .rests_on = values_of(f, "rests_on", false, a)};
    set_kind(&i, f, a);
    if (package_word(f, "valid_for") && !value_duration(str_of(text_of(f, "valid_for")), &i.valid_ms))
        i.valid_ms = 0; /* was checked when the package was read */
    return i;
}

void checklist_items(const struct package *p, struct arena *a, struct checklist_item **ret, size_t *ret_n)
{
    *ret = arena_new_array(a, struct checklist_item, p->checklist.n + 1);
    *ret_n = p->checklist.n;
    for (size_t i = 0; i < p->checklist.n; i++)
        (*ret)[i] = item_of(&p->checklist.p[i], a);
}

/* --- the YAML form --- */

struct reader {
    struct yaml *y;
    struct arena *a;
};

static bool is_id(const char *z)
{
    for (const char *p = z; *p; p++)
        if (!isalnum((unsigned char)*p) && *p != '-' && *p != '_')
            return false;
    return *z && strlen(z) <= 40;
}

static bool add_word(struct reader *r, const char *word, const struct yaml_node *value, struct package_file *f,
                     struct err *err)
{
    if (!yaml_expect(r->y, value, YAML_SCALAR, word, err))
        return false;
    f->words[f->n_words++] =
        (struct package_word){word, arena_dup_str(r->a, str_trim(str_of(value->text))), value->line};
    return true;
}

static size_t count_words(const struct yaml_node *map)
{
    size_t n = 1;
    for (size_t i = 0; i < map->n; i++)
        n += map->items[i].value->kind == YAML_LIST ? map->items[i].value->n : 1;
    return n;
}

static bool read_item(struct reader *r, const struct yaml_item *item, struct package_file *f, struct err *err)
{
    const struct yaml_node *map = item->value;
    if (!is_id(item->key))
        return yaml_fail_key(r->y, item, err, "'%s' is no id: up to 40 letters, digits, - and _", item->key);
    if (!yaml_expect(r->y, map, YAML_MAP, item->key, err))
        return false;
    *f = (struct package_file){.name = item->key, .path = r->y->name, .text = "", .body_line = item->line};
    f->words = arena_new_array(r->a, struct package_word, count_words(map));
    f->words[f->n_words++] = (struct package_word){"id", item->key, item->line};
    for (size_t i = 0; i < map->n; i++) {
        const struct yaml_node *value = map->items[i].value;
        if (value->kind != YAML_LIST && !add_word(r, map->items[i].key, value, f, err))
            return false;
        for (size_t k = 0; value->kind == YAML_LIST && k < value->n; k++)
            if (!add_word(r, map->items[i].key, value->items[k].value, f, err))
                return false;
    }
    return header_check(f, HEADER_ITEM, err);
}

bool checklist_read(struct str text, const char *path, struct arena *a, struct package_files *ret, struct err *err)
{
    struct reader r = {.a = a};
    if (!yaml_parse(text, path, ERR_PACKAGE, a, &r.y, err) || !yaml_expect(r.y, r.y->root, YAML_MAP, "", err))
        return false;
    const struct yaml_node *root = r.y->root;
    *ret = (struct package_files){arena_new_array(a, struct package_file, root->n + 1), root->n};
    for (size_t i = 0; i < root->n; i++)
        if (!read_item(&r, &root->items[i], &ret->p[i], err))
            return false;
    return true;
}
