#include "net/parcel_manifest.h"
#include "base/json.h"
#include "base/map.h"
#include "net/route.h"
#include "net/sha256.h"
#include <jansson.h>
#include <stdlib.h>

#define FORMAT 1
#define NAME_MOST 128
#define NUMBER_MOST ((int64_t)1 << 53) /* above it, clients that read numbers as doubles would be wrong */
#define VALUES_MOST 50
#define DECIMAL_MOST 60

/* --- writing --- */

bool parcel_manifest_has(const struct parcel_table *t)
{
    return t->rows || t->keys || t->replace;
}

static void put_name(struct buf *b, const char *name)
{
    buf_puts(b, ",\"");
    buf_puts(b, name);
    buf_puts(b, "\":");
}

static void put_text(struct buf *b, const char *name, const char *value)
{
    put_name(b, name);
    json_put_string(b, str_of(value));
}

static void put_number(struct buf *b, const char *name, int64_t value)
{
    put_name(b, name);
    buf_printf(b, "%" PRId64, value);
}

static void put_bool(struct buf *b, const char *name, bool value)
{
    put_name(b, name);
    buf_puts(b, value ? "true" : "false");
}

static void put_columns(struct buf *b, const struct parcel_table *t)
{
    put_name(b, "columns");
    for (size_t i = 0; i < t->n_columns; i++) {
        buf_puts(b, i ? ",{\"name\":" : "[{\"name\":");
        json_put_string(b, str_of(t->columns[i].name));
        put_text(b, "type", t->columns[i].type);
        buf_putc(b, '}');
    }
    buf_putc(b, ']');
    put_name(b, "key");
    for (size_t i = 0; i < t->n_key; i++) {
        buf_putc(b, i ? ',' : '[');
        json_put_string(b, str_of(t->key[i]));
    }
    buf_putc(b, ']');
}

static void put_counter(struct buf *b, const struct parcel_table *t)
{
    put_name(b, "counter");
    buf_puts(b, "{\"column\":");
    json_put_string(b, str_of(t->counter));
    put_number(b, "after", t->counter_after);
    put_number(b, "to", t->counter_to);
    buf_putc(b, '}');
}

static void put_table(struct buf *b, const struct parcel_table *t)
{
    buf_puts(b, "{\"table\":");
    json_put_string(b, str_of(t->name));
    put_columns(b, t);
    if (t->replace)
        put_bool(b, "replace", true);
    if (t->counter)
        put_counter(b, t);
    put_number(b, "rows", t->rows);
    if (t->rows)
        put_text(b, "rows_sha256", t->rows_sha256);
    if (t->keys) {
        put_number(b, "keys", t->keys);
        put_text(b, "keys_sha256", t->keys_sha256);
    }
    buf_putc(b, '}');
}

static void put_tables(struct buf *b, const struct parcel *p)
{
    const char *between = "[\n";
    put_name(b, "tables");
    for (size_t i = 0; i < p->n_tables; i++) {
        if (!parcel_manifest_has(&p->tables[i]))
            continue;
        buf_puts(b, between);
        put_table(b, &p->tables[i]);
        between = ",\n";
    }
    buf_puts(b, between[0] == '[' ? "[]" : "]");
}

static void put_totals(struct buf *b, const struct parcel *p)
{
    put_name(b, "totals");
    for (size_t i = 0; i < p->n_totals; i++) {
        const struct parcel_total *t = &p->totals[i];
        buf_puts(b, i ? ",\n{\"terminal\":" : "[\n{\"terminal\":");
        json_put_string(b, str_of(t->terminal));
        put_text(b, "day", t->day);
        put_name(b, "values");
        buf_putc(b, '{');
        for (size_t k = 0; k < t->n; k++) {
            buf_puts(b, k ? "," : "");
            json_put_string(b, str_of(t->names[k]));
            buf_putc(b, ':');
            json_put_string(b, str_of(t->values[k]));
        }
        buf_puts(b, "}}");
    }
    buf_putc(b, ']');
}

void parcel_manifest_put(struct buf *b, const struct parcel *p)
{
    buf_printf(b, "{\"format\":%d", FORMAT);
    put_text(b, "kind", p->kind == PARCEL_UPLOAD ? "upload" : "download");
    put_text(b, "job", p->job);
    if (p->store)
        put_text(b, "store", p->store);
    if (p->kind == PARCEL_UPLOAD) {
        put_number(b, "number", p->number);
    } else {
        put_text(b, "chain", p->chain);
        put_bool(b, "full", p->full);
        put_number(b, "from", p->from);
        put_number(b, "to", p->to);
    }
    put_text(b, "created", p->created);
    put_tables(b, p);
    if (p->n_totals)
        put_totals(b, p);
    buf_puts(b, "}\n");
}

