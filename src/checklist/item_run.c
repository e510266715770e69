#include "checklist/item_run.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/json.h"
#include "db/checkrows.h"
#include "db/target.h"

static bool ends_the_run(const struct err *err)
{
    return err->code == ERR_INTERRUPTED;
}

static void put_text(struct buf *b, const char *name, const char *value)
{
    buf_printf(b, "\"%s\":", name);
    json_put_string(b, str_of(value));
}

/* --- does it apply? --- */

/* Where the tables of an item are: before the upgrade the target has those of N-1, after it those of version N. */
static const char *schema_of(const struct item_run *r, const struct checklist_item *item, bool source)
{
    if (source)
        return r->package->source_schema;
    return item->phase == CHECKLIST_POST ? TARGET_NEW : TARGET_OLD;
}

static bool has_table(struct pg *pg, const char *schema, const char *table, bool *ret, struct err *err)
{
    int64_t n = 0;
    bool ok = pg_value_i64(pg,
                           "select count(*) from pg_class c join pg_namespace s on s.oid = c.relnamespace"
                           " where c.relkind in ('r', 'p', 'v', 'm', 'f') and s.nspname = $1"
                           " and ($2 = '' or c.relname = $2)",
                           PG_ARGS(schema, table), &n, err);
    *ret = n > 0;
    return ok;
}

/* What an item is about may not be there yet, or not at all. */
static bool look_for_tables(struct item_run *r, struct item_call *x, struct pg *pg, bool source, struct err *err)
{
    const char *schema = schema_of(r, x->item, source);
    bool there = false;
    if (!has_table(pg, schema, "", &there, err))
        return false;
    if (!there)
        x->skipped = arena_printf(r->a, "there are no tables in %s yet", schema);
    for (const char **table = x->item->needs; *table && !x->skipped; table++) {
        if (!has_table(pg, schema, *table, &there, err))
            return false;
        if (!there)
            x->skipped = arena_printf(r->a, "there is no table %s.%s", schema, *table);
    }
    return true;
}

/* --- the kinds --- */

/* Only reads, within the time; names without a schema are those of the source there. */
static bool ask(struct item_run *r, struct pg *pg, bool source, const char *sql, PGresult **ret, struct err *err)
{
    const char *path = source ? pg_ident(r->a, r->package->source_schema) : "pg_catalog";
    if (!pg_exec(pg, "begin isolation level repeatable read read only", err))
        return false;
    bool ok = pg_execf(pg, err, "set local search_path = %s; set local statement_timeout = %d", path, r->timeout_ms) &&
              pg_query(pg, sql, PG_NONE, ret, err);
    pg_rollback(pg);
    return ok;
}

static bool run_sql(struct item_run *r, struct item_call *x, struct err *err)
{
    struct pg *pg = NULL;
    SCOPED_RESULT rows = NULL;
    const struct package_file *f = x->item->file;
    bool source = x->item->on_source;
    if (!r->connect(r->ctx, source, &pg, err) || !look_for_tables(r, x, pg, source, err))
        return false;
    if (x->skipped)
        return true;
    if (!ask(r, pg, source, f->body, &rows, err))
        return err_wrap(err, "%s", f->path);
    if (PQnfields(rows) != 2)
        return err_set(err, ERR_PACKAGE, "%s: an item has two columns, what it is about and what is wrong", f->path);
    checkrows_take(x->found, CHECK_BLOCKER, rows);
    return true;
}

/* Tables that an engine or a question needs are those of the source. */
static bool run_other(struct item_run *r, struct item_call *x, struct err *err)
{
    struct pg *pg = NULL;
    if (*x->item->needs && (!r->connect(r->ctx, true, &pg, err) || !look_for_tables(r, x, pg, true, err)))
        return false;
    if (x->skipped)
        return true;
    if (x->item->kind == CHECKLIST_ENGINE)
        return r->engine(r->ctx, x, err);
    x->question = x->item->question;
    return true;
}

/* --- what it rests on --- */

static bool ask_digest(struct item_run *r, const char *name, const char **ret, struct err *err)
{
    struct str rest = str_of(name);
    struct str side = str_split(&rest, ' ');
    struct pg *pg = NULL;
    struct digest d;
    char *hex = arena_alloc(r->a, DIGEST_HEX);
    SCOPED_RESULT rows = NULL;
    bool source = str_is(side, "source");
    if (!r->connect(r->ctx, source, &pg, err) || !ask(r, pg, source, arena_dup_str(r->a, rest), &rows, err))
        return err_wrap(err, "rests_on: %s", name);
    digest_init(&d);
    for (int i = 0; i < PQntuples(rows); i++)
        for (int k = 0; k < PQnfields(rows); k++)
            digest_field(&d, str_of(pg_text(rows, i, k)));
    digest_hex(&d, hex);
    *ret = hex;
    return true;
}

/* {"package": digest, ...}: what a confirmation of now would rest on. */
static bool put_rests(struct item_run *r, const struct item_call *x, struct buf *b, struct err *err)
{
    const char *separator = "";
    buf_putc(b, '{');
    for (const char **name = x->item->rests_on; *name; name++) {
        const char *digest = strcmp(*name, "package") == 0 ? r->package->digest : r->config;
        if (strcmp(*name, "package") != 0 && strcmp(*name, "config") != 0 && !ask_digest(r, *name, &digest, err))
            return false;
        buf_puts(b, separator);
        json_put_string(b, str_of(*name));
        buf_putc(b, ':');
        json_put_string(b, str_of(digest));
        separator = ",";
    }
    if (x->rests) {
        buf_puts(b, separator);
        put_text(b, "question", x->rests);
    }
    buf_putc(b, '}');
    return true;
}

/* --- writing down --- */

