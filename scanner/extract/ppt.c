/*
 * ppt.c - PowerPoint 97 to 2003
 *
 * A stream of records within records.  Each save appends what changed and a directory of
 * what now counts: an object that the directories do not know any more is from a version
 * before, and so is its text.
 */
#include "ole2.h"

#include <stdio.h>

#include "fail.h"

#define LEVELS_MAX 32
#define PERSIST_MAX (1 << 20)
#define EDITS_MAX 10000

enum record {
	REC_SLIDE = 0x3EE,
	REC_NOTES = 0x3F0,
	REC_SLIDE_PERSIST = 0x3F3,
	REC_SLIDE_INFO = 0x3F9,
	REC_TEXT_HEADER = 0xF9F,
	REC_TEXT_WIDE = 0xFA0,
	REC_TEXT_NARROW = 0xFA8,
	REC_STRING = 0xFBA,
	REC_HEADERS = 0xFD9,
	REC_SLIDE_LIST = 0xFF0,
	REC_EDIT = 0xFF5,
	REC_OBJECT = 0x1011,
	REC_TAG_DATA = 0x138B,
	REC_PERSIST = 0x1772,
	REC_COMMENT = 0x2EE0,
	REC_SHAPE = 0xF00B,
};

struct level {
	size_t end;
	unsigned type, instance;
};

struct persist {
	uint32_t id, at;
	uint32_t order; /* of being read: the last save first */
};

struct slide {
	uint32_t at, number;
};

struct show {
	struct ole2 *o;
	struct segment seg;
	struct buf main;
	struct vec(struct persist) persist; /* what counts, by id */
	struct vec(uint32_t) live;          /* their places, sorted */
	struct vec(struct slide) slides;    /* by place */

	struct level levels[LEVELS_MAX];
	unsigned depth;
	unsigned text_type; /* of the text that follows: 0 and 6 are titles */
	uint32_t listed;    /* slides in the list of texts so far */
	bool old, hidden;   /* the object at hand */
	unsigned objects;
};

/* --- what counts ------------------------------------------------------------------------- */

/* Content of a record of this type and at least so long, or NULL. */
static const uint8_t *record_at(const struct show *s, size_t at, unsigned type, size_t least,
				size_t *ret_len)
{
	const uint8_t *p;

	if (at > s->main.len || s->main.len - at < 8 + least)
		return NULL;
	p = (const uint8_t *)s->main.data + at;
	if (le16_at(p + 2) != type)
		return NULL;
	*ret_len = MIN(le32_at(p + 4), s->main.len - at - 8);
	return *ret_len >= least ? p + 8 : NULL;
}

/* The directory of one save.  @return  false: no memory */
static bool read_directory(struct show *s, size_t at)
{
	size_t len = 0;
	const uint8_t *p = record_at(s, at, REC_PERSIST, 8, &len), *end = p ? p + len : NULL;

	while (p && end - p >= 8 && s->persist.len < PERSIST_MAX) {
		uint32_t head = le32_at(p), id = head & 0xFFFFF, count = head >> 20;

		for (p += 4; count-- && end - p >= 4 && s->persist.len < PERSIST_MAX; p += 4) {
			struct persist *slot = vec_push(&s->persist);

			if (!slot)
				return false;
			*slot = (struct persist){ id++, le32_at(p), (uint32_t)s->persist.len };
		}
	}
	return true;
}

