/*
 * xpo_generate: what the files of the generator of exports share.
 */
#ifndef BENCH_XPO_GENERATE_H
#define BENCH_XPO_GENERATE_H
#include "base/buf.h"
#include "base/rand.h"

struct generator {
    struct buf out;
    struct rand rand;
    unsigned indent;
    uint64_t made; /* elements so far: makes names unique */
};

/* A line at the indentation in force; an END or a BEGIN around it is the caller's. */
void put(struct generator *g, const char *fmt, ...) PRINTF_LIKE(2, 3);
void open_block(struct generator *g, const char *fmt, ...) PRINTF_LIKE(2, 3);
void close_block(struct generator *g, const char *end);
void put_prop(struct generator *g, const char *name, const char *fmt, ...) PRINTF_LIKE(3, 4);
void put_header(struct generator *g, const char *code, const char *version, const char *what, const char *name);

uint64_t below(struct generator *g, uint64_t n);
const char *noun(struct generator *g);
const char *verb(struct generator *g);

/* Methods of X++ as SOURCE blocks. */
void put_source(struct generator *g, const char *name, const char *text);
void put_method(struct generator *g, const char *name);
void put_methods(struct generator *g, size_t n);

/* One element of each kind. */
void put_class(struct generator *g);
void put_table(struct generator *g);
void put_enum(struct generator *g);
void put_type(struct generator *g);
void put_form(struct generator *g);
void put_query(struct generator *g);
void put_menu_item(struct generator *g);
void put_privilege(struct generator *g);
void put_job(struct generator *g);
void put_macro(struct generator *g);

#endif
