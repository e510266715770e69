#include "n1/method.h"
#include "base/json.h"

/* Object ids of types that are the same in every PostgreSQL (pg_type.dat). */
enum { OID_BOOL = 16, OID_INT8 = 20, OID_INT2 = 21, OID_INT4 = 23, OID_JSON = 114, OID_JSONB = 3802 };

/* --- answers --- */

void answer_done(struct answer *w)
{
    buf_done(&w->body);
}

void answer_refuse(struct answer *w, const char *message)
{
    buf_reset(&w->body);
    w->refused = true;
    buf_puts(&w->body, "{\"success\":false,\"message\":");
    json_put_string(&w->body, str_of(message));
    buf_puts(&w->body, ",\"payload\":[]}\n");
}

void answer_succeed(struct answer *w)
{
    buf_reset(&w->body);
    w->refused = false;
    buf_puts(&w->body, "{\"success\":true,\"message\":\"\",\"payload\":[]}\n");
}

static void put_value(struct buf *b, const PGresult *r, int row, int column)
{
    struct str s = {PQgetvalue(r, row, column), (size_t)PQgetlength(r, row, column)};
    if (PQgetisnull(r, row, column)) {
        buf_puts(b, "null");
        return;
    }
    switch (PQftype(r, column)) {
    case OID_BOOL:
        buf_puts(b, s.p[0] == 't' ? "true" : "false");
        return;
    case OID_INT2:
    case OID_INT4:
    case OID_INT8:
    case OID_JSON:
    case OID_JSONB:
        buf_put(b, s.p, s.n);
        return;
    default:
        json_put_string(b, s);
    }
}

static void put_row(struct buf *b, const PGresult *r, int row)
{
    buf_putc(b, '[');
    for (int i = 0; i < PQnfields(r); i++) {
        buf_puts(b, i ? "," : "");
        put_value(b, r, row, i);
    }
    buf_putc(b, ']');
}

static void put_payload(struct buf *b, const struct method *m, const PGresult *r)
{
    buf_puts(b, "{\"success\":true,\"message\":\"\",\"payload\":");
    if (m->form == METHOD_ROW) {
        put_row(b, r, 0);
    } else {
        buf_putc(b, '[');
        for (int i = 0; i < PQntuples(r); i++) {
            buf_puts(b, i ? "," : "");
            put_row(b, r, i);
        }
        buf_putc(b, ']');
    }
    buf_puts(b, "}\n");
}

/* --- the header --- */

static const char *word_or(const struct package_file *f, const char *word, const char *fallback)
{
    const char *value = package_word(f, word);
    return value ? value : fallback;
}

static bool read_params(struct method *m, struct arena *a, struct err *err)
{
    const struct package_file *f = m->file;
    m->params.p = arena_new_array(a, struct param, f->n_words + 1);
    for (size_t i = 0; i < f->n_words; i++) {
        const char *why = "";
        if (strcmp(f->words[i].word, "parameter") != 0)
            continue;
        if (!param_declare(str_of(f->words[i].value), a, &m->params.p[m->params.n++], &why))
            return err_set(err, ERR_PACKAGE, "%s:%d: %s", f->path, f->words[i].line, why);
    }
    return true;
}

static int count_columns(const char *payload)
{
    int n = payload[0] != '\0';
    for (const char *p = payload; *p; p++)
        n += *p == ',';
    return n;
}

static bool is_password(const struct method *m, const char *name)
{
    const struct param_passwords *p = &m->passwords;
    return (p->password && strcmp(p->password, name) == 0) || (p->fresh && strcmp(p->fresh, name) == 0);
}

/* What a statement may use: the parameters but passwords, and the store that calls. */
static struct params known(const struct method *m, struct arena *a)
{
    struct params all = {arena_new_array(a, struct param, m->params.n + 1), 0};
    for (size_t i = 0; i < m->params.n; i++)
        if (!is_password(m, m->params.p[i].name))
            all.p[all.n++] = m->params.p[i];
    all.p[all.n++] = (struct param){.name = "store", .type = PARAM_STR};
    return all;
}

