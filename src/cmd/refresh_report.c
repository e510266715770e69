#include "cmd/refresh_report.h"
#include "base/file.h"
#include "base/html.h"
#include "base/json.h"

static const char *const outcomes[] = {"pass", "fail", "skipped"};
static const enum html_tone tones[] = {HTML_GOOD, HTML_BAD, HTML_MUTED};

static int count(const struct rule_proof *proofs, size_t n, enum rule_outcome o)
{
    int found = 0;
    for (size_t i = 0; i < n; i++)
        found += proofs[i].outcome == o;
    return found;
}

static void put_json(struct buf *b, const struct rule_proof *proofs, size_t n, int64_t run)
{
    buf_printf(b, "{\"run\":%" PRId64 ",\"passed\":%d,\"failed\":%d,\"skipped\":%d,\"rules\":[", run,
               count(proofs, n, RULE_PASS), count(proofs, n, RULE_FAIL), count(proofs, n, RULE_SKIPPED));
    for (size_t i = 0; i < n; i++) {
        const struct rule *r = proofs[i].rule;
        json_put_text(b, i ? ",{" : "{", "kind", rule_kind_name(r->kind));
        json_put_text(b, ",", "name", r->name);
        json_put_text(b, ",", "about", r->about);
        json_put_text(b, ",", "outcome", outcomes[proofs[i].outcome]);
        json_put_text(b, ",", "found", proofs[i].found ? proofs[i].found : "");
        buf_putc(b, '}');
    }
    buf_puts(b, "]}\n");
}

static void put_html(struct buf *b, const struct rule_proof *proofs, size_t n)
{
    html_page_begin(b, "carryover: refresh");
    html_heading(b, 1, "What was not carried, kept and reset");
    html_table_begin(b, "rule|table|why|outcome|found");
    for (size_t i = 0; i < n; i++) {
        html_row_begin(b);
        html_cell(b, rule_kind_name(proofs[i].rule->kind));
        html_cell(b, proofs[i].rule->name);
        html_cell(b, proofs[i].rule->about);
        html_cell_badge(b, tones[proofs[i].outcome], outcomes[proofs[i].outcome]);
        html_cell(b, proofs[i].found);
        html_row_end(b);
    }
    html_table_end(b);
    html_page_end(b);
}

static bool judge(const struct rule_proof *proofs, size_t n, const char *path, struct err *err)
{
    for (size_t i = 0; i < n; i++)
        if (proofs[i].outcome == RULE_FAIL)
            return err_set(err, ERR_VERIFY_FAILED, "%s %s: %s (%s)", rule_kind_name(proofs[i].rule->kind),
                           proofs[i].rule->name, proofs[i].found, path);
    return true;
}

bool refresh_report(struct project *p, const struct rules *rules, const struct rule_proof *proofs, int64_t run,
                    struct arena *a, struct buf *detail, struct err *err)
{
    SCOPED_BUF json = {0}, html = {0};
    const char *dir = project_path(p, "reports");
    char *path = arena_printf(a, "%s/refresh-%" PRId64 ".html", dir, run);
    put_json(&json, proofs, rules->n, run);
    put_html(&html, proofs, rules->n);
    if (!file_make_dirs(dir, err) ||
        !file_write(arena_printf(a, "%s/refresh-%" PRId64 ".json", dir, run), buf_str(&json), err) ||
        !file_write(path, buf_str(&html), err) || !judge(proofs, rules->n, path, err))
        return false;
    buf_printf(detail, "%d hold, %d skipped; %s", count(proofs, rules->n, RULE_PASS),
               count(proofs, rules->n, RULE_SKIPPED), path);
    return true;
}
