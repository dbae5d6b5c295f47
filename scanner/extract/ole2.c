/*
 * ole2.c - compound files: which documents are in it, and what is left
 *
 * A storage is a document if it has the stream that one is known by.  Then the properties,
 * the macros, and what was packed into it are read; of any other stream, the strings.
 */
#include "ole2.h"

#include <libdeflate.h>
#include <stdio.h>
#include <strings.h>

#include "fail.h"
#include "olepack.h"
#include "table.h"

#define NATIVE_MAX (64 * MiB)
#define NATIVE_NAME_MAX 512
#define OBJECT_MAX (64 * MiB)
#define RATIO_MAX 1032 /* no deflate stream packs better */

/* --- what all of them use ---------------------------------------------------------------- */

struct segment ole2_segment(const struct ole2 *o, uint32_t entry, enum assay_region region,
			    char room[CFB_PATH_MAX])
{
	cfb_path(&o->cfb, entry, room);
	return (struct segment){ .region = region, .loc = { .part = *room ? room : NULL } };
}

/* --- bytes of no known form -------------------------------------------------------------- */

static enum assay_status letters(struct ole2 *o, const struct segment *seg, const uint8_t *data,
				 size_t len, struct assay_error *err)
{
	struct input in;
	enum assay_status st;

	input_from_mem(&in, data, len);
	st = textout_strings(&o->out, seg, &in, err);
	input_done(&in);
	return st;
}

/* Colours and fonts as the newer Office writes them: nothing that anybody wrote. */
static bool is_theme(const uint8_t *zip, size_t len)
{
	return memmem(zip, len, "theme/theme/", 12) && !memmem(zip, len, "drs/", 4);
}

enum assay_status ole2_loose(struct ole2 *o, const struct segment *seg, const void *bytes,
			     size_t len, struct assay_error *err)
{
	const uint8_t *data = bytes, *end = data + len;
	enum assay_status st = ASSAY_OK;

	while (data < end && st == ASSAY_OK) {
		const uint8_t *zip = memmem(data, (size_t)(end - data), "PK\3\4", 4), *stop = NULL;
		size_t zip_len;

		if (zip)
			stop = memmem(zip, (size_t)(end - zip), "PK\5\6", 4);
		if (!stop || end - stop < 22)
			return letters(o, seg, data, (size_t)(end - data), err);
		zip_len = (size_t)(stop - zip) + 22;
		st = letters(o, seg, data, (size_t)(zip - data), err);
		if (st == ASSAY_OK && !is_theme(zip, zip_len))
			st =
			    ole2_member_bytes(o, "drawing.zip", 11, zip, zip_len, false, NULL, err);
		data = zip + zip_len;
	}
	return st;
}

static enum assay_status send_strings(struct ole2 *o, uint32_t stream, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf raw = BUF_INIT(OLE2_STREAM_MAX);
	char path[CFB_PATH_MAX];
	struct segment seg = ole2_segment(o, stream, ASSAY_BODY, path);
	enum assay_status st = cfb_load(&o->cfb, stream, &raw, err);

	seg.vis = seg.loc.part && strstr(seg.loc.part, "_SX_DB_CUR/") ? ASSAY_PIVOT_CACHE
								      : ASSAY_HIDDEN_TEXT;
	if (st == ASSAY_OK)
		st = textout_break(&o->out, &seg, err);
	if (st == ASSAY_OK && raw.len)
		st = ole2_loose(o, &seg, raw.data, raw.len, err);
	return st == ASSAY_OK ? textout_flush(&o->out, err) : st;
}

enum assay_status ole2_member(struct ole2 *o, uint32_t stream, const char *name, size_t name_len,
			      enum assay_vis vis, struct assay_error *err)
{
	CLEANUP(cfb_stream_done) struct cfb_stream s;
	CLEANUP(input_done) struct input in;
	struct member m = {
		.name = name, .name_len = name_len, .ordinal = o->ordinal++, .vis = vis
	};
	enum assay_status st;

