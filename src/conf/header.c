#include "conf/header.h"
#include "base/buf.h"
#include "base/suggest.h"
#include "base/vec.h"
#include "conf/checklist.h"
#include "conf/param.h"
#include "conf/sqltext.h"
#include <ctype.h>

#define WORDS_MAX 16

struct rule {
    const char *word;
    bool required, repeatable;
};

static const struct rule up_rules[] = {{"key", true, false}, {"reload", false, false}, {"rounds", false, true}};
static const struct rule down_rules[] = {
    {"key", true, false}, {"reload", false, false}, {"rounds", false, true}, {"loses", false, true}};
static const struct rule channel_rules[] = {{"key", true, false}, {"jobs", true, false}, {"scope", true, false}};
static const struct rule estate_rules[] = {{"title", true, false}, {"fix", true, false}};
static const struct rule law_rules[] = {{"id", true, false},      {"title", true, false}, {"kind", true, false},
                                        {"key", true, false},     {"area", true, false},  {"why", true, false},
                                        {"compare", false, false}};
static const struct rule rule_rules[] = {
    {"id", true, false},        {"section", true, false}, {"severity", true, false},
    {"title", true, false},     {"why", true, false},     {"fix", false, false},
    {"threshold", false, true}, {"tables", false, false}, {"catalogue", false, false}};
static const struct rule sizing_rules[] = {{"title", true, false}, {"tables", false, false}};
static const struct rule call_rules[] = {
    {"title", true, false},    {"why", true, false},       {"effect", true, false},    {"returns", true, false},
    {"payload", false, false}, {"parameter", false, true}, {"error", false, true},     {"also", false, true},
    {"none", false, false},    {"many", false, false},     {"password", false, false}, {"secret", false, false}};

static const struct rule upload_rules[] = {{"title", true, false}, {"why", false, false}};
static const struct rule check_rules[] = {
    {"id", true, false}, {"severity", true, false}, {"title", true, false}, {"why", true, false}, {"fix", true, false}};
static const struct rule script_rules[] = {{"phase", true, false},    {"title", true, false},
                                           {"after", false, false},   {"per", false, false},
                                           {"retries", false, false}, {"timeout", false, false}};
static const struct rule final_rules[] = {{"title", false, false},
                                          {"after", false, false},
                                          {"per", false, false},
                                          {"retries", false, false},
                                          {"timeout", false, false}};
static const struct rule totals_rules[] = {{"tolerance", true, false}};

#define ITEM_RULES                                                                                                     \
    {"id", true, false}, {"phase", true, false}, {"gate", true, false}, {"severity", true, false},                     \
        {"title", true, false}, {"why", true, false}, {"fix", true, false}, {"owner", false, false},                   \
    {                                                                                                                  \
        "needs", false, false                                                                                          \
    }
static const struct rule item_sql_rules[] = {ITEM_RULES, {"on", true, false}};
static const struct rule item_rules[] = {ITEM_RULES,
                                         {"engine", false, false},
                                         {"question", false, false},
                                         {"rests_on", false, true},
                                         {"valid_for", false, false}};

struct rule_set {
    const struct rule *p;
    size_t n;
    const char *what;
};

