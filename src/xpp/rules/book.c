#include "xpp/rules/book.h"
#include "base/arena.h"
#include "xpp/lang/parse.h"
#include <assert.h>
#include <stdlib.h>
#include <strings.h>

const char *rule_severity_name(enum rule_severity s)
{
    static const char *const names[] = {"error", "warning", "info"};
    return names[s];
}

const char *rule_mode_name(enum rule_mode m)
{
    static const char *const names[] = {"fix", "todo", "report"};
    return names[m];
}

int32_t name_next(const struct name_table *t, uint32_t hash, int32_t i)
{
    if (t->list.n == 0)
        return -1;
    i = i < 0 ? t->bucket[hash % NAME_BUCKETS] - 1 : t->list.p[i].next;
    while (i >= 0 && t->list.p[i].hash != hash)
        i = t->list.p[i].next;
    return i;
}

static void name_add(struct name_table *t, uint32_t hash, const struct rule *rule, const struct pattern *pattern)
{
    int32_t *bucket = &t->bucket[hash % NAME_BUCKETS];
    *vec_push(&t->list) = (struct name_entry){hash, *bucket - 1, rule, pattern};
    *bucket = (int32_t)t->list.n;
}

static void names_add(struct name_table *t, const char *const *names, const struct rule *rule)
{
    for (; names && *names; names++)
        name_add(t, token_hash(str_of(*names)), rule, NULL);
}

/* The longest name of the pattern: the rarer it is, the less often anything is compared. */
static void find_anchor(struct pattern *p)
{
    size_t longest = 0;
    for (uint32_t i = 1; i < p->syntax.nodes.n; i++) {
        const struct node *n = node_at(&p->syntax, i);
        if (n->kind != NODE_NAME || syntax_text(&p->syntax, i).n <= longest)
            continue;
        uint32_t climb = 0, at = i;
        for (; at && at != p->root; at = node_at(&p->syntax, at)->parent)
            climb++;
        if (!at)
            continue;
        longest = syntax_text(&p->syntax, i).n;
        p->anchor_hash = p->syntax.tokens.p[n->token].hash;
        p->climb = climb;
    }
}

static bool bad_pattern(const struct rule *r, const char *text, const char *why, struct err *err)
{
    return err_set(err, ERR_PACKAGE, "rule %s: the pattern \"%s\" %s", r->id, text, why);
}

static bool parse_pattern(struct pattern *p, const char *text, struct err *err)
{
    struct str source = str_trim(str_of(text));
    p->statement = source.n && (source.p[source.n - 1] == ';' || source.p[source.n - 1] == '}');
    enum parse_what what = p->statement ? PARSE_STATEMENTS : PARSE_EXPRESSION;
    if (!parse(source, what, LEX_PATTERN, &p->syntax))
        return bad_pattern(p->rule, text, p->syntax.problems.p[0].message, err);
    p->root = node_at(&p->syntax, 1)->first;
    if (!p->root || node_at(&p->syntax, p->root)->next)
        return bad_pattern(p->rule, text, "is not one expression or statement", err);
    find_anchor(p);
    return true;
}

static bool pattern_has(const struct pattern *p, struct str meta)
{
    for (uint32_t i = 1; i < p->syntax.nodes.n; i++)
        if (node_at(&p->syntax, i)->kind == NODE_META && str_eq(syntax_text(&p->syntax, i), meta))
            return true;
    return false;
}

/* The length of a meta at the beginning of `s`: `$name` or `...`; 0 when there is none. */
static size_t meta_length(struct str s)
{
    if (s.n >= 3 && memcmp(s.p, "...", 3) == 0)
        return 3;
    size_t n = s.n && s.p[0] == '$' ? 1 : 0;
    while (n && n < s.n && (s.p[n] == '_' || (s.p[n] | 32) >= 'a') && (s.p[n] | 32) <= 'z')
        n++;
    return n > 1 ? n : 0;
}

static uint32_t meta_hash(struct str meta)
{
    return str_is(meta, "...") ? 0 : token_hash(meta);
}

