#include "store/tally.h"
#include "base/json.h"
#include "base/term.h"

static size_t bucket_of(int64_t us)
{
    uint64_t n = us < 0 ? 0 : (uint64_t)us;
    if (n < TALLY_STEPS)
        return (size_t)n;
    int power = 63 - __builtin_clzll(n); /* at least 6 */
    size_t step = (size_t)(n >> (power - 6)) & (TALLY_STEPS - 1);
    size_t at = (size_t)(power - 5) * TALLY_STEPS + step;
    return MIN(at, (size_t)TALLY_BUCKETS - 1);
}

/* The largest latency in a bucket. */
static int64_t end_of(size_t bucket)
{
    if (bucket < TALLY_STEPS)
        return (int64_t)bucket;
    size_t power = bucket / TALLY_STEPS + 5, step = bucket % TALLY_STEPS;
    return (int64_t)(((TALLY_STEPS + step + 1) << (power - 6)) - 1);
}

static void add(struct tally_times *t, int64_t latency_us)
{
    t->n++;
    t->max_us = MAX(t->max_us, latency_us);
    t->buckets[bucket_of(latency_us)]++;
}

void tally_answer(struct tally *t, const char *what, int64_t latency_us)
{
    add(&t->all, latency_us);
    size_t i = 0;
    while (i < TALLY_PARTS && t->parts[i].times.n && strcmp(t->parts[i].name, what) != 0)
        i++;
    if (i == TALLY_PARTS)
        return;
    snprintf(t->parts[i].name, TALLY_NAME_MAX, "%s", what);
    add(&t->parts[i].times, latency_us);
}

void tally_error(struct tally *t, const char *name)
{
    size_t i = 0;
    while (i < TALLY_KINDS - 1 && t->kinds[i].n && strcmp(t->kinds[i].name, name) != 0)
        i++;
    snprintf(t->kinds[i].name, TALLY_NAME_MAX, "%s", i == TALLY_KINDS - 1 ? "others" : name);
    t->kinds[i].n++;
}

int64_t tally_errors(const struct tally *t)
{
    int64_t n = 0;
    for (size_t i = 0; i < TALLY_KINDS; i++)
        n += t->kinds[i].n;
    return n;
}

int64_t tally_quantile_us(const struct tally_times *t, double share)
{
    int64_t wanted = (int64_t)(share * (double)t->n + 0.5), seen = 0;
    for (size_t i = 0; i < TALLY_BUCKETS && t->n; i++) {
        seen += t->buckets[i];
        if (seen >= MAX(wanted, 1))
            return MIN(end_of(i), t->max_us);
    }
    return t->max_us;
}

/* --- as text and JSON --- */

static double ms(int64_t us)
{
    return (double)us / 1000;
}

static void put_times_json(struct buf *b, const struct tally_times *t)
{
    buf_printf(b, "\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"max_ms\":%.2f", ms(tally_quantile_us(t, 0.5)),
               ms(tally_quantile_us(t, 0.99)), ms(t->max_us));
}

static void put_parts_json(struct buf *b, const struct tally *t)
{
    for (size_t i = 0; i < TALLY_PARTS && t->parts[i].times.n; i++) {
        buf_puts(b, i ? "," : "");
        json_put_string(b, str_of(t->parts[i].name));
        buf_printf(b, ":{\"requests\":%" PRId64 ",", t->parts[i].times.n);
        put_times_json(b, &t->parts[i].times);
        buf_putc(b, '}');
    }
}

static void put_json(struct buf *b, const struct tally *t, double seconds)
{
    buf_printf(b, "{\"seconds\":%.1f,\"requests\":%" PRId64 ",\"per_second\":%.1f,", seconds, t->all.n,
               (double)t->all.n / seconds);
    put_times_json(b, &t->all);
    buf_printf(b,
               ",\"bytes_in\":%" PRId64 ",\"bytes_out\":%" PRId64 ",\"packages\":%" PRId64 ",\"uploads\":%" PRId64
               ",\"transactions\":%" PRId64 ",\"by_kind\":{",
               t->bytes_in, t->bytes_out, t->packages, t->uploads, t->transactions);
    put_parts_json(b, t);
    buf_puts(b, "},\"errors\":{");
    for (size_t i = 0; i < TALLY_KINDS && t->kinds[i].n; i++) {
        buf_puts(b, i ? "," : "");
        json_put_string(b, str_of(t->kinds[i].name));
        buf_printf(b, ":%" PRId64, t->kinds[i].n);
    }
    buf_puts(b, "}}\n");
}

static void put_parts(struct buf *b, const struct tally *t)
{
    SCOPED(arena) a = arena_new();
    struct term_table *table = term_table_new(a, "request|>answers|>p50 ms|>p99 ms|>max ms");
    for (size_t i = 0; i < TALLY_PARTS && t->parts[i].times.n; i++) {
        const struct tally_times *x = &t->parts[i].times;
        term_table_row(table, t->parts[i].name, arena_printf(a, "%" PRId64, x->n),
                       arena_printf(a, "%.2f", ms(tally_quantile_us(x, 0.5))),
                       arena_printf(a, "%.2f", ms(tally_quantile_us(x, 0.99))), arena_printf(a, "%.2f", ms(x->max_us)));
    }
    term_table_put(table, b);
}

void tally_put(struct buf *b, const struct tally *t, double seconds, bool json)
{
    char in[16], out[16];
    if (json) {
        put_json(b, t, seconds);
        return;
    }
    term_size(t->bytes_in, in);
    term_size(t->bytes_out, out);
    buf_printf(b, "%" PRId64 " answers in %.1f s, %.1f a second; p50 %.2f ms, p99 %.2f ms, max %.2f ms\n", t->all.n,
               seconds, (double)t->all.n / seconds, ms(tally_quantile_us(&t->all, 0.5)),
               ms(tally_quantile_us(&t->all, 0.99)), ms(t->all.max_us));
    put_parts(b, t);
    buf_printf(b,
               "%s received, %s sent; %" PRId64 " packages fetched, %" PRId64 " uploads with %" PRId64
               " transactions taken\n",
               in, out, t->packages, t->uploads, t->transactions);
    buf_printf(b, "%" PRId64 " errors\n", tally_errors(t));
    for (size_t i = 0; i < TALLY_KINDS; i++)
        if (t->kinds[i].n)
            buf_printf(b, "  %-24s %" PRId64 "\n", t->kinds[i].name, t->kinds[i].n);
}
