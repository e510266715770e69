/*
 * rulefile: the rules on custom code, read from a folder of YAML files.
 *
 * Each file is a mapping of ids to rules; the keys of a rule are described in docs/xpp.md. Rules of all files make one
 * list, ordered by id, and everything lives in the arena. The package brings a folder; a user may add his own.
 */
#ifndef FORWARD_RULEFILE_H
#define FORWARD_RULEFILE_H
#include "base/vec.h"
#include "xpp/rules/rule.h"

typedef VEC(struct rule) rule_list;

/* Adds the rules of one text; `path` stands in messages. Fails with ERR_PACKAGE, line and column. */
bool rulefile_read(struct str text, const char *path, struct arena *a, rule_list *ret, struct err *err) MUST_CHECK;

/* Adds the rules of a file, or of all *.yaml files of a folder. */
bool rulefile_load(const char *path, struct arena *a, rule_list *ret, struct err *err) MUST_CHECK;

/* Orders by id: a letter, then by number ("D2" before "D10"). */
void rulefile_sort(rule_list *rules);

/* The rules of a package's folder and those of a user's own files or folders, ordered and compiled; both live in the
 * arena. Own rules must do what their examples say. Fails with ERR_FILE and ERR_PACKAGE. */
bool rulefile_book(const char *dir, const char *const *own, size_t n_own, struct arena *a, struct rulebook **ret_book,
                   struct err *err) MUST_CHECK;

#endif
