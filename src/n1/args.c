#include "n1/args.h"
#include "base/attr.h"
#include "base/buf.h"
#include <jansson.h>
#include <malloc.h>
#include <sodium.h>

#define REAL_WHOLE_MAX 26 /* digits in front of and behind the point: numeric(32,6), and what N-1 has */
#define REAL_PART_MAX 16
#define GUID_LENGTH 36

static void free_json(json_t **root)
{
    json_decref(*root);
}
#define SCOPED_JSON __attribute__((cleanup(free_json))) json_t

static void *take(size_t n)
{
    return malloc(n);
}

static void wipe(void *p)
{
    if (p)
        sodium_memzero(p, malloc_usable_size(p));
    free(p);
}

void args_wipe_json(void)
{
    json_set_alloc_funcs(take, wipe);
}

/* --- one value --- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t digits(struct str s, size_t from)
{
    size_t n = 0;
    while (from + n < s.n && is_digit(s.p[from + n]))
        n++;
    return n;
}

/* -12.5: no exponent, no blanks, nothing that is not a number. */
static bool is_real(struct str s)
{
    size_t sign = s.n && s.p[0] == '-', whole = digits(s, sign), at = sign + whole;
    if (whole == 0 || whole > REAL_WHOLE_MAX)
        return false;
    if (at == s.n)
        return true;
    size_t part = s.p[at] == '.' ? digits(s, at + 1) : 0;
    return part > 0 && part <= REAL_PART_MAX && at + 1 + part == s.n;
}

static int number_at(struct str s, size_t from, size_t n)
{
    int value = 0;
    for (size_t i = 0; i < n; i++)
        value = value * 10 + (s.p[from + i] - '0');
    return value;
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

/* 2026-11-21 */
static bool is_date(struct str s)
{
    if (s.n != 10 || digits(s, 0) != 4 || s.p[4] != '-' || digits(s, 5) != 2 || s.p[7] != '-' || digits(s, 8) != 2)
        return false;
    int year = number_at(s, 0, 4), month = number_at(s, 5, 2), day = number_at(s, 8, 2);
    return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= days_in(year, month);
}

static bool is_guid(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool hex = is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? c != '-' : !hex)
            return false;
    }
    return s.n == GUID_LENGTH;
}

static size_t characters(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return n;
}

static bool is_lines(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if ((c < 0x20 && c != '\n' && c != '\t' && c != '\r') || c == 0x7F)
            return false;
    }
    return true;
}

/* The text of a value as PostgreSQL will read it, or false when it is not of the type. */
static bool text_of(const struct param *p, const json_t *v, struct arena *a, const char **ret)
{
    struct str s = {json_string_value(v), json_string_length(v)};
    int64_t number = json_is_integer(v) ? json_integer_value(v) : 0;
    bool counts = json_is_integer(v);
    *ret = s.p ? arena_dup_str(a, s) : "";
    switch (p->type) {
    case PARAM_BOOL:
        *ret = json_is_true(v) ? "t" : "f";
        return json_is_boolean(v);
    case PARAM_INT:
        *ret = arena_printf(a, "%" PRId64, number);
        return counts && number >= INT32_MIN && number <= INT32_MAX;
    case PARAM_INT64:
        counts = counts || (s.p && str_to_i64(s, &number));
        *ret = arena_printf(a, "%" PRId64, number);
        return counts;
    case PARAM_DATE:
        return s.p && is_date(s);
    case PARAM_GUID:
        return s.p && is_guid(s);
    case PARAM_REAL:
        return s.p && is_real(s);
    case PARAM_STR:
        return s.p && is_lines(s) && characters(s) <= p->max && strlen(*ret) == s.n;
    }
    abort();
}

static bool refuse(const struct param *p, struct err *err)
{
    switch (p->type) {
    case PARAM_BOOL:
        return err_set(err, ERR_CALL_PARAMETERS, "\"%s\" has to be true or false", p->name);
    case PARAM_INT:
        return err_set(err, ERR_CALL_PARAMETERS, "\"%s\" has to be a whole number of 32 bits", p->name);
    case PARAM_INT64:
        return err_set(err, ERR_CALL_PARAMETERS, "\"%s\" has to be a whole number of 64 bits", p->name);
    case PARAM_DATE:
        return err_set(err, ERR_CALL_PARAMETERS, "\"%s\" has to be a date like \"2026-11-21\"", p->name);
    case PARAM_GUID:
        return err_set(err, ERR_CALL_PARAMETERS, "\"%s\" has to be a GUID: 32 hexadecimal digits and four dashes",
                       p->name);
    case PARAM_REAL:
        return err_set(err, ERR_CALL_PARAMETERS,
                       "\"%s\" has to be a decimal number in quotes, like \"12.50\", of up to %d digits in front of "
                       "the point and %d behind it",
                       p->name, REAL_WHOLE_MAX, REAL_PART_MAX);
    case PARAM_STR:
        return err_set(err, ERR_CALL_PARAMETERS,
                       "\"%s\" has to be text of up to %zu characters without control characters", p->name, p->max);
    }
    abort();
}

