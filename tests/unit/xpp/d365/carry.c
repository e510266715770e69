/* The rows themselves: in the order of the serializer, each carries its property, and nothing is lost on the way. */
#include "xpp/d365/carry.h"
#include "test.h"
#include <stdio.h>
#include <strings.h>

static const struct {
    const char *name;
    enum carry_part part;
} parts[] = {
#define PART(ID) {#ID, PART_##ID},
#define T(to, from)
#define B(to, from, old, new)
#define N(to, from, def)
#define W(to, from, set)
#define H(to, from)
#define D(from, rule)
#include "xpp/d365/properties_data.def"
#include "xpp/d365/properties_form.def"
#include "xpp/d365/properties_other.def"
};

/* One node with one property, carried by the rows of one part. */
struct trial {
    struct arena *arena;
    struct findings findings;
    struct xpo_prop prop;
    struct xpo_node node;
    struct xpo_element element;
    struct d365_job job;
    struct work w;
    const char *out;
};

/* What is written by hand belongs to the golden files. */
static void leave_to_hand(struct carry *c, const struct carry_row *row)
{
    if (row->from[0] != '\0')
        carry_take(c, row->from);
}

static void try(struct trial *t, enum carry_part part, const char *name, const char *value)
{
    *t = (struct trial){.arena = arena_new()};
    t->findings.arena = t->arena;
    t->prop = (struct xpo_prop){.name = str_of(name), .value = str_of(value), .line = 7};
    t->node = (struct xpo_node){.props = &t->prop, .n_props = 1, .line = 6};
    t->element = (struct xpo_element){.root = &t->node, .line = 5};
    t->job = (struct d365_job){.element = &t->element, .arena = t->arena, .findings = &t->findings};
    struct carry c;
    work_begin(&t->w, &t->job);
    xml_begin(t->w.xml, &t->w.out);
    xml_open(t->w.xml, "Root", "");
    carry_begin(&c, &t->w, &t->node, STR("here"));
    c.hand = leave_to_hand;
    carry_rows(&c, part);
    carry_end(&c);
    xml_close(t->w.xml);
    t->out = arena_dup_str(t->arena, buf_str(&t->w.out));
    work_end(&t->w);
}

static void end(struct trial *t)
{
    vec_done(&t->findings.list);
    arena_free(t->arena);
}

/* How often `<to>` stands in what was written, and whether it is `<to>word</to>`. */
static void expect_member(const struct trial *t, const char *to, const char *word)
{
    char want[512];
    snprintf(want, sizeof want, "<%s>%s</%s>", to, word, to);
    if (!strstr(t->out, want))
        fail_msg("wanted %s in %s", want, t->out);
    assert_int_equal(t->findings.list.n, 0);
}

static size_t count_members(const char *out)
{
    size_t n = 0;
    for (const char *p = out; (p = strstr(p, "\n\t<")); p++)
        n++;
    return n;
}

/* Members that a part writes although the export says nothing: defaults that differ. */
static size_t count_unasked(enum carry_part part)
{
    struct trial t;
    try(&t, part, "Name", "");
    size_t n = count_members(t.out);
    end(&t);
    return n;
}

static void rows_stand_in_the_order_of_the_serializer(void **state)
{
    (void)state;
    bool bad = false;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t n;
        const struct carry_row *r = carry_rows_of(parts[i].part, &n);
        const char *last = "";
        for (size_t k = 0; k < n; k++) {
            if (r[k].kind == CARRY_DROP)
                continue;
            if (strcmp(last, r[k].to) >= 0)
                print_error("%s: %s stands before %s\n", parts[i].name, last, r[k].to), bad = true;
            last = r[k].to;
        }
    }
    assert_false(bad);
}

static void no_property_has_two_rows_of_one_part(void **state)
{
    (void)state;
    bool bad = false;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t n;
        const struct carry_row *r = carry_rows_of(parts[i].part, &n);
        for (size_t k = 0; k < n; k++) {
            for (size_t j = k + 1; j < n; j++) {
                bool by_hand = r[k].kind == CARRY_HAND && r[j].kind == CARRY_HAND;
                if (!by_hand && r[k].from[0] && strcasecmp(r[k].from, r[j].from) == 0)
                    print_error("%s: %s is carried twice\n", parts[i].name, r[k].from), bad = true;
            }
        }
    }
    assert_false(bad);
}

static void check_text(enum carry_part part, const struct carry_row *r)
{
    struct trial t;
    try(&t, part, r->from, r->kind == CARRY_NUMBER ? "-42" : "Some text");
    expect_member(&t, r->to, r->kind == CARRY_NUMBER ? "-42" : "Some text");
    assert_int_equal(count_members(t.out), count_unasked(part) + 1);
    end(&t);
}

