/*
 * picture_meta.c - EXIF, IPTC and Photoshop's resources
 *
 * A reader of our own and not libexif: what is wanted is a dozen tags with text, TIFF files
 * have the same directories, which libexif does not open, and it decodes makers' notes and
 * thumbnails, which nobody asks for and where its faults have been.
 */
#include "picture_meta.h"

#include "le.h"

#define DIRECTORIES_MAX 64
#define ENTRIES_MAX 4096
#define VALUES_MAX 256
#define VALUE_MAX (1 * MiB)
#define TEXT_MAX (8 * MiB) /* of all values: offsets may point at one place many times */

static struct segment metadata(const char *part, const char *field)
{
	return (struct segment){ .region = ASSAY_METADATA, .field = field, .loc.part = part };
}

/* --- IPTC --------------------------------------------------------------------------------- */

static const struct {
	uint8_t number; /* in record 2 */
	const char *name;
} datasets[] = {
	{ 5, "ObjectName" },
	{ 7, "EditStatus" },
	{ 25, "Keywords" },
	{ 40, "SpecialInstructions" },
	{ 80, "By-line" },
	{ 85, "By-lineTitle" },
	{ 90, "City" },
	{ 92, "Sub-location" },
	{ 103, "TransmissionReference" },
	{ 105, "Headline" },
	{ 110, "Credit" },
	{ 115, "Source" },
	{ 116, "CopyrightNotice" },
	{ 118, "Contact" },
	{ 120, "Caption" },
	{ 122, "Writer" },
};

static enum assay_status send_dataset(struct carrier *c, unsigned number, const uint8_t *data,
				      size_t len, uint64_t at, struct assay_error *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(datasets); i++) {
		struct segment seg = metadata("IPTC", datasets[i].name);

		if (datasets[i].number != number)
			continue;
		if (at != CARRIER_NOWHERE)
			carrier_sent(c, at, len);
		return carrier_text(c, &seg, data, len, err);
	}
	return ASSAY_OK;
}

enum assay_status iptc_read(struct carrier *c, const uint8_t *data, size_t len, uint64_t at,
			    struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	while (len >= 5 && data[0] == 0x1C && st == ASSAY_OK) {
		size_t size = (size_t)(data[3] << 8 | data[4]);

		if (size & 0x8000 || size > len - 5)
			break;
		if (data[1] == 2)
			st = send_dataset(c, data[2], data + 5, size,
					  at == CARRIER_NOWHERE ? at : at + 5, err);
		at += at == CARRIER_NOWHERE ? 0 : 5 + size;
		data += 5 + size;
		len -= 5 + size;
	}
	return st;
}

/* --- Photoshop ---------------------------------------------------------------------------- */

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

enum assay_status resources_read(struct carrier *c, uint64_t at, uint64_t len,
				 struct assay_error *err)
{
	enum { IPTC = 0x404, XMP = 0x424, NAME_MAX_BYTES = 256 };
	uint64_t end = at + len;
	enum assay_status st = ASSAY_OK;

	while (at < end && st == ASSAY_OK) {
		const uint8_t *p;
		size_t got = carrier_view(c, at, 12 + NAME_MAX_BYTES, &p), name, size;
		unsigned id;

		if (got < 12 || memcmp(p, "8BIM", 4) != 0)
			break;
		id = (unsigned)(p[4] << 8 | p[5]);
		name = (size_t)(p[6] + 2) & ~(size_t)1;
		if (got < 10 + name)
			break;
		size = be32(p + 6 + name);
		at += 10 + name;
		if (at > end || size > end - at)
			break;
		if ((id == IPTC || id == XMP) && size <= CARRIER_PIECE_MAX) {
			got = MIN(carrier_view(c, at, size, &p), size);
			st = id == IPTC ? iptc_read(c, p, got, at, err)
					: carrier_xmp(c, ASSAY_SHOWN, p, got, err);
			if (id == XMP)
				carrier_sent(c, at, got);
		}
		at += (uint64_t)size + (size & 1);
	}
	return st;
}

/* --- EXIF and TIFF ------------------------------------------------------------------------ */

struct exif;

typedef enum assay_status value_fn(struct exif *x, const char *field, uint64_t at, size_t len,
				   struct assay_error *err);

struct exif {
	struct carrier *c;
	uint64_t base, len;
	bool big_endian;
	uint64_t next[DIRECTORIES_MAX]; /* directories, in order; one is read once */
	size_t known;
	size_t values, text_bytes;
};

