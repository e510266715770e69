#include "base/cancel.h"
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

static atomic_bool requested;

static void on_signal(int sig)
{
    if (atomic_exchange(&requested, true))
        _exit(128 + sig);
}

void cancel_install(void)
{
    struct sigaction sa = {.sa_handler = on_signal};
    sigaction(SIGINT, &sa, NULL);
    sigaction(SIGTERM, &sa, NULL);
    signal(SIGPIPE, SIG_IGN);
}

bool cancel_requested(void)
{
    return atomic_load(&requested);
}

void cancel_request(void)
{
    atomic_store(&requested, true);
}

bool cancel_check(struct err *err)
{
    return !cancel_requested() || err_set(err, ERR_INTERRUPTED, "stopped on request");
}
