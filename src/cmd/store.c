#include "base/file.h"
#include "base/json.h"
#include "cmd/cmd.h"
#include "conf/value.h"
#include "net/client.h"
#include "store/ask.h"
#include "store/audit.h"
#include "store/glance.h"
#include "store/money.h"
#include "store/sync.h"
#include "store/till.h"
#include <ctype.h>

#define BATCH_TRANSACTIONS 500
#define BATCH_BYTES (INT64_C(16) << 20)
#define EVERY_MS 10000

static bool duration(const struct command_call *call, enum option o, int64_t fallback_ms, int64_t *ret_ms,
                     struct err *err)
{
    const char *text = command_text(call, o);
    *ret_ms = fallback_ms;
    return !text || (value_duration(str_of(text), ret_ms) && *ret_ms > 0) ||
           err_set(err, ERR_USAGE, "--%s %s is no duration such as 10s or 5m", option_info(o)->name, text);
}

/* --- init --- */

static bool is_id(const char *id)
{
    size_t n = strlen(id);
    return n > 0 && n <= CHANNEL_ID_MAX &&
           id[strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")] == '\0' &&
           id[0] != '.' && id[0] != '-' && id[0] != '_';
}

/* From a file, or from standard input, so that it stands in no list of processes. */
static bool read_secret(struct command_call *call, struct secret *ret, struct err *err)
{
    const char *file = command_text(call, OPTION_SECRET_FILE);
    struct str text = {"", 0};
    if (!file) {
        err_set(err, ERR_USAGE, "the store's secret is missing");
        return err_hint(err, "`carryover n1 stores add ID` printed it; give it with --secret-file FILE, or - for "
                             "standard input.");
    }
    if (!file_read(strcmp(file, "-") == 0 ? "/dev/stdin" : file, command_arena(call), &text, err))
        return false;
    bool good = secret_parse(str_trim(text), ret);
    explicit_bzero((char *)text.p, text.n);
    return good || err_set(err, ERR_USAGE, "%s has no secret in it: 43 letters of base64url", file);
}

static bool read_package(struct command_call *call, struct package **ret, struct err *err)
{
    char *dir = NULL;
    const char *spec = map_get(command_settings(call), str_of(setting_info(SETTING_PACKAGE)->key));
    return project_find_package(spec ? spec : setting_info(SETTING_PACKAGE)->fallback, ".", command_arena(call), &dir,
                                err) &&
           package_load(dir, NULL, command_arena(call), ret, err);
}

static bool read_make(struct command_call *call, struct channel_make *m, struct err *err)
{
    const char *ca = command_text(call, OPTION_CA);
    m->dir = command_arg(call, 0);
    m->id = command_text(call, OPTION_STORE_ID);
    m->url = command_text(call, OPTION_URL);
    m->ca = ca ? file_absolute(command_arena(call), ca) : "";
    if (!m->id || !is_id(m->id))
        return err_set(err, ERR_USAGE, "--id has to name the store: 1 to %d letters, digits, '.', '-' and '_'",
                       CHANNEL_ID_MAX);
    if (!m->url)
        return err_set(err, ERR_USAGE, "--url has to say where headquarters is");
    if (ca && !file_exists(m->ca))
        return err_set(err, ERR_FILE, "there is no file %s", m->ca);
    return client_check_url(m->url, err);
}

bool cmd_store_init(struct command_call *call, struct err *err)
{
    struct channel_make m = {0};
    struct package *package = NULL;
    SCOPED_SECRET secret = {{0}};
    SCOPED_BUF text = {0};
    if (!read_make(call, &m, err) || !read_secret(call, &secret, err) || !read_package(call, &package, err))
        return false;
    m.secret = &secret;
    m.package = package;
    if (!channel_make(&m, err))
        return false;
    if (command_flag(call, OPTION_JSON)) {
        buf_puts(&text, "{\"store\":");
        json_put_string(&text, str_of(m.id));
        buf_puts(&text, ",\"dir\":");
        json_put_string(&text, str_of(m.dir));
        buf_puts(&text, "}\n");
    } else {
        buf_printf(&text, "the store %s is made in %s; fetch its data with: carryover store sync %s\n", m.id, m.dir,
                   m.dir);
    }
    return cmd_print(&text, err);
}

/* --- sync --- */

bool cmd_store_sync(struct command_call *call, struct err *err)
{
    struct sync_result r;
    SCOPED(channel) c = NULL;
    SCOPED_BUF text = {0};
    int64_t every_ms = 0;
    bool once = command_flag(call, OPTION_ONCE_SYNC);
    struct sync_opts o = {.upload = {command_number(call, OPTION_BATCH, BATCH_TRANSACTIONS), BATCH_BYTES}};
    if (once && command_text(call, OPTION_EVERY))
        return err_set(err, ERR_USAGE, "--once and --every exclude each other");
    if (!duration(call, OPTION_EVERY, EVERY_MS, &every_ms, err))
        return false;
    if (o.upload.transactions_max < 1)
        return err_set(err, ERR_USAGE, "--batch has to be at least 1");
    o.every_ms = once ? 0 : (int)MIN(every_ms, 86400000);
    if (!channel_open(command_arg(call, 0), &c, err) || !sync_run(c, &o, &r, err))
        return false;
    if (command_flag(call, OPTION_JSON))
        buf_printf(&text, "{\"packages\":%" PRId64 ",\"uploads\":%" PRId64 ",\"transactions\":%" PRId64 "}\n",
                   r.packages, r.uploads, r.transactions);
    else
        buf_printf(&text, "%" PRId64 " packages applied, %" PRId64 " uploads with %" PRId64 " transactions sent\n",
                   r.packages, r.uploads, r.transactions);
    return cmd_print(&text, err);
}

/* --- till --- */

static void put_till(struct buf *b, const struct till_result *r, bool json)
{
    char gross[MONEY_TEXT_MAX], paid[MONEY_TEXT_MAX];
    money_text(r->gross, gross);
    money_text(r->paid, paid);
    if (json)
        buf_printf(b,
                   "{\"transactions\":%" PRId64 ",\"sales\":%" PRId64 ",\"returns\":%" PRId64 ",\"voids\":%" PRId64
                   ",\"suspended\":%" PRId64 ",\"recalled\":%" PRId64 ",\"shifts_opened\":%" PRId64
                   ",\"shifts_closed\":%" PRId64 ",\"cards_sold\":%" PRId64 ",\"cards_taken\":%" PRId64
                   ",\"gross\":\"%s\",\"paid\":\"%s\"}\n",
                   r->done, r->sales, r->returns, r->voids, r->suspended, r->recalled, r->shifts_opened,
                   r->shifts_closed, r->cards_sold, r->cards_taken, gross, paid);
    else
        buf_printf(b,
                   "%" PRId64 " transactions: %" PRId64 " sales, %" PRId64 " returns, %" PRId64 " voided, %" PRId64
                   " suspended, %" PRId64 " taken up again; %" PRId64 " shifts opened, %" PRId64
                   " closed; sold for %s, paid %s\n",
                   r->done, r->sales, r->returns, r->voids, r->suspended, r->recalled, r->shifts_opened,
                   r->shifts_closed, gross, paid);
}

bool cmd_store_till(struct command_call *call, struct err *err)
{
    struct till_result r;
    SCOPED(channel) c = NULL;
    SCOPED_BUF text = {0};
    struct till_opts o = {.transactions = command_number(call, OPTION_TRANSACTIONS, 0),
                          .rate = command_number(call, OPTION_RATE_TILL, 0),
                          .seed = (uint64_t)command_number(call, OPTION_SEED_TILL, 1),
                          .gift_cards = command_flag(call, OPTION_GIFT_CARDS),
                          .close_up = command_flag(call, OPTION_CLOSE)};
    if (!channel_open(command_arg(call, 0), &c, err) || !till_run(c, &o, &r, err))
        return false;
    put_till(&text, &r, command_flag(call, OPTION_JSON));
    return cmd_print(&text, err);
}

/* --- looking --- */

bool cmd_store_status(struct command_call *call, struct err *err)
{
    struct glance s;
    SCOPED(channel) c = NULL;
    SCOPED_BUF text = {0};
    if (!channel_open(command_arg(call, 0), &c, err) || !glance_read(c, command_arena(call), &s, err))
        return false;
    if (command_flag(call, OPTION_JSON))
        glance_put_json(&text, &s);
    else
        glance_put_text(&text, &s, command_arena(call));
    return cmd_print(&text, err);
}

bool cmd_store_verify(struct command_call *call, struct err *err)
{
    struct audit_result p;
    char gross[MONEY_TEXT_MAX], paid[MONEY_TEXT_MAX];
    SCOPED(channel) c = NULL;
    SCOPED_BUF text = {0};
    if (!channel_open(command_arg(call, 0), &c, err) || !audit_run(c, &p, err))
        return false;
    money_text(p.gross, gross);
    money_text(p.paid, paid);
    if (command_flag(call, OPTION_JSON))
        buf_printf(&text, "{\"transactions\":%" PRId64 ",\"gross\":\"%s\",\"paid\":\"%s\"}\n", p.transactions, gross,
                   paid);
    else
        buf_printf(&text, "journal and database agree: %" PRId64 " transactions, sold for %s, paid %s\n",
                   p.transactions, gross, paid);
    return cmd_print(&text, err);
}

/* --- call --- */

static bool is_method(const char *name)
{
    for (const char *p = name; *p; p++)
        if (!isalnum((unsigned char)*p))
            return false;
    return *name != '\0';
}

/* A refusal is an answer, too, but scripts have to notice it. */
static bool was_refused(const struct buf *answer)
{
    json_t *root = json_loadb(answer->p, answer->n, 0, NULL);
    bool refused = json_is_false(json_object_get(root, "success"));
    json_decref(root);
    return refused;
}

bool cmd_store_call(struct command_call *call, struct err *err)
{
    SCOPED(channel) c = NULL;
    SCOPED_BUF answer = {0};
    const char *method = command_arg(call, 1), *parameters = command_arg(call, 2);
    const char *body = arena_printf(command_arena(call), "{\"parameters\":%s}", parameters ? parameters : "{}");
    if (!is_method(method))
        return err_set(err, ERR_USAGE, "a method is a name of letters and digits, such as StaffLogOn");
    if (!channel_open(command_arg(call, 0), &c, err) || !ask_method(c, method, body, &answer, err))
        return false;
    bool refused = was_refused(&answer);
    if (answer.n == 0 || answer.p[answer.n - 1] != '\n')
        buf_putc(&answer, '\n');
    if (!cmd_print(&answer, err))
        return false;
    return !refused || err_set(err, ERR_CALL_REFUSED, "headquarters said no to %s", method);
}
