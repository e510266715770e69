#include "base/progress.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/thread.h"
#include "test.h"
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void line(struct progress_state s, int width, bool bar, const char *want)
{
    SCOPED_BUF b = {0};
    progress_put_line(&b, &s, width, bar);
    assert_string_equal(buf_text(&b), want);
}

static void a_line_says_share_counts_rate_and_time_left(void **state)
{
    (void)state;
    struct progress_state s = {.label = "custtable", .unit = PROGRESS_ROWS, .done = 250, .total = 1000, .rate = 50};
    line(s, 100, true, "custtable                [======>                 ]  25% 250/1,000 rows 50/s, 15.0 s left");
    line(s, 100, false, "custtable  25% 250/1,000 rows 50/s, 15.0 s left");
    s.note = "range\n3";
    line(s, 100, false, "custtable  25% 250/1,000 rows 50/s, 15.0 s left  range 3");
    s = (struct progress_state){.label = "copy", .unit = PROGRESS_BYTES, .done = 1400000000, .rate = 120e6};
    line(s, 100, false, "copy 1.4 GB 120 MB/s");
    s = (struct progress_state){.label = "steps", .unit = PROGRESS_STEPS, .done = 7, .total = 7};
    line(s, 100, false, "steps 100% 7/7 steps");
    s.done = 9;
    line(s, 100, false, "steps 100% 9/7 steps");
}

static void a_narrow_terminal_gets_a_shorter_line(void **state)
{
    (void)state;
    struct progress_state s = {.label = "Zürichzürichzürichzürichzürich", .unit = PROGRESS_ROWS, .done = 1, .total = 2};
    line(s, 50, true, "Zürichzürichzürichzürich  50% 1/2 rows");
    line(s, 10, true, "Zürichzüri");
}

static bool add(struct crew *crew, void *ctx, int member, struct err *err)
{
    (void)crew;
    (void)err;
    struct progress *p = ctx;
    for (int i = 0; i < 1000; i++)
        progress_add(p, 1);
    progress_note(p, "member %d", member);
    return true;
}

static void many_threads_count_into_one_bar(void **state)
{
    (void)state;
    struct err err;
    struct progress *p = progress_new("x", PROGRESS_ROWS, 0);
    must(crew_run(8, add, p, &err));
    assert_int_equal(progress_done(p), 8000);
    progress_free(p);
}

static void without_a_terminal_there_is_a_line_at_begin_and_end(void **state)
{
    (void)state;
    FILE *f = tmpfile();
    char text[512] = "";
    progress_show(f);
    struct progress *p = progress_new("custtable", PROGRESS_ROWS, 10);
    progress_set(p, 10);
    progress_free(p);
    p = progress_new("other", PROGRESS_BYTES, 2000000);
    progress_add(p, 1000000);
    progress_free(p);
    progress_hide();
    rewind(f);
    size_t n = fread(text, 1, sizeof text - 1, f);
    assert_true(n > 0 && !memchr(text, '\033', n));
    assert_non_null(strstr(text, " begin custtable   0% 0/10 rows\n"));
    assert_non_null(strstr(text, " done  custtable: 10 rows in "));
    assert_non_null(strstr(text, " ended other: 1.0 MB of 2.0 MB in "));
    fclose(f);
}

static void hidden_progress_writes_nothing(void **state)
{
    (void)state;
    FILE *f = tmpfile();
    progress_show(f);
    progress_hide();
    progress_hide();
    progress_free(progress_new("x", PROGRESS_STEPS, 1));
    assert_int_equal(ftell(f), 0);
    fclose(f);
}

/* On a terminal: live lines are drawn, a log line stands between them whole, and nothing is left at the end. */
/* Reads what the terminal shows until it has the text, for at most ten seconds: a busy machine draws late. */
static void read_until(int fd, struct buf *seen, const char *text)
{
    int64_t end = clock_us() + 10 * 1000000;
    while (!strstr(buf_text(seen), text) && clock_us() < end) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        char piece[1024];
        ssize_t n = poll(&p, 1, 100) > 0 ? read(fd, piece, sizeof piece) : 0;
        if (n > 0)
            buf_put(seen, piece, (size_t)n);
    }
    assert_non_null(strstr(buf_text(seen), text));
}

static void on_a_terminal_log_lines_pass_between_live_lines(void **state)
{
    (void)state;
    int master = -1, slave = -1;
    struct winsize size = {.ws_row = 24, .ws_col = 100};
    assert_int_equal(openpty(&master, &slave, NULL, NULL, &size), 0);
    setenv("TERM", "xterm", 1);
    FILE *f = fdopen(slave, "w");
    log_to(f, LOG_TEXT, LOG_INFO);
    progress_show(f);
    struct progress *p = progress_new("custtable", PROGRESS_ROWS, 10), *q = progress_new("other", PROGRESS_ROWS, 10);
    progress_set(p, 5);
    SCOPED_BUF seen = {0};
    read_until(master, &seen, "custtable                [============>           ]  50% 5/10 rows");
    log_info("test.event", "something happened");
    read_until(master, &seen, "something happened\r\n");
    progress_free(p);
    progress_free(q);
    progress_hide();
    log_to(stderr, LOG_TEXT, LOG_INFO);
    assert_non_null(strstr(seen.p, "\033[2A\033[J"));
    const char *event = strstr(seen.p, "something happened\r\n");
    assert_memory_equal(event - strlen("00:00:00.000 info  ") - 3, "\033[J", 3);
    fclose(f);
    close(master);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_says_share_counts_rate_and_time_left),
        cmocka_unit_test(a_narrow_terminal_gets_a_shorter_line),
        cmocka_unit_test(many_threads_count_into_one_bar),
        cmocka_unit_test(without_a_terminal_there_is_a_line_at_begin_and_end),
        cmocka_unit_test(hidden_progress_writes_nothing),
        cmocka_unit_test(on_a_terminal_log_lines_pass_between_live_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
