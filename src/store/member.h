/*
 * member: one store of a swarm: what it asks next, and what it makes of the answer. Plain steps, no network.
 *
 * Belongs to swarm, which sends the request of member_request() and gives the answer to member_answer().
 */
#ifndef STORE_MEMBER_H
#define STORE_MEMBER_H
#include "net/client.h"
#include "net/secret.h"
#include "store/callplan.h"
#include "store/tally.h"
#include "store/template.h"

#define MEMBER_ID_MAX 41

enum member_step {
    MEMBER_OPEN,
    MEMBER_ASK,
    MEMBER_PART,
    MEMBER_TELL,
    MEMBER_UPLOADS,
    MEMBER_UPLOAD,
    MEMBER_CALL,
    MEMBER_REST, /* nothing more until it is due again */
};

/* What a store wakes up for. */
enum member_turn { MEMBER_POLLS, MEMBER_POLLS_AND_UPLOADS, MEMBER_CALLS };

struct member {
    char id[MEMBER_ID_MAX], session[SECRET_ID_MAX];
    struct secret secret, key;
    uint8_t step, turn;
    bool knows_last;          /* of its uploads */
    bool met;                 /* it has had a connection of its own */
    int32_t ahead_s;          /* of headquarters' clock */
    int64_t poll_us, call_us; /* when it is due */
    const struct callplan_call *calls;
    size_t n_calls, call; /* `call`: the next one */
    char *at;             /* versions of chains: "1010@US:17,1040:9" */
    char *chain;          /* of the package that is on its way */
    int64_t package, to, part, parts, part_bytes;
    struct template_place place; /* where its uploads are */
};

/* Begins a turn. */
void member_wake(struct member *m, enum member_turn turn);

/* What the request of this step is called in the tally; borrowed. */
const char *member_asks(const struct member *m);

/* The request of this step; its texts are in the arena or borrowed from it. `headers` has room for four. */
bool member_request(struct member *m, struct template *like, int batch, struct arena *a, const char *headers[4],
                    struct client_request *ret, struct err *err) MUST_CHECK;

/* Takes the answer and goes on to the next step. Errors are counted by their type and end the turn. */
void member_answer(struct member *m, const struct client_answer *got, struct template *like, struct tally *t);

void member_done(struct member *m);

#endif
