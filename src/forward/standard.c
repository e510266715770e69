#include "forward/standard.h"
#include "base/file.h"

static const struct {
    const char *file;
    enum symbol_kind kind;
} lists[] = {
    {"class.txt", SYMBOL_CLASS}, {"table.txt", SYMBOL_TABLE},      {"view.txt", SYMBOL_VIEW},
    {"enum.txt", SYMBOL_ENUM},   {"edt.txt", SYMBOL_EDT},          {"map.txt", SYMBOL_MAP},
    {"form.txt", SYMBOL_FORM},   {"label.txt", SYMBOL_LABEL_FILE}, {"key.txt", SYMBOL_CONFIGURATION_KEY},
};

static void enter_names(struct symbols *s, enum symbol_kind kind, struct str text)
{
    while (text.n) {
        struct str line = str_split(&text, '\n');
        line = str_trim(str_split(&line, '#'));
        if (line.n)
            symbols_add_name(s, kind, line, SYMBOL_STANDARD);
    }
}

static bool load_list(const char *folder, const char *name, struct symbols *s, struct arena *a, struct err *err)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        if (strcmp(lists[i].file, name) != 0)
            continue;
        struct str text;
        if (!file_read(arena_printf(a, "%s/%s", folder, name), a, &text, err))
            return false;
        enter_names(s, lists[i].kind, text);
        return true;
    }
    return err_set(err, ERR_PACKAGE, "%s/%s is a list of a kind that carryover does not know", folder, name);
}

bool standard_load(const char *folder, struct symbols *s, struct arena *a, struct err *err)
{
    char **names;
    size_t n;
    if (!file_list(folder, ".txt", a, &names, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!load_list(folder, names[i], s, a, err))
            return false;
    return true;
}
