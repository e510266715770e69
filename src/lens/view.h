/*
 * view: lenses as views of the target database: made from the author's text, read back as PostgreSQL understood it.
 *
 * Mistakes in the author's SQL are reported with the line and column of his file.
 */
#ifndef LENS_VIEW_H
#define LENS_VIEW_H
#include "lens/lens.h"

/* Makes the view of a lens (replacing an old one). */
bool view_create(struct pg *pg, const struct lens *l, const struct package_file *file, struct arena *a,
                 struct err *err) MUST_CHECK;

/* Reads its columns into the lens, compares them with the lens' table, refuses functions whose answer can change by
 * itself, and analyses the definition. */
bool view_analyse(struct pg *pg, struct lens *l, const struct catalog *cat, struct arena *a,
                  struct err *err) MUST_CHECK;

#endif
