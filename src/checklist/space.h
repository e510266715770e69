/*
 * space: is there room for the upgrade where the servers keep their data?
 *
 * What is needed is reckoned from sizes in the catalog. What is free can be asked only where the server runs on this
 * machine: its data directory is then a folder of a file system here. Of any other server nobody can know it through
 * SQL, and a person has to.
 */
#ifndef CHECKLIST_SPACE_H
#define CHECKLIST_SPACE_H
#include "db/pg.h"

struct space {
    int64_t used;  /* bytes of the database now */
    bool is_known; /* whether `free` is */
    int64_t free;
    const char *dir; /* the data directory, or "" */
};

/* Looks at the server behind the connection. */
bool space_read(struct pg *pg, struct arena *a, struct space *ret, struct err *err) MUST_CHECK;

/* A size that a person confirms: the next one with two leading binary digits (2, 3, 4, 6, 8, 12 GB ...), at least
 * 1 GB, so that a database that grows a little does not ask again. */
int64_t space_round(int64_t bytes);

#endif
