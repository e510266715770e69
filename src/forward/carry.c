#include "forward/carry.h"
#include "forward/delta.h"
#include "xpp/body.h"
#include "xpp/rules/apply.h"
#include <assert.h>
#include <stdlib.h>
#include <strings.h>

struct carrier {
    const struct forward_options *options;
    const struct forward_result *result;
    struct usage *usage;
    struct arena *arena; /* of the element at hand */
    struct rules_run *rules;
    struct scope *scope;
    struct syntax syntax, macro; /* of the source at hand, of the text of one of its macros */
    struct buf text;
    VEC(struct delta_source) sources; /* in the order of the element, declarations first */
    size_t next;                      /* where the writer asks next */
    struct findings findings;
    const struct xpo_element *element;
    struct xpo_element standard; /* that it changes */
    struct forward_unit *unit;
};

struct carrier *carrier_new(const struct forward_options *o, const struct forward_result *r, struct arena *keep,
                            struct usage *usage)
{
    struct carrier *c = calloc(1, sizeof *c);
    assert(c);
    struct rules_options rules = {.book = o->book, .symbols = r->symbols, .comments = true, .opt_ins = o->opt_ins};
    c->options = o;
    c->result = r;
    c->usage = usage;
    c->arena = arena_new();
    c->rules = rules_run_new(&rules);
    c->scope = scope_new(r->symbols);
    c->findings.arena = keep;
    return c;
}

void carrier_free(struct carrier *c)
{
    if (!c)
        return;
    arena_free(c->arena);
    rules_run_free(c->rules);
    scope_free(c->scope);
    syntax_done(&c->syntax);
    syntax_done(&c->macro);
    buf_done(&c->text);
    vec_done(&c->sources);
    vec_done(&c->findings.list);
    free(c);
}

/* ---- X++ ---- */

/* "methods/run", "controls/Grid/clicked": where a source stands in its element. */
static struct str where_is(struct carrier *c, const struct xpo_node *source)
{
    const struct xpo_node *owner = source->parent;
    while (owner && owner->keyword.n && owner->name.n == 0 && owner->word.n == 0 && owner->n_props == 0)
        owner = owner->parent;
    struct str name = owner ? xpo_value(owner, "Name") : (struct str){NULL, 0};
    if (owner && !name.n)
        name = owner->name.n ? owner->name : owner->word;
    if (!owner || owner->parent == NULL || !name.n)
        return str_of(arena_printf(c->arena, "methods/%.*s", STR_ARG(source->name)));
    return str_of(arena_printf(c->arena, "%.*s/%.*s", STR_ARG(name), STR_ARG(source->name)));
}

/* What stands before the source on each of its lines: blanks and `#`. */
static uint32_t column_of(const struct xpo_node *source)
{
    uint32_t n = 0;
    while (n < source->text.n && (source->text.p[n] == ' ' || source->text.p[n] == '\t'))
        n++;
    return n + 2;
}

static void tell_syntax(struct carrier *c, const struct rules_place *place)
{
    for (size_t i = 0; i < c->syntax.problems.n; i++) {
        const struct syntax_problem *p = &c->syntax.problems.p[i];
        uint32_t line, column;
        source_place(c->syntax.source, p->off, &line, &column);
        finding_add(&c->findings, "XPP", FINDING_REPORTED, place->where, place->line + line - 1,
                    place->column + column - 1, "%s", p->message);
    }
}

static uint32_t unit_number(const struct carrier *c)
{
    return (uint32_t)(c->unit - c->result->units);
}

/* Branches of the preprocessor that make no sense together with the rest. */
static void tell_skipped(struct carrier *c, const struct rules_place *place)
{
    struct source_cursor at = {0};
    vec_each (&c->syntax.skipped, x) {
        struct str rest = {c->syntax.source.p + x->off, x->n}, directive = str_trim(str_split(&rest, '\n'));
        uint32_t line, column;
        source_place_next(&at, c->syntax.source, x->off, &line, &column);
        finding_add(&c->findings, "BRANCH", FINDING_REPORTED, place->where, place->line + line - 1,
                    place->column + column - 1, "%.*s", STR_ARG(directive));
    }
}

struct referring {
    struct carrier *carrier;
    const struct rules_place *place;
    struct source_cursor cursor;
};

static void in_source(void *ctx, const struct reference *r)
{
    struct referring *x = ctx;
    struct carrier *c = x->carrier;
    if (usage_find(c->usage, r, c->unit->model) || rulebook_has_type(c->options->book, r->name))
        return;
    uint32_t line, column;
    source_place_next(&x->cursor, c->syntax.source, r->off, &line, &column);
    usage_tell(c->usage, r, unit_number(c), x->place->line + line - 1);
}

static void in_property(void *ctx, const struct reference *r)
{
    struct carrier *c = ctx;
    if (!usage_find(c->usage, r, c->unit->model))
        usage_tell(c->usage, r, unit_number(c), r->off);
}

