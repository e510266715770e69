#include "cmd/replication_view.h"
#include "base/log.h"
#include "base/term.h"

static int64_t chunk_share(const struct plan *p, const struct table *t)
{
    int64_t n = 0;
    for (size_t i = 0; i < p->n_chunks; i++)
        n += p->chunks[i].table == t;
    return n ? t->bytes / n : 0;
}

static void end_copy(struct replication_view *v)
{
    progress_free(v->copy);
    progress_free(v->index);
    v->copy = v->index = NULL;
}

static void show_plan(void *ctx, const struct plan *p, bool resumed)
{
    struct replication_view *v = ctx;
    int64_t bytes = 0, done = 0, indexes = 0;
    for (size_t i = 0; i < p->n_chunks; i++) {
        int64_t share = chunk_share(p, p->chunks[i].table);
        bytes += share;
        done += p->chunks[i].done ? share : 0;
    }
    for (size_t i = 0; i < p->n_indexes; i++)
        indexes += !p->indexes[i].done;
    end_copy(v);
    log_info("replicate.planned", "%s: %zu tables in %zu ranges, %zu indexes", resumed ? "going on" : "starting",
             p->tables->n, p->n_chunks, p->n_indexes);
    if (done == bytes && indexes == 0)
        return;
    v->copy = progress_new("copy", PROGRESS_BYTES, bytes);
    progress_set(v->copy, done);
    v->index = progress_new("indexes", PROGRESS_STEPS, indexes);
}

static void show_chunk(void *ctx, const struct plan_chunk *c, int64_t rows, int64_t bytes, int64_t us)
{
    struct replication_view *v = ctx;
    v->rows += rows;
    progress_add(v->copy, c->lo || c->hi ? MAX(bytes, 1) : c->table->bytes);
    progress_note(v->copy, "%s", c->table->name);
    log_debug("replicate.chunk", "%s range %d: %" PRId64 " rows, %" PRId64 " bytes, %" PRId64 " ms", c->table->name,
              c->no, rows, bytes, us / 1000);
}

static void show_index(void *ctx, const struct plan_index *i, int64_t us)
{
    struct replication_view *v = ctx;
    progress_add(v->index, 1);
    progress_note(v->index, "%s", i->name);
    log_debug("replicate.index", "%s of %s: %" PRId64 " ms", i->name, i->table->name, us / 1000);
}

static void show_following(void *ctx)
{
    struct replication_view *v = ctx;
    char rows[32];
    term_count(v->rows, rows);
    end_copy(v);
    log_info("replicate.following", "the snapshot is there (%s rows in this run); following the changes", rows);
    progress_free(v->follow);
    v->follow = progress_new("follow", PROGRESS_STEPS, 0);
}

static void show_position(void *ctx, uint64_t applied, uint64_t end, int64_t transactions)
{
    struct replication_view *v = ctx;
    char lag[16];
    if (!v->follow) /* it catches up with a second snapshot first */
        v->follow = progress_new("catch up", PROGRESS_STEPS, 0);
    term_size(end > applied ? (int64_t)(end - applied) : 0, lag);
    progress_set(v->follow, transactions);
    progress_note(v->follow, "transactions; lag %s", lag);
}

struct replicate_watch replication_watch(struct replication_view *v)
{
    return (struct replicate_watch){.ctx = v,
                                    .planned = show_plan,
                                    .copy = {.ctx = v, .chunk = show_chunk, .index = show_index},
                                    .following = show_following,
                                    .position = show_position};
}

void replication_view_done(struct replication_view *v)
{
    end_copy(v);
    progress_free(v->follow);
    v->follow = NULL;
}
