#include "db/uri.h"
#include "base/buf.h"
#include <libpq-fe.h>

#define MASK "***"

static bool is_uri(const char *text)
{
    return str_starts(str_of(text), "postgresql://") || str_starts(str_of(text), "postgres://");
}

static void put_encoded(struct buf *b, struct str s)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/:,[]*";
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] && strchr(plain, s.p[i]))
            buf_putc(b, s.p[i]);
        else
            buf_printf(b, "%%%02X", (unsigned char)s.p[i]);
}

/* A value of a keyword string, quoted where libpq needs it (manual, 34.1.1.1). */
static void put_quoted(struct buf *b, const char *value)
{
    if (value[0] && value[strcspn(value, " \t\n'\\")] == '\0') {
        buf_puts(b, value);
        return;
    }
    buf_putc(b, '\'');
    for (const char *c = value; *c; c++) {
        if (*c == '\'' || *c == '\\')
            buf_putc(b, '\\');
        buf_putc(b, *c);
    }
    buf_putc(b, '\'');
}

static const char *find(const PQconninfoOption *all, const char *keyword)
{
    for (const PQconninfoOption *o = all; o->keyword; o++)
        if (strcmp(o->keyword, keyword) == 0)
            return o->val;
    return NULL;
}

/* libpq marks what a dialog should hide; passwords of certificates are among it. */
static bool is_secret(const PQconninfoOption *o)
{
    return o->dispchar[0] == '*' || strstr(o->keyword, "password") != NULL;
}

static bool is_one_of(const char *word, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(word, *words) == 0)
            return true;
    return false;
}

static void put_hosts(struct buf *b, const char *host, const char *port)
{
    struct str hosts = str_of(host ? host : ""), ports = str_of(port ? port : "");
    bool many = strchr(port ? port : "", ',') != NULL;
    struct str one = ports;
    for (bool first = true; hosts.n || first; first = false) {
        struct str h = str_split(&hosts, ',');
        bool bare_ipv6 = memchr(h.p, ':', h.n) && h.p[0] != '[';
        if (!first)
            buf_putc(b, ',');
        buf_puts(b, bare_ipv6 ? "[" : "");
        put_encoded(b, h);
        buf_puts(b, bare_ipv6 ? "]" : "");
        one = many ? str_split(&ports, ',') : one;
        if (one.n)
            buf_printf(b, ":%.*s", STR_ARG(one));
    }
}

static void put_uri(struct buf *b, const PQconninfoOption *all)
{
    const char *const front[] = {"user", "password", "dbname", "host", "port", NULL};
    const char *user = find(all, "user"), *host = find(all, "host"), *port = find(all, "port"),
               *db = find(all, "dbname");
    bool is_socket = host && host[0] == '/';
    buf_puts(b, "postgresql://");
    if (user)
        put_encoded(b, str_of(user));
    if (find(all, "password"))
        buf_puts(b, ":" MASK);
    if (user || find(all, "password"))
        buf_putc(b, '@');
    put_hosts(b, is_socket ? NULL : host, port);
    if (db) {
        buf_putc(b, '/');
        put_encoded(b, str_of(db));
    }
    char sep = '?';
    for (const PQconninfoOption *o = all; o->keyword; o++) {
        bool shown = is_one_of(o->keyword, front) && !(is_socket && strcmp(o->keyword, "host") == 0);
        if (!o->val || shown)
            continue;
        buf_printf(b, "%c%s=", sep, o->keyword);
        put_encoded(b, str_of(is_secret(o) ? MASK : o->val));
        sep = '&';
    }
}

/* `other` in place of what is said of the keyword `instead`, if anything is; NULL: as it is. */
static void put_keywords(struct buf *b, const PQconninfoOption *all, bool masked, const char *instead,
                         const char *other)
{
    for (const PQconninfoOption *o = all; o->keyword; o++) {
        const char *value = instead && strcmp(o->keyword, instead) == 0 ? other : o->val;
        if (!value)
            continue;
        buf_printf(b, "%s%s=", b->n ? " " : "", o->keyword);
        put_quoted(b, masked && is_secret(o) ? MASK : value);
    }
}

/* A slip of the pen ("postgresql://h/hq&password=x") makes a password part of another value. */
static bool hides_a_secret(const PQconninfoOption *all)
{
    for (const PQconninfoOption *o = all; o->keyword; o++)
        if (o->val && !is_secret(o) && strcasestr(o->val, "password="))
            return true;
    return false;
}

char *uri_masked(struct arena *a, const char *uri)
{
    char *why = NULL;
    PQconninfoOption *all = PQconninfoParse(uri, &why);
    if (!all) {
        PQfreemem(why);
        return arena_dup(a, MASK);
    }
    SCOPED_BUF b = {0};
    if (hides_a_secret(all))
        buf_puts(&b, MASK);
    else if (is_uri(uri))
        put_uri(&b, all);
    else
        put_keywords(&b, all, true, NULL, NULL);
    PQconninfoFree(all);
    return arena_dup(a, buf_text(&b));
}

static PQconninfoOption *parse(const char *uri)
{
    char *why = NULL;
    PQconninfoOption *all = PQconninfoParse(uri, &why);
    PQfreemem(why);
    return all;
}

static bool understood(struct arena *a, const char *uri, PQconninfoOption **ret, struct err *err)
{
    *ret = parse(uri);
    return *ret || err_set(err, ERR_CONFIG, "the connection string %s can not be understood", uri_masked(a, uri));
}

bool uri_with_database(struct arena *a, const char *uri, const char *database, char **ret, struct err *err)
{
    PQconninfoOption *all = NULL;
    if (!understood(a, uri, &all, err))
        return false;
    SCOPED_BUF b = {0};
    put_keywords(&b, all, false, "dbname", database);
    PQconninfoFree(all);
    *ret = arena_dup(a, buf_text(&b));
    return true;
}

bool uri_with_options(struct arena *a, const char *uri, const char *options, char **ret, struct err *err)
{
    PQconninfoOption *all = NULL;
    if (!understood(a, uri, &all, err))
        return false;
    SCOPED_BUF b = {0};
    const char *before = find(all, "options");
    put_keywords(&b, all, false, "options", before ? arena_printf(a, "%s %s", before, options) : options);
    PQconninfoFree(all);
    *ret = arena_dup(a, buf_text(&b));
    return true;
}

char *uri_database(struct arena *a, const char *uri)
{
    PQconninfoOption *all = parse(uri);
    if (!all)
        return NULL;
    const char *name = find(all, "dbname");
    name = name ? name : find(all, "user");
    char *ret = name ? arena_dup(a, name) : NULL;
    PQconninfoFree(all);
    return ret;
}

char **uri_environment(struct arena *a, const char *uri)
{
    PQconninfoOption *all = parse(uri);
    size_t n = 0;
    for (const PQconninfoOption *o = all; o && o->keyword; o++)
        n++;
    char **env = arena_new_array(a, char *, n + 1);
    n = 0;
    for (const PQconninfoOption *o = all; o && o->keyword; o++)
        if (o->val && o->envvar)
            env[n++] = arena_printf(a, "%s=%s", o->envvar, o->val);
    PQconninfoFree(all);
    return env;
}