/* The text of a macro: between the name and #endmacro, or what #define has in parentheses. */
static struct str text_of_macro(struct str directive)
{
    struct str name = directive;
    str_split(&name, '.');
    const char *open = memchr(directive.p, '(', directive.n), *line = memchr(directive.p, '\n', directive.n);
    bool local = directive.n > 6 && strncasecmp(directive.p + 1, "define", 6) != 0;
    const char *begin = local ? line : open;
    if (!begin || name.n == 0)
        return (struct str){NULL, 0};
    struct str text = {begin + 1, directive.n - (size_t)(begin + 1 - directive.p)};
    size_t tail = local ? strlen("#endmacro") : 1;
    return text.n > tail ? (struct str){text.p, text.n - tail} : (struct str){NULL, 0};
}

/* Rules look into macros, too: nothing is changed there, because nobody knows where a macro is used. */
static void look_into_macros(struct carrier *c, const struct rules_place *place)
{
    struct source_cursor at = {0};
    for (uint32_t i = 1; i < c->syntax.nodes.n; i++) {
        struct str directive = node_at(&c->syntax, i)->kind == NODE_DIRECTIVE ? syntax_text(&c->syntax, i) : str_of("");
        struct str text = directive.n ? text_of_macro(directive) : directive;
        if (text.n == 0)
            continue;
        uint32_t line, column;
        source_place_next(&at, c->syntax.source, (uint32_t)(text.p - c->syntax.source.p), &line, &column);
        struct rules_place inside = *place;
        inside.line += line - 1;
        inside.column += column - 1;
        inside.macro = true;
        parse(text, PARSE_ANY, LEX_SOURCE, &c->macro);
        buf_reset(&c->text);
        rules_on_source(c->rules, &c->macro, &inside, c->scope, &c->findings, &c->text);
    }
}

static void tell_handler(struct carrier *c, const struct rules_place *place, const struct handler_change *change)
{
    if (change->reason)
        finding_add(&c->findings, "EVENT", FINDING_TODO, place->where, place->line, 0, "it wants %s, but %s",
                    change->attributes, change->reason);
    else
        finding_add(&c->findings, "EVENT", change->guessed ? FINDING_TODO : FINDING_FIXED, place->where, place->line, 0,
                    "%s%s%s", change->attributes,
                    change->variables ? "; its parameters are variables now, with the values of XppPrePostArgs" : "",
                    change->guessed ? ": see that the names are those of the handled method" : "");
}

/* What handles events says so itself now. A method of the standard has said so already. */
static struct str with_events(struct carrier *c, const struct rules_place *place, struct str text)
{
    struct handler_change change;
    const struct symbols *s = c->result->symbols;
    const struct symbol *standard = symbols_find_from(s, SYMBOL_CLASS, c->element->name, SYMBOL_BASELINE);
    if (!str_is(c->element->code, "CLS") || (standard && symbol_member(standard, MEMBER_METHOD, place->name)) ||
        !handlers_change(c->result->handlers, s, c->element->name, place->name, text, c->arena, &change))
        return text;
    tell_handler(c, place, &change);
    return change.text;
}

static void rewrite(struct carrier *c, const struct xpo_node *source)
{
    struct str text = xpo_source(source, c->arena);
    struct rules_place place = {c->element,        where_is(c, source), source->name,
                                source->text_line, column_of(source),   false};
    if (!parse(text, body_grammar(c->element, source), LEX_SOURCE, &c->syntax))
        tell_syntax(c, &place);
    tell_skipped(c, &place);
    if (body_is_declaration(source))
        scope_declaration(c->scope, &c->syntax);
    else
        scope_method(c->scope, &c->syntax, source);
    struct referring referring = {.carrier = c, .place = &place};
    references_of(&c->syntax, in_source, &referring);
    look_into_macros(c, &place);
    buf_reset(&c->text);
    rules_on_source(c->rules, &c->syntax, &place, c->scope, &c->findings, &c->text);
    struct str after = buf_str(&c->text);
    if (!str_eq(after, text))
        text = (struct str){arena_dup_str(c->arena, after), after.n};
    *vec_push(&c->sources) = (struct delta_source){source, with_events(c, &place, text)};
    c->unit->methods += !body_is_declaration(source);
    c->unit->lines += (uint32_t)str_lines(text);
}

/* Declarations before everything else: methods need the types of the members. */
static void rewrite_all(struct carrier *c, const struct xpo_node *n, bool declarations)
{
    for (; n; n = n->next) {
        if (body_is_source(n) && body_is_declaration(n) == declarations)
            rewrite(c, n);
        if (n->first)
            rewrite_all(c, n->first, declarations);
    }
}

