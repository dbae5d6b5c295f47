/*
 * picture.c - what a picture says about itself: XMP, EXIF, IPTC, comments
 *
 * Pixels are not looked at.  Each form has a walk of its own over its segments or chunks;
 * a form without one still has its packets of XMP found, and its EXIF by the mark it bears.
 */
#include "carrier.h"
#include "fail.h"
#include "hex.h"
#include "le.h"
#include "picture_meta.h"
#include "table.h"

#define CHUNKS_MAX 100000
#define PROFILE_ROOM 80

struct picture {
	struct carrier c;
	struct buf unpacked;
	struct buf extended; /* a packet of XMP too long for one segment */
};

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* --- JPEG --------------------------------------------------------------------------------- */

#define XMP_MARK "http://ns.adobe.com/xap/1.0/\0"
#define EXTENDED_MARK "http://ns.adobe.com/xmp/extension/\0"
#define EXTENDED_HEAD 40 /* a digest, the length of the whole, the place of the piece */

static enum assay_status jpeg_exif(struct picture *p, uint64_t at, size_t len,
				   struct assay_error *err)
{
	return exif_read(&p->c, at, len, err);
}

static enum assay_status jpeg_xmp(struct picture *p, uint64_t at, size_t len,
				  struct assay_error *err)
{
	const uint8_t *data;
	size_t got = MIN(carrier_view(&p->c, at, len, &data), len);
	enum assay_status st = carrier_xmp(&p->c, ASSAY_SHOWN, data, got, err);

	carrier_sent(&p->c, at, got);
	return st;
}

static enum assay_status jpeg_extended(struct picture *p, uint64_t at, size_t len,
				       struct assay_error *err)
{
	const uint8_t *data;
	size_t got = MIN(carrier_view(&p->c, at, len, &data), len);

	(void)err;
	if (got > EXTENDED_HEAD && buf_add(&p->extended, data + EXTENDED_HEAD, got - EXTENDED_HEAD))
		carrier_sent(&p->c, at, got);
	return ASSAY_OK;
}

static enum assay_status jpeg_resources(struct picture *p, uint64_t at, size_t len,
					struct assay_error *err)
{
	return resources_read(&p->c, at, len, err);
}

static enum assay_status jpeg_comment(struct picture *p, uint64_t at, size_t len,
				      struct assay_error *err)
{
	static const struct segment seg = { .region = ASSAY_METADATA,
					    .field = "Comment",
					    .loc.part = "JPEG comment" };
	const uint8_t *data;
	size_t got = MIN(carrier_view(&p->c, at, len, &data), len);
	enum assay_status st = carrier_text(&p->c, &seg, data, got, err);

	carrier_sent(&p->c, at, got);
	return st;
}

static const struct {
	uint8_t marker;
	const char *mark;
	size_t len;
	enum assay_status (*read)(struct picture *p, uint64_t at, size_t len,
				  struct assay_error *err);
} segments[] = {
	{ 0xE1, "Exif\0", 6, jpeg_exif },
	{ 0xE1, XMP_MARK, sizeof(XMP_MARK) - 1, jpeg_xmp },
	{ 0xE1, EXTENDED_MARK, sizeof(EXTENDED_MARK) - 1, jpeg_extended },
	{ 0xED, "Photoshop 3.0\0", 14, jpeg_resources },
	{ 0xFE, "", 0, jpeg_comment },
};

static enum assay_status read_segment(struct picture *p, uint8_t marker, uint64_t at, size_t len,
				      struct assay_error *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(segments); i++) {
		const uint8_t *data;
		size_t got = MIN(carrier_view(&p->c, at, len, &data), len);

		if (segments[i].marker == marker && got >= segments[i].len &&
		    !memcmp(data, segments[i].mark, segments[i].len))
			return segments[i].read(p, at + segments[i].len, len - segments[i].len,
						err);
	}
	return ASSAY_OK;
}