static uint16_t num16(const struct exif *x, const uint8_t *p)
{
	return (uint16_t)(x->big_endian ? p[0] << 8 | p[1] : le16(p));
}

static uint32_t num32(const struct exif *x, const uint8_t *p)
{
	return x->big_endian ? be32(p) : le32(p);
}

static void know(struct exif *x, uint64_t at)
{
	for (size_t i = 0; i < x->known; i++)
		if (x->next[i] == at)
			return;
	if (at && x->known < DIRECTORIES_MAX)
		x->next[x->known++] = at;
}

static enum assay_status value_text(struct exif *x, const char *field, uint64_t at, size_t len,
				    struct assay_error *err)
{
	struct segment seg = metadata("EXIF", field);
	const uint8_t *p;
	size_t got = MIN(carrier_view(x->c, at, len, &p), len);
	enum assay_status st = carrier_text(x->c, &seg, p, got, err);

	carrier_sent(x->c, at, got);
	return st;
}

static enum assay_status utf16_text(struct exif *x, const struct segment *seg, const uint8_t *p,
				    size_t len, bool big_endian, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(3 * VALUE_MAX + 1);
	size_t took;
	bool ascii;
	char *room = buf_reserve(&text, len / 2 * 3);

	if (!room)
		return ASSAY_OK;
	text.len = utf16_to_utf8(p, len & ~(size_t)1, big_endian, room, len / 2 * 3, &took, &ascii);
	return carrier_text(x->c, seg, room, text.len, err);
}

/* What Windows writes: UTF-16, whatever the order of the rest. */
static enum assay_status value_wide(struct exif *x, const char *field, uint64_t at, size_t len,
				    struct assay_error *err)
{
	struct segment seg = metadata("EXIF", field);
	const uint8_t *p;
	size_t got = MIN(carrier_view(x->c, at, len, &p), len);
	enum assay_status st = utf16_text(x, &seg, p, got, false, err);

	carrier_sent(x->c, at, got);
	return st;
}

/* Eight bytes say the charset; UTF-16 is in an order that programs do not agree upon. */
static enum assay_status value_comment(struct exif *x, const char *field, uint64_t at, size_t len,
				       struct assay_error *err)
{
	struct segment seg = metadata("EXIF", field);
	const uint8_t *p;
	size_t got = MIN(carrier_view(x->c, at, len, &p), len), high = 0, low = 0;
	enum assay_status st;

	if (got <= 8)
		return ASSAY_OK;
	for (size_t i = 8; i + 1 < got; i += 2) {
		high += !p[i];
		low += !p[i + 1];
	}
	st = !memcmp(p, "UNICODE", 7) ? utf16_text(x, &seg, p + 8, got - 8, high > low, err)
				      : carrier_text(x->c, &seg, p + 8, got - 8, err);
	carrier_sent(x->c, at, got);
	return st;
}

/* TIFF-EP has a letter for it. */
static enum assay_status value_classification(struct exif *x, const char *field, uint64_t at,
					      size_t len, struct assay_error *err)
{
	static const struct {
		char letter;
		const char *means;
	} classes[] = { { 'T', "TOP SECRET" },
			{ 'S', "SECRET" },
			{ 'C', "CONFIDENTIAL" },
			{ 'R', "RESTRICTED" },
			{ 'U', "UNCLASSIFIED" } };
	struct segment seg = metadata("EXIF", field);
	const uint8_t *p;
	size_t got = MIN(carrier_view(x->c, at, len, &p), len);

	for (size_t i = 0; i < ARRAY_SIZE(classes) && got && strnlen((const char *)p, got) == 1;
	     i++)
		if (p[0] == (uint8_t)classes[i].letter)
			return carrier_text(x->c, &seg, classes[i].means, strlen(classes[i].means),
					    err);
	return value_text(x, field, at, len, err);
}

static enum assay_status value_xmp(struct exif *x, const char *field, uint64_t at, size_t len,
				   struct assay_error *err)
{
	const uint8_t *p;
	size_t got = MIN(carrier_view(x->c, at, len, &p), len);
	enum assay_status st = carrier_xmp(x->c, ASSAY_SHOWN, p, got, err);

	(void)field;
	carrier_sent(x->c, at, got);
	return st;
}

