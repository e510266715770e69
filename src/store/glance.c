#include "store/glance.h"
#include "base/json.h"
#include "base/term.h"
#include "base/vec.h"

/* --- reading --- */

static bool read_chains(struct channel *c, struct arena *a, struct glance *ret, struct err *err)
{
    SCOPED_STMT *s = NULL;
    bool row = false;
    int64_t n = 0;
    if (!sqlite_number(c->db, "select count(*) from carryover_version", SQLITE_NONE, 0, &n, err) ||
        !sqlite_query(c->db, "select chain, job, applied, version from carryover_version order by chain limit ?1",
                      SQLITE_NONE, &s, err))
        return false;
    sqlite3_bind_int64(s, 1, n);
    ret->chains = arena_new_array(a, struct glance_chain, (size_t)n);
    while (sqlite_next(c->db, s, &row, err) && row)
        ret->chains[ret->n_chains++] =
            (struct glance_chain){arena_dup(a, sqlite_text(s, 0)), arena_dup(a, sqlite_text(s, 1)),
                                  arena_dup(a, sqlite_text(s, 2)), sqlite3_column_int64(s, 3)};
    return !row;
}

static bool count_rows(struct channel *c, struct arena *a, struct glance_table *t, struct err *err)
{
    return sqlite_number(c->db, arena_printf(a, "select count(*) from %s", sqlite_name(a, t->name)), SQLITE_NONE, 0,
                         &t->rows, err);
}

static bool read_tables(struct channel *c, struct arena *a, struct glance *ret, struct err *err)
{
    static const char sql[] =
        "select s.name, coalesce(u.last - u.sent, -1) from sqlite_schema s"
        " left join carryover_upload u on u.name = s.name where s.type = 'table'"
        " and s.name not like 'carryover~_%' escape '~' and s.name not like 'sqlite~_%' escape '~'"
        " order by s.name";
    SCOPED_STMT *s = NULL;
    bool row = false;
    VEC(struct glance_table) list = {0};
    if (!sqlite_query(c->db, sql, SQLITE_NONE, &s, err))
        return false;
    while (sqlite_next(c->db, s, &row, err) && row)
        *vec_push(&list) = (struct glance_table){arena_dup(a, sqlite_text(s, 0)), 0, sqlite3_column_int64(s, 1)};
    ret->n_tables = list.n;
    ret->tables = arena_new_array(a, struct glance_table, list.n);
    bool ok = !row;
    for (size_t i = 0; i < list.n && ok; i++) {
        ret->tables[i] = list.p[i];
        ok = count_rows(c, a, &ret->tables[i], err);
    }
    vec_done(&list);
    return ok;
}

static bool read_facts(struct channel *c, struct arena *a, struct glance *ret, struct err *err)
{
    SCOPED_STMT *s = NULL;
    const char *sql = NULL;
    bool row = false;
    VEC(struct glance_fact) list = {0};
    if (!channel_script(c, "status", a, &sql, err))
        return false;
    if (!sql)
        return true;
    if (!sqlite_query(c->db, sql, SQLITE_NONE, &s, err))
        return false;
    while (sqlite_next(c->db, s, &row, err) && row)
        *vec_push(&list) = (struct glance_fact){arena_dup(a, sqlite_text(s, 0)), sqlite3_column_int64(s, 1),
                                                sqlite3_column_int64(s, 2) != 0};
    ret->n_facts = list.n;
    ret->facts = arena_new_array(a, struct glance_fact, list.n);
    for (size_t i = 0; i < list.n; i++)
        ret->facts[i] = list.p[i];
    vec_done(&list);
    return !row;
}

static bool read_uploads(struct channel *c, struct glance *ret, struct err *err)
{
    return sqlite_number(c->db, "select max(number) from carryover_package where state <> 'made'", SQLITE_NONE, 0,
                         &ret->uploads, err) &&
           sqlite_number(c->db, "select max(number) from carryover_package where state = 'made'", SQLITE_NONE, 0,
                         &ret->waiting_package, err) &&
           sqlite_number(c->db,
                         "select count(distinct t.mark) from carryover_mark_table t"
                         " join carryover_upload u on u.name = t.name where t.counter > u.sent",
                         SQLITE_NONE, 0, &ret->waiting_transactions, err) &&
           sqlite_number(c->db, "select count(*) from carryover_mark", SQLITE_NONE, 0, &ret->journal, err);
}