static struct rule_set rules_of(enum header_kind kind)
{
    switch (kind) {
    case HEADER_NONE:
    case HEADER_LAW_HQ:
        return (struct rule_set){NULL, 0, "file"};
    case HEADER_UP:
        return (struct rule_set){up_rules, ARRAY_LEN(up_rules), "up lens"};
    case HEADER_DOWN:
        return (struct rule_set){down_rules, ARRAY_LEN(down_rules), "down lens"};
    case HEADER_CHANNEL:
        return (struct rule_set){channel_rules, ARRAY_LEN(channel_rules), "channel lens"};
    case HEADER_ESTATE:
        return (struct rule_set){estate_rules, ARRAY_LEN(estate_rules), "check of the estate"};
    case HEADER_LAW:
        return (struct rule_set){law_rules, ARRAY_LEN(law_rules), "law"};
    case HEADER_RULE:
        return (struct rule_set){rule_rules, ARRAY_LEN(rule_rules), "analyze rule"};
    case HEADER_SIZING:
        return (struct rule_set){sizing_rules, ARRAY_LEN(sizing_rules), "sizing query"};
    case HEADER_CALL:
        return (struct rule_set){call_rules, ARRAY_LEN(call_rules), "call"};
    case HEADER_STAFF:
        return (struct rule_set){NULL, 0, "staff statement"};
    case HEADER_UPLOAD:
        return (struct rule_set){upload_rules, ARRAY_LEN(upload_rules), "upload rule"};
    case HEADER_TOTALS:
        return (struct rule_set){totals_rules, ARRAY_LEN(totals_rules), "file of totals"};
    case HEADER_CHECK:
        return (struct rule_set){check_rules, ARRAY_LEN(check_rules), "check"};
    case HEADER_ITEM_SQL:
        return (struct rule_set){item_sql_rules, ARRAY_LEN(item_sql_rules), "item of the checklist"};
    case HEADER_ITEM:
        return (struct rule_set){item_rules, ARRAY_LEN(item_rules), "item of the checklist"};
    case HEADER_SCRIPT:
        return (struct rule_set){script_rules, ARRAY_LEN(script_rules), "script"};
    case HEADER_FINAL:
        return (struct rule_set){final_rules, ARRAY_LEN(final_rules), "final script"};
    }
    abort();
}

static bool fail(const struct package_file *f, int line, struct err *err, const char *fmt, ...) PRINTF_LIKE(4, 5);

static bool fail(const struct package_file *f, int line, struct err *err, const char *fmt, ...)
{
    char text[1024];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    return err_set(err, ERR_PACKAGE, "%s:%d: %s", f->path, line, text);
}

/* Cuts `-- word: value` apart; false for a line that is prose. */
static bool split_line(struct str line, struct str *ret_word, struct str *ret_value)
{
    line = str_trim(line);
    if (!str_starts(line, "--"))
        return false;
    line = str_trim((struct str){line.p + 2, line.n - 2});
    size_t n = 0;
    while (n < line.n && (islower((unsigned char)line.p[n]) || line.p[n] == '_'))
        n++;
    bool is_word = n > 0 && n < line.n && line.p[n] == ':';
    if (!is_word)
        return false;
    *ret_word = (struct str){line.p, n};
    *ret_value = (struct str){line.p + n + 1, line.n - n - 1};
    return !str_starts(*ret_value, "//"); /* an address in prose */
}

static const struct rule *find_rule(struct rule_set rules, const char *word)
{
    for (size_t i = 0; i < rules.n; i++)
        if (strcmp(rules.p[i].word, word) == 0)
            return &rules.p[i];
    return NULL;
}

static bool refuse_word(const struct package_file *f, enum header_kind kind, const struct package_word *w,
                        struct err *err)
{
    struct rule_set rules = rules_of(kind);
    if (kind == HEADER_UP && strcmp(w->word, "loses") == 0)
        return fail(f, w->line, err, "'loses' belongs into down lenses: it says what the way back cannot restore");
    if (kind == HEADER_LAW_HQ)
        return fail(f, w->line, err, "the header of a law in two forms stands in its .old.sql file only");
    const char *names[WORDS_MAX] = {0};
    for (size_t i = 0; i < rules.n; i++)
        names[i] = rules.p[i].word;
    const char *near = suggest_nearest(str_of(w->word), names, rules.n);
    if (near)
        return fail(f, w->line, err, "unknown header word '%s'; did you mean '%s'?", w->word, near);
    return fail(f, w->line, err, "unknown header word '%s' in this %s (a remark begins with a capital letter)", w->word,
                rules.what);
}

