#include "cmd/demo.h"

#define ACTS_MAX 64
#define TILL_RATE "4"
#define PRODUCTION "embedded/production"

struct acts {
    struct demo_act *p;
    int n;
};

static void add(struct acts *acts, const struct demo_act *list, size_t n)
{
    memcpy(acts->p + acts->n, list, n * sizeof *list);
    acts->n += (int)n;
}

/* From an empty folder to a version N that follows what happens. */
static void add_upgrade(const struct demo *d, struct acts *acts)
{
    const char *stop = arena_printf(d->arena, "hooks.stop_writers=%s sample stop --project %s", d->program, d->dir);
    const struct demo_act list[] = {
        {"A project: one folder, here with private PostgreSQL servers as source and target.",
         {"init", "--set", stop, "--set", "hooks.stop_estimate=60ms"}},
        {"A headquarters database of version N-1, as Dynamics AX 2012 R3 has it.",
         {"sample", "create", "--scale", d->scale}},
        {"What has to be known before: findings in the source.", {"analyze"}, .may_find = true},
        {"Business begins: four writers sell, return, post, receive and correct, until the cutover.",
         {"sample", "run", "--rate", d->rate, "--detach"}},
        {"The snapshot: every table in parallel, then its indexes, while the writers go on.",
         {"replicate", "start", "--once"}},
        {"From now on every change of the source is followed, in the order of the commits.",
         {"replicate", "start", "--detach"}},
        {"Version N is loaded through the lenses, out of the replica, while changes keep coming.",
         {"upgrade", "--once"}},
        {"From now on every change is brought up to version N as it comes.", {"upgrade", "--detach"}},
        {"How far is it?", {"replicate", "status"}},
        {"The proof: every row, every lens, the laws of money and stock, the way back; at one position, under load.",
         {"verify"}},
        {"The checklist: most of it checks itself, some of it a person has to say.", {"check"}, .may_find = true},
        {"A person says it.",
         {"check", "confirm", "BUS01", "--by", "Ada", "--note", "this is a demo; nobody has tested anything"}},
        {"And that the passwords of this sample were never salted.",
         {"check", "confirm", "SLT01", "--by", "Ada", "--note", "the sample was never salted"}},
    };
    add(acts, list, ARRAY_LEN(list));
}

/* A store of N-1 that sells from now on, whatever becomes of headquarters. */
static void add_store(const struct demo *d, struct acts *acts, int i)
{
    static const char *const stories[DEMO_STORES][4] = {
        {"The stores stay on N-1 for now. Each gets a secret of its own.",
         "A store: the channel database of a real one, in SQLite, with tills and a sync client.",
         "It has what the old headquarters gave it: customers, products, prices, staff, registers.",
         "Its tills sell from now on, in the background, whatever happens at headquarters."},
        {"A second one.", "Its channel database.", "What it was given.", "Its tills sell, too."},
    };
    const char *url = arena_printf(d->arena, "http://127.0.0.1:%d", d->port);
    const char *id = d->stores[i].id, *dir = d->stores[i].dir, *secret = d->stores[i].secret;
    const struct demo_act list[] = {
        {stories[i][0], {"n1", "stores", "add", id, "--group", "EAST", "--secret-file", secret}},
        {stories[i][1], {"store", "init", dir, "--id", id, "--url", url, "--secret-file", secret}},
        {stories[i][2], {"sample", "store", dir}},
        {stories[i][3],
         {"store", "till", dir, "--rate", TILL_RATE, "--seed", i ? "2" : "1"},
         .kind = DEMO_BEGIN,
         .till = i},
    };
    add(acts, list, ARRAY_LEN(list));
}

