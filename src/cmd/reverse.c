#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/job.h"
#include "cmd/open.h"
#include "cmd/replication.h"
#include "cmd/replication_view.h"
#include "cmd/reverse_losses.h"
#include "db/environment.h"
#include "db/target.h"
#include "replicate/status.h"

#define SAMPLE_MS 300

/* --- start --- */

static bool check_live(struct reversing *r, struct err *err)
{
    struct environment e;
    int64_t run = 0;
    bool ended = true;
    if (!environment_read(r->target, r->a, &e, err) || !journal_last_run(r->journal, "cutover", &run, &ended, err))
        return false;
    if (run && !ended)
        return err_set(err, ERR_TARGET_STATE, "the cutover is under way: `carryover cutover resume --yes` ends it");
    if (e.exists && (e.state == ENVIRONMENT_LIVE || e.interrupted == ENVIRONMENT_LIVE))
        return true;
    err_set(err, ERR_TARGET_STATE, "the cutover has not opened the target: until then the source is the one in use");
    return err_hint(err, "Run `carryover cutover` first; with the setting cutover.reverse it prepares the way back.");
}

/* A return that has ended the feed has made the old headquarters the truth. */
static bool refuse_closing(struct reversing *r, struct err *err)
{
    struct reversing_last last;
    if (!reversing_last(r, &last, err))
        return false;
    if (!last.run || last.ended || !last.closing)
        return true;
    err_set(err, ERR_GUARD, "a return is under way and has brought the last changes");
    return err_hint(err, "Go on with `carryover reverse return --yes`.");
}

/* The slot that fed the target would hold the old headquarters' log for ever, and more with every change that comes
 * back. Nothing reads it once the target is in use. */
static bool end_forward(struct reversing *r, struct err *err)
{
    SCOPED(source) forward = NULL;
    struct source_opts o;
    char *owner = NULL;
    if (!replication_source(r->project, r->a, &o, err) || !source_open(&o, &forward, err) ||
        !target_identity(r->target, r->a, &owner, err))
        return false;
    if (source_release(forward, owner, err))
        return true;
    if (err->code != ERR_GUARD)
        return err_wrap(err, "ending the replication that fed the target");
    *err = (struct err){0}; /* somebody else's by now */
    return true;
}

static bool prepare(struct reversing *r, struct err *err)
{
    struct reversing_state s;
    if (!check_live(r, err) || !refuse_closing(r, err) || !reversing_state(r, &s, err))
        return false;
    return ((s.adopted && s.proven) || reverse_begin_late(r, err)) && end_forward(r, err);
}

static bool run_engine(struct reversing *r, struct err *err)
{
    struct replication_view v = {0};
    struct replicate_watch w = replication_watch(&v);
    bool ok = replicate_run(&r->replicate, &w, err);
    replication_view_done(&v);
    return ok;
}

static bool run_here(struct reversing *r, struct err *err)
{
    project_set_command(r->project, "reverse start");
    if (!project_lock(r->project, REVERSE_JOB, err) || !prepare(r, err))
        return false;
    reversing_disconnect(r);
    if (run_engine(r, err))
        return true;
    if (err->code == ERR_INTERRUPTED)
        log_info("reverse.stopped", "stopped; `carryover reverse start` goes on where it was");
    return false;
}

/* What could refuse it is seen here, and not in a log. */
static bool run_detached(struct command_call *call, struct reversing *r, struct err *err)
{
    static const char *const args[] = {"reverse", "start", NULL};
    pid_t pid = 0;
    return prepare(r, err) && job_start(r->project, REVERSE_JOB, args, command_settings(call), &pid, err) &&
           job_say_started(call, r->project, REVERSE_JOB, pid, "the old headquarters is kept up to date",
                           "reverse status", err);
}

bool cmd_reverse_start(struct command_call *call, struct err *err)
{
    SCOPED_REVERSING r = {0};
    return reversing_open(call, &r, err) &&
           (command_flag(call, OPTION_DETACH) ? run_detached(call, &r, err) : run_here(&r, err));
}

bool cmd_reverse_stop(struct command_call *call, struct err *err)
{
    return job_stop_command(call, REVERSE_JOB, "the feed is stopped; `carryover reverse start` goes on where it was",
                            "the feed does not run", err);
}

/* --- status --- */

struct view {
    struct status feed;
    struct reverse_losses losses;
    bool keeping;
};

static bool read_view(struct reversing *r, struct view *ret, struct err *err)
{
    return reversing_require(r, err) && reversing_source(r, err) &&
           status_read(r->old, r->source, SAMPLE_MS, r->a, &ret->feed, err) &&
           reverse_losses_read(r, &ret->losses, err) && target_locked(r->target, TARGET_JOB_KEEP, &ret->keeping, err);
}

static void put_text(struct buf *b, const struct view *v, bool all)
{
    status_put_text(b, &v->feed, all);
    buf_puts(b, v->keeping ? "\n`n1 keep` runs: changes of version N arrive\n"
                           : "\n`n1 keep` does not run: no change of version N arrives; start `carryover n1 keep "
                             "--detach`\n");
    reverse_losses_put_text(b, &v->losses);
}

static void put_json(struct buf *b, const struct view *v)
{
    SCOPED_BUF feed = {0};
    status_put_json(&feed, &v->feed);
    struct str object = str_trim(buf_str(&feed));
    buf_printf(b, "{\"feed\":%.*s,\"keep_running\":%s,\"losses\":", STR_ARG(object), v->keeping ? "true" : "false");
    reverse_losses_put_json(b, &v->losses);
    buf_puts(b, "}\n");
}

bool cmd_reverse_status(struct command_call *call, struct err *err)
{
    SCOPED_REVERSING r = {0};
    SCOPED_BUF text = {0};
    struct view v = {0};
    if (!reversing_open(call, &r, err) || !read_view(&r, &v, err))
        return false;
    if (command_flag(call, OPTION_JSON))
        put_json(&text, &v);
    else
        put_text(&text, &v, command_flag(call, OPTION_ALL));
    return cmd_print(&text, err);
}

/* --- release --- */

static bool give_up_return(struct reversing *r, struct err *err)
{
    struct reversing_last last;
    if (!reversing_last(r, &last, err))
        return false;
    if (!last.run || last.ended)
        return true;
    if (!last.resumed)
        return journal_add(r->journal, last.run, "", "abandoned", "the feed was released", err);
    err_set(err, ERR_GUARD, "a return is under way and has opened the old headquarters");
    return err_hint(err, "Let `carryover reverse return --yes` end: it releases the feed, too.");
}

bool cmd_reverse_release(struct command_call *call, struct err *err)
{
    SCOPED_REVERSING r = {0};
    SCOPED_BUF text = {0};
    bool any = false;
    pid_t pid = 0;
    if (!reversing_confirm(call,
                           "this ends the reverse feed for good: there is no way back to the old headquarters then",
                           "Run it with --yes to do so.", err) ||
        !reversing_open(call, &r, err) || !project_lock(r.project, REVERSE_LOCK, err) || !give_up_return(&r, err) ||
        !job_stop(r.project, REVERSE_JOB, &pid, err) || !reverse_release(&r, &any, err))
        return false;
    if (command_flag(call, OPTION_JSON))
        buf_printf(&text, "{\"released\":%s}\n", any ? "true" : "false");
    else
        buf_puts(&text, any ? "the feed is ended: its slot and publication on the target, and its state in the old "
                              "headquarters, are removed; where users were put out of version N, `carryover "
                              "maintenance off` lets them in again\n"
                            : "there is no reverse feed\n");
    return cmd_print(&text, err);
}
