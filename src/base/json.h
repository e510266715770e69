/*
 * json: writing JSON text straight into a buf. Reading and building documents is jansson's job.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H
#include "base/buf.h"

/* The bytes as a JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD. */
void json_put_string(struct buf *b, struct str s);

#endif