bool method_make(const struct package_file *f, struct arena *a, struct method *ret, struct err *err)
{
    const char *effect = word_or(f, "effect", "money"), *form = word_or(f, "returns", "nothing");
    const char *passwords = package_word(f, "password");
    *ret = (struct method){.file = f, .columns = count_columns(word_or(f, "payload", ""))};
    ret->secret = package_word(f, "secret") != NULL;
    ret->effect = strcmp(effect, "read") == 0    ? METHOD_READ
                  : strcmp(effect, "write") == 0 ? METHOD_WRITE
                                                 : METHOD_MONEY;
    ret->form = strcmp(form, "row") == 0 ? METHOD_ROW : strcmp(form, "rows") == 0 ? METHOD_ROWS : METHOD_NOTHING;
    if (passwords && !param_read_passwords(str_of(passwords), a, &ret->passwords))
        return err_set(err, ERR_PACKAGE, "%s: the word 'password' cannot be read", f->path);
    if (!read_params(ret, a, err))
        return false;
    struct params all = known(ret, a);
    return bind_make(f, &all, a, &ret->bind, err);
}

/* --- running --- */

/* The first line of what the server said, without its severity. */
static const char *refusal(struct pg *pg, struct arena *a)
{
    struct str text = str_of(PQerrorMessage(pg_raw(pg)));
    struct str line = str_split(&text, '\n');
    for (size_t i = 0; i + 1 < line.n; i++)
        if (line.p[i] == ':')
            return arena_dup_str(a, str_trim((struct str){line.p + i + 1, line.n - i - 1}));
    return "Refused: headquarters refused this";
}

static bool form_answer(const struct method *m, const PGresult *r, struct answer *w, struct err *err)
{
    int n = PQntuples(r);
    if (n > METHOD_ROWS_MAX)
        return err_set(err, ERR_CALL_LARGE, "the answer would have more than %d rows: ask for less", METHOD_ROWS_MAX);
    if (m->form == METHOD_NOTHING)
        answer_succeed(w);
    else if (m->form == METHOD_ROW && n != 1)
        answer_refuse(w, n == 0 ? word_or(m->file, "none", "NotFound: nothing was found")
                                : word_or(m->file, "many", "Ambiguous: more than one was found"));
    else
        put_payload(&w->body, m, r);
    return true;
}

bool method_run(const struct method *m, struct pg *pg, const struct map *values, struct arena *a, struct answer *w,
                struct err *err)
{
    SCOPED_RESULT r = NULL;
    struct err why;
    if (pg_again(pg, m->bind.sql, bind_args(&m->bind, values, a), &r, &why))
        return form_answer(m, r, w, err);
    if (strcmp(why.sqlstate, METHOD_REFUSED) != 0) {
        *err = why;
        return err_wrap(err, "%s", m->file->path);
    }
    answer_refuse(w, refusal(pg, a));
    return true;
}

static bool check_columns(const struct method *m, struct pg *pg, struct err *err)
{
    PGresult *r = PQdescribePrepared(pg_raw(pg), "");
    int n = PQnfields(r);
    bool described = PQresultStatus(r) == PGRES_COMMAND_OK;
    PQclear(r);
    if (!described)
        return pg_fail(pg, NULL, m->bind.sql, err);
    return m->form == METHOD_NOTHING || n == m->columns ||
           err_set(err, ERR_PACKAGE, "%s: 'payload' names %d values, the statement returns %d", m->file->path,
                   m->columns, n);
}

bool method_try(const struct method *m, struct pg *pg, struct err *err)
{
    PGresult *r = PQprepare(pg_raw(pg), "", m->bind.sql, 0, NULL);
    bool prepared = PQresultStatus(r) == PGRES_COMMAND_OK;
    if (!prepared) {
        pg_fail(pg, r, m->bind.sql, err);
        err->code = ERR_PACKAGE;
    }
    PQclear(r);
    return prepared ? check_columns(m, pg, err) : err_wrap(err, "%s", m->file->path);
}