	o->cfb.entries.items[stream].done = true;
	input_from_mem(&in, "", 0);
	st = cfb_stream_open(&o->cfb, stream, &s, err);
	if (st == ASSAY_OK)
		st = textout_flush(&o->out, err);
	if (st != ASSAY_OK)
		return st;
	m.packed_bytes = m.size = s.size;
	input_from_stream(&in, cfb_stream_read, &s, s.size);
	return sink_member(o->sink, &m, &in, err);
}

enum assay_status ole2_member_bytes(struct ole2 *o, const char *name, size_t name_len,
				    const void *data, size_t len, bool unpacked, const char *mime,
				    struct assay_error *err)
{
	CLEANUP(input_done) struct input in;
	struct assay_error refused = { 0 };
	struct member m = {
		.name = name,
		.name_len = name_len,
		.ordinal = o->ordinal++,
		.size = len,
		.mime = mime,
	};
	enum assay_status st = textout_flush(&o->out, err);

	input_from_mem(&in, data, len);
	if (st != ASSAY_OK)
		return st;
	if (unpacked && sink_allow(o->sink, len, &refused) != ASSAY_OK) {
		m.lost = refused.reason;
		m.lost_detail = "an object within the document";
		return sink_member(o->sink, &m, NULL, err);
	}
	return sink_member(o->sink, &m, &in, err);
}

enum assay_status ole2_member_zlib(struct ole2 *o, const char *name, const void *data, size_t len,
				   size_t size, const char *mime, struct assay_error *err)
{
	struct libdeflate_decompressor *d;
	CLEANUP(mem_freep) void *out = NULL;
	struct assay_error refused = { 0 };
	size_t got = 0;
	bool good;

	if (size > OBJECT_MAX || size / RATIO_MAX > len)
		return sink_gap(o->sink, ASSAY_LIMIT_MEMORY, "an object within the document", err);
	if (sink_allow(o->sink, size, &refused) != ASSAY_OK)
		return sink_gap(o->sink, refused.reason, "an object within the document", err);
	out = malloc(size + 1);
	d = libdeflate_alloc_decompressor();
	good = out && d &&
	       libdeflate_zlib_decompress(d, data, len, out, size, &got) == LIBDEFLATE_SUCCESS;
	libdeflate_free_decompressor(d);
	if (!out || !d)
		return assay_fail_memory(err, "an object within the document");
	if (!good)
		return sink_gap(o->sink, ASSAY_MALFORMED, "an object within the document", err);
	return ole2_member_bytes(o, name, strlen(name), out, got, false, mime, err);
}

enum picture { PICTURE_EMF = 0xF01A, PICTURE_PICT = 0xF01C, PICTURE_LAST = 0xF02A };

/* A picture's record: a digest or two; then a byte of tag, or what a metafile is like. */
static enum assay_status give_picture(struct ole2 *o, const char *name, const uint8_t *p,
				      size_t len, bool *ret_is, struct assay_error *err)
{
	bool metafile = le16_at(p + 2) <= PICTURE_PICT;
	/* The lowest bit tells of a second digest. */
	unsigned instance = le16_at(p) >> 4;
	size_t skip = 8 + 16 + (instance & 1 ? 16 : 0) + (metafile ? 34 : 1);

	*ret_is = len + 8 > skip;
	if (!*ret_is)
		return ASSAY_OK;
	len = len + 8 - skip;
	if (!metafile)
		return ole2_member_bytes(o, name, strlen(name), p + skip, len, false, NULL, err);
	/* They have no magic that is known; their text is found as strings. */
	return p[skip - 2] == 0 ? ole2_member_zlib(o, name, p + skip, len, le32_at(p + skip - 34),
						   "image/x-metafile", err)
				: ole2_member_bytes(o, name, strlen(name), p + skip, len, false,
						    "image/x-metafile", err);
}

