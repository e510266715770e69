#include "forward/forward.h"
#include "base/cancel.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/progress.h"
#include "base/thread.h"
#include "forward/carry.h"
#include "forward/labels.h"
#include "forward/models.h"
#include "forward/outfolder.h"
#include "forward/standard.h"
#include "xpp/xpo/read.h"
#include <stdatomic.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

/* Parts of a large file that one worker takes at a time. */
enum { PARTS_AT_ONCE = 32 };

/* Bytes of an export that has no element, at most. */
enum { HEAD_MAX = 256 };

/* A piece of work: some parts of one file. */
struct item {
    const struct input *input;
    struct xpo_file *file; /* kept open when several items share it; else NULL */
    size_t first, n;       /* parts */
    size_t unit;           /* of the first part */
};

struct run {
    const struct forward_options *options;
    struct forward_result *result;
    VEC(struct forward_unit) units;
    VEC(struct item) items;
    VEC(struct xpo_file *) files; /* that are kept open */
    struct map *taken;            /* folder and name of every element that is carried over: number of its unit + 1 */
    VEC(struct forward_model) models;
    struct progress *bar;
    atomic_size_t next;
    struct arena **keep;  /* one for each worker */
    struct usage **usage; /* the same */
};

/* ---- first pass: what is there ---- */

/* "AxClass/foo": two elements with one key are one. A job becomes a class, and has names of its own. */
static struct str key_of(enum symbol_kind kind, struct str name, struct arena *a)
{
    static const char *const folders[] = {
#define S(ID, name, folder, codes) folder,
#include "xpp/symbols.def"
#undef S
    };
    const char *folder = folders[kind][0] && kind != SYMBOL_JOB ? folders[kind] : symbol_kind_name(kind);
    char *key = arena_printf(a, "%s/%.*s", folder, STR_ARG(name));
    return str_of(str_lower(key, strlen(key)));
}

/* True when elements of this name only change what the standard has. */
static bool is_change(const struct symbols *s, const struct forward_unit *u)
{
    const struct symbol *ours = symbols_find_from(s, u->kind, u->name, SYMBOL_OURS);
    return (ours && ours->delta) || symbols_find_from(s, u->kind, u->name, SYMBOL_BASELINE) ||
           symbols_find_from(s, u->kind, u->name, SYMBOL_STANDARD);
}

/* The first element of a name is carried over, a second one is told; of changes of the standard each becomes an
 * extension of its own, unless it says the same. */
static void take_name(struct run *r, struct forward_unit *u)
{
    struct arena *a = r->result->arena;
    if (u->kind == SYMBOL_KINDS || u->name.n == 0)
        return;
    struct map_entry *entry = map_put(r->taken, key_of(u->kind, u->name, a));
    if (!entry->value) {
        entry->value = (void *)(uintptr_t)(u - r->units.p + 1);
        return;
    }
    struct forward_unit *first = &r->units.p[(uintptr_t)entry->value - 1];
    const char *where = arena_printf(a, "it is in %s, line %u, already", first->input->path, first->line);
    bool change = first->digest != u->digest && is_change(r->result->symbols, u);
    unit_tell(u, a, change ? "C07" : "DUPLICATE", FINDING_REPORTED, where);
    u->empty = !change;
    u->copy = change ? ++first->copies : 0;
}

static uint32_t model_of(struct run *r, const struct input *in)
{
    const char *name = in->model[0] ? in->model : r->options->model;
    for (size_t i = 0; i < r->models.n; i++)
        if (strcasecmp(r->models.p[i].name, name) == 0) /* folders of one name elsewhere */
            return (uint32_t)i;
    *vec_push(&r->models) = (struct forward_model){.name = name};
    return (uint32_t)r->models.n - 1;
}

static struct forward_unit *add_unit(struct run *r, const struct input *in, uint32_t line, enum symbol_kind kind)
{
    uint32_t model = model_of(r, in);
    struct forward_unit *u = vec_push(&r->units);
    *u = (struct forward_unit){.input = in, .model = model, .line = line, .kind = kind};
    r->models.p[model].elements++;
    return u;
}

