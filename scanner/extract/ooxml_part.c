/* ooxml_part.c - the parts of a zip of XML: found, tokenized, led to, sent on */
#include "ooxml.h"

#include "decode.h"
#include "fail.h"

#define OUT_MAX (64 * KiB)
#define PART_MAX (32 * MiB)
#define NAME_MAX_BYTES 512

static int compare_names(const char *a, size_t a_len, const char *b, size_t b_len)
{
	if (a_len != b_len)
		return a_len < b_len ? -1 : 1;
	return memcmp(a, b, a_len);
}

static int by_name(const void *a, const void *b, void *members)
{
	const struct zip_member *m = members, *x = m + *(const uint32_t *)a,
				*y = m + *(const uint32_t *)b;
	int order = compare_names(x->name, x->name_len, y->name, y->name_len);

	return order ? order : (x > y) - (x < y);
}

/* The members of the start by name: documents of many parts look up as many. */
static enum assay_status make_index(struct ooxml *o, struct assay_error *err)
{
	size_t len = o->zip.members.len;

	o->index = malloc((len + 1) * sizeof(*o->index));
	if (!o->index)
		return assay_fail_memory(err, "document parts");
	for (size_t i = 0; i < len; i++)
		o->index[i] = (uint32_t)i;
	o->index_len = len;
	qsort_r(o->index, len, sizeof(*o->index), by_name, o->zip.members.items);
	return ASSAY_OK;
}

