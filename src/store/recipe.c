#include "store/recipe.h"
#include "base/vec.h"

struct value {
    char *name, *text; /* text NULL: a number */
    int64_t n;
    char digits[24];
};

struct values {
    VEC(struct value) list;
};

struct recipe {
    struct sqlite *db;
    char *name;
    VEC(sqlite3_stmt *) statements;
};

/* --- values --- */

struct values *values_new(void)
{
    struct values *v = calloc(1, sizeof *v);
    if (!v)
        abort();
    return v;
}

void values_free(struct values *v)
{
    vec_each (&v->list, x) {
        free(x->name);
        free(x->text);
    }
    vec_done(&v->list);
    free(v);
}

static struct value *find(const struct values *v, const char *name)
{
    vec_each (&v->list, x)
        if (strcmp(x->name, name) == 0)
            return x;
    return NULL;
}

static char *dup(const char *text)
{
    char *copy = strdup(text);
    if (!copy)
        abort();
    return copy;
}

static struct value *slot(struct values *v, const char *name)
{
    struct value *x = find(v, name);
    if (!x) {
        x = vec_push(&v->list);
        x->name = dup(name);
    }
    return x;
}

void values_set_number(struct values *v, const char *name, int64_t n)
{
    struct value *x = slot(v, name);
    free(x->text);
    x->text = NULL;
    x->n = n;
}

void values_set_text(struct values *v, const char *name, const char *text)
{
    char *copy = dup(text);
    struct value *x = slot(v, name);
    free(x->text);
    x->text = copy;
    x->n = 0;
}

int64_t values_number(const struct values *v, const char *name)
{
    int64_t n = 0;
    const struct value *x = find(v, name);
    if (!x)
        return 0;
    return x->text && str_to_i64(str_of(x->text), &n) ? n : x->n;
}

const char *values_text(struct values *v, const char *name)
{
    struct value *x = find(v, name);
    if (!x)
        return "";
    if (x->text)
        return x->text;
    snprintf(x->digits, sizeof x->digits, "%" PRId64, x->n);
    return x->digits;
}

/* --- recipes --- */

static bool only_blanks(const char *text)
{
    return text[strspn(text, " \t\r\n;")] == '\0';
}

static bool prepare(struct recipe *s, const char *text, struct err *err)
{
    while (!only_blanks(text)) {
        sqlite3_stmt *one = NULL;
        if (sqlite3_prepare_v3(sqlite_raw(s->db), text, -1, SQLITE_PREPARE_PERSISTENT, &one, &text) != SQLITE_OK)
            return err_set(err, ERR_PACKAGE, "store/%s.sql: %s", s->name, sqlite3_errmsg(sqlite_raw(s->db)));
        if (one)
            *vec_push(&s->statements) = one;
    }
    return true;
}

bool recipe_open(struct channel *c, const char *name, struct recipe **ret, struct err *err)
{
    SCOPED(arena) a = arena_new();
    const char *text = NULL;
    *ret = NULL;
    if (!channel_script(c, arena_printf(a, "till/%s", name), a, &text, err))
        return false;
    if (!text)
        return true;
    struct recipe *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    s->db = c->db;
    s->name = dup(arena_printf(a, "till/%s", name));
    if (!prepare(s, text, err)) {
        recipe_close(s);
        return false;
    }
    *ret = s;
    return true;
}

void recipe_close(struct recipe *s)
{
    if (!s)
        return;
    vec_each (&s->statements, one)
        sqlite3_finalize(*one);
    vec_done(&s->statements);
    free(s->name);
    free(s);
}

static bool bind_one(sqlite3_stmt *one, int place, const struct value *x)
{
    return x->text ? sqlite3_bind_text(one, place, x->text, -1, SQLITE_TRANSIENT) == SQLITE_OK
                   : sqlite3_bind_int64(one, place, x->n) == SQLITE_OK;
}

static bool bind(struct recipe *s, sqlite3_stmt *one, const struct values *v, struct err *err)
{
    int n = sqlite3_bind_parameter_count(one);
    for (int i = 1; i <= n; i++) {
        const char *name = sqlite3_bind_parameter_name(one, i);
        const struct value *x = name && name[0] == ':' ? find(v, name + 1) : NULL;
        if (!x)
            return err_set(err, ERR_PACKAGE, "store/%s.sql: there is no value %s", s->name, name ? name : "?");
        if (!bind_one(one, i, x))
            return sqlite_fail(s->db, s->name, err);
    }
    return true;
}

static void take_columns(sqlite3_stmt *one, struct values *v)
{
    int n = sqlite3_column_count(one);
    for (int i = 0; i < n; i++) {
        const char *name = sqlite3_column_name(one, i);
        if (sqlite3_column_type(one, i) == SQLITE_INTEGER)
            values_set_number(v, name, sqlite3_column_int64(one, i));
        else
            values_set_text(v, name, sqlite_text(one, i));
    }
}

static bool run_one(struct recipe *s, sqlite3_stmt *one, struct values *v, bool *ret_row, struct err *err)
{
    bool row = true, selects = sqlite3_column_count(one) > 0, first = true;
    if (!bind(s, one, v, err))
        return false;
    while (row) {
        if (!sqlite_next(s->db, one, &row, err))
            return err_wrap(err, "store/%s.sql", s->name);
        if (selects && first) {
            *ret_row = row;
            if (row)
                take_columns(one, v);
        }
        first = false;
        if (selects)
            break;
    }
    return true;
}

bool recipe_do(struct recipe *s, struct values *v, bool *ret_row, struct err *err)
{
    bool row = false, ok = true;
    for (size_t i = 0; ok && i < s->statements.n; i++) {
        ok = run_one(s, s->statements.p[i], v, &row, err);
        sqlite3_reset(s->statements.p[i]);
    }
    if (ret_row)
        *ret_row = row;
    return ok;
}

bool recipe_each(struct recipe *s, struct values *v, recipe_row_fn *fn, void *ctx, struct err *err)
{
    bool row = true, ok = s->statements.n == 1 && bind(s, s->statements.p[0], v, err);
    if (s->statements.n != 1)
        return err_set(err, ERR_PACKAGE, "store/%s.sql: one SELECT has to stand here", s->name);
    while (ok && row) {
        ok = sqlite_next(s->db, s->statements.p[0], &row, err);
        if (ok && row) {
            take_columns(s->statements.p[0], v);
            ok = fn(ctx, v, err);
        }
    }
    sqlite3_reset(s->statements.p[0]);
    return ok;
}