/* --- reading: single values --- */

static void free_json(json_t **root)
{
    json_decref(*root);
}
#define SCOPED_JSON __attribute__((cleanup(free_json))) json_t

static bool refuse(struct err *err, const char *where, const char *name, const char *what)
{
    return err_set(err, ERR_PARCEL, "the manifest's %s\"%s\" %s", where, name, what);
}

static bool is_name(const json_t *value)
{
    struct str s = {json_string_value(value), json_string_length(value)};
    return s.p && s.n > 0 && s.n <= NAME_MOST && route_is_text(s);
}

/* Where a value stands: "" or "CUSTTABLE " before its name in messages. */
struct place {
    const json_t *object;
    const char *where;
    struct arena *a;
};

static bool read_text(struct place at, const char *name, const char **ret, struct err *err)
{
    const json_t *value = json_object_get(at.object, name);
    if (!is_name(value))
        return refuse(err, at.where, name, "has to be text of 1 to 128 bytes without control characters");
    *ret = arena_dup(at.a, json_string_value(value));
    return true;
}

/* `least` is also what a value is that is left out, unless it must be there. */
static bool read_number(struct place at, const char *name, int64_t least, bool must, int64_t *ret, struct err *err)
{
    const json_t *value = json_object_get(at.object, name);
    *ret = json_is_integer(value) ? json_integer_value(value) : least;
    if ((value && !json_is_integer(value)) || (must && !value) || *ret < least || *ret > NUMBER_MOST)
        return refuse(err, at.where, name, least ? "has to be a whole number above 0" : "has to be a whole number");
    return true;
}

static bool read_bool(struct place at, const char *name, bool must, bool *ret, struct err *err)
{
    const json_t *value = json_object_get(at.object, name);
    *ret = json_is_true(value);
    return (value ? json_is_boolean(value) : !must) || refuse(err, at.where, name, "has to be true or false");
}

static bool read_list(struct place at, const char *name, size_t least, size_t most, const json_t **ret, struct err *err)
{
    const json_t *value = json_object_get(at.object, name);
    *ret = value;
    return (json_is_array(value) && json_array_size(value) >= least && json_array_size(value) <= most) ||
           refuse(err, at.where, name, "has to be a list, neither empty nor too long");
}

static bool read_digest(struct place at, const char *name, int64_t lines, char ret[PARCEL_DIGEST_MAX], struct err *err)
{
    const json_t *value = json_object_get(at.object, name);
    ret[0] = '\0';
    if (lines == 0)
        return true;
    if (!json_is_string(value) || !sha256_is_hex((struct str){json_string_value(value), json_string_length(value)}))
        return refuse(err, at.where, name, "has to be a SHA-256 in 64 lower-case hexadecimal digits");
    memcpy(ret, json_string_value(value), PARCEL_DIGEST_MAX);
    return true;
}

/* --- reading: tables --- */

/* Adds a name to those that were there; false when it is one of them. */
static bool is_new(struct map *names, const char *name)
{
    struct map_entry *e = map_put(names, str_of(name));
    bool fresh = e->value == NULL;
    e->value = (void *)name;
    return fresh;
}

static bool read_columns(struct place at, struct map *names, struct parcel_table *ret, struct err *err)
{
    const json_t *list = NULL;
    if (!read_list(at, "columns", 1, PARCEL_COLUMNS_MAX, &list, err))
        return false;
    ret->n_columns = json_array_size(list);
    struct parcel_column *columns = arena_new_array(at.a, struct parcel_column, ret->n_columns);
    ret->columns = columns;
    for (size_t i = 0; i < ret->n_columns; i++) {
        struct place column = {json_array_get(list, i), at.where, at.a};
        if (!read_text(column, "name", &columns[i].name, err) || !read_text(column, "type", &columns[i].type, err))
            return false;
        if (!is_new(names, columns[i].name))
            return refuse(err, at.where, columns[i].name, "is a column twice");
    }
    return true;
}

