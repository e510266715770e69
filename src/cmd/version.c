#include "cmd/cmd.h"
#include <jansson.h>
#include <libpq-fe.h>
#include <sqlite3.h>
#include <yaml.h>

static void put_number(struct buf *b, int libpq)
{
    buf_printf(b, "%d.%d", libpq / 10000, libpq % 10000);
}

bool cmd_version(struct command_call *call, struct err *err)
{
    SCOPED_BUF text = {0}, pq = {0};
    put_number(&pq, PQlibVersion());
    if (command_flag(call, OPTION_JSON))
        buf_printf(&text,
                   "{\"version\":\"%s\",\"libpq\":\"%s\",\"sqlite\":\"%s\",\"libyaml\":\"%s\",\"jansson\":\"%s\"}\n",
                   CARRYOVER_VERSION, buf_text(&pq), sqlite3_libversion(), yaml_get_version_string(), JANSSON_VERSION);
    else
        buf_printf(&text, "carryover %s (libpq %s, sqlite %s, libyaml %s, jansson %s)\n", CARRYOVER_VERSION,
                   buf_text(&pq), sqlite3_libversion(), yaml_get_version_string(), JANSSON_VERSION);
    return cmd_print(&text, err);
}
