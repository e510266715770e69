/*
 * rules: what refresh.yaml says, for the tables that there are: which rows stay behind, which come from the old
 * production, what is reset; and the proof that it is so.
 *
 * Rules are resolved once against the sandbox and the old production; what they name and nobody has is part of the
 * result, so that it is seen. Applying them may be repeated; the proof looks at the data alone. Everything lives in the
 * arena.
 */
#ifndef REFRESH_RULES_H
#define REFRESH_RULES_H
#include "conf/refresh.h"
#include "db/pg.h"

enum rule_kind { RULE_NOT_CARRIED, RULE_KEPT, RULE_RESET, RULE_ENCRYPTED };

struct rule {
    enum rule_kind kind;
    const char *name;    /* "hq.batchhistory", the id of a reset, "hq.accounts.password" */
    const char *about;   /* the reason, or what is done */
    const char *skipped; /* why it is passed over; NULL: it is not */
    const char *schema, *table;
    const char *sql;   /* of a reset: the statement */
    const char *check; /* ... the SELECT of rows that are wrong after it */
};

struct rules {
    struct rule *p;
    size_t n;
    const char *const *excluded; /* "schema.table" whose rows replication leaves out, NULL-terminated, sorted */
};

struct rules_opts {
    const struct refresh_policy *policy;
    bool production; /* of this kind is what is made */
    struct pg *sandbox;
    struct pg *before;   /* the old production; NULL: there is none */
    const char *decided; /* lines of "schema.table" that were left out when the copy was begun; NULL: not begun */
};

bool rules_resolve(const struct rules_opts *o, struct arena *a, struct rules *ret, struct err *err) MUST_CHECK;

/* "not carried", "kept", "reset", "enter again". */
const char *rule_kind_name(enum rule_kind k);

/* Does every reset and clears what was encrypted, in one transaction. */
bool rules_apply(const struct rules *r, struct pg *next, struct err *err) MUST_CHECK;

/* Makes carryover.refresh_kept where it is not there. */
extern const char rules_kept_sql[];

/* Takes the rows of the kept tables over from the old production, each in one transaction, and compares their digests
 * while nobody can write there. What was found is kept in carryover.refresh_kept. */
bool rules_keep(const struct rules *r, struct pg *before, struct pg *next, struct err *err) MUST_CHECK;

enum rule_outcome { RULE_PASS, RULE_FAIL, RULE_SKIPPED };

struct rule_proof {
    const struct rule *rule;
    enum rule_outcome outcome;
    const char *found; /* "0 rows", "3 rows are not reset" */
};

/* One for each rule, in their order. */
bool rules_prove(const struct rules *r, struct pg *next, struct arena *a, struct rule_proof **ret,
                 struct err *err) MUST_CHECK;

#endif