static void check_yes_no(enum carry_part part, const struct carry_row *r)
{
    struct trial t;
    const char *other = strcmp(r->new, "Yes") == 0 ? "No" : "Yes", *junk = "Perhaps";
    try(&t, part, r->from, other);
    expect_member(&t, r->to, other);
    end(&t);
    try(&t, part, r->from, r->new);
    assert_int_equal(t.findings.list.n, 0);
    if (strcmp(r->old, r->new) == 0 && count_members(t.out) != count_unasked(part))
        fail_msg("%s = %s is written", r->from, r->new);
    end(&t);
    try(&t, part, r->from, junk);
    assert_int_equal(t.findings.list.n, 1);
    assert_string_equal(t.findings.list.p[0].rule, "VALUE");
    end(&t);
}

static void check_words(enum carry_part part, const struct carry_row *r)
{
    struct trial t;
    size_t n;
    const struct carry_value *v = carry_values_of(r->set, &n);
    const char *omitted = v[-1].word;
    for (size_t i = 0; i < n; i++) {
        try(&t, part, r->from, v[i].display);
        char want[256];
        snprintf(want, sizeof want, "<%s>%s</%s>", r->to, v[i].word, r->to);
        bool written = strstr(t.out, want) != NULL;
        if (written == (strcmp(v[i].word, omitted) == 0))
            fail_msg("%s = %s: %s", r->from, v[i].display, t.out);
        assert_int_equal(t.findings.list.n, v[i].rule[0] ? 1 : 0);
        end(&t);
    }
    try(&t, part, r->from, "no such word");
    assert_int_equal(t.findings.list.n, 1);
    assert_string_equal(t.findings.list.p[0].rule, "VALUE");
    end(&t);
}

static void check_drop(enum carry_part part, const struct carry_row *r)
{
    struct trial t;
    try(&t, part, r->from, "something");
    assert_int_equal(count_members(t.out), count_unasked(part));
    if (t.findings.list.n != (r->rule[0] ? 1 : 0))
        fail_msg("%s: %zu findings", r->from, t.findings.list.n);
    if (r->rule[0]) {
        assert_string_equal(t.findings.list.p[0].rule, r->rule);
        assert_int_equal(t.findings.list.p[0].line, 7);
    }
    end(&t);
}

static void every_row_carries_its_property(void **state)
{
    (void)state;
    size_t checked = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t n;
        const struct carry_row *r = carry_rows_of(parts[i].part, &n);
        for (size_t k = 0; k < n; k++, checked++) {
            if (r[k].kind == CARRY_TEXT || r[k].kind == CARRY_NUMBER)
                check_text(parts[i].part, &r[k]);
            else if (r[k].kind == CARRY_YES_NO)
                check_yes_no(parts[i].part, &r[k]);
            else if (r[k].kind == CARRY_WORD)
                check_words(parts[i].part, &r[k]);
            else if (r[k].kind == CARRY_DROP)
                check_drop(parts[i].part, &r[k]);
        }
    }
    assert_true(checked > 600);
}

static void a_property_that_nobody_knows_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct trial t;
        try(&t, parts[i].part, "Colour of the berries", "red");
        assert_int_equal(t.findings.list.n, 1);
        assert_string_equal(t.findings.list.p[0].rule, "PROPERTY");
        assert_int_equal(t.findings.list.p[0].line, 7);
        assert_true(str_is(t.findings.list.p[0].detail, "property Colour of the berries = red"));
        end(&t);
    }
}

static void names_of_properties_compare_without_case(void **state)
{
    (void)state;
    struct trial t;
    try(&t, PART_TABLE_MORE, "SYSTEMTABLE", "yes");
    expect_member(&t, "SystemTable", "Yes");
    end(&t);
}

static void what_amounts_to_the_same_is_told_once(void **state)
{
    (void)state;
    struct trial t;
    try(&t, PART_TABLE, "Origin", "{1}");
    end(&t);
    SCOPED(arena) a = arena_new();
    struct findings list = {.arena = a};
    struct xpo_element e = {.line = 1};
    struct d365_job job = {.element = &e, .arena = a, .findings = &list};
    struct work w;
    work_begin(&w, &job);
    for (uint32_t i = 0; i < 100; i++)
        work_drop(&w, "M10", "Origin", STR("{1}"), STR("fields/A"), 10 + i);
    work_drop(&w, "F20", "Left", STR("4"), STR(""), 3);
    work_end(&w);
    assert_int_equal(list.list.n, 2);
    assert_true(str_is(list.list.p[0].detail, "property Origin = {1}, and 99 more"));
    assert_int_equal(list.list.p[0].line, 10);
    vec_done(&list.list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_stand_in_the_order_of_the_serializer),
        cmocka_unit_test(no_property_has_two_rows_of_one_part),
        cmocka_unit_test(every_row_carries_its_property),
        cmocka_unit_test(a_property_that_nobody_knows_is_told),
        cmocka_unit_test(names_of_properties_compare_without_case),
        cmocka_unit_test(what_amounts_to_the_same_is_told_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
