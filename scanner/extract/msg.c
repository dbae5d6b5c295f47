/*
 * msg.c - Outlook's messages
 *
 * A storage of properties, each a stream whose name ends in its number and type; the same
 * for each recipient and attachment in a storage of theirs.  A message that is attached is
 * a storage again, and is read as such.
 */
#include "ole2.h"

#include <stdio.h>

#include "decode.h"
#include "fail.h"
#include "lzfu.h"

#define PREFIX "__substg1.0_"
#define PREFIX_LEN 12
#define NAME_LEN (PREFIX_LEN + 8)
#define TEXT_MAX (64 * MiB)
#define NAMED_FROM 0x8000

enum type { TYPE_OBJECT = 0x0D, TYPE_NARROW = 0x1E, TYPE_WIDE = 0x1F, TYPE_BINARY = 0x102 };
enum { TYPE_NARROWS = 0x101E, TYPE_WIDES = 0x101F };

enum id {
	ID_BODY = 0x1000,
	ID_RTF = 0x1009,
	ID_HTML = 0x1013,
	ID_FILE_NAME = 0x3704,
	ID_LONG_NAME = 0x3707,
	ID_DISPLAY_NAME = 0x3001,
};

static const struct {
	uint16_t id;
	enum assay_region region;
	const char *field;
} known[] = {
	{ 0x0037, ASSAY_SUBJECT, NULL },
	{ 0x0E1D, ASSAY_SUBJECT, NULL }, /* without Re: */
	{ 0x0070, ASSAY_SUBJECT, NULL }, /* of the conversation */
	{ ID_BODY, ASSAY_BODY, NULL },
	{ 0x001A, ASSAY_METADATA, "class" },
	{ 0x0042, ASSAY_METADATA, "from" },
	{ 0x0065, ASSAY_METADATA, "from" },
	{ 0x0C1A, ASSAY_METADATA, "from" },
	{ 0x0C1F, ASSAY_METADATA, "from" },
	{ 0x5D01, ASSAY_METADATA, "from" },
	{ 0x5D02, ASSAY_METADATA, "from" },
	{ 0x0E02, ASSAY_METADATA, "bcc" },
	{ 0x0E03, ASSAY_METADATA, "cc" },
	{ 0x0E04, ASSAY_METADATA, "to" },
	{ 0x007D, ASSAY_METADATA, "headers" },
	{ 0x1035, ASSAY_METADATA, "message-id" },
	{ 0x3001, ASSAY_METADATA, "name" },
	{ 0x3003, ASSAY_METADATA, "address" },
	{ 0x39FE, ASSAY_METADATA, "address" },
	{ 0x3A06, ASSAY_METADATA, "given name" },
	{ 0x3A11, ASSAY_METADATA, "surname" },
	{ 0x3A08, ASSAY_METADATA, "business telephone" },
	{ 0x3A09, ASSAY_METADATA, "home telephone" },
	{ 0x3A1C, ASSAY_METADATA, "mobile telephone" },
	{ 0x3A16, ASSAY_METADATA, "company" },
	{ 0x3A17, ASSAY_METADATA, "title" },
	{ 0x3A15, ASSAY_METADATA, "postal address" },
	{ 0x3A2A, ASSAY_METADATA, "post code" },
	{ 0x3A26, ASSAY_METADATA, "country" },
	{ 0x3A27, ASSAY_METADATA, "town" },
	{ 0x3A29, ASSAY_METADATA, "street" },
	{ 0x370E, ASSAY_METADATA, "content type" },
	{ ID_LONG_NAME, ASSAY_NAME, NULL },
	{ ID_FILE_NAME, ASSAY_NAME, NULL },
};

struct message {
	struct ole2 *o;
	char path[CFB_PATH_MAX];
	struct buf value;
	char field[128];
	bool has_html;
};

/* Number and type of the property a stream holds.  @return  false: it holds none */
static bool property_of(const struct ole2 *o, uint32_t stream, unsigned *ret_id, unsigned *ret_type)
{
	char name[CFB_NAME_MAX];
	unsigned long n;
	char *end;

	if (cfb_name(&o->cfb, stream, name) < NAME_LEN || memcmp(name, PREFIX, PREFIX_LEN) != 0)
		return false;
	name[NAME_LEN] = '\0'; /* -00000000: one of many values */
	n = strtoul(name + PREFIX_LEN, &end, 16);
	if (*end)
		return false;
	*ret_id = (unsigned)(n >> 16);
	*ret_type = (unsigned)(n & 0xFFFF);
	return true;
}

static enum assay_status load_names(struct message *m, struct assay_error *err)
{
	struct ole2 *o = m->o;
	uint32_t storage = cfb_find(&o->cfb, 0, "__nameid_version1.0"), entries, strings;
	enum assay_status st = ASSAY_OK;

