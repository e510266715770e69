/*
 * scripts: the upgrade scripts of a package (scripts/ and final/), as they depend on each other.
 *
 * A script belongs to a phase, comes after other scripts of its own or an earlier phase, and may be run once for each
 * company. Names are those of the files, in both folders together. A script of final/ comes after the one before it,
 * unless it says what it comes after. docs/package.md describes the words of their headers. Everything lives in the
 * arena and never changes.
 */
#ifndef CONF_SCRIPTS_H
#define CONF_SCRIPTS_H
#include "conf/yaml.h"
#include <stdint.h>

struct package_files;
struct package_file;

/* In the order of the cutover. SCRIPT_SYNC has no files: it is the copying of tables that no lens fills. */
enum script_phase { SCRIPT_PRE_SYNC, SCRIPT_SYNC, SCRIPT_POST_SYNC, SCRIPT_FINAL };
#define SCRIPT_PHASES 4

struct script {
    const char *name, *title;
    const struct package_file *file;
    enum script_phase phase;
    bool per_company;
    int retries; /* attempts after the first one */
    int64_t timeout_ms;
    size_t *after; /* numbers of scripts */
    size_t n_after;
    char digest[33]; /* of its text, settings replaced */
};

struct scripts {
    struct script *p;
    size_t n;
    bool classic;          /* package.yaml has a section `classic` */
    const char *companies; /* the SELECT that lists them; NULL: none */
};

/* "pre-sync", "sync", "post-sync", "final". */
const char *script_phase_name(enum script_phase p);

/* The phase with this name; false when there is none. */
bool script_phase_find(const char *name, enum script_phase *ret);

/* How many scripts a phase has. */
size_t scripts_count(const struct scripts *s, enum script_phase p);

/* Reads the section `classic` of package.yaml. */
bool scripts_read_section(const struct yaml *y, const struct yaml_node *node, struct scripts *s,
                          struct err *err) MUST_CHECK;

/* Makes the scripts out of the files of both folders. Fails with ERR_PACKAGE, naming file and line: unknown names,
 * circles with their members, transactions that a script would begin or end itself. */
bool scripts_link(struct scripts *s, const struct package_files *files, const struct package_files *final,
                  struct arena *a, struct err *err) MUST_CHECK;

#endif