static int by_id(const void *a, const void *b)
{
	const struct persist *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

static int by_place(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Of each id, what the last save says. */
static bool settle(struct show *s)
{
	size_t kept = 0;

	if (!s->persist.len)
		return true;
	qsort(s->persist.items, s->persist.len, sizeof(*s->persist.items), by_id);
	for (size_t i = 0; i < s->persist.len; i++) {
		uint32_t *at;

		if (kept && s->persist.items[kept - 1].id == s->persist.items[i].id)
			continue;
		s->persist.items[kept++] = s->persist.items[i];
		at = vec_push(&s->live);
		if (!at)
			return false;
		*at = s->persist.items[i].at;
	}
	s->persist.len = kept;
	qsort(s->live.items, s->live.len, sizeof(*s->live.items), by_place);
	return true;
}

/*
 * From the last save backwards; each lies before the one after it, so the way ends.
 *
 * @param at  of the last save
 */
static bool read_saves(struct show *s, size_t at, bool *ret_encrypted)
{
	size_t len;
	const uint8_t *p;

	for (unsigned i = 0; i < EDITS_MAX; i++) {
		size_t before;

		p = record_at(s, at, REC_EDIT, 28, &len);
		if (!p)
			break;
		*ret_encrypted |= len >= 32;
		if (!read_directory(s, le32_at(p + 12)))
			return false;
		before = le32_at(p + 8);
		if (!before || before >= at)
			break;
		at = before;
	}
	return settle(s);
}

static uint32_t place_of(const struct show *s, uint32_t id)
{
	size_t from = 0, to = s->persist.len;

	while (from < to) {
		size_t mid = (from + to) / 2;

		if (s->persist.items[mid].id < id)
			from = mid + 1;
		else
			to = mid;
	}
	return from < s->persist.len && s->persist.items[from].id == id ? s->persist.items[from].at
									: UINT32_MAX;
}

static bool is_live(const struct show *s, uint32_t at)
{
	return !s->live.len || bsearch(&at, s->live.items, s->live.len, sizeof(at), by_place);
}

/* --- the walk --------------------------------------------------------------------------- */

static bool within(const struct show *s, unsigned type)
{
	for (unsigned i = 0; i < s->depth; i++)
		if (s->levels[i].type == type)
			return true;
	return false;
}

static const struct level *innermost(const struct show *s, unsigned type)
{
	for (unsigned i = s->depth; i-- > 0;)
		if (s->levels[i].type == type)
			return &s->levels[i];
	return NULL;
}

/* Step over the stream once; @p visit gets atoms, with the containers around them. */
static enum assay_status walk(struct show *s,
			      enum assay_status (*visit)(struct show *s, const uint8_t *p,
							 size_t len, struct assay_error *err),
			      void (*enter)(struct show *s, unsigned type, size_t at),
			      struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	s->depth = 0;
	for (size_t at = 0; at + 8 <= s->main.len && st == ASSAY_OK;) {
		const uint8_t *p = (const uint8_t *)s->main.data + at;
		unsigned type = le16_at(p + 2);
		size_t len = MIN(le32_at(p + 4), s->main.len - at - 8);

		while (s->depth && s->levels[s->depth - 1].end <= at)
			s->depth--;
		/* What programs of a later version added is records, too. */
		if ((p[0] & 15) == 15 || type == REC_TAG_DATA) {
			enter(s, type, at);
			if (s->depth < LEVELS_MAX)
				s->levels[s->depth++] =
				    (struct level){ at + 8 + len, type, (unsigned)le16_at(p) >> 4 };
			at += 8;
			continue;
		}
		st = visit(s, p, len, err);
		at += 8 + len;
	}
	return st;
}

/* --- first: which slide is which --------------------------------------------------------- */

static void enter_nothing(struct show *s, unsigned type, size_t at)
{
	(void)s, (void)type, (void)at;
}

static bool in_list_of_slides(const struct show *s)
{
	const struct level *list = innermost(s, REC_SLIDE_LIST);

	return list && list->instance == 0;
}

static enum assay_status number_slides(struct show *s, const uint8_t *p, size_t len,
				       struct assay_error *err)
{
	struct slide *slide;

	(void)err;
	if (le16_at(p + 2) != REC_SLIDE_PERSIST || len < 4 || !in_list_of_slides(s))
		return ASSAY_OK;
	slide = vec_push(&s->slides);
	if (slide)
		*slide = (struct slide){ place_of(s, le32_at(p + 8)), (uint32_t)s->slides.len };
	return ASSAY_OK;
}

/* Both begin with the place. */
static uint32_t number_of(const struct show *s, uint32_t at)
{
	const struct slide *slide = s->slides.len ? bsearch(&at, s->slides.items, s->slides.len,
							    sizeof(*s->slides.items), by_place)
						  : NULL;

	return slide ? slide->number : 0;
}

/* --- then: the text ---------------------------------------------------------------------- */

static void enter_object(struct show *s, unsigned type, size_t at)
{
	if (s->depth)
		return;
	s->old = !is_live(s, (uint32_t)at) && type != REC_EDIT && type != REC_PERSIST;
	s->hidden = false;
	s->listed = 0;
	s->seg.loc.slide = type == REC_SLIDE ? number_of(s, (uint32_t)at) : 0;
}

static struct segment segment_of(const struct show *s)
{
	struct segment seg = s->seg;
	const struct level *list = innermost(s, REC_SLIDE_LIST);

	if (within(s, REC_NOTES) || (list && list->instance == 2)) {
		seg.region = ASSAY_NOTE;
		seg.vis = ASSAY_NOTES;
	} else if (s->hidden) {
		seg.vis = ASSAY_HIDDEN_TEXT;
	}
	if (s->old)
		seg.vis = ASSAY_PREVIOUS_REVISION;
	if (list)
		seg.loc.slide = list->instance == 0 ? s->listed : 0;
	return seg;
}

/* Paragraphs end with CR, lines within them with VT. */
static enum assay_status send(struct show *s, const struct segment *seg, const uint8_t *p,
			      size_t len, bool wide, struct assay_error *err)
{
	size_t width = wide ? 2 : 1, from = 0;
	enum assay_status st = textout_break(&s->o->out, seg, err);

	for (size_t i = 0; i + width <= len + width && st == ASSAY_OK; i += width) {
		bool end = i + width > len;

		if (!end && !((p[i] == '\r' || p[i] == '\v') && (!wide || !p[i + 1])))
			continue;
		st = wide ? textout_utf16(&s->o->out, seg, p + from, i - from, err)
			  : textout_cp1252(&s->o->out, seg, p + from, i - from, err);
		from = i + width;
		if (st == ASSAY_OK)
			st = textout_break(&s->o->out, seg, err);
		if (end)
			break;
	}
	return st;
}

static enum assay_status send_string(struct show *s, const uint8_t *p, size_t len,
				     struct assay_error *err)
{
	static const enum assay_region places[4] = { ASSAY_BODY, ASSAY_HEADER, ASSAY_FOOTER,
						     ASSAY_BODY };
	struct segment seg = segment_of(s);
	unsigned instance = le16_at(p) >> 4;

	/* Names of a program's own data. */
	if (len >= 12 && !memcmp(p + 8, "_\0_\0_\0P\0P\0T\0", 12))
		return ASSAY_OK;
	if (within(s, REC_HEADERS))
		seg.region = places[instance & 3];
	else if (within(s, REC_COMMENT))
		seg.region = ASSAY_COMMENT;
	return send(s, &seg, p + 8, len, true, err);
}

/* An object of another program, or the macros: a compound file, packed or not. */
static enum assay_status give_object(struct show *s, const uint8_t *p, size_t len,
				     struct assay_error *err)
{
	char name[40];

	snprintf(name, sizeof(name), "object %u", ++s->objects);
	if (le16_at(p) >> 4 == 0)
		return ole2_member_bytes(s->o, name, strlen(name), p + 8, len, false, NULL, err);
	return len < 8 ? ASSAY_OK
		       : ole2_member_zlib(s->o, name, p + 12, len - 4, le32_at(p + 8), NULL, err);
}

static enum assay_status read_atom(struct show *s, const uint8_t *p, size_t len,
				   struct assay_error *err)
{
	struct segment seg;

	switch (le16_at(p + 2)) {
	case REC_TEXT_HEADER:
		s->text_type = len >= 4 ? le32_at(p + 8) : 1;
		return ASSAY_OK;
	case REC_SLIDE_PERSIST:
		s->listed += in_list_of_slides(s);
		return ASSAY_OK;
	case REC_SLIDE_INFO:
		s->hidden = len >= 12 && (le16_at(p + 8 + 10) & 4);
		return ASSAY_OK;
	case REC_TEXT_WIDE:
	case REC_TEXT_NARROW:
		seg = segment_of(s);
		if (seg.region == ASSAY_BODY && (s->text_type == 0 || s->text_type == 6))
			seg.region = ASSAY_TITLE;
		return send(s, &seg, p + 8, len, le16_at(p + 2) == REC_TEXT_WIDE, err);
	case REC_STRING:
		return send_string(s, p, len, err);
	case REC_SHAPE:
		seg = segment_of(s);
		return ole2_shape(s->o, &seg, p + 8, len, le16_at(p) >> 4, ASSAY_BODY, err);
	case REC_OBJECT:
		return give_object(s, p, len, err);
	default:
		return ASSAY_OK;
	}
}

/* --- the whole -------------------------------------------------------------------------- */

/* The last save's place; @return  false: encrypted */
static enum assay_status read_user(struct show *s, uint32_t storage, size_t *ret_save,
				   bool *ret_encrypted, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf user = BUF_INIT(64 * KiB);
	uint32_t stream = cfb_find(&s->o->cfb, storage, "Current User");
	enum assay_status st = ASSAY_OK;

	*ret_save = SIZE_MAX;
	if (stream == CFB_NONE)
		return ASSAY_OK;
	st = cfb_load(&s->o->cfb, stream, &user, err);
	s->o->cfb.entries.items[stream].done = false; /* a name is in it */
	if (st != ASSAY_OK || user.len < 20)
		return st;
	*ret_encrypted = le32_at(user.data + 12) == 0xF3D1C4DF;
	*ret_save = le32_at(user.data + 16);
	return st;
}

static enum assay_status read_show(struct show *s, uint32_t storage, struct assay_error *err)
{
	bool encrypted = false;
	size_t save;
	enum assay_status st = read_user(s, storage, &save, &encrypted, err);

	if (st != ASSAY_OK)
		return st;
	if (!read_saves(s, save, &encrypted))
		return assay_fail_memory(err, "presentation");
	if (encrypted) {
		uint32_t pictures = cfb_find(&s->o->cfb, storage, "Pictures");

		if (pictures != CFB_NONE)
			s->o->cfb.entries.items[pictures].done = true;
		return sink_gap(s->o->sink, ASSAY_PASSWORD_PROTECTED,
				"the presentation is encrypted", err);
	}
	st = walk(s, number_slides, enter_nothing, err);
	if (s->slides.len)
		qsort(s->slides.items, s->slides.len, sizeof(*s->slides.items), by_place);
	return st == ASSAY_OK ? walk(s, read_atom, enter_object, err) : st;
}

enum assay_status ppt_read(struct ole2 *o, uint32_t storage, uint32_t stream,
			   struct assay_error *err)
{
	char path[CFB_PATH_MAX];
	struct show *s = calloc(1, sizeof(*s));
	enum assay_status st;

	if (!s)
		return assay_fail_memory(err, "presentation");
	*s = (struct show){ .o = o,
			    .seg = ole2_segment(o, storage, ASSAY_BODY, path),
			    .main = BUF_INIT(OLE2_STREAM_MAX),
			    .persist = VEC_INIT(PERSIST_MAX),
			    .live = VEC_INIT(PERSIST_MAX),
			    .slides = VEC_INIT(100000),
			    .text_type = 1 };
	st = cfb_load(&o->cfb, stream, &s->main, err);
	if (st == ASSAY_OK)
		st = read_show(s, storage, err);
	buf_done(&s->main);
	vec_done(&s->persist);
	vec_done(&s->live);
	vec_done(&s->slides);
	free(s);
	return st;
}
