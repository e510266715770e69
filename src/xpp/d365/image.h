/*
 * image: pictures of buttons and menu items, which are symbols by name now (F18).
 */
#ifndef XPP_D365_IMAGE_H
#define XPP_D365_IMAGE_H
#include "xpp/d365/carry.h"

/* Writes the row ImageLocation or NormalImage; false when it is another one. */
bool image_put(struct carry *c, const struct carry_row *row);

#endif
