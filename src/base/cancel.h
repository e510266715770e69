/*
 * cancel: the one request to stop, set by a signal, looked at between units of work.
 *
 * Ctrl-C and SIGTERM ask once for a clean stop (the command ends with ERR_INTERRUPTED and can be run again); a second
 * Ctrl-C ends the process at once, which is as safe as a crash: every state lives in a database transaction.
 */
#ifndef BASE_CANCEL_H
#define BASE_CANCEL_H
#include "base/err.h"
#include <stdbool.h>

/* Installs the handlers; call once in main(). */
void cancel_install(void);

bool cancel_requested(void);

/* Asks for the stop from inside the program. Safe from any thread. */
void cancel_request(void);

/* Fails with ERR_INTERRUPTED when a stop was asked for. */
bool cancel_check(struct err *err) MUST_CHECK;

#endif
