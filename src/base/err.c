#include "base/err.h"
#include "base/utf8.h"
#include <assert.h>
#include <stdarg.h>

static const struct err_info infos[ERR_COUNT] = {
#define E(name, id, status, retry, unknown, title, next) {id, status, retry, unknown, title, next},
#include "tables/errors.def"
#undef E
};

static void format_bounded(char *out, size_t size, const char *fmt, va_list args)
{
    int n = vsnprintf(out, size, fmt, args);
    assert(n >= 0);
    if ((size_t)n >= size)
        memcpy(out + utf8_cut((struct str){out, size - 1}, size - 4), "...", 4);
}

static void put_bounded(char *out, size_t size, const char *fmt, ...) PRINTF_LIKE(3, 4);

static void put_bounded(char *out, size_t size, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    format_bounded(out, size, fmt, args);
    va_end(args);
}

static const char *base_name(const char *file)
{
    const char *slash = strrchr(file, '/');
    return slash ? slash + 1 : file;
}

bool err_set_at(struct err *err, enum err_code code, const char *file, int line, const char *fmt, ...)
{
    assert(err && code < ERR_COUNT);
    char text[sizeof err->message]; /* the old message may be one of the arguments */
    va_list args;
    va_start(args, fmt);
    format_bounded(text, sizeof text, fmt, args);
    va_end(args);
    memset(err, 0, sizeof *err);
    err->code = code;
    snprintf(err->place, sizeof err->place, "%s:%d", base_name(file), line);
    memcpy(err->message, text, sizeof text);
    return false;
}

bool err_wrap(struct err *err, const char *fmt, ...)
{
    char doing[sizeof err->message / 2], old[sizeof err->message];
    memcpy(old, err->message, sizeof old);
    va_list args;
    va_start(args, fmt);
    format_bounded(doing, sizeof doing, fmt, args);
    va_end(args);
    put_bounded(err->message, sizeof err->message, "%s: %s", doing, old);
    return false;
}

bool err_hint(struct err *err, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    format_bounded(err->hint, sizeof err->hint, fmt, args);
    va_end(args);
    return false;
}

bool err_os(struct err *err, enum err_code code, int os_errno, const char *fmt, ...)
{
    char text[sizeof err->message];
    va_list args;
    va_start(args, fmt);
    format_bounded(text, sizeof text, fmt, args);
    va_end(args);
    err_set(err, code, "%s: %s", text, strerror(os_errno));
    err->os_errno = os_errno;
    return false;
}

const struct err_info *err_info(enum err_code code)
{
    assert(code < ERR_COUNT);
    return &infos[code];
}

enum err_code err_code_find(const char *name)
{
    for (size_t i = 0; i < ERR_COUNT; i++)
        if (strcmp(infos[i].name, name) == 0)
            return (enum err_code)i;
    return ERR_COUNT;
}
