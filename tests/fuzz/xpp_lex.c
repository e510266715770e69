/* X++ may be any bytes: tokens follow each other, what lies between them is blank or a comment, and nothing is lost. */
#include "xpp/lang/lex.h"
#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_gap(struct str source, uint32_t from, uint32_t to)
{
    tokens gap = {0};
    assert(from <= to);
    lex((struct str){source.p + from, to - from}, LEX_SOURCE, &gap);
    assert(gap.n == 1 && gap.p[0].kind == TOKEN_END);
    vec_done(&gap);
}

static void check_token(struct str source, const struct token *t)
{
    struct str text = token_text(source, t);
    assert(t->n > 0 && t->kind < TOKEN_BAD + 1);
    if (t->kind == TOKEN_NAME || t->kind == TOKEN_KEYWORD)
        assert(t->hash == token_hash(text) && t->hash);
    if (t->kind == TOKEN_KEYWORD)
        assert(strlen(keyword_text((enum keyword)t->id)) == t->n);
    if (t->kind == TOKEN_OPERATOR)
        assert(str_is(text, operator_text((enum operator_id)t->id)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    tokens list = {0};
    uint32_t at = 0;
    if (n == 0)
        return 0;
    struct str source = {(const char *)data + 1, n - 1};
    lex(source, data[0] & 1 ? LEX_PATTERN : LEX_SOURCE, &list);
    assert(list.n > 0 && list.p[list.n - 1].kind == TOKEN_END && list.p[list.n - 1].off == source.n);
    for (size_t i = 0; i < list.n; i++) {
        check_gap(source, at, list.p[i].off);
        if (i + 1 < list.n)
            check_token(source, &list.p[i]);
        at = list.p[i].off + list.p[i].n;
    }
    assert(at == source.n);
    vec_done(&list);
    return 0;
}
