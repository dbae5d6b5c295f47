/* wire.c - encoding and strict decoding of objects */
#include "wire.h"

/* Writing */

static void put_byte(struct buf *out, unsigned value)
{
	buf_add_byte(out, (char)value);
}

static void put_int(struct buf *out, uint64_t value)
{
	char bytes[10];
	size_t len = 0;

	for (; value >= 0x80; value >>= 7)
		bytes[len++] = (char)(value | 0x80);
	bytes[len++] = (char)value;
	buf_add(out, bytes, len);
}

static void put_str(struct buf *out, const char *text)
{
	size_t len = text ? strnlen(text, WIRE_STRING_MAX) : 0;

	if (!text) {
		put_byte(out, 0);
		return;
	}
	put_int(out, len + 1);
	buf_add(out, text, len);
	put_byte(out, 0);
}

/** A string the reader may rely on. */
static void put_text(struct buf *out, const char *text)
{
	put_str(out, text ? text : "");
}

static void put_inner(struct buf *out, const struct assay_inner *inner)
{
	size_t len = MIN(inner->len, WIRE_NAME_MAX);

	put_int(out, len);
	buf_add(out, inner->name, len);
	put_int(out, inner->ordinal);
}

static void put_marking(struct buf *out, const struct assay_marking *m)
{
	put_str(out, m->label);
	if (!m->label)
		return;
	put_text(out, m->scheme);
	put_byte(out, m->tier);
	put_byte(out, m->confidence);
	put_text(out, m->where);
	put_text(out, m->handling);
	put_text(out, m->descriptors);
	put_text(out, m->places);
	put_text(out, m->conflicts);
}

static void put_locator(struct buf *out, const struct assay_locator *loc)
{
	put_int(out, loc->line);
	put_int(out, loc->col);
	put_int(out, loc->page);
	put_int(out, loc->slide);
	put_int(out, loc->row);
	put_str(out, loc->sheet);
	put_str(out, loc->cell);
	put_str(out, loc->part);
	put_str(out, loc->header);
}

static void put_occurrence(struct buf *out, const struct assay_occurrence *o)
{
	/* 0 is "no offset", so that it costs a byte and not ten. */
	put_int(out, o->off + 1);
	put_int(out, o->len);
	put_locator(out, &o->loc);
	put_byte(out, o->confidence);
	put_byte(out, o->region);
	put_byte(out, o->vis);
	put_str(out, o->field);
	put_text(out, o->mask);
	put_str(out, o->value);
	buf_add(out, o->fp, sizeof(o->fp));
}

static void put_finding(struct buf *out, const struct assay_finding *f)
{
	put_int(out, f->rule);
	for (size_t i = 0; i < ASSAY_CONFIDENCES; i++)
		put_int(out, f->counts[i]);
	put_int(out, f->hidden);
	put_int(out, f->unique);
	buf_add(out, f->values_fp, sizeof(f->values_fp));
	put_int(out, f->occurrences_len);
	for (size_t i = 0; i < f->occurrences_len; i++)
		put_occurrence(out, &f->occurrences[i]);
}

static void put_gap(struct buf *out, const struct assay_gap *g)
{
	put_byte(out, g->reason);
	put_byte(out, g->blocking);
	put_text(out, g->detail);
	put_str(out, g->limit);
	put_int(out, g->limit_value);
	put_int(out, g->bytes_examined);
	put_int(out, g->bytes_total);
}

bool wire_encode(const struct assay_object *object, const struct work_hashes *hashes,
		 struct buf *out)
{
	put_int(out, object->inner_len);
	for (size_t i = 0; i < object->inner_len; i++)
		put_inner(out, &object->inner[i]);
	put_int(out, object->size);
	put_text(out, object->mime);
	put_text(out, object->mime_by);
	put_byte(out, object->ext_mismatch);
	put_byte(out, object->coverage);
	put_int(out, object->bytes);
	put_marking(out, &object->marking);
	put_int(out, object->records);
	put_int(out, object->findings_len);
	for (size_t i = 0; i < object->findings_len; i++)
		put_finding(out, &object->findings[i]);
	put_int(out, object->gaps_len);
	for (size_t i = 0; i < object->gaps_len; i++)
		put_gap(out, &object->gaps[i]);
	put_byte(out, hashes != NULL);
	for (size_t i = 0; hashes && i < object->findings_len; i++) {
		put_int(out, hashes[i].len);
		buf_add(out, hashes[i].hashes, hashes[i].len * ASSAY_FP_BYTES);
	}
	return !out->failed;
}

