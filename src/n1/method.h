/*
 * method: one real-time call of the package, ready to be run.
 *
 * Its statement runs in the caller's transaction with bind parameters only, and its rows become the payload of the
 * answer. What N-1 would answer with success = false is a refusal: either the statement raises an exception with the
 * SQLSTATE METHOD_REFUSED whose message is `Code: sentence`, or `none` and `many` of the header say so. Read-only after
 * method_make(): any thread.
 */
#ifndef N1_METHOD_H
#define N1_METHOD_H
#include "n1/bind.h"

#define METHOD_REFUSED "N1REF"
#define METHOD_ROWS_MAX 5000

enum method_effect { METHOD_READ, METHOD_WRITE, METHOD_MONEY };
enum method_form { METHOD_NOTHING, METHOD_ROW, METHOD_ROWS };

struct method {
    const struct package_file *file;
    enum method_effect effect;
    enum method_form form;
    struct params params;
    struct param_passwords passwords;
    struct bind bind;
    int columns; /* as `payload` names them */
    bool secret; /* the answer may not be kept */
};

/* What a call is answered with: the whole document, and whether it is a refusal. */
struct answer {
    struct buf body;
    bool refused;
};

void answer_done(struct answer *w);
#define SCOPED_ANSWER __attribute__((cleanup(answer_done))) struct answer

/* An answer without payload; `message` is `Code: sentence` of a refusal. */
void answer_refuse(struct answer *w, const char *message);
void answer_succeed(struct answer *w);

/* Reads the header of a file of calls/. Fails with ERR_PACKAGE. */
bool method_make(const struct package_file *f, struct arena *a, struct method *ret, struct err *err) MUST_CHECK;

/* Runs it; after a refusal the caller rolls back what it did. `values` also has `store`. Fails with ERR_CALL_LARGE when
 * there are more than METHOD_ROWS_MAX rows, and like pg_query(). */
bool method_run(const struct method *m, struct pg *pg, const struct map *values, struct arena *a, struct answer *w,
                struct err *err) MUST_CHECK;

/* Asks the server whether the statement can run and has as many columns as `payload` names. Fails with ERR_PACKAGE. */
bool method_try(const struct method *m, struct pg *pg, struct err *err) MUST_CHECK;

#endif
