#include "base/log.h"
#include "test.h"
#include <jansson.h>

static int hides, shows;

static void hide(void)
{
    hides++;
}

static void show(void)
{
    shows++;
}

static size_t logged(enum log_format format, enum log_level least, char *ret_text, size_t size)
{
    FILE *f = tmpfile();
    log_to(f, format, least);
    log_debug("test.small", "a detail");
    log_warn("test.event", "a \"quoted\" %s", "message");
    log_to(stderr, LOG_TEXT, LOG_INFO);
    rewind(f);
    size_t n = fread(ret_text, 1, size - 1, f);
    ret_text[n] = '\0';
    fclose(f);
    return n;
}

static void text_lines_have_time_level_and_message(void **state)
{
    (void)state;
    char text[512];
    size_t n = logged(LOG_TEXT, LOG_INFO, text, sizeof text);
    assert_string_equal(text + 12, " warn  a \"quoted\" message\n");
    assert_int_equal(n, strlen(text));
    logged(LOG_TEXT, LOG_DEBUG, text, sizeof text);
    assert_non_null(strstr(text, " debug a detail\n"));
}

static void json_lines_are_objects(void **state)
{
    (void)state;
    char text[512];
    logged(LOG_JSON, LOG_INFO, text, sizeof text);
    json_t *line = json_loads(text, 0, NULL);
    assert_non_null(line);
    assert_string_equal(json_string_value(json_object_get(line, "message")), "a \"quoted\" message");
    assert_string_equal(json_string_value(json_object_get(line, "event")), "test.event");
    assert_string_equal(json_string_value(json_object_get(line, "level")), "warn");
    json_decref(line);
}

static void what_is_around_is_called_for_each_line(void **state)
{
    (void)state;
    char text[512];
    log_around(hide, show);
    logged(LOG_TEXT, LOG_INFO, text, sizeof text);
    log_around(NULL, NULL);
    logged(LOG_TEXT, LOG_INFO, text, sizeof text);
    assert_int_equal(hides, 1);
    assert_int_equal(shows, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_lines_have_time_level_and_message),
        cmocka_unit_test(json_lines_are_objects),
        cmocka_unit_test(what_is_around_is_called_for_each_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
