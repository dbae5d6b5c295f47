/*
 * pdf.c - what a PDF says about itself: its Info dictionary and XMP, labels among them
 *
 * The text of pages is not read here, but for the strings that lie open.  Tables of
 * references are not believed: the file is read through once for objects, those in
 * compressed streams too, and the last trailer says which is the Info dictionary.  Of an
 * object that was written again the last one counts, as in readers; earlier ones are sent as
 * text of a previous revision.
 *
 * Every step is linear: streams are passed over by their length, what does not end is passed
 * over whole after a few, and members of an object stream must follow one another.
 */
#include "carrier.h"
#include "fail.h"
#include "pdf_syntax.h"
#include "table.h"
#include "xmp.h"

#define OBJECT_FIRST (4 * KiB) /* looked at for an object; more if it does not end there */
#define OBJECT_MAX (1 * MiB)
#define UNENDED_MAX 64
#define OBJECTS_MAX ((size_t)1 << 20)
#define STREAMS_MAX 65536
#define REFERENCES_MAX 64
#define REVISIONS_MAX 64
#define UNPACKED_AGAIN_MAX 256
#define LOADED_MAX (64 * MiB) /* of all dictionaries and strings */
#define FIELD_ROOM 128

enum type { TYPE_NONE, TYPE_CATALOG, TYPE_METADATA, TYPE_OBJECTS, TYPE_XREF, TYPE_OTHER };
enum packing { PACKING_NONE, PACKING_FLATE, PACKING_OTHER };

/* What is of interest in a dictionary. */
struct facts {
	enum type type;
	enum packing packing;
	uint64_t length, count, first, info, metadata; /* UINT64_MAX: not said */
	bool encrypted, rights_managed;
	bool has_info_keys;
};

/* An object that may be an Info dictionary or a string of one. */
struct object {
	uint32_t num;
	uint32_t stream; /* it is in: the index + 1; 0: it lies open */
	uint32_t inner;  /* its place there */
	uint64_t at;     /* in the file, of the object or of its stream's data */
};

struct stream {
	uint32_t num;
	enum packing packing;
	uint64_t at, len;
	bool superseded;
};

struct references {
	uint32_t nums[REFERENCES_MAX]; /* in order of appearance; the last one is the last */
	size_t len;
};

struct pdf {
	struct carrier c;
	struct vec(struct object) objects;
	struct vec(struct stream) streams; /* of objects */
	struct vec(struct stream) packets; /* XMP */
	struct references infos, likely, metadata;
	struct buf unpacked; /* the stream `unpacked_at` */
	uint64_t unpacked_at;
	size_t unpacked_from; /* bytes of it, that are no more */
	struct buf dictionary, string, text;
	uint64_t next_object, next_trailer, next_end;
	unsigned unended, unpacked_again;
	size_t loaded;
	bool open_end; /* a stream had no end */
	bool encrypted, rights_managed, broken, crowded;
};

/* --- dictionaries ------------------------------------------------------------------------- */

static void take_type(struct facts *f, const struct pdf_token *v)
{
	static const struct {
		const char *name;
		enum type type;
	} types[] = {
		{ "Catalog", TYPE_CATALOG }, { "Metadata", TYPE_METADATA },
		{ "ObjStm", TYPE_OBJECTS },  { "XRef", TYPE_XREF },
		{ "Info", TYPE_NONE },
	};

	f->type = TYPE_OTHER;
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (pdf_name_is(v, types[i].name))
			f->type = types[i].type;
}

/* A name, or an array of them. */
static void take_filter(struct facts *f, const struct pdf_token *v)
{
	struct pdf_cursor c = { v->at, v->at + v->len };
	struct pdf_token t;

	f->packing = PACKING_NONE;
	while ((t = pdf_next(&c)).kind != PDF_END) {
		if (t.kind != PDF_NAME || pdf_name_is(&t, "Crypt"))
			continue;
		if (pdf_name_is(&t, "MicrosoftIRMServices"))
			f->rights_managed = true;
		f->packing = f->packing == PACKING_NONE &&
				     (pdf_name_is(&t, "FlateDecode") || pdf_name_is(&t, "Fl"))
				 ? PACKING_FLATE
				 : PACKING_OTHER;
	}
}

