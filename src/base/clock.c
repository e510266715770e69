#include "base/clock.h"
#include <errno.h>
#include <time.h>

static int64_t read_us(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t clock_us(void)
{
    return read_us(CLOCK_MONOTONIC);
}

int64_t clock_wall_us(void)
{
    return read_us(CLOCK_REALTIME);
}

void clock_sleep_ms(int ms)
{
    struct timespec t = {ms / 1000, (long)(ms % 1000) * 1000000};
    nanosleep(&t, NULL);
}

void clock_iso(int64_t wall_us, char ret_text[32])
{
    time_t s = (time_t)(wall_us / 1000000);
    struct tm tm;
    gmtime_r(&s, &tm);
    size_t n = strftime(ret_text, 32, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(ret_text + n, 32 - n, ".%03dZ", (int)(wall_us / 1000 % 1000));
}

void clock_human(int64_t us, char ret_text[32])
{
    double s = (double)us / 1e6;
    int64_t whole = (us + 500000) / 1000000;
    if (s < 0.95)
        snprintf(ret_text, 32, "%.0f ms", s * 1e3);
    else if (s < 59.95)
        snprintf(ret_text, 32, "%.1f s", s);
    else if (whole < 3600)
        snprintf(ret_text, 32, "%d min %02d s", (int)(whole / 60), (int)(whole % 60));
    else
        snprintf(ret_text, 32, "%d h %02d min", (int)(whole / 3600), (int)(whole / 60 % 60));
}
