/*
 * demo: the acts of `carryover demo`, each a command as a user would type it.
 */
#ifndef CMD_DEMO_H
#define CMD_DEMO_H
#include "cmd/cmd.h"
#include <sys/types.h>

#define DEMO_ARGS_MAX 12
#define DEMO_STORES 2

enum demo_kind {
    DEMO_RUN,
    DEMO_BEGIN, /* goes on in the background: the tills of a store */
    DEMO_END    /* ends what was begun */
};

struct demo_act {
    const char *story;
    const char *args[DEMO_ARGS_MAX]; /* NULL-terminated */
    enum demo_kind kind;
    int till;      /* which store's, for the last two */
    bool may_find; /* exit status 1 tells of findings */
};

struct demo {
    struct arena *arena;
    const char *program, *dir, *scale, *rate;
    struct {
        const char *id, *dir, *secret;
        pid_t pid; /* of its tills; 0: they do not run */
    } stores[DEMO_STORES];
    int port; /* of the gateway, on loopback */
    struct command_call *call;
};

/* All acts, in the arena of the demo. */
const struct demo_act *demo_acts(const struct demo *d, int *ret_n);

#endif
