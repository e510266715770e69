/*
 * refreshing: what the commands of `carryover refresh` share: the databases that take part, and what replication
 * between them is to do.
 */
#ifndef CMD_REFRESHING_H
#define CMD_REFRESHING_H
#include "conf/command.h"
#include "conf/project.h"
#include "refresh/check.h"
#include "refresh/next.h"
#include "replicate/replicate.h"
#include "runbook/journal.h"

#define REFRESH_JOB "refresh" /* lock and log of the process that follows the sandbox */
#define REFRESH_RUN "refresh" /* kind of the journal's runs */

struct refreshing {
    struct project *project;
    const struct package *package;
    struct arena *a;
    const char *who;
    bool production_kind; /* what is made is a production database */
    bool private_sandbox;
    const char *sandbox_uri, *production_uri;
    char *next_uri, *admin_uri;    /* the copy; the database from which others are renamed */
    const char *production, *next; /* names */
    const char *named;             /* how production is given to commands as their target */
    struct pg *sandbox, *admin;
    struct refresh_policy policy;
    struct rules rules;
    struct replicate_opts replicate;
    struct source *source; /* the sandbox as what is followed; opened by refreshing_source() */
    struct journal *journal;
    bool force, closed;
    uint64_t barrier; /* of this run of the switch */
};

/* Opens the project, the sandbox and production's server. */
bool refreshing_open(struct command_call *call, struct refreshing *r, struct err *err) MUST_CHECK;

/* Opens the connections again, which the caller has closed. */
bool refreshing_connect(struct refreshing *r, struct err *err) MUST_CHECK;
void refreshing_done(struct refreshing *r);
#define SCOPED_REFRESHING __attribute__((cleanup(refreshing_done))) struct refreshing

/* A connection to the production database, NULL while there is none. */
bool refreshing_production(struct refreshing *r, struct pg **ret, struct err *err) MUST_CHECK;

/* A connection to the database that becomes production, and its state; NULL while there is none. */
bool refreshing_next(struct refreshing *r, struct pg **ret, struct next_state *state, struct err *err) MUST_CHECK;

/* Reads refresh.yaml against the databases, and from that what replication is to do. Once; ERR_GUARD when it is not
 * what it was when the copy was begun. */
bool refreshing_resolve(struct refreshing *r, struct err *err) MUST_CHECK;

/* The whole pre-flight, after refreshing_resolve(). */
bool refreshing_check(struct refreshing *r, struct checks *ret, struct err *err) MUST_CHECK;

/* Opens the source, once. */
bool refreshing_source(struct refreshing *r, struct err *err) MUST_CHECK;

/* Where the schema's archive is and what is in it. Strings live as long as `r`. */
struct schema_opts refreshing_schema(const struct refreshing *r);

/* Fails with ERR_SOURCE_DDL when the sandbox has another schema than the one the copy was made with. */
bool refreshing_same_schema(const struct next_state *s, const struct schema_dump *d, struct err *err) MUST_CHECK;

/* What a switch has done, from the journal. */
struct refreshing_switch {
    int64_t run;
    bool ended, closing, switched, rolled_back, released;
    int64_t production, next, stamp; /* numbers of the databases, production 0: there was none; what makes names */
    int64_t server;                  /* on which these numbers mean something */
    int64_t state, applied;          /* of the sandbox when it fell silent: its last move, the last position */
};

/* The last one, also when it was given up before anything was exchanged. Fails with ERR_GUARD when it is under way on
 * another server than the one that is named now. */
bool refreshing_last(struct refreshing *r, struct refreshing_switch *ret, struct err *err) MUST_CHECK;

/* All that exchanged something, the newest first. */
bool refreshing_switches(struct refreshing *r, struct refreshing_switch **ret, size_t *ret_n,
                         struct err *err) MUST_CHECK;

/* Fails with ERR_GUARD unless the switch was on this server. */
bool refreshing_same_server(struct refreshing *r, const struct refreshing_switch *s, struct err *err) MUST_CHECK;

/* Identifies production's server. */
bool refreshing_server(struct refreshing *r, int64_t *ret, struct err *err) MUST_CHECK;

/* Fails with ERR_GUARD when users are kept out of the old production: nobody would know afterwards who they were. */
bool refreshing_check_open(struct refreshing *r, struct pg *production, struct err *err) MUST_CHECK;

/* The time of now as a number: 20260301221405. */
int64_t refreshing_stamp(void);

/* "production_before_20260301221405", "production_rolled_back_...". */
char *refreshing_name(const struct refreshing *r, const char *what, int64_t stamp);

/* Fails with ERR_GUARD and what to look at first, unless --yes was given. */
bool refreshing_confirm(struct command_call *call, const char *what, const char *hint, struct err *err) MUST_CHECK;

#endif
