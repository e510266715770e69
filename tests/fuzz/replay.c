/* Runs a fuzz target on every file of its corpus, so that what was found once is tested for ever. */
#include "base/file.h"
#include <dirent.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int main(int argc, char **argv)
{
    SCOPED(arena) a = arena_new();
    struct err err;
    int n = 0;
    DIR *d = argc == 2 ? opendir(argv[1]) : NULL;
    if (!d) {
        printf("Bail out! usage: replay FOLDER\n");
        return 2;
    }
    for (struct dirent *e; (e = readdir(d));) {
        struct str text;
        if (e->d_name[0] == '.')
            continue;
        printf("# %s\n", e->d_name);
        fflush(stdout);
        if (!file_read(arena_printf(a, "%s/%s", argv[1], e->d_name), a, &text, &err)) {
            printf("Bail out! %s\n", err.message);
            return 1;
        }
        LLVMFuzzerTestOneInput((const uint8_t *)text.p, text.n);
        printf("ok %d - %s\n", ++n, e->d_name);
    }
    closedir(d);
    printf("1..%d\n", n);
    return n ? 0 : 1;
}