	if (storage == CFB_NONE || o->named)
		return ASSAY_OK;
	o->named = true;
	entries = cfb_find(&o->cfb, storage, PREFIX "00030102");
	strings = cfb_find(&o->cfb, storage, PREFIX "00040102");
	if (entries != CFB_NONE)
		st = cfb_load(&o->cfb, entries, &m->o->name_entries, err);
	if (st == ASSAY_OK && strings != CFB_NONE)
		st = cfb_load(&o->cfb, strings, &m->o->name_strings, err);
	/* The rest of it are numbers. */
	for (uint32_t at = o->cfb.entries.items[storage].child; at != CFB_NONE;
	     at = o->cfb.entries.items[at].next)
		o->cfb.entries.items[at].done = true;
	return st;
}

/* The name of a named property, or NULL. */
static const char *name_of(struct message *m, unsigned id)
{
	size_t at = (size_t)(id - NAMED_FROM) * 8, took, n;
	const char *p = m->o->name_entries.data;
	uint32_t off, len;
	bool ascii;

	if (id < NAMED_FROM || at + 8 > m->o->name_entries.len || !(le16_at(p + at + 4) & 1))
		return NULL;
	off = le32_at(p + at);
	if (off > m->o->name_strings.len || m->o->name_strings.len - off < 4)
		return NULL;
	len = le32_at(m->o->name_strings.data + off);
	len = (uint32_t)MIN(len, m->o->name_strings.len - off - 4);
	n = utf16_to_utf8((const uint8_t *)m->o->name_strings.data + off + 4, len, false, m->field,
			  sizeof(m->field) - 1, &took, &ascii);
	m->field[n] = '\0';
	return m->field;
}

static struct segment segment_of(struct message *m, unsigned id)
{
	struct segment seg = { .region = ASSAY_METADATA,
			       .loc = { .part = *m->path ? m->path : NULL } };

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (known[i].id == id) {
			seg.region = known[i].region;
			seg.field = known[i].field;
			return seg;
		}
	seg.field = name_of(m, id);
	if (!seg.field) {
		snprintf(m->field, sizeof(m->field), "property %04x", id);
		seg.field = m->field;
	}
	return seg;
}

static enum assay_status send_text(struct message *m, uint32_t stream, unsigned id, bool wide,
				   struct assay_error *err)
{
	struct segment seg = segment_of(m, id);
	enum assay_status st = cfb_load(&m->o->cfb, stream, &m->value, err);
	const uint8_t *p = (const uint8_t *)m->value.data;

	if (st != ASSAY_OK || !m->value.len)
		return st;
	st = textout_break(&m->o->out, &seg, err);
	if (st == ASSAY_OK)
		st = wide ? textout_utf16(&m->o->out, &seg, p, m->value.len, err)
			  : textout_cp1252(&m->o->out, &seg, p, m->value.len, err);
	return st == ASSAY_OK ? textout_break(&m->o->out, &seg, err) : st;
}

/* RTF says what the plain text says, if there is any; but it may hold more. */
static enum assay_status give_rtf(struct message *m, uint32_t stream, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf rtf = BUF_INIT(TEXT_MAX);
	enum assay_status st = cfb_load(&m->o->cfb, stream, &m->value, err);

	if (st != ASSAY_OK || !m->value.len)
		return st;
	if (!lzfu_unpack(m->value.data, m->value.len, &rtf))
		st = sink_gap(m->o->sink, ASSAY_MALFORMED, "the message's text as RTF", err);
	return st == ASSAY_OK && rtf.len
		   ? ole2_member_bytes(m->o, "body.rtf", 8, rtf.data, rtf.len, true, NULL, err)
		   : st;
}

/* Identities have names and addresses in them; what only numbers hold is passed over. */
static enum assay_status send_strings(struct message *m, uint32_t stream, unsigned id,
				      struct assay_error *err)
{
	static const uint16_t numbers[] = { 0x0071, 0x300B, 0x0FF6, 0x0FFF, 0x0E4B, 0x003F };
	struct segment seg = segment_of(m, id);
	enum assay_status st = cfb_load(&m->o->cfb, stream, &m->value, err);

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		if (numbers[i] == id)
			return st;
	return st == ASSAY_OK && m->value.len
		   ? ole2_loose(m->o, &seg, m->value.data, m->value.len, err)
		   : st;
}

/* Binary values: identities and times, but for these. */
static enum assay_status read_binary(struct message *m, uint32_t stream, unsigned id,
				     struct assay_error *err)
{
	switch (id) {
	case ID_HTML:
		return ole2_member(m->o, stream, "body.html", 9, ASSAY_SHOWN, err);
	case ID_RTF:
		if (!m->has_html)
			return give_rtf(m, stream, err);
		m->o->cfb.entries.items[stream].done = true;
		return ASSAY_OK;
	default:
		return send_strings(m, stream, id, err);
	}
}

static enum assay_status read_property(struct message *m, uint32_t stream, struct assay_error *err)
{
	unsigned id, type;

