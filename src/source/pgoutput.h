/*
 * pgoutput: the messages of PostgreSQL's logical replication output plugin, protocol version 1, as structs.
 *
 * A pure decoder: bytes in, one message out, views into those bytes. Every length is checked; garbage is ERR_STREAM.
 * Source: PostgreSQL 15 manual, 55.9 "Logical Replication Message Formats".
 */
#ifndef SOURCE_PGOUTPUT_H
#define SOURCE_PGOUTPUT_H
#include "base/arena.h"
#include "base/err.h"
#include <stdint.h>

enum pgoutput_kind {
    PGOUTPUT_BEGIN = 'B',
    PGOUTPUT_COMMIT = 'C',
    PGOUTPUT_ORIGIN = 'O',
    PGOUTPUT_RELATION = 'R',
    PGOUTPUT_TYPE = 'Y',
    PGOUTPUT_INSERT = 'I',
    PGOUTPUT_UPDATE = 'U',
    PGOUTPUT_DELETE = 'D',
    PGOUTPUT_TRUNCATE = 'T',
    PGOUTPUT_MESSAGE = 'M',
};

struct pgoutput_field {
    char kind; /* 'n' null, 'u' unchanged, 't' text, 'b' binary */
    uint32_t n;
    const char *p;
};

struct pgoutput_tuple {
    struct pgoutput_field *fields;
    size_t n;
    bool present;
};

struct pgoutput_column {
    bool key;
    struct str name;
    uint32_t type;
    int32_t modifier;
};

struct pgoutput_message {
    enum pgoutput_kind kind;
    uint64_t lsn;      /* BEGIN: of the commit record; COMMIT: behind the transaction */
    int64_t commit_us; /* BEGIN, COMMIT: microseconds since 1970 */
    uint32_t xid;      /* BEGIN */
    uint32_t relation; /* RELATION, INSERT, UPDATE, DELETE */
    struct str schema, name;
    char identity; /* RELATION: 'd' default, 'n' nothing, 'f' full, 'i' index */
    struct pgoutput_column *columns;
    size_t n_columns;
    bool old_is_key; /* `old` has only the key columns set */
    struct pgoutput_tuple old, row;
    uint32_t *truncated;
    size_t n_truncated;
};

/* Decodes one message; arrays live in the arena, texts in `bytes`. */
bool pgoutput_decode(struct str bytes, struct arena *a, struct pgoutput_message *ret, struct err *err) MUST_CHECK;

#endif
