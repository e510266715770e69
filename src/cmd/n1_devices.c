#include "base/json.h"
#include "cmd/cmd.h"
#include "cmd/open.h"
#include "cmd/operator.h"
#include "n1/devices.h"
#include "n1/registry.h"

static bool open_devices(struct command_call *call, struct devices *ret, struct pg **ret_pg, struct err *err)
{
    struct project *p = NULL;
    const struct package *package = NULL;
    return command_project(call, &p, err) && project_package(p, &package, err) &&
           devices_load(package, command_arena(call), ret, err) && open_pg(p, OPEN_TARGET, ret_pg, err) &&
           registry_prepare(*ret_pg, err);
}

bool cmd_n1_devices(struct command_call *call, struct err *err)
{
    struct devices d;
    SCOPED(pg) pg = NULL;
    SCOPED_BUF text = {0};
    return open_devices(call, &d, &pg, err) &&
           devices_put(&d, pg, command_arg(call, 0), command_flag(call, OPTION_JSON), &text, err) &&
           cmd_print(&text, err);
}

bool cmd_n1_devices_deactivate(struct command_call *call, struct err *err)
{
    struct devices d;
    SCOPED(pg) pg = NULL;
    SCOPED_BUF text = {0};
    const char *device = command_arg(call, 0);
    if (!open_devices(call, &d, &pg, err) ||
        !devices_deactivate(&d, pg, operator_name(command_arena(call)), device, err))
        return false;
    if (command_flag(call, OPTION_JSON)) {
        buf_puts(&text, "{\"device\":");
        json_put_string(&text, str_of(device));
        buf_puts(&text, ",\"state\":\"inactive\"}\n");
    } else {
        buf_printf(&text, "the device %s is no till any more; it can be activated again\n", device);
    }
    return cmd_print(&text, err);
}