	if (m->o->cfb.entries.items[stream].done || !property_of(m->o, stream, &id, &type))
		return ASSAY_OK;
	switch (type) {
	case TYPE_WIDE:
	case TYPE_WIDES:
		if (id == ID_HTML)
			return ole2_member(m->o, stream, "body.html", 9, ASSAY_SHOWN, err);
		return send_text(m, stream, id, true, err);
	case TYPE_NARROW:
	case TYPE_NARROWS:
		return send_text(m, stream, id, false, err);
	case TYPE_BINARY:
		return read_binary(m, stream, id, err);
	default:
		m->o->cfb.entries.items[stream].done = true; /* numbers */
		return ASSAY_OK;
	}
}

/* --- attachments ------------------------------------------------------------------------- */

/* A name that a property of the storage holds.  @return  false: it does not */
static bool text_property(struct message *m, uint32_t storage, unsigned id, struct buf *out)
{
	static const struct {
		unsigned type;
		bool wide;
	} types[] = { { TYPE_WIDE, true }, { TYPE_NARROW, false } };
	struct assay_error ignored;

	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		char name[NAME_LEN + 1], utf8[1024];
		uint32_t stream;
		size_t took, n;
		bool ascii;

		snprintf(name, sizeof(name), PREFIX "%04X%04X", id, types[i].type);
		stream = cfb_find(&m->o->cfb, storage, name);
		if (stream == CFB_NONE || cfb_load(&m->o->cfb, stream, &m->value, &ignored) < 0 ||
		    !m->value.len)
			continue;
		/* Its text is sent later, as any property's. */
		m->o->cfb.entries.items[stream].done = false;
		buf_clear(out);
		if (!types[i].wide)
			return buf_add(out, m->value.data, strnlen(m->value.data, m->value.len));
		n = utf16_to_utf8((const uint8_t *)m->value.data, m->value.len, false, utf8,
				  sizeof(utf8), &took, &ascii);
		return buf_add(out, utf8, strnlen(utf8, n));
	}
	return false;
}

static enum assay_status give_attachment(struct message *m, uint32_t storage,
					 struct assay_error *err)
{
	static const unsigned ids[] = { ID_LONG_NAME, ID_FILE_NAME, ID_DISPLAY_NAME };
	CLEANUP(buf_done) struct buf name = BUF_INIT(4096);
	uint32_t data = cfb_find(&m->o->cfb, storage, PREFIX "37010102");
	bool named = false;

	if (data == CFB_NONE)
		return ASSAY_OK;
	for (size_t i = 0; i < ARRAY_SIZE(ids) && !named; i++)
		named = text_property(m, storage, ids[i], &name);
	if (!named)
		buf_add_str(&name, "attachment");
	/* What Outlook shows after asking a server for leave. */
	if (name.len == 13 && !memcmp(name.data, "message.rpmsg", 13)) {
		m->o->cfb.entries.items[data].done = true;
		return sink_gap(m->o->sink, ASSAY_RIGHTS_MANAGED, "the message is rights-managed",
				err);
	}
	return ole2_member(m->o, data, name.data, name.len, ASSAY_SHOWN, err);
}

/* Everything in one storage that is a property. */
static enum assay_status read_properties(struct message *m, uint32_t storage,
					 struct assay_error *err)
{
	const struct cfb *c = &m->o->cfb;
	enum assay_status st = ASSAY_OK;

	for (uint32_t at = c->entries.items[storage].child; at != CFB_NONE && st == ASSAY_OK;
	     at = c->entries.items[at].next)
		if (c->entries.items[at].type == CFB_STREAM)
			st = read_property(m, at, err);
	return st;
}

static void mark_fixed(struct message *m, uint32_t stream)
{
	if (stream != CFB_NONE)
		m->o->cfb.entries.items[stream].done = true;
}

static enum assay_status read_message(struct message *m, uint32_t storage, struct assay_error *err)
{
	struct cfb *c = &m->o->cfb;
	uint32_t subject = cfb_find(c, storage, PREFIX "0037001F");
	char name[CFB_NAME_MAX];
	enum assay_status st = load_names(m, err);

	if (subject == CFB_NONE)
		subject = cfb_find(c, storage, PREFIX "0037001E");
	m->has_html = cfb_find(c, storage, PREFIX "10130102") != CFB_NONE ||
		      cfb_find(c, storage, PREFIX "1013001F") != CFB_NONE;
	cfb_name(c, storage, name);
	if (!strncmp(name, "__attach", 8))
		st = st == ASSAY_OK ? give_attachment(m, storage, err) : st;
	/* A reader begins with the subject. */
	if (st == ASSAY_OK && subject != CFB_NONE)
		st = read_property(m, subject, err);
	if (st == ASSAY_OK)
		st = read_properties(m, storage, err);
	return st;
}

enum assay_status msg_read(struct ole2 *o, uint32_t storage, uint32_t stream,
			   struct assay_error *err)
{
	struct message *m = calloc(1, sizeof(*m));
	enum assay_status st;

	if (!m)
		return assay_fail_memory(err, "message");
	*m = (struct message){ .o = o, .value = BUF_INIT(TEXT_MAX) };
	cfb_path(&o->cfb, storage, m->path);
	mark_fixed(m, stream);
	st = read_message(m, storage, err);
	buf_done(&m->value);
	free(m);
	return st;
}
