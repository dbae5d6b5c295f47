/**
 * msip.h - names of Microsoft Purview label properties
 */
#ifndef MSIP_H
#define MSIP_H

#include "base.h"

/**
 * Is `name` MSIP_Label_<GUID>_<Attribute>?
 *
 * @param ret_guid  the label's GUID in lower case
 * @param ret_attr  into `name`: Enabled, Name, SiteId ...
 */
bool msip_property(const char *name, size_t len, char ret_guid[37], const char **ret_attr);

#endif