static void take_number(uint64_t *to, const struct pdf_token *v)
{
	if (v->kind == PDF_NUMBER && v->number <= UINT32_MAX * UINT64_C(1000))
		*to = v->number;
}

static void take_reference(uint64_t *to, const struct pdf_token *v)
{
	if (v->kind == PDF_REFERENCE && v->number <= UINT32_MAX)
		*to = v->number;
}

static void take_length(struct facts *f, const struct pdf_token *v)
{
	take_number(&f->length, v);
}

static void take_count(struct facts *f, const struct pdf_token *v)
{
	take_number(&f->count, v);
}

static void take_first(struct facts *f, const struct pdf_token *v)
{
	take_number(&f->first, v);
}

static void take_info(struct facts *f, const struct pdf_token *v)
{
	take_reference(&f->info, v);
}

static void take_metadata(struct facts *f, const struct pdf_token *v)
{
	take_reference(&f->metadata, v);
}

static void take_encrypt(struct facts *f, const struct pdf_token *v)
{
	static const char managed[] = "/MicrosoftIRMServices";

	f->encrypted = v->kind == PDF_REFERENCE || v->kind == PDF_DICT;
	f->rights_managed |= memmem(v->at, v->len, managed, sizeof(managed) - 1) != NULL;
}

static void take_info_key(struct facts *f, const struct pdf_token *v)
{
	(void)v;
	f->has_info_keys = true;
}

static const struct {
	const char *name;
	bool starts;
	void (*take)(struct facts *f, const struct pdf_token *v);
} entries[] = {
	{ "Type", false, take_type },          { "Filter", false, take_filter },
	{ "Length", false, take_length },      { "N", false, take_count },
	{ "First", false, take_first },        { "Info", false, take_info },
	{ "Metadata", false, take_metadata },  { "Encrypt", false, take_encrypt },
	{ "Producer", false, take_info_key },  { "MSIP_Label", true, take_info_key },
	{ "bjDocument", true, take_info_key },
};

static void take_entry(struct facts *f, const struct pdf_token *key, const struct pdf_token *value)
{
	char name[FIELD_ROOM];

	pdf_name(key, name, sizeof(name));
	for (size_t i = 0; i < ARRAY_SIZE(entries); i++)
		if (entries[i].starts ? !strncmp(name, entries[i].name, strlen(entries[i].name))
				      : !strcmp(name, entries[i].name))
			entries[i].take(f, value);
}

/* @return  PDF_DICT_END for a whole dictionary, PDF_END for a part of one, PDF_STRING for a
 * string; else what it is instead */
static enum pdf_kind read_facts(struct pdf_cursor *c, struct facts *ret)
{
	struct pdf_token t = pdf_next(c), key;

	*ret = (struct facts){ .length = UINT64_MAX,
			       .count = UINT64_MAX,
			       .first = UINT64_MAX,
			       .info = UINT64_MAX,
			       .metadata = UINT64_MAX };
	if (t.kind != PDF_DICT)
		return t.kind == PDF_HEX ? PDF_STRING : t.kind;
	while (pdf_entry(c, &key, &t))
		take_entry(ret, &key, &t);
	return t.kind;
}

/* --- what is noted of it ------------------------------------------------------------------ */

static void refer(struct references *r, uint64_t num)
{
	if (num == UINT64_MAX || (r->len && r->nums[r->len - 1] == num))
		return;
	r->len -= r->len == REFERENCES_MAX;
	r->nums[r->len++] = (uint32_t)num;
}

static bool refers(const struct references *r, uint32_t num)
{
	for (size_t i = 0; i < r->len; i++)
		if (r->nums[i] == num)
			return true;
	return false;
}

static void note_object(struct pdf *p, struct object o, enum pdf_kind kind, const struct facts *f)
{
	struct object *kept;

	if (kind == PDF_DICT_END) {
		p->rights_managed |= f->rights_managed;
		if (f->type == TYPE_CATALOG)
			refer(&p->metadata, f->metadata);
		if (f->has_info_keys)
			refer(&p->likely, o.num);
	}
	if (kind != PDF_STRING && (kind != PDF_DICT_END || f->type != TYPE_NONE))
		return;
	kept = vec_push(&p->objects);
	p->crowded |= !kept;
	if (kept)
		*kept = o;
}

