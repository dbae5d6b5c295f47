/* msip.c - names of Microsoft Purview label properties */
#include "msip.h"

#include "hex.h"

bool msip_property(const char *name, size_t len, char ret_guid[37], const char **ret_attr)
{
	static const char prefix[] = "MSIP_Label_";
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx_";
	const size_t head = sizeof(prefix) - 1, guid = sizeof(form) - 2;

	if (len <= head + guid + 1 || strncasecmp(name, prefix, head) != 0)
		return false;
	for (size_t i = 0; i < guid + 1; i++)
		if (form[i] == 'x' ? !is_hex(name[head + i]) : name[head + i] != form[i])
			return false;
	for (size_t i = head + guid + 1; i < len; i++)
		if (!is_alnum(name[i]) && name[i] != '_')
			return false;
	for (size_t i = 0; i < guid; i++)
		ret_guid[i] = to_lower(name[head + i]);
	ret_guid[guid] = '\0';
	*ret_attr = name + head + guid + 1;
	return true;
}
