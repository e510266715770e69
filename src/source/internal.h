/*
 * internal: what the files of source/ share; nobody else includes it.
 */
#ifndef SOURCE_INTERNAL_H
#define SOURCE_INTERNAL_H
#include "source/source.h"

struct source {
    struct arena *arena;
    struct source_opts opts;
    struct pg *pg;       /* ordinary queries */
    struct pg *snapshot; /* replication connection that keeps the exported snapshot alive */
    unsigned snapshots;  /* that were asked for */
};

/* Appends the schemas that are read, quoted, comma between: a search_path. */
void source_put_path(struct buf *b, const struct source_opts *o);

/* The replication connection that owns the current snapshot, opened when needed. */
bool source_snapshot_connection(struct source *s, struct pg **ret, struct err *err) MUST_CHECK;

#endif
