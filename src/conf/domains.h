/*
 * domains: what package.yaml says of tables as a whole: the module that each belongs to, and the values of columns that
 * stores of N-1 know.
 *
 * Takes the sections `modules` and `enums` of the manifest; both may be missing. Reports count sizes by module, and
 * `analyze` looks for values that a store would not understand.
 */
#ifndef CONF_DOMAINS_H
#define CONF_DOMAINS_H
#include "conf/package.h"
#include "conf/yaml.h"

/* Fills pkg->modules and pkg->enums. Fails with ERR_PACKAGE. */
bool domains_read(struct package *pkg, struct yaml *y, struct arena *a, struct err *err) MUST_CHECK;

#endif