static bool read_key(struct place at, const struct map *columns, struct parcel_table *ret, struct err *err)
{
    SCOPED(map) seen = map_new();
    const json_t *list = NULL;
    if (!read_list(at, "key", 1, ret->n_columns, &list, err))
        return false;
    ret->n_key = json_array_size(list);
    const char **key = arena_new_array(at.a, const char *, ret->n_key);
    ret->key = key;
    for (size_t i = 0; i < ret->n_key; i++) {
        const char *name = json_string_value(json_array_get(list, i));
        const char *column = name ? map_get(columns, str_of(name)) : NULL;
        if (!column || !is_new(seen, column))
            return refuse(err, at.where, "key", "names something that is no column, or is one twice");
        key[i] = column;
    }
    return true;
}

static bool read_counter(struct place at, const struct map *columns, struct parcel_table *ret, struct err *err)
{
    const json_t *counter = json_object_get(at.object, "counter");
    struct place in = {counter, at.where, at.a};
    if (!counter)
        return true;
    if (!read_text(in, "column", &ret->counter, err) || !read_number(in, "after", 0, true, &ret->counter_after, err) ||
        !read_number(in, "to", 0, true, &ret->counter_to, err))
        return false;
    if (!map_get(columns, str_of(ret->counter)))
        return refuse(err, at.where, "counter", "names something that is no column");
    /* Strictly increasing above `after`: as many values as rows, at least, and the last row has `to`. */
    int64_t span = ret->counter_to - ret->counter_after;
    return (span >= ret->rows && (ret->rows > 0 || span == 0)) ||
           refuse(err, at.where, "counter", "has not as many values as there are rows");
}

static bool read_contents(struct place at, enum parcel_kind kind, struct parcel_table *ret, struct err *err)
{
    if (!read_number(at, "rows", 0, false, &ret->rows, err) ||
        !read_digest(at, "rows_sha256", ret->rows, ret->rows_sha256, err))
        return false;
    if (kind == PARCEL_UPLOAD) /* stores never take anything back */
        return true;
    return read_bool(at, "replace", false, &ret->replace, err) && read_number(at, "keys", 0, false, &ret->keys, err) &&
           read_digest(at, "keys_sha256", ret->keys, ret->keys_sha256, err);
}

static bool read_table(struct place at, enum parcel_kind kind, struct parcel_table *ret, struct err *err)
{
    SCOPED(map) columns = map_new();
    if (!read_text(at, "table", &ret->name, err))
        return false;
    at.where = arena_printf(at.a, "%s ", ret->name);
    return read_columns(at, columns, ret, err) && read_key(at, columns, ret, err) &&
           read_contents(at, kind, ret, err) && (kind != PARCEL_UPLOAD || read_counter(at, columns, ret, err));
}

static bool read_tables(struct place at, struct parcel *ret, struct err *err)
{
    SCOPED(map) names = map_new();
    const json_t *list = NULL;
    if (!read_list(at, "tables", 0, PARCEL_TABLES_MAX, &list, err))
        return false;
    ret->n_tables = json_array_size(list);
    ret->tables = arena_new_array(at.a, struct parcel_table, ret->n_tables);
    for (size_t i = 0; i < ret->n_tables; i++) {
        struct place table = {json_array_get(list, i), "table ", at.a};
        if (!read_table(table, ret->kind, &ret->tables[i], err))
            return false;
        if (!is_new(names, ret->tables[i].name))
            return refuse(err, "", ret->tables[i].name, "is a table twice");
    }
    return true;
}

/* --- reading: totals --- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "-10311.20": what PostgreSQL's numeric takes, without exponents. */
static bool is_decimal(const char *p)
{
    size_t n = strlen(p), dots = 0;
    p += *p == '-';
    bool ends_well = is_digit(p[0]) && !(p[0] == '0' && is_digit(p[1])) && n <= DECIMAL_MOST;
    for (; *p; p++) {
        dots += *p == '.';
        ends_well = ends_well && (is_digit(*p) || (*p == '.' && is_digit(p[1])));
    }
    return ends_well && dots <= 1;
}