enum assay_status ole2_drawings(struct ole2 *o, const struct segment *seg, struct buf *raw,
				struct assay_error *err)
{
	char name[CFB_PATH_MAX + 16];
	unsigned n = 0;
	enum assay_status st = ASSAY_OK;

	for (size_t at = 0; st == ASSAY_OK && raw->len - at >= 26; at++) {
		uint8_t *p = (uint8_t *)raw->data + at;
		size_t len;
		bool is = false;

		p = memchr(p + 3, 0xF0, raw->len - at - 25);
		if (!p)
			break;
		p -= 3;
		at = (size_t)(p - (uint8_t *)raw->data);
		len = le32_at(p + 4);
		if (le16_at(p + 2) < PICTURE_EMF || le16_at(p + 2) > PICTURE_LAST || (p[0] & 15) ||
		    len > raw->len - at - 8)
			continue;
		snprintf(name, sizeof(name), "%s/%u", seg->loc.part ? seg->loc.part : "drawings",
			 n + 1);
		st = give_picture(o, name, p, len, &is, err);
		if (!is)
			continue;
		n++;
		memset(p, 0, len + 8);
		at += len + 7;
	}
	return st == ASSAY_OK && raw->len ? ole2_loose(o, seg, raw->data, raw->len, err) : st;
}

/* Words of art, and what is said of a picture, in the properties of a shape. */
static const struct {
	unsigned id;
	bool art;
} shape_texts[] = { { 0xC0, true }, { 0x381, false } };

enum assay_status ole2_shape(struct ole2 *o, const struct segment *seg, const uint8_t *p,
			     size_t len, unsigned count, enum assay_region art,
			     struct assay_error *err)
{
	size_t at = 6 * (size_t)count;
	enum assay_status st = ASSAY_OK;

	for (unsigned i = 0; i < count && 6 * (size_t)i + 6 <= len && st == ASSAY_OK; i++) {
		unsigned id = le16_at(p + 6 * i);
		size_t size = id & 0x8000 ? le32_at(p + 6 * i + 2) : 0;

		if (!size)
			continue;
		if (at > len || size > len - at)
			break;
		for (size_t k = 0; k < ARRAY_SIZE(shape_texts) && st == ASSAY_OK; k++) {
			struct segment text = *seg;

			if (shape_texts[k].id != (id & 0x3FFF))
				continue;
			text.region = shape_texts[k].art ? art : ASSAY_BODY;
			st = textout_break(&o->out, &text, err);
			if (st == ASSAY_OK)
				st = textout_utf16(&o->out, &text, p + at, size, err);
		}
		at += size;
	}
	return st == ASSAY_OK ? textout_break(&o->out, seg, err) : st;
}

/* --- packed objects ---------------------------------------------------------------------- */

/* \1Ole10Native: of the Packager a file, of others what they alone know. */
static enum assay_status read_native(struct ole2 *o, uint32_t stream, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf raw = BUF_INIT(NATIVE_MAX);
	char path[CFB_PATH_MAX];
	struct segment seg = ole2_segment(o, stream, ASSAY_METADATA, path);
	struct olepack pack;
	const uint8_t *p;
	enum assay_status st = cfb_load(&o->cfb, stream, &raw, err);

	if (st != ASSAY_OK || raw.len < 8)
		return st;
	p = (const uint8_t *)raw.data + 4;
	if (!olepack_parse(p, raw.len - 4, &pack))
		return ole2_member_bytes(o, path, strlen(path), p, raw.len - 4, false, NULL, err);
	seg.field = "source";
	st = textout_line(&o->out, &seg, pack.source, strlen(pack.source), err);
	if (st == ASSAY_OK)
		st = textout_line(&o->out, &seg, pack.temp, strlen(pack.temp), err);
	if (st == ASSAY_OK && pack.cut)
		st = sink_gap(o->sink, ASSAY_MALFORMED, "a packed file breaks off", err);
	return st == ASSAY_OK ? ole2_member_bytes(o, pack.name, strnlen(pack.name, NATIVE_NAME_MAX),
						  pack.data, pack.len, false, NULL, err)
			      : st;
}