/* Cuts a fix into texts and metas, once. */
static bool split_fix(struct rulebook *b, struct pattern *p, struct err *err)
{
    struct str s = str_of(p->rule->fix);
    VEC(struct fix_piece) pieces = {0};
    size_t from = 0, i = 0;
    bool ok = true;
    while (i < s.n && ok) {
        size_t n = meta_length((struct str){s.p + i, s.n - i});
        if (n == 0) {
            i++;
            continue;
        }
        struct str meta = {s.p + i, n};
        ok = pattern_has(p, meta);
        if (i > from)
            *vec_push(&pieces) = (struct fix_piece){{s.p + from, i - from}, 0};
        *vec_push(&pieces) = (struct fix_piece){{NULL, 0}, meta_hash(meta)};
        from = i += n;
    }
    if (s.n > from)
        *vec_push(&pieces) = (struct fix_piece){{s.p + from, s.n - from}, 0};
    p->fix = arena_alloc(b->arena, (pieces.n + 1) * sizeof *p->fix);
    p->n_fix = (uint32_t)pieces.n;
    if (pieces.n)
        memcpy(p->fix, pieces.p, pieces.n * sizeof *p->fix);
    vec_done(&pieces);
    return ok || err_set(err, ERR_PACKAGE, "rule %s: its fix uses a $name that the pattern \"%.*s\" has not",
                         p->rule->id, STR_ARG(p->syntax.source));
}

static bool check_fix(const struct pattern *p, struct err *err)
{
    if (p->rule->fix && p->rule->fix[0] == '\0' && !p->statement)
        return err_set(err, ERR_PACKAGE,
                       "rule %s: an empty fix deletes statements, and \"%.*s\" is an expression; end it with ;",
                       p->rule->id, STR_ARG(p->syntax.source));
    return true;
}

static bool compile_patterns(struct rulebook *b, const struct rule *r, struct err *err)
{
    for (const char *const *text = r->matches; text && *text; text++) {
        struct pattern *p = &b->patterns[b->n_patterns++];
        p->rule = r;
        if (!parse_pattern(p, *text, err) || !check_fix(p, err) || (r->fix && !split_fix(b, p, err)))
            return false;
        if (p->anchor_hash)
            name_add(&b->anchors, p->anchor_hash, r, p);
    }
    return true;
}

static void compile_type(struct rulebook *b, const struct rule *r, const char *name)
{
    if (strchr(name, '*'))
        globs_add(&b->type_globs, name, r);
    else
        name_add(&b->types, token_hash(str_of(name)), r, NULL);
}

static void compile_macro(struct rulebook *b, const struct rule *r, const char *name)
{
    if (strchr(name, '*'))
        globs_add(&b->macro_globs, name, r);
    else
        name_add(&b->macros, token_hash(str_of(name)), r, NULL);
}

static bool compile_nodes(struct rulebook *b, const struct rule *r, struct err *err)
{
    for (const char *const *name = r->nodes; name && *name; name++) {
        enum node_kind kind = NODE_NONE;
        for (unsigned k = NODE_NONE + 1; k < NODE_COUNT; k++)
            if (strcmp(node_name(k), *name) == 0)
                kind = k;
        if (kind == NODE_NONE || b->of_kind[kind])
            return err_set(err, ERR_PACKAGE, "rule %s: %s \"%s\"", r->id,
                           kind ? "another rule looks for every" : "there is no kind of node", *name);
        b->of_kind[kind] = r;
    }
    return true;
}

static bool compile_rule(struct rulebook *b, const struct rule *r, struct err *err)
{
    for (const char *const *name = r->types; name && *name; name++)
        compile_type(b, r, *name);
    for (const char *const *name = r->macros; name && *name; name++)
        compile_macro(b, r, *name);
    names_add(&b->methods, r->methods, r);
    names_add(&b->modifiers, r->modifiers, r);
    if (r->check) {
        check_fn *fn = check_find(r->check);
        if (!fn)
            return err_set(err, ERR_PACKAGE, "rule %s: there is no check %s", r->id, r->check);
        b->checks[b->n_checks].fn = fn;
        b->checks[b->n_checks++].rule = r;
    }
    return compile_nodes(b, r, err) && compile_patterns(b, r, err);
}

