/*
 * families: the writers of the element types. Each adds the files of the element it is given to the job.
 */
#ifndef XPP_D365_FAMILIES_H
#define XPP_D365_FAMILIES_H
#include "xpp/d365/work.h"

void d365_write_table(struct work *w);
void d365_write_view(struct work *w);
void d365_write_map(struct work *w);
void d365_write_enum(struct work *w);
void d365_write_edt(struct work *w);
void d365_write_class(struct work *w);
void d365_write_job(struct work *w);
void d365_write_macro(struct work *w);
void d365_write_form(struct work *w);
void d365_write_info_part(struct work *w);
void d365_write_form_part(struct work *w);
void d365_write_query(struct work *w);
void d365_write_menu_item(struct work *w);
void d365_write_menu(struct work *w);
void d365_write_privilege(struct work *w);
void d365_write_duty(struct work *w);
void d365_write_role(struct work *w);
void d365_write_policy(struct work *w);
void d365_write_service(struct work *w);
void d365_write_service_group(struct work *w);
void d365_write_report(struct work *w);
void d365_write_resource(struct work *w);
void d365_write_configuration_key(struct work *w);
void d365_write_license_code(struct work *w);

/* Of a layer's changes to a standard element: what D365 takes as an extension. */
void d365_write_extension(struct work *w);

#endif