static void note_trailer(struct pdf *p, const struct facts *f)
{
	refer(&p->infos, f->info);
	p->encrypted |= f->encrypted;
	p->rights_managed |= f->rights_managed;
}

static bool unpack(struct pdf *p, const struct stream *s)
{
	const uint8_t *data;
	size_t len;

	if (p->unpacked_at == s->at)
		return p->unpacked.len > 0;
	p->unpacked_at = s->at;
	p->unpacked_from = 0;
	buf_clear(&p->unpacked);
	len = carrier_view(&p->c, s->at, (size_t)MIN(s->len, CARRIER_PIECE_MAX), &data);
	len = (size_t)MIN(len, s->len);
	if (s->packing == PACKING_FLATE)
		return carrier_inflate(&p->c, data, len, &p->unpacked, &p->unpacked_from);
	return s->packing == PACKING_NONE &&
	       buf_add(&p->unpacked, data, MIN(len, CARRIER_PIECE_MAX));
}

/* Pairs of number and place, in rising order; then the objects. */
static void note_members(struct pdf *p, const struct stream *s, const struct facts *of)
{
	struct pdf_cursor pairs;
	const uint8_t *data, *end, *free_from;
	uint32_t index = (uint32_t)p->streams.len;

	if (!unpack(p, s) || of->first > p->unpacked.len) {
		p->broken = true;
		return;
	}
	data = (const uint8_t *)p->unpacked.data;
	end = data + p->unpacked.len;
	free_from = data + of->first;
	pairs = (struct pdf_cursor){ data, free_from };
	for (uint64_t i = 0; i < of->count; i++) {
		struct pdf_token num = pdf_next(&pairs), place = pdf_next(&pairs);
		struct pdf_cursor c = { NULL, end };
		struct facts f;
		enum pdf_kind kind;

		if (num.kind != PDF_NUMBER || place.kind != PDF_NUMBER || num.number > UINT32_MAX)
			return;
		if (place.number > (uint64_t)(end - data) - of->first ||
		    data + of->first + place.number < free_from)
			continue;
		c.at = data + of->first + place.number;
		kind = read_facts(&c, &f);
		note_object(p,
			    (struct object){ .num = (uint32_t)num.number,
					     .stream = index,
					     .inner = (uint32_t)(of->first + place.number),
					     .at = s->at },
			    kind, &f);
		free_from = c.at;
	}
}

static void note_stream(struct pdf *p, const struct stream *s, const struct facts *f)
{
	struct stream *kept;

	if (f->type == TYPE_XREF)
		note_trailer(p, f);
	if (f->type != TYPE_OBJECTS && f->type != TYPE_METADATA)
		return;
	kept = f->type == TYPE_OBJECTS ? vec_push(&p->streams) : vec_push(&p->packets);
	p->crowded |= !kept;
	if (!kept)
		return;
	*kept = *s;
	if (f->type == TYPE_OBJECTS)
		note_members(p, s, f);
}

/* --- reading the file through ------------------------------------------------------------- */

/* The mark at or behind `from`; asked for places that only grow, each stretch is read once. */
static uint64_t next_mark(struct pdf *p, uint64_t *known, uint64_t from, const char *mark)
{
	if (*known < from || !from)
		*known = carrier_find(&p->c, from, mark, strlen(mark));
	return *known;
}

static const uint8_t *back_over(const uint8_t *from, const uint8_t *at, bool digits)
{
	while (at > from && (digits ? is_digit((char)at[-1]) : is_space((char)at[-1]) || !at[-1]))
		at--;
	return at;
}

/* `12 0 ` before the word. */
static bool number_before(struct pdf *p, uint64_t word, uint32_t *ret_num)
{
	uint64_t from = word - MIN(word, 40);
	const uint8_t *data, *end, *at, *generation, *number;
	size_t got = carrier_view(&p->c, from, 40, &data);
	uint64_t n = 0;

	if (got < word - from)
		return false;
	end = data + (word - from);
	generation = back_over(data, end, false);
	at = back_over(data, generation, true);
	number = back_over(data, at, false);
	if (generation == at || number == at)
		return false;
	at = back_over(data, number, true);
	if (at == number || number - at > 10)
		return false;
	for (; at < number; at++)
		n = n * 10 + (uint64_t)(*at - '0');
	*ret_num = (uint32_t)n;
	return n <= UINT32_MAX;
}