static enum assay_status read_jpeg(struct picture *p, struct assay_error *err)
{
	enum { SOS = 0xDA, EOI = 0xD9, SOI = 0xD8, RST0 = 0xD0, TEM = 1 };
	uint64_t at = 2;
	enum assay_status st = ASSAY_OK;

	for (unsigned n = 0; n < CHUNKS_MAX && st == ASSAY_OK; n++) {
		const uint8_t *data;
		size_t len;
		uint8_t marker;

		if (carrier_view(&p->c, at, 4, &data) < 4 || data[0] != 0xFF)
			break;
		marker = data[1];
		if (marker == SOS || marker == EOI)
			break;
		if (marker == 0xFF || marker == TEM || (marker >= RST0 && marker <= SOI)) {
			at += marker == 0xFF ? 1 : 2;
			continue;
		}
		len = (size_t)(data[2] << 8 | data[3]);
		if (len < 2)
			break;
		st = read_segment(p, marker, at + 4, len - 2, err);
		at += 2 + len;
	}
	if (st == ASSAY_OK && p->extended.len)
		st = carrier_xmp(&p->c, ASSAY_SHOWN, (const uint8_t *)p->extended.data,
				 p->extended.len, err);
	return st;
}

/* --- PNG ---------------------------------------------------------------------------------- */

/* What ImageMagick makes of XMP: a name, a length and digits. */
static enum assay_status read_profile(struct picture *p, const char *keyword, const char *text,
				      size_t len, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(CARRIER_PIECE_MAX);
	const char *end = text + len, *at = text;
	int high = -1;

	/* Past the name and the length. */
	for (unsigned lines = 0; at < end && lines < 3; at++)
		lines += *at == '\n';
	for (; at < end; at++) {
		int digit = hex_value(*at);

		if (digit < 0)
			continue;
		if (high >= 0)
			buf_add_byte(&bytes, (char)(high << 4 | digit));
		high = high < 0 ? digit : -1;
	}
	if (!bytes.len)
		return ASSAY_OK;
	if (!strcmp(keyword, "Raw profile type iptc"))
		return iptc_read(&p->c, (const uint8_t *)bytes.data, bytes.len, CARRIER_NOWHERE,
				 err);
	return carrier_xmp(&p->c, ASSAY_SHOWN, (const uint8_t *)bytes.data, bytes.len, err);
}

static enum assay_status send_keyword(struct picture *p, const char *keyword, const uint8_t *text,
				      size_t len, struct assay_error *err)
{
	struct segment seg = { .region = ASSAY_METADATA, .field = keyword, .loc.part = "PNG text" };

	if (!strcmp(keyword, "XML:com.adobe.xmp"))
		return carrier_xmp(&p->c, ASSAY_SHOWN, text, len, err);
	if (!strcmp(keyword, "Raw profile type xmp") || !strcmp(keyword, "Raw profile type iptc"))
		return read_profile(p, keyword, (const char *)text, len, err);
	return carrier_text(&p->c, &seg, text, len, err);
}

/* A keyword, then text, as it is or packed; iTXt has a language and a translation between. */
static enum assay_status png_text(struct picture *p, const uint8_t *type, uint64_t at, size_t len,
				  struct assay_error *err)
{
	char keyword[PROFILE_ROOM];
	const uint8_t *data, *end, *text;
	size_t got = MIN(carrier_view(&p->c, at, len, &data), len), used;
	bool packed = type[0] == 'z';
	enum assay_status st;

