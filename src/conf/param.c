#include "conf/param.h"
#include "base/attr.h"

static const struct {
    const char *name, *sql;
} types[] = {
    [PARAM_BOOL] = {"bool", "boolean"},  [PARAM_DATE] = {"date", "date"}, [PARAM_INT] = {"int", "integer"},
    [PARAM_INT64] = {"int64", "bigint"}, [PARAM_STR] = {"str", "text"},   [PARAM_GUID] = {"guid", "uuid"},
    [PARAM_REAL] = {"real", "numeric"},
};

const char *param_type_name(enum param_type type)
{
    return types[type].name;
}

const char *param_sql_type(enum param_type type)
{
    return types[type].sql;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool param_is_name(struct str s)
{
    if (s.n == 0 || s.n > PARAM_NAME_MAX || !is_letter(s.p[0]))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!is_letter(s.p[i]) && !(s.p[i] >= '0' && s.p[i] <= '9') && s.p[i] != '_')
            return false;
    return true;
}

static struct str next_word(struct str *rest)
{
    *rest = str_trim(*rest);
    return str_split(rest, ' ');
}

static bool find_type(struct str name, enum param_type *ret)
{
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        if (!str_is(name, types[i].name))
            continue;
        *ret = (enum param_type)i;
        return true;
    }
    return false;
}

static bool complain(const char **ret_why, const char *why)
{
    *ret_why = why;
    return false;
}

bool param_declare(struct str text, struct arena *a, struct param *ret, const char **ret_why)
{
    struct str name = next_word(&text), type = next_word(&text);
    int64_t max = 0;
    *ret = (struct param){0};
    if (!param_is_name(name))
        return complain(ret_why, "a parameter begins with its name: letters, digits and _");
    if (!find_type(type, &ret->type))
        return complain(ret_why, "the type of a parameter is one of: bool, date, int, int64, str, guid, real");
    if (ret->type == PARAM_STR && (!str_to_i64(next_word(&text), &max) || max < 1 || max > PARAM_LENGTH_MAX))
        return complain(ret_why, "a str has its length behind it, 1 to 65536 characters: `giftCardId str 30`");
    struct str last = next_word(&text);
    if (last.n && (!str_is(last, "optional") || str_trim(text).n))
        return complain(ret_why, "behind the type only 'optional' may stand");
    ret->name = arena_dup_str(a, name);
    ret->max = (size_t)max;
    ret->optional = last.n > 0;
    return true;
}

bool param_read_passwords(struct str text, struct arena *a, struct param_passwords *ret)
{
    static const char *const kinds[] = {"", "check", "change", "reset"};
    struct str kind = next_word(&text);
    *ret = (struct param_passwords){0};
    for (size_t i = 1; i < ARRAY_LEN(kinds); i++)
        if (str_is(kind, kinds[i]))
            ret->kind = (enum param_password)i;
    if (ret->kind == PASSWORD_NONE)
        return false;
    ret->staff = arena_dup_str(a, next_word(&text));
    if (ret->kind != PASSWORD_RESET)
        ret->password = arena_dup_str(a, next_word(&text));
    if (ret->kind != PASSWORD_CHECK)
        ret->fresh = arena_dup_str(a, next_word(&text));
    bool named = ret->staff[0] && (!ret->password || ret->password[0]) && (!ret->fresh || ret->fresh[0]);
    return named && str_trim(text).n == 0;
}

const struct param *param_find(const struct params *params, struct str name)
{
    for (size_t i = 0; i < params->n; i++)
        if (str_is(name, params->p[i].name))
            return &params->p[i];
    return NULL;
}
