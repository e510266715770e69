#include "integration/constructs.h"
#include "db/target.h"
#include "integration/changes.h"
#include "integration/pg.h"
#include "lens/install.h"
#include "lens/view.h"
#include "test.h"

static const struct {
    const char *name, *key, *body;
} lenses[] = {
#define L(name, key, body) {name, key, body},
#include "integration/constructs.def"
#undef L
};
#define N_LENSES ARRAY_LEN(lenses)

static const char tables_sql[] =
    "create table old.a (id int primary key, b_id int not null, c_id int, x int not null, y int, n int not null, s "
    "text);"
    "create table old.b (id int primary key, a_id int not null, x int not null, y int, n int not null);"
    "create table old.c (id int primary key, a_id int not null, b_id int not null, x int not null, y int);"
    "create table old.pair (k1 int, k2 text, v int, primary key (k1, k2));"
    "create table old.keyless (x int, y int)";

static const char fill_sql[] =
    "select setseed(0.5);"
    "insert into old.a select i, 1 + floor(random() * 40), case when random() < 0.7 then 1 + floor(random() * 40) end,"
    " floor(random() * 8), case when random() < 0.7 then floor(random() * 8) end, floor(random() * 8),"
    " chr(97 + floor(random() * 4)::int) from generate_series(1, 40) i;"
    "insert into old.b select i, 1 + floor(random() * 40), floor(random() * 8),"
    " case when random() < 0.7 then floor(random() * 8) end, floor(random() * 8) from generate_series(1, 40) i;"
    "insert into old.c select i, 1 + floor(random() * 40), 1 + floor(random() * 40), floor(random() * 8),"
    " case when random() < 0.7 then floor(random() * 8) end from generate_series(1, 40) i;"
    "insert into old.pair select i, k, floor(random() * 8) from generate_series(0, 7) i, "
    "unnest(array['a','b','c','d']) k"
    " where random() < 0.6;"
    "insert into old.keyless select floor(random() * 8), i from generate_series(1, 5) i;"
    "analyze";

const char *constructs_base_schema(const struct constructs *c)
{
    return c->direction == LENS_UP ? "old" : "hq";
}

static const char *lens_schema(const struct constructs *c)
{
    return c->direction == LENS_UP ? "hq" : "old";
}

char *constructs_spell(const struct constructs *c, const char *text)
{
    SCOPED_BUF b = {0};
    for (const char *at; (at = strstr(text, "old.")); text = at + 4) {
        buf_put(&b, text, (size_t)(at - text));
        buf_printf(&b, "%s.", constructs_base_schema(c));
    }
    buf_puts(&b, text);
    return arena_dup(c->a, b.p);
}

static struct package_file make_lens_file(const struct constructs *c, size_t i)
{
    struct package_word *words = arena_new_array(c->a, struct package_word, 2);
    words[0] = (struct package_word){"key", lenses[i].key, 1};
    words[1] = (struct package_word){"reload", "full", 1};
    bool full = strncmp(lenses[i].name, "anew_", 5) == 0;
    const char *body = constructs_spell(c, lenses[i].body);
    return (struct package_file){lenses[i].name, lenses[i].name, body, body, 1, words, full ? 2 : 1};
}

static struct package_file make_schema_file(const char *name, const char *text)
{
    return (struct package_file){.name = name, .path = name, .text = text, .body = text, .body_line = 1};
}

static void make_package(struct constructs *c)
{
    SCOPED_BUF tables = {0}, keys = {0};
    struct package_file *files = arena_new_array(c->a, struct package_file, N_LENSES);
    struct package_file *schema = arena_new_array(c->a, struct package_file, 2);
    for (size_t i = 0; i < N_LENSES; i++) {
        files[i] = make_lens_file(c, i);
        buf_printf(&tables, "create table %s.%s as %s limit 0;\n", lens_schema(c), lenses[i].name, files[i].body);
        buf_printf(&keys, "alter table %s.%s add primary key (%s);\n", lens_schema(c), lenses[i].name, lenses[i].key);
    }
    schema[0] = make_schema_file("10_tables", arena_dup(c->a, tables.p));
    schema[1] = make_schema_file("20_indexes", arena_dup(c->a, keys.p));
    c->package = (struct package){.name = "constructs", .core = "1", .schema = {schema, 2}};
    *(c->direction == LENS_UP ? &c->package.up : &c->package.down) = (struct package_files){files, N_LENSES};
}

/* install_down() finds views and filled tables of N-1. */
static void install_and_fill_down(struct constructs *c)
{
    struct err err = {0};
    test_pg_exec(c->pg, "create schema old; create schema carryover_down");
    test_pg_exec(c->pg, c->package.schema.p[0].text);
    test_pg_exec(c->pg, c->package.schema.p[1].text);
    for (size_t i = 0; i < N_LENSES; i++) {
        struct lens l;
        must(lens_read(&c->package.down.p[i], LENS_DOWN, c->a, &l, &err));
        must(view_create(c->pg, &l, &c->package.down.p[i], c->a, &err));
        test_pg_exec(c->pg, arena_printf(c->a, "insert into old.%s select * from carryover_down.%s", l.name, l.name));
    }
    must(install_down(c->pg, &c->package, c->a, &c->set, &err));
}

struct constructs *constructs_new(enum lens_direction d, const char *const *conf)
{
    struct err err = {0};
    struct constructs *c = calloc(1, sizeof *c);
    *c = (struct constructs){.a = arena_new(), .direction = d};
    test_pg_start(conf);
    c->uri = test_pg_database(c->a, d == LENS_UP ? "constructs" : "constructs_down");
    c->pg = test_pg_open(c->uri);
    must(target_prepare(c->pg, &err));
    test_pg_exec(c->pg, arena_printf(c->a, "create schema %s", constructs_base_schema(c)));
    test_pg_exec(c->pg, constructs_spell(c, tables_sql));
    test_pg_exec(c->pg, constructs_spell(c, fill_sql));
    make_package(c);
    if (d == LENS_UP)
        must(install_up(c->pg, &c->package, INSTALL_KEEP, c->a, &c->set, &err));
    else
        install_and_fill_down(c);
    return c;
}

void constructs_free(struct constructs *c)
{
    fresh_free(c->fresh);
    pg_free(c->pg);
    arena_free(c->a);
    free(c);
}

void constructs_make_fresh(struct constructs *c)
{
    struct err err = {0};
    struct fresh_result r = {.lenses = 1};
    if (!c->fresh)
        must(fresh_open(c->uri, &c->set, 2, &c->fresh, &err));
    while (r.lenses)
        must(fresh_pass(c->fresh, false, &r, &err));
}

size_t constructs_compare(struct constructs *c, const char *when)
{
    size_t wrong = 0;
    for (size_t i = 0; i < c->set.n; i++) {
        int64_t n = changes_difference(c->pg, &c->set.p[i]);
        if (n)
            print_message("# %s differs by %d rows %s\n", c->set.p[i].name, (int)n, when);
        wrong += n != 0;
    }
    return wrong;
}
