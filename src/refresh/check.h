/*
 * check: the pre-flight of a refresh: everything that would stop it, all at once, before anything is made.
 */
#ifndef REFRESH_CHECK_H
#define REFRESH_CHECK_H
#include "db/pg.h"
#include "refresh/databases.h"

enum check_outcome { CHECK_OK, CHECK_WARNING, CHECK_PROBLEM };

struct check_item {
    const char *name, *found, *mend; /* mend: "" when it is ok */
    enum check_outcome outcome;
    enum err_code code; /* of a problem */
};

struct checks {
    struct check_item *p;
    size_t n;
    struct databases_region region; /* of the new database */
    int64_t bytes;                  /* of the sandbox */
};

struct check_opts {
    struct pg *sandbox, *admin, *production; /* production: NULL while there is none */
    const char *production_name, *bin;
    int sessions; /* that will be needed there */
};

#define CHECKS_MAX 32

bool check_refresh(const struct check_opts *o, struct arena *a, struct checks *ret, struct err *err) MUST_CHECK;

void check_add(struct checks *l, const char *name, enum check_outcome outcome, enum err_code code, const char *found,
               const char *mend);

/* Fails with the first problem. */
bool check_refuse(const struct checks *l, struct err *err) MUST_CHECK;

#endif
