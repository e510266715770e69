/*
 * manifest: package.yaml, read into the plain part of struct package.
 *
 * Checks what the file alone can tell: keys, kinds of values, names, and that nothing is said twice. Whether the tables
 * and scripts it names exist is checked by package_load(), which has the other files.
 */
#ifndef CONF_MANIFEST_H
#define CONF_MANIFEST_H
#include "conf/package.h"
#include "conf/yaml.h"

/* Fills the fields of `pkg` that stand in package.yaml. `ret_yaml` keeps the tree for messages about it. Fails with
 * ERR_PACKAGE, or ERR_PACKAGE_MISSING when pkg->dir has no package.yaml. */
bool manifest_read(struct package *pkg, struct arena *a, struct yaml **ret_yaml, struct err *err) MUST_CHECK;

#endif