/* The dictionary or string at `at`.  *ret_end: behind it, or how far it was looked at. */
static enum pdf_kind look(struct pdf *p, uint64_t at, struct facts *ret, uint64_t *ret_end)
{
	static const size_t wants[] = { OBJECT_FIRST, OBJECT_MAX };
	enum pdf_kind kind = PDF_END;

	for (size_t i = 0; i < ARRAY_SIZE(wants) && kind == PDF_END; i++) {
		const uint8_t *data;
		size_t got = carrier_view(&p->c, at, wants[i], &data);
		struct pdf_cursor c = { data, data + MIN(got, wants[i]) };

		kind = read_facts(&c, ret);
		*ret_end = at + (uint64_t)(c.at - data);
		/* Broken off by a word of structure, not by the end of what was looked at. */
		if (kind == PDF_END && c.at < c.end)
			break;
	}
	return kind;
}

/* Is the word there, after white space?  *ret_end: behind it. */
static bool word_at(struct pdf *p, uint64_t at, const char *word, uint64_t *ret_end)
{
	const uint8_t *data;
	size_t got = carrier_view(&p->c, at, 64, &data), len = strlen(word), skip = 0;

	while (skip < got && skip < 40 && (is_space((char)data[skip]) || !data[skip]))
		skip++;
	*ret_end = at + skip + len;
	return got - skip >= len && !memcmp(data + skip, word, len);
}

/* Past the end of line behind `stream`. */
static uint64_t data_begin(struct pdf *p, uint64_t at)
{
	const uint8_t *data;
	size_t got = carrier_view(&p->c, at, 2, &data);

	if (got >= 2 && data[0] == '\r' && data[1] == '\n')
		return at + 2;
	return at + (got && (data[0] == '\n' || data[0] == '\r'));
}

/* @return  where to read on */
static uint64_t take_stream(struct pdf *p, uint64_t at, uint32_t num, const struct facts *f)
{
	struct stream s = { .num = num, .packing = f->packing, .at = data_begin(p, at) };
	uint64_t end, ignored;

	if (f->length <= p->c.size - MIN(s.at, p->c.size) &&
	    word_at(p, s.at + f->length, "endstream", &ignored)) {
		s.len = f->length;
		end = s.at + s.len;
	} else {
		end = next_mark(p, &p->next_end, s.at, "endstream");
		s.len = MIN(end, p->c.size) - MIN(s.at, p->c.size);
		if (end == CARRIER_NOWHERE) {
			/* To the end of the file; but for one only, and it is read all the same. */
			if (p->open_end)
				return at;
			p->open_end = true;
			end = at;
		}
	}
	note_stream(p, &s, f);
	return end;
}

static uint64_t take_object(struct pdf *p, uint64_t at, uint32_t num)
{
	struct facts f;
	uint64_t end, behind;
	enum pdf_kind kind = look(p, at, &f, &end);

	if (kind == PDF_END)
		return p->unended++ < UNENDED_MAX ? at : MAX(end, at);
	if (kind == PDF_DICT_END && word_at(p, end, "stream", &behind))
		return take_stream(p, behind, num, &f);
	note_object(p, (struct object){ .num = num, .at = at }, kind, &f);
	return MAX(end, at);
}

static void read_through(struct pdf *p)
{
	uint64_t at = 0;

	for (;;) {
		uint64_t object = next_mark(p, &p->next_object, at, "obj"),
			 trailer = next_mark(p, &p->next_trailer, at, "trailer"), ignored;
		struct facts f;
		uint32_t num;

		if (object == CARRIER_NOWHERE && trailer == CARRIER_NOWHERE)
			return;
		if (trailer < object) {
			at = trailer + 7;
			if (look(p, at, &f, &ignored) == PDF_DICT_END)
				note_trailer(p, &f);
		} else {
			at = object + 3;
			if (number_before(p, object, &num))
				at = take_object(p, at, num);
		}
	}
}

/* --- sending ------------------------------------------------------------------------------ */

