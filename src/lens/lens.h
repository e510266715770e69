/*
 * lens: one table of a version as a SELECT over the tables of the other version, and what the engine knows about it.
 *
 * A lens is read from its file, installed as a view (carryover_up."x", carryover_down."x", carryover_channel."x"), and
 * analysed in the spelling that PostgreSQL gives it back. Analysis makes everything that loading and keeping fresh
 * need: trackers, the statements of a reload, the table by whose pages the load is cut. It is plain data in the arena
 * of its set.
 */
#ifndef LENS_LENS_H
#define LENS_LENS_H
#include "conf/package.h"
#include "lens/tracker.h"

enum lens_direction {
    LENS_UP,
    LENS_DOWN,
    LENS_CHANNEL,   /* what stores hold, in terms of N-1: has no table of its own */
    LENS_CHANNEL_N, /* the same for stores that run version N, in terms of that */
};

enum lens_kind {
    LENS_COPY,  /* one table, row by row, same key */
    LENS_KEYED, /* kept up to date by key */
    LENS_FULL,  /* made anew whenever something changed */
};

/* A part of the load: the whole lens, or one branch of its UNION ALL; cut by pages of a table when it has one. */
struct lens_branch {
    const char *insert;             /* INSERT ... SELECT; with $1 and $2 as first and last page when `by` is set */
    const struct catalog_table *by; /* NULL: in one piece */
};

struct lens {
    enum lens_direction direction;
    enum lens_kind kind;
    const char *name;   /* also of its table */
    const char *path;   /* of the file, for messages */
    const char *schema; /* of its table: "hq" or "old"; of the view when it has none */
    const char *view_schema;
    const char **key, **key_types;
    size_t n_key;
    const char **columns; /* of the view */
    size_t n_columns;
    const char *dirty;    /* name of the log of dirty keys in the schema carryover */
    const char *reloaded; /* name of the log of keys that were reloaded, for the proof */
    struct trackers trackers;
    struct lens_branch *branches;
    size_t n_branches;
    const char *keys_table, *new_table; /* temporary tables of a reload */
    const char *focused;                /* SELECT of the lens rows whose keys are in keys_table, made for few keys */
    const char *whole;                  /* the same, made for many */
};

struct lens_set {
    enum lens_direction direction;
    const struct package *package;
    struct lens *p; /* in order of file names */
    size_t n;
};

/* "up", "down", "channel", "channel_n". */
const char *lens_direction_name(enum lens_direction d);

/* "copy", "keyed", "full". */
const char *lens_kind_name(enum lens_kind k);

/* The lens of a table, or NULL. */
struct lens *lens_find(const struct lens_set *set, const char *name);

/* Fills in what the file alone says: names, key. */
bool lens_read(const struct package_file *file, enum lens_direction d, struct arena *a, struct lens *ret,
               struct err *err) MUST_CHECK;

/* Refuses what the author's text must not have, with file, line and column. */
bool lens_refuse(const struct package_file *file, const struct lens *l, const struct catalog *cat, struct arena *a,
                 struct err *err) MUST_CHECK;

/* Analyses the lens from the view's definition (pg_get_viewdef) and its columns. */
bool lens_analyse(struct lens *l, const char *viewdef, const struct catalog *cat, struct arena *a,
                  struct err *err) MUST_CHECK;

/* Puts file:line:column of a byte of the lens' body before the message, and returns false. */
bool lens_place(const struct package_file *file, int byte, struct arena *a, struct err *err);

#endif
