#include "xpp/d365/enum.h"
#include "xpp/d365/families.h"

#define EXTENSIBLE_MAX 251 /* values that an extensible enumeration may have */

static void put_number(struct carry *c, const struct carry_row *row)
{
    struct enum_numbers *numbers = (struct enum_numbers *)c->ctx;
    struct str value = carry_take(c, row->from);
    int64_t number = numbers->zero_taken ? numbers->place : 0;
    if (value.n > 0 && !str_to_i64(value, &number))
        carry_tell_value(c, row->from, value);
    if (number == 0)
        numbers->zero_taken = true;
    else
        carry_put(c, row->to, work_text(c->w, "%lld", (long long)number));
    numbers->own |= number != numbers->place;
    numbers->place++;
}

void enum_put_value(struct work *w, const struct xpo_node *value, struct enum_numbers *numbers)
{
    struct carry c;
    carry_begin(&c, w, value, work_path(w, "values", value->name));
    c.hand = put_number;
    c.ctx = numbers;
    xml_open(w->xml, "AxEnumValue", "");
    carry_name(&c);
    carry_rows(&c, PART_ENUM_VALUE);
    xml_close(w->xml);
    work_known(w, value, c.where, "");
    carry_end(&c);
}

static struct enum_numbers put_values(struct work *w, const struct xpo_node *values)
{
    struct enum_numbers numbers = {0};
    xml_open(w->xml, "EnumValues", "");
    for (const struct xpo_node *v = values ? values->first : NULL; v; v = v->next)
        enum_put_value(w, v, &numbers);
    xml_close(w->xml);
    return numbers;
}

void d365_write_enum(struct work *w)
{
    const struct xpo_node *e = w->element->root;
    struct carry c;
    carry_begin(&c, w, e, STR(""));
    work_open(w, "AxEnum", "");
    struct str name = carry_name(&c);
    carry_rows(&c, PART_ENUM);
    struct enum_numbers numbers = put_values(w, xpo_child(e, "TYPEELEMENTS"));
    work_close(w, "AxEnum", name);
    unsigned n = (unsigned)numbers.place;
    if (n > EXTENSIBLE_MAX)
        carry_tell(&c, "M11", FINDING_REPORTED, "%u values: it cannot be made extensible", n);
    else if (numbers.own)
        carry_tell(&c, "M11", FINDING_REPORTED, "%u values keep their numbers; it is not extensible", n);
    work_known(w, e, STR(""), "TYPEELEMENTS");
    carry_end(&c);
}
