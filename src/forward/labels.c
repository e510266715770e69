#include "forward/labels.h"
#include "base/file.h"
#include "xpp/d365/label.h"

/* The letters of "@ABC123". */
static struct str letters_of(struct str id)
{
    size_t n = id.n;
    while (n > 1 && id.p[n - 1] >= '0' && id.p[n - 1] <= '9')
        n--;
    return n > 1 ? (struct str){id.p + 1, n - 1} : (struct str){NULL, 0};
}

static void enter(struct symbols *s, struct str letters, struct arena *a)
{
    if (letters.n && !symbols_find(s, SYMBOL_LABEL_FILE, letters))
        symbols_add_name(s, SYMBOL_LABEL_FILE, (struct str){arena_dup_str(a, letters), letters.n}, SYMBOL_OURS);
}

void labels_learn_file(const char *path, struct symbols *s, struct arena *a)
{
    struct str module, language;
    if (label_file_name(path, &module, &language))
        enter(s, module, a);
}

void labels_learn_records(struct xpo_part part, struct symbols *s, struct arena *a)
{
    SCOPED(arena) scratch = arena_new();
    labels list = {0};
    xpo_problems problems = {0};
    label_read_records(part, scratch, &list, &problems);
    vec_each (&list, l)
        enter(s, letters_of(l->id), a);
    vec_done(&list);
    vec_done(&problems);
}

struct reading {
    const struct forward_options *options;
    struct forward_result *result;
    struct arena *arena;
    labels list;
    xpo_problems problems;
    struct findings findings;
};

/* All record parts of an export. */
static bool read_export(struct reading *x, const struct input *in, struct err *err)
{
    struct xpo_file *f;
    if (!xpo_open(in->path, x->options->codepage, &f, err))
        return false;
    for (size_t i = 0; i < xpo_count(f); i++)
        if (xpo_part(f, i).records)
            label_read_records(xpo_part(f, i), x->arena, &x->list, &x->problems);
    xpo_free(f);
    return true;
}

static void tell_problems(struct reading *x)
{
    vec_each (&x->problems, p)
        finding_add(&x->findings, "LABEL", FINDING_REPORTED, (struct str){"", 0}, p->line, p->column, "%s", p->message);
    x->problems.n = 0;
}

/* Reads every file of the model that has labels, once. */
static bool read_model(struct reading *x, uint32_t model, struct forward_unit **ret_first, struct err *err)
{
    const struct input *last = NULL;
    *ret_first = NULL;
    for (size_t i = 0; i < x->result->n_units; i++) {
        struct forward_unit *u = &x->result->units[i];
        if (u->kind != SYMBOL_LABEL_FILE || u->model != model || u->input == last)
            continue;
        last = u->input;
        if (!*ret_first)
            *ret_first = u;
        bool ok = u->input->labels
                      ? label_open(u->input->path, x->options->codepage, x->arena, &x->list, &x->problems, err)
                      : u->code.n > 0 || read_export(x, u->input, err);
        if (!ok)
            return false;
        tell_problems(x);
    }
    return true;
}

static bool write_file(const struct reading *x, const char *model, const struct d365_file *f, struct err *err)
{
    char *path = arena_printf(x->arena, "%s/%s/%s/%s", x->result->folder, model, model, f->path);
    char *slash = strrchr(path, '/');
    *slash = '\0';
    if (!file_make_dirs(path, err))
        return false;
    *slash = '/';
    return file_put(path, f->text, err);
}

static void take_findings(struct reading *x, struct forward_unit *u)
{
    size_t n = x->findings.list.n;
    struct finding *all = arena_alloc(x->findings.arena, (u->n_findings + n + 1) * sizeof *all);
    if (u->n_findings)
        memcpy(all, u->findings, u->n_findings * sizeof *all);
    if (n)
        memcpy(all + u->n_findings, x->findings.list.p, n * sizeof *all);
    u->findings = all;
    u->n_findings += n;
    x->findings.list.n = 0;
}

static bool carry_model(struct reading *x, uint32_t model, struct err *err)
{
    struct forward_unit *first;
    const char *name = x->result->models[model].name;
    arena_reset(x->arena);
    x->list.n = 0;
    if (!read_model(x, model, &first, err) || !first)
        return first == NULL;
    struct d365_file *files = d365_label_files(name, &x->list, x->arena, &x->findings);
    for (; files; files = files->next) {
        first->files++;
        if (x->result->folder && !write_file(x, name, files, err))
            return false;
    }
    take_findings(x, first);
    return true;
}

bool labels_carry(const struct forward_options *o, struct forward_result *r, struct err *err)
{
    SCOPED(arena) scratch = arena_new();
    struct reading x = {.options = o, .result = r, .arena = scratch, .findings = {.arena = r->arena}};
    bool ok = true;
    for (uint32_t model = 0; ok && model < r->n_models; model++)
        ok = carry_model(&x, model, err);
    vec_done(&x.list);
    vec_done(&x.problems);
    vec_done(&x.findings.list);
    return ok;
}
