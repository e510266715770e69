/*
 * environment: what state a target database is in, and of what kind it is, so that no command does to it what may not
 * be done to it now.
 *
 * The states and their legal moves are rows of tables/states.def. The state is one row of carryover.environment in the
 * database itself, every move is a row more of carryover.environment_history, and both are one statement: inside of a
 * transaction they are part of it, so that a state never claims more than what happened. A move to the state that is
 * there already is none. `failed` and `in-maintenance` interrupt: the way out of them is back to what they interrupted,
 * from `failed` also to where that might have gone. A production database and a live one are written by users alone.
 */
#ifndef DB_ENVIRONMENT_H
#define DB_ENVIRONMENT_H
#include "db/pg.h"

enum environment_state {
#define STATE(name, text, next, about, leads) ENVIRONMENT_##name,
#include "tables/states.def"
#undef STATE
    ENVIRONMENT_STATES
};

enum environment_kind { ENVIRONMENT_SANDBOX, ENVIRONMENT_PRODUCTION };

/* A row of tables/states.def. */
struct environment_info {
    const char *name;
    unsigned next; /* bits of the successors */
    const char *about, *leads;
};

/* As the database says it; texts live in the arena. */
struct environment {
    bool exists; /* carryover was here */
    enum environment_state state;
    enum environment_state interrupted; /* what `failed` and `in-maintenance` go back to; else the state itself */
    enum environment_kind kind;
    const char *since, *who, *reason;
};

/* The tables, for target_prepare(). */
extern const char environment_sql[];

/* A condition that is true while users work on the database, or would if they were not kept out for a while. */
#define ENVIRONMENT_LIVE_SQL "exists (select from carryover.environment where 'live' in (state, interrupted))"

const struct environment_info *environment_info(enum environment_state s);

/* "sandbox", "production". */
const char *environment_kind_name(enum environment_kind k);

/* True when the move is legal; `interrupted` is where `from` goes back to. */
bool environment_may(enum environment_state from, enum environment_state interrupted, enum environment_state to);

/* `exists` is false where carryover was never prepared. */
bool environment_read(struct pg *pg, struct arena *a, struct environment *ret, struct err *err) MUST_CHECK;

/* The number of the last move: whoever sees the same one again knows that nothing has moved since. 0: none. */
bool environment_number(struct pg *pg, int64_t *ret, struct err *err) MUST_CHECK;

/* Moves on. `who` is a person or a command, `reason` may be "". Fails with ERR_GUARD, naming the state and what leads
 * out of it, when the move is not legal. */
bool environment_move(struct pg *pg, enum environment_state to, const char *who, const char *reason,
                      struct err *err) MUST_CHECK;

/* Ends the states that interrupt: back to what was interrupted. No failure in any other. */
bool environment_resume(struct pg *pg, const char *who, struct err *err) MUST_CHECK;

/* Notes the failure of a command, best effort, unless it is one that passes by itself or was refused by a guard. */
void environment_fail(struct pg *pg, const char *who, const struct err *why);

bool environment_set_kind(struct pg *pg, enum environment_kind kind, const char *who, struct err *err) MUST_CHECK;

/* Fails with ERR_GUARD when users work on it, it is a production database, or (`at_start`) users are kept out just now:
 * nothing may overwrite it. */
bool environment_check_sandbox(struct pg *pg, bool at_start, struct err *err) MUST_CHECK;

#endif
