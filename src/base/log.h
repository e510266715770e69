/*
 * log: what happened, one line per event, on standard error or in the project's log file.
 *
 * Text, or JSON lines (--log-format, --json). Thread-safe. Never give it a secret: connection
 * strings go through uri_masked() first. Capabilities log events; errors are returned, and only cmd/ logs those.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H
#include "base/attr.h"
#include <stdbool.h>
#include <stdio.h>

enum log_level { LOG_TRACE, LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };
enum log_format { LOG_TEXT, LOG_JSON };

/* Where lines go; `file` stays open as long as the program. Before the first call: text to standard error, LOG_INFO. */
void log_to(FILE *file, enum log_format format, enum log_level least);

/* A function that is called before and after each line that goes to a terminal, so that progress bars can step aside;
 * NULL ends it. */
void log_around(void (*hide)(void), void (*show)(void));

/* `event` is a stable dotted name ("replicate.copied"); the rest is for people. */
void log_event(enum log_level level, const char *event, const char *fmt, ...) PRINTF_LIKE(3, 4);

#define log_debug(event, ...) log_event(LOG_DEBUG, event, __VA_ARGS__)
#define log_info(event, ...) log_event(LOG_INFO, event, __VA_ARGS__)
#define log_warn(event, ...) log_event(LOG_WARN, event, __VA_ARGS__)
#define log_error(event, ...) log_event(LOG_ERROR, event, __VA_ARGS__)

#endif
