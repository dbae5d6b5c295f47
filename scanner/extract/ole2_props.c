/*
 * ole2_props.c - property sets: title, author, and what somebody defined, such as labels
 *
 * A stream holds one or two sections; a section, properties by number.  The second section
 * of DocumentSummaryInformation has a dictionary of names.
 */
#include "ole2.h"

#include <stdio.h>

#include "fail.h"

#define SET_MAX (16 * MiB)
#define PROPERTIES_MAX 4096
#define VECTOR_MAX 4096
#define DEPTH_MAX 2

enum { CODEPAGE_UTF16 = 1200, CODEPAGE_UTF8 = 65001 };
enum { VT_I2 = 2, VT_I4 = 3, VT_R8 = 5, VT_BSTR = 8, VT_BOOL = 11, VT_VARIANT = 12 };
enum { VT_LPSTR = 30, VT_LPWSTR = 31, VT_FILETIME = 64, VT_BLOB = 65, VT_VECTOR = 0x1000 };

static const struct {
	bool summary; /* of SummaryInformation, else of DocumentSummaryInformation */
	uint32_t id;
	const char *name;
} names[] = {
	{ true, 2, "title" },           { true, 3, "subject" },    { true, 4, "author" },
	{ true, 5, "keywords" },        { true, 6, "comments" },   { true, 7, "template" },
	{ true, 8, "lastModifiedBy" },  { true, 9, "revision" },   { true, 18, "application" },
	{ false, 2, "category" },       { false, 3, "format" },    { false, 13, "parts" },
	{ false, 14, "manager" },       { false, 15, "company" },  { false, 26, "contentType" },
	{ false, 27, "contentStatus" }, { false, 28, "language" }, { false, 21, "links" },
};

struct set {
	struct ole2 *o;
	struct segment seg;
	const uint8_t *data; /* the section */
	size_t len;
	unsigned codepage;
	bool summary, own;     /* the section of what somebody defined */
	struct buf dictionary; /* "id\0name\0" */
};

/* Text of one value, in the set's own codepage or UTF-16; NULs end it. */
static enum assay_status send(struct set *s, const uint8_t *text, size_t len, bool wide,
			      struct assay_error *err)
{
	struct ole2 *o = s->o;
	enum assay_status st;

	if (wide) {
		for (size_t i = 0; i + 2 <= len; i += 2)
			if (!le16_at(text + i))
				len = i;
		if (len < 2)
			return ASSAY_OK;
		st = textout_utf16(&o->out, &s->seg, text, len, err);
	} else {
		len = strnlen((const char *)text, len);
		if (!len)
			return ASSAY_OK;
		st = s->codepage == CODEPAGE_UTF8
			 ? textout_put(&o->out, &s->seg, (const char *)text, len, err)
			 : textout_cp1252(&o->out, &s->seg, text, len, err);
	}
	return st == ASSAY_OK ? textout_put(&o->out, &s->seg, "\n", 1, err) : st;
}

static enum assay_status send_number(struct set *s, double number, struct assay_error *err)
{
	char text[40];

	snprintf(text, sizeof(text), "%.15g", number);
	return textout_line(&s->o->out, &s->seg, text, strlen(text), err);
}

/* Letters in a form that is not known: links, mostly. */
static enum assay_status send_blob(struct set *s, const uint8_t *data, size_t len,
				   struct assay_error *err)
{
	CLEANUP(input_done) struct input in;

	input_from_mem(&in, data, len);
	return textout_strings(&s->o->out, &s->seg, &in, err);
}

/*
 * A value of `type` at `at`; *ret_took bytes of it.  Vectors and variants are read in place,
 * one within the other at most: `depth`.
 */
static enum assay_status value(struct set *s, unsigned type, size_t at, size_t *ret_took,
			       unsigned depth, struct assay_error *err);

static enum assay_status string(struct set *s, unsigned type, size_t at, size_t *ret_took,
				struct assay_error *err)
{
	bool wide = type == VT_LPWSTR ||
		    (s->codepage == CODEPAGE_UTF16 && (type == VT_LPSTR || type == VT_BSTR));
	uint64_t len = le32_at(s->data + at);

	if (type == VT_LPWSTR)
		len *= 2;
	*ret_took = (size_t)MIN(4 + len, s->len - at);
	/* Padded to four bytes, but for some vectors of the Office's own. */
	while ((*ret_took & 3) && *ret_took < s->len - at && !s->data[at + *ret_took])
		++*ret_took;
	return send(s, s->data + at + 4, (size_t)MIN(len, s->len - at - 4), wide, err);
}

static enum assay_status vector(struct set *s, unsigned type, size_t at, size_t *ret_took,
				unsigned depth, struct assay_error *err)
{
	uint32_t count = MIN(le32_at(s->data + at), VECTOR_MAX);
	size_t from = at, took;
	enum assay_status st = ASSAY_OK;

	at += 4;
	for (uint32_t i = 0; i < count && st == ASSAY_OK && s->len - at >= 4; i++) {
		st = value(s, type, at, &took, depth + 1, err);
		at += MAX(took, 4);
		if (at > s->len)
			at = s->len;
	}
	*ret_took = at - from;
	return st;
}

