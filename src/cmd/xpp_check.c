#include "cmd/xpp.h"

static bool print(const struct command_call *call, const struct display *r, struct err *err)
{
    SCOPED_BUF b = {0};
    if (command_flag(call, OPTION_JSON)) {
        display_json(r, &b);
    } else {
        display_lines(r, &b);
        const struct tally_count *by = r->tally->by_severity;
        uint64_t n[RULE_INFO + 1];
        for (unsigned s = RULE_ERROR; s <= RULE_INFO; s++)
            n[s] = by[s].fixed + by[s].todo + by[s].reported;
        buf_printf(&b, "%lu errors, %lu warnings, %lu notes in %lu elements, %lu methods\n", n[RULE_ERROR],
                   n[RULE_WARNING], n[RULE_INFO], r->tally->elements, r->tally->methods);
    }
    return cmd_print(&b, err);
}

static bool least_of(const struct command_call *call, enum rule_severity *ret, struct err *err)
{
    const char *text = command_text(call, OPTION_SEVERITY);
    for (*ret = RULE_ERROR; text && *ret <= RULE_INFO; ++*ret)
        if (strcmp(text, rule_severity_name(*ret)) == 0)
            return true;
    *ret = RULE_INFO;
    return !text || err_set(err, ERR_USAGE, "--severity is error, warning or info, not '%s'", text);
}

static bool judge(const struct display *r, struct err *err)
{
    const struct tally_count *errors = &r->tally->by_severity[RULE_ERROR];
    uint64_t n = errors->fixed + errors->todo + errors->reported;
    return n == 0 || err_set(err, ERR_FINDINGS, "%lu places do not compile in the new version as they are", n) ||
           err_hint(err, "carryover xpp explain RULE says more; carryover xpp upgrade mends what it can");
}

bool cmd_xpp_check(struct command_call *call, struct err *err)
{
    SCOPED(rulebook) book = NULL;
    struct forward_options o = {0};
    struct forward_result result = {0};
    struct display r;
    const char *standard;
    enum rule_severity least;
    bool ok = least_of(call, &least, err) && xpp_rules(call, &book, &standard, err) &&
              xpp_options(call, book, standard, &o, err) && xpp_run(&o, &result, err);
    if (ok) {
        xpp_render(&result, book, command_arena(call), &r);
        r.check = true;
        r.least = least;
        ok = xpp_files(call, &r, err) && print(call, &r, err) && judge(&r, err);
    }
    forward_done(&result);
    vec_done(&o.inputs);
    return ok;
}