/* Replaces every `:name` of a header value; unlike in SQL an unknown name is a mistake. */
static bool put_value(const struct package_file *f, int line, struct str value, const struct map *settings,
                      struct buf *out, struct err *err)
{
    while (value.n) {
        struct sqltext_token t = sqltext_next(&value);
        const char *known = t.kind == SQLTEXT_SETTING ? map_get(settings, t.name) : NULL;
        if (t.kind == SQLTEXT_SETTING && !known)
            return fail(f, line, err, "the package has no setting '%.*s'", STR_ARG(t.name));
        if (known)
            buf_puts(out, known);
        else
            buf_put(out, t.text.p, t.text.n);
    }
    return true;
}

typedef VEC(struct package_word) word_vec;

static bool read_line(struct package_file *f, struct str line, int number, const struct map *settings, struct arena *a,
                      word_vec *words, struct err *err)
{
    struct str word, raw;
    if (!split_line(line, &word, &raw))
        return true;
    SCOPED_BUF value = {0};
    bool takes_settings = str_is(word, "compare") || str_is(word, "threshold") ||
                          str_is(word, "tolerance"); /* the others are names or prose */
    if (!takes_settings)
        buf_put(&value, raw.p, raw.n);
    else if (!put_value(f, number, str_trim(raw), settings, &value, err))
        return false;
    *vec_push(words) = (struct package_word){
        .word = arena_dup_str(a, word), .value = arena_dup_str(a, str_trim(buf_str(&value))), .line = number};
    return true;
}

static bool read_words(struct package_file *f, struct str header, const struct map *settings, struct arena *a,
                       struct err *err)
{
    word_vec words = {0};
    bool ok = true;
    for (int number = 1; ok && header.n; number++)
        ok = read_line(f, str_split(&header, '\n'), number, settings, a, &words, err);
    f->n_words = words.n;
    f->words = arena_new_array(a, struct package_word, words.n);
    if (words.n)
        memcpy(f->words, words.p, words.n * sizeof *words.p);
    vec_done(&words);
    return ok;
}

static bool is_name(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (!(islower(c) || c == '_' || c >= 0x80 || (i > 0 && (isdigit(c) || c == '$'))))
            return false;
    }
    return s.n > 0 && s.n < 64;
}

/* `eventrule, docutype.fileplace`: tables, or columns of tables. */
static bool check_tables(const struct package_file *f, const struct package_word *w, struct err *err)
{
    struct str list = str_of(w->value);
    while (list.n) {
        struct str column = str_trim(str_split(&list, ','));
        bool dotted = column.n && memchr(column.p, '.', column.n);
        struct str table = str_split(&column, '.');
        if (!is_name(table) || (dotted && !is_name(column)))
            return fail(f, w->line, err, "'%.*s' in 'tables' is neither a table nor a table.column (lower case)",
                        (int)(table.n + dotted + column.n), table.p);
    }
    return true;
}

/* Numbers of the older catalogue of rules that this one stands for. */
static bool check_catalogue(const struct package_file *f, const struct package_word *w, struct err *err)
{
    struct str list = str_of(w->value);
    while (list.n) {
        int64_t number = 0;
        struct str one = str_trim(str_split(&list, ','));
        if (!str_to_i64(one, &number) || number < 0)
            return fail(f, w->line, err, "'catalogue' has numbers, separated by commas, not '%.*s'", STR_ARG(one));
    }
    return true;
}

/* A comma list of column names, each once. */
static bool check_names(const struct package_file *f, const struct package_word *w, struct str list, struct err *err)
{
    SCOPED(map) seen = map_new();
    if (str_trim(list).n == 0)
        return fail(f, w->line, err, "'%s' names no column", w->word);
    while (list.n) {
        struct str name = str_trim(str_split(&list, ','));
        if (!is_name(name))
            return fail(f, w->line, err, "'%.*s' in '%s' is not a column name (lower case, separated by commas)",
                        STR_ARG(name), w->word);
        struct map_entry *slot = map_put(seen, name);
        if (slot->value)
            return fail(f, w->line, err, "'%s' names the column %.*s twice", w->word, STR_ARG(name));
        slot->value = slot;
    }
    return true;
}

