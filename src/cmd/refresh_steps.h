/*
 * refresh_steps: what each step of `carryover refresh switch` does.
 *
 * Each may be repeated after a kill. Up to `verify` all but the proof are repeated when a run is resumed; from `close`
 * on the numbers of both databases are in the journal, so that what was renamed is known whatever it is called.
 */
#ifndef CMD_REFRESH_STEPS_H
#define CMD_REFRESH_STEPS_H
#include "cmd/refreshing.h"
#include "runbook/runbook.h"

const struct runbook *refresh_runbook(void);

runbook_action refresh_preflight, refresh_prove, refresh_catch_up, refresh_silence, refresh_barrier, refresh_drain,
    refresh_keyless, refresh_verify, refresh_close, refresh_values, refresh_keep, refresh_reset_rules,
    refresh_prove_rules, refresh_smoke, refresh_accept, refresh_switch, refresh_release_slot;

#endif
