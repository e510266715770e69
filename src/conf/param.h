/*
 * param: a parameter of a real-time call as a package declares it: `giftCardId str 30`, `amount real optional`.
 *
 * The types are the primitive ones that N-1 knows: bool, date, int, int64, str, guid, real. A str has a length in
 * characters. `password check staffId password` and its kin say which parameters the gateway itself looks at.
 * Pure; names and lists live in the arena that was given.
 */
#ifndef CONF_PARAM_H
#define CONF_PARAM_H
#include "base/arena.h"
#include "base/str.h"

#define PARAM_NAME_MAX 60
#define PARAM_LENGTH_MAX 65536

enum param_type { PARAM_BOOL, PARAM_DATE, PARAM_INT, PARAM_INT64, PARAM_STR, PARAM_GUID, PARAM_REAL };

struct param {
    const char *name;
    enum param_type type;
    size_t max; /* characters of a str; 0 for the others */
    bool optional;
};

struct params {
    struct param *p;
    size_t n;
};

/* What a call does with passwords before its statement runs. */
enum param_password { PASSWORD_NONE, PASSWORD_CHECK, PASSWORD_CHANGE, PASSWORD_RESET };

/* The parameters that the header word `password` names; those that a kind has no use for are NULL. */
struct param_passwords {
    enum param_password kind;
    const char *staff, *password, *fresh;
};

/* A letter, then letters, digits and _; 1 to PARAM_NAME_MAX of them. */
bool param_is_name(struct str s);

/* Reads a declaration. On failure `*ret_why` is a constant sentence about the format. */
bool param_declare(struct str text, struct arena *a, struct param *ret, const char **ret_why);

/* Reads `check STAFF PASSWORD`, `change STAFF PASSWORD NEW` or `reset STAFF NEW`. */
bool param_read_passwords(struct str text, struct arena *a, struct param_passwords *ret);

/* The parameter with this name, or NULL. */
const struct param *param_find(const struct params *params, struct str name);

/* "str", "int64". */
const char *param_type_name(enum param_type type);

/* What PostgreSQL calls it: "text", "bigint". */
const char *param_sql_type(enum param_type type);

#endif
