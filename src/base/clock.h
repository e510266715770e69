/*
 * clock: time, behind one seam.
 *
 * Monotonic time for durations, wall time for people and logs.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H
#include <stdint.h>

/* Microseconds of a clock that never goes back. */
int64_t clock_us(void);

/* Microseconds since 1970-01-01 UTC. */
int64_t clock_wall_us(void);

void clock_sleep_ms(int ms);

/* "2026-03-01T22:14:05.123Z" of wall-clock microseconds. */
void clock_iso(int64_t wall_us, char ret_text[32]);

/* "1.2 s", "3 min 05 s", "2 h 10 min": a duration for people. */
void clock_human(int64_t us, char ret_text[32]);

#endif
