#include "store/money.h"

#define CENTS_MAX (INT64_C(1) << 53)

void money_text(int64_t cents, char ret_text[MONEY_TEXT_MAX])
{
    uint64_t n = cents < 0 ? 0 - (uint64_t)cents : (uint64_t)cents;
    snprintf(ret_text, MONEY_TEXT_MAX, "%s%" PRIu64 ".%02" PRIu64, cents < 0 ? "-" : "", n / 100, n % 100);
}

/* Digits before and after the point; the third one behind it rounds. */
static bool read_digits(struct str s, int64_t *ret)
{
    int64_t n = 0;
    int behind = -1;
    bool digits = false, up = false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '.' && behind < 0) {
            behind = 0;
            continue;
        }
        if (s.p[i] < '0' || s.p[i] > '9' || n > CENTS_MAX)
            return false;
        digits = true;
        up = up || (behind == 2 && s.p[i] >= '5');
        if (behind < 2)
            n = n * 10 + (s.p[i] - '0');
        behind += behind >= 0;
    }
    for (behind = behind < 0 ? 0 : behind; behind < 2; behind++)
        n *= 10;
    *ret = n + up;
    return digits && n <= CENTS_MAX;
}

bool money_parse(struct str text, int64_t *ret_cents)
{
    struct str s = str_trim(text);
    bool negative = s.n && s.p[0] == '-';
    if (s.n && (s.p[0] == '-' || s.p[0] == '+'))
        s = (struct str){s.p + 1, s.n - 1};
    if (!read_digits(s, ret_cents))
        return false;
    *ret_cents = negative ? -*ret_cents : *ret_cents;
    return true;
}

int64_t money_share(int64_t cents, int64_t rate)
{
    int64_t n = cents * rate;
    return (n + (n < 0 ? -5000 : 5000)) / 10000;
}

static void sql_money(sqlite3_context *ctx, int n, sqlite3_value **values)
{
    char text[MONEY_TEXT_MAX];
    (void)n;
    if (sqlite3_value_type(values[0]) == SQLITE_NULL)
        return;
    money_text(sqlite3_value_int64(values[0]), text);
    sqlite3_result_text(ctx, text, -1, SQLITE_TRANSIENT);
}

static void sql_cents(sqlite3_context *ctx, int n, sqlite3_value **values)
{
    int64_t cents = 0;
    (void)n;
    const char *text = (const char *)sqlite3_value_text(values[0]);
    if (!text)
        return;
    if (money_parse(str_of(text), &cents))
        sqlite3_result_int64(ctx, cents);
    else
        sqlite3_result_error(ctx, "cents() of what is no amount of money", -1);
}

bool money_install(struct sqlite *db, struct err *err)
{
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    sqlite3 *raw = sqlite_raw(db);
    bool ok = sqlite3_create_function(raw, "money", 1, flags, NULL, sql_money, NULL, NULL) == SQLITE_OK &&
              sqlite3_create_function(raw, "cents", 1, flags, NULL, sql_cents, NULL, NULL) == SQLITE_OK;
    return ok || sqlite_fail(db, "functions", err);
}