static void learn_part(struct run *r, const struct input *in, struct xpo_part part, struct arena *scratch)
{
    struct xpo_element element = {0};
    xpo_problems problems = {0};
    arena_reset(scratch);
    bool whole = !part.records && xpo_parse(part, scratch, &element, &problems);
    vec_done(&problems);
    if (whole)
        symbols_add(r->result->symbols, &element, in->baseline ? SYMBOL_BASELINE : SYMBOL_OURS);
    if (in->baseline) {
        if (whole)
            standardtext_add(r->result->standard, symbol_kind_of(&element), element.name, part);
        return;
    }
    struct arena *a = r->result->arena;
    struct forward_unit *u = add_unit(r, in, part.line, part.records ? SYMBOL_LABEL_FILE : SYMBOL_KINDS);
    u->digest = hash_bytes(part.text.p, part.text.n);
    if (part.records) {
        u->empty = true;
        labels_learn_records(part, r->result->symbols, a);
    } else {
        handlers_learn_calls(r->result->handlers, part.text);
    }
    if (!whole)
        return;
    u->kind = symbol_kind_of(&element);
    handlers_learn(r->result->handlers, &element);
    u->code = (struct str){arena_dup_str(a, element.code), element.code.n};
    u->name = (struct str){arena_dup_str(a, element.name), element.name.n};
    take_name(r, u);
    if (u->kind != SYMBOL_KINDS && standardtext_same(r->result->standard, u->kind, u->name, part)) {
        u->empty = true;
        unit_tell(u, a, "C03", FINDING_FIXED, "");
    }
}

static void add_items(struct run *r, const struct input *in, struct xpo_file *f, size_t first_unit)
{
    size_t n = xpo_count(f), step = n > 2 * PARTS_AT_ONCE ? PARTS_AT_ONCE : n;
    bool keep = step < n;
    for (size_t i = 0; i < n; i += step)
        *vec_push(&r->items) = (struct item){in, keep ? f : NULL, i, n - i < step ? n - i : step, first_unit + i};
    if (keep)
        *vec_push(&r->files) = f;
    else
        xpo_free(f);
}

/* A file that nobody can read is one broken element. */
static void tell_file(struct run *r, const struct input *in, const char *why)
{
    struct forward_unit *u = add_unit(r, in, 1, SYMBOL_KINDS);
    u->empty = true;
    unit_tell(u, r->result->arena, "XPO", FINDING_REPORTED, why);
}

/* More than the head and the end of an export without elements. */
static bool has_text(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && st.st_size > HEAD_MAX;
}

/* Told by the element in which the first of them stands. */
static void tell_bad_bytes(struct run *r, const struct xpo_file *f, size_t first)
{
    SCOPED(arena) a = arena_new();
    uint32_t line;
    size_t n = xpo_bad_bytes(f, &line);
    struct forward_unit *u = n && first < r->units.n ? &r->units.p[first] : NULL;
    for (size_t i = first; u && i < r->units.n && r->units.p[i].line <= line; i++)
        u = &r->units.p[i];
    if (u)
        unit_tell(
            u, r->result->arena, "ENCODING", FINDING_REPORTED,
            arena_printf(a, "%zu of them in the file, read as %s, the first one in line %u", n, xpo_encoding(f), line));
}

static bool learn_file(struct run *r, const struct input *in, struct arena *scratch, struct err *err)
{
    struct xpo_file *f;
    struct err why = {0};
    r->result->n_files++;
    if (!xpo_open(in->path, r->options->codepage, &f, &why)) {
        if (why.code != ERR_XPO_ENCODING || in->baseline) {
            *err = why;
            return false;
        }
        tell_file(r, in, why.message);
        return true;
    }
    size_t first = r->units.n;
    for (size_t i = 0; i < xpo_count(f); i++)
        learn_part(r, in, xpo_part(f, i), scratch);
    tell_bad_bytes(r, f, first);
    r->result->n_files_empty += xpo_count(f) == 0;
    if (xpo_count(f) == 0 && !in->baseline && has_text(in->path))
        tell_file(r, in, "it has text, and no element that carryover can see");
    if (in->baseline)
        standardtext_take_file(r->result->standard, f);
    else
        add_items(r, in, f, first);
    return true;
}

