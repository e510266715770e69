/*
 * rehearsal: the cutover on a copy of the target that is thrown away, while everything goes on.
 *
 * The target is copied as a whole (CREATE DATABASE ... TEMPLATE), and the source's slot with it, so that the copy goes
 * on from the same position and follows the live source by itself. Then the steps of the cutover are done there: the
 * same ones, in the same order, by the same code. Three things are left out: the source's writers are not stopped,
 * nobody is let in, and tasks that do not allow it are not done. Replication and upgrade stand still only while the
 * copy is made.
 */
#ifndef CMD_REHEARSAL_H
#define CMD_REHEARSAL_H
#include "conf/command.h"

/* `carryover cutover --mock`. What a rehearsal that was killed left is taken away first. */
bool rehearsal_command(struct command_call *call, struct err *err) MUST_CHECK;

#endif
