#include "store/audit.h"
#include "base/file.h"
#include "base/map.h"
#include "store/money.h"
#include <jansson.h>

/* A transaction as the journal has it. */
struct entry {
    int64_t gross, paid;
    bool seen;
};

static bool take_line(struct map *entries, struct str line, struct arena *a, struct audit_result *p, struct err *err)
{
    json_t *root = json_loadb(line.p, line.n, 0, NULL);
    const char *id = json_string_value(json_object_get(root, "id"));
    const char *gross = json_string_value(json_object_get(root, "gross"));
    const char *paid = json_string_value(json_object_get(root, "paid"));
    const char *kind = json_string_value(json_object_get(root, "kind"));
    struct entry *e = arena_new_one(a, struct entry);
    bool sound =
        id && kind && gross && paid && money_parse(str_of(gross), &e->gross) && money_parse(str_of(paid), &e->paid);
    bool counts = sound && strcmp(kind, "suspend") != 0; /* what is suspended is no transaction yet */
    struct map_entry *slot = counts ? map_put(entries, str_of(arena_dup(a, id))) : NULL;
    bool twice = slot && slot->value;
    if (slot && !twice) {
        slot->value = e;
        p->transactions++;
        p->gross += e->gross;
        p->paid += e->paid;
    }
    if (!sound)
        err_set(err, ERR_JOURNAL_DIFFERS, "the journal has a line that is none: %.*s", (int)MIN(line.n, 100), line.p);
    else if (twice)
        err_set(err, ERR_JOURNAL_DIFFERS, "the journal has transaction %s twice", id);
    json_decref(root);
    return sound && !twice;
}

static bool read_journal(struct channel *c, struct map *entries, struct arena *a, struct audit_result *p,
                         struct err *err)
{
    const char *path = channel_path(c, "journal.jsonl");
    struct str text = {"", 0};
    if (file_exists(path) && !file_read(path, a, &text, err))
        return false;
    while (text.n) {
        struct str line = str_split(&text, '\n');
        if (line.n && !take_line(entries, line, a, p, err))
            return false;
    }
    return true;
}

static bool compare_row(struct map *entries, sqlite3_stmt *s, struct err *err)
{
    const char *id = sqlite_text(s, 0);
    char text[2][MONEY_TEXT_MAX];
    struct entry *e = map_get(entries, str_of(id));
    if (!e)
        return err_set(err, ERR_JOURNAL_DIFFERS, "transaction %s is in the database, but not in the journal", id);
    if (e->seen)
        return err_set(err, ERR_JOURNAL_DIFFERS, "transaction %s is in the database twice", id);
    e->seen = true;
    int64_t gross = sqlite3_column_int64(s, 3), paid = sqlite3_column_int64(s, 4);
    if (e->gross == gross && e->paid == paid)
        return true;
    money_text(e->gross == gross ? e->paid : e->gross, text[0]);
    money_text(e->gross == gross ? paid : gross, text[1]);
    return err_set(err, ERR_JOURNAL_DIFFERS, "transaction %s: %s is %s in the journal and %s in the database", id,
                   e->gross == gross ? "the payment" : "the amount", text[0], text[1]);
}

static bool compare(struct channel *c, struct map *entries, struct arena *a, struct err *err)
{
    SCOPED_STMT *s = NULL;
    const char *sql = NULL;
    bool row = false;
    if (!channel_script(c, "verify", a, &sql, err))
        return false;
    if (!sql)
        return err_set(err, ERR_PACKAGE, "the package has no store/verify.sql");
    if (!sqlite_query(c->db, sql, SQLITE_NONE, &s, err))
        return false;
    while (sqlite_next(c->db, s, &row, err) && row)
        if (!compare_row(entries, s, err))
            return false;
    for (size_t i = 0; !row && i < map_count(entries); i++)
        if (!((struct entry *)map_at(entries, i)->value)->seen)
            return err_set(err, ERR_JOURNAL_DIFFERS, "transaction %.*s is in the journal, but not in the database",
                           STR_ARG(map_at(entries, i)->key));
    return !row;
}

bool audit_run(struct channel *c, struct audit_result *ret, struct err *err)
{
    SCOPED(arena) a = arena_new();
    SCOPED(map) entries = map_new();
    *ret = (struct audit_result){0};
    return read_journal(c, entries, a, ret, err) && compare(c, entries, a, err);
}
