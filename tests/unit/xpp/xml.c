#include "xpp/xml.h"
#include "test.h"

static void expect(struct buf *b, const char *body)
{
    static const char head[] = "<?xml version=\"1.0\" encoding=\"utf-8\"?>";
    assert_memory_equal(b->p, head, sizeof head - 1);
    assert_string_equal(b->p + sizeof head - 1, body);
}

static void elements_are_indented_by_tabs_and_empty_ones_are_short(void **state)
{
    (void)state;
    SCOPED_BUF b = {0};
    struct xml x;
    xml_begin(&x, &b);
    xml_open(&x, "A", "");
    xml_open(&x, "B", "k=\"v\"");
    xml_close(&x);
    xml_leaf(&x, "C", STR("text"));
    xml_leaf(&x, "D", STR(""));
    xml_close(&x);
    xml_end(&x);
    expect(&b, "\n<A>\n\t<B k=\"v\" />\n\t<C>text</C>\n\t<D />\n</A>");
}

static void a_newline_in_attributes_begins_a_line_of_its_own(void **state)
{
    (void)state;
    SCOPED_BUF b = {0};
    struct xml x;
    xml_begin(&x, &b);
    xml_open(&x, "A", "xmlns=\"\"\ni:type=\"T\"");
    xml_empty(&x, "N", "\ni:nil=\"true\"");
    xml_close(&x);
    expect(&b, "\n<A xmlns=\"\"\n\ti:type=\"T\">\n\t<N\n\t\ti:nil=\"true\" />\n</A>");
}

static void markup_and_returns_are_escaped(void **state)
{
    (void)state;
    SCOPED_BUF b = {0};
    struct xml x;
    xml_begin(&x, &b);
    xml_leaf(&x, "A", STR("a<b>&c\r\n]]>\""));
    expect(&b, "\n<A>a&lt;b&gt;&amp;c&#xD;\n]]&gt;\"</A>");
    assert_int_equal(x.bad, 0);
}

static void what_xml_cannot_hold_is_replaced_and_counted(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
        uint32_t bad;
    } cases[] = {{"a\x01z", "a\xef\xbf\xbdz", 1},
                 {"\xff\xfe", "\xef\xbf\xbd\xef\xbf\xbd", 2},
                 {"\xc3", "\xef\xbf\xbd", 1},
                 {"\xc0\x80", "\xef\xbf\xbd\xef\xbf\xbd", 2},
                 {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", 3},
                 {"\xef\xbf\xbf", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", 3},
                 {"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x99\x82", "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x99\x82", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SCOPED_BUF b = {0}, want = {0};
        struct xml x;
        xml_begin(&x, &b);
        xml_leaf(&x, "A", str_of(cases[i].text));
        buf_printf(&want, "\n<A>%s</A>", cases[i].want);
        expect(&b, want.p);
        assert_int_equal(x.bad, cases[i].bad);
    }
}

static void the_end_mark_of_cdata_is_split(void **state)
{
    (void)state;
    SCOPED_BUF b = {0};
    struct xml x;
    xml_begin(&x, &b);
    xml_source(&x, "S", STR("a[b[1]]>2 && ]]]>"));
    expect(&b, "\n<S><![CDATA[\na[b[1]]]]><![CDATA[>2 && ]]]]]><![CDATA[>\n]]></S>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_are_indented_by_tabs_and_empty_ones_are_short),
        cmocka_unit_test(a_newline_in_attributes_begins_a_line_of_its_own),
        cmocka_unit_test(markup_and_returns_are_escaped),
        cmocka_unit_test(what_xml_cannot_hold_is_replaced_and_counted),
        cmocka_unit_test(the_end_mark_of_cdata_is_split),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