	end = data + got;
	text = memchr(data, 0, got);
	if (!text || text - data >= PROFILE_ROOM)
		return ASSAY_OK;
	memcpy(keyword, data, (size_t)(text - data) + 1);
	if (end - text < 2)
		return ASSAY_OK;
	text += packed ? 2 : 1;
	if (type[0] == 'i') {
		if (end - text < 2)
			return ASSAY_OK;
		packed = text[0] != 0;
		text += 2;
		for (unsigned i = 0; i < 2 && text; i++) {
			text = memchr(text, 0, (size_t)(end - text));
			if (text)
				text++;
		}
	}
	if (!text)
		return ASSAY_OK;
	at += (uint64_t)(text - data);
	used = (size_t)(end - text);
	if (!packed)
		st = send_keyword(p, keyword, text, used, err);
	else if (carrier_inflate(&p->c, text, used, &p->unpacked, &used))
		st = send_keyword(p, keyword, (const uint8_t *)p->unpacked.data, p->unpacked.len,
				  err);
	else
		return ASSAY_OK;
	carrier_sent(&p->c, at, used);
	return st;
}

static enum assay_status read_png(struct picture *p, struct assay_error *err)
{
	uint64_t at = 8;
	enum assay_status st = ASSAY_OK;

	for (unsigned n = 0; n < CHUNKS_MAX && st == ASSAY_OK; n++) {
		const uint8_t *data;
		uint8_t type[4];
		uint64_t len;

		if (carrier_view(&p->c, at, 8, &data) < 8)
			break;
		len = be32(data);
		memcpy(type, data + 4, 4);
		at += 8;
		/* A chunk that is longer than the file is looked at as far as it goes. */
		len = MIN(len, p->c.size - MIN(at, p->c.size));
		if (!memcmp(type, "eXIf", 4))
			st = exif_read(&p->c, at, len, err);
		else if ((type[0] == 't' || type[0] == 'z' || type[0] == 'i') &&
			 (!memcmp(type + 1, "EXt", 3) || !memcmp(type + 1, "TXt", 3)) &&
			 len <= CARRIER_PIECE_MAX)
			st = png_text(p, type, at, (size_t)len, err);
		at += len + 4;
	}
	return st;
}

/* --- TIFF, WebP, GIF, Photoshop ----------------------------------------------------------- */

static enum assay_status read_tiff(struct picture *p, struct assay_error *err)
{
	return exif_read(&p->c, 0, p->c.size, err);
}

static enum assay_status read_webp(struct picture *p, struct assay_error *err)
{
	uint64_t at = 12;
	enum assay_status st = ASSAY_OK;

	for (unsigned n = 0; n < CHUNKS_MAX && st == ASSAY_OK; n++) {
		const uint8_t *data;
		uint8_t type[4];
		uint64_t len;

		if (carrier_view(&p->c, at, 8, &data) < 8)
			break;
		memcpy(type, data, 4);
		len = le32(data + 4);
		at += 8;
		if (!memcmp(type, "XMP ", 4) && len <= CARRIER_PIECE_MAX)
			st = jpeg_xmp(p, at, (size_t)len, err);
		else if (!memcmp(type, "EXIF", 4) && carrier_view(&p->c, at, 6, &data) >= 6)
			/* Some programs leave JPEG's mark in front. */
			st = exif_read(&p->c, at + (memcmp(data, "Exif\0", 6) ? 0 : 6), len, err);
		at += len + (len & 1);
	}
	return st;
}

/* Blocks of up to 255 bytes, each behind its length; the last has none.  @return behind it */
static uint64_t gif_blocks(struct picture *p, uint64_t at, struct buf *text)
{
	for (;;) {
		const uint8_t *data;
		size_t got = carrier_view(&p->c, at, 256, &data), len;

		if (!got || !data[0])
			return at + 1;
		len = MIN(data[0], got - 1);
		if (text && buf_add(text, data + 1, len))
			carrier_sent(&p->c, at + 1, len);
		at += 1 + (uint64_t)data[0];
	}
}

static enum assay_status read_gif(struct picture *p, struct assay_error *err)
{
	static const struct segment seg = { .region = ASSAY_METADATA,
					    .field = "Comment",
					    .loc.part = "GIF comment" };
	const uint8_t *data;
	uint64_t at = 13;
	enum assay_status st = ASSAY_OK;

