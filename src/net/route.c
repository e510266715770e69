#include "net/route.h"
#include "base/utf8.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool route_is_text(struct str s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    for (size_t i = 0; i < s.n;) {
        size_t n = utf8_length(s.p + i, s.n - i);
        bool control = p[i] < 0x20 || p[i] == 0x7F || (p[i] == 0xC2 && n == 2 && p[i + 1] < 0xA0);
        if (n == 0 || control)
            return false;
        i += n;
    }
    return true;
}

bool route_decode(struct str raw, struct arena *a, struct str *ret)
{
    char *out = arena_alloc(a, raw.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < raw.n; i++) {
        if (raw.p[i] != '%') {
            out[n++] = raw.p[i];
            continue;
        }
        int high = i + 2 < raw.n ? hex_digit(raw.p[i + 1]) : -1;
        int low = i + 2 < raw.n ? hex_digit(raw.p[i + 2]) : -1;
        if (high < 0 || low < 0)
            return false;
        out[n++] = (char)(high * 16 + low);
        i += 2;
    }
    *ret = (struct str){out, n};
    return true;
}

static bool check_segment(struct str s, struct err *err)
{
    if (s.n == 0)
        return err_set(err, ERR_REQUEST, "the path has an empty segment");
    if (str_is(s, ".") || str_is(s, ".."))
        return err_set(err, ERR_REQUEST, "the path has a segment of dots");
    if (!route_is_text(s) || memchr(s.p, '/', s.n) || memchr(s.p, '\\', s.n))
        return err_set(err, ERR_REQUEST, "a segment of the path has a character that may not be in it");
    return true;
}

static bool check_bytes(struct str target, struct err *err)
{
    if (target.n > ROUTE_TARGET_MAX)
        return err_set(err, ERR_REQUEST, "the path and query have more than %d bytes", ROUTE_TARGET_MAX);
    if (target.n == 0 || target.p[0] != '/')
        return err_set(err, ERR_REQUEST, "the path does not begin with a slash");
    for (size_t i = 0; i < target.n; i++)
        if (target.p[i] <= 0x20 || target.p[i] >= 0x7F || target.p[i] == '#')
            return err_set(err, ERR_REQUEST, "the path or query has a character that must be written with %%");
    return true;
}

bool route_read(struct str target, struct arena *a, struct route_target *ret, struct err *err)
{
    *ret = (struct route_target){0};
    if (!check_bytes(target, err))
        return false;
    ret->query = target;
    ret->path = str_split(&ret->query, '?');
    if (ret->path.n == 1)
        return true;
    struct str rest = {ret->path.p + 1, ret->path.n - 1};
    if (rest.p[rest.n - 1] == '/')
        return err_set(err, ERR_REQUEST, "the path ends with a slash");
    while (rest.n) {
        struct str segment;
        if (ret->n_segments == ROUTE_SEGMENTS_MAX)
            return err_set(err, ERR_REQUEST, "the path has more than %d segments", ROUTE_SEGMENTS_MAX);
        if (!route_decode(str_split(&rest, '/'), a, &segment))
            return err_set(err, ERR_REQUEST, "a %% in the path is not followed by two hexadecimal digits");
        if (!check_segment(segment, err))
            return false;
        ret->segments[ret->n_segments++] = segment;
    }
    return true;
}

bool route_matches(const char *pattern, const struct route_target *target, struct route_params *ret)
{
    struct route_params params = {0};
    struct str rest = str_of(pattern + 1);
    size_t i = 0;
    for (; rest.n; i++) {
        struct str part = str_split(&rest, '/');
        if (i == target->n_segments)
            return false;
        if (part.n > 2 && part.p[0] == '{')
            params.p[params.n++] = (struct route_param){{part.p + 1, part.n - 2}, target->segments[i]};
        else if (!str_eq(part, target->segments[i]))
            return false;
    }
    if (i != target->n_segments)
        return false;
    if (ret)
        *ret = params;
    return true;
}

struct str route_param(const struct route_params *params, const char *name)
{
    for (size_t i = 0; i < params->n; i++)
        if (str_is(params->p[i].name, name))
            return params->p[i].value;
    return (struct str){"", 0};
}
