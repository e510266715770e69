/*
 * package: an upgrade package on disk: its manifest and its SQL files with their headers.
 *
 * Loading reads and checks everything that can be known without a server: the manifest (line and column in every
 * message), header words of every file, unknown or missing files, each table with one home. SQL text is kept with
 * `:name` settings already replaced. What the SQL means is the lens engine's business. All of it lives in the arena and
 * never changes. The format is described in docs/package.md.
 */
#ifndef CONF_PACKAGE_H
#define CONF_PACKAGE_H
#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "conf/refresh.h"
#include "conf/scripts.h"
#include "conf/uploads.h"
#include <stdint.h>

/* `-- word: value` of a file's header. */
struct package_word {
    const char *word, *value;
    int line;
};

/* One SQL file. */
struct package_file {
    const char *name; /* file name without .sql: the table of a lens, the id of a law */
    const char *path; /* for messages */
    const char *text; /* whole text, settings replaced, zero-terminated */
    const char *body; /* text after the header, without a trailing semicolon */
    int body_line;    /* line of the file at which body starts, from 1 */
    struct package_word *words;
    size_t n_words;
    const char *fix; /* statements behind the line `-- fix-script:` of an analyze rule, or NULL */
};

struct package_files {
    struct package_file *p;
    size_t n;
};

enum package_home { HOME_HQ, HOME_STORE };

struct package_table_home {
    const char *table;
    enum package_home home;
};

struct package_reason { /* dropped tables (may hold * patterns) */
    const char *table, *reason;
};

struct package_require { /* what the source must have */
    const char *table;
    const char **columns;
    size_t n_columns;
};

struct package_module { /* what a table belongs to: the first module with a pattern that matches */
    const char *name;
    const char **patterns; /* may hold * */
    size_t n_patterns;
};

struct package_enum { /* values of a column that stores of N-1 know */
    const char *table, *column;
    int64_t *values;
    size_t n_values;
};

struct package_setting {
    const char *name, *value, *about;
};

struct package_job { /* a set of channel lenses whose rows stores download together */
    const char *id, *title;
    int64_t every_ms;
    bool is_new; /* its lenses are those of channel_n/: for stores that run version N */
    const struct package_file **lenses;
    size_t n_lenses;
};

struct package_stage {    /* sample scripts that may run side by side */
    const char **scripts; /* file names below sample/ */
    size_t n;
};

/* What tills of N-1 call; `unsupported` has the name of a method where others have a table. */
struct package_calls {
    const char **methods;
    size_t n_methods;
    struct package_reason *unsupported;
    size_t n_unsupported;
};

/* How N-1 made the hash of a password: see n1/verifier.h. */
struct package_staff {
    const char *hash, *of, *encoding, *form;
};

struct package {
    const char *dir; /* absolute */
    const char *name, *title, *version;
    const char *from_name, *from_version, *to_name, *to_version;
    const char *source_schema;
    struct package_require *require;
    size_t n_require;
    struct package_table_home *homes;
    size_t n_homes;
    struct package_reason *dropped;
    size_t n_dropped;
    struct package_module *modules;
    size_t n_modules;
    struct package_enum *enums;
    size_t n_enums;
    struct package_setting *settings;
    size_t n_settings;
    struct package_job *jobs;
    size_t n_jobs;
    const char *all_jobs;          /* the id that means every job; NULL: there is none */
    const struct uploads *uploads; /* what stores send up; NULL: nothing */
    struct package_stage *stages;
    size_t n_stages;
    const char *workload; /* file name below sample/, or NULL */
    struct package_calls n1_calls;
    struct package_staff n1_staff;
    struct package_files schema, up, down, channel, channel_n, estate, final, laws, analyze, sizing,
        sample;                        /* sorted by name */
    struct package_files devices;      /* which machines are tills */
    struct package_files calls, staff; /* what answers tills, and what reads and changes credentials */
    struct package_files checks;       /* what `n1 check` asks before stores are taken over */
    struct package_files checklist;    /* items, also those of YAML files: see conf/checklist.h; body NULL: no SQL */
    const struct probes *smoke;        /* smoke.yaml: see conf/probes.h */
    struct package_files store, till;  /* SQLite: a store of N-1 and its tills */
    struct package_files rules;        /* uploads/, without totals.sql */
    struct refresh_policy refresh;     /* refresh.yaml */
    const struct package_file *totals; /* uploads/totals.sql, or NULL */
    struct package_files script_files; /* scripts/; those of final/ are in `final` */
    struct scripts scripts;            /* both, as they depend on each other */
    char digest[33];                   /* of every file, for sign-off */
    char core[33]; /* of every file that tables depend on: not of scripts, checklist and smoke test */
};

/* Loads the package in `dir`. Settings may be overridden by name (NULL: none; values are const char *). Fails with
 * ERR_PACKAGE or ERR_PACKAGE_MISSING. */
bool package_load(const char *dir, const struct map *overrides, struct arena *a, struct package **ret,
                  struct err *err) MUST_CHECK;

/* The value of the first header word with this name, or NULL. */
const char *package_word(const struct package_file *f, const char *word);

/* True when a comma list of the header names this job. */
bool package_file_has_job(const struct package_file *f, const char *job);

/* The module that the table belongs to; NULL when package.yaml names none. */
const char *package_module_of(const struct package *p, const char *table);

/* Why the package leaves this table behind, or NULL when it does not say so. */
const char *package_drops(const struct package *p, const char *table);

/* The file with this name, or NULL. */
const struct package_file *package_find(const struct package_files *files, const char *name);

/* Replaces psql-style :name and :'name' in SQL text (outside of strings, comments and ::casts). Names in `values` are
 * replaced by their text as it is for :name, and as a quoted literal for :'name'; unknown names stay. */
char *package_substitute(const char *sql, const struct map *values, struct arena *a);

#endif
