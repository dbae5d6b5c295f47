/* olepack.c - a file that the Packager wrapped into a document: a name, two paths, the file */
#include "olepack.h"

#include "cfb.h"

/* A string that a NUL ends, or NULL. */
static const char *take_string(const uint8_t **at, const uint8_t *end)
{
	const char *text = (const char *)*at;
	const uint8_t *nul = *at ? memchr(*at, 0, (size_t)(end - *at)) : NULL;

	*at = nul ? nul + 1 : NULL;
	return nul ? text : NULL;
}

bool olepack_parse(const uint8_t *data, size_t len, struct olepack *ret)
{
	const uint8_t *at = data + 2, *end = data + len;
	uint32_t size;

	*ret = (struct olepack){ 0 };
	if (len < 8 || le16_at(data) != 2)
		return false;
	ret->name = take_string(&at, end);
	ret->source = take_string(&at, end);
	if (!at || end - at < 8)
		return false;
	size = le32_at(at + 4);
	at += 8;
	if (!size || size > (size_t)(end - at) || at[size - 1])
		return false;
	ret->temp = (const char *)at;
	at += size;
	if (end - at < 4)
		return false;
	size = le32_at(at);
	ret->data = at + 4;
	ret->len = MIN(size, (size_t)(end - ret->data));
	ret->cut = ret->len < size;
	return true;
}
