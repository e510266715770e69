/*
 * args: the body of a call, read and compared with what the method declares.
 *
 * `{"key": "...", "parameters": {"giftCardId": "GC000000001", "amount": "12.50"}}`. Every parameter has to be of its
 * type and inside its length, those that are not optional have to be there, and no other may be. What passes is
 * text that PostgreSQL reads as that type and nothing else. Messages name parameters as the method declares them and
 * never repeat what was sent, since that may be a password.
 */
#ifndef N1_ARGS_H
#define N1_ARGS_H
#include "base/err.h"
#include "base/map.h"
#include "conf/param.h"

#define ARGS_KEY_MIN 8
#define ARGS_KEY_MAX 64
#define ARGS_DIGEST_MAX 65 /* 64 hexadecimal digits and a zero */

struct args {
    const char *key;    /* NULL when there is none */
    struct map *values; /* parameter to C string; those that were left out are not in it */
};

/* Reads the body. `ret` is freed with args_done() whatever the outcome; texts are in the arena. Fails with ERR_REQUEST
 * for what is no such document, ERR_CALL_PARAMETERS for parameters that do not fit. */
bool args_read(struct str body, const struct params *declared, struct arena *a, struct args *ret,
               struct err *err) MUST_CHECK;

/* Wipes the values and lets go of them. */
void args_done(struct args *args);
#define SCOPED_ARGS __attribute__((cleanup(args_done))) struct args

/* What of method and values has to be the same when a key comes again. */
void args_digest(const struct args *args, const struct params *declared, const char *method,
                 char ret_hex[ARGS_DIGEST_MAX]);

/* From now on memory that JSON documents took is wiped when it is freed. Call it before the first document. */
void args_wipe_json(void);

#endif
