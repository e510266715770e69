/*
 * replication_view: what is seen of a replication while it runs: progress bars and log lines.
 */
#ifndef CMD_REPLICATION_VIEW_H
#define CMD_REPLICATION_VIEW_H
#include "base/progress.h"
#include "replicate/replicate.h"

/* Starts zeroed. */
struct replication_view {
    struct progress *copy, *index, *follow;
    int64_t rows;
};

/* For replicate_run(); `v` must outlive it. */
struct replicate_watch replication_watch(struct replication_view *v);

void replication_view_done(struct replication_view *v);

#endif