	if (carrier_view(&p->c, 0, 13, &data) < 13)
		return ASSAY_OK;
	at += data[10] & 0x80 ? UINT64_C(3) << ((data[10] & 7) + 1) : 0;
	/* XMP is found by its mark, for it stands in blocks without lengths. */
	for (unsigned n = 0; n < CHUNKS_MAX && st == ASSAY_OK; n++) {
		size_t got = carrier_view(&p->c, at, 10, &data);

		if (got >= 2 && data[0] == '!') {
			buf_clear(&p->unpacked);
			at = gif_blocks(p, at + 2, data[1] == 0xFE ? &p->unpacked : NULL);
			st = carrier_text(&p->c, &seg, p->unpacked.data, p->unpacked.len, err);
		} else if (got >= 10 && data[0] == ',') {
			at += 10 + (data[9] & 0x80 ? UINT64_C(3) << ((data[9] & 7) + 1) : 0);
			at = gif_blocks(p, at + 1, NULL);
		} else {
			break;
		}
	}
	return st;
}

static enum assay_status read_photoshop(struct picture *p, struct assay_error *err)
{
	const uint8_t *data;
	uint64_t at = 26;

	if (carrier_view(&p->c, at, 4, &data) < 4)
		return ASSAY_OK;
	at += 4 + (uint64_t)be32(data);
	if (carrier_view(&p->c, at, 4, &data) < 4)
		return ASSAY_OK;
	return resources_read(&p->c, at + 4, be32(data), err);
}

/* EXIF by the mark in front of it. */
static enum assay_status read_others(struct picture *p, struct assay_error *err)
{
	static const char *const marks[] = { "Exif\0\0II*", "Exif\0\0MM\0*" };
	enum assay_status st = ASSAY_OK;

	for (size_t i = 0; i < ARRAY_SIZE(marks) && st == ASSAY_OK; i++) {
		uint64_t at = carrier_find(&p->c, 0, marks[i], 9 + i);

		if (at != CARRIER_NOWHERE)
			st = exif_read(&p->c, at + 6, p->c.size - at - 6, err);
	}
	return st;
}

/* --- the whole ---------------------------------------------------------------------------- */

static const struct {
	const char *magic;
	size_t len, at;
	enum assay_status (*read)(struct picture *p, struct assay_error *err);
} forms[] = {
	{ "\xFF\xD8", 2, 0, read_jpeg },  { "\x89PNG", 4, 0, read_png }, { "II", 2, 0, read_tiff },
	{ "MM", 2, 0, read_tiff },        { "WEBP", 4, 8, read_webp },   { "GIF8", 4, 0, read_gif },
	{ "8BPS", 4, 0, read_photoshop }, { "", 0, 0, read_others },
};

static enum assay_status picture_run(struct input *in, const struct extract_sink *sink,
				     struct assay_error *err)
{
	struct picture p = { .unpacked = BUF_INIT(CARRIER_PIECE_MAX + 1),
			     .extended = BUF_INIT(CARRIER_PIECE_MAX) };
	const uint8_t *head;
	size_t len, i = 0;
	enum assay_status st;

	carrier_init(&p.c, in, sink);
	len = carrier_view(&p.c, 0, 16, &head);
	while (forms[i].len && (len < forms[i].at + forms[i].len ||
				memcmp(head + forms[i].at, forms[i].magic, forms[i].len) != 0))
		i++;
	st = forms[i].read(&p, err);
	if (st == ASSAY_OK)
		st = carrier_finish(&p.c, err);
	carrier_done(&p.c);
	buf_done(&p.unpacked);
	buf_done(&p.extended);
	return st;
}

static const char *const types[] = {
	"image/jpeg", "image/png",  "image/tiff", "image/webp",
	"image/gif",  "image/heif", "image/jp2",  "image/vnd.adobe.photoshop",
	NULL,
};

const struct extractor picture_extractor = {
	.name = "picture",
	.types = types,
	.wants_seek = true,
	.metadata_only = true,
	.run = picture_run,
};
