/*
 * sqltext: the outside of SQL text: where strings, comments and words begin and end.
 *
 * A package's SQL is looked at here before any server or parser sees it: to replace :settings, to read the header of a
 * file and to find the end of a statement. It cuts text into tokens as PostgreSQL does (manual, section 4.1) and knows
 * nothing of grammar. Tokens are views of the text.
 */
#ifndef CONF_SQLTEXT_H
#define CONF_SQLTEXT_H
#include "base/arena.h"
#include "base/map.h"

enum sqltext_kind {
    SQLTEXT_END,
    SQLTEXT_BLANK,
    SQLTEXT_COMMENT,
    SQLTEXT_QUOTED, /* '...', E'...', "...", $tag$...$tag$ */
    SQLTEXT_WORD,   /* identifier, keyword */
    SQLTEXT_NUMBER,
    SQLTEXT_SETTING,        /* :name */
    SQLTEXT_SETTING_QUOTED, /* :'name' */
    SQLTEXT_SEMICOLON,
    SQLTEXT_OTHER, /* an operator or punctuation */
};

struct sqltext_token {
    enum sqltext_kind kind;
    struct str text;
    struct str name; /* of a setting */
    bool unended;    /* a string or comment that reaches the end of the text */
};

/* Cuts the next token off `rest`; SQLTEXT_END when nothing is left. */
struct sqltext_token sqltext_next(struct str *rest);

/* See package_substitute(). */
char *sqltext_substitute(struct str sql, const struct map *values, struct arena *a);

/* The text without the semicolon that ends it and without what follows (blanks and comments only); all of it, trimmed,
 * when it does not end with one. */
struct str sqltext_strip(struct str sql);

/* The line (from 1) at which `at` stands in the text. */
int sqltext_line_of(const char *sql, const char *at);

/* The line of a place that a server names: the character `position` (from 1), or the begin of statement number
 * `statement` (from 0) when the position is 0. */
int sqltext_line(const char *sql, int statement, int position);

/* Length of the lines at the start that hold nothing but `--` comments and blanks. */
size_t sqltext_header_length(struct str sql);

#endif
