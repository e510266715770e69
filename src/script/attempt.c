#include "script/attempt.h"
#include "base/clock.h"
#include "conf/sqltext.h"
#include "db/target.h"

#define LOG_BYTES (64 << 10) /* of what a script says */
#define LOCK_TIMEOUT "30s"

/* The text names what it reads and writes by hq.*; carryover's own statements are written out. A server that looks
 * after its client notices soon that this process was killed, and lets go of the script. */
static bool set_up(struct attempt *t, const char *first, struct err *err)
{
    SCOPED_BUF b = {0};
    buf_printf(&b,
               "%sset local search_path = " TARGET_NEW ", public; set local lock_timeout = '" LOCK_TIMEOUT
               "'; set local client_min_messages = notice; set local carryover.company = ",
               first);
    pg_put_literal(&b, t->node->company);
    if (pg_version(t->target) >= 140000)
        buf_puts(&b, "; set local client_connection_check_interval = '2s'");
    return pg_exec(t->target, b.p, err);
}

static bool blame(struct attempt *t, struct err *err)
{
    int statement = 0, position = 0;
    const struct graph_node *n = t->node;
    if (err->code == ERR_TIMEOUT) {
        char limit[32];
        clock_human(n->timeout_ms * 1000, limit);
        return err_set(err, ERR_TIMEOUT, "%s: it did not end within %s", n->path, limit);
    }
    if (!err->sqlstate[0] || err->code == ERR_INTERRUPTED)
        return err_wrap(err, "%s", n->path);
    pg_failed_at(t->target, &statement, &position);
    return err_wrap(err, "%s:%d", n->path, sqltext_line(n->sql, statement, position));
}

static bool run_text(struct attempt *t, struct err *err)
{
    pg_set_deadline(t->target, clock_us() + t->node->timeout_ms * 1000);
    pg_keep_notices(t->target, &t->said, LOG_BYTES);
    bool ok = pg_script(t->target, t->node->sql, err);
    pg_keep_notices(t->target, NULL, 0);
    pg_set_deadline(t->target, 0);
    if (!ok)
        return blame(t, err);
    return PQtransactionStatus(pg_raw(t->target)) == PQTRANS_INTRANS ||
           err_set(err, ERR_PACKAGE, "%s: it leaves the transaction in which it has to be noted as done",
                   t->node->path);
}

bool attempt_text(struct attempt *t, struct err *err)
{
    return set_up(t, "", err) && run_text(t, err);
}

/* Whatever an earlier script has set is gone. */
static bool begin(struct attempt *t, const char *who, struct err *err)
{
    return pg_refresh(t->target, "set synchronous_commit = off", err) && ledger_begin(t->target, t->node, who, err) &&
           set_up(t, "begin; set local synchronous_commit = default; ", err);
}

static bool commit(struct attempt *t, const char *xid, struct err *err)
{
    return (ledger_done(t->target, t->node, xid, clock_us() - t->start_us, buf_text(&t->said), err) &&
            pg_commit(t->target, err)) ||
           err_wrap(err, "%s", t->node->path);
}

bool attempt_make(struct attempt *t, const char *who, struct err *err)
{
    bool done = false;
    char *xid = NULL;
    if (!begin(t, who, err) || !ledger_claim(t->target, t->node, t->a, &done, &xid, err))
        return false;
    t->start_us = clock_us();
    buf_puts(&t->said, t->node->note);
    if (done)
        return pg_commit(t->target, err);
    return run_text(t, err) && commit(t, xid, err);
}

/* --- after a failure --- */

static bool reopen(struct attempt *t, const char *uri, struct err *err)
{
    pg_rollback(t->target);
    if (PQtransactionStatus(pg_raw(t->target)) == PQTRANS_IDLE)
        return true;
    pg_free(t->target);
    t->target = NULL;
    return pg_open(uri, "target", &t->target, err);
}

/* A script that was stopped did nothing, and waits again. */
bool attempt_note(struct attempt *t, const char *uri, const struct err *why, struct err *err)
{
    int64_t us = t->start_us ? clock_us() - t->start_us : 0;
    if (!reopen(t, uri, err))
        return false;
    bool was = pg_shield(t->target, true), stopped = why->code == ERR_INTERRUPTED;
    bool ok = stopped ? ledger_waiting(t->target, t->node, err)
                      : ledger_failed(t->target, t->node, us, why->message, buf_text(&t->said), err);
    pg_shield(t->target, was);
    return ok;
}