static enum assay_status value_iptc(struct exif *x, const char *field, uint64_t at, size_t len,
				    struct assay_error *err)
{
	const uint8_t *p;
	size_t got = MIN(carrier_view(x->c, at, len, &p), len);

	(void)field;
	return iptc_read(x->c, p, got, at, err);
}

static enum assay_status value_resources(struct exif *x, const char *field, uint64_t at, size_t len,
					 struct assay_error *err)
{
	(void)field;
	return resources_read(x->c, at, len, err);
}

static const struct tag {
	uint16_t number;
	const char *name;
	value_fn *read;
} tags[] = {
	{ 0x010D, "DocumentName", value_text },
	{ 0x010E, "ImageDescription", value_text },
	{ 0x011D, "PageName", value_text },
	{ 0x0131, "Software", value_text },
	{ 0x013B, "Artist", value_text },
	{ 0x013C, "HostComputer", value_text },
	{ 0x02BC, "XMP", value_xmp },
	{ 0x8298, "Copyright", value_text },
	{ 0x83BB, "IPTC", value_iptc },
	{ 0x8649, "Photoshop", value_resources },
	{ 0x9211, "ImageHistory", value_text },
	{ 0x9212, "SecurityClassification", value_classification },
	{ 0x9286, "UserComment", value_comment },
	{ 0x9C9B, "XPTitle", value_wide },
	{ 0x9C9C, "XPComment", value_wide },
	{ 0x9C9D, "XPAuthor", value_wide },
	{ 0x9C9E, "XPKeywords", value_wide },
	{ 0x9C9F, "XPSubject", value_wide },
	{ 0xA430, "CameraOwnerName", value_text },
};

enum { TAG_EXIF = 0x8769 };

/* Bytes of one, by type; 0: not a type. */
static size_t type_bytes(unsigned type)
{
	static const uint8_t bytes[] = { 0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4 };

	return type < ARRAY_SIZE(bytes) ? bytes[type] : 0;
}

static enum assay_status read_entry(struct exif *x, uint64_t at, struct assay_error *err)
{
	const uint8_t *p;
	uint64_t len, value;
	unsigned number;

	if (carrier_view(x->c, at, 12, &p) < 12)
		return ASSAY_OK;
	number = num16(x, p);
	len = (uint64_t)num32(x, p + 4) * type_bytes(num16(x, p + 2));
	value = len <= 4 ? at + 8 : x->base + num32(x, p + 8);
	if (number == TAG_EXIF)
		know(x, num32(x, p + 8));
	if (!len || value > x->base + x->len || len > x->base + x->len - value)
		return ASSAY_OK;
	for (size_t i = 0; i < ARRAY_SIZE(tags); i++) {
		if (tags[i].number != number || x->values >= VALUES_MAX ||
		    x->text_bytes >= TEXT_MAX)
			continue;
		/* What is longer is a packet, or the rest of it is left to the strings. */
		if (tags[i].read != value_xmp && tags[i].read != value_resources)
			len = MIN(len, VALUE_MAX);
		x->values++;
		x->text_bytes += (size_t)len;
		return tags[i].read(x, tags[i].name, value, (size_t)len, err);
	}
	return ASSAY_OK;
}

enum assay_status exif_read(struct carrier *c, uint64_t at, uint64_t len, struct assay_error *err)
{
	struct exif x = { .c = c, .base = at, .len = len };
	const uint8_t *p;
	enum assay_status st = ASSAY_OK;

	if (len < 8 || carrier_view(c, at, 8, &p) < 8)
		return ASSAY_OK;
	x.big_endian = p[0] == 'M';
	if (num16(&x, p + 2) != 42)
		return ASSAY_OK; /* not its kin with numbers of 64 bits */
	know(&x, num32(&x, p + 4));
	for (size_t i = 0; i < x.known && st == ASSAY_OK; i++) {
		uint64_t directory = x.base + x.next[i];
		unsigned count;

		if (x.next[i] > len || carrier_view(c, directory, 2, &p) < 2)
			continue;
		count = MIN(num16(&x, p), ENTRIES_MAX);
		for (unsigned k = 0; k < count && st == ASSAY_OK; k++)
			st = read_entry(&x, directory + 2 + 12 * (uint64_t)k, err);
		if (carrier_view(c, directory + 2 + 12 * (uint64_t)count, 4, &p) >= 4)
			know(&x, num32(&x, p));
	}
	return st;
}
