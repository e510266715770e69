#include "store/declared.h"
#include "store/channel.h"

/* "varchar(20)", "numeric text(32,16)": SQLite keeps the words, and the word `text` is for SQLite only. */
static void take_type(struct fit_column *c, const char *declared, struct arena *a)
{
    struct str rest = str_of(declared);
    struct str words = str_split(&rest, '(');
    struct str first = str_split(&words, ' ');
    struct str inside = str_split(&rest, ')');
    struct str length = str_trim(str_split(&inside, ',')), scale = str_trim(inside);
    int64_t n = 0, decimals = 0;
    char *name = str_lower(arena_dup_str(a, first), first.n);
    fit_take_type(c, name, str_to_i64(length, &n) ? (int)n : 0, str_to_i64(scale, &decimals) ? (int)decimals : 0);
}

static void take_known(const struct package *p, const struct fit_lens *l, struct fit_column *c)
{
    for (size_t i = 0; i < p->n_enums; i++)
        if (strcmp(p->enums[i].table, l->table) == 0 && strcmp(p->enums[i].column, c->name) == 0) {
            c->known = p->enums[i].values;
            c->n_known = p->enums[i].n_values;
        }
}

static struct fit_column *add_column(struct fit_lens *l, struct arena *a)
{
    struct fit_column *grown = arena_new_array(a, struct fit_column, l->n_columns + 1);
    if (l->n_columns)
        memcpy(grown, l->columns, l->n_columns * sizeof *grown);
    l->columns = grown;
    return &grown[l->n_columns++];
}

static bool read_table(struct sqlite *db, const struct package *p, struct fit_lens *l, struct arena *a, struct err *err)
{
    SCOPED_STMT *s = NULL;
    bool row = false;
    if (!sqlite_query(db, "select lower(name), type, \"notnull\" from pragma_table_info(?1)", SQLITE_ARGS(l->table), &s,
                      err))
        return false;
    for (;;) {
        if (!sqlite_next(db, s, &row, err))
            return false;
        if (!row)
            return true;
        struct fit_column *c = add_column(l, a);
        *c = (struct fit_column){.name = arena_dup(a, sqlite_text(s, 0)), .not_null = sqlite3_column_int(s, 2) != 0};
        take_type(c, sqlite_text(s, 1), a);
        take_known(p, l, c);
    }
}

static bool knows_column(const struct fit_lenses *lenses, const struct package_enum *e)
{
    for (size_t i = 0; i < lenses->n; i++)
        for (size_t k = 0; k < lenses->p[i].n_columns; k++)
            if (strcmp(lenses->p[i].table, e->table) == 0 && strcmp(lenses->p[i].columns[k].name, e->column) == 0)
                return true;
    return false;
}

/* Values of a column that no store has would be looked for nowhere. */
static bool check_enums(const struct package *p, const struct fit_lenses *lenses, struct err *err)
{
    for (size_t i = 0; i < p->n_enums; i++)
        if (!knows_column(lenses, &p->enums[i]))
            return err_set(err, ERR_PACKAGE, "package.yaml: enums: no channel lens fills a column %s.%s of a store",
                           p->enums[i].table, p->enums[i].column);
    return true;
}

bool declared_columns(const struct package *p, struct arena *a, struct fit_lenses *lenses, struct err *err)
{
    SCOPED(sqlite) db = NULL;
    if (!channel_memory(p, a, &db, err))
        return false;
    for (size_t i = 0; i < lenses->n; i++)
        if (!read_table(db, p, &lenses->p[i], a, err))
            return false;
    return check_enums(p, lenses, err);
}
