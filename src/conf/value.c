#include "conf/value.h"
#include "base/attr.h"
#include <ctype.h>
#include <strings.h>

struct unit {
    const char *name;
    int64_t factor;
};

static const struct unit sizes[] = {{"", 1},
                                    {"b", 1},
                                    {"kb", (int64_t)1 << 10},
                                    {"mb", (int64_t)1 << 20},
                                    {"gb", (int64_t)1 << 30},
                                    {"tb", (int64_t)1 << 40}};
static const struct unit durations[] = {{"ms", 1},      {"", 1000},     {"s", 1000},    {"m", 60000},
                                        {"min", 60000}, {"h", 3600000}, {"d", 86400000}};

bool value_number(struct str s, int64_t *ret)
{
    return s.n && isdigit((unsigned char)s.p[0]) && str_to_i64(s, ret);
}

static bool with_unit(struct str s, const struct unit *units, size_t n, int64_t *ret)
{
    size_t digits = 0;
    while (digits < s.n && isdigit((unsigned char)s.p[digits]))
        digits++;
    int64_t number = 0;
    struct str unit = str_trim((struct str){s.p + digits, s.n - digits});
    if (!value_number((struct str){s.p, digits}, &number))
        return false;
    for (size_t i = 0; i < n; i++)
        if (unit.n == strlen(units[i].name) && strncasecmp(unit.p, units[i].name, unit.n) == 0)
            return !__builtin_mul_overflow(number, units[i].factor, ret);
    return false;
}

bool value_size(struct str s, int64_t *ret_bytes)
{
    return with_unit(s, sizes, ARRAY_LEN(sizes), ret_bytes);
}

bool value_duration(struct str s, int64_t *ret_ms)
{
    return with_unit(s, durations, ARRAY_LEN(durations), ret_ms);
}

bool value_flag(struct str s, bool *ret)
{
    static const char *const words[] = {"false", "true", "no", "yes", "off", "on", "0", "1"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (s.n != strlen(words[i]) || strncasecmp(s.p, words[i], s.n) != 0)
            continue;
        *ret = i % 2 == 1;
        return true;
    }
    return false;
}