static bool is_amount(struct str s)
{
    bool digits = false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '.' && !isdigit((unsigned char)s.p[i]))
            return false;
        digits = digits || s.p[i] != '.';
    }
    return digits && memchr(s.p, '.', s.n) == memrchr(s.p, '.', s.n);
}

/* `n exact, acc 0.005`: columns, each with the difference it may have. */
static bool check_compare(const struct package_file *f, const struct package_word *w, struct err *err)
{
    struct str list = str_of(w->value);
    while (list.n) {
        struct str rest = str_trim(str_split(&list, ','));
        struct str name = str_split(&rest, ' '), tolerance = str_trim(rest);
        if (!is_name(name))
            return fail(f, w->line, err, "'%.*s' in 'compare' is not a column name", STR_ARG(name));
        if (!str_is(tolerance, "exact") && !is_amount(tolerance))
            return fail(f, w->line, err,
                        "the tolerance of %.*s has to be 'exact' or a number such as 0.005, not '%.*s'", STR_ARG(name),
                        STR_ARG(tolerance));
    }
    return true;
}

/* `column, column: reason`. */
static bool check_reasoned(const struct package_file *f, const struct package_word *w, struct err *err)
{
    struct str reason = str_of(w->value);
    struct str names = str_split(&reason, ':');
    if (str_trim(reason).n == 0)
        return fail(f, w->line, err, "'%s' needs a reason: `-- %s: column, column: why`", w->word, w->word);
    return check_names(f, w, names, err);
}

static bool check_one_of(const struct package_file *f, const struct package_word *w, const char *const *values,
                         size_t n, struct err *err)
{
    SCOPED_BUF all = {0};
    for (size_t i = 0; i < n; i++) {
        if (strcmp(values[i], w->value) == 0)
            return true;
        buf_printf(&all, "%s%s", i ? ", " : "", values[i]);
    }
    return fail(f, w->line, err, "'%s' is one of: %s; not '%s'", w->word, buf_text(&all), w->value);
}

static bool check_threshold(const struct package_file *f, const struct package_word *w, struct err *err)
{
    struct str value = str_of(w->value);
    struct str name = str_split(&value, ' ');
    if (is_name(name) && str_trim(value).n)
        return true;
    return fail(f, w->line, err, "a threshold is a name and a value: `-- threshold: days 90`");
}

/* The file's name is the identity that reports use; the two must not drift apart. */
static bool check_id(const struct package_file *f, const struct package_word *w, struct err *err)
{
    size_t n = strlen(w->value);
    const char *rest = f->name + n;
    bool same = n > 0 && strncmp(f->name, w->value, n) == 0 && (!*rest || strcmp(rest, ".old") == 0);
    return same || fail(f, w->line, err, "the id '%s' is not the file's name", w->value);
}

/* `Code: what happened`: a word that programs decide by, and a sentence for people. */
static bool check_coded(const struct package_file *f, const struct package_word *w, struct err *err)
{
    struct str text = str_of(w->value);
    struct str code = str_split(&text, ':');
    if (param_is_name(code) && str_trim(text).n)
        return true;
    return fail(f, w->line, err, "'%s' is a code and a sentence: `-- %s: GiftCardUnknown: there is no such card`",
                w->word, w->word);
}

static bool check_parameter(const struct package_file *f, const struct package_word *w, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct param p;
    const char *why = "";
    return param_declare(str_of(w->value), a, &p, &why) || fail(f, w->line, err, "%s", why);
}

static bool check_passwords(const struct package_file *f, const struct package_word *w, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct param_passwords p;
    return param_read_passwords(str_of(w->value), a, &p) ||
           fail(f, w->line, err,
                "'password' is `check STAFF PASSWORD`, `change STAFF PASSWORD NEW` or `reset STAFF NEW`, each the name "
                "of a parameter");
}

