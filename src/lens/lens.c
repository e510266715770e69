#include "lens/lens.h"
#include "base/name.h"
#include "lens/focus.h"
#include "lens/normal.h"
#include "lens/refuse.h"

/* What the objects of a direction are called. */
struct naming {
    const char *name, *schema, *view_schema, *dirty, *reloaded, *keys_table, *new_table;
};

static const struct naming *naming_of(enum lens_direction d)
{
    static const struct naming namings[] = {
        [LENS_UP] = {"up", "hq", "carryover_up", "dirty_", "reloaded_", "keys:", "new:"},
        [LENS_DOWN] = {"down", "old", "carryover_down", "dirty_down_", "reloaded_down_", "keys_down:", "new_down:"},
        [LENS_CHANNEL] = {"channel", "carryover_channel", "carryover_channel", "dirty_channel_", "reloaded_channel_",
                          "keys_channel:", "new_channel:"},
        [LENS_CHANNEL_N] = {"channel_n", "carryover_channel_n", "carryover_channel_n", "dirty_channel_n_",
                            "reloaded_channel_n_", "keys_channel_n:", "new_channel_n:"},
    };
    return &namings[d];
}

const char *lens_direction_name(enum lens_direction d)
{
    return naming_of(d)->name;
}

const char *lens_kind_name(enum lens_kind k)
{
    switch (k) {
    case LENS_COPY:
        return "copy";
    case LENS_KEYED:
        return "keyed";
    case LENS_FULL:
        return "full";
    }
    return "";
}

struct lens *lens_find(const struct lens_set *set, const char *name)
{
    for (size_t i = 0; i < set->n; i++)
        if (strcmp(set->p[i].name, name) == 0)
            return &set->p[i];
    return NULL;
}

/* -- the file -- */

static void read_key(struct arena *a, struct str list, struct lens *ret)
{
    size_t most = 1;
    for (size_t i = 0; i < list.n; i++)
        most += list.p[i] == ',';
    ret->key = arena_new_array(a, const char *, most);
    while (list.n)
        ret->key[ret->n_key++] = arena_dup_str(a, str_trim(str_split(&list, ',')));
}

bool lens_read(const struct package_file *file, enum lens_direction d, struct arena *a, struct lens *ret,
               struct err *err)
{
    const char *key = package_word(file, "key"), *reload = package_word(file, "reload");
    *ret = (struct lens){.direction = d, .name = file->name, .path = file->path, .kind = LENS_KEYED};
    if (!key || str_trim(str_of(key)).n == 0)
        return err_set(err, ERR_PACKAGE, "%s: the lens has no `-- key:` line", file->path);
    read_key(a, str_of(key), ret);
    if (reload && strcmp(reload, "full") == 0)
        ret->kind = LENS_FULL;
    const struct naming *n = naming_of(d);
    ret->schema = n->schema;
    ret->view_schema = n->view_schema;
    ret->dirty = name_derived(a, n->dirty, ret->name);
    ret->reloaded = name_derived(a, n->reloaded, ret->name);
    ret->keys_table = name_derived(a, n->keys_table, ret->name);
    ret->new_table = name_derived(a, n->new_table, ret->name);
    return true;
}

bool lens_place(const struct package_file *file, int byte, struct arena *a, struct err *err)
{
    int line = file->body_line, column = 1;
    for (int i = 0; i < byte && file->body[i]; i++) {
        bool end = file->body[i] == '\n';
        line += end;
        column = end ? 1 : column + ((file->body[i] & 0xC0) != 0x80);
    }
    char *text = arena_dup(a, err->message);
    snprintf(err->message, sizeof err->message, "%s:%d:%d: %s", file->path, line, byte < 0 ? 1 : column, text);
    return false;
}

bool lens_refuse(const struct package_file *file, const struct lens *l, const struct catalog *cat, struct arena *a,
                 struct err *err)
{
    SelectStmt *q = NULL;
    if (!tree_parse(file->body, file->path, a, &q, err))
        return false;
    struct refusal no = refuse_check(q, cat);
    if (!no.construct || l->kind == LENS_FULL)
        return true;
    err_set(err, ERR_LENS_CONSTRUCT, "%s cannot be kept up to date by key: %s", no.construct, no.instead);
    return lens_place(file, no.location, a, err);
}

/* -- analysis -- */

static bool check_outputs(const struct lens *l, const SelectStmt *q, struct err *err)
{
    for (size_t i = 0; i < l->n_key; i++)
        if (shape_find_output(q, l->key[i]) < 0)
            return err_set(err, ERR_PACKAGE, "%s: the key column %s is no output column of the lens", l->path,
                           l->key[i]);
    return true;
}

/* One table, row by row, and the key of the lens is the key of that table. */
static bool is_copy(const struct lens *l, const SelectStmt *q)
{
    return q->n_from_clause == 1 && NODE_IS(q->from_clause[0], RANGE_VAR) && l->trackers.n == 1 &&
           l->trackers.p[0].is_direct && l->trackers.p[0].table->n_key == l->n_key && !shape_has_sublink(q);
}

static void put_insert(const struct lens *l, struct buf *b)
{
    buf_puts(b, "INSERT INTO ");
    name_put(b, l->schema);
    buf_putc(b, '.');
    name_put(b, l->name);
    for (size_t i = 0; i < l->n_columns; i++) {
        buf_puts(b, i ? ", " : " (");
        name_put(b, l->columns[i]);
    }
    buf_puts(b, ") ");
}