static int by_number(const void *a, const void *b)
{
	const struct object *x = a, *y = b;

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

static const struct object *last_of(const struct pdf *p, uint32_t num)
{
	size_t first, end = objects_of(p, num, &first);

	return end > first ? &p->objects.items[end - 1] : NULL;
}

/* The value that lies open at `at`. */
static struct pdf_token open_value(struct pdf *p, uint64_t at, uint64_t *ret_at)
{
	struct pdf_token t = { PDF_END, NULL, 0, 0 };
	static const size_t wants[] = { OBJECT_FIRST, OBJECT_MAX };

	for (size_t i = 0; i < ARRAY_SIZE(wants) && t.kind == PDF_END; i++) {
		const uint8_t *data;
		size_t got = carrier_view(&p->c, at, wants[i], &data);
		struct pdf_cursor c = { data, data + MIN(got, wants[i]) };

		t = pdf_value(&c);
		*ret_at = at + (uint64_t)(t.at - data);
	}
	return t;
}

static struct pdf_token packed_value(struct pdf *p, const struct object *o)
{
	const struct stream *s = &p->streams.items[o->stream - 1];
	const uint8_t *data;
	struct pdf_cursor c;

	if ((p->unpacked_at != s->at && p->unpacked_again++ >= UNPACKED_AGAIN_MAX) ||
	    !unpack(p, s) || o->inner > p->unpacked.len)
		return (struct pdf_token){ PDF_END, NULL, 0, 0 };
	data = (const uint8_t *)p->unpacked.data;
	c = (struct pdf_cursor){ data + o->inner, data + p->unpacked.len };
	return pdf_value(&c);
}

/* The bytes of an object, copied; *ret_at is where they lie open, or CARRIER_NOWHERE. */
static struct pdf_token load(struct pdf *p, const struct object *o, struct buf *to,
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
	char name[FIELD_ROOM];

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

static enum assay_status send_info(struct pdf *p, const struct object *o, enum assay_vis vis,
				   struct assay_error *err)
{
	char field[FIELD_ROOM];
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
		const struct object *string = v.kind == PDF_REFERENCE && v.number <= UINT32_MAX
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
static const struct object *effective_info(const struct pdf *p, const struct references *infos)
{
	const struct object *o = NULL;

	for (size_t i = infos->len; i > 0 && !o; i--)
		o = last_of(p, infos->nums[i - 1]);
	return o;
}

static enum assay_status send_infos(struct pdf *p, struct assay_error *err)
{
	const struct references *infos = &p->infos;
	const struct object *last;
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
			const struct object *o = &p->objects.items[first];

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
	const struct stream *x = a, *y = b;

	if (x->num != y->num)
		return x->num < y->num ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

static int by_place(const void *a, const void *b)
{
	const struct stream *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at;
}

/* Packets that were written again, or that a catalogue has left for another. */
static void find_superseded(struct pdf *p)
{
	struct stream *s = p->packets.items;
	size_t len = p->packets.len, last = p->metadata.len;
	uint32_t current = last ? p->metadata.nums[last - 1] : 0;
	bool found = false;

	qsort(s, len, sizeof(*s), by_number_of_stream);
	for (size_t i = 0; i < len; i++) {
		s[i].superseded = i + 1 < len && s[i + 1].num == s[i].num;
		found |= last && s[i].num == current;
	}
	for (size_t i = 0; i < len && found; i++)
		s[i].superseded |= s[i].num != current && refers(&p->metadata, s[i].num);
	qsort(s, len, sizeof(*s), by_place);
}

static enum assay_status send_packet(struct pdf *p, const struct stream *s, struct assay_error *err)
{
	enum assay_vis vis = s->superseded ? ASSAY_PREVIOUS_REVISION : ASSAY_SHOWN;
	const uint8_t *data;
	size_t len;

	p->c.too_long |= s->len > CARRIER_PIECE_MAX;
	if (s->packing == PACKING_NONE) {
		len = carrier_view(&p->c, s->at, (size_t)MIN(s->len, CARRIER_PIECE_MAX), &data);
		len = (size_t)MIN(MIN(len, s->len), CARRIER_PIECE_MAX);
	} else {
		bool got = unpack(p, s);

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
			 .dictionary = BUF_INIT(OBJECT_MAX + 1),
			 .string = BUF_INIT(OBJECT_MAX + 1),
			 .text = BUF_INIT(4 * OBJECT_MAX) };
	enum assay_status st = ASSAY_OK;

	carrier_init(&p.c, in, sink);
	read_through(&p);
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