/* --- the document --- */

static bool read_value(const struct param *p, const json_t *given, struct arena *a, struct args *ret, struct err *err)
{
    const json_t *v = json_object_get(given, p->name);
    const char *text = NULL;
    bool absent = !v || json_is_null(v);
    if (absent)
        return p->optional || err_set(err, ERR_CALL_PARAMETERS, "\"%s\" is missing", p->name);
    if (!text_of(p, v, a, &text))
        return refuse(p, err);
    map_put(ret->values, str_of(p->name))->value = (void *)text;
    return true;
}

static bool refuse_unknown(const struct params *declared, struct err *err)
{
    SCOPED_BUF names = {0};
    for (size_t i = 0; i < declared->n; i++)
        buf_printf(&names, "%s%s", i ? ", " : "", declared->p[i].name);
    return err_set(err, ERR_CALL_PARAMETERS, "there is a parameter that the method does not have; its own are: %s",
                   declared->n ? buf_text(&names) : "none");
}

static bool read_parameters(const json_t *root, const struct params *declared, struct arena *a, struct args *ret,
                            struct err *err)
{
    json_t *given = json_object_get(root, "parameters");
    const char *name;
    json_t *v;
    if (given && !json_is_object(given))
        return err_set(err, ERR_REQUEST, "\"parameters\" has to be an object");
    json_object_foreach(given, name, v)
    {
        if (!param_find(declared, str_of(name)))
            return refuse_unknown(declared, err);
    }
    for (size_t i = 0; i < declared->n; i++)
        if (!read_value(&declared->p[i], given, a, ret, err))
            return false;
    return true;
}

static bool is_key(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !is_digit(c) && c != '-' && c != '_')
            return false;
    }
    return s.n >= ARGS_KEY_MIN && s.n <= ARGS_KEY_MAX;
}

static bool read_key(const json_t *root, struct arena *a, struct args *ret, struct err *err)
{
    const json_t *v = json_object_get(root, "key");
    struct str key = {json_string_value(v), json_string_length(v)};
    if (!v || json_is_null(v))
        return true;
    if (!key.p || !is_key(key))
        return err_set(err, ERR_REQUEST, "\"key\" has to be %d to %d letters, digits, - and _", ARGS_KEY_MIN,
                       ARGS_KEY_MAX);
    ret->key = arena_dup_str(a, key);
    return true;
}

static bool check_members(json_t *root, struct err *err)
{
    const char *name;
    json_t *v;
    json_object_foreach(root, name, v)
    {
        if (strcmp(name, "key") != 0 && strcmp(name, "parameters") != 0)
            return err_set(err, ERR_REQUEST, "the body may have \"key\" and \"parameters\" and nothing else");
    }
    return true;
}

bool args_read(struct str body, const struct params *declared, struct arena *a, struct args *ret, struct err *err)
{
    json_error_t why;
    SCOPED_JSON *root = json_loadb(body.n ? body.p : "", body.n, JSON_REJECT_DUPLICATES, &why);
    *ret = (struct args){.values = map_new()};
    if (!root)
        return err_set(err, ERR_REQUEST, "the body is no JSON document: line %d, column %d", why.line, why.column);
    if (!json_is_object(root))
        return err_set(err, ERR_REQUEST, "the body is no JSON object");
    return check_members(root, err) && read_key(root, a, ret, err) && read_parameters(root, declared, a, ret, err);
}

void args_done(struct args *args)
{
    if (!args->values)
        return;
    for (size_t i = 0; i < map_count(args->values); i++) {
        char *text = map_at(args->values, i)->value;
        if (text[0] && text[1])
            sodium_memzero(text, strlen(text));
    }
    map_free(args->values);
    args->values = NULL;
}

/* --- the digest --- */

static void add(crypto_hash_sha256_state *h, const char *text)
{
    uint64_t n = strlen(text);
    crypto_hash_sha256_update(h, (const unsigned char *)&n, sizeof n);
    crypto_hash_sha256_update(h, (const unsigned char *)text, n);
}

void args_digest(const struct args *args, const struct params *declared, const char *method,
                 char ret_hex[ARGS_DIGEST_MAX])
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state h;
    crypto_hash_sha256_init(&h);
    add(&h, method);
    for (size_t i = 0; i < declared->n; i++) {
        const char *text = map_get(args->values, str_of(declared->p[i].name));
        if (!text)
            continue;
        add(&h, declared->p[i].name);
        add(&h, text);
    }
    crypto_hash_sha256_final(&h, digest);
    sodium_bin2hex(ret_hex, ARGS_DIGEST_MAX, digest, sizeof digest);
}
