/*
 * test: cmocka with the headers that it needs before it, in one include.
 */
#ifndef TESTS_TEST_H
#define TESTS_TEST_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Fails the test with the message of `err`, which must be in scope, when the call fails. */
#define must(call)                                                                                                     \
    do {                                                                                                               \
        if (!(call))                                                                                                   \
            fail_msg("%s: %s", err_info(err.code)->name, err.message);                                                 \
    } while (0)

#endif
