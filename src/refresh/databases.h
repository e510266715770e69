/*
 * databases: the databases of the production server as a whole: made, shut, exchanged by name, dropped.
 *
 * Everything here is said by a session of another database (`admin`), because nobody may be connected to one that is
 * renamed. A database is known by its number (oid), which outlives its name: after a crash the numbers say what was
 * done. Several renames are one transaction of the server, so users find the old database under the name, or the new.
 */
#ifndef REFRESH_DATABASES_H
#define REFRESH_DATABASES_H
#include "db/pg.h"

/* The number of the database with this name, 0 when there is none. */
bool databases_number(struct pg *admin, const char *name, int64_t *ret, struct err *err) MUST_CHECK;

/* The name of the database with this number; NULL when it is gone. */
bool databases_name(struct pg *admin, int64_t number, struct arena *a, char **ret, struct err *err) MUST_CHECK;

/* Encoding and locale of a new database. */
struct databases_region {
    const char *encoding, *collate, *ctype;
};

/* Makes a database that only its owner may enter, in which no trigger and no foreign key acts (they are those of a
 * copy), and marks it as ours. One that an interrupted call left is taken as it is; ERR_GUARD for anybody else's. */
bool databases_make(struct pg *admin, const char *name, const struct databases_region *region,
                    struct err *err) MUST_CHECK;

/* True for a database that databases_make() has made. */
bool databases_is_ours(struct pg *admin, const char *name, bool *ret, struct err *err) MUST_CHECK;

/* Nobody new comes in, and whoever is there is put out, but the server process `spared` (0: nobody). */
bool databases_shut(struct pg *admin, const char *name, int spared, struct err *err) MUST_CHECK;
bool databases_open(struct pg *admin, const char *name, struct err *err) MUST_CHECK;

/* Gives `to` the owner, the rights and the settings that `like` has (NULL: those of a new database), in place of what
 * databases_make() has set; its mark stays. */
bool databases_dress(struct pg *admin, const char *like, const char *to, struct err *err) MUST_CHECK;

struct databases_move {
    const char *from, *to;
    bool open; /* may be entered from then on */
};

/* All renames in one transaction; sessions that come meanwhile are put out. */
bool databases_exchange(struct pg *admin, const struct databases_move *moves, size_t n, struct err *err) MUST_CHECK;

/* It is no longer one that a refresh is making. */
bool databases_unmark(struct pg *admin, const char *name, struct err *err) MUST_CHECK;

/* No failure when it is gone. */
bool databases_drop(struct pg *admin, const char *name, struct err *err) MUST_CHECK;

#endif
