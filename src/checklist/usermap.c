#include "checklist/usermap.h"
#include "base/csv.h"
#include "base/map.h"
#include "base/utf8.h"
#include "base/vec.h"
#include <ctype.h>

#define LOCAL_MAX 64
#define EMAIL_MAX 254 /* RFC 5321, 4.5.3.1 and its erratum 1690 */

struct reading {
    struct arena *a;
    struct map *users;  /* folded id to struct usermap_user */
    struct map *mapped; /* folded id to the line that maps it */
    struct map *emails; /* folded address to the same */
    VEC(struct usermap_rejected) rejected;
    size_t rows, accepted;
};

/* --- what an address looks like --- */

static bool is_label(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!isalnum((unsigned char)s.p[i]) && s.p[i] != '-')
            return false;
    return s.n > 0 && s.n < 64 && s.p[0] != '-' && s.p[s.n - 1] != '-';
}

static bool is_domain(struct str s)
{
    int labels = 0;
    for (bool more = true; more; labels++) {
        more = memchr(s.p, '.', s.n) != NULL;
        if (!is_label(str_split(&s, '.')))
            return false;
    }
    return labels >= 2;
}

static bool is_local(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool dots = c == '.' && (i == 0 || i + 1 == s.n || s.p[i - 1] == '.');
        if (dots || (!isalnum(c) && c != '.' && !strchr("!#$%&'*+-/=?^_`{|}~", c)) || c == '\0')
            return false;
    }
    return s.n > 0 && s.n <= LOCAL_MAX;
}

bool usermap_is_email(struct str s)
{
    const char *at = s.n ? memrchr(s.p, '@', s.n) : NULL;
    if (!at || s.n > EMAIL_MAX)
        return false;
    size_t n = (size_t)(at - s.p);
    return is_local((struct str){s.p, n}) && s.n > n + 1 && is_domain((struct str){at + 1, s.n - n - 1});
}

/* --- rows --- */

static struct str folded(struct str s, struct arena *a)
{
    return (struct str){str_lower(arena_dup_str(a, s), s.n), s.n};
}

static bool is_text(struct str s)
{
    for (size_t i = 0; i < s.n;) {
        size_t n = utf8_length(s.p + i, s.n - i);
        if (n == 0 || (unsigned char)s.p[i] < 0x20)
            return false;
        i += n;
    }
    return true;
}

static bool mentions_mail(struct str s)
{
    for (size_t i = 0; i + 4 <= s.n; i++)
        if (strncasecmp(s.p + i, "mail", 4) == 0)
            return true;
    return false;
}

/* Names of columns: nothing that could be a user, and "mail" where an address has an @. */
static bool is_header(const struct reading *r, const struct csv_record *row)
{
    return !row->mistake && row->n == 2 && !memchr(row->fields[1].p, '@', row->fields[1].n) &&
           mentions_mail(row->fields[1]) && !map_get(r->users, folded(str_trim(row->fields[0]), r->a));
}

static const char *form_mistake(const struct csv_record *row, struct arena *a)
{
    if (row->mistake)
        return row->mistake;
    if (row->n != 2)
        return arena_printf(
            a, "it has %zu columns, not UserId and EmailAddress%s", row->n,
            row->n == 1 && memchr(row->fields[0].p, ';', row->fields[0].n) ? "; they are separated by commas" : "");
    for (size_t i = 0; i < row->n; i++)
        if (!is_text(row->fields[i]))
            return "it is not text in UTF-8";
    return NULL;
}

/* The line that the value stands in already, or NULL. */
static const int *known_line(struct map *m, struct str key)
{
    return map_get(m, key);
}

static const char *value_mistake(struct reading *r, struct str user, struct str email)
{
    const struct usermap_user *u = map_get(r->users, user);
    const int *line = known_line(r->mapped, user);
    if (user.n == 0)
        return "it names no user";
    if (!u)
        return "the source has no such user";
    if (!usermap_is_email(email))
        return "this is no e-mail address";
    if (line)
        return arena_printf(r->a, "line %d maps this user already", *line);
    line = known_line(r->emails, email);
    return line ? arena_printf(r->a, "line %d gives this address to another user", *line) : NULL;
}

static void take_row(struct reading *r, const struct csv_record *row)
{
    struct str none = {"", 0};
    struct str user = str_trim(row->n > 0 ? row->fields[0] : none),
               email = str_trim(row->n > 1 ? row->fields[1] : none);
    struct str user_key = folded(user, r->a), email_key = folded(email, r->a);
    const char *mistake = form_mistake(row, r->a);
    mistake = mistake ? mistake : value_mistake(r, user_key, email_key);
    r->rows++;
    if (mistake) {
        *vec_push(&r->rejected) =
            (struct usermap_rejected){row->line, arena_dup_str(r->a, user), arena_dup_str(r->a, email), mistake};
        return;
    }
    int *line = arena_new_one(r->a, int);
    *line = row->line;
    map_put(r->mapped, user_key)->value = line;
    map_put(r->emails, email_key)->value = line;
    r->accepted++;
}

static void find_missing(struct reading *r, const struct usermap_user *users, size_t n, struct usermap *ret)
{
    ret->missing = arena_new_array(r->a, const char *, n + 1);
    for (size_t i = 0; i < n; i++)
        if (users[i].enabled && !map_get(r->mapped, folded(str_of(users[i].id), r->a)))
            ret->missing[ret->n_missing++] = users[i].id;
}

void usermap_read(struct str text, const struct usermap_user *users, size_t n, struct arena *a, struct usermap *ret)
{
    struct reading r = {.a = a, .users = map_new(), .mapped = map_new(), .emails = map_new()};
    struct csv csv;
    struct csv_record row;
    *ret = (struct usermap){0};
    for (size_t i = 0; i < n; i++)
        map_put(r.users, folded(str_of(users[i].id), a))->value = (void *)&users[i];
    csv_init(&csv, text);
    for (bool first = true; csv_next(&csv, a, &row); first = false) {
        if (first && is_header(&r, &row))
            ret->header = true;
        else
            take_row(&r, &row);
    }
    find_missing(&r, users, n, ret);
    ret->rows = r.rows;
    ret->accepted = r.accepted;
    ret->n_rejected = r.rejected.n;
    ret->rejected = arena_new_array(a, struct usermap_rejected, r.rejected.n + 1);
    if (r.rejected.n)
        memcpy(ret->rejected, r.rejected.p, r.rejected.n * sizeof *ret->rejected);
    vec_done(&r.rejected);
    map_free(r.users);
    map_free(r.mapped);
    map_free(r.emails);
}

/* --- the rejected ones --- */

/* A field that a spreadsheet would take as a formula gets an apostrophe before it. */
static void put_field(struct buf *b, const char *text)
{
    buf_putc(b, '"');
    if (*text && strchr("=+-@", *text))
        buf_putc(b, '\'');
    for (const char *c = text; *c; c++)
        buf_puts(b, *c == '"' ? "\"\"" : (char[]){*c, '\0'});
    buf_putc(b, '"');
}

void usermap_put_rejected(const struct usermap *m, struct buf *b)
{
    buf_puts(b, "Line,UserId,EmailAddress,Reason\r\n");
    for (size_t i = 0; i < m->n_rejected; i++) {
        const struct usermap_rejected *r = &m->rejected[i];
        buf_printf(b, "%d,", r->line);
        put_field(b, r->user);
        buf_putc(b, ',');
        put_field(b, r->email);
        buf_putc(b, ',');
        put_field(b, r->reason);
        buf_puts(b, "\r\n");
    }
}
