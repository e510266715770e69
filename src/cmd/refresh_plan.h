/*
 * refresh_plan: what a refresh would do, for people and programs.
 */
#ifndef CMD_REFRESH_PLAN_H
#define CMD_REFRESH_PLAN_H
#include "cmd/refreshing.h"

/* Prints plan and pre-flight; fails with the first problem that would stop it. */
bool refresh_plan_print(struct command_call *call, struct refreshing *r, struct err *err) MUST_CHECK;

#endif
