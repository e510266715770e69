#include "store/tape.h"
#include "base/buf.h"
#include "base/log.h"
#include "store/files.h"
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <sys/stat.h>
#include <unistd.h>

#define TAIL ((off_t)65536) /* a line is far shorter */

struct tape {
    struct channel *c;
    const char *path;
    int fd;
    off_t end;
    int64_t last; /* mark of the last line */
};

/* The number in a line; 0 when it is no line of ours. */
static int64_t number_of(struct str line)
{
    json_t *root = json_loadb(line.p, line.n, 0, NULL);
    int64_t n = json_integer_value(json_object_get(root, "number"));
    json_decref(root);
    return n;
}

/* What stands behind the last newline was being written when the machine stopped. */
static bool find_end(struct tape *t, struct err *err)
{
    SCOPED_BUF b = {0};
    struct stat st;
    if (fstat(t->fd, &st) != 0)
        return files_fail(errno, "reading", t->path, err);
    off_t from = st.st_size > TAIL ? st.st_size - TAIL : 0;
    ssize_t n = pread(t->fd, buf_room(&b, (size_t)TAIL), (size_t)TAIL, from);
    if (n < 0)
        return files_fail(errno, "reading", t->path, err);
    const char *newline = n > 0 ? memrchr(b.p, '\n', (size_t)n) : NULL;
    size_t whole = newline ? (size_t)(newline - b.p) + 1 : 0;
    t->end = from + (off_t)whole;
    if (t->end < st.st_size)
        log_warn("store.tape", "%s: a line that was torn is cut off", t->path);
    const char *before = whole > 1 ? memrchr(b.p, '\n', whole - 1) : NULL;
    const char *line = before ? before + 1 : b.p;
    t->last = whole ? number_of((struct str){line, (size_t)(b.p + whole - 1 - line)}) : 0;
    return ftruncate(t->fd, t->end) == 0 || files_fail(errno, "cutting", t->path, err);
}

static bool check_last(struct tape *t, struct err *err)
{
    int64_t marks = 0;
    if (!sqlite_number(t->c->db, "select max(number) from carryover_mark", SQLITE_NONE, 0, &marks, err))
        return false;
    return t->last <= marks ||
           err_set(err, ERR_JOURNAL_DIFFERS, "%s has transaction %" PRId64 ", the channel database ends with %" PRId64,
                   t->path, t->last, marks);
}

static bool open_file(struct tape *t, struct err *err)
{
    t->fd = open(t->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (t->fd < 0)
        return files_fail(errno, "opening", t->path, err);
    return find_end(t, err) && check_last(t, err) && tape_follow(t, err);
}

bool tape_open(struct channel *c, struct tape **ret, struct err *err)
{
    struct tape *t = calloc(1, sizeof *t);
    if (!t)
        abort();
    t->c = c;
    t->path = channel_path(c, "journal.jsonl");
    if (!open_file(t, err)) {
        tape_free(t);
        return false;
    }
    *ret = t;
    return true;
}

void tape_free(struct tape *t)
{
    if (!t)
        return;
    if (t->fd >= 0)
        close(t->fd);
    free(t);
}

static bool write_at_end(struct tape *t, struct str text, struct err *err)
{
    for (size_t done = 0; done < text.n;) {
        ssize_t n = pwrite(t->fd, text.p + done, text.n - done, t->end + (off_t)done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return files_fail(n < 0 ? errno : ENOSPC, "writing", t->path, err);
        done += (size_t)n;
    }
    if (fdatasync(t->fd) != 0)
        return files_fail(errno, "writing", t->path, err);
    t->end += (off_t)text.n;
    return true;
}

bool tape_follow(struct tape *t, struct err *err)
{
    SCOPED_STMT *s = NULL;
    SCOPED_BUF lines = {0};
    char last[24];
    bool row = false;
    int64_t number = t->last;
    snprintf(last, sizeof last, "%" PRId64, t->last);
    if (!sqlite_query(t->c->db,
                      "select number, line from carryover_mark where number > cast(?1 as integer) order by number",
                      SQLITE_ARGS(last), &s, err))
        return false;
    while (sqlite_next(t->c->db, s, &row, err) && row) {
        number = sqlite3_column_int64(s, 0);
        buf_printf(&lines, "%s\n", sqlite_text(s, 1));
    }
    if (row || (lines.n && !write_at_end(t, buf_str(&lines), err)))
        return false;
    t->last = number;
    return true;
}