/* Patterns without a name are looked for at every node of the kind of their root: few, and rare kinds. */
static void list_by_kind(struct rulebook *b)
{
    for (size_t kind = 0; kind < NODE_COUNT; kind++) {
        VEC(const struct pattern *) list = {0};
        for (size_t i = 0; i < b->n_patterns; i++) {
            const struct pattern *p = &b->patterns[i];
            if (!p->anchor_hash && node_at(&p->syntax, p->root)->kind == kind)
                *vec_push(&list) = p;
        }
        if (list.n) {
            b->by_kind[kind] = arena_alloc(b->arena, (list.n + 1) * sizeof *b->by_kind[kind]);
            memcpy(b->by_kind[kind], list.p, list.n * sizeof *list.p);
        }
        vec_done(&list);
    }
}

static size_t count_patterns(const struct rule *rules, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        for (const char *const *m = rules[i].matches; m && *m; m++)
            count++;
    return count;
}

static bool enter_ids(struct rulebook *b, struct err *err)
{
    for (size_t i = 0; i < b->n; i++) {
        if (rulebook_find(b, b->rules[i].id))
            return err_set(err, ERR_PACKAGE, "rule %s is there twice", b->rules[i].id);
        name_add(&b->ids, token_hash(str_of(b->rules[i].id)), &b->rules[i], NULL);
    }
    return true;
}

static bool compile_all(struct rulebook *b, struct err *err)
{
    for (size_t i = 0; i < b->n; i++)
        if (!compile_rule(b, &b->rules[i], err))
            return false;
    if (!enter_ids(b, err))
        return false;
    globs_order(&b->type_globs);
    globs_order(&b->macro_globs);
    list_by_kind(b);
    return true;
}

bool rulebook_compile(const struct rule *rules, size_t n, struct rulebook **ret_book, struct err *err)
{
    struct rulebook *b = calloc(1, sizeof *b);
    assert(b);
    b->arena = arena_new();
    b->rules = rules;
    b->n = n;
    b->patterns = arena_alloc(b->arena, (count_patterns(rules, n) + 1) * sizeof *b->patterns);
    b->checks = arena_alloc(b->arena, (n + 1) * sizeof *b->checks);
    if (!compile_all(b, err)) {
        rulebook_free(b);
        return false;
    }
    *ret_book = b;
    return true;
}

static void table_done(struct name_table *t)
{
    vec_done(&t->list);
}

void rulebook_free(struct rulebook *b)
{
    if (!b)
        return;
    for (size_t i = 0; i < b->n_patterns; i++)
        syntax_done(&b->patterns[i].syntax);
    table_done(&b->ids);
    table_done(&b->anchors);
    table_done(&b->types);
    table_done(&b->methods);
    table_done(&b->modifiers);
    table_done(&b->macros);
    globs_done(&b->type_globs);
    globs_done(&b->macro_globs);
    arena_free(b->arena);
    free(b);
}

size_t rulebook_count(const struct rulebook *b)
{
    return b->n;
}

const struct rule *rulebook_at(const struct rulebook *b, size_t i)
{
    return &b->rules[i];
}

const struct rule *rulebook_find(const struct rulebook *b, const char *id)
{
    uint32_t hash = token_hash(str_of(id));
    for (int32_t i = name_next(&b->ids, hash, -1); i >= 0; i = name_next(&b->ids, hash, i))
        if (strcasecmp(name_at(&b->ids, i)->rule->id, id) == 0)
            return name_at(&b->ids, i)->rule;
    return NULL;
}

bool rulebook_has_type(const struct rulebook *b, struct str name)
{
    size_t at = 0;
    return name_next(&b->types, token_hash(name), -1) >= 0 || globs_next(&b->type_globs, name, &at) != NULL;
}
