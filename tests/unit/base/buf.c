#include "base/buf.h"
#include "test.h"

static void bytes_are_appended_and_always_end_with_a_zero(void **state)
{
    (void)state;
    SCOPED_BUF b = {0};
    assert_string_equal(buf_text(&b), "");
    buf_put(&b, NULL, 0);
    assert_string_equal(b.p, "");
    for (int i = 0; i < 1000; i++) {
        buf_puts(&b, "ab");
        buf_putc(&b, 'c');
        assert_int_equal(b.p[b.n], '\0');
    }
    assert_int_equal(b.n, 3000);
    assert_memory_equal(b.p + 2997, "abc", 4);
}

static void formatted_text_fits_whatever_its_length(void **state)
{
    (void)state;
    SCOPED_BUF b = {0};
    for (int n = 0; n < 300; n++) {
        buf_reset(&b);
        buf_printf(&b, "%0*d", n + 1, 5);
        assert_int_equal(b.n, n + 1);
        assert_int_equal(strlen(b.p), n + 1);
    }
}

static void a_reset_buf_is_empty_again(void **state)
{
    (void)state;
    SCOPED_BUF b = {0};
    buf_puts(&b, "abc");
    buf_reset(&b);
    assert_string_equal(buf_text(&b), "");
    buf_puts(&b, "d");
    assert_string_equal(b.p, "d");
}

static void integers_are_big_endian(void **state)
{
    (void)state;
    SCOPED_BUF b = {0};
    buf_put_u16(&b, 0x0102);
    buf_put_u32(&b, 0x03040506);
    buf_put_u64(&b, 0xfffefdfcfbfaf9f8u);
    assert_int_equal(b.n, 14);
    assert_memory_equal(b.p, "\1\2\3\4\5\6\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8", 14);
}

static void room_can_be_filled_by_hand(void **state)
{
    (void)state;
    SCOPED_BUF b = {0};
    buf_puts(&b, "x");
    memcpy(buf_room(&b, 5000), "yz", 2);
    b.n += 2;
    buf_putc(&b, '!');
    assert_string_equal(b.p, "xyz!");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_appended_and_always_end_with_a_zero),
        cmocka_unit_test(formatted_text_fits_whatever_its_length),
        cmocka_unit_test(a_reset_buf_is_empty_again),
        cmocka_unit_test(integers_are_big_endian),
        cmocka_unit_test(room_can_be_filled_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
