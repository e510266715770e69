#include "base/log.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include <pthread.h>
#include <unistd.h>

static const char *const level_names[] = {"trace", "debug", "info", "warn", "error"};

static struct {
    pthread_mutex_t lock;
    FILE *file;
    enum log_format format;
    enum log_level least;
    void (*hide)(void);
    void (*show)(void);
} sink = {.lock = PTHREAD_MUTEX_INITIALIZER, .least = LOG_INFO};

void log_to(FILE *file, enum log_format format, enum log_level least)
{
    pthread_mutex_lock(&sink.lock);
    sink.file = file;
    sink.format = format;
    sink.least = least;
    pthread_mutex_unlock(&sink.lock);
}

void log_around(void (*hide)(void), void (*show)(void))
{
    pthread_mutex_lock(&sink.lock);
    sink.hide = hide;
    sink.show = show;
    pthread_mutex_unlock(&sink.lock);
}

static void put_text(struct buf *b, const char *time, enum log_level level, const char *message)
{
    buf_printf(b, "%.12s %-5s %s\n", time + 11, level_names[level], message);
}

static void put_json(struct buf *b, const char *time, enum log_level level, const char *event, const char *message)
{
    buf_printf(b, "{\"time\":\"%s\",\"level\":\"%s\",\"event\":\"%s\",\"pid\":%d,\"message\":", time,
               level_names[level], event, (int)getpid());
    json_put_string(b, str_of(message));
    buf_puts(b, "}\n");
}

void log_event(enum log_level level, const char *event, const char *fmt, ...)
{
    if (level < sink.least)
        return;
    SCOPED_BUF message = {0};
    SCOPED_BUF line = {0};
    va_list args;
    va_start(args, fmt);
    buf_vprintf(&message, fmt, args);
    va_end(args);
    char time[32];
    clock_iso(clock_wall_us(), time);
    if (sink.format == LOG_JSON)
        put_json(&line, time, level, event, buf_text(&message));
    else
        put_text(&line, time, level, buf_text(&message));
    pthread_mutex_lock(&sink.lock);
    FILE *to = sink.file ? sink.file : stderr;
    if (sink.hide)
        sink.hide();
    fwrite(line.p, 1, line.n, to);
    fflush(to);
    if (sink.show)
        sink.show();
    pthread_mutex_unlock(&sink.lock);
}
