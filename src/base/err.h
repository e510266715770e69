/*
 * err: an error as a value, on the caller's stack.
 *
 * A fallible function returns bool (or a pointer), leaves `err` alone when it succeeds and fills it once when it fails:
 * err_set() where it happens, err_wrap() on the way up to say what was being done. Codes are the rows of
 * tables/errors.def, which also fix the exit status, whether trying again can help, and what the user should do next.
 * Messages are lower case, without a full stop, and say what was tried on what. Only cmd/ prints an err. A bug is an
 * assert, never an err. Values are plain and may be copied between threads.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H
#include "base/attr.h"
#include <stdbool.h>
#include <stddef.h>

enum err_code {
#define E(name, id, status, retry, unknown, title, next) ERR_##name,
#include "tables/errors.def"
#undef E
    ERR_COUNT
};

/* Exit statuses of the program; scripts rely on them. */
enum exit_status {
    EXIT_DONE = 0,
    EXIT_FOUND = 1,       /* something is wrong in the data */
    EXIT_USAGE = 2,       /* command line, project file or package */
    EXIT_CONNECT = 3,     /* a database could not be reached */
    EXIT_INTERRUPTED = 4, /* stopped; the same command goes on where it was */
    EXIT_REFUSED = 5,     /* a guard refused */
    EXIT_FAILED = 6,      /* anything else that failed on the way */
};

struct err {
    enum err_code code;
    int os_errno;       /* 0 when the cause is not the operating system */
    char sqlstate[6];   /* "" when the cause is not a database */
    char place[48];     /* file:line that first set it, for bug reports */
    char message[2048]; /* bounded; longer text is cut with "..." */
    char hint[1024];    /* what to do next in this very case; "" means the code's own advice applies */
};

/* What is known of a code: rows of tables/errors.def. */
struct err_info {
    const char *name; /* stable, printed, taken by `carryover explain` */
    enum exit_status status;
    bool retryable;       /* trying again later may succeed */
    bool outcome_unknown; /* the action may have taken effect */
    const char *title;    /* one sentence: what it means */
    const char *next;     /* what to do */
};

#define err_set(err, code, ...) err_set_at(err, code, __FILE__, __LINE__, __VA_ARGS__)

/* Fills `err` and returns false, so that `return err_set(...)` reads well. Use the macro err_set(). */
bool err_set_at(struct err *err, enum err_code code, const char *file, int line, const char *fmt, ...)
    PRINTF_LIKE(5, 6);

/* Puts "doing what: " before the message and returns false. */
bool err_wrap(struct err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Sets the hint of this very error ("create the role with ..."), and returns false. */
bool err_hint(struct err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Like err_set() with the text of an errno appended; `os_errno` is kept in the value. */
bool err_os(struct err *err, enum err_code code, int os_errno, const char *fmt, ...) PRINTF_LIKE(4, 5);

/* The row of a code; never NULL. */
const struct err_info *err_info(enum err_code code);

/* The code with this stable name, or ERR_COUNT. */
enum err_code err_code_find(const char *name);

#endif
