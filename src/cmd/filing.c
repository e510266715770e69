#include "cmd/filing.h"
#include "base/file.h"
#include <time.h>

bool filing_write(struct project *p, const char *name, int64_t at_us, struct str json, struct str html, struct arena *a,
                  char **ret_page, struct err *err)
{
    char stamp[32];
    struct tm t;
    time_t s = (time_t)(at_us / 1000000);
    gmtime_r(&s, &t);
    strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", &t);
    const char *folder = project_path(p, "reports");
    *ret_page = arena_printf(a, "%s/%s-%s.html", folder, name, stamp);
    return file_make_dirs(folder, err) &&
           file_write(arena_printf(a, "%s/%s-%s.json", folder, name, stamp), json, err) &&
           file_write(*ret_page, html, err);
}
