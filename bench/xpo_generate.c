/*
 * xpo_generate --megabytes N [--seed S] --out DIR [--files K]: exports of any size, of elements that nobody has.
 *
 * The same arguments make the same bytes. Classes, tables, enums, extended data types, forms with hundreds of controls,
 * queries, menu items, privileges, jobs and macro libraries in about the shares that customers' projects have them; the
 * X++ in them is varied and valid, with some of the calls that version N no longer has.
 */
#include "xpo_generate.h"
#include "base/file.h"
#include <getopt.h>

static const char *const nouns[] = {"Order",   "Ledger", "Vendor",  "Item",   "Pallet", "Store",  "Till",   "Voucher",
                                    "Journal", "Batch",  "Invoice", "Tariff", "Route",  "Parcel", "Coupon", "Return",
                                    "Shift",   "Stock",  "Price",   "Region", "Basket", "Crate",  "Permit", "Quota"};
static const char *const verbs[] = {"calc",  "find",  "post", "check",  "load",
                                    "merge", "split", "init", "update", "count"};

uint64_t below(struct generator *g, uint64_t n)
{
    return rand_below(&g->rand, n);
}

const char *noun(struct generator *g)
{
    return nouns[below(g, ARRAY_LEN(nouns))];
}

const char *verb(struct generator *g)
{
    return verbs[below(g, ARRAY_LEN(verbs))];
}

static void vput(struct generator *g, const char *fmt, va_list args)
{
    buf_printf(&g->out, "%*s", (int)g->indent, "");
    buf_vprintf(&g->out, fmt, args);
    buf_putc(&g->out, '\n');
}

void put(struct generator *g, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vput(g, fmt, args);
    va_end(args);
}

void open_block(struct generator *g, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vput(g, fmt, args);
    va_end(args);
    g->indent += 2;
}

void close_block(struct generator *g, const char *end)
{
    g->indent -= 2;
    put(g, "%s", end);
}

void put_prop(struct generator *g, const char *name, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    buf_printf(&g->out, "%*s%-19s #", (int)g->indent, "", name);
    buf_vprintf(&g->out, fmt, args);
    buf_putc(&g->out, '\n');
    va_end(args);
}

void put_header(struct generator *g, const char *code, const char *version, const char *what, const char *name)
{
    buf_printf(&g->out, "***Element: %s\n\n; Microsoft Dynamics AX %s: %s unloaded\n; %.*s\n", code, what, name, 80,
               "--------------------------------------------------------------------------------");
    g->indent = 2;
    put(g, "%s", version);
    put(g, "%s", "");
}

/* In about the shares of customers' projects, by number. */
static void put_element(struct generator *g)
{
    static const struct {
        uint64_t weight;
        void (*put)(struct generator *g);
    } kinds[] = {{30, put_class}, {16, put_table},     {6, put_form},      {14, put_type}, {8, put_enum},
                 {4, put_query},  {10, put_menu_item}, {6, put_privilege}, {4, put_job},   {2, put_macro}};
    uint64_t at = below(g, 100);
    size_t i = 0;
    while (at >= kinds[i].weight)
        at -= kinds[i++].weight;
    g->made++;
    kinds[i].put(g);
    buf_puts(&g->out, "\n");
}

static bool write_out(struct generator *g, FILE *f)
{
    bool ok = fwrite(g->out.p, 1, g->out.n, f) == g->out.n;
    buf_reset(&g->out);
    return ok;
}

static bool make_file(struct generator *g, const char *path, uint64_t bytes)
{
    FILE *f = fopen(path, "w");
    if (!f)
        return false;
    buf_puts(&g->out, "\xEF\xBB\xBF"
                      "Exportfile for AOT version 1.0 or later\nFormatversion: 1\n\n");
    bool ok = true;
    for (uint64_t done = 0; ok && done < bytes;) {
        put_element(g);
        done += g->out.n;
        ok = write_out(g, f);
    }
    buf_puts(&g->out, "***Element: END\n");
    ok = write_out(g, f) && ok;
    return fclose(f) == 0 && ok;
}

static int usage(void)
{
    fprintf(stderr, "usage: xpo_generate --megabytes N [--seed S] --out DIR [--files K]\n");
    return 2;
}

struct arguments {
    int64_t megabytes, seed, files;
    const char *out;
};

static bool read_arguments(int argc, char **argv, struct arguments *ret)
{
    static const struct option options[] = {{"megabytes", required_argument, NULL, 'm'},
                                            {"seed", required_argument, NULL, 's'},
                                            {"out", required_argument, NULL, 'o'},
                                            {"files", required_argument, NULL, 'f'},
                                            {NULL, 0, NULL, 0}};
    *ret = (struct arguments){.seed = 1, .files = 1};
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        int64_t *number = c == 'm' ? &ret->megabytes : c == 's' ? &ret->seed : &ret->files;
        if (c == 'o')
            ret->out = optarg;
        else if (c == '?' || !str_to_i64(str_of(optarg), number))
            return false;
    }
    return ret->out && ret->megabytes > 0 && ret->files > 0 && optind == argc;
}

int main(int argc, char **argv)
{
    struct arguments arg;
    if (!read_arguments(argc, argv, &arg))
        return usage();
    struct err err;
    SCOPED(arena) a = arena_new();
    struct generator g = {.rand = rand_seeded((uint64_t)arg.seed)};
    uint64_t bytes = (uint64_t)arg.megabytes * 1000000 / (uint64_t)arg.files;
    bool ok = file_make_dirs(arg.out, &err);
    for (int64_t i = 0; ok && i < arg.files; i++)
        ok = make_file(&g, arena_printf(a, "%s/project%04" PRId64 ".xpo", arg.out, i), bytes);
    buf_done(&g.out);
    if (!ok)
        fprintf(stderr, "xpo_generate: writing to %s failed\n", arg.out);
    return ok ? 0 : 1;
}
