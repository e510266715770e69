#include "cmd/operator.h"
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

const char *operator_name(struct arena *a)
{
    const char *given = getenv("CARRYOVER_OPERATOR");
    if (given && *given)
        return arena_dup(a, given);
    const struct passwd *pw = getpwuid(getuid());
    return pw ? arena_printf(a, "operator %s", pw->pw_name) : arena_printf(a, "operator %d", (int)getuid());
}