/* The arena */

#define CHUNK_BYTES (64 * KiB)

struct arena_chunk {
	struct arena_chunk *next;
	size_t used, size;
	_Alignas(max_align_t) char bytes[];
};

void wire_arena_clear(struct wire_arena *a)
{
	while (a->chunks && (a->chunks->next || a->chunks->size > CHUNK_BYTES)) {
		struct arena_chunk *gone = a->chunks;

		a->chunks = gone->next;
		free(gone);
	}
	if (a->chunks)
		a->chunks->used = 0;
}

void wire_arena_done(struct wire_arena *a)
{
	while (a->chunks) {
		struct arena_chunk *gone = a->chunks;

		a->chunks = gone->next;
		free(gone);
	}
}

static void *arena_take(struct wire_arena *a, size_t bytes)
{
	struct arena_chunk *c = a->chunks;
	size_t size = MAX(bytes, CHUNK_BYTES);
	void *taken;

	bytes = (bytes + _Alignof(max_align_t) - 1) & ~(_Alignof(max_align_t) - 1);
	size = MAX(size, bytes);
	if (!c || c->size - c->used < bytes) {
		c = malloc(sizeof(*c) + size);
		if (!c)
			return NULL;
		c->next = a->chunks;
		c->used = 0;
		c->size = size;
		a->chunks = c;
	}
	taken = c->bytes + c->used;
	c->used += bytes;
	return taken;
}

/* Reading: the first thing wrong is remembered, and nothing is read after it. */

struct reader {
	const uint8_t *next, *end;
	struct wire_arena *arena;
	size_t rules;
	enum wire_verdict verdict;
};

static size_t left(const struct reader *r)
{
	return (size_t)(r->end - r->next);
}

static void bad(struct reader *r)
{
	if (r->verdict == WIRE_OK)
		r->verdict = WIRE_BAD;
	r->next = r->end;
}

static const uint8_t *get_bytes(struct reader *r, size_t len)
{
	const uint8_t *at = r->next;

	if (left(r) < len) {
		bad(r);
		return NULL;
	}
	r->next += len;
	return at;
}

/** A byte below `below`. */
static unsigned get_byte(struct reader *r, unsigned below)
{
	const uint8_t *at = get_bytes(r, 1);

	if (at && *at < below)
		return *at;
	bad(r);
	return 0;
}

static uint64_t get_int_slow(struct reader *r, uint64_t max)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		const uint8_t *at = get_bytes(r, 1);

		if (!at)
			return 0;
		/* The tenth byte has room for one bit; a last byte of 0 is not the
		 * shortest form. */
		if ((shift == 63 && *at > 1) || (shift && *at == 0))
			break;
		value |= (uint64_t)(*at & 0x7F) << shift;
		if (*at < 0x80) {
			if (value > max)
				break;
			return value;
		}
	}
	bad(r);
	return 0;
}

/** A number up to `max`. */
static uint64_t get_int(struct reader *r, uint64_t max)
{
	if (r->next < r->end && *r->next < 0x80 && *r->next <= max)
		return *r->next++;
	return get_int_slow(r, max);
}

static const char *get_str(struct reader *r)
{
	size_t len = (size_t)get_int(r, WIRE_STRING_MAX + 1);
	const uint8_t *at;

	if (len == 0)
		return NULL;
	at = get_bytes(r, len);
	if (!at)
		return NULL;
	if (memchr(at, '\0', len) != at + len - 1) {
		bad(r);
		return NULL;
	}
	return (const char *)at;
}

/** A string that must be there. */
static const char *get_text(struct reader *r)
{
	const char *text = get_str(r);

	if (!text)
		bad(r);
	return text;
}

static void get_fp(struct reader *r, uint8_t ret_fp[ASSAY_FP_BYTES])
{
	const uint8_t *at = get_bytes(r, ASSAY_FP_BYTES);

	if (at)
		memcpy(ret_fp, at, ASSAY_FP_BYTES);
}

