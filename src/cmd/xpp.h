/*
 * xpp: what the commands on custom code share: rules, inputs, options, the report.
 */
#ifndef CMD_XPP_H
#define CMD_XPP_H
#include "cmd/cmd.h"
#include "forward/display.h"

/* The rules of the package and of --rules, compiled, and the lists of standard names (NULL when the package has none).
 */
bool xpp_rules(const struct command_call *call, struct rulebook **ret_book, const char **ret_standard,
               struct err *err) MUST_CHECK;

/* Fills the options that upgrade and check share from the command line; inputs are the arguments. The list of inputs is
 * to be released. */
bool xpp_options(const struct command_call *call, const struct rulebook *book, const char *standard,
                 struct forward_options *ret, struct err *err) MUST_CHECK;

/* What is rendered of a result; everything belongs to the arena. */
void xpp_render(const struct forward_result *result, const struct rulebook *book, struct arena *a, struct display *ret);

/* Writes what --csv and --html ask for. */
bool xpp_files(const struct command_call *call, const struct display *r, struct err *err) MUST_CHECK;

/* forward_run(), with an end that says why when an input is cut off while it is mapped. */
bool xpp_run(const struct forward_options *o, struct forward_result *ret, struct err *err) MUST_CHECK;

/* How many elements or methods could not be read. */
uint64_t xpp_broken(const struct display *r);

#endif
