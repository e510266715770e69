#include "cmd/operator.h"
#include <pwd.h>
#include <unistd.h>

const char *operator_name(struct arena *a)
{
    const struct passwd *pw = getpwuid(getuid());
    return pw ? arena_printf(a, "operator %s", pw->pw_name) : arena_printf(a, "operator %d", (int)getuid());
}