static bool learn_labels(struct run *r, const struct input *in)
{
    add_unit(r, in, 1, SYMBOL_LABEL_FILE)->empty = true;
    labels_learn_file(in->path, r->result->symbols, r->result->arena);
    r->result->n_files++;
    return true;
}

static bool learn(struct run *r, struct err *err)
{
    SCOPED(arena) scratch = arena_new();
    SCOPED(progress) bar = progress_new("names", PROGRESS_STEPS, (int64_t)r->options->inputs.n);
    if (r->options->standard && !standard_load(r->options->standard, r->result->symbols, r->result->arena, err))
        return false;
    vec_each (&r->options->inputs, in) {
        bool ok = in->labels ? in->baseline || learn_labels(r, in) : learn_file(r, in, scratch, err);
        if (!ok || !cancel_check(err))
            return false;
        progress_add(bar, 1);
    }
    return true;
}

/* ---- second pass ---- */

/* Files are read twice, and somebody may export anew in the meantime. */
static bool is_as_learned(const struct run *r, const struct item *item, const struct xpo_file *f, struct err *err)
{
    bool same = xpo_count(f) >= item->first + item->n;
    for (size_t i = 0; same && i < item->n; i++) {
        struct str text = xpo_part(f, item->first + i).text;
        same = hash_bytes(text.p, text.n) == r->units.p[item->unit + i].digest;
    }
    return same || err_set(err, ERR_XPO_CHANGED, "%s was changed while it was read", item->input->path);
}

static bool work_item(struct run *r, struct carrier *c, const struct item *item, struct err *err)
{
    struct xpo_file *f = item->file;
    if (!f && !xpo_open(item->input->path, r->options->codepage, &f, err))
        return false;
    bool ok = is_as_learned(r, item, f, err);
    for (size_t i = 0; ok && i < item->n; i++)
        ok = carrier_part(c, xpo_part(f, item->first + i), &r->units.p[item->unit + i], err);
    progress_add(r->bar, (int64_t)item->n);
    if (!item->file)
        xpo_free(f);
    return ok;
}

static bool work(struct crew *crew, void *ctx, int member, struct err *err)
{
    struct run *r = ctx;
    SCOPED(carrier) c = carrier_new(r->options, r->result, r->keep[member], r->usage[member]);
    for (size_t i; !crew_stopping(crew) && (i = atomic_fetch_add(&r->next, 1)) < r->items.n;)
        if (!cancel_check(err) || !work_item(r, c, &r->items.p[i], err))
            return false;
    return true;
}

/* Files that an element wanted and another one has. */
static void tell_lost(struct run *r)
{
    claims_losses lost;
    claims_lost(r->result->claims, &lost);
    vec_each (&lost, l) {
        struct forward_unit *u = &r->units.p[l->unit], *owner = &r->units.p[l->owner];
        SCOPED(arena) a = arena_new();
        u->files--;
        unit_tell(u, r->result->arena, "DUPLICATE", FINDING_REPORTED,
                  arena_printf(a, "%s is made of %s, line %u, already", l->path, owner->input->path, owner->line));
    }
    vec_done(&lost);
}

