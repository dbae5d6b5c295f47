/*
 * identify.c - what is this? by content
 *
 * Magic first, then the text test, then kinds of text; libmagic sees only binaries that
 * none of these know.
 */
#include "identify.h"

#include <magic.h>

#include "decode.h"
#include "kinds.h"
#include "library.h"
#include "magic_table.h"

#define MAGIC_CALLS(X) X(magic_open) X(magic_load) X(magic_buffer) X(magic_close)

static LIBRARY_CALLS(magic_calls, MAGIC_CALLS) magic_lib;
static struct library libmagic = LIBRARY(MAGIC_SONAME, MAGIC_CALLS, magic_lib);

#define HEAD_MAX (64 * KiB)
#define WIDE_LOOK (2 * KiB)

#define UNKNOWN "application/octet-stream"

/* Nothing that opens, runs or judges text: types of binaries by their soft magic. */
#define MAGIC_FLAGS \
	(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR | MAGIC_NO_CHECK_APPTYPE | \
	 MAGIC_NO_CHECK_ELF | MAGIC_NO_CHECK_TEXT | MAGIC_NO_CHECK_CDF | MAGIC_NO_CHECK_CSV | \
	 MAGIC_NO_CHECK_TOKENS | MAGIC_NO_CHECK_ENCODING | MAGIC_NO_CHECK_JSON)

struct identifier {
	magic_t magic; /* NULL: no database */
	bool tried;    /* ... or not looked for yet */
};

struct identifier *identifier_new(void)
{
	return calloc(1, sizeof(struct identifier));
}

bool identifier_warm(struct identifier *id)
{
	if (id->tried || !library_open(&libmagic))
		return id->magic;
	id->tried = true;
	id->magic = magic_lib.magic_open(MAGIC_FLAGS);
	if (id->magic && magic_lib.magic_load(id->magic, NULL) != 0) {
		magic_lib.magic_close(id->magic);
		id->magic = NULL;
	}
	return id->magic;
}

void identifier_free(struct identifier *id)
{
	if (!id)
		return;
	if (id->magic)
		magic_lib.magic_close(id->magic);
	free(id);
}

/* The row of the name's extension, or NULL. */
static const struct extension_row *extension_of(const char *name, size_t len)
{
	const char *dot = name && len ? memrchr(name, '.', len) : NULL;
	char ext[EXTENSION_MAX + 1];
	size_t n;

	if (!dot || dot == name)
		return NULL;
	n = (size_t)(name + len - dot) - 1;
	if (!n || n > EXTENSION_MAX)
		return NULL;
	for (size_t i = 0; i < n; i++)
		ext[i] = to_lower(dot[1 + i]);
	ext[n] = '\0';
	return extension_find(ext);
}

static void set(struct identity *ret, const char *mime, const char *by, bool is_text)
{
	ret->mime = mime;
	ret->by = by;
	ret->is_text = is_text;
}

static bool by_magic(const uint8_t *head, size_t len, struct identity *ret)
{
	const char *mime;

	if (len >= 4 && !memcmp(head, "PK\3\4", 4)) {
		mime = zip_kind(head, len);
		set(ret, mime, strcmp(mime, "application/zip") ? "container" : "magic", false);
		return true;
	}
	for (size_t i = 0; i < magic_rows_len; i++) {
		const struct magic_row *row = &magic_rows[i];

		if ((size_t)row->off + row->len > len || head[row->off] != (uint8_t)row->bytes[0] ||
		    memcmp(head + row->off, row->bytes, row->len) != 0)
			continue;
		set(ret, row->mime, "magic", row->flags & IS_TEXT);
		ret->never_text = row->flags & NEVER_TEXT;
		return true;
	}
	mime = stored_kind(head, len);
	if (mime)
		set(ret, mime, "magic", false);
	return mime;
}

static void of_text(const char *text, size_t len, bool whole, const struct extension_row *ext,
		    struct identity *ret)
{
	bool by_extension;
	const char *mime =
	    text_kind(text, len, whole, ext && ext->text ? ext->mime : NULL, &by_extension);

	set(ret, mime, by_extension ? "extension" : "magic", true);
}

static void of_wide(const uint8_t *head, size_t len, enum charset charset, bool whole,
		    const struct extension_row *ext, struct identity *ret)
{
	char text[WIDE_LOOK];
	bool big = charset == CHARSET_UTF16BE || charset == CHARSET_UTF32BE, ascii;
	size_t took, n;

	n = charset == CHARSET_UTF16LE || charset == CHARSET_UTF16BE
		? utf16_to_utf8(head, len, big, text, sizeof(text), &took, &ascii)
		: utf32_to_utf8(head, len, big, text, sizeof(text), &took);
	of_text(text, n, whole && took == len, ext, ret);
}

static bool has_prefix(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}

/* libmagic's word on a binary; text is none, as our test said so. */
static void by_libmagic(struct identifier *id, const uint8_t *head, size_t len,
			struct identity *ret)
{
	const char *mime =
	    id && identifier_warm(id) ? magic_lib.magic_buffer(id->magic, head, len) : NULL;

	if (!mime || has_prefix(mime, "text/") || has_prefix(mime, "inode/") ||
	    has_prefix(mime, "message/") || !strchr(mime, '/'))
		mime = UNKNOWN;
	set(ret, mime, "magic", false);
	ret->never_text =
	    has_prefix(mime, "font/") || has_prefix(mime, "audio/") || has_prefix(mime, "video/");
}

static void of_binary(struct identifier *id, const uint8_t *head, size_t len, struct identity *ret)
{
	const char *mime = binary_kind(head, len, &ret->never_text);

	if (mime)
		set(ret, mime, "magic", false);
	else
		by_libmagic(id, head, len, ret);
}

/* Text may bear the name of any text; all else must be what its name promises. */
static bool mismatch(const struct extension_row *ext, const struct identity *is)
{
	if (!ext || extension_names(ext, is->mime) || !strcmp(is->mime, UNKNOWN))
		return false;
	return !(ext->text && is->is_text);
}

void identify(struct identifier *id, const uint8_t *head, size_t len, bool whole, const char *name,
	      size_t name_len, struct identity *ret)
{
	const struct extension_row *ext = extension_of(name, name_len);
	struct encoding e;

	*ret = (struct identity){ 0 };
	if (len > HEAD_MAX) {
		len = HEAD_MAX;
		whole = false;
	}
	if (!len) {
		set(ret, "text/plain", "magic", true);
		return;
	}
	if (!by_magic(head, len, ret)) {
		ret->encoding = e = encoding_of(head, len);
		ret->has_encoding = true;
		if (e.charset == CHARSET_BINARY)
			of_binary(id, head, len, ret);
		else if (e.charset == CHARSET_ASCII_KIN)
			of_text((const char *)head + e.bom, len - e.bom, whole, ext, ret);
		else
			of_wide(head + e.bom, len - e.bom, e.charset, whole, ext, ret);
	}
	ret->ext_mismatch = mismatch(ext, ret);
}