/* The biggest table is not known here; the first one that can drive is as good as any, and the key's table is best. */
static const RangeVar *pick_driver(const struct lens *l, const struct catalog *cat, const SelectStmt *q)
{
    const RangeVar *first = focus_driver(cat, q, 0);
    int key = shape_find_output(q, l->key[0]);
    const Node *e = first && key >= 0 ? shape_output(q, (size_t)key) : NULL;
    if (!NODE_IS(e, COLUMN_REF))
        return first;
    for (size_t i = 0;; i++) {
        const RangeVar *driver = focus_driver(cat, q, i);
        if (!driver)
            return first;
        const char *alias = driver->alias ? driver->alias->aliasname : driver->relname;
        if (strcmp(alias, node_text(e->column_ref->fields[0])) == 0)
            return driver;
    }
}

static bool add_branch(struct lens *l, const struct catalog *cat, const SelectStmt *q, struct arena *a, struct err *err)
{
    const RangeVar *driver = pick_driver(l, cat, q);
    char *text = NULL;
    SCOPED_BUF b = {0};
    if (!tree_text(driver ? focus_pages(a, q, driver) : q, a, &text, err))
        return false;
    put_insert(l, &b);
    buf_puts(&b, text);
    l->branches[l->n_branches++] = (struct lens_branch){
        arena_dup(a, b.p), driver ? catalog_table(cat, driver->schemaname, driver->relname) : NULL};
    return true;
}

static size_t count_branches(const SelectStmt *q)
{
    return shape_is_union(q) && q->all ? count_branches(q->larg) + count_branches(q->rarg) : 1;
}

static bool add_branches(struct lens *l, const struct catalog *cat, const SelectStmt *q, struct arena *a,
                         struct err *err)
{
    if (shape_is_union(q) && q->all && !q->n_sort_clause)
        return add_branches(l, cat, q->larg, a, err) && add_branches(l, cat, q->rarg, a, err);
    return add_branch(l, cat, q, a, err);
}

static void put_names(struct buf *b, const char *const *names, size_t n, const char *prefix)
{
    for (size_t i = 0; i < n; i++) {
        buf_puts(b, i ? ", " : "");
        buf_puts(b, prefix);
        name_put(b, names[i]);
    }
}

/* The rows of the view whose key is asked for, whatever the view looks like inside. */
static const char *whole_text(const struct lens *l, struct arena *a)
{
    SCOPED_BUF b = {0};
    buf_puts(&b, "SELECT ");
    put_names(&b, l->columns, l->n_columns, "v.");
    buf_puts(&b, " FROM ");
    name_put(&b, l->view_schema);
    buf_putc(&b, '.');
    name_put(&b, l->name);
    buf_puts(&b, " v WHERE (");
    put_names(&b, l->key, l->n_key, "v.");
    buf_puts(&b, ") IN (SELECT ");
    put_names(&b, l->key, l->n_key, "k.");
    buf_puts(&b, " FROM pg_temp.");
    name_put(&b, l->keys_table);
    buf_puts(&b, " k)");
    return arena_dup(a, b.p);
}

static bool make_reload(struct lens *l, const struct tracker_spec *spec, const struct catalog *cat, struct arena *a,
                        struct err *err)
{
    char *text = NULL;
    SelectStmt *focused = focus_keys(a, cat, spec, l->keys_table);
    l->whole = whole_text(l, a);
    l->focused = l->whole;
    if (!focused)
        return true;
    if (!tree_text(focused, a, &text, err))
        return false;
    l->focused = text;
    return true;
}

static void track_fully(struct lens *l, const struct tracker_spec *spec, const struct catalog *cat, struct arena *a);

bool lens_analyse(struct lens *l, const char *viewdef, const struct catalog *cat, struct arena *a, struct err *err)
{
    SelectStmt *parsed = NULL;
    if (!tree_parse(viewdef, l->path, a, &parsed, err))
        return false;
    struct tracker_spec spec = {normal_select(a, parsed), l->key, l->n_key, "carryover", l->dirty,
                                l->direction != LENS_UP};
    l->branches = arena_new_array(a, struct lens_branch, count_branches(spec.query));
    if (!check_outputs(l, spec.query, err))
        return false;
    if (l->kind == LENS_FULL)
        track_fully(l, &spec, cat, a);
    else if (!tracker_make(a, cat, &spec, &l->trackers, err))
        return err_wrap(err, "%s", l->path);
    if (l->kind == LENS_KEYED && is_copy(l, spec.query))
        l->kind = LENS_COPY;
    if (!add_branches(l, cat, spec.query, a, err) || !make_reload(l, &spec, cat, a, err))
        return err_wrap(err, "%s", l->path);
    return true;
}

/* -- lenses that are made anew -- */

struct bases {
    struct arena *a;
    const struct catalog *cat;
    struct lens *l;
};

static bool base_visit(void *ctx, Message *m)
{
    struct bases *b = ctx;
    if (!MESSAGE_IS(m, range_var))
        return true;
    const struct catalog_table *t = catalog_table(b->cat, ((RangeVar *)m)->schemaname, ((RangeVar *)m)->relname);
    for (size_t i = 0; t && i < b->l->trackers.n; i++)
        if (b->l->trackers.p[i].table == t)
            return false;
    if (t)
        b->l->trackers.p[b->l->trackers.n++] = (struct tracker){t, NULL, false, 0};
    return false;
}

struct count {
    size_t n;
};

static bool count_visit(void *ctx, Message *m)
{
    ((struct count *)ctx)->n += MESSAGE_IS(m, range_var);
    return true;
}

static void track_fully(struct lens *l, const struct tracker_spec *spec, const struct catalog *cat, struct arena *a)
{
    struct count c = {0};
    struct bases b = {a, cat, l};
    tree_walk(spec->query, count_visit, &c);
    l->trackers = (struct trackers){arena_new_array(a, struct tracker, c.n + 1), 0, c.n + 1};
    tree_walk(spec->query, base_visit, &b);
}