static bool check_call_value(const struct package_file *f, const struct package_word *w, struct err *err)
{
    static const char *const effects[] = {"read", "write", "money"};
    static const char *const forms[] = {"nothing", "row", "rows"};
    struct str word = str_of(w->word);
    static const char *const secrets[] = {"payload"};
    if (str_is(word, "secret"))
        return check_one_of(f, w, secrets, ARRAY_LEN(secrets), err);
    if (str_is(word, "effect"))
        return check_one_of(f, w, effects, ARRAY_LEN(effects), err);
    if (str_is(word, "returns"))
        return check_one_of(f, w, forms, ARRAY_LEN(forms), err);
    if (str_is(word, "parameter"))
        return check_parameter(f, w, err);
    if (str_is(word, "password"))
        return check_passwords(f, w, err);
    if (str_is(word, "error") || str_is(word, "none") || str_is(word, "many"))
        return check_coded(f, w, err);
    return !str_is(word, "also") || param_is_name(str_of(w->value)) ||
           fail(f, w->line, err, "'%s' is not the name of a method", w->value);
}

static bool is_item(enum header_kind kind)
{
    return kind == HEADER_ITEM || kind == HEADER_ITEM_SQL;
}

static bool check_item_value(const struct package_file *f, const struct package_word *w, struct err *err)
{
    SCOPED(arena) a = arena_new();
    const char *why = checklist_mistake(w, a);
    if (why)
        return fail(f, w->line, err, "%s", why);
    return strcmp(w->word, "needs") != 0 || check_names(f, w, str_of(w->value), err);
}

static bool check_value(const struct package_file *f, enum header_kind kind, const struct package_word *w,
                        struct err *err)
{
    static const char *const kinds[] = {"conservation", "invariant"};
    static const char *const sections[] = {"deprecated",  "cleanup", "data",  "settings",
                                           "environment", "advice",  "custom"};
    static const char *const severities[] = {"blocker", "warning", "advice", "info"};
    static const char *const reloads[] = {"full"};
    static const char *const scopes[] = {"all", "group", "store"};
    struct str word = str_of(w->word);
    if (!w->value[0])
        return fail(f, w->line, err, "the header word '%s' has no value", w->word);
    if (kind == HEADER_CALL)
        return check_call_value(f, w, err);
    if (is_item(kind) && !check_item_value(f, w, err))
        return false;
    if (str_is(word, "key"))
        return check_names(f, w, str_of(w->value), err);
    if (str_is(word, "id"))
        return check_id(f, w, err);
    if (str_is(word, "compare"))
        return check_compare(f, w, err);
    if (str_is(word, "loses") || str_is(word, "rounds"))
        return check_reasoned(f, w, err);
    if (str_is(word, "threshold"))
        return check_threshold(f, w, err);
    if (str_is(word, "tables"))
        return check_tables(f, w, err);
    if (str_is(word, "catalogue"))
        return check_catalogue(f, w, err);
    if (str_is(word, "tolerance"))
        return is_amount(str_of(w->value)) || fail(f, w->line, err, "'tolerance' has to be a number such as 0.005");
    if (str_is(word, "scope"))
        return check_one_of(f, w, scopes, ARRAY_LEN(scopes), err);
    if (str_is(word, "kind"))
        return check_one_of(f, w, kinds, ARRAY_LEN(kinds), err);
    if (str_is(word, "section"))
        return check_one_of(f, w, sections, ARRAY_LEN(sections), err);
    if (str_is(word, "severity"))
        return check_one_of(f, w, severities, kind == HEADER_CHECK || is_item(kind) ? 2 : ARRAY_LEN(severities), err);
    return !str_is(word, "reload") || check_one_of(f, w, reloads, ARRAY_LEN(reloads), err);
}