static enum assay_status read_package(struct ole2 *o, uint32_t stream, struct assay_error *err)
{
	char path[CFB_PATH_MAX];

	cfb_path(&o->cfb, stream, path);
	return ole2_member(o, stream, path, strlen(path), ASSAY_SHOWN, err);
}

static enum assay_status read_nothing(struct ole2 *o, uint32_t stream, struct assay_error *err)
{
	(void)err;
	o->cfb.entries.items[stream].done = true;
	return ASSAY_OK;
}

static enum assay_status read_data(struct ole2 *o, uint32_t stream, struct assay_error *err);

/* --- what a stream is, by its name ------------------------------------------------------- */

static enum assay_status encrypted_read(struct ole2 *o, uint32_t storage, uint32_t stream,
					struct assay_error *err)
{
	uint32_t spaces = cfb_find(&o->cfb, storage, "\6DataSpaces"), info = CFB_NONE;

	o->cfb.entries.items[stream].done = true;
	if (spaces != CFB_NONE)
		info = cfb_find(&o->cfb, spaces, "TransformInfo");
	if (info != CFB_NONE && cfb_find(&o->cfb, info, "DRMEncryptedTransform") != CFB_NONE)
		return sink_gap(o->sink, ASSAY_RIGHTS_MANAGED, "content is rights-managed", err);
	return sink_gap(o->sink, ASSAY_PASSWORD_PROTECTED, "content is encrypted", err);
}

/* A document is known by this stream. */
static const struct {
	const char *stream;
	ole2_read_fn *read;
} documents[] = {
	{ "WordDocument", doc_read },
	{ "Workbook", xls_read },
	{ "Book", xls_read },
	{ "PowerPoint Document", ppt_read },
	{ "__properties_version1.0", msg_read },
	{ "EncryptedPackage", encrypted_read },
	{ "\11DRMContent", encrypted_read },
};

/* Streams that mean the same wherever they are. */
static const struct {
	const char *name;
	enum assay_status (*read)(struct ole2 *o, uint32_t stream, struct assay_error *err);
} streams[] = {
	{ "\1Ole10Native", read_native },
	{ "Package", read_package },
	{ "CONTENTS", read_package },
	{ "EmbeddedOdf", read_package },
	{ "Pictures", read_data },
	{ "Data", read_data },
	/* of a program's own, no text of anybody's */
	{ "\1CompObj", read_nothing },
	{ "\1Ole", read_nothing },
	{ "\3ObjInfo", read_nothing },
	{ "\3LinkInfo", send_strings },
	{ "_VBA_PROJECT", read_nothing },
	{ "Current User", send_strings },
	{ "PROJECT", send_strings },
	{ "PROJECTwm", send_strings },
};

/* Pictures, and in Word what fields hold. */
static enum assay_status read_data(struct ole2 *o, uint32_t stream, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf raw = BUF_INIT(OLE2_STREAM_MAX);
	char path[CFB_PATH_MAX];
	struct segment seg = ole2_segment(o, stream, ASSAY_BODY, path);
	enum assay_status st = cfb_load(&o->cfb, stream, &raw, err);

	seg.vis = ASSAY_HIDDEN_TEXT;
	return st == ASSAY_OK ? ole2_drawings(o, &seg, &raw, err) : st;
}

static bool in_vba(const struct ole2 *o, uint32_t stream)
{
	uint32_t parent = o->cfb.entries.items[stream].parent;

	return parent != CFB_NONE && parent && cfb_is(&o->cfb, parent, "VBA");
}

static enum assay_status read_stream(struct ole2 *o, uint32_t stream, struct assay_error *err)
{
	char name[CFB_NAME_MAX];
	uint32_t parent = o->cfb.entries.items[stream].parent;