bool glance_read(struct channel *c, struct arena *a, struct glance *ret, struct err *err)
{
    *ret = (struct glance){.id = c->id, .url = c->url};
    return channel_noted(c, "last-contact", a, &ret->last_contact, err) &&
           channel_noted(c, "upload-error", a, &ret->upload_error, err) &&
           channel_noted(c, "download-error", a, &ret->download_error, err) && read_chains(c, a, ret, err) &&
           read_tables(c, a, ret, err) && read_facts(c, a, ret, err) && read_uploads(c, ret, err);
}

/* --- showing --- */

static void put_lists(struct buf *b, const struct glance *s)
{
    buf_puts(b, ",\"chains\":[");
    for (size_t i = 0; i < s->n_chains; i++) {
        json_put_text(b, i ? ",{" : "{", "chain", s->chains[i].chain);
        buf_printf(b, ",\"version\":%" PRId64, s->chains[i].version);
        json_put_text(b, ",", "applied", s->chains[i].applied);
        buf_putc(b, '}');
    }
    buf_puts(b, "],\"tables\":[");
    for (size_t i = 0; i < s->n_tables; i++) {
        json_put_text(b, i ? ",{" : "{", "table", s->tables[i].name);
        buf_printf(b, ",\"rows\":%" PRId64, s->tables[i].rows);
        if (s->tables[i].waiting >= 0)
            buf_printf(b, ",\"waiting\":%" PRId64, s->tables[i].waiting);
        buf_putc(b, '}');
    }
    buf_puts(b, "],\"facts\":{");
    for (size_t i = 0; i < s->n_facts; i++) {
        buf_puts(b, i ? "," : "");
        json_put_string(b, str_of(s->facts[i].what));
        buf_printf(b, ":%" PRId64, s->facts[i].n);
    }
    buf_putc(b, '}');
}

void glance_put_json(struct buf *b, const struct glance *s)
{
    json_put_text(b, "{", "store", s->id);
    json_put_text(b, ",", "url", s->url);
    json_put_text(b, ",", "last_contact", s->last_contact);
    json_put_text(b, ",", "upload_error", s->upload_error);
    json_put_text(b, ",", "download_error", s->download_error);
    buf_printf(b,
               ",\"uploads\":%" PRId64 ",\"waiting_package\":%" PRId64 ",\"waiting_transactions\":%" PRId64
               ",\"journal\":%" PRId64,
               s->uploads, s->waiting_package, s->waiting_transactions, s->journal);
    put_lists(b, s);
    buf_puts(b, "}\n");
}

static void put_tables(struct buf *b, const struct glance *s, struct arena *a)
{
    struct term_table *t = term_table_new(a, "table|>rows|>waiting");
    for (size_t i = 0; i < s->n_tables; i++) {
        char rows[32], waiting[32];
        term_count(s->tables[i].rows, rows);
        term_count(MAX(s->tables[i].waiting, 0), waiting);
        term_table_row(t, s->tables[i].name, rows, s->tables[i].waiting < 0 ? "" : waiting);
    }
    buf_putc(b, '\n');
    term_table_put(t, b);
}

static void put_chains(struct buf *b, const struct glance *s, struct arena *a)
{
    struct term_table *t = term_table_new(a, "chain|>version|applied");
    for (size_t i = 0; i < s->n_chains; i++)
        term_table_row(t, s->chains[i].chain, arena_printf(a, "%" PRId64, s->chains[i].version), s->chains[i].applied);
    buf_putc(b, '\n');
    term_table_put(t, b);
}

void glance_put_text(struct buf *b, const struct glance *s, struct arena *a)
{
    buf_printf(b, "store %s at %s\n", s->id, s->url);
    buf_printf(b, "  last contact      %s\n", s->last_contact[0] ? s->last_contact : "never");
    if (s->upload_error[0])
        buf_printf(b, "  uploads failed    %s\n", s->upload_error);
    if (s->download_error[0])
        buf_printf(b, "  downloads failed  %s\n", s->download_error);
    buf_printf(b, "  uploads           %" PRId64 " taken by headquarters, %" PRId64 " transactions wait\n", s->uploads,
               s->waiting_transactions);
    for (size_t i = 0; i < s->n_facts; i++)
        buf_printf(b, "  %-17s %" PRId64 "\n", s->facts[i].what, s->facts[i].n);
    put_chains(b, s, a);
    put_tables(b, s, a);
}