/* The writer asks for sources mostly in their order. */
static struct str rewritten_of(void *ctx, const struct xpo_node *source)
{
    struct carrier *c = ctx;
    for (size_t tried = 0; tried < c->sources.n; tried++) {
        const struct delta_source *r = &c->sources.p[(c->next + tried) % c->sources.n];
        if (r->source == source) {
            c->next = (size_t)(r - c->sources.p) + 1;
            return r->text;
        }
    }
    return xpo_source(source, c->arena);
}

/* ---- files ---- */

static const char *model_of(const struct carrier *c)
{
    return c->result->models[c->unit->model].name;
}

/* A name of an element may be anything that an export says: no way out of the folder. */
static bool is_safe(const char *path)
{
    return path[0] != '/' && !strstr(path, "..") && !strpbrk(path, "\\:*?\"<>|\n\r");
}

static bool write_one(struct carrier *c, const struct d365_file *f, struct err *err)
{
    if (!is_safe(f->path)) {
        finding_add(&c->findings, "XPO", FINDING_REPORTED, (struct str){"", 0}, c->unit->line, 0,
                    "the name makes no file: %s", f->path);
        return true;
    }
    c->unit->files++;
    const char *path = arena_printf(c->arena, "%s/%s/%s", model_of(c), model_of(c), f->path);
    return claims_write(c->result->claims, unit_number(c), c->result->folder, path, f->text, err);
}

static bool write_files(struct carrier *c, struct d365_job *job, struct err *err)
{
    for (const struct d365_file *f = job->files; f; f = f->next)
        if (!write_one(c, f, err))
            return false;
    return true;
}

/* ---- one element ---- */

static void tell_problems(struct carrier *c, const xpo_problems *problems)
{
    for (size_t i = 0; i < problems->n; i++)
        finding_add(&c->findings, "XPO", FINDING_REPORTED, (struct str){"", 0}, problems->p[i].line,
                    problems->p[i].column, "%s", problems->p[i].message);
}

static void take_findings(struct carrier *c)
{
    unit_add_findings(c->unit, c->findings.arena, c->findings.list.p, c->findings.list.n);
    c->findings.list.n = 0;
}

/* The standard's own code as the rules leave it, so that both sides of a comparison were changed in the same way. */
static struct str standard_code(void *ctx, const struct xpo_node *source)
{
    struct carrier *c = ctx;
    size_t findings = c->findings.list.n;
    struct rules_place place = {&c->standard, str_of(""), source->name, source->text_line, column_of(source), false};
    struct str text = xpo_source(source, c->arena);
    parse(text, PARSE_METHOD, LEX_SOURCE, &c->syntax);
    scope_method(c->scope, &c->syntax, source);
    buf_reset(&c->text);
    rules_on_source(c->rules, &c->syntax, &place, c->scope, &c->findings, &c->text);
    c->findings.list.n = findings;
    return (struct str){arena_dup_str(c->arena, buf_str(&c->text)), c->text.n};
}

static void against_standard(struct carrier *c, struct d365_job *job)
{
    bool known = standardtext_find(c->result->standard, c->unit->kind, c->element->name, c->arena, &c->standard);
    const struct delta d = {.element = c->element,
                            .standard = known ? &c->standard : NULL,
                            .arena = c->arena,
                            .findings = &c->findings,
                            .code = standard_code,
                            .ctx = c};
    struct d365_method *methods;
    job->standard = d.standard;
    job->n_methods = delta_methods(&d, c->sources.p, c->sources.n, &methods);
    job->methods = methods;
    c->unit->delta = true;
}

/* What names of extensions are made with: the second change of one standard element has names of its own. */
static const char *numbered(struct carrier *c, const char *name)
{
    return c->unit->copy ? arena_printf(c->arena, "%s%u", name, c->unit->copy + 1) : name;
}

static bool carry(struct carrier *c, struct err *err)
{
    struct d365_job job = {.element = c->element,
                           .symbols = c->result->symbols,
                           .model = numbered(c, model_of(c)),
                           .prefix = numbered(c, c->options->prefix),
                           .arena = c->arena,
                           .findings = &c->findings,
                           .code = rewritten_of,
                           .ctx = c};
    c->sources.n = c->next = 0;
    scope_element(c->scope, c->element);
    if (body_is_code(c->element)) {
        rewrite_all(c, c->element->root, true);
        rewrite_all(c, c->element->root, false);
    }
    references_of_element(c->element, in_property, c);
    if (d365_is_extension(&job))
        against_standard(c, &job);
    d365_write(&job);
    return write_files(c, &job, err);
}

bool carrier_part(struct carrier *c, struct xpo_part part, struct forward_unit *unit, struct err *err)
{
    struct xpo_element element = {0};
    xpo_problems problems = {0};
    if (unit->empty)
        return true;
    arena_reset(c->arena);
    c->unit = unit;
    c->element = &element;
    bool whole = xpo_parse(part, c->arena, &element, &problems);
    tell_problems(c, &problems);
    vec_done(&problems);
    bool ok = !whole || carry(c, err);
    take_findings(c);
    return ok;
}
