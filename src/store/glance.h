/*
 * glance: how a store is: what came, what waits, what went wrong last.
 */
#ifndef STORE_GLANCE_H
#define STORE_GLANCE_H
#include "base/buf.h"
#include "store/channel.h"

struct glance_chain {
    const char *chain, *job, *applied;
    int64_t version;
};

struct glance_table {
    const char *name;
    int64_t rows;
    int64_t waiting; /* rows that headquarters has not; -1: this table does not go up */
};

struct glance_fact { /* of the package's store/status.sql: "open shifts" */
    const char *what;
    int64_t n;
    bool holds; /* while it is not 0, something is under way */
};

struct glance {
    const char *id, *url, *last_contact, *upload_error, *download_error;
    struct glance_chain *chains;
    size_t n_chains;
    struct glance_table *tables;
    size_t n_tables;
    struct glance_fact *facts;
    size_t n_facts;
    int64_t uploads;              /* that headquarters took */
    int64_t waiting_package;      /* number of the one that waits for its answer; 0: none */
    int64_t waiting_transactions; /* that are in no package which was taken */
    int64_t journal;              /* lines */
};

/* All of it, in the arena. */
bool glance_read(struct channel *c, struct arena *a, struct glance *ret, struct err *err) MUST_CHECK;

void glance_put_json(struct buf *b, const struct glance *s);
void glance_put_text(struct buf *b, const struct glance *s, struct arena *a);

#endif
