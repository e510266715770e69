/*
 * usermap: the file that says which e-mail address each user of version N-1 has in version N.
 *
 * Two columns, UserId and EmailAddress, with or without a line of names above them: the first line counts as that only
 * when it can be nothing else, so no row is ever lost to a guess. A row is accepted or rejected with its line and the
 * reason; users that may sign in and have no accepted row are missing. Pure: text in, plain data out.
 */
#ifndef CHECKLIST_USERMAP_H
#define CHECKLIST_USERMAP_H
#include "base/arena.h"
#include "base/buf.h"

/* A user of the source; ids compare without case, as version N-1 does. */
struct usermap_user {
    const char *id;
    bool enabled;
};

struct usermap_rejected {
    int line;
    const char *user, *email, *reason;
};

struct usermap {
    bool header; /* the first line was names of columns */
    size_t rows, accepted;
    struct usermap_rejected *rejected;
    size_t n_rejected;
    const char **missing; /* ids */
    size_t n_missing;
};

/* Everything lives in the arena. */
void usermap_read(struct str text, const struct usermap_user *users, size_t n, struct arena *a, struct usermap *ret);

/* True for LOCAL@DOMAIN with a domain of at least two labels, as version N takes it. */
bool usermap_is_email(struct str s);

/* The rejected rows as CSV: line, UserId, EmailAddress, reason. */
void usermap_put_rejected(const struct usermap *m, struct buf *b);

#endif