/* Version N is live, and the stores find it. */
static void add_reunion(const struct demo *d, struct acts *acts)
{
    const char *listen = arena_printf(d->arena, "127.0.0.1:%d", d->port);
    const struct demo_act list[] = {
        {"The rehearsal: the same steps on a copy that follows the live source. Nobody notices.",
         {"cutover", "--mock"}},
        {"So that is the plan, and how long users will wait.", {"cutover", "plan"}},
        {"What was rehearsed is signed off: nothing of it may change any more.",
         {"cutover", "signoff", "--by", "Ada", "--note", "as rehearsed"}},
        {"The cutover: the writers stop, the rest is drained and proven, users are let in. The tills sell on.",
         {"cutover", "--yes"}},
        {"The headquarters of the stores lives on, out of version N, and packages are made for them.",
         {"n1", "keep", "--detach"}},
        {"The gateway that they speak to.", {"n1", "serve", "--listen", listen, "--detach"}},
        {"The first store finds it: what was sold meanwhile goes up, full packages come down.",
         {"store", "sync", d->stores[0].dir, "--once"}},
        {"So does the other one.", {"store", "sync", d->stores[1].dir, "--once"}},
        {"A cashier proves the old password once and chooses a new one; from now on only an argon2id hash is kept.",
         {"store", "call", d->stores[0].dir, "StaffChangePassword",
          "{\"staffId\":\"000160\",\"oldPassword\":\"pos000160\",\"newPassword\":\"a better one\"}"}},
        {"The line is cut: headquarters is away. No till waits for it.", {"n1", "serve", "stop"}},
        {"Closing time.", .kind = DEMO_END, .till = 0},
        {"In the other store, too.", .kind = DEMO_END, .till = 1},
        {"The other store is about to move: it finishes what is suspended and closes its shifts.",
         {"store", "till", d->stores[1].dir, "--close"}},
        {"The line is back.", {"n1", "serve", "--listen", listen, "--detach"}},
        {"What was sold arrives, each transaction once.", {"store", "sync", d->stores[0].dir, "--once"}},
        {"From the other one, too.", {"store", "sync", d->stores[1].dir, "--once"}},
    };
    add(acts, list, ARRAY_LEN(list));
}

static void add_rollout(const struct demo *d, struct acts *acts)
{
    const struct demo_act list[] = {
        {"Does headquarters have what the stores say? Per store, terminal and day.", {"n1", "totals"}},
        {"Who still has to choose a new password?", {"n1", "staff"}},
        {"One store moves to version N; the other stays.", {"n1", "promote", d->stores[1].id, "--group", "EAST-N"}},
        {"Who is where, and what keeps each from moving?", {"n1", "fleet"}},
    };
    add(acts, list, ARRAY_LEN(list));
}

/* What was upgraded becomes production: another database of the private server, here. */
static void add_refresh(const struct demo *d, struct acts *acts)
{
    const char *listen = arena_printf(d->arena, "127.0.0.1:%d", d->port);
    const struct demo_act list[] = {
        {"The upgraded database is a sandbox. What would go from it to production, and what would not?",
         {"refresh", "plan"}},
        {"A copy for production is made, while the sandbox is in use.", {"refresh", "start", "--once"}},
        {"And follows it from now on.", {"refresh", "start", "--detach"}},
        {"The gateway pauses; tills do not notice.", {"n1", "serve", "stop"}},
        {"So does what keeps the tables of N-1.", {"n1", "keep", "stop"}},
        {"Users out, drained, proven, reset, and exchanged with production in one moment.",
         {"refresh", "switch", "--yes"}},
        {"N-1 lives on there.", {"n1", "keep", "--detach", "--target", PRODUCTION}},
        {"And so does the gateway.", {"n1", "serve", "--listen", listen, "--detach", "--target", PRODUCTION}},
        {"The store finds the headquarters that it knows.", {"store", "sync", d->stores[0].dir, "--once"}},
    };
    add(acts, list, ARRAY_LEN(list));
}

static void add_evidence(const struct demo *d, struct acts *acts)
{
    const char *sealed = arena_printf(d->arena, "%s/night.tar.zst", d->dir);
    const struct demo_act list[] = {
        {"Everything that is known of this night, sealed for whoever asks.", {"evidence", "export", sealed}},
        {"Is it what was sealed?", {"evidence", "verify", sealed}},
    };
    add(acts, list, ARRAY_LEN(list));
}

const struct demo_act *demo_acts(const struct demo *d, int *ret_n)
{
    struct acts acts = {arena_new_array(d->arena, struct demo_act, ACTS_MAX), 0};
    add_upgrade(d, &acts);
    for (int i = 0; i < DEMO_STORES; i++)
        add_store(d, &acts, i);
    add_reunion(d, &acts);
    add_rollout(d, &acts);
    add_refresh(d, &acts);
    add_evidence(d, &acts);
    *ret_n = acts.n;
    return acts.p;
}
