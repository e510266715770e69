/*
 * freeze: what a sign-off is about: names and digests of everything that decides what the night will do.
 *
 * One list is taken when the runbook is rehearsed, one when it is signed off, one before the real run: what differs is
 * named. Lists are kept in the journal. Pure but for reading files.
 */
#ifndef RUNBOOK_FREEZE_H
#define RUNBOOK_FREEZE_H
#include "base/buf.h"
#include "runbook/journal.h"

struct freeze_item {
    const char *name; /* "package up/custtable.sql", "setting hooks.open" */
    const char *digest;
};

struct freeze {
    struct arena *a;
    struct freeze_item *p;
    size_t n, cap;
};

/* An empty list whose texts live in the arena. */
void freeze_init(struct freeze *f, struct arena *a);

/* A text, a file, or all files below a folder; names begin with `prefix`. Fails with ERR_FILE. */
void freeze_text(struct freeze *f, const char *name, const char *text);
bool freeze_file(struct freeze *f, const char *name, const char *path, struct err *err) MUST_CHECK;
bool freeze_folder(struct freeze *f, const char *prefix, const char *dir, struct err *err) MUST_CHECK;

/* Sorts by name. Call it once, when all is in. */
void freeze_sort(struct freeze *f);

/* Appends what differs, at most `most` names, and gives how many do. Both lists are sorted. */
size_t freeze_compare(const struct freeze *old, const struct freeze *now, size_t most, struct buf *ret);

/* Writes the list into a run of the journal, and reads it; without one the list is empty. */
bool freeze_store(const struct freeze *f, struct journal *j, int64_t run, struct err *err) MUST_CHECK;
bool freeze_load(struct freeze *f, struct journal *j, int64_t run, struct err *err) MUST_CHECK;

#endif
