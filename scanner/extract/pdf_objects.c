/*
 * pdf_objects.c - the objects of a PDF: its file read through once
 *
 * Tables of references are not believed: objects are sought, those in compressed streams too,
 * and the last trailer says which is the Info dictionary.
 *
 * Every step is linear: streams are passed over by their length, what does not end is passed
 * over whole after a few, and members of an object stream must follow one another.
 */
#include "pdf_parts.h"

#define UNENDED_MAX 64

static void refer(struct pdf_references *r, uint64_t num)
{
	if (num == UINT64_MAX || (r->len && r->nums[r->len - 1] == num))
		return;
	r->len -= r->len == PDF_REFERENCES_MAX;
	r->nums[r->len++] = (uint32_t)num;
}

bool pdf_refers(const struct pdf_references *r, uint32_t num)
{
	for (size_t i = 0; i < r->len; i++)
		if (r->nums[i] == num)
			return true;
	return false;
}

static void note_object(struct pdf *p, struct pdf_object o, enum pdf_kind kind,
			const struct pdf_facts *f)
{
	struct pdf_object *kept;

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

static void note_trailer(struct pdf *p, const struct pdf_facts *f)
{
	refer(&p->infos, f->info);
	p->encrypted |= f->encrypted;
	p->rights_managed |= f->rights_managed;
}

bool pdf_unpack(struct pdf *p, const struct pdf_stream *s)
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
static void note_members(struct pdf *p, const struct pdf_stream *s, const struct pdf_facts *of)
{
	struct pdf_cursor pairs;
	const uint8_t *data, *end, *free_from;
	uint32_t index = (uint32_t)p->streams.len;

	if (!pdf_unpack(p, s) || of->first > p->unpacked.len) {
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
		struct pdf_facts f;
		enum pdf_kind kind;

		if (num.kind != PDF_NUMBER || place.kind != PDF_NUMBER || num.number > UINT32_MAX)
			return;
		if (place.number > (uint64_t)(end - data) - of->first ||
		    data + of->first + place.number < free_from)
			continue;
		c.at = data + of->first + place.number;
		kind = pdf_read_facts(&c, &f);
		note_object(p,
			    (struct pdf_object){ .num = (uint32_t)num.number,
						 .stream = index,
						 .inner = (uint32_t)(of->first + place.number),
						 .at = s->at },
			    kind, &f);
		free_from = c.at;
	}
}

static void note_stream(struct pdf *p, const struct pdf_stream *s, const struct pdf_facts *f)
{
	struct pdf_stream *kept;

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
static enum pdf_kind look(struct pdf *p, uint64_t at, struct pdf_facts *ret, uint64_t *ret_end)
{
	static const size_t wants[] = { PDF_OBJECT_FIRST, PDF_OBJECT_MAX };
	enum pdf_kind kind = PDF_END;

	for (size_t i = 0; i < ARRAY_SIZE(wants) && kind == PDF_END; i++) {
		const uint8_t *data;
		size_t got = carrier_view(&p->c, at, wants[i], &data);
		struct pdf_cursor c = { data, data + MIN(got, wants[i]) };

		kind = pdf_read_facts(&c, ret);
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
static uint64_t take_stream(struct pdf *p, uint64_t at, uint32_t num, const struct pdf_facts *f)
{
	struct pdf_stream s = { .num = num, .packing = f->packing, .at = data_begin(p, at) };
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
	struct pdf_facts f;
	uint64_t end, behind;
	enum pdf_kind kind = look(p, at, &f, &end);

	if (kind == PDF_END)
		return p->unended++ < UNENDED_MAX ? at : MAX(end, at);
	if (kind == PDF_DICT_END && word_at(p, end, "stream", &behind))
		return take_stream(p, behind, num, &f);
	note_object(p, (struct pdf_object){ .num = num, .at = at }, kind, &f);
	return MAX(end, at);
}

void pdf_read_through(struct pdf *p)
{
	uint64_t at = 0;

	for (;;) {
		uint64_t object = next_mark(p, &p->next_object, at, "obj"),
			 trailer = next_mark(p, &p->next_trailer, at, "trailer"), ignored;
		struct pdf_facts f;
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
