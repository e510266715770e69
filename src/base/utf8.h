/*
 * utf8: whether bytes are UTF-8. Pure; any thread. Source: Unicode 15, table 3-7.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H
#include "base/arena.h"
#include "base/str.h"

/* How many bytes the sequence at `p` has, of which `n` > 0 bytes are there; 0 when it is none. */
size_t utf8_length(const char *text, size_t n);

/* How many bytes of `s`, at most `most`, can be kept without cutting a character in two. */
size_t utf8_cut(struct str s, size_t most);

/* True when all of it is UTF-8; a zero byte is, too. */
bool utf8_is_valid(struct str s);

/* The text itself when it is UTF-8, else a copy in which every byte that belongs to no character is a question mark. */
const char *utf8_mended(struct arena *a, const char *text);

#endif