size_t ooxml_find(const struct ooxml *o, const char *name, size_t len)
{
	size_t from = 0, to = o->index_len;

	if (len && *name == '/') {
		name++;
		len--;
	}
	while (from < to) {
		size_t mid = (from + to) / 2;
		const struct zip_member *m = &o->zip.members.items[o->index[mid]];

		if (compare_names(m->name, m->name_len, name, len) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	if (from < o->index_len) {
		const struct zip_member *m = &o->zip.members.items[o->index[from]];

		if (!compare_names(m->name, m->name_len, name, len))
			return o->index[from];
	}
	return SIZE_MAX;
}

/* A part too large for the heap: what comes out is counted like any other member's. */
static enum assay_status read_counted(void *ctx, void *data, size_t cap, size_t *ret_got,
				      struct assay_error *err)
{
	struct part *p = ctx;
	enum assay_status st = zip_stream_read(p->stream, data, cap, ret_got, err), allowed;

	p->given += *ret_got;
	if (p->given > p->sink->limits->member_bytes)
		return assay_fail(err, ASSAY_PARTIAL, ASSAY_LIMIT_SIZE, "a part of the document");
	allowed = *ret_got ? sink_allow(p->sink, *ret_got, st < 0 ? NULL : err) : ASSAY_OK;
	return st < 0 ? st : allowed;
}

enum assay_status part_open(struct ooxml *o, size_t index, struct part *p, struct assay_error *err)
{
	const struct assay_limits *limits = o->sink->limits;
	enum zip_load load;
	const uint8_t *data = NULL;
	struct assay_error lost;
	size_t len = 0;
	enum assay_status st = zip_load(&o->zip, index, &o->scratch, &data, &len, &load, err);

	*p = (struct part){ 0 };
	if (st != ASSAY_OK)
		return st;
	if (load == ZIP_LOADED) {
		st = markup_init_mem(&p->m, data, len, MARKUP_XML, limits, err);
		p->open = st == ASSAY_OK;
		p->data = data;
		p->len = len;
		return st;
	}
	if (load == ZIP_LOST) {
		const struct zip_member *m = &o->zip.members.items[index];

		return sink_gap(o->sink, m->lost, "a part of the document", err);
	}
	if (zip_stream_open(&o->zip, index, &p->stream, &lost) != ASSAY_OK)
		return sink_gap(o->sink, lost.reason,
				zip_stream_detail(&lost, "a part of the document"), err);
	p->sink = o->sink;
	input_from_stream(&p->in, read_counted, p, INPUT_SIZE_UNKNOWN);
	st = markup_init(&p->m, &p->in, MARKUP_XML, limits, &lost);
	p->open = st == ASSAY_OK;
	if (p->open)
		return st;
	return sink_gap(o->sink, lost.reason, "a part of the document", err);
}

void part_done(struct part *p)
{
	if (p->open)
		markup_done(&p->m);
	if (p->stream)
		input_done(&p->in);
	zip_stream_freep(&p->stream);
	p->open = false;
}

/* A part that breaks off is a gap, and its end. */
static enum assay_status part_next(struct ooxml *o, struct part *p, struct markup_token *t,
				   struct assay_error *err)
{
	struct assay_error broken; /* filled in on failure alone: this is the inner loop */
	enum assay_status st = markup_next(&p->m, t, &broken);

	if (st == ASSAY_OK)
		return st;
	t->kind = MARKUP_EOF;
	p->broke = true;
	return sink_gap(o->sink, broken.reason, "a part of the document", err);
}

bool part_more(struct ooxml *o, struct part *p, struct markup_token *t, enum assay_status *st,
	       struct assay_error *err)
{
	if (*st != ASSAY_OK || !p->open)
		return false;
	*st = part_next(o, p, t, err);
	return *st == ASSAY_OK && t->kind != MARKUP_EOF;
}

enum assay_status part_close(struct ooxml *o, struct part *p, struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	if (!p->open)
		return ASSAY_OK;
	if (p->m.depth && !p->broke)
		st = sink_gap(o->sink, ASSAY_MALFORMED, "a part ends within an element", err);
	if (st == ASSAY_OK && p->m.has_subset)
		st =
		    sink_gap(o->sink, ASSAY_MALFORMED, "a document type that is not expanded", err);
	return st;
}

/* --- what goes out -------------------------------------------------------------------- */

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool same_segment(const struct segment *a, const struct segment *b)
{
	return a->region == b->region && a->vis == b->vis && a->loc.slide == b->loc.slide &&
	       a->record == b->record && a->loc.row == b->loc.row &&
	       same_text(a->field, b->field) && same_text(a->loc.part, b->loc.part) &&
	       same_text(a->loc.cell, b->loc.cell) && same_text(a->loc.sheet, b->loc.sheet);
}

enum assay_status ooxml_flush(struct ooxml *o, struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	if (o->out.len)
		st =
		    sink_text(o->sink, &o->seg, o->out.data, o->out.len, (struct source){ 0 }, err);
	buf_clear(&o->out);
	return st;
}

enum assay_status ooxml_text(struct ooxml *o, const struct segment *seg, const char *text,
			     size_t len, struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	if (!len)
		return ASSAY_OK;
	if (len > OUT_MAX - o->out.len || (o->out.len && !same_segment(&o->seg, seg)))
		st = ooxml_flush(o, err);
	if (st != ASSAY_OK)
		return st;
	o->seg = *seg;
	if (len > OUT_MAX)
		return sink_text(o->sink, seg, text, len, (struct source){ 0 }, err);
	return buf_add(&o->out, text, len) ? ASSAY_OK : assay_fail_memory(err, "document text");
}

enum assay_status ooxml_line(struct ooxml *o, const struct segment *seg, const char *text,
			     size_t len, struct assay_error *err)
{
	enum assay_status st = ooxml_text(o, seg, text, len, err);

	return st == ASSAY_OK ? ooxml_text(o, seg, "\n", 1, err) : st;
}

/* --- relations ------------------------------------------------------------------------- */

/* "../media/x" seen from "xl/worksheets/" is "xl/media/x". */
static bool resolve(struct buf *out, const char *dir, size_t dir_len, const char *target,
		    size_t len)
{
	if (len && *target == '/')
		return buf_add(out, target + 1, len - 1);
	while (len >= 3 && !memcmp(target, "../", 3)) {
		const char *slash = dir_len > 1 ? memrchr(dir, '/', dir_len - 1) : NULL;

		dir_len = slash ? (size_t)(slash - dir) + 1 : 0;
		target += 3;
		len -= 3;
	}
	return buf_add(out, dir, dir_len) && buf_add(out, target, len);
}

enum assay_status ooxml_rels(struct ooxml *o, const char *part, struct assay_error *err)
{
	CLEANUP(part_done) struct part p = { 0 };
	CLEANUP(buf_done) struct buf name = BUF_INIT(NAME_MAX_BYTES);
	const char *slash = strrchr(part, '/');
	size_t dir = slash ? (size_t)(slash - part) + 1 : 0, index;
	struct markup_token t;
	enum assay_status st;

	buf_clear(&o->rels);
	if (!buf_add(&name, part, dir) || !buf_printf(&name, "_rels/%.300s.rels", part + dir))
		return ASSAY_OK;
	index = ooxml_find(o, name.data, name.len);
	if (index == SIZE_MAX)
		return ASSAY_OK;
	st = part_open(o, index, &p, err);
	while (part_more(o, &p, &t, &st, err)) {
		if (t.kind == MARKUP_START && markup_is(&p.m, &t, "Relationship")) {
			const struct markup_attr *id = xml_attr(&t, "Id"),
						 *to = xml_attr(&t, "Target");
			size_t before = o->rels.len;

			if (!id || !to || attr_is(xml_attr(&t, "TargetMode"), "External") ||
			    memchr(id->value, 0, id->value_len) ||
			    memchr(to->value, 0, to->value_len))
				continue;
			if (!buf_add(&o->rels, id->value, id->value_len + 1) ||
			    !resolve(&o->rels, part, dir, to->value, to->value_len) ||
			    !buf_add_byte(&o->rels, '\0'))
				o->rels.len = before;
		}
	}
	return st;
}

const char *ooxml_target(const struct ooxml *o, const char *id, size_t id_len)
{
	for (size_t at = 0; at < o->rels.len;) {
		const char *key = o->rels.data + at, *target = key + strlen(key) + 1;

		if (strlen(key) == id_len && !memcmp(key, id, id_len))
			return target;
		at += strlen(key) + strlen(target) + 2;
	}
	return NULL;
}

/* --- the zip --- */

enum assay_status ooxml_open(struct ooxml *o, struct input *in, const struct extract_sink *sink,
			     struct assay_error *err)
{
	enum assay_status st;

	*o = (struct ooxml){ .sink = sink,
			     .scratch = BUF_INIT(PART_MAX + 1),
			     .done = VEC_INIT(sink->limits->members),
			     .rels = BUF_INIT(1 * MiB),
			     .out = BUF_INIT(OUT_MAX + 1) };
	st = zip_open(&o->zip, in, sink, err);
	if (st == ASSAY_OK)
		st = make_index(o, err);
	for (size_t i = 0; i < o->zip.members.len && st == ASSAY_OK; i++) {
		bool *done = vec_push(&o->done);

		if (!done)
			return assay_fail(err, ASSAY_PARTIAL, ASSAY_LIMIT_MEMORY, "document parts");
		*done = false;
	}
	return st;
}

void ooxml_done(struct ooxml *o)
{
	zip_done(&o->zip);
	free(o->index);
	buf_done(&o->scratch);
	vec_done(&o->done);
	buf_done(&o->rels);
	buf_done(&o->out);
}
