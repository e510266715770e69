/*
 * json: writing JSON text straight into a buf. Reading and building documents is jansson's job.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H
#include "base/buf.h"

/* The bytes as a JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD. */
void json_put_string(struct buf *b, struct str s);

/* A member of an object: what comes `before` it ("{" or ","), its name, a colon, the string. */
void json_put_member(struct buf *b, const char *before, const char *name, struct str value);

/* The same for a text that ends with a zero; NULL is null. */
void json_put_text(struct buf *b, const char *before, const char *name, const char *value);

#endif
