/*
 * pdf.c - what a PDF says about itself: its Info dictionary and XMP, labels among them
 *
 * The text of pages is not read here, but for the strings that lie open.  Of an object that
 * was written again the last one counts, as in readers; earlier ones are sent as text of a
 * previous revision.
 */
#include "fail.h"
#include "pdf_parts.h"
#include "table.h"
#include "xmp.h"

#define OBJECTS_MAX ((size_t)1 << 20)
#define STREAMS_MAX 65536
#define REVISIONS_MAX 64
#define UNPACKED_AGAIN_MAX 256
#define LOADED_MAX (64 * MiB) /* of all dictionaries and strings */

static int by_number(const void *a, const void *b)
{
	const struct pdf_object *x = a, *y = b;

	if (x->num != y->num)
		return x->num < y->num ? -1 : 1;
	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->inner < y->inner ? -1 : x->inner > y->inner;
}

/* How many objects have a smaller number. */
static size_t objects_below(const struct pdf *p, uint64_t num)
{
	size_t low = 0, high = p->objects.len;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (p->objects.items[mid].num < num)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Behind the last object of this number; *ret_first is the first. */
static size_t objects_of(const struct pdf *p, uint32_t num, size_t *ret_first)
{
	*ret_first = objects_below(p, num);
	return objects_below(p, (uint64_t)num + 1);
}

static const struct pdf_object *last_of(const struct pdf *p, uint32_t num)
{
	size_t first, end = objects_of(p, num, &first);

	return end > first ? &p->objects.items[end - 1] : NULL;
}

/* The value that lies open at `at`. */
static struct pdf_token open_value(struct pdf *p, uint64_t at, uint64_t *ret_at)
{
	struct pdf_token t = { PDF_END, NULL, 0, 0 };
	static const size_t wants[] = { PDF_OBJECT_FIRST, PDF_OBJECT_MAX };

	for (size_t i = 0; i < ARRAY_SIZE(wants) && t.kind == PDF_END; i++) {
		const uint8_t *data;
		size_t got = carrier_view(&p->c, at, wants[i], &data);
		struct pdf_cursor c = { data, data + MIN(got, wants[i]) };

		t = pdf_value(&c);
		*ret_at = at + (uint64_t)(t.at - data);
	}
	return t;
}

static struct pdf_token packed_value(struct pdf *p, const struct pdf_object *o)
{
	const struct pdf_stream *s = &p->streams.items[o->stream - 1];
	const uint8_t *data;
	struct pdf_cursor c;

	if ((p->unpacked_at != s->at && p->unpacked_again++ >= UNPACKED_AGAIN_MAX) ||
	    !pdf_unpack(p, s) || o->inner > p->unpacked.len)
		return (struct pdf_token){ PDF_END, NULL, 0, 0 };
	data = (const uint8_t *)p->unpacked.data;
	c = (struct pdf_cursor){ data + o->inner, data + p->unpacked.len };
	return pdf_value(&c);
}

/* The bytes of an object, copied; *ret_at is where they lie open, or CARRIER_NOWHERE. */
static struct pdf_token load(struct pdf *p, const struct pdf_object *o, struct buf *to,
			     uint64_t *ret_at)
{
	struct pdf_token t;

	*ret_at = CARRIER_NOWHERE;
	t = o->stream ? packed_value(p, o) : open_value(p, o->at, ret_at);
	p->loaded += t.kind == PDF_END ? 0 : t.len;
	buf_clear(to);
	if (t.kind == PDF_END || p->loaded > LOADED_MAX || !buf_add(to, t.at, t.len)) {
		p->c.too_long |= t.kind != PDF_END;
		return (struct pdf_token){ PDF_END, NULL, 0, 0 };
	}
	t.at = (const uint8_t *)to->data;
	return t;
}

/* What a value says; `at` is where it lies open. */
static enum assay_status send_value(struct pdf *p, const struct segment *seg, struct pdf_token v,
				    uint64_t at, struct assay_error *err)
{
	char name[PDF_FIELD_ROOM];

	switch (v.kind) {
	case PDF_STRING:
	case PDF_HEX:
		pdf_string(&v, &p->text);
		p->c.no_memory |= p->text.failed;
		if (at != CARRIER_NOWHERE)
			carrier_sent(&p->c, at, v.len);
		return carrier_text(&p->c, seg, p->text.data, p->text.len, err);
	case PDF_NAME:
		pdf_name(&v, name, sizeof(name));
		return carrier_text(&p->c, seg, name, strlen(name), err);
	case PDF_NUMBER:
	case PDF_WORD:
		return carrier_text(&p->c, seg, v.at, v.len, err);
	default:
		return ASSAY_OK;
	}
}

static enum assay_status send_info(struct pdf *p, const struct pdf_object *o, enum assay_vis vis,
				   struct assay_error *err)
{
	char field[PDF_FIELD_ROOM];
	struct segment seg = {
		.region = ASSAY_METADATA, .vis = vis, .field = field, .loc.part = "Info"
	};
	uint64_t at, string_at;
	struct pdf_token whole = load(p, o, &p->dictionary, &at), key, v;
	struct pdf_cursor c;
	enum assay_status st = ASSAY_OK;

	if (whole.kind != PDF_DICT)
		return ASSAY_OK;
	c = (struct pdf_cursor){ whole.at, whole.at + whole.len };
	(void)pdf_next(&c);
	while (st == ASSAY_OK && pdf_entry(&c, &key, &v)) {
		const struct pdf_object *string = v.kind == PDF_REFERENCE && v.number <= UINT32_MAX
						      ? last_of(p, (uint32_t)v.number)
						      : NULL;

		string_at = at == CARRIER_NOWHERE ? at : at + (uint64_t)(v.at - whole.at);
		pdf_name(&key, field, sizeof(field));
		if (string)
			v = load(p, string, &p->string, &string_at);
		if (strcmp(field, "Trapped") != 0 && strcmp(field, "Type") != 0)
			st = send_value(p, &seg, v, string_at, err);
	}
	return st;
}

/* The Info dictionary that counts: the last that a trailer names, and that is there. */
static const struct pdf_object *effective_info(const struct pdf *p,
					       const struct pdf_references *infos)
{
	const struct pdf_object *o = NULL;

	for (size_t i = infos->len; i > 0 && !o; i--)
		o = last_of(p, infos->nums[i - 1]);
	return o;
}

static enum assay_status send_infos(struct pdf *p, struct assay_error *err)
{
	const struct pdf_references *infos = &p->infos;
	const struct pdf_object *last;
	size_t sent = 0;
	enum assay_status st = ASSAY_OK;

	if (p->objects.len > 1)
		qsort(p->objects.items, p->objects.len, sizeof(*p->objects.items), by_number);
	last = effective_info(p, infos);
	/* Of a file that is damaged or cut. */
	if (!last)
		last = effective_info(p, infos = &p->likely);
	for (size_t i = 0; i < infos->len && st == ASSAY_OK; i++) {
		size_t first, end = objects_of(p, infos->nums[i], &first);
		bool again = false;

		for (size_t k = 0; k < i; k++)
			again |= infos->nums[k] == infos->nums[i];
		for (; first < end && !again && st == ASSAY_OK && sent < REVISIONS_MAX; first++) {
			const struct pdf_object *o = &p->objects.items[first];

			if (o == last)
				continue;
			sent++;
			st = send_info(p, o, ASSAY_PREVIOUS_REVISION, err);
		}
	}
	return last && st == ASSAY_OK ? send_info(p, last, ASSAY_SHOWN, err) : st;
}

static int by_number_of_stream(const void *a, const void *b)
{
	const struct pdf_stream *x = a, *y = b;

	if (x->num != y->num)
		return x->num < y->num ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

static int by_place(const void *a, const void *b)
{
	const struct pdf_stream *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at;
}

/* Packets that were written again, or that a catalogue has left for another. */
static void find_superseded(struct pdf *p)
{
	struct pdf_stream *s = p->packets.items;
	size_t len = p->packets.len, last = p->metadata.len;
	uint32_t current = last ? p->metadata.nums[last - 1] : 0;
	bool found = false;

	qsort(s, len, sizeof(*s), by_number_of_stream);
	for (size_t i = 0; i < len; i++) {
		s[i].superseded = i + 1 < len && s[i + 1].num == s[i].num;
		found |= last && s[i].num == current;
	}
	for (size_t i = 0; i < len && found; i++)
		s[i].superseded |= s[i].num != current && pdf_refers(&p->metadata, s[i].num);
	qsort(s, len, sizeof(*s), by_place);
}

static enum assay_status send_packet(struct pdf *p, const struct pdf_stream *s,
				     struct assay_error *err)
{
	enum assay_vis vis = s->superseded ? ASSAY_PREVIOUS_REVISION : ASSAY_SHOWN;
	const uint8_t *data;
	size_t len;

	p->c.too_long |= s->len > CARRIER_PIECE_MAX;
	if (s->packing == PACKING_NONE) {
		len = carrier_view(&p->c, s->at, (size_t)MIN(s->len, CARRIER_PIECE_MAX), &data);
		len = (size_t)MIN(MIN(len, s->len), CARRIER_PIECE_MAX);
	} else {
		bool got = pdf_unpack(p, s);

		p->broken |= !got && s->packing == PACKING_FLATE;
		data = (const uint8_t *)p->unpacked.data;
		len = got ? p->unpacked.len : 0;
	}
	/* An encrypted one is noise. */
	if (!len || (p->encrypted && !xmp_likely(data, len)))
		return ASSAY_OK;
	carrier_sent(&p->c, s->at, s->packing == PACKING_NONE ? len : p->unpacked_from);
	return carrier_xmp(&p->c, vis, data, len, err);
}

static enum assay_status send_packets(struct pdf *p, struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	if (p->packets.len)
		find_superseded(p);
	for (size_t i = 0; i < p->packets.len && st == ASSAY_OK; i++)
		st = send_packet(p, &p->packets.items[i], err);
	return st;
}

static enum assay_status say_gaps(struct pdf *p, struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	if (p->encrypted && p->rights_managed)
		st = sink_gap(p->c.sink, ASSAY_RIGHTS_MANAGED, "the document is rights-managed",
			      err);
	else if (p->encrypted)
		st = sink_gap(p->c.sink, ASSAY_ENCRYPTED, "the document is encrypted", err);
	else if (p->broken)
		st = sink_gap(p->c.sink, ASSAY_MALFORMED, "a stream of objects does not unpack",
			      err);
	if (st == ASSAY_OK && p->crowded)
		st =
		    sink_gap(p->c.sink, ASSAY_LIMIT_MEMORY, "more objects than are looked at", err);
	return st;
}

static enum assay_status pdf_run(struct input *in, const struct extract_sink *sink,
				 struct assay_error *err)
{
	struct pdf p = { .objects = VEC_INIT(OBJECTS_MAX),
			 .streams = VEC_INIT(STREAMS_MAX),
			 .packets = VEC_INIT(STREAMS_MAX),
			 .unpacked = BUF_INIT(CARRIER_PIECE_MAX + 1),
			 .unpacked_at = CARRIER_NOWHERE,
			 .dictionary = BUF_INIT(PDF_OBJECT_MAX + 1),
			 .string = BUF_INIT(PDF_OBJECT_MAX + 1),
			 .text = BUF_INIT(4 * PDF_OBJECT_MAX) };
	enum assay_status st = ASSAY_OK;

	carrier_init(&p.c, in, sink);
	pdf_read_through(&p);
	/* Their strings are noise, too. */
	if (!p.encrypted)
		st = send_infos(&p, err);
	if (st == ASSAY_OK)
		st = send_packets(&p, err);
	if (st == ASSAY_OK)
		st = say_gaps(&p, err);
	if (st == ASSAY_OK)
		st = carrier_finish(&p.c, err);
	carrier_done(&p.c);
	vec_done(&p.objects);
	vec_done(&p.streams);
	vec_done(&p.packets);
	buf_done(&p.unpacked);
	buf_done(&p.dictionary);
	buf_done(&p.string);
	buf_done(&p.text);
	return st;
}

static const char *const types[] = { "application/pdf", NULL };

const struct extractor pdf_extractor = {
	.name = "pdf",
	.types = types,
	.wants_seek = true,
	.metadata_only = true,
	.run = pdf_run,
};