static enum assay_status value(struct set *s, unsigned type, size_t at, size_t *ret_took,
			       unsigned depth, struct assay_error *err)
{
	const uint8_t *p = s->data + at;
	size_t left = s->len - at;
	enum assay_status st;
	double number;

	*ret_took = 4;
	if (left < 4 || depth > DEPTH_MAX)
		return ASSAY_OK;
	if (type & VT_VECTOR)
		return vector(s, type & ~(unsigned)VT_VECTOR, at, ret_took, depth, err);
	switch (type) {
	case VT_LPSTR:
	case VT_LPWSTR:
	case VT_BSTR:
		return string(s, type, at, ret_took, err);
	case VT_VARIANT:
		if (left < 8)
			return ASSAY_OK;
		st = value(s, le16_at(p), at + 4, ret_took, depth + 1, err);
		*ret_took += 4;
		return st;
	case VT_I4:
		return s->own ? send_number(s, (int32_t)le32_at(p), err) : ASSAY_OK;
	case VT_BOOL:
		return s->own ? send(s, (const uint8_t *)(le16_at(p) ? "true" : "false"), 5, false,
				     err)
			      : ASSAY_OK;
	case VT_R8:
		*ret_took = 8;
		if (left < 8 || !s->own)
			return ASSAY_OK;
		memcpy(&number, p, 8);
		return send_number(s, number, err);
	case VT_FILETIME:
		*ret_took = 8;
		return ASSAY_OK;
	case VT_BLOB:
		*ret_took = (size_t)MIN((uint64_t)left, (uint64_t)le32_at(p) + 4);
		return send_blob(s, p + 4, *ret_took - 4, err);
	default:
		return ASSAY_OK;
	}
}

static void read_dictionary(struct set *s, size_t at)
{
	uint32_t count = MIN(le32_at(s->data + at), PROPERTIES_MAX);
	bool wide = s->codepage == CODEPAGE_UTF16;

	for (at += 4; count-- && s->len - at >= 8;) {
		uint32_t id = le32_at(s->data + at);
		uint64_t len = (uint64_t)le32_at(s->data + at + 4) * (wide ? 2 : 1);
		char utf8[4];

		at += 8;
		if (len > s->len - at)
			return;
		buf_printf(&s->dictionary, "%u", id);
		buf_add_byte(&s->dictionary, '\0');
		/* Names are ASCII in practice; of others, the ASCII. */
		for (size_t i = 0; i < len; i += wide ? 2 : 1) {
			uint8_t c = s->data[at + i];

			if (c && c < 0x80)
				buf_add_byte(&s->dictionary, (char)c);
			else if (c && !wide)
				buf_add(&s->dictionary, utf8, cp1252_to_utf8(c, utf8));
		}
		buf_add_byte(&s->dictionary, '\0');
		at += (size_t)len;
		if (wide)
			at = MIN((at + 3) & ~(size_t)3, s->len);
	}
}

static const char *name_of(const struct set *s, uint32_t id)
{
	const char *at = s->dictionary.data, *end = at ? at + s->dictionary.len : NULL;

	if (!s->own) {
		for (size_t i = 0; i < ARRAY_SIZE(names); i++)
			if (names[i].summary == s->summary && names[i].id == id)
				return names[i].name;
		return "property";
	}
	while (at && at < end && !s->dictionary.failed) {
		const char *name = at + strlen(at) + 1;

		if (strtoul(at, NULL, 10) == id)
			return name;
		at = name + strlen(name) + 1;
	}
	return "property";
}

static enum assay_status read_section(struct set *s, struct assay_error *err)
{
	uint32_t count = MIN(le32_at(s->data + 4), PROPERTIES_MAX);
	enum assay_status st = ASSAY_OK;
	size_t took;

	count = (uint32_t)MIN(count, (s->len - 8) / 8);
	/* First what the others are read by. */
	for (unsigned pass = 0; pass < 3; pass++)
		for (uint32_t i = 0; i < count && st == ASSAY_OK; i++) {
			const uint8_t *p = s->data + 8 + 8 * (size_t)i;
			uint32_t id = le32_at(p), at = le32_at(p + 4);

			if (at > s->len || s->len - at < 8)
				continue;
			if (pass == 0 && id == 1)
				s->codepage = le16_at(s->data + at + 4);
			else if (pass == 1 && id == 0)
				read_dictionary(s, at);
			if (pass < 2 || id < 2)
				continue;
			s->seg.field = name_of(s, id);
			st = value(s, le16_at(s->data + at) | (le32_at(s->data + at) & VT_VECTOR),
				   at + 4, &took, 0, err);
		}
	return st;
}

enum assay_status ole2_properties(struct ole2 *o, uint32_t stream, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf raw = BUF_INIT(SET_MAX);
	char path[CFB_PATH_MAX];
	struct set s = { .o = o,
			 .seg = ole2_segment(o, stream, ASSAY_METADATA, path),
			 .summary = !strcasestr(path, "DocumentSummary"),
			 .dictionary = BUF_INIT(1 * MiB) };
	const uint8_t *p;
	uint32_t sections;
	enum assay_status st = cfb_load(&o->cfb, stream, &raw, err);

	if (st != ASSAY_OK || raw.len < 48)
		return st;
	p = (const uint8_t *)raw.data;
	sections = MIN(le32_at(p + 24), 2);
	st = textout_break(&o->out, &s.seg, err);
	for (uint32_t i = 0; i < sections && st == ASSAY_OK && 48 + 20 * (size_t)i <= raw.len;
	     i++) {
		uint32_t at = le32_at(p + 28 + 20 * i + 16);

		if (at > raw.len || raw.len - at < 8)
			continue;
		s.data = p + at;
		s.len = raw.len - at;
		s.own = i == 1 && !s.summary;
		s.codepage = 0;
		buf_clear(&s.dictionary);
		st = read_section(&s, err);
	}
	buf_done(&s.dictionary);
	return st;
}
