/*
 * contract: what N-1 stores ask of headquarters, as package.yaml says it: the methods that tills call, those that
 * nobody answers any more, and how N-1 made the hash of a password.
 *
 * contract_read() takes the sections `calls` and `staff` of the manifest; contract_check() compares them with the files
 * of calls/ and staff/. What is missing is no mistake of the package but a finding, see contract_state().
 */
#ifndef CONF_CONTRACT_H
#define CONF_CONTRACT_H
#include "conf/package.h"
#include "conf/yaml.h"

/* Fills pkg->n1_calls and pkg->n1_staff. Fails with ERR_PACKAGE. */
bool contract_read(struct package *pkg, struct yaml *y, struct arena *a, struct err *err) MUST_CHECK;

/* Parameters that a header names exist, no method is there twice, the statements of staff/ are complete when a call
 * has to do with passwords. Fails with ERR_PACKAGE. */
bool contract_check(const struct package *pkg, struct err *err) MUST_CHECK;

enum contract_state { CONTRACT_ANSWERED, CONTRACT_UNSUPPORTED, CONTRACT_MISSING, CONTRACT_UNKNOWN };

/* What becomes of a call of this method; `ret_file` (may be NULL) gets the file that answers it, `ret_reason` (may be
 * NULL) why it is not supported. */
enum contract_state contract_state(const struct package *pkg, struct str method, const struct package_file **ret_file,
                                   const char **ret_reason);

#endif