/**
 * The length of a list, and zeroed room for its items.
 *
 * @param wire_bytes  fewest bytes an item takes: what is left bounds the list
 * @param max         and so does this
 */
static void *get_list(struct reader *r, size_t item_bytes, size_t wire_bytes, size_t max,
		      size_t *ret_len)
{
	size_t len = (size_t)get_int(r, MIN(left(r) / wire_bytes, max));
	void *items;

	*ret_len = 0;
	if (len == 0)
		return NULL;
	items = arena_take(r->arena, len * item_bytes);
	if (!items) {
		bad(r);
		r->verdict = WIRE_NO_MEMORY;
		return NULL;
	}
	memset(items, 0, len * item_bytes);
	*ret_len = len;
	return items;
}

static void get_inner(struct reader *r, struct assay_inner *inner)
{
	inner->len = (size_t)get_int(r, WIRE_NAME_MAX);
	inner->name = (const char *)get_bytes(r, inner->len);
	inner->ordinal = (uint32_t)get_int(r, UINT32_MAX);
}

static void get_marking(struct reader *r, struct assay_marking *m)
{
	m->label = get_str(r);
	if (!m->label)
		return;
	m->scheme = get_text(r);
	m->tier = get_byte(r, ASSAY_TIERS);
	m->confidence = get_byte(r, ASSAY_CONFIDENCES);
	m->where = get_text(r);
	m->handling = get_text(r);
	m->descriptors = get_text(r);
	m->places = get_text(r);
	m->conflicts = get_text(r);
}

static void get_locator(struct reader *r, struct assay_locator *loc)
{
	loc->line = get_int(r, UINT64_MAX);
	loc->col = (uint32_t)get_int(r, UINT32_MAX);
	loc->page = (uint32_t)get_int(r, UINT32_MAX);
	loc->slide = (uint32_t)get_int(r, UINT32_MAX);
	loc->row = get_int(r, UINT64_MAX);
	loc->sheet = get_str(r);
	loc->cell = get_str(r);
	loc->part = get_str(r);
	loc->header = get_str(r);
}

static void get_occurrence(struct reader *r, struct assay_occurrence *o)
{
	o->off = get_int(r, UINT64_MAX) - 1;
	o->len = (uint32_t)get_int(r, UINT32_MAX);
	if (o->off != ASSAY_NO_OFFSET && o->off > ASSAY_NO_OFFSET - 1 - o->len)
		bad(r);
	get_locator(r, &o->loc);
	o->confidence = get_byte(r, ASSAY_CONFIDENCES);
	o->region = get_byte(r, ASSAY_REGIONS);
	o->vis = get_byte(r, ASSAY_VISIBILITIES);
	o->field = get_str(r);
	o->mask = get_text(r);
	o->value = get_str(r);
	get_fp(r, o->fp);
}

/** off len, locator (9), three enums, field, mask of "", value, fp */
#define OCCURRENCE_BYTES (2 + 9 + 3 + 1 + 2 + 1 + ASSAY_FP_BYTES)

static void get_finding(struct reader *r, struct assay_finding *f)
{
	struct assay_occurrence *list;

	f->rule = (unsigned)get_int(r, UINT32_MAX);
	if (f->rule >= r->rules)
		bad(r);
	for (size_t i = 0; i < ASSAY_CONFIDENCES; i++)
		f->counts[i] = get_int(r, UINT64_MAX);
	f->hidden = get_int(r, UINT64_MAX);
	f->unique = get_int(r, UINT64_MAX);
	get_fp(r, f->values_fp);
	list = get_list(r, sizeof(*list), OCCURRENCE_BYTES, SIZE_MAX, &f->occurrences_len);
	for (size_t i = 0; i < f->occurrences_len && r->verdict == WIRE_OK; i++)
		get_occurrence(r, &list[i]);
	f->occurrences = list;
}

/** rule, counts, hidden, unique, values_fp, an empty list */
#define FINDING_BYTES (1 + ASSAY_CONFIDENCES + 2 + ASSAY_FP_BYTES + 1)

