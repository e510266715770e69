/*
 * checklist: the items of a package's checklist/, as plain data.
 *
 * An item is a question about an upgrade that has an answer: a SELECT whose rows are problems (checklist/ID.sql), one
 * of the checks that carryover has built in (`engine`), or something that a person confirms (`question`); the last two
 * stand in checklist/NAME.yaml. Each says in which phase it is asked, which gate it keeps closed, and what mends it.
 * Items are read as package files with header words, so that both forms are checked by the same rules (conf/header.h).
 * The format is described in docs/package.md.
 */
#ifndef CONF_CHECKLIST_H
#define CONF_CHECKLIST_H
#include "conf/package.h"

enum checklist_phase { CHECKLIST_PRE, CHECKLIST_POST };

/* What cannot begin while a blocking item is open. */
enum gate { GATE_NONE, GATE_REPLICATE, GATE_UPGRADE, GATE_CUTOVER, GATE_OPEN };

enum checklist_kind { CHECKLIST_SQL, CHECKLIST_ENGINE, CHECKLIST_MANUAL };

struct checklist_item {
    const char *id, *title, *why, *fix;
    const char *owner; /* who sees to it, or "" */
    enum checklist_phase phase;
    enum gate gate;
    bool blocks; /* severity blocker; a warning keeps nothing closed */
    enum checklist_kind kind;
    const struct package_file *file; /* CHECKLIST_SQL */
    bool on_source;                  /* where it is asked; else on the target */
    const char *engine, *argument;   /* CHECKLIST_ENGINE: "package-checks", "CHN*" or "" */
    const char *question;            /* CHECKLIST_MANUAL */
    const char **needs;              /* tables without which it does not apply, NULL-terminated */
    const char **rests_on;           /* "package", "config", "source SELECT", "target SELECT"; NULL-terminated */
    int64_t valid_ms;                /* how long a confirmation is good; 0: as long as what it rests on is the same */
};

/* "pre", "post"; "replicate" and so on, "none". */
const char *checklist_phase_name(enum checklist_phase phase);
const char *checklist_gate_name(enum gate gate);

/* All items of the package, by id. */
void checklist_items(const struct package *p, struct arena *a, struct checklist_item **ret, size_t *ret_n);

/* Reads a YAML file of checklist/: a mapping of ids to items. `path` stands in messages. Fails with ERR_PACKAGE. */
bool checklist_read(struct str text, const char *path, struct arena *a, struct package_files *ret,
                    struct err *err) MUST_CHECK;

/* Why a header word of an item is wrong, or NULL; for words that only items have. */
const char *checklist_mistake(const struct package_word *w, struct arena *a);

#endif