static bool carry_all(struct run *r, struct err *err)
{
    size_t n = (size_t)r->options->workers;
    SCOPED(progress) bar = progress_new("elements", PROGRESS_STEPS, (int64_t)r->units.n);
    r->bar = bar;
    r->keep = arena_alloc(r->result->arena, n * sizeof *r->keep);
    r->usage = arena_alloc(r->result->arena, n * sizeof *r->usage);
    for (size_t i = 0; i < n; i++) {
        *vec_push(&r->result->keep) = r->keep[i] = arena_new();
        r->usage[i] = usage_new(r->result->symbols);
    }
    bool ok = crew_run((int)n, work, r, err);
    tell_lost(r);
    for (size_t i = 0; i < n; i++) {
        usage_merge(r->result->usage, r->usage[i]);
        usage_free(r->usage[i]);
    }
    return ok;
}

/* ---- models ---- */

struct counting {
    struct run *run;
    uint64_t *uses;
    struct arena *arena;
};

static void count_edge(void *ctx, uint32_t model, const struct symbol *to, uint64_t count)
{
    struct counting *c = ctx;
    void *unit = map_get(c->run->taken, key_of(to->kind, to->name, c->arena));
    if (unit)
        c->uses[model * c->run->models.n + c->run->units.p[(uintptr_t)unit - 1].model] += count;
}

static void order_models(struct run *r)
{
    SCOPED(arena) scratch = arena_new();
    size_t n = r->models.n;
    struct counting c = {r, arena_alloc(scratch, (n * n + 1) * sizeof *c.uses), scratch};
    usage_edges(r->result->usage, count_edge, &c);
    models_order(r->models.p, n, c.uses, r->result->arena);
}

/* A descriptor for every model. */
static bool describe_models(struct run *r, struct err *err)
{
    SCOPED(arena) a = arena_new();
    SCOPED_BUF text = {0};
    for (size_t i = 0; r->result->folder && i < r->models.n; i++) {
        const char *name = r->models.p[i].name;
        const struct d365_model m = {.name = name,
                                     .display_name = name,
                                     .publisher = r->options->publisher,
                                     .description = "Brought forward from AX 2012 by carryover",
                                     .references = r->models.p[i].needs};
        buf_reset(&text);
        d365_put_descriptor(&text, &m);
        const char *folder = arena_printf(a, "%s/%s/Descriptor", r->result->folder, name);
        if (!file_make_dirs(folder, err) || !file_put(arena_printf(a, "%s/%s.xml", folder, name), buf_str(&text), err))
            return false;
    }
    return true;
}

static void run_done(struct run *r)
{
    vec_each (&r->files, f)
        xpo_free(*f);
    vec_done(&r->files);
    vec_done(&r->items);
    map_free(r->taken);
}

/* The vectors have grown to what they are and belong to the result from here on. */
static void hand_over(struct run *r)
{
    r->result->units = r->units.p;
    r->result->n_units = r->units.n;
    r->result->models = r->models.p;
    r->result->n_models = r->models.n;
}

bool forward_run(const struct forward_options *o, struct forward_result *ret, struct err *err)
{
    *ret = (struct forward_result){.arena = arena_new(),
                                   .symbols = symbols_new(),
                                   .standard = standardtext_new(),
                                   .handlers = handlers_new(),
                                   .claims = claims_new(),
                                   .lock = -1};
    ret->usage = usage_new(ret->symbols);
    struct run r = {.options = o, .result = ret, .taken = map_new()};
    bool ok = (!o->out || outfolder_begin(o->out, ret->arena, &ret->folder, &ret->lock, err)) && learn(&r, err);
    hand_over(&r);
    ok = ok && carry_all(&r, err) && labels_carry(o, ret, err);
    if (ok)
        order_models(&r);
    ok = ok && describe_models(&r, err);
    run_done(&r);
    return ok;
}

void forward_done(struct forward_result *r)
{
    free(r->units);
    free(r->models);
    vec_each (&r->keep, a)
        arena_free(*a);
    vec_done(&r->keep);
    usage_free(r->usage);
    standardtext_free(r->standard);
    claims_free(r->claims);
    if (r->arena && r->lock >= 0)
        close(r->lock);
    handlers_free(r->handlers);
    symbols_free(r->symbols);
    arena_free(r->arena);
    *r = (struct forward_result){0};
}
