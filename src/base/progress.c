#include "base/progress.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/term.h"
#include <assert.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <time.h>

#define REDRAW_US 100000
#define PLAIN_US 5000000
#define RATE_WINDOW_S 5.0
#define BAR_COLUMNS 24
#define LABEL_COLUMNS 24

struct progress {
    struct progress *next;
    char label[96];
    char note[128];
    enum progress_unit unit;
    _Atomic int64_t done, total;
    int64_t began_us;
    int64_t sampled_us, sampled_done; /* where the rate was measured last; display lock */
    double rate;
};

/* The display lock guards the list of bars, their notes and rates, and everything that is written. log_event() holds
 * it between step_aside() and come_back(), so nothing here may log. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t ticker;
    FILE *file; /* NULL: off */
    bool live, stopping;
    int lines; /* live lines on the screen */
    int64_t plain_us;
    struct progress *bars;
} display = {.lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER};

/* -- one line -- */

static void put_amount(struct buf *b, enum progress_unit unit, int64_t n)
{
    char text[32];
    if (unit == PROGRESS_BYTES)
        term_size(n, text);
    else
        term_count(n, text);
    buf_puts(b, text);
}

static const char *unit_name(enum progress_unit unit)
{
    static const char *const names[] = {" rows", "", " steps"};
    return names[unit];
}

/* Cuts text to a number of columns, at a character. */
static struct str fit(const char *text, int columns)
{
    struct str s = str_of(text);
    while (s.n && term_columns(s) > columns) {
        s.n--;
        while (s.n && ((unsigned char)s.p[s.n] & 0xC0) == 0x80)
            s.n--;
    }
    return s;
}

static void put_bar(struct buf *b, double share)
{
    int full = (int)(share * BAR_COLUMNS);
    buf_puts(b, " [");
    for (int i = 0; i < BAR_COLUMNS; i++)
        buf_putc(b, i < full ? '=' : i == full ? '>' : ' ');
    buf_putc(b, ']');
}

static void put_numbers(struct buf *b, const struct progress_state *s, double share)
{
    if (s->total > 0)
        buf_printf(b, " %3d%%", (int)(share * 100));
    buf_putc(b, ' ');
    put_amount(b, s->unit, s->done);
    if (s->total > 0) {
        buf_putc(b, '/');
        put_amount(b, s->unit, s->total);
    }
    buf_puts(b, unit_name(s->unit));
    if (s->rate >= 0.5 && s->unit != PROGRESS_STEPS) {
        buf_putc(b, ' ');
        put_amount(b, s->unit, (int64_t)s->rate);
        buf_puts(b, "/s");
    }
    char left[32];
    if (s->rate <= 0 || s->total <= s->done)
        return;
    clock_human((int64_t)((double)(s->total - s->done) / s->rate * 1e6), left);
    buf_printf(b, ", %s left", left);
}

void progress_put_line(struct buf *b, const struct progress_state *s, int width, bool draw_bar)
{
    SCOPED_BUF numbers = {0}, line = {0};
    double share = s->total > 0 ? MIN(MAX((double)s->done / (double)s->total, 0.0), 1.0) : 0;
    put_numbers(&numbers, s, share);
    struct str label = fit(s->label, LABEL_COLUMNS);
    buf_put(&line, label.p, label.n);
    buf_printf(&line, "%*s", draw_bar ? LABEL_COLUMNS - term_columns(label) : 0, "");
    int used = term_columns(buf_str(&line)) + term_columns(buf_str(&numbers));
    if (draw_bar && s->total > 0 && used + BAR_COLUMNS + 3 <= width)
        put_bar(&line, share);
    buf_put(&line, numbers.p, numbers.n);
    if (s->note && s->note[0])
        buf_printf(&line, "  %s", s->note);
    for (size_t i = 0; i < line.n; i++)
        if ((unsigned char)line.p[i] < 0x20)
            line.p[i] = ' '; /* a note may hold the text of a file or server */
    struct str whole = fit(buf_text(&line), width);
    buf_put(b, whole.p, whole.n);
}

/* -- measuring -- */

/* A smoothed rate over the last seconds, so that a pause shows but a single batch does not make it jump. */
static void measure(struct progress *p, int64_t now_us)
{
    int64_t done = atomic_load(&p->done);
    double seconds = (double)(now_us - p->sampled_us) / 1e6;
    if (seconds < 0.3)
        return;
    double latest = (double)(done - p->sampled_done) / seconds;
    bool first = p->sampled_us == p->began_us;
    p->rate = first ? latest : p->rate + (latest - p->rate) * (1 - exp(-seconds / RATE_WINDOW_S));
    p->sampled_us = now_us;
    p->sampled_done = done;
}

static struct progress_state state_of(const struct progress *p)
{
    return (struct progress_state){.label = p->label,
                                   .note = p->note,
                                   .unit = p->unit,
                                   .done = atomic_load(&p->done),
                                   .total = atomic_load(&p->total),
                                   .rate = p->rate};
}

/* -- writing; all with the display lock -- */

static void erase(void)
{
    if (display.lines)
        fprintf(display.file, "\033[%dA\033[J", display.lines);
    display.lines = 0;
}

static int height(void)
{
    struct winsize w;
    bool known = ioctl(fileno(display.file), TIOCGWINSZ, &w) == 0 && w.ws_row > 3;
    return known ? w.ws_row - 2 : 20;
}

