/*
 * route: the target of a request, cut into decoded parts, and the patterns that it is compared with.
 *
 * A target is what stands in the first line of a request: "/v1/stores/HOUSTON?x=1". It is taken only in the one
 * spelling that cannot be misread by a proxy or a file system: it begins with a slash, has no empty, "." or ".."
 * segments, every % begins two hexadecimal digits, and a decoded segment is UTF-8 without control characters, slashes
 * or backslashes. A pattern is "/v1/stores/{store}": a segment in braces stands for any one segment. Pure: no state,
 * any thread. Source: RFC 9112, section 3.2.1 (origin-form); RFC 3986, sections 2.1 and 3.3.
 */
#ifndef NET_ROUTE_H
#define NET_ROUTE_H
#include "base/arena.h"
#include "base/err.h"

#define ROUTE_SEGMENTS_MAX 16
#define ROUTE_TARGET_MAX 2048

struct route_target {
    struct str path, query; /* as they were sent, without the question mark; borrowed */
    struct str segments[ROUTE_SEGMENTS_MAX];
    size_t n_segments; /* 0 for "/" */
};

struct route_param {
    struct str name, value; /* the name without its braces */
};

struct route_params {
    struct route_param p[ROUTE_SEGMENTS_MAX];
    size_t n;
};

/* Cuts and decodes a target; decoded segments live in the arena. Fails with ERR_REQUEST, saying what is wrong with it
 * but not quoting it. */
bool route_read(struct str target, struct arena *a, struct route_target *ret, struct err *err) MUST_CHECK;

/* Undoes percent signs, for the value of a query; the result lives in the arena. False when one is followed by no
 * digits. */
bool route_decode(struct str raw, struct arena *a, struct str *ret);

/* True when the target fits the pattern; `ret` (may be NULL) gets the parameters, borrowed from both. */
bool route_matches(const char *pattern, const struct route_target *target, struct route_params *ret);

/* The value of a parameter, or an empty view. */
struct str route_param(const struct route_params *params, const char *name);

/* True when the bytes are UTF-8 without control characters: what people may call things. */
bool route_is_text(struct str s);

#endif
