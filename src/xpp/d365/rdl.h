/*
 * rdl: the data of a report by its layout.
 *
 * In AX 2012 data sets and parameters stand in the report's model, which exports hold in a form of their own, and again
 * in the RDL that was made of it. D365 wants them as metadata; they are read from the RDL. Source: the schema of RDL
 * 2005 to 2016, and reports of D365.
 */
#ifndef XPP_D365_RDL_H
#define XPP_D365_RDL_H
#include "xpp/d365/work.h"

/* Writes <DataSets> and <DefaultParameterGroup> by the layouts, whose text `rdl` has; of two data sets or parameters of
 * one name the first. What cannot be read, or D365 has not, is told (M12, M12a). */
void rdl_put_data(struct work *w, const struct str *rdl, size_t n);

#endif