static void draw(void)
{
    SCOPED_BUF b = {0};
    int64_t now = clock_us();
    int most = height(), hidden = 0, lines = 0, width = term_width(display.file) - 1;
    for (struct progress *p = display.bars; p; p = p->next) {
        measure(p, now);
        if (lines == most) {
            hidden++;
            continue;
        }
        struct progress_state s = state_of(p);
        progress_put_line(&b, &s, width, true);
        buf_putc(&b, '\n');
        lines++;
    }
    if (hidden) {
        buf_printf(&b, "... and %d more\n", hidden);
        lines++;
    }
    erase();
    fwrite(buf_text(&b), 1, b.n, display.file);
    fflush(display.file);
    display.lines = lines;
}

static void write_plain(const struct progress *p, const char *event)
{
    SCOPED_BUF b = {0};
    struct progress_state s = state_of(p);
    progress_put_line(&b, &s, 400, false);
    char time[32];
    clock_iso(clock_wall_us(), time);
    fprintf(display.file, "%.12s %-5s %s\n", time + 11, event, buf_text(&b));
    fflush(display.file);
}

static void write_end(const struct progress *p, int64_t now_us)
{
    SCOPED_BUF b = {0};
    char took[32];
    int64_t done = atomic_load(&p->done), total = atomic_load(&p->total);
    clock_human(now_us - p->began_us, took);
    put_amount(&b, p->unit, done);
    if (done < total) {
        buf_puts(&b, " of ");
        put_amount(&b, p->unit, total);
    }
    char time[32];
    clock_iso(clock_wall_us(), time);
    fprintf(display.file, "%.12s %-5s %s: %s%s in %s\n", time + 11, done < total ? "ended" : "done", p->label,
            buf_text(&b), unit_name(p->unit), took);
    fflush(display.file);
}

static void tick(void)
{
    int64_t now = clock_us();
    if (display.live) {
        if (display.bars || display.lines)
            draw();
        return;
    }
    if (now - display.plain_us < PLAIN_US)
        return;
    display.plain_us = now;
    for (struct progress *p = display.bars; p; p = p->next) {
        measure(p, now);
        write_plain(p, "doing");
    }
}

static void *run_ticker(void *unused)
{
    pthread_mutex_lock(&display.lock);
    while (!display.stopping) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += REDRAW_US * 1000;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        pthread_cond_timedwait(&display.wake, &display.lock, &until);
        if (!display.stopping)
            tick();
    }
    pthread_mutex_unlock(&display.lock);
    return unused;
}

static void step_aside(void)
{
    pthread_mutex_lock(&display.lock);
    if (display.file && display.live)
        erase();
    if (display.file)
        fflush(display.file);
}

static void come_back(void)
{
    if (display.file && display.live && display.bars)
        draw();
    pthread_mutex_unlock(&display.lock);
}

/* Signals are for the threads that can be interrupted. */
static void start_ticker(void)
{
    sigset_t all, old;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    int rc = pthread_create(&display.ticker, NULL, run_ticker, NULL);
    assert(rc == 0);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
}

void progress_show(FILE *f)
{
    const char *kind = getenv("TERM");
    pthread_mutex_lock(&display.lock);
    bool was_on = display.file != NULL;
    if (!was_on) {
        display.file = f;
        display.live = term_is_tty(f) && kind && strcmp(kind, "dumb") != 0;
        display.stopping = false;
        display.lines = 0;
        display.plain_us = clock_us();
        start_ticker();
    }
    pthread_mutex_unlock(&display.lock);
    if (!was_on)
        log_around(step_aside, come_back);
}

void progress_hide(void)
{
    pthread_mutex_lock(&display.lock);
    bool was_on = display.file != NULL && !display.stopping;
    display.stopping = true;
    pthread_cond_signal(&display.wake);
    pthread_mutex_unlock(&display.lock);
    if (!was_on)
        return;
    log_around(NULL, NULL);
    pthread_join(display.ticker, NULL);
    pthread_mutex_lock(&display.lock);
    erase();
    fflush(display.file);
    display.file = NULL;
    pthread_mutex_unlock(&display.lock);
}

/* -- bars -- */

struct progress *progress_new(const char *label, enum progress_unit unit, int64_t total)
{
    struct progress *p = calloc(1, sizeof *p);
    if (!p)
        abort();
    struct str s = fit(label, (int)sizeof p->label / 4);
    memcpy(p->label, s.p, s.n);
    p->unit = unit;
    atomic_store(&p->total, total);
    p->began_us = p->sampled_us = clock_us();
    pthread_mutex_lock(&display.lock);
    struct progress **end = &display.bars;
    while (*end)
        end = &(*end)->next;
    *end = p;
    if (display.file && !display.live)
        write_plain(p, "begin");
    pthread_mutex_unlock(&display.lock);
    return p;
}

void progress_free(struct progress *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&display.lock);
    struct progress **at = &display.bars;
    while (*at != p)
        at = &(*at)->next;
    *at = p->next;
    if (display.file) {
        erase();
        write_end(p, clock_us());
        if (display.live)
            draw();
    }
    pthread_mutex_unlock(&display.lock);
    free(p);
}

void progress_add(struct progress *p, int64_t n)
{
    atomic_fetch_add_explicit(&p->done, n, memory_order_relaxed);
}

void progress_set(struct progress *p, int64_t done)
{
    atomic_store(&p->done, done);
}

int64_t progress_done(const struct progress *p)
{
    return atomic_load(&p->done);
}

void progress_note(struct progress *p, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    pthread_mutex_lock(&display.lock);
    vsnprintf(p->note, sizeof p->note, fmt, args);
    pthread_mutex_unlock(&display.lock);
    va_end(args);
}
