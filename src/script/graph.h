/*
 * graph: what the scripts of a package and the copying of tables amount to: single pieces of work, and who waits for
 * whom.
 *
 * A script that is run for each company is one node for each of them, and waits for the same company's node of a script
 * that is run per company as well. Nodes with much behind them come first, so that the longest path is begun early.
 * Pure: nothing is read or run here. Everything lives in the arena.
 */
#ifndef SCRIPT_GRAPH_H
#define SCRIPT_GRAPH_H
#include "base/map.h"
#include "conf/package.h"

struct graph_node {
    enum script_phase phase;
    const char *name, *company; /* company "": for all of them at once */
    const char *title, *path;   /* path: what messages call it */
    const char *sql, *digest;
    const char *note; /* for its log, or "" */
    int retries;
    int64_t timeout_ms;
    int64_t estimate_us; /* how long it takes */
    bool measured;       /* it took that long before; else a guess */
    size_t *needs;
    size_t n_needs;
    int level;        /* within its phase: 0 waits for nobody of that */
    int64_t ahead_us; /* from its begin to the end of the longest path behind it, within its phase */
};

struct graph {
    struct graph_node *p;
    size_t n, cap;
    struct arena *a;
};

/* A table that is copied (`constraints` false), or whose constraints are made when all are. */
struct graph_table {
    const char *table, *sql, *note;
    bool constraints;
    int64_t bytes;
};

void graph_init(struct graph *g, struct arena *a);

/* Adds a node for each script, and for each company where it says so. */
void graph_add_scripts(struct graph *g, const struct scripts *s, const char *const *companies, size_t n_companies);

/* Adds the copying of tables. */
void graph_add_tables(struct graph *g, const struct graph_table *tables, size_t n);

/* Reckons levels and priorities, when all is added. `took` maps graph_key() to microseconds (int64_t *) of an earlier
 * run; NULL: none are known. */
void graph_finish(struct graph *g, const struct map *took);

/* The node's name in logs and maps: "post-sync balances dat". */
char *graph_key(struct arena *a, const struct graph_node *n);

/* The name for people: "balances [dat]". */
char *graph_label(struct arena *a, const struct graph_node *n);

/* True when `n` is waited for within a phase: what an earlier phase did is done, or its phase was not. */
static inline bool graph_same_phase(const struct graph_node *a, const struct graph_node *b)
{
    return a->phase == b->phase;
}

#endif