static int days_of(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

static bool is_day(const char *p)
{
    static const char form[] = "9999-99-99";
    for (size_t i = 0; i < sizeof form; i++)
        if (form[i] == '9' ? !is_digit(p[i]) : p[i] != form[i])
            return false;
    int year = (int)strtol(p, NULL, 10), month = (int)strtol(p + 5, NULL, 10), day = (int)strtol(p + 8, NULL, 10);
    return year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= days_of(year, month);
}

static bool read_values(struct place at, struct parcel_total *ret, struct err *err)
{
    json_t *values = json_object_get(at.object, "values");
    const char *name = NULL;
    json_t *value = NULL;
    if (!json_is_object(values) || json_object_size(values) > VALUES_MOST)
        return refuse(err, at.where, "values", "has to be an object of at most 50 numbers");
    ret->n = json_object_size(values);
    const char **names = arena_new_array(at.a, const char *, ret->n);
    const char **texts = arena_new_array(at.a, const char *, ret->n);
    ret->names = names;
    ret->values = texts;
    json_object_foreach(values, name, value)
    {
        if (strlen(name) > NAME_MOST || !json_is_string(value) || !is_decimal(json_string_value(value)))
            return refuse(err, at.where, "values", "has to hold decimal numbers as text");
        *names++ = arena_dup(at.a, name);
        *texts++ = arena_dup(at.a, json_string_value(value));
    }
    return true;
}

static bool read_totals(struct place at, struct parcel *ret, struct err *err)
{
    const json_t *list = NULL;
    if (ret->kind != PARCEL_UPLOAD || !json_object_get(at.object, "totals"))
        return true;
    if (!read_list(at, "totals", 0, PARCEL_TOTALS_MAX, &list, err))
        return false;
    ret->n_totals = json_array_size(list);
    struct parcel_total *totals = arena_new_array(at.a, struct parcel_total, ret->n_totals);
    ret->totals = totals;
    for (size_t i = 0; i < ret->n_totals; i++) {
        struct place total = {json_array_get(list, i), "totals ", at.a};
        if (!read_text(total, "terminal", &totals[i].terminal, err) || !read_text(total, "day", &totals[i].day, err) ||
            !read_values(total, &totals[i], err))
            return false;
        if (!is_day(totals[i].day))
            return refuse(err, "totals ", "day", "has to be a day such as 2026-11-21");
    }
    return true;
}

/* --- reading: the whole --- */

static bool read_kind(struct place at, struct parcel *ret, struct err *err)
{
    const char *kind = "";
    const json_t *format = json_object_get(at.object, "format");
    if (!json_is_integer(format) || json_integer_value(format) != FORMAT)
        return refuse(err, "", "format", "is not 1");
    if (!read_text(at, "kind", &kind, err))
        return false;
    ret->kind = strcmp(kind, "upload") == 0 ? PARCEL_UPLOAD : PARCEL_DOWNLOAD;
    return ret->kind == PARCEL_UPLOAD || strcmp(kind, "download") == 0 ||
           refuse(err, "", "kind", "is neither upload nor download");
}

static bool read_download(struct place at, struct parcel *ret, struct err *err)
{
    if ((json_object_get(at.object, "store") && !read_text(at, "store", &ret->store, err)) ||
        !read_text(at, "chain", &ret->chain, err) || !read_bool(at, "full", true, &ret->full, err) ||
        !read_number(at, "from", 0, true, &ret->from, err) || !read_number(at, "to", 1, true, &ret->to, err))
        return false;
    return (ret->full ? ret->from == 0 : ret->from > 0 && ret->from < ret->to) ||
           refuse(err, "", "from", "has to be below \"to\", and 0 when and only when it is full");
}

static bool read_root(struct place at, struct parcel *ret, struct err *err)
{
    if (!read_kind(at, ret, err) || !read_text(at, "job", &ret->job, err) ||
        !read_text(at, "created", &ret->created, err))
        return false;
    if (ret->kind == PARCEL_UPLOAD
            ? !read_text(at, "store", &ret->store, err) || !read_number(at, "number", 1, true, &ret->number, err)
            : !read_download(at, ret, err))
        return false;
    return read_tables(at, ret, err) && read_totals(at, ret, err);
}

bool parcel_manifest_read(struct str text, struct arena *a, struct parcel *ret, struct err *err)
{
    json_error_t why;
    SCOPED_JSON *root = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &why);
    *ret = (struct parcel){0};
    if (!root)
        return err_set(err, ERR_PARCEL, "the manifest is no JSON document: line %d, column %d: %s", why.line,
                       why.column, why.text);
    if (!json_is_object(root))
        return err_set(err, ERR_PARCEL, "the manifest is no JSON object");
    return read_root((struct place){root, "", a}, ret, err);
}
