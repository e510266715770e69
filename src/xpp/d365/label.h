/*
 * label: labels as D365 label files: for each module and language an AxLabelFile and its `.label.txt`.
 *
 * Ids stay as they are (`@ABC123`), so that no reference in code or metadata has to change. The text file is UTF-8 with
 * a mark, one label a line, sorted by id; comments stand below their label. A line break within a text is written as
 * `\n` and told as a finding, because a label of D365 is one line. Of two different texts for one id and language the
 * first one is taken, and the other told. Pure; any thread.
 */
#ifndef XPP_D365_LABEL_H
#define XPP_D365_LABEL_H
#include "xpp/d365/write.h"
#include "xpp/xpo/label.h"

/* Makes the files of all labels of a model, in the order of their paths; they belong to the arena. The order of `list`
 * changes. */
struct d365_file *d365_label_files(const char *model, labels *list, struct arena *a, struct findings *findings);

/* A language as D365 writes it: "en-US", "zh-Hans", "de". */
struct str d365_language(struct arena *a, struct str language);

#endif
