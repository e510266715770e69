/*
 * job: a job as the class that takes its place.
 *
 * D365 has no jobs: a class with a main() runs by its name. Where a type of the job's name is there already, in
 * whatever input, the class gets a name of its own.
 */
#ifndef XPP_D365_JOB_H
#define XPP_D365_JOB_H
#include "xpp/d365/work.h"

/* The name of the class that a job becomes. */
struct str job_class(struct work *w, struct str job);

#endif