static bool check_words(const struct package_file *f, enum header_kind kind, struct err *err)
{
    struct rule_set rules = rules_of(kind);
    for (size_t i = 0; i < f->n_words; i++) {
        const struct package_word *w = &f->words[i];
        const struct rule *rule = find_rule(rules, w->word);
        if (!rule)
            return refuse_word(f, kind, w, err);
        for (size_t j = 0; j < i && !rule->repeatable; j++)
            if (strcmp(f->words[j].word, w->word) == 0)
                return fail(f, w->line, err, "the header word '%s' is given twice", w->word);
        if (!check_value(f, kind, w, err))
            return false;
    }
    for (size_t i = 0; i < rules.n; i++)
        if (rules.p[i].required && !package_word(f, rules.p[i].word))
            return fail(f, MAX(f->body_line, 1), err, "the header of this %s lacks `%s%s: ...`", rules.what,
                        kind == HEADER_ITEM ? "" : "-- ", rules.p[i].word);
    return true;
}

/* Whose rows these are is the first column of the key. */
static bool check_scope(const struct package_file *f, struct err *err)
{
    const char *scope = package_word(f, "scope");
    struct str key = str_of(package_word(f, "key"));
    struct str first = str_trim(str_split(&key, ','));
    bool by_group = str_is(first, "channel_group"), by_store = str_is(first, "channel_store");
    if (by_group != (strcmp(scope, "group") == 0) || by_store != (strcmp(scope, "store") == 0))
        return fail(f, 1, err,
                    "with the scope group the first column of the key is channel_group, with store channel_store; with "
                    "all it is neither");
    return (!by_group && !by_store) || str_trim(key).n ||
           fail(f, 1, err, "the key needs another column beside %.*s", STR_ARG(first));
}

/* What one word demands of another. */
static bool check_together(const struct package_file *f, enum header_kind kind, struct err *err)
{
    if (kind == HEADER_CALL && !package_word(f, "payload") && strcmp(package_word(f, "returns"), "nothing") != 0)
        return fail(f, 1, err, "the header of this call lacks `-- payload: ...`: the names of what it returns");
    if (kind == HEADER_RULE && !package_word(f, "fix") && strcmp(package_word(f, "severity"), "info") != 0)
        return fail(f, 1, err, "the header of this analyze rule lacks `-- fix: ...` (only info may do without)");
    if (kind == HEADER_CHANNEL)
        return check_scope(f, err);
    if (kind == HEADER_ITEM && !package_word(f, "engine") == !package_word(f, "question"))
        return fail(f, f->body_line, err,
                    "the item %s has either an engine or a question; one with SQL is a file checklist/ID.sql", f->name);
    if (kind != HEADER_LAW)
        return true;
    bool conservation = strcmp(package_word(f, "kind"), "conservation") == 0;
    bool compares = package_word(f, "compare") != NULL;
    if (conservation && !compares)
        return fail(f, 1, err, "a conservation law needs `-- compare: column exact, column 0.005`");
    if (!conservation && compares)
        return fail(f, 1, err, "an invariant has nothing to compare: each of its rows is a violation");
    return true;
}

bool header_read(struct package_file *f, enum header_kind kind, struct str text, const struct map *settings,
                 struct arena *a, struct err *err)
{
    if (kind == HEADER_NONE)
        return true;
    struct str header = {text.p, sqltext_header_length(text)};
    return read_words(f, header, settings, a, err) && header_check(f, kind, err);
}

bool header_check(const struct package_file *f, enum header_kind kind, struct err *err)
{
    return check_words(f, kind, err) && check_together(f, kind, err);
}

void header_thresholds(const struct package_file *f, struct map *values, struct arena *a)
{
    for (size_t i = 0; i < f->n_words; i++) {
        if (strcmp(f->words[i].word, "threshold") != 0)
            continue;
        struct str value = str_of(f->words[i].value);
        struct str name = str_split(&value, ' ');
        struct map_entry *slot = map_put(values, name);
        if (!slot->value)
            slot->value = arena_dup_str(a, str_trim(value));
    }
}