	for (size_t i = 0; i < ARRAY_SIZE(streams); i++)
		if (cfb_is(&o->cfb, stream, streams[i].name))
			return streams[i].read(o, stream, err);
	cfb_name(&o->cfb, stream, name);
	if (in_vba(o, stream))
		return !strncasecmp(name, "__SRP_", 6) ? read_nothing(o, stream, err)
						       : vba_read(o, stream, err);
	/* What transforms and versions of encryption are called. */
	if (parent != CFB_NONE && parent &&
	    (cfb_is(&o->cfb, parent, "\6DataSpaces") || !strcmp(name, "EncryptionInfo")))
		return read_nothing(o, stream, err);
	if (strcasestr(name, "SummaryInformation"))
		return ole2_properties(o, stream, err);
	o->unknown = true;
	return send_strings(o, stream, err);
}

/* --- the whole --------------------------------------------------------------------------- */

static bool is_storage(const struct cfb_entry *e, uint32_t entry)
{
	return e->reached && (!entry || e->type == CFB_STORAGE);
}

static enum assay_status read_documents(struct ole2 *o, bool *ret_any, struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	for (uint32_t i = 0; i < o->cfb.entries.len && st == ASSAY_OK; i++) {
		if (!is_storage(&o->cfb.entries.items[i], i))
			continue;
		for (size_t k = 0; k < ARRAY_SIZE(documents) && st == ASSAY_OK; k++) {
			uint32_t stream = cfb_find(&o->cfb, i, documents[k].stream);

			if (stream == CFB_NONE || o->cfb.entries.items[stream].done)
				continue;
			*ret_any = true;
			st = documents[k].read(o, i, stream, err);
			if (st == ASSAY_OK)
				st = textout_flush(&o->out, err);
		}
	}
	return st;
}

/* A package alone, or macros of a document of the newer kind, are nothing unknown. */
static bool is_wrapper(const struct ole2 *o)
{
	static const char *const names[] = { "VBA", "Package", "\1Ole10Native", "CONTENTS",
					     "EmbeddedOdf" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (cfb_find(&o->cfb, 0, names[i]) != CFB_NONE)
			return true;
	return false;
}

static enum assay_status read_all(struct ole2 *o, struct assay_error *err)
{
	bool any = false;
	enum assay_status st = read_documents(o, &any, err);

	for (uint32_t i = 1; i < o->cfb.entries.len && st == ASSAY_OK; i++) {
		const struct cfb_entry *e = &o->cfb.entries.items[i];

		if (e->type == CFB_STREAM && e->size && !e->done)
			st = read_stream(o, i, err);
	}
	if (st == ASSAY_OK)
		st = textout_flush(&o->out, err);
	if (st == ASSAY_OK && !any && o->unknown && !is_wrapper(o))
		st = sink_gap(o->sink, ASSAY_UNSUPPORTED_TYPE,
			      "a compound file of no kind we know: strings only", err);
	return st;
}

static enum assay_status ole2_run(struct input *in, const struct extract_sink *sink,
				  struct assay_error *err)
{
	struct ole2 o = { .sink = sink,
			  .name_entries = BUF_INIT(4 * MiB),
			  .name_strings = BUF_INIT(4 * MiB) };
	enum assay_status st;

	textout_init(&o.out, sink);
	st = cfb_open(&o.cfb, in, sink, err);
	if (st == ASSAY_OK)
		st = read_all(&o, err);
	cfb_done(&o.cfb);
	textout_done(&o.out);
	buf_done(&o.name_entries);
	buf_done(&o.name_strings);
	return st;
}

static const char *const types[] = {
	"application/x-ole-storage",     "application/msword",         "application/vnd.ms-excel",
	"application/vnd.ms-powerpoint", "application/vnd.ms-outlook", NULL,
};

const struct extractor ole2_extractor = {
	.name = "ole2",
	.types = types,
	.wants_seek = true,
	.run = ole2_run,
};