/** One finding a rule: the log's readers count on it. */
static void check_rules(struct reader *r, const struct assay_finding *list, size_t len)
{
	uint8_t *seen;

	if (r->verdict != WIRE_OK || len < 2)
		return;
	seen = arena_take(r->arena, (r->rules + 7) / 8);
	if (!seen) {
		r->verdict = WIRE_NO_MEMORY;
		return;
	}
	memset(seen, 0, (r->rules + 7) / 8);
	for (size_t i = 0; i < len; i++) {
		uint8_t bit = (uint8_t)(1 << list[i].rule % 8);

		if (seen[list[i].rule / 8] & bit)
			bad(r);
		seen[list[i].rule / 8] |= bit;
	}
}

static void get_findings(struct reader *r, struct assay_object *o)
{
	struct assay_finding *list;

	list = get_list(r, sizeof(*list), FINDING_BYTES, r->rules, &o->findings_len);
	for (size_t i = 0; i < o->findings_len && r->verdict == WIRE_OK; i++)
		get_finding(r, &list[i]);
	check_rules(r, list, o->findings_len);
	o->findings = list;
}

static void get_gaps(struct reader *r, struct assay_object *o)
{
	struct assay_gap *list;

	/* reason, blocking, detail of "", limit, three numbers */
	list = get_list(r, sizeof(*list), 2 + 2 + 1 + 3, SIZE_MAX, &o->gaps_len);
	for (size_t i = 0; i < o->gaps_len && r->verdict == WIRE_OK; i++) {
		list[i].reason = get_byte(r, ASSAY_GAP_REASONS);
		if (list[i].reason == ASSAY_REASON_NONE)
			bad(r);
		list[i].blocking = get_byte(r, 2);
		list[i].detail = get_text(r);
		list[i].limit = get_str(r);
		list[i].limit_value = get_int(r, UINT64_MAX);
		list[i].bytes_examined = get_int(r, UINT64_MAX);
		list[i].bytes_total = get_int(r, UINT64_MAX);
	}
	o->gaps = list;
}

static const struct work_hashes no_hashes;

static void get_hashes(struct reader *r, struct wire_object *w)
{
	size_t findings = w->object.findings_len;
	struct work_hashes *list;

	if (!get_byte(r, 2))
		return;
	w->hashes = &no_hashes;
	if (findings == 0 || r->verdict != WIRE_OK)
		return;
	list = arena_take(r->arena, findings * sizeof(*list));
	if (!list) {
		r->verdict = WIRE_NO_MEMORY;
		return;
	}
	for (size_t i = 0; i < findings; i++) {
		list[i].len = (size_t)get_int(r, left(r) / ASSAY_FP_BYTES);
		list[i].hashes = (const void *)get_bytes(r, list[i].len * ASSAY_FP_BYTES);
	}
	w->hashes = list;
}

static void get_object(struct reader *r, struct wire_object *w)
{
	struct assay_object *o = &w->object;
	struct assay_inner *inner;

	inner = get_list(r, sizeof(*inner), 2, WIRE_INNER_MAX, &o->inner_len);
	for (size_t i = 0; i < o->inner_len && r->verdict == WIRE_OK; i++)
		get_inner(r, &inner[i]);
	o->inner = inner;
	o->size = get_int(r, UINT64_MAX);
	o->mime = get_text(r);
	o->mime_by = get_text(r);
	o->ext_mismatch = get_byte(r, 2);
	o->coverage = get_byte(r, ASSAY_COVERAGES);
	o->bytes = get_int(r, UINT64_MAX);
	get_marking(r, &o->marking);
	o->records = get_int(r, UINT64_MAX);
	get_findings(r, o);
	get_gaps(r, o);
	get_hashes(r, w);
}

enum wire_verdict wire_decode(const uint8_t *data, size_t len, size_t rules, struct wire_arena *a,
			      struct wire_object *ret_object)
{
	struct reader r = { .next = data, .end = data + len, .arena = a, .rules = rules };
	struct wire_object got = { 0 };

	get_object(&r, &got);
	if (r.verdict == WIRE_OK && left(&r) > 0)
		bad(&r);
	if (r.verdict == WIRE_OK)
		*ret_object = got;
	return r.verdict;
}
