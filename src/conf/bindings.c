#include "conf/bindings.h"
#include "base/suggest.h"
#include "conf/header.h"
#include "conf/sqltext.h"

struct bindings {
    struct package *pkg;
    struct arena *a;
    struct map *settings;   /* name to value, overrides applied */
    struct map *thresholds; /* overrides that are no setting: of some rule's threshold, or of nothing */
    struct map *used;       /* names of thresholds that were there */
};

struct bindings *bindings_new(struct package *pkg, struct arena *a)
{
    struct bindings *v = arena_new_one(a, struct bindings);
    *v = (struct bindings){pkg, a, map_new(), map_new(), map_new()};
    return v;
}

void bindings_free(struct bindings *v)
{
    map_free(v->settings);
    map_free(v->thresholds);
    map_free(v->used);
}

const struct map *bindings_settings(const struct bindings *v)
{
    return v->settings;
}

static void override(struct bindings *v, const struct map_entry *given)
{
    struct package *pkg = v->pkg;
    for (size_t i = 0; i < pkg->n_settings; i++)
        if (str_is(given->key, pkg->settings[i].name)) {
            pkg->settings[i].value = arena_dup(v->a, given->value);
            return;
        }
    map_put(v->thresholds, str_of(arena_dup_str(v->a, given->key)))->value = arena_dup(v->a, given->value);
}

void bindings_take(struct bindings *v, const struct map *overrides)
{
    for (size_t i = 0; overrides && i < map_count(overrides); i++)
        override(v, map_at(overrides, i));
    for (size_t i = 0; i < v->pkg->n_settings; i++) {
        const struct package_setting *s = &v->pkg->settings[i];
        map_put(v->settings, str_of(s->name))->value = (void *)s->value;
    }
}

static void override_thresholds(struct bindings *v, const struct package_file *f, struct map *values)
{
    for (size_t i = 0; i < f->n_words; i++) {
        struct str value = str_of(f->words[i].value);
        struct str name = str_split(&value, ' ');
        char *given = strcmp(f->words[i].word, "threshold") == 0 ? map_get(v->thresholds, name) : NULL;
        if (given)
            map_put(values, name)->value = map_put(v->used, name)->value = given;
    }
}

const char *bindings_substitute(struct bindings *v, const struct package_file *f, struct str raw)
{
    SCOPED(map) values = map_new();
    for (size_t i = 0; i < map_count(v->settings); i++) {
        const struct map_entry *e = map_at(v->settings, i);
        map_put(values, e->key)->value = e->value;
    }
    override_thresholds(v, f, values);
    header_thresholds(f, values, v->a);
    return sqltext_substitute(raw, values, v->a);
}

bool bindings_check(const struct bindings *v, struct err *err)
{
    const struct package *pkg = v->pkg;
    for (size_t i = 0; i < map_count(v->thresholds); i++) {
        struct str name = map_at(v->thresholds, i)->key;
        if (map_get(v->used, name))
            continue;
        const char **names = arena_new_array(v->a, const char *, pkg->n_settings + 1);
        for (size_t k = 0; k < pkg->n_settings; k++)
            names[k] = pkg->settings[k].name;
        const char *near = suggest_nearest(name, names, pkg->n_settings);
        err_set(err, ERR_PACKAGE, "the package %s has no setting '%.*s'", pkg->name, STR_ARG(name));
        return near ? err_hint(err, "did you mean '%s'?", near) : false;
    }
    return true;
}