static bool record(struct item_run *r, const char *item, const char *event, const char *detail, struct err *err)
{
    struct history_event e;
    if (!r->record(r->ctx, item, event, detail, &e, err))
        return false;
    struct history_event *more = arena_new_array(r->a, struct history_event, r->n_events + 1);
    if (r->n_events)
        memcpy(more, r->events, r->n_events * sizeof *more);
    more[r->n_events++] = e;
    r->events = more;
    return true;
}

static const char *event_of(const struct item_call *x)
{
    if (x->skipped)
        return "not-applicable";
    if (checks_at(x->found, 0)->found)
        return "failed";
    return x->question ? "asked" : "passed";
}

static const char *detail_of(const struct item_call *x)
{
    SCOPED_BUF b = {0};
    buf_puts(&b, "{");
    put_text(&b, "reason", x->skipped ? x->skipped : "");
    buf_putc(&b, ',');
    put_text(&b, "summary", x->summary);
    buf_putc(&b, ',');
    put_text(&b, "question", x->question ? x->question : "");
    buf_putc(&b, ',');
    check_put_evidence_json(checks_at(x->found, 0), &b);
    buf_putc(&b, '}');
    return arena_dup_str(x->a, buf_str(&b));
}

static bool write_result(struct item_run *r, const struct item_call *x, bool sparing, struct err *err)
{
    struct history h;
    static const char *const names[] = {"", "passed", "failed", "not-applicable", "asked"};
    const char *event = event_of(x), *detail = detail_of(x);
    history_fold(r->events, r->n_events, x->item->id, r->a, &h);
    sparing = sparing || x->item->kind == CHECKLIST_MANUAL;
    if (sparing && strcmp(names[h.result], event) == 0 && strcmp(h.detail, detail) == 0)
        return true;
    return record(r, x->item->id, event, detail, err);
}

/* --- confirmations --- */

static const char *expiry(struct item_run *r, const struct checklist_item *item, const struct history *h,
                          const char *now)
{
    if (item->valid_ms && clock_wall_us() / 1000 - h->confirmed.at_us / 1000 > item->valid_ms)
        return "its time is over";
    return history_changed(h->rests, now, r->a);
}

static bool review(struct item_run *r, const struct item_call *x, struct err *err)
{
    struct history h;
    SCOPED_BUF now = {0}, detail = {0};
    history_fold(r->events, r->n_events, x->item->id, r->a, &h);
    if (!h.is_confirmed || h.is_expired || !x->question)
        return true;
    if (!put_rests(r, x, &now, err))
        return false;
    const char *why = expiry(r, x->item, &h, buf_text(&now));
    if (!why)
        return true;
    buf_putc(&detail, '{');
    put_text(&detail, "why", why);
    buf_putc(&detail, '}');
    return record(r, x->item->id, "expired", buf_text(&detail), err);
}

/* --- one item --- */

static bool look(struct item_run *r, struct item_call *x, struct err *err)
{
    struct err why;
    checks_begin(x->found, x->item->id, x->item->title, x->item->fix);
    bool ok = x->item->kind == CHECKLIST_SQL ? run_sql(r, x, &why) : run_other(r, x, &why);
    if (ok)
        return true;
    if (ends_the_run(&why)) {
        *err = why;
        return false;
    }
    checks_found(x->found, CHECK_BLOCKER, "it could not be asked", "[%s] %s", err_info(why.code)->name, why.message);
    return true;
}

void item_run_read(struct item_run *r, const struct checklist_item *item, struct item_entry *ret)
{
    *ret = (struct item_entry){.item = item};
    history_fold(r->events, r->n_events, item->id, r->a, &ret->history);
    ret->state = history_state(item, &ret->history);
    ret->question =
        item->kind == CHECKLIST_MANUAL ? item->question : history_member(ret->history.detail, "question", r->a);
}

bool item_run_one(struct item_run *r, const struct checklist_item *item, bool sparing, struct item_entry *ret,
                  struct err *err)
{
    SCOPED(checks) found = checks_new(r->a);
    struct item_call x = {.item = item, .a = r->a, .found = found, .summary = ""};
    if (!look(r, &x, err) || !write_result(r, &x, sparing, err) || !review(r, &x, err))
        return false;
    item_run_read(r, item, ret);
    return true;
}

/* A confirmation is about what is there now: an item that is not asked, or no more, cannot be confirmed. */
static bool put_ground(struct item_run *r, const struct checklist_item *item, struct buf *b, struct err *err)
{
    SCOPED(checks) found = checks_new(r->a);
    struct item_call x = {.item = item, .a = r->a, .found = found, .summary = ""};
    if (!look(r, &x, err) || !write_result(r, &x, true, err))
        return false;
    if (strcmp(event_of(&x), "asked") == 0)
        return put_rests(r, &x, b, err);
    err_set(err, ERR_GUARD, "%s verifies itself and is %s; nobody can confirm it", item->id, event_of(&x));
    return err_hint(err, "Mend what it found, or let it go with `carryover check override %s --by NAME --reason TEXT`.",
                    item->id);
}

bool item_run_say(struct item_run *r, const struct checklist_item *item, const char *event, const char *by,
                  const char *text, struct err *err)
{
    SCOPED_BUF detail = {0};
    bool confirms = strcmp(event, "confirmed") == 0;
    buf_putc(&detail, '{');
    put_text(&detail, "by", by);
    buf_putc(&detail, ',');
    put_text(&detail, confirms ? "note" : "reason", text);
    if (confirms) {
        buf_puts(&detail, ",\"rests\":");
        if (!put_ground(r, item, &detail, err))
            return false;
    }
    buf_putc(&detail, '}');
    return record(r, item->id, event, buf_text(&detail), err);
}
